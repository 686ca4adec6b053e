"""Why something would or would not be sent: one decision for each category, without a record.

By service/ground.py, as the act and its preview do, so that an explanation can't promise more
(docs/spec.md, section Consent).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from google.protobuf.message import Message

from onward.core import agreements, spec
from onward.v1.consents_local_pb2 import ExplainRequest, ExplainResponse
from onward_server.ports import Tx
from onward_server.service import ground
from onward_server.service.access import Caller
from onward_server.service.context import Context


def explain(ctx: Context, tx: Tx, request: ExplainRequest, caller: Caller) -> ExplainResponse:
    """What decides, for every category of this version.

    Raises Refused AGENCY_UNKNOWN, or NOT_FOUND for a basis or a referral that is not there.
    """
    stands_on = ground.load(
        ctx, tx, destination=request.destination, consent_id=request.consent_id,
        basis_id=request.basis_id, onward_of=request.onward_of,
    )  # fmt: skip
    decided = ground.decide(
        ctx, stands_on, destination=request.destination, purpose=request.purpose,
        stage="disclosure" if request.accepted else "offer",
        categories=[one.id for one in spec.categories().values() if not one.protocol],
    )  # fmt: skip
    answer = ExplainResponse(decisions=decided.values())
    if stands_on.given is not None:
        days = stands_on.given.retention_days
        answer.retention_days = agreements.retention(stands_on.agreement, days)
    if stands_on.agreement is not None:
        answer.agreement_id = stands_on.agreement.agreement_id
    return answer


READS: dict[str, Callable[[Context, Tx, Any, Caller], Message]] = {"Consents.Explain": explain}
"""Which function answers which call."""
