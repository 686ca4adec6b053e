"""Reading in an emergency what nobody may read in the ordinary way.

Two different persons approve, a quarter of an hour is open, and somebody else reviews it. Each
reading stands in the audit before anything is decrypted. Nothing of it goes to the other agency.
"""

from __future__ import annotations

from onward.core import approvals as rules, spec
from onward.core.clock import stamp
from onward.core.refused import Refused
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.holds_pb2 import (
    ApproveBreakGlassRequest,
    EmergencyOpening,
    GetBreakGlassRequest,
    OpenBreakGlassRequest,
    OpenedInEmergency,
    RequestBreakGlassRequest,
    ReviewBreakGlassRequest,
)
from onward.v1.referral_pb2 import Write
from onward_server.ports import PartRow, Tx
from onward_server.service import approvals, audit, content, ledger, restored
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger
from onward_server.service.once import Handler, once


def ask(
    ctx: Context, tx: Tx, request: RequestBreakGlassRequest, caller: Caller, actor: Actor
) -> EmergencyOpening:
    """Ask to read some categories of a referral. Raises Refused NOT_FOUND or UNKNOWN_CODE."""

    def do() -> tuple[str, EmergencyOpening]:
        ledger.load(tx, request.referral_id, ctx.agency)
        for index, category in enumerate(request.categories):
            known = spec.categories().get(category)
            if known is None or known.protocol:
                raise Refused("UNKNOWN_CODE", f"/categories/{index}")
        new = EmergencyOpening(
            opening_id=ctx.new_id(), referral_id=request.referral_id, reason=request.reason,
            categories=request.categories, state="proposed",
        )  # fmt: skip
        new.asked.actor = actor.login
        new.asked.time.CopyFrom(stamp(ctx.now()))
        approvals.begin(ctx, tx, new)
        _audit(ctx, tx, "break_glass", request.write, caller, actor, new)
        return new.opening_id, _shown(ctx, tx, new.opening_id)

    return once(ctx, tx, caller, request, do, lambda name: _shown(ctx, tx, name))


def approve(
    ctx: Context, tx: Tx, request: ApproveBreakGlassRequest, caller: Caller, actor: Actor
) -> EmergencyOpening:
    """One person's yes or no. Raises Refused APPROVAL_NEEDED, APPROVAL_OVER or ALREADY_DONE."""

    def do() -> tuple[str, EmergencyOpening]:
        row, one = approvals.opening(ctx, tx, request.opening_id)
        rules.approve(one, actor.login, ctx.now(), refuse=request.refuse)
        approvals.keep(ctx, tx, row, one)
        _audit(ctx, tx, "break_glass", request.write, caller, actor, one)
        return request.opening_id, _shown(ctx, tx, request.opening_id)

    return once(ctx, tx, caller, request, do, lambda name: _shown(ctx, tx, name))


def review(
    ctx: Context, tx: Tx, request: ReviewBreakGlassRequest, caller: Caller, actor: Actor
) -> EmergencyOpening:
    """What somebody else has found. Raises Refused as onward.core.approvals.review does."""

    def do() -> tuple[str, EmergencyOpening]:
        row, one = approvals.opening(ctx, tx, request.opening_id)
        rules.review(one, actor.login, request.finding, ctx.now())
        approvals.keep(ctx, tx, row, one)
        _audit(ctx, tx, "break_glass", request.write, caller, actor, one)
        return request.opening_id, _shown(ctx, tx, request.opening_id)

    return once(ctx, tx, caller, request, do, lambda name: _shown(ctx, tx, name))


def get(
    ctx: Context, tx: Tx, request: GetBreakGlassRequest, caller: Caller, actor: Actor
) -> EmergencyOpening:
    """Why it was asked for, and where it stands. Raises Refused NOT_FOUND."""
    _audit(ctx, tx, "break_glass", request.write, caller, actor)
    return _shown(ctx, tx, request.opening_id)


FOR_THE_AUTHORITY = "authority_order"
"""Why alone what only an order or a law keeps is opened (GLAS-015)."""


def read(
    ctx: Context, tx: Tx, request: OpenBreakGlassRequest, caller: Caller, actor: Actor
) -> OpenedInEmergency:
    """The content, as long as it is open.

    The audit comes first: if it can't be written, nothing is decrypted. Asking again is another
    reading. Raises Refused APPROVAL_NEEDED (not approved, or by somebody who neither asked nor
    approved), APPROVAL_OVER, RESTORED, or PART_GONE if nothing of it can be read any more.
    """
    one = _shown(ctx, tx, request.opening_id)
    rules.check(one, ctx.now())
    if not rules.named(one, actor.login):
        raise Refused("APPROVAL_NEEDED")
    restored.check_reading(tx, one.referral_id)
    book = ledger.load(tx, one.referral_id, ctx.agency)
    categories = set(one.categories)
    if one.reason != FOR_THE_AUTHORITY:
        categories -= {row.category for row in tx.kept(one.referral_id)}
    rows = _rows(tx, book, categories)
    _audit(ctx, tx, "break_glass_open", request.write, caller, actor, one)
    record = CaseRecord()
    if not content.read_in_emergency(ctx, rows, record):
        raise Refused("PART_GONE")
    tx.add_use(one.opening_id)
    return OpenedInEmergency(opening=_shown(ctx, tx, one.opening_id), record=record)


def _rows(tx: Tx, book: Ledger, categories: set[str]) -> list[PartRow]:
    """What both sides have written of these categories, in the order of the fold."""
    order = {digest: number for number, digest in enumerate(book.state().order)}
    rows = [row for row in tx.parts(book.row.referral_id) if row.category in categories]
    return sorted(rows, key=lambda row: order.get(row.entry_hash, len(order)))


def _shown(ctx: Context, tx: Tx, opening_id: str) -> EmergencyOpening:
    return approvals.shown(ctx, *approvals.opening(ctx, tx, opening_id))


def _audit(
    ctx: Context, tx: Tx, action: str, write: Write, caller: Caller, actor: Actor,
    one: EmergencyOpening | None = None,
) -> None:  # fmt: skip
    audit.write(
        ctx, tx, actor, action=action, client=caller.client_id, purpose=write.purpose,
        referral_id=one.referral_id if one is not None else "",
        categories=one.categories if one is not None else (),
    )  # fmt: skip


WRITES: dict[str, Handler] = {
    "BreakGlass.RequestBreakGlass": ask,
    "BreakGlass.ApproveBreakGlass": approve,
    "BreakGlass.ReviewBreakGlass": review,
    "BreakGlass.GetBreakGlass": get,
    "BreakGlass.OpenBreakGlass": read,
}
"""Which function answers which call."""
