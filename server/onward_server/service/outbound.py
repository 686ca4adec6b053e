"""Sending: from entries that wait, to an envelope, to the receipt that settles them.

Nothing is kept sealed here: each try seals anew what is still to be sent, so that a withdrawal
takes effect on whatever has not left.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from onward.core import envelopes, spec
from onward.core.refused import Refused
from onward.core.states import TAKES_BACK
from onward.v1.entry_pb2 import Heads
from onward.v1.envelope_pb2 import Bundle, Envelope, EnvelopeHeader, Part, Receipt, Sealed
from onward.v1.errors_pb2 import Problem, Reason
from onward_server.ports import EntryRow, OutboxRow, Tx
from onward_server.ports_mail import PostedRow
from onward_server.service import (
    content,
    disclosures,
    knock_post,
    leaving,
    ledger,
    loads,
    posted,
    restored,
    sealing,
)
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger


@dataclass(frozen=True)
class Outgoing:
    """One envelope on its way, and what it carries.

    `ahead` says that it carries a withdrawal before what stands before it in the log: its
    receiver can't store it yet, but seals. `knock` is the id of a knock, which is of no referral.
    """

    referral_id: str
    recipient: str
    envelope: Envelope
    header: EnvelopeHeader
    upto: int
    parts: frozenset[str]
    urgent: bool
    ahead: bool = False
    knock: str = ""


def due(ctx: Context, limit: int) -> list[Outgoing]:
    """Envelopes for everything that waits and is due, withdrawals first."""
    rows = ctx.store.read(lambda tx: tx.due_outbox(ctx.now(), limit))
    found: list[Outgoing] = []
    for row in rows:
        try:
            outgoing = ctx.store.read(partial(_build, ctx, row=row))
        except Refused as fault:
            ctx.store.write(partial(_put_off, ctx, row=row, reason=fault.reason))
            continue
        if not outgoing:
            ctx.store.write(partial(_clear, ctx, referral_id=row.referral_id))
        elif all(one.ahead for one in outgoing):
            # Nothing that counts: what comes first is too large for any envelope.
            ctx.store.write(partial(_put_off, ctx, row=row, reason="TOO_LARGE"))
        found += outgoing
    knocks = [_knock(one) for one in knock_post.due(ctx, limit)]
    return [k for k in knocks if k.urgent] + found + [k for k in knocks if not k.urgent]


def _knock(one: knock_post.Ready) -> Outgoing:
    header = envelopes.peek(one.envelope)
    row = one.row
    return Outgoing(
        "", row.recipient, one.envelope, header, 0, frozenset(), row.urgent, knock=row.wire_id
    )


def _build(ctx: Context, tx: Tx, row: OutboxRow) -> list[Outgoing]:
    """The next envelope of a referral; before it, if it must be, the withdrawal alone."""
    book = ledger.load(tx, row.referral_id, ctx.agency)
    waiting = _waiting(book)
    parts, not_now = _sendable(ctx, tx, book)
    held = posted.live(ctx, tx, row.referral_id)
    if not waiting and not parts and not held:
        if not_now:
            # It waits for what lets it go, or for being taken back.
            raise Refused(not_now)
        return []
    reason = held_back(ctx, tx, row.recipient)
    lost = "" if reason or not tx.restored(row.referral_id) else "RESTORED"
    if reason or lost:
        may_go = (rule(one).passes or (lost and restored.writes(rule(one))) for one in waiting)
        last = max((n for n, may in enumerate(may_go, 1) if may), default=0)
        if not last:
            raise Refused(reason or lost)
        waiting = waiting[:last]
        held = [one for one in held if not one.parts and one.upto <= waiting[-1].seq]
    again = [_again(row, one) for one in held]
    new, parts = posted.beyond(held, waiting, parts)
    if again and not new and not parts:
        return again
    # What is urgent brings all before it along, also what waits in a mailbox.
    urgent = any(rule(one).urgent for one in new)
    made = _new(ctx, row, book, waiting if urgent else new, [] if reason or lost else parts)
    return made + again if urgent else again + made


def _again(row: OutboxRow, one: PostedRow) -> Outgoing:
    """What a mailbox holds, as it was sealed."""
    envelope = Envelope(header=one.header, sealed=one.sealed)
    return Outgoing(
        one.referral_id, one.recipient, envelope, envelopes.peek(envelope), one.upto, one.parts,
        row.urgent, knock=one.wire_id,
    )  # fmt: skip


def _new(
    ctx: Context,
    row: OutboxRow,
    book: Ledger,
    waiting: list[EntryRow],
    parts: list[tuple[str, Part]],
) -> list[Outgoing]:
    """What is sealed now."""
    if any(rule(one).urgent for one in waiting):
        parts = _own(waiting, parts)
    load = loads.filled(book, waiting, parts)
    made = [load]
    urgent = [one for one in waiting if one.entry.kind in TAKES_BACK]
    # Also where a try has failed: an entry before it may be one that the other side can't take.
    behind = urgent and urgent[0].hash != waiting[0].hash
    if any(one.seq > load.upto for one in urgent) or (behind and row.attempts):
        ahead = loads.Load(Bundle(referral_id=row.referral_id))
        for one in urgent[: loads.MAX_ENTRIES]:
            if ahead.takes(loads.entry_size(one)):
                ahead.bundle.entries.append(one.jws)
        made.insert(0, ahead)
    made = [one for one in made if one.bundle.entries or one.bundle.parts]
    if not made:
        raise Refused("TOO_LARGE")
    return [_seal(ctx, row, one, ahead=one is not load) for one in made]


def _own(waiting: list[EntryRow], parts: list[tuple[str, Part]]) -> list[tuple[str, Part]]:
    """The parts of what is urgent itself: an alert brings what helps now."""
    own = {ref.digest for one in waiting if rule(one).urgent for ref in one.entry.parts}
    return [(digest, part) for digest, part in parts if digest in own]


def _waiting(book: Ledger) -> list[EntryRow]:
    return [one for one in book.rows if one.side == book.side and not one.delivered]


def rule(row: EntryRow) -> spec.Rpc:
    """The act of an entry, as the specification has it."""
    return spec.acts()[row.entry.kind]


def held_back(ctx: Context, tx: Tx, recipient: str) -> str:
    """Why nothing but withdrawals and certificates may go to this agency; empty if all may."""
    reason = ctx.barred(recipient)
    if not tx.accepts(recipient):
        reason = reason or "PEER_NOT_ACCEPTED"
    if reason:
        return reason
    return "TRUST_LIST_STALE" if ctx.trust.current().stale(ctx.now()) else ""


def _sendable(ctx: Context, tx: Tx, book: Ledger) -> tuple[list[tuple[str, Part]], str]:
    """Digests and parts of ours that no receipt covers, in the order of the log, grants first.

    Among them are those whose entries went ahead of them, with a withdrawal of something else. And
    why there are others that may not leave, or no more, as an error.
    """
    order = {act.hash: number for number, act in enumerate(book.logs[book.side])}
    rows = [
        row
        for row in tx.parts(book.row.referral_id)
        if row.side == book.side and row.outcome == "held" and not row.delivered
        if _may_go(book, row.category)
    ]
    rows, not_now = leaving.may(ctx, tx, book, rows)
    rows.sort(key=lambda row: (order[row.entry_hash], row.category != "grant", row.category))
    found = []
    for row in rows:
        # Whose key is gone can't be sent, and must not hold back the others.
        with suppress(Refused):
            found.append((row.entry_hash, row.digest, content.part_of(ctx, row)))
    delivered = {one.hash for one in book.rows if one.delivered}
    # What is late comes first, as its entries did.
    found.sort(key=lambda one: one[0] not in delivered)
    return [(digest, part) for _, digest, part in found], not_now


def _may_go(book: Ledger, category: str) -> bool:
    """Whether content of this category may still leave. What was written for an acceptance waits
    here where the referral has come to rest since, or has begun again.
    """
    known = spec.categories().get(category)
    return book.side == "destination" or book.state().served or bool(known and known.offer)


def _seal(ctx: Context, row: OutboxRow, load: loads.Load, *, ahead: bool) -> Outgoing:
    what = Sealed(bundle=load.bundle)
    envelope = sealing.envelope(ctx, row.recipient, what, anyhow=row.urgent)
    return Outgoing(
        row.referral_id, row.recipient, envelope, envelopes.peek(envelope), load.upto,
        frozenset(load.parts), row.urgent, ahead,
    )  # fmt: skip


def settle(ctx: Context, outgoing: Outgoing, receipt: str) -> None:
    """A receipt came: its entries are delivered. Raises Refused if it does not answer them."""
    find = ctx.trust.current().signing_key(outgoing.recipient)
    read = envelopes.read_receipt(receipt, find)
    knock = bool(outgoing.knock)
    envelopes.check_receipt(read, outgoing.envelope.header, outgoing.header, knock=knock)
    if knock:
        knock_post.settle(ctx, outgoing.knock, outgoing.header.mid)
        return
    if read.referral_id != outgoing.referral_id:
        raise Refused("ENTRY_INVALID")
    ctx.store.write(lambda tx: _delivered(ctx, tx, outgoing, receipt, read))


def _delivered(ctx: Context, tx: Tx, outgoing: Outgoing, token: str, receipt: Receipt) -> None:
    book = ledger.load(tx, outgoing.referral_id, ctx.agency)
    if restored.notice_heads(ctx, tx, book, receipt.heads):
        return  # It answers entries that we do not have any more: first we get them back.
    _check_head(book, outgoing, receipt)
    refused = {one.digest: one.reason for one in receipt.refused}
    tx.set_delivered(outgoing.referral_id, book.side, outgoing.upto)
    tx.add_receipt(outgoing.referral_id, outgoing.header.mid, outgoing.envelope.header, token)
    arrived = [
        replace(row, delivered=True, reason=refused.get(row.digest, row.reason))
        for row in tx.parts(outgoing.referral_id)
        if row.side == book.side and (row.digest in outgoing.parts or row.digest in refused)
    ]
    tx.put_parts(outgoing.referral_id, arrived)
    disclosures.arrived(tx, outgoing.referral_id, arrived, receipt)
    tx.drop_posted(outgoing.header.mid)
    _clear(ctx, tx, outgoing.referral_id)
    waiting = tx.outbox(outgoing.referral_id)
    if waiting is not None:
        tx.put_outbox(replace(waiting, attempts=0, next_at=ctx.now(), reason=""))
    tx.add_event("receipt", outgoing.referral_id)


def _check_head(book: Ledger, outgoing: Outgoing, receipt: Receipt) -> None:
    """The receipt's head of our log is one of ours, and no earlier than what was sent."""
    head = getattr(receipt.heads, book.side)
    log = book.logs[book.side]
    if not outgoing.upto <= head.seq <= len(log):
        raise Refused("ENTRY_INVALID")
    if head.seq and log[head.seq - 1].hash != head.hash:
        raise Refused("FORK")


