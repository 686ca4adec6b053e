"""Asking the other agency what this node has lost, after a restore from a backup.

Nothing is believed that is not signed: what the other agency has, by its own key; what this
agency wrote, by its own keys as they are listed. Entries go in by the same checks as ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from onward.core import entries, envelopes, jose, parts, spec
from onward.core.acts import Act
from onward.core.clock import stamp
from onward.core.parse import parse, to_json, validate
from onward.core.refused import Refused
from onward.core.states import TAKES_BACK, Side, other
from onward.v1.entry_pb2 import Entry, Head, Heads
from onward.v1.envelope_pb2 import Bundle, Part, PeerRequest, ResyncAnswer
from onward.v1.peer_pb2 import ResyncRequest, ResyncResponse
from onward_server.ports import EntryRow, LostRow, OutboxRow, PartRow, ReferralRow, RestoredRow, Tx
from onward_server.service import (
    content,
    inbound,
    ledger,
    outbound,
    relays,
    relinking,
    restored,
    resync,
    sealing,
    shelf,
    suspected,
    withdrawal,
)
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

LONGEST = timedelta(minutes=1)
"""Longest pause between two questions: until it is answered, nobody can work on the case."""


PATIENCE = 5
"""After so many questions without an answer, a claim without proof holds nothing up any more."""


@dataclass(frozen=True)
class Question:
    """A question to another agency, and what its answer is held to."""

    row: RestoredRow
    nonce: str
    request: ResyncRequest
    heads: Heads | None = None
    after: str = ""


def due(ctx: Context, limit: int, agency: str = "") -> list[RestoredRow]:
    """What is to be asked now, of one agency or of all."""
    return ctx.store.read(lambda tx: tx.due_restored(ctx.now(), limit, agency))


def ask(ctx: Context, row: RestoredRow, after: str = "") -> Question:
    """The question for one referral, or which referrals come after one of them."""
    heads = ctx.store.read(lambda tx: _heads(ctx, tx, row)) if row.referral_id else None
    asked = PeerRequest(
        iss=ctx.agency, aud=row.other, method="resync", iat=stamp(ctx.now()), nonce=ctx.new_id(),
        referral_id=row.referral_id, heads=heads, after=after,
    )  # fmt: skip
    token = jose.sign(to_json(asked), jose.REQUEST, ctx.keys.signing())
    return Question(row, asked.nonce, ResyncRequest(request=token), heads, after)


def _heads(ctx: Context, tx: Tx, row: RestoredRow) -> Heads:
    """What we have: of our own log, as much as the other agency is known to have."""
    if tx.referral(row.referral_id) is None:
        return entries.heads([], [])
    book = ledger.load(tx, row.referral_id, ctx.agency)
    logs = dict(book.logs)
    waiting = [one.seq for one in book.rows if one.side == book.side and not one.delivered]
    logs[book.side] = logs[book.side][: min(waiting, default=len(logs[book.side]) + 1) - 1]
    return entries.heads(logs["origin"], logs["destination"])


def take(ctx: Context, question: Question, given: ResyncResponse) -> Question | None:
    """Take an answer in. Gives the question that follows at once, if there is more to come.

    Raises Refused if the answer is not what it must be; then nothing of it was stored.
    """
    row = question.row
    answer = _read(ctx, question, given.answer)
    if not row.referral_id:
        listed = list(answer.referrals)
        if listed != sorted(set(listed)) or (listed and listed[0] <= question.after):
            raise Refused("ENTRY_INVALID")
        ctx.store.write(lambda tx: _listed(ctx, tx, row, answer))
        more = len(answer.referrals) == resync.PAGE
        return ask(ctx, row, after=answer.referrals[-1]) if more else None
    bundle = _open(ctx, row, given) if given.HasField("lost") else None
    done = ctx.store.write(lambda tx: _restore(ctx, tx, row, answer, bundle))
    if done:
        return None
    again = ask(ctx, row)
    if again.heads == question.heads:
        # It brings us no further: the other agency has to get something back itself, or has
        # claimed what it can't show.
        if not ctx.store.write(lambda tx: _unproven(tx, row)):
            failed(ctx, row)
        return None
    return again


def _unproven(tx: Tx, row: RestoredRow) -> bool:
    """Let a referral go on that waits on the other agency's word alone. Only our own signature
    shows that we wrote something; this database was never restored, as far as it can tell.
    """
    if tx.was_restored() or tx.referral(row.referral_id) is None:
        return False
    tx.clear_restored(row.referral_id, row.other)
    return True


def failed(ctx: Context, row: RestoredRow) -> None:
    """No answer, or none that brought all. Tries again later."""
    wait = min(sealing.FIRST_RETRY * 2 ** min(row.attempts, 10), LONGEST)
    later = ctx.now() + wait * (0.5 + ctx.random.token(1)[0] / 255)
    newer = replace(row, attempts=row.attempts + 1, next_at=later)

    def work(tx: Tx) -> None:
        if newer.attempts < PATIENCE or not _unproven(tx, newer):
            tx.put_off_restored(newer)

    ctx.store.write(work)


def _read(ctx: Context, question: Question, token: str) -> ResyncAnswer:
    find = ctx.trust.current().signing_key(question.row.other, ctx.now())
    answer = parse(ResyncAnswer, jose.verify(token, jose.RESYNC, find).payload)
    row = question.row
    fits = (answer.iss, answer.aud, answer.nonce, answer.referral_id) == (
        row.other,
        ctx.agency,
        question.nonce,
        row.referral_id,
    )
    if not fits or (row.referral_id and not answer.HasField("heads")):
        raise Refused("ENTRY_INVALID")
    return answer


def _open(ctx: Context, row: RestoredRow, given: ResyncResponse) -> Bundle:
    find = ctx.trust.current().signing_key(row.other, ctx.now())
    header = envelopes.verify(
        given.lost, find, recipient=ctx.agency, environment=ctx.environment, now=ctx.now()
    )
    if header.iss != row.other:
        raise Refused("ENTRY_INVALID")
    bundle = envelopes.unseal(given.lost, header, ctx.keys.unsealing).bundle
    if bundle.referral_id != row.referral_id or not bundle.entries:
        raise Refused("ENTRY_INVALID")
    return bundle


def _listed(ctx: Context, tx: Tx, row: RestoredRow, answer: ResyncAnswer) -> None:
    """Referrals that the backup did not hold are asked for, one by one."""
    for referral_id in answer.referrals:
        if tx.referral(referral_id) is None:
            tx.mark_restored(referral_id, row.other, ctx.now())
    if len(answer.referrals) < resync.PAGE:
        tx.clear_restored("", row.other)


def _restore(
    ctx: Context, tx: Tx, row: RestoredRow, answer: ResyncAnswer, bundle: Bundle | None
) -> bool:
    """Store what came back. True if nothing more is waited for."""
    book = _book(ctx, tx, row, bundle)
    if book is None:
        # Neither of us has anything of it, and nobody else could give it back: if the other waits
        # for us in its turn, both would wait for ever.
        tx.clear_restored(row.referral_id, row.other)
        return True
    if bundle is not None:
        for token in bundle.entries:
            _entry(ctx, tx, book, token)
        _parts(ctx, tx, book, bundle.parts)
        withdrawal.seal(ctx, tx, book)
        tx.add_event("entry", row.referral_id)
    head: Head = getattr(answer.heads, book.side)
    log = book.logs[book.side]
    reached = _stands(log, head)
    if reached:
        tx.set_delivered(row.referral_id, book.side, upto=head.seq)
    done = reached and (not answer.provisional or book.heads == answer.heads)
    if done:
        tx.clear_restored(row.referral_id, row.other)
        content.drop_unreadable(ctx, tx, row.referral_id)
        for lost in tx.to_write_again(row.referral_id):
            _write_again(ctx, tx, book, lost)
        if head.seq < len(log):
            outbound.resume(tx, book, answer.heads)
    _wake(ctx, tx, ledger.load(tx, row.referral_id, ctx.agency))
    return done


def _stands(log: Sequence[Act], head: Head) -> bool:
    return head.seq <= len(log) and (not head.seq or log[head.seq - 1].hash == head.hash)


def _book(ctx: Context, tx: Tx, row: RestoredRow, bundle: Bundle | None) -> Ledger | None:
    """The referral; one that the backup did not hold begins with its offer."""
    if tx.referral(row.referral_id) is not None:
        book = ledger.load(tx, row.referral_id, ctx.agency)
        if book.other_agency != row.other:
            raise Refused("ENTRY_INVALID")
        return book
    if bundle is None:
        return None
    first = parse(Entry, jose.peek(bundle.entries[0]))
    if first.seq != 1 or first.kind != "offer":
        raise Refused("ENTRY_INVALID")
    if first.referral_id != row.referral_id:
        raise Refused("ENTRY_INVALID")
    consent_id = content.offered_by(ctx, tx, first)
    found = ReferralRow(row.referral_id, first.author, first.recipient, consent_id)
    if {found.origin, found.destination} != {ctx.agency, row.other}:
        raise Refused("ENTRY_INVALID")
    tx.add_referral(found)
    relinking.again(ctx, tx, row.referral_id)
    book = Ledger(found, ledger.side_of(found, ctx.agency), [])
    if book.side == "origin":
        # What she took back everywhere did not go to one that was not known.
        for one in relays.siblings(ctx, tx, book):
            tx.renew_relays(one)
    return book


def _entry(ctx: Context, tx: Tx, book: Ledger, token: str) -> None:
    """One entry of either log, in its turn."""
    author = parse(Entry, jose.peek(token)).author
    if author not in (ctx.agency, book.other_agency):
        raise Refused("ENTRY_INVALID")
    entry = entries.read(token, ctx.trust.current().signing_key(author))
    side = book.side if author == ctx.agency else other(book.side)
    recipient = book.other_agency if author == ctx.agency else ctx.agency
    if (entry.recipient, entry.referral_id) != (recipient, book.row.referral_id):
        raise Refused("ENTRY_INVALID")
    new = entries.act(token, side, entry)
    if book.act(new.hash) is not None:
        return
    if entry.seq <= len(book.logs[side]):
        if side != book.side and not tx.was_restored():
            # What the other agency signed once stands, whatever it says now. Only where both have
            # lost something can the entry that we hold be the one that did not stand.
            raise Refused("FORK", heads=book.heads)
        _set_aside(ctx, tx, book, side, entry.seq)
    if side != book.side:
        inbound.append(tx, book, token, entry)
    else:
        _append(tx, book, new, token)
    if entry.kind in TAKES_BACK:
        if side == book.side:
            suspected.again(ctx, tx, book.row.referral_id, new.hash)
        withdrawal.seal(ctx, tx, book)
    if entry.kind == "erased" and side == book.side:
        withdrawal.destroyed_before(ctx, tx, book, entry)


def _append(tx: Tx, book: Ledger, new: Act, token: str) -> None:
    """An entry of our own, which the other agency has."""
    entry = new.entry
    entries.check_next(new, book.logs[book.side], book.logs[other(book.side)])
    row = EntryRow(book.side, entry.seq, new.hash, token, entry, delivered=True)
    tx.add_entry(book.row.referral_id, row)
    book.append(row)
    known = ledger.parts_by_digest(tx, book.row.referral_id)
    changed = [
        PartRow(ref.digest, ref.category, book.side, new.hash, delivered=True)
        for ref in entry.parts
        if ref.digest not in known
    ]
    for one in entry.refused:
        theirs = known.get(one.digest)
        if (
            theirs is not None
            and theirs.side != book.side
            and theirs.outcome in ("pending", "held")
        ):
            changed.append(
                replace(
                    theirs, outcome="refused", reason=one.reason, reported=True, content=None,
                    key_id="",
                )
            )  # fmt: skip
    tx.put_parts(book.row.referral_id, changed)


def _set_aside(ctx: Context, tx: Tx, book: Ledger, side: Side, seq: int) -> None:
    """Another entry stands at this place with the other agency, and was receipted first. Ours, and
    what followed from it, is kept as evidence and never folded. A withdrawal among it is written
    again.
    """
    referral_id = book.row.referral_id
    planned = {row.withdrawal: row for row in tx.erasures(referral_id)}
    loser = {
        side: {one.hash for one in book.rows if one.side == side and one.seq >= seq},
        other(side): {
            one.hash for one in book.rows if one.side != side and one.entry.seen.seq >= seq
        },
    }
    if loser[other(side)] and not tx.was_restored():
        # It had seen what it now says was never there.
        raise Refused("FORK", heads=book.heads)
    for one in book.rows:
        if one.hash not in loser[one.side]:
            continue
        again = one.side == book.side and restored.writes(outbound.rule(one))
        due_at = planned[one.hash].due_at if one.hash in planned else None
        at_once = due_at is not None and due_at <= ctx.now()
        tx.set_aside(referral_id, LostRow(one.jws, one.entry, again, at_once))
    for log, hashes in loser.items():
        tx.drop_entries(referral_id, log, hashes)
    kept = [one for one in book.rows if one.hash not in loser[one.side]]
    fresh = Ledger(book.row, book.side, kept)
    book.rows, book.logs = fresh.rows, fresh.logs


def _parts(ctx: Context, tx: Tx, book: Ledger, arrived: Sequence[Part]) -> None:
    """Our own parts, as far as our entries bind them and they are not here."""
    known = ledger.parts_by_digest(tx, book.row.referral_id)
    back: list[tuple[PartRow, Part]] = []
    for part in arrived:
        try:
            row = known.get(parts.digest(part))
            parts.read(part)
        except ValueError:
            raise Refused("INVALID_FIELD") from None
        mine = row is not None and row.side == book.side and row.category == part.category
        if row is not None and mine and row.outcome == "pending":
            back.append((row, part))
    if back:
        keeps = shelf.Shelf(ctx, tx, book)
        keeps.make({row.category for row, _ in back})
        tx.put_parts(book.row.referral_id, [_kept(keeps, *pair) for pair in back])


def _kept(keeps: shelf.Shelf, row: PartRow, part: Part) -> PartRow:
    try:
        return keeps.keep(row, part, 0)
    except Refused:
        return content.destroyed(row)  # It was destroyed since, whatever the other agency sends.


def _write_again(ctx: Context, tx: Tx, book: Ledger, lost: LostRow) -> None:
    """What nothing may hold back, as the next entry of our log. Its parts went with its place."""
    log = book.logs[book.side]
    entry = Entry()
    entry.CopyFrom(lost.entry)
    entry.ClearField("parts")
    entry.ClearField("refused")
    entry.ClearField("grant_id")
    entry.seq = len(log) + 1
    entry.prev = log[-1].hash if log else ""
    entry.round = book.state().round
    entry.seen.CopyFrom(entries.head(book.logs[other(book.side)]))
    entry.time.CopyFrom(stamp(ctx.now()))
    validate(entry)
    token = entries.sign(entry, ctx.keys.signing())
    new = entries.act(token, book.side, entry)
    row = EntryRow(book.side, entry.seq, new.hash, token, entry, delivered=False)
    tx.add_entry(book.row.referral_id, row)
    book.append(row)
    before = entries.act(lost.jws, book.side, lost.entry).hash
    suspected.moved(ctx, tx, book.row.referral_id, before, new.hash)
    withdrawal.seal(ctx, tx, book, at_once=lost.at_once)


def _wake(ctx: Context, tx: Tx, book: Ledger) -> None:
    """What waited for this is sent now."""
    referral_id = book.row.referral_id
    waiting = [one for one in book.rows if one.side == book.side and not one.delivered]
    row = tx.outbox(referral_id)
    if row is None and waiting:
        row = OutboxRow(referral_id, book.other_agency, False, 0, ctx.now())
    if row is not None:
        urgent = row.urgent or any(spec.acts()[one.entry.kind].urgent for one in waiting)
        tx.put_outbox(replace(row, urgent=urgent, attempts=0, next_at=ctx.now(), reason=""))
