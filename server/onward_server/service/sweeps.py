"""What a node destroys by itself, beside what a withdrawal has sealed: what an order or a law kept
until now, parts whose time is over, and keys that nothing is under any more.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from onward.core import spec
from onward.core.refused import Refused
from onward.v1.local_pb2 import EraseRequest
from onward_server.ports import PartRow, Tx
from onward_server.service import (
    access,
    agreements,
    audit,
    content,
    keeping,
    ledger,
    links,
    mailbox,
    pipeline,
    shelf,
)
from onward_server.service.context import EVERYTHING, Context
from onward_server.service.ledger import Ledger
from onward_server.service.turns import Turns

log = structlog.get_logger("onward.node")

A_DAY = timedelta(days=1)


def run(ctx: Context, limit: int, turns: Turns) -> int:
    """Destroy whatever is due. Gives how much it was."""
    with suppress(Refused):  # Said by the next sweep, where it still has to be done.
        agreements.end_replaced(ctx)
    now = int(ctx.now().timestamp())
    rows = ctx.store.read(lambda tx: tx.due_kept(ctx.now(), EVERYTHING))
    done = 0
    kept = {("kept", row.referral_id, row.withdrawal) for row in rows}
    for one in turns.order(sorted(kept))[:limit]:
        gone = tried(ctx, partial(_kept, ctx, referral_id=one[1], withdrawal=one[2]))
        turns.tried(one, done=gone)
        done += gone
    past = ctx.store.read(lambda tx: tx.referrals_past(now, EVERYTHING))
    for two in turns.order(("past", referral_id) for referral_id in past)[:limit]:
        gone = tried(ctx, partial(_past, ctx, referral_id=two[1]))
        turns.tried(two, done=gone)
        done += gone
    return done + shelf.destroy_spent(ctx, partial(links.spared, ctx)) + mailbox.expire(ctx)


def tried(ctx: Context, work: Callable[[Tx], bool]) -> bool:
    """One that can't be destroyed now stays due, and holds back no other."""
    try:
        return ctx.store.write(work)
    except Refused:
        pass
    except Exception as fault:
        log.error("not destroyed", fault=type(fault).__name__)
    return False


def _kept(ctx: Context, tx: Tx, referral_id: str, withdrawal: str) -> bool:
    """Destroy and certify what was kept of a withdrawal, as far as nothing keeps it any more."""
    book = ledger.load(tx, referral_id, ctx.agency)
    found = next((w for w in book.state().withdrawals if w.entry == withdrawal), None)
    rows = [row for row in tx.kept(referral_id) if row.withdrawal == withdrawal]
    if found is None:
        return False
    still = keeping.decide(ctx, tx, book, found, (), {row.category for row in rows})
    if len(still) == len(rows):
        # Another order came since: nothing to say before that one ends.
        tx.put_kept(referral_id, withdrawal, still.values())
        return False
    rpc = spec.acts()["erased"]
    request = EraseRequest(referral_id=referral_id)
    pipeline.perform(ctx, tx, rpc, request, book, access.NODE, "", withdrawal)
    audit.write(ctx, tx, access.NODE, action="destroy", referral_id=referral_id)
    return True


def _past(ctx: Context, tx: Tx, referral_id: str) -> bool:
    """Destroy the parts of a referral whose time is over. True if there were any."""
    if tx.restored(referral_id):
        tx.put_parts(referral_id, [_later(ctx, row) for row in _over(ctx, tx, referral_id)])
        return False  # What was opened since the backup is not known yet.
    book = ledger.load(tx, referral_id, ctx.agency)
    holds = keeping.in_force(ctx, tx, referral_id)
    gone: list[PartRow] = []
    changed: list[PartRow] = []
    for row in _over(ctx, tx, referral_id):
        order = keeping.covering(holds, row.category)
        if row.outcome == "held" and not row.keep_until:
            changed.append(_dated(ctx, tx, book, row))
        elif row.outcome not in ("held", "sealed") or row.content is None:
            changed.append(replace(row, keep_until=None))
        elif row.outcome == "sealed" and row.reason != keeping.PAST:
            changed.append(replace(row, keep_until=None))  # It goes with its withdrawal.
        elif row.side == book.side and not row.delivered:
            changed.append(_later(ctx, row))  # It has not begun: it has not arrived.
        elif order is not None:
            until = order.until.seconds
            sealed = replace(row, outcome="sealed", reason=keeping.PAST, keep_until=until)
            changed.append(sealed)
        else:
            gone.append(row)
    tx.put_parts(referral_id, changed)
    if gone:
        shelf.Shelf(ctx, tx, book).retire(tx, gone, keeping.PAST)
        audit.write(
            ctx, tx, access.NODE, action="retention", referral_id=referral_id,
            categories=[row.category for row in gone],
        )  # fmt: skip
        tx.add_event("retention", referral_id)
    return bool(gone)


def _over(ctx: Context, tx: Tx, referral_id: str) -> list[PartRow]:
    now = int(ctx.now().timestamp())
    return [r for r in tx.parts(referral_id) if r.keep_until is not None and r.keep_until <= now]


def _later(ctx: Context, row: PartRow) -> PartRow:
    return replace(row, keep_until=int((ctx.now() + A_DAY).timestamp()))


def _dated(ctx: Context, tx: Tx, book: Ledger, row: PartRow) -> PartRow:
    """A part that came before this node kept time, or back from the other agency: its time counts
    from its entry. Without a grant that can be read it is kept until it is withdrawn.
    """
    act = book.act(row.entry_hash)
    known = ledger.parts_by_digest(tx, book.row.referral_id)
    found = content.granted(ctx, known, book, row.entry_hash)
    if act is None or found is None:
        return replace(row, keep_until=None)
    days = found[0].retention_days
    until = act.entry.time.seconds + int(timedelta(days=days).total_seconds())
    return replace(row, keep_days=days, keep_until=max(until, 1))
