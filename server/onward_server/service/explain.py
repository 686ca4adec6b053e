"""Why something would or would not be sent: one decision for each category, without a record.

By service/ground.py, as the act and its preview do, so that an explanation can't promise more
(docs/spec.md, section Consent).
"""

from __future__ import annotations

from onward.core import agreements, spec
from onward.v1.consents_local_pb2 import ExplainRequest, ExplainResponse
from onward_server.ports import Tx
from onward_server.service import audit, ground
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.once import Handler


def explain(
    ctx: Context, tx: Tx, request: ExplainRequest, caller: Caller, actor: Actor
) -> ExplainResponse:
    """What decides, for every category of this version.

    Raises Refused AGENCY_UNKNOWN, or NOT_FOUND for a consent, a basis or a referral that
    is not there.
    """
    audit.write(
        ctx, tx, actor, action="basis" if request.basis_id else "read_consent",
        client=caller.client_id, purpose=request.write.purpose,
    )  # fmt: skip
    whose = {"destination": request.destination, "consent_id": request.consent_id}
    stands_on = ground.load(
        ctx, tx, **whose, basis_id=request.basis_id, onward_of=request.onward_of,
        referral_id=ground.shown_in(tx, **whose, accepted=request.accepted),
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


WRITES: dict[str, Handler] = {"Consents.Explain": explain}
"""Which function answers which call."""
