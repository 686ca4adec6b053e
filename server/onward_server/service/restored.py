"""After a restore from a backup: what a node may do, and how it learns that it has lost entries.

What the backup did not hold was written once, and is known to the other agency. Until that has
said what it has (service/recovery.py), nothing may be numbered that could have been numbered
before, and nothing may be read that could have been withdrawn since.
"""

from __future__ import annotations

from collections.abc import Iterable

from onward.core import entries, spec
from onward.core.refused import Refused
from onward.v1.entry_pb2 import Entry, Heads
from onward_server.ports import Tx
from onward_server.service import content, ledger
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger


def sweep(ctx: Context) -> None:
    """Before a node answers anybody: whatever its keys no longer open is taken out of a database
    that was restored. They were destroyed since, with a tombstone, and nothing brings them back.
    """
    if ctx.store.read(lambda tx: tx.unswept()):
        ctx.store.write(lambda tx: _sweep(ctx, tx))


def _sweep(ctx: Context, tx: Tx) -> None:
    tx.drop_unreadable(ctx.keys.living)
    linked = {content.link_key(one): one for one in tx.referrals_with_links()}
    tx.drop_links(linked[name] for name in ctx.keys.destroyed(linked))
    tx.set_swept()


def writes(rpc: spec.Rpc) -> bool:
    """Whether an act may be written all the same. A certificate can wait: the keys do not."""
    return rpc.unblockable and rpc.kind != "erased"


def check(tx: Tx, rpc: spec.Rpc, referral_id: str) -> None:
    """Raises Refused RESTORED if this act has to wait for what the other agency has."""
    if not writes(rpc) and tx.restored(referral_id):
        raise Refused("RESTORED")


def check_reading(tx: Tx, referral_id: str) -> None:
    """Raises Refused RESTORED where content may have been withdrawn, and this node not know it."""
    if tx.restored(referral_id):
        raise Refused("RESTORED")


def check_offer(tx: Tx, destination: str) -> None:
    """Raises Refused RESTORED while she may have taken something back from this agency in a
    referral that is not back yet.
    """
    if tx.missing(destination):
        raise Refused("RESTORED")


def notice_heads(ctx: Context, tx: Tx, book: Ledger, heads: Heads) -> bool:
    """Whether the other agency knows more of our log than we do. Then we have lost it."""
    lost: bool = getattr(heads, book.side).seq > len(book.logs[book.side])
    if lost:
        tx.mark_restored(book.row.referral_id, book.other_agency, ctx.now())
    return lost


def notice(
    ctx: Context, sender: str, referral_id: str, arrived: Iterable[Entry], fault: Refused
) -> Refused:
    """What an envelope that could not be stored is answered.

    Where its entries have seen more of our log than there is, we have lost it: that is a gap of
    ours, and the referral waits. A referral that is not known at all may be one that was lost,
    if this database was ever restored.
    """
    if fault.reason not in ("GAP", "FORK", "ENTRY_INVALID"):
        return fault
    return ctx.store.write(lambda tx: _notice(ctx, tx, sender, referral_id, list(arrived), fault))


def _notice(
    ctx: Context, tx: Tx, sender: str, referral_id: str, arrived: list[Entry], fault: Refused
) -> Refused:
    row = tx.referral(referral_id)
    if row is None:
        if not tx.was_restored() or not any(one.seen.seq for one in arrived):
            return fault
        tx.mark_restored(referral_id, sender, ctx.now())
        return Refused("GAP", heads=entries.heads([], []))
    if sender not in (row.origin, row.destination):
        return fault
    book = ledger.load(tx, referral_id, ctx.agency)
    if any(one.seen.seq > len(book.logs[book.side]) for one in arrived):
        tx.mark_restored(referral_id, sender, ctx.now())
    elif fault.reason == "ENTRY_INVALID" or not tx.restored(referral_id):
        return fault
    return Refused("GAP", heads=book.heads)
