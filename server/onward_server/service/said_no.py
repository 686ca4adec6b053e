"""What she takes back in her consent is gone wherever it went by it.

A no that is recorded is a withdrawal in each referral that began by the consent, as if it had been
written there (docs/spec.md, section Withdrawal).
"""

from __future__ import annotations

import structlog

from onward.core import relays as rules, spec
from onward.core.consent_status import says_no
from onward.core.states import SIDES
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Withdrawal
from onward.v1.local_pb2 import WithdrawRequest
from onward.v1.referral_pb2 import Write
from onward_server.ports import Tx
from onward_server.service import ledger, pipeline, withdrawal
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

log = structlog.get_logger("onward.node")


def take_back(
    ctx: Context, tx: Tx, before: ConsentRecord, new: ConsentRecord, purpose: str,
    actor: Actor, caller: Caller,
) -> None:  # fmt: skip
    """Withdraw what a version says no to that the one before it did not: with a no, everything;
    else what it is the first to deny, where that was disclosed.

    A referral in which that fails holds back neither the others nor the record: it stands in the
    list of what waits for a person (`withdrawal_owed`).
    """
    for row in tx.referrals_by_consent(new.consent_id):
        try:
            with tx.apart():
                book = ledger.load(tx, row.referral_id, ctx.agency)
                scope = _scope(book, before, new)
                if scope is None:
                    continue
                request = WithdrawRequest(
                    write=Write(purpose=purpose), referral_id=row.referral_id, withdrawal=scope
                )
                rpc = spec.acts()["withdraw"]
                pipeline.perform(ctx, tx, rpc, request, book, actor, caller.client_id)
        except Exception as fault:
            log.error("not taken back", fault=type(fault).__name__)


def _scope(book: Ledger, before: ConsentRecord, new: ConsentRecord) -> Withdrawal | None:
    """What is to be withdrawn in one referral; None if that adds nothing."""
    state = book.state()
    if says_no(new.status):
        scope = Withdrawal(everything=True)
        return scope if rules.owed(state, scope) else None
    denied = withdrawal.denied_parts(state, set(new.deny) - set(before.deny), *SIDES)
    return Withdrawal(categories=denied) if denied else None
