"""Sending: from entries that wait, to an envelope, to the receipt that settles them.

Nothing is kept sealed here: each try seals anew what is still to be sent, so that a withdrawal
takes effect on whatever has not left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from onward.core import envelopes
from onward.core.refused import Refused
from onward.v1.entry_pb2 import Heads
from onward.v1.envelope_pb2 import Bundle, Envelope, EnvelopeHeader, Sealed
from onward.v1.errors_pb2 import Problem, Reason
from onward_server.ports import EntryRow, OutboxRow, PartRow, Tx
from onward_server.service import content, ledger
from onward_server.service.context import Context
from onward_server.service.inbound import ALWAYS_PASS
from onward_server.service.ledger import Ledger

LIFE = timedelta(days=14)
"""How long an envelope is accepted, so that it can wait in a mailbox."""

MAX_ENTRIES = 64
MAX_CONTENT = envelopes.BUCKETS[-1] - 8 * 1024
"""Largest content of one envelope, in bytes, with room for the names around it."""

FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(minutes=10)


@dataclass(frozen=True)
class Outgoing:
    """One envelope on its way, and what it carries."""

    referral_id: str
    recipient: str
    envelope: Envelope
    header: EnvelopeHeader
    upto: int
    urgent: bool


def due(ctx: Context, limit: int) -> list[Outgoing]:
    """Envelopes for everything that waits and is due, withdrawals first."""
    rows = ctx.store.read(lambda tx: tx.due_outbox(ctx.now(), limit))
    found = []
    for row in rows:
        try:
            outgoing = ctx.store.read(lambda tx, row=row: _build(ctx, tx, row))  # type: ignore[misc]
        except Refused as fault:
            reason = fault.reason
            ctx.store.write(lambda tx, row=row, why=reason: _defer(ctx, tx, row, why))  # type: ignore[misc]
            continue
        if outgoing is None:
            ctx.store.write(lambda tx, row=row: tx.clear_outbox(row.referral_id))  # type: ignore[misc]
        else:
            found.append(outgoing)
    return found


def _build(ctx: Context, tx: Tx, row: OutboxRow) -> Outgoing | None:
    book = ledger.load(tx, row.referral_id, ctx.agency)
    waiting = [one for one in book.rows if one.side == book.side and not one.delivered]
    if not waiting:
        return None
    content_passes = _may_send_content(ctx, row.recipient)
    unstoppable = any(one.entry.kind in ALWAYS_PASS for one in waiting)
    if not content_passes and not unstoppable:
        raise Refused("TRUST_LIST_STALE")
    sealing_key = ctx.trust.current().sealing_key(row.recipient, ctx.now())
    if sealing_key is None:
        raise Refused("AGENCY_UNKNOWN")
    bundle, upto = _bundle(ctx, tx, book, waiting, parts_pass=content_passes)
    now = ctx.now()
    envelope = envelopes.seal(
        Sealed(bundle=bundle), mid=ctx.new_id(), sender=ctx.agency, recipient=row.recipient,
        environment=ctx.environment, signing_key=ctx.keys.signing(), sealing_key=sealing_key,
        now=now, expires=now + LIFE,
    )  # fmt: skip
    header = envelopes.peek(envelope)
    return Outgoing(row.referral_id, row.recipient, envelope, header, upto, row.urgent)


def _may_send_content(ctx: Context, recipient: str) -> bool:
    trusted = ctx.trust.current()
    member = trusted.agency(recipient)
    return member is not None and member.status == "active" and not trusted.stale(ctx.now())


def _bundle(
    ctx: Context, tx: Tx, book: Ledger, waiting: list[EntryRow], *, parts_pass: bool
) -> tuple[Bundle, int]:
    """Entries in order, with the parts that may still go, as many as one envelope holds.

    A withdrawal carries every entry before it without their parts, so that it always fits.
    """
    bare = not parts_pass or any(one.entry.kind in ALWAYS_PASS for one in waiting)
    rows = tx.parts(book.row.referral_id)
    bundle = Bundle(referral_id=book.row.referral_id)
    size = 0
    upto = 0
    for one in waiting[:MAX_ENTRIES]:
        parts = [] if bare else [content.part_of(ctx, r) for r in _sendable(rows, one.hash)]
        size += len(one.jws) + 8 + sum(len(p.content) * 2 + 256 for p in parts)
        if bundle.entries and size > MAX_CONTENT:
            break
        bundle.entries.append(one.jws)
        bundle.parts.extend(parts)
        upto = one.seq
    return bundle, upto


def _sendable(rows: list[PartRow], entry_hash: str) -> list[PartRow]:
    return [row for row in rows if row.entry_hash == entry_hash and row.outcome == "held"]


def settle(ctx: Context, outgoing: Outgoing, receipt: str) -> None:
    """A receipt came: its entries are delivered. Raises Refused if it does not answer them."""
    find = ctx.trust.current().signing_key(outgoing.recipient)
    read = envelopes.read_receipt(receipt, find)
    envelopes.check_receipt(read, outgoing.envelope.header, outgoing.header)
    if read.referral_id != outgoing.referral_id:
        raise Refused("ENTRY_INVALID")
    ctx.store.write(
        lambda tx: _delivered(
            ctx, tx, outgoing, receipt, {r.digest: r.reason for r in read.refused}
        )
    )


def _delivered(
    ctx: Context, tx: Tx, outgoing: Outgoing, receipt: str, refused: dict[str, str]
) -> None:
    book = ledger.load(tx, outgoing.referral_id, ctx.agency)
    tx.set_delivered(outgoing.referral_id, book.side, outgoing.upto)
    tx.add_receipt(outgoing.referral_id, outgoing.header.mid, outgoing.envelope.header, receipt)
    for row in tx.parts(outgoing.referral_id):
        if row.digest in refused and row.side == book.side:
            tx.put_part(outgoing.referral_id, replace(row, reason=refused[row.digest]))
    left = any(
        one.side == book.side and not one.delivered for one in tx.entries(outgoing.referral_id)
    )
    waiting = tx.outbox(outgoing.referral_id)
    if left and waiting is not None:
        tx.put_outbox(replace(waiting, attempts=0, next_at=ctx.now(), reason=""))
    else:
        tx.clear_outbox(outgoing.referral_id)
    tx.add_event("receipt", outgoing.referral_id)


def failed(ctx: Context, outgoing: Outgoing, problem: Problem | None) -> None:
    """No receipt came. Tries again later; after a gap, from where the other side stands."""
    reason = Reason.Name(problem.reason).removeprefix("REASON_") if problem else "UNAVAILABLE"

    def work(tx: Tx) -> None:
        row = tx.outbox(outgoing.referral_id)
        if row is None:
            return
        if problem is not None and reason == "GAP" and problem.HasField("heads"):
            _resume(ctx, tx, outgoing.referral_id, problem.heads)
        _defer(ctx, tx, row, reason)

    ctx.store.write(work)


def _resume(ctx: Context, tx: Tx, referral_id: str, heads: Heads) -> None:
    """Everything after the other side's head of our log waits again."""
    book = ledger.load(tx, referral_id, ctx.agency)
    tx.unset_delivered(referral_id, book.side, after=getattr(heads, book.side).seq)


def _defer(ctx: Context, tx: Tx, row: OutboxRow, reason: str) -> None:
    """Exponential backoff with jitter; withdrawals wait no longer than a minute."""
    longest = timedelta(minutes=1) if row.urgent else LONGEST_RETRY
    wait = min(FIRST_RETRY * 2 ** min(row.attempts, 10), longest)
    jitter = 0.5 + ctx.random.token(1)[0] / 255
    tx.put_outbox(
        replace(row, attempts=row.attempts + 1, next_at=ctx.now() + wait * jitter, reason=reason)
    )
