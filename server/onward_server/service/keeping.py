"""What is not destroyed with its withdrawal: by order of an authority, or because a law obliges the
agency to keep it. It stays sealed; nobody reads it; and when its time is over it is destroyed and
certified like the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from onward.core import spec
from onward.core.clock import moment, stamp
from onward.core.parse import parse
from onward.core.refused import Refused
from onward.core.states import Withdrawn
from onward.v1.consent_pb2 import Grant
from onward.v1.entry_pb2 import Kept
from onward.v1.holds_pb2 import Hold
from onward_server.ports import PartRow, Tx
from onward_server.ports_erasure import HoldRow, KeptRow
from onward_server.service import content
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

LEGAL_HOLD = "legal_hold"


def read(ctx: Context, row: HoldRow) -> Hold:
    """An order as it was placed, and lifted."""
    bound = f"{ctx.agency}/hold/{row.referral_id}"
    return parse(Hold, ctx.keys.decrypt(f"holds/{row.hold_id}", bound, row.content))


def in_force(ctx: Context, tx: Tx, referral_id: str) -> list[Hold]:
    """Orders that stand now, the one that lasts longest first."""
    rows = [row for row in tx.holds_of(referral_id) if row.open and row.until > ctx.now()]
    return [read(ctx, row) for row in reversed(rows)]


def covering(holds: Iterable[Hold], category: str) -> Hold | None:
    """The order that keeps a category longest. None keeps what is the protocol's own."""
    known = spec.categories().get(category)
    if known is not None and known.protocol:
        return None
    return next((one for one in holds if category in one.categories or not one.categories), None)


def decide(
    ctx: Context, tx: Tx, book: Ledger, found: Withdrawn, keep: Iterable[Kept], held: set[str]
) -> dict[str, KeptRow]:
    """What of the categories that are `held`, sealed by this withdrawal, is kept, by category.

    `keep` is what somebody says that a law obliges the agency to keep. Raises Refused
    CONSENT_SCOPE if the grant leaves no room for that, and INVALID_FIELD.
    """
    referral_id = book.row.referral_id
    holds = in_force(ctx, tx, referral_id)
    ever = bool(tx.holds_of(referral_id))
    first = found.entry in book.state().uncertified(book.side)
    rows = _by_law(ctx, tx, book, found, list(keep)) if first else certified(tx, book, found)
    if first:
        rows = {r.category: r for r in tx.kept(referral_id) if r.withdrawal == found.entry} | rows
    kept: dict[str, KeptRow] = {}
    for category in sorted(held):
        row = rows.get(category)
        order = covering(holds, category)
        if row is None and order is not None and first:
            row = KeptRow(
                referral_id, found.entry, category, LEGAL_HOLD, order.country, moment(order.until)
            )
        if row is not None and order is not None and moment(order.until) > row.until:
            # Another order came since. What was certified stands; it lasts longer.
            row = replace(row, until=moment(order.until))
        # An order that a restore has lost stands as it was certified.
        lifted = row is not None and row.law == LEGAL_HOLD and order is None and ever
        if row is not None and row.until > ctx.now() and not lifted:
            kept[category] = row
    return kept


def note(ctx: Context, tx: Tx, book: Ledger, withdrawal: str, keep: Iterable[Kept]) -> None:
    """What a law obliges the agency to keep of a withdrawal that is carried out later.

    Raises what decide does.
    """
    found = next(one for one in book.state().withdrawals if one.entry == withdrawal)
    rows = _by_law(ctx, tx, book, found, list(keep))
    tx.put_kept(book.row.referral_id, withdrawal, rows.values())


def certified(tx: Tx, book: Ledger, found: Withdrawn) -> dict[str, KeptRow]:
    """What this side has said that it keeps: as the database knows, which can be longer, or as the
    certificate says, which outlives a restore.
    """
    rows: dict[str, KeptRow] = {}
    for act in book.logs[book.side]:
        if act.kind == "erased" and act.entry.certificate.withdrawal == found.entry:
            rows = {
                one.category: KeptRow(
                    book.row.referral_id, found.entry, one.category, one.law, one.country,
                    moment(one.until),
                )
                for one in act.entry.certificate.kept
            }  # fmt: skip
    known = {r.category: r for r in tx.kept(book.row.referral_id) if r.withdrawal == found.entry}
    return rows | {category: row for category, row in known.items() if category in rows}


def _by_law(
    ctx: Context, tx: Tx, book: Ledger, found: Withdrawn, keep: list[Kept]
) -> dict[str, KeptRow]:
    if keep and not _may_keep(ctx, tx, book):
        raise Refused("CONSENT_SCOPE", "/keep")
    rows: dict[str, KeptRow] = {}
    for index, one in enumerate(keep):
        until = moment(one.until)
        # An order is not for whoever erases to name: it is placed.
        odd = one.law == LEGAL_HOLD or until <= ctx.now() or not found.covers(one.category)
        if odd or one.category in rows:
            rule = "a category of the withdrawal, once, with a law and an end in the future"
            raise Refused("INVALID_FIELD", f"/keep/{index}", expected=rule)
        rows[one.category] = KeptRow(
            book.row.referral_id, found.entry, one.category, one.law, one.country, until
        )
    return rows


def _may_keep(ctx: Context, tx: Tx, book: Ledger) -> bool:
    """Whether the person agreed that a law's minimum is kept: by the newest grant that this agency
    has of the other, which the withdrawal may have sealed.
    """
    readable = [
        replace(row, outcome="held") if row.outcome == "sealed" else row
        for row in tx.parts(book.row.referral_id)
        if row.category == "grant" and row.content is not None
    ]
    grant: Grant | None = None
    if book.side == "destination":
        grant = content.newest_grant(ctx, readable, book, "origin")
    return grant is not None and grant.on_withdrawal == "keep_minimum"


def message(row: KeptRow) -> Kept:
    """As a certificate says it."""
    return Kept(category=row.category, law=row.law, country=row.country, until=stamp(row.until))


def waiting(ctx: Context, tx: Tx, book: Ledger) -> list[tuple[str, str]]:
    """What was to be destroyed by now, since nothing keeps it any more."""
    over = {r.withdrawal for r in tx.kept(book.row.referral_id) if r.until <= ctx.now()}
    # What waits for a review must not show by what it will keep.
    certified = book.state().certified
    return [("hold_ended", one) for one in sorted(over) if (book.side, one) in certified]


def release(ctx: Context, tx: Tx, referral_id: str) -> None:
    """Orders have changed: what none of them keeps any more is due now."""
    holds = in_force(ctx, tx, referral_id)
    rows = tx.kept(referral_id)
    for withdrawal in {row.withdrawal for row in rows}:
        mine = [row for row in rows if row.withdrawal == withdrawal]
        tx.put_kept(referral_id, withdrawal, [_now(ctx, row, holds) for row in mine])
    sealed = [row for row in tx.parts(referral_id) if past(row)]
    free = [row for row in sealed if covering(holds, row.category) is None]
    tx.put_parts(referral_id, [replace(row, keep_until=1) for row in free])


def _now(ctx: Context, row: KeptRow, holds: list[Hold]) -> KeptRow:
    order = covering(holds, row.category)
    if row.law != LEGAL_HOLD:
        return row
    return replace(row, until=moment(order.until) if order is not None else ctx.now())


def past(row: PartRow) -> bool:
    """Whether a part's time was over and only an order keeps it."""
    return row.outcome == "sealed" and row.reason == PAST


PAST = "retention"
"""Why a part was destroyed, or sealed under an order, that nobody has withdrawn."""
