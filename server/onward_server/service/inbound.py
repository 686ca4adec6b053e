"""Receiving: from an envelope to stored entries, parts and a receipt.

Nothing is decrypted before the header verifies. An envelope is atomic as to its entries; a part
that is refused never stops the log. Only final outcomes get a receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from onward.core import entries, envelopes, jose, spec
from onward.core.clock import stamp
from onward.core.refused import Refused
from onward.core.states import TAKES_BACK, Side
from onward.v1.entry_pb2 import Entry
from onward.v1.envelope_pb2 import Bundle, Envelope, EnvelopeHeader, Receipt
from onward.v1.errors_pb2 import Problem
from onward.v1.knocks_pb2 import Knock
from onward.v1.peer_pb2 import DeliverResult
from onward_server.ports import EntryRow, PartRow, ReferralRow, Tx
from onward_server.service import ledger, restored, shelf, taking, withdrawal
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger


@dataclass(frozen=True)
class Arrived:
    """An envelope that was verified and opened, with its entries read."""

    header: EnvelopeHeader
    header_digest: str
    bundle: Bundle
    entries: list[tuple[str, Entry]]
    knock: Knock | None = None


TakeKnock = Callable[[Context, Tx, Arrived], None]
"""What is done with a knock: stored, or refused."""


def deliver(ctx: Context, envelopes: Iterable[Envelope], knock: TakeKnock) -> list[DeliverResult]:
    """What becomes of each envelope, in order. Opened one by one, they are stored together:
    a commit to disk costs more than all the rest.
    """
    opened = [_open(ctx, envelope) for envelope in envelopes]
    arrived = [one for one in opened if isinstance(one, Arrived)]
    stored = iter(
        ctx.store.write_each([partial(_store, ctx, arrived=one, knock=knock) for one in arrived])
    )
    results = []
    for one in opened:
        outcome = next(stored) if isinstance(one, Arrived) else one
        if isinstance(outcome, str):
            results.append(DeliverResult(receipt=outcome))
            continue
        if isinstance(one, Arrived):
            _seal_anyway(ctx, one)
            arrived_entries = [entry for _, entry in one.entries]
            outcome = restored.notice(
                ctx, one.header.iss, one.bundle.referral_id, arrived_entries, outcome
            )
        results.append(DeliverResult(problem=problem(outcome)))
    return results


def problem(fault: Refused) -> Problem:
    """A refusal as a message."""
    return Problem(
        reason=f"REASON_{fault.reason}", pointer=fault.pointer, heads=fault.heads,
        expected=fault.expected,
    )  # fmt: skip


def _open(ctx: Context, envelope: Envelope) -> Arrived | str | Refused:
    """The envelope opened, the receipt that it got before, or why it is refused."""
    try:
        header = _authenticate(ctx, envelope)
        digest = jose.digest(envelope.header)
        before = ctx.store.read(lambda tx: tx.delivered_before(header.iss, header.mid))
        if before is not None:
            return _same(before, digest)
        return _read(ctx, envelope, header, digest)
    except Refused as fault:
        return fault


def _seal_anyway(ctx: Context, arrived: Arrived) -> None:
    """A withdrawal that can't be stored yet takes effect all the same: an error leaves the seal."""
    sender = arrived.header.iss
    for token, entry in arrived.entries:
        if entry.kind in TAKES_BACK:
            digest = jose.digest(token)
            ctx.store.write(
                lambda tx, one=entry, name=digest: withdrawal.seal_unverified(  # type: ignore[misc]
                    ctx, tx, one, name, sender
                )
            )


def _authenticate(ctx: Context, envelope: Envelope) -> EnvelopeHeader:
    """The header, if a listed agency signed it with a key in use now."""
    claimed = envelopes.peek(envelope)
    trusted = ctx.trust.current()
    if trusted.agency(claimed.iss) is None:
        raise Refused("AGENCY_UNKNOWN")
    find = trusted.signing_key(claimed.iss, ctx.now())
    return envelopes.verify(
        envelope, find, recipient=ctx.agency, environment=ctx.environment, now=ctx.now()
    )


def _same(before: tuple[str, str], digest: str) -> str:
    if before[0] != digest:
        raise Refused("MESSAGE_ID_REUSED")
    return before[1]


def _read(ctx: Context, envelope: Envelope, header: EnvelopeHeader, digest: str) -> Arrived:
    what = envelopes.unseal(envelope, header, ctx.keys.unsealing)
    if what.WhichOneof("content") == "knock":
        return Arrived(header, digest, Bundle(), [], what.knock)
    bundle = what.bundle
    read: list[tuple[str, Entry]] = []
    fault: Refused | None = None
    for token in bundle.entries:
        try:
            read.append((token, _read_entry(ctx, header, bundle, token)))
        except Refused as found:
            fault = fault or found
    arrived = Arrived(header, digest, bundle, read)
    if fault is not None:
        # What can't be read must not hide a withdrawal beside it.
        _seal_anyway(ctx, arrived)
        raise fault
    return arrived


