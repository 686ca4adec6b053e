"""Receiving: from an envelope to stored entries, parts and a receipt.

Nothing is decrypted before the header verifies. An envelope is atomic as to its entries; a part
that is refused never stops the log. Only final outcomes get a receipt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from onward.core import entries, envelopes, grants, jose, parts
from onward.core.acts import Act
from onward.core.clock import stamp
from onward.core.refused import Refused
from onward.core.states import Side
from onward.v1.consent_pb2 import Grant
from onward.v1.entry_pb2 import Entry, Refusal
from onward.v1.envelope_pb2 import Bundle, Envelope, EnvelopeHeader, Part, Receipt
from onward.v1.errors_pb2 import Problem
from onward.v1.peer_pb2 import DeliverResult
from onward_server.ports import EntryRow, PartRow, ReferralRow, Tx
from onward_server.service import content, ledger, withdrawal
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

ALWAYS_PASS = frozenset({"withdraw", "erased"})
"""Acts that pass from a suspended or no longer accepted agency, and by a stale list."""


@dataclass(frozen=True)
class Arrived:
    """An envelope that was verified and opened, with its entries read."""

    header: EnvelopeHeader
    header_digest: str
    bundle: Bundle
    entries: list[tuple[str, Entry]]


def deliver(ctx: Context, envelope: Envelope) -> DeliverResult:
    """What becomes of one envelope."""
    try:
        return DeliverResult(receipt=_deliver(ctx, envelope))
    except Refused as fault:
        return DeliverResult(problem=problem(fault))


def problem(fault: Refused) -> Problem:
    """A refusal as a message."""
    return Problem(reason=f"REASON_{fault.reason}", pointer=fault.pointer, heads=fault.heads)


def _deliver(ctx: Context, envelope: Envelope) -> str:
    header = _authenticate(ctx, envelope)
    digest = jose.digest(envelope.header)
    before = ctx.store.read(lambda tx: tx.delivered_before(header.iss, header.mid))
    if before is not None:
        return _same(before, digest)
    arrived = _read(ctx, envelope, header, digest)
    try:
        return ctx.store.write(lambda tx: _store(ctx, tx, arrived))
    except Refused:
        _seal_anyway(ctx, arrived)
        raise


def _seal_anyway(ctx: Context, arrived: Arrived) -> None:
    """A withdrawal that can't be stored yet takes effect all the same: an error leaves the seal."""
    for _, entry in arrived.entries:
        if entry.kind == "withdraw":
            ctx.store.write(
                lambda tx, one=entry: withdrawal.seal_unverified(  # type: ignore[misc]
                    ctx, tx, one, arrived.header.iss
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
    bundle = envelopes.unseal(envelope, header, ctx.keys.unsealing).bundle
    find = ctx.trust.current().signing_key(header.iss)
    read = [(token, entries.read(token, find)) for token in bundle.entries]
    for _, entry in read:
        ours = entry.author == header.iss and entry.recipient == ctx.agency
        if not ours or entry.referral_id != bundle.referral_id:
            raise Refused("ENTRY_INVALID")
    return Arrived(header, digest, bundle, read)


def _store(ctx: Context, tx: Tx, arrived: Arrived) -> str:
    header = arrived.header
    before = tx.delivered_before(header.iss, header.mid)
    if before is not None:
        return _same(before, arrived.header_digest)
    parts_pass = _admit(ctx, tx, arrived)
    book = _book(ctx, tx, arrived)
    held = book.heads
    try:
        new = [_append(tx, book, token, entry) for token, entry in arrived.entries]
    except Refused as fault:
        # Nothing of this envelope stays, so it must not count in what we say that we have.
        raise Refused(fault.reason, fault.pointer, held if fault.heads else None) from None
    # What the logs now say was withdrawn must be known before any part is judged.
    withdrawal.seal(ctx, tx, book)
    refused, taken = _take_parts(ctx, tx, book, arrived.bundle, parts_pass)
    receipt = Receipt(
        version=entries.VERSION,
        mid=header.mid,
        header=arrived.header_digest,
        iss=ctx.agency,
        aud=header.iss,
        referral_id=book.row.referral_id,
        heads=book.heads,
        refused=refused,
        trust_list=ctx.trust.current().list.seq,
        time=stamp(ctx.now()),
    )
    token = envelopes.sign_receipt(receipt, ctx.keys.signing())
    tx.remember_delivery(header.iss, header.mid, arrived.header_digest, token)
    if any(new) or taken:
        tx.add_event("entry", book.row.referral_id)
    return token


def _admit(ctx: Context, tx: Tx, arrived: Arrived) -> bool:
    """Whether content may pass. Withdrawals and certificates do, whoever sends them.

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
    known = tx.referral(arrived.bundle.referral_id) is not None
    if known and any(entry.kind in ALWAYS_PASS for _, entry in arrived.entries):
        return False
    raise Refused(reason)


def _book(ctx: Context, tx: Tx, arrived: Arrived) -> Ledger:
    """The referral that the envelope is about; an offer begins one."""
    sender = arrived.header.iss
    row = tx.referral(arrived.bundle.referral_id)
    if row is None:
        first = arrived.entries[0][1] if arrived.entries else None
        if first is None or first.seq != 1:
            raise Refused("GAP", heads=entries.heads([], []))
        if first.kind != "offer":
            raise Refused("ENTRY_INVALID")
        row = ReferralRow(arrived.bundle.referral_id, sender, ctx.agency)
        tx.add_referral(row)
        return Ledger(row, "destination", [])
    book = Ledger(row, ledger.side_of(row, ctx.agency), tx.entries(row.referral_id))
    if sender != book.other_agency:
        # As for a referral that does not exist: nobody learns from us who is referred to whom.
        raise Refused("GAP", heads=entries.heads([], []))
    return book


def _append(tx: Tx, book: Ledger, token: str, entry: Entry) -> bool:
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
    for ref in entry.parts:
        if ref.digest not in known:
            tx.put_part(book.row.referral_id, PartRow(ref.digest, ref.category, theirs, new.hash))
    for one in entry.refused:
        mine = known.get(one.digest)
        if mine is not None and mine.side == book.side and not mine.reason:
            tx.put_part(book.row.referral_id, replace(mine, reason=one.reason))
    return True


def _take_parts(
    ctx: Context, tx: Tx, book: Ledger, bundle: Bundle, parts_pass: bool
) -> tuple[list[Refusal], bool]:
    """Take each part or refuse it, once and for good.

    Gives the refusals of this envelope, and whether any part got its outcome now.
    """
    known = ledger.parts_by_digest(tx, book.row.referral_id)
    # The grant first: the others are held to it.
    ordered = sorted(bundle.parts, key=lambda part: part.category != "grant")
    refusals = []
    settled = False
    for part in ordered:
        digest = _digest(part)
        row = known.get(digest)
        if row is None or row.side == book.side:
            refusals.append(Refusal(digest=digest, reason="invalid"))
            continue
        if row.outcome == "pending" and parts_pass:
            row = _take(ctx, tx, book, row, part)
            tx.put_part(book.row.referral_id, row)
            known[digest] = row
            settled = True
        if row.outcome == "refused" or (row.reason == "withdrawn" and row.content is None):
            refusals.append(Refusal(digest=digest, reason=row.reason))
    return refusals, settled


def _digest(part: Part) -> str:
    try:
        return parts.digest(part)
    except ValueError:
        raise Refused("INVALID_FIELD") from None


def _take(ctx: Context, tx: Tx, book: Ledger, row: PartRow, part: Part) -> PartRow:
    reason = _refusal(ctx, tx, book, row, part)
    if reason and book.state().parts[row.digest].state in ("withdrawn", "erased"):
        # The logs say so themselves: there is nothing to refuse.
        return replace(row, outcome="sealed", reason=reason)
    if reason:
        return replace(row, outcome="refused", reason=reason)
    return content.keep(ctx, book, row, part)


def _refusal(ctx: Context, tx: Tx, book: Ledger, row: PartRow, part: Part) -> str:
    """Why this node refuses the part; empty if it takes it."""
    state = book.state()
    act = book.act(row.entry_hash)
    assert act is not None
    status = state.parts[row.digest]
    if part.category != row.category:
        return "invalid"
    if status.state in ("withdrawn", "erased"):
        return "withdrawn"
    if status.refusal == "disallowed":
        return "disallowed"
    grant = _grant(ctx, tx, book, act)
    agreed = content.feedback(ctx, tx, book) if book.side == "origin" else ""
    reason = grants.refusal(
        row.category,
        author=act.side,
        grant=grant[0] if grant else None,
        accepted=book.view(act).phase in ("accepted", "active", "resting"),
        feedback=agreed,
        now=ctx.now(),
    )
    if not reason and grant and _older_than_withdrawal(book, row.category, grant[1]):
        reason = "withdrawn"
    if not reason:
        reason = _unreadable(part)
    return reason


def _grant(ctx: Context, tx: Tx, book: Ledger, act: Act) -> tuple[Grant, str] | None:
    """The grant that an act names, and the hash of the entry that brought it."""
    for row in tx.parts(book.row.referral_id):
        if row.category == "grant" and row.side == act.side and row.outcome == "held":
            grant = content.message_of(ctx, row)
            if isinstance(grant, Grant) and grant.grant_id == act.entry.grant_id:
                between = (grant.grantor, grant.grantee) == (act.entry.author, act.entry.recipient)
                if between and grant.referral_id == book.row.referral_id:
                    return grant, row.entry_hash
    return None


def _older_than_withdrawal(book: Ledger, category: str, grant_entry: str) -> bool:
    """Whether the category was withdrawn after the grant: only a new grant brings it back."""
    order = book.state().order
    granted = order.index(grant_entry)
    return any(
        order.index(one.entry) > granted for one in book.state().withdrawals if one.covers(category)
    )


def _unreadable(part: Part) -> str:
    try:
        parts.read(part)
    except Refused:
        return "invalid"
    return ""
