"""What another agency has disclosed, and whether its grant lets it go on.

A node can't tell words apart: a category that came in the referral counts as the other agency's
in whatever is passed on from it, also where the person has said the same here.
"""

from __future__ import annotations

from onward.core.refused import Refused
from onward.v1.consent_pb2 import Grant
from onward_server.ports import PartRow, Tx
from onward_server.service import content, ledger
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger


def received(ctx: Context, tx: Tx, referral_id: str) -> dict[str, Grant]:
    """Categories that came in a referral, each with the newest grant that names it.

    One that was taken back since, or whose grant can't be read any more, has a grant of nothing.
    Raises Refused NOT_FOUND where this agency is not the destination.
    """
    book = ledger.load(tx, referral_id, ctx.agency)
    if book.side != "destination":
        raise Refused("NOT_FOUND")
    rows = tx.parts(referral_id)
    came = [row for row in rows if row.side == "origin" and row.category != "grant"]
    held = {row.category for row in came if row.outcome == "held"}
    gone = {row.category for row in came if row.outcome in ("sealed", "destroyed")}
    found = {one: Grant(grantor=book.other_agency) for one in held | gone}
    for grant in _grants(ctx, book, rows):
        found |= {one: grant for one in grant.categories if one in held}
    return found


def _grants(ctx: Context, book: Ledger, rows: list[PartRow]) -> list[Grant]:
    """The origin's grants that can be read, oldest first."""
    order = {act.hash: number for number, act in enumerate(book.logs["origin"])}
    kept = [
        row for row in rows if (row.category, row.side, row.outcome) == ("grant", "origin", "held")
    ]
    kept.sort(key=lambda row: order.get(row.entry_hash, -1))
    return [grant for row in kept if (grant := content.grant_of(ctx, row)) is not None]
