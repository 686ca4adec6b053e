"""First contact at the destination: does she know what she agreed to?

Nothing is destroyed because of the answer. It tells what this agency holds that she knows nothing
of, and an alert tells the origin; what becomes of it is for her to say.
"""

from __future__ import annotations

from onward.core import spec, understanding
from onward.core.clock import moment
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.acts_pb2 import AlertRequest
from onward.v1.consent_pb2 import Grant
from onward.v1.consents_local_pb2 import CheckUnderstandingRequest, Understanding
from onward.v1.referral_pb2 import Recorded
from onward_server.ports import PartRow, Tx
from onward_server.service import audit, content, ledger, pipeline, restored, view
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger
from onward_server.service.once import Handler, once

MISMATCH = "consent_mismatch"
"""What the alert warns of: a code of the registry safety_alert."""


def check(
    ctx: Context, tx: Tx, request: CheckUnderstandingRequest, caller: Caller, actor: Actor
) -> Understanding:
    """Compare, and warn the origin where she agreed to less. Raises Refused STATE_CONFLICT at the
    origin, which took the consent, and RESTORED.
    """
    book = ledger.load(tx, request.referral_id, ctx.agency)
    if book.side != "destination":
        raise Refused("STATE_CONFLICT")
    restored.check_reading(tx, request.referral_id)

    def do() -> tuple[str, Understanding]:
        found = _compare(ctx, tx, request, book)
        audit.write(
            ctx, tx, actor, action="understanding", client=caller.client_id,
            purpose=request.write.purpose, referral_id=request.referral_id,
            categories=found.not_agreed,
        )  # fmt: skip
        if not found.matches:
            found.recorded.CopyFrom(_warn(ctx, tx, request, book, caller, actor))
        return _kept(found), found

    return once(ctx, tx, caller, request, do, lambda name: _again(ctx, tx, name, book))


def _compare(
    ctx: Context, tx: Tx, request: CheckUnderstandingRequest, book: Ledger
) -> Understanding:
    rows = [row for row in tx.parts(request.referral_id) if row.side == "origin"]
    held = [row for row in rows if row.outcome == "held"]
    grants = {row.entry_hash: grant for row, grant in _grants(ctx, held)}
    consented = {at: one for at, one in grants.items() if one.basis == "consent"}
    # What came without her consent she is told elsewhere; she can't have agreed to it.
    categories = {
        row.category for row in held if row.category != "grant" and row.entry_hash in consented
    }
    state = book.state()
    for at, grant in consented.items():
        if ctx.now() < moment(grant.valid_until):
            categories |= {
                one for one in grant.categories if not content.withdrawn_since(state, one, at)
            }
    return understanding.compare(
        request, categories=categories, grants=consented.values(),
        feedback=content.feedback(ctx, rows, book),
    )  # fmt: skip


def _grants(ctx: Context, held: list[PartRow]) -> list[tuple[PartRow, Grant]]:
    """The origin's grants that can be read. An entry binds exactly one."""
    read = [(row, content.grant_of(ctx, row)) for row in held if row.category == "grant"]
    return [(row, grant) for row, grant in read if grant is not None]


def _warn(
    ctx: Context,
    tx: Tx,
    request: CheckUnderstandingRequest,
    book: Ledger,
    caller: Caller,
    actor: Actor,
) -> Recorded:
    """The alert, as an act like any other."""
    alert = AlertRequest(write=request.write, referral_id=request.referral_id, alert=MISMATCH)
    rpc = spec.acts()["alert"]
    recorded, _ = pipeline.perform(ctx, tx, rpc, alert, book, actor, caller.client_id)
    return recorded


def _kept(found: Understanding) -> str:
    """The answer as it is kept for a repeated request: of the referral only its alert's hash."""
    bare = Understanding()
    bare.CopyFrom(found)
    bare.recorded.ClearField("referral")
    return to_json(bare).decode()


def _again(ctx: Context, tx: Tx, name: str, book: Ledger) -> Understanding:
    found = parse(Understanding, name.encode())
    if found.recorded.entry:
        found.recorded.referral.CopyFrom(view.referral(ctx, tx, book))
    return found


WRITES: dict[str, Handler] = {"Consents.CheckUnderstanding": check}
"""Which function answers which call."""
