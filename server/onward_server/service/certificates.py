"""What each holder has certified, as the two logs tell it."""

from __future__ import annotations

from onward.core.clock import moment
from onward.v1.entry_pb2 import Certificate
from onward.v1.referral_pb2 import Holder
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger


def holders(ctx: Context, book: Ledger) -> list[Holder]:
    """Where each of the two agencies stands with each withdrawal, in the order of the fold.

    Of several certificates of one holder for one withdrawal, the newest.
    """
    given: dict[tuple[str, str], Certificate] = {}
    for act in (*book.logs["origin"], *book.logs["destination"]):
        if act.entry.HasField("certificate"):
            given[act.entry.author, act.entry.certificate.withdrawal] = act.entry.certificate
    found = []
    for one in book.state().withdrawals:
        written = book.act(one.entry)
        if written is None:
            continue
        for agency in (book.row.origin, book.row.destination):
            holder = Holder(agency=agency, withdrawal=one.entry)
            said = given.get((agency, one.entry))
            if said is not None:
                holder.certified = True
                holder.destroyed_at.CopyFrom(said.destroyed_at)
                holder.copies_until.CopyFrom(said.copies_until)
                holder.kept.extend(said.kept)
            else:
                holder.days = max(0, (ctx.now() - moment(written.entry.time)).days)
            found.append(holder)
    return found