def _clear(ctx: Context, tx: Tx, referral_id: str) -> None:
    """Take the referral out of the outbox if nothing of it is left to send.

    Looks anew, since an act may have been written while the envelope was under way.
    """
    book = ledger.load(tx, referral_id, ctx.agency)
    posted.tidy(ctx, tx, referral_id)
    left = _waiting(book) or any(_sendable(ctx, tx, book)) or tx.posted(referral_id)
    if not left:
        tx.clear_outbox(referral_id)


def held(ctx: Context, outgoing: Outgoing, until: datetime) -> None:
    """The recipient's mailbox has it. That is no delivery: the same bytes go again later.

    From an agency that has no mailbox it is no answer.
    """
    if not posted.by_mailbox(ctx, outgoing.recipient) or until <= ctx.now():
        failed(ctx, outgoing, None)
        return
    if outgoing.ahead:
        return  # It has done what it is for; the envelope behind it has all that it has.
    row = posted.row(outgoing.envelope, until)
    if outgoing.knock:
        knock_post.held(ctx, replace(row, wire_id=outgoing.knock))
        return
    row = replace(
        row, referral_id=outgoing.referral_id, upto=outgoing.upto, parts=outgoing.parts
    )  # fmt: skip
    ctx.store.write(lambda tx: _held(ctx, tx, row))