def _read_entry(ctx: Context, header: EnvelopeHeader, bundle: Bundle, token: str) -> Entry:
    entry = entries.read(token, ctx.trust.current().signing_key(header.iss))
    ours = entry.author == header.iss and entry.recipient == ctx.agency
    if not ours or entry.referral_id != bundle.referral_id:
        raise Refused("ENTRY_INVALID")
    return entry


def _store(ctx: Context, tx: Tx, arrived: Arrived, knock: TakeKnock) -> str:
    header = arrived.header
    before = tx.delivered_before(header.iss, header.mid)
    if before is not None:
        return _same(before, arrived.header_digest)
    if arrived.knock is not None:
        knock(ctx, tx, arrived)
        return _receipt(ctx, tx, arrived, Receipt())
    parts_pass = _admit(ctx, tx, arrived)
    book = _book(ctx, tx, arrived)
    held = book.heads
    try:
        new = [append(tx, book, token, entry) for token, entry in arrived.entries]
    except Refused as fault:
        # Nothing of this envelope stays, so it must not count in what we say that we have.
        raise Refused(fault.reason, fault.pointer, held if fault.heads else None) from None
    shelf.used_there(ctx, tx, book, (one for _, one in arrived.entries))
    # What the logs now say was withdrawn must be known before any part is judged.
    withdrawal.seal(ctx, tx, book)
    refused, taken = taking.take(ctx, tx, book, arrived.bundle.parts, parts_pass)
    token = _receipt(
        ctx, tx, arrived,
        Receipt(referral_id=book.row.referral_id, heads=book.heads, refused=refused),
    )  # fmt: skip
    if any(new) or taken:
        tx.add_event("entry", book.row.referral_id)
    return token


def _receipt(ctx: Context, tx: Tx, arrived: Arrived, receipt: Receipt) -> str:
    """The receipt signed, and remembered for the same envelope."""
    header = arrived.header
    receipt.MergeFrom(
        Receipt(
            version=entries.VERSION,
            mid=header.mid,
            header=arrived.header_digest,
            iss=ctx.agency,
            aud=header.iss,
            trust_list=ctx.trust.current().list.seq,
            time=stamp(ctx.now()),
        )
    )
    token = envelopes.sign_receipt(receipt, ctx.keys.signing())
    tx.remember_delivery(header.iss, header.mid, arrived.header_digest, token)
    return token


def _admit(ctx: Context, tx: Tx, arrived: Arrived) -> bool:
    """Whether content may pass. What takes back, and certificates, do whoever sends them.

    Raises Refused where neither may.
    """
    reason = ctx.barred(arrived.header.iss)
    if reason:
        pass
    elif not tx.accepts(arrived.header.iss):
        reason = "PEER_NOT_ACCEPTED"
    elif ctx.trust.current().stale(ctx.now()):
        reason = "TRUST_LIST_STALE"
    else:
        return True
    row = tx.referral(arrived.bundle.referral_id)
    known = row is not None and arrived.header.iss in (row.origin, row.destination)
    acts = spec.acts()
    if known and any(acts[e.kind].passes for _, e in arrived.entries if e.kind in acts):
        return False
    raise Refused(reason)


def _book(ctx: Context, tx: Tx, arrived: Arrived) -> Ledger:
    """The referral that the envelope is about; an offer begins one."""
    sender = arrived.header.iss
    row = tx.referral(arrived.bundle.referral_id)
    if row is None or sender not in (row.origin, row.destination):
        # Alike for a referral that does not exist and for somebody else's: nobody learns from us
        # who is referred to whom.
        first = arrived.entries[0][1] if arrived.entries else None
        if first is not None and first.seq == 1 and first.kind != "offer":
            raise Refused("ENTRY_INVALID")
        if first is None or first.seq != 1 or row is not None:
            raise Refused("GAP", heads=entries.heads([], []))
        row = ReferralRow(arrived.bundle.referral_id, sender, ctx.agency)
        tx.add_referral(row)
        return Ledger(row, "destination", [])
    return Ledger(row, ledger.side_of(row, ctx.agency), tx.entries(row.referral_id))


def append(tx: Tx, book: Ledger, token: str, entry: Entry) -> bool:
    """A well-signed next entry is stored, also one that its author was not allowed to write.

    False if it stands there already.
    """
    theirs: Side = "destination" if book.side == "origin" else "origin"
    new = entries.act(token, theirs, entry)
    if book.act(new.hash) is not None:
        return False
    entries.check_next(new, book.logs[theirs], book.logs[book.side])
    row = EntryRow(theirs, entry.seq, new.hash, token, entry, delivered=True)
    tx.add_entry(book.row.referral_id, row)
    book.append(row)
    known = ledger.parts_by_digest(tx, book.row.referral_id)
    changed = {
        ref.digest: PartRow(ref.digest, ref.category, theirs, new.hash)
        for ref in entry.parts
        if ref.digest not in known
    }
    for one in entry.refused:
        mine = known.get(one.digest)
        if mine is not None and mine.side == book.side and not mine.reason:
            changed[one.digest] = replace(mine, reason=one.reason)
    tx.put_parts(book.row.referral_id, changed.values())
    return True