def _held(ctx: Context, tx: Tx, row: PostedRow) -> None:
    waiting = tx.outbox(row.referral_id)
    if waiting is None:
        return
    kept = posted.keep(tx, row)
    posted.tidy(ctx, tx, row.referral_id)
    if kept.tries == 1:
        waiting = replace(waiting, attempts=0, reason="")
    book = ledger.load(tx, row.referral_id, ctx.agency)
    there = posted.live(ctx, tx, row.referral_id)
    # An act may have been written while it was under way.
    more = any(posted.beyond(there, _waiting(book), _sendable(ctx, tx, book)[0]))
    wait = timedelta(0) if more else posted.pause(ctx, kept, urgent=waiting.urgent)
    tx.put_outbox(replace(waiting, next_at=ctx.now() + wait))


def failed(ctx: Context, outgoing: Outgoing, problem: Problem | None) -> None:
    """No receipt came. Tries again later; after a gap, from where the other side stands.
    Backs off in any case; what trying again can't mend stands in `needs a human`.
    """
    if outgoing.ahead:
        return  # A gap is what it is answered with; the envelope behind it is what counts.
    reason = _named(problem)
    final = problem is not None and not _may_pass(reason)
    if outgoing.knock:
        knock_post.failed(ctx, outgoing.knock, reason, final=final)
        return

    def work(tx: Tx) -> None:
        if final:  # These bytes are never taken: it is sealed anew.
            tx.drop_posted(outgoing.header.mid)
        row = tx.outbox(outgoing.referral_id)
        if row is None:
            return
        why = reason
        if problem is not None and reason in ("GAP", "FORK") and problem.HasField("heads"):
            book = ledger.load(tx, outgoing.referral_id, ctx.agency)
            lost = reason == "GAP" and restored.notice_heads(ctx, tx, book, problem.heads)
            if lost or tx.restored(outgoing.referral_id):
                why = "RESTORED"
            elif reason == "GAP":
                resume(tx, book, problem.heads)
        _defer(ctx, tx, row, why)

    ctx.store.write(work)


def _may_pass(reason: str) -> bool:
    known = spec.reasons().get(reason)
    return known is None or known.retry or reason == "INTERNAL"


def _named(problem: Problem | None) -> str:
    """Why, by its name. Whatever else a partner says is its own fault."""
    if problem is None:
        return "UNAVAILABLE"
    known = problem.reason in Reason.values()
    return Reason.Name(problem.reason).removeprefix("REASON_") if known else "INTERNAL"


def resume(tx: Tx, book: Ledger, heads: Heads) -> None:
    """Everything after the other side's head of our log waits again."""
    referral_id = book.row.referral_id
    after = getattr(heads, book.side).seq
    tx.unset_delivered(referral_id, book.side, after=after)
    lost = {one.hash for one in book.rows if one.side == book.side and one.seq > after}
    again = [row for row in tx.parts(referral_id) if row.entry_hash in lost and row.delivered]
    tx.put_parts(referral_id, [replace(row, delivered=False) for row in again])


def _put_off(ctx: Context, tx: Tx, row: OutboxRow, reason: str) -> None:
    """Not sent for a reason of our own. An act that was written meanwhile keeps its turn."""
    now = tx.outbox(row.referral_id)
    if now is not None and now.next_at == row.next_at:
        _defer(ctx, tx, now, reason)


def _defer(ctx: Context, tx: Tx, row: OutboxRow, reason: str) -> None:
    """Exponential backoff with jitter; withdrawals wait no longer than a minute. A fork stays one
    until a receipt says otherwise: nothing else that a partner answers means that a person looked.
    """
    posted.tidy(ctx, tx, row.referral_id)
    reason = "FORK" if row.reason == "FORK" else reason
    again = ctx.now() + sealing.pause(ctx, row.attempts, urgent=row.urgent)
    tx.put_outbox(replace(row, attempts=row.attempts + 1, next_at=again, reason=reason))
