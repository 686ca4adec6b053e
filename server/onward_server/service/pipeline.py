"""The one pipeline behind all acts of the agency's own.

Authorise, validate, check the transition, decide by consent, project, sign, store with the
outbox in one transaction, answer. What an act does beyond that follows from the fields of its
request (a record, a withdrawal, what was opened), never from a pipeline of its own.
"""

from __future__ import annotations

from dataclasses import replace

import structlog
from google.protobuf.message import DecodeError, Message

from onward.core import entries, grants, parts, spec, transitions
from onward.core.acts import Act
from onward.core.clock import stamp
from onward.core.parse import validate
from onward.core.refused import Refused
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.entry_pb2 import Entry, PartRef, Refusal
from onward.v1.local_pb2 import EraseRequest, OfferRequest, Opened
from onward.v1.referral_pb2 import JournalNote, Recorded, Referral, Write
from onward_server.ports import Encrypted, EntryRow, OutboxRow, PartRow, ReferralRow, Tx
from onward_server.service import (
    asked,
    attention,
    audit,
    content,
    disclosure,
    disclosures,
    further,
    ledger,
    links,
    loads,
    opening,
    restored,
    shelf,
    suspected,
    view,
    withdrawal,
)
from onward_server.service.access import Actor, Caller
from onward_server.service.context import Context
from onward_server.service.disclosure import Draft
from onward_server.service.ledger import Ledger

log = structlog.get_logger("onward.node")

JOURNEY = frozenset({"milestone", "handover"})
"""Acts that are judged by the journal as well, also where they are entries."""

NOT_STATE = frozenset({"write", "referral_id", "record", "consent_id", "destination"})
"""Request fields that never stand in an entry."""


def write(
    ctx: Context, tx: Tx, rpc: spec.Rpc, request: Message, caller: Caller, actor: Actor
) -> Message:
    """Write one act. Raises Refused, and then nothing was written."""
    what: Write = request.write  # type: ignore[attr-defined]  # every act's request has it
    book: Ledger | None = None
    if rpc.kind != "offer":
        book = ledger.load(tx, request.referral_id, ctx.agency)  # type: ignore[attr-defined]
        restored.check(tx, rpc, book.row.referral_id)
    known = tx.answer(caller.client_id, what.request_id)
    if known is not None:
        if not _asked_before(ctx, tx, rpc, request, known):
            raise Refused("REQUEST_ID_REUSED", "/write/requestId")
        return _repeat(ctx, tx, rpc, request, known[1], caller, actor)
    if book is None:
        book = _begin(ctx, tx, request)  # type: ignore[arg-type]  # what this kind's rpc takes
        links.begin(ctx, tx, request, book)
    else:
        _expect(rpc, what, book)
    digest = asked.fingerprint(ctx, rpc, request, book.row.referral_id, book.state())
    if rpc.kind == "erased":
        # As it was before: the answer is the same for one that waits for a review.
        recorded, record = Recorded(referral=_shown(ctx, tx, rpc, book)), None
        recorded.referral.ClearField("heads")
        asked_for: EraseRequest = request  # type: ignore[assignment]  # what this kind's rpc takes
        if answers := suspected.by_hand(ctx, tx, book, asked_for, actor, caller.client_id):
            perform(ctx, tx, rpc, request, book, actor, caller.client_id, answers)
    else:
        recorded, record = perform(ctx, tx, rpc, request, book, actor, caller.client_id)
    tx.keep_answer(caller.client_id, what.request_id, digest, links.bare(recorded))
    return _shape(rpc, recorded, record)


def perform(
    ctx: Context,
    tx: Tx,
    rpc: spec.Rpc,
    request: Message,
    book: Ledger,
    actor: Actor,
    client: str,
    answers: str = "",
) -> tuple[Recorded, CaseRecord | None]:
    """From a checked request to an entry in the log, or to a note in the journal.

    `answers` is the withdrawal that an erasure certifies; without it, the oldest one.
    """
    purpose = request.write.purpose  # type: ignore[attr-defined]
    draft = _draft(ctx, rpc, request, book)
    feedback = (
        content.feedback(ctx, tx.parts(book.row.referral_id), book)
        if book.side == "destination"
        else ""
    )
    stays = book.side == "destination" and not grants.crosses(rpc.kind, feedback)
    record = (
        opening.read(ctx, tx, draft, book, actor, client, purpose) if rpc.kind == "opened" else None
    )
    entry_hash = ""
    if not _reads_only(tx, rpc, book):
        if "certificate" in spec.act_fields(rpc.kind).carried:
            keep = getattr(request, "keep", ())
            withdrawal.certify(ctx, tx, book, draft.entry, answers, keep)
        act = Act("", book.side, draft.entry)
        reason = "" if stays else transitions.refusal(book.state(), act)
        if stays or draft.entry.kind in JOURNEY:
            # What stays here counts here: also a decision that the origin was not to learn.
            known = view.with_journal(book, tx.journal(book.row.referral_id))
            reason = reason or transitions.refusal(known, act)
        if reason:
            raise Refused(reason)
        if stays and rpc.needs_feedback:
            raise Refused("CONSENT_SCOPE")
        _check_fork(tx, rpc, book)
        _check_named(ctx, tx, book, draft.entry)
        disclosure.project(ctx, tx, rpc, request, book, draft, feedback)
        if draft.parts:
            _check_partner(ctx, tx, rpc, book, draft)
            _check_gone(ctx, tx, request, book, draft)
        if stays:
            _note(ctx, tx, book, draft, draft.withheld)
        else:
            entry_hash = _commit(ctx, tx, rpc, request, book, draft)
        audit.write(
            ctx, tx, actor, action="act", client=client, purpose=purpose,
            referral_id=book.row.referral_id,
            categories=[d.category for d in draft.decisions if d.permitted],
        )  # fmt: skip
    recorded = Recorded(
        referral=_shown(ctx, tx, rpc, book),
        entry=entry_hash,
        journaled=stays,
        decisions=draft.decisions,
    )
    return recorded, record


def _shown(ctx: Context, tx: Tx, rpc: spec.Rpc, book: Ledger) -> Referral:
    """The referral after the act. Nothing that can't be shown undoes what nothing may hold back."""
    try:
        return view.referral(ctx, tx, book)
    except Exception as fault:
        if not rpc.unblockable:
            raise
        log.error("not shown", fault=type(fault).__name__)
        return Referral(referral_id=book.row.referral_id)


def _check_fork(tx: Tx, rpc: spec.Rpc, book: Ledger) -> None:
    """After a fork nothing but withdrawals is written, until a person has looked; after a restore
    from a backup, until the other agency has said what it has.
    """
    restored.check(tx, rpc, book.row.referral_id)
    if _forked(tx, book) and not rpc.unblockable:
        raise Refused("FORK", heads=book.heads)


def _forked(tx: Tx, book: Ledger) -> bool:
    waiting = tx.outbox(book.row.referral_id)
    return waiting is not None and waiting.reason == "FORK"


def _check_named(ctx: Context, tx: Tx, book: Ledger, entry: Entry) -> None:
    """Whatever an entry names outside its log is known here."""
    if entry.forward_to:
        ctx.member(entry.forward_to)
    if entry.kind == "correct" and not (entry.corrects or entry.items):
        raise Refused("INVALID_FIELD", "/corrects", expected="corrects or items")
    before = tx.referral(entry.resumes) if entry.resumes else None
    if before is not None and book.other_agency not in (before.origin, before.destination):
        raise Refused("INVALID_FIELD", "/resumes", expected="a referral with the same agency")


def _check_partner(ctx: Context, tx: Tx, rpc: spec.Rpc, book: Ledger, draft: Draft) -> None:
    """Content is not even written for an agency that may not have it."""
    reason = "" if tx.accepts(book.other_agency) else "PEER_NOT_ACCEPTED"
    reason = reason or ctx.barred(book.other_agency)
    if reason and not rpc.unblockable:
        raise Refused(reason)
    if reason:
        draft.parts, draft.decisions = [], []


def _asked_before(
    ctx: Context, tx: Tx, rpc: spec.Rpc, request: Message, known: tuple[str, bytes]
) -> bool:
    """Whether what was answered under this request id was the same request."""
    try:
        before = Recorded.FromString(known[1]).referral.referral_id
        state = ledger.load(tx, before, ctx.agency).state()
    except (DecodeError, Refused):
        return False  # It was a call of another kind.
    return asked.same(ctx, rpc, request, before, state, known[0])


def _repeat(
    ctx: Context,
    tx: Tx,
    rpc: spec.Rpc,
    request: Message,
    known: bytes,
    caller: Caller,
    actor: Actor,
) -> Message:
    """The answer that the same request got before. Content is read again, never kept."""
    recorded = Recorded.FromString(known)
    record: CaseRecord | None = None
    book = ledger.load(tx, recorded.referral.referral_id, ctx.agency)
    recorded.referral.needs_human.extend(attention.needs_human(ctx, tx, book))
    recorded.referral.links.extend(links.shown(ctx, tx, book))
    if rpc.kind == "opened":
        draft = _draft(ctx, rpc, request, book)
        first = book.act(recorded.entry)
        if first is not None:
            # What has come since was not opened by that entry.
            draft.entry.opened[:] = first.entry.opened
        purpose: str = request.write.purpose  # type: ignore[attr-defined]
        record = opening.read(ctx, tx, draft, book, actor, caller.client_id, purpose)
    return _shape(rpc, recorded, record)


def _shape(rpc: spec.Rpc, recorded: Recorded, record: CaseRecord | None) -> Message:
    if rpc.output.name == "Opened":
        return Opened(recorded=recorded, record=record)
    return recorded


def _check_gone(ctx: Context, tx: Tx, request: Message, book: Ledger, draft: Draft) -> None:
    """Nothing is written into a category that was destroyed, where a restore from a backup has
    lost the withdrawal: its way back is a new offer.
    """
    if shelf.Shelf(ctx, tx, book).gone(part.category for part in draft.parts):
        if spec.required(request.DESCRIPTOR.fields_by_name["record"]):  # type: ignore[arg-type]
            raise Refused("PART_GONE", "/record")
        draft.parts, draft.decisions = [], []


def _begin(ctx: Context, tx: Tx, request: OfferRequest) -> Ledger:
    """A referral that does not exist yet."""
    destination = request.destination
    if destination == ctx.agency:
        raise Refused("WRONG_RECIPIENT", "/destination")
    if reason := ctx.barred(destination):
        raise Refused(reason, "/destination")
    if not tx.accepts(destination):
        raise Refused("PEER_NOT_ACCEPTED", "/destination")
    if entries.VERSION not in ctx.member(destination).versions:
        raise Refused("UNKNOWN_VERSION", "/destination")
    restored.check_offer(tx, destination)
    row = ReferralRow(ctx.new_id(), ctx.agency, destination, request.consent_id)
    tx.add_referral(row)
    return Ledger(row, "origin", [])


def _expect(rpc: spec.Rpc, what: Write, book: Ledger) -> None:
    """The user must have seen what the node has; nothing holds a withdrawal back."""
    if rpc.unblockable:
        return
    if not what.HasField("expected_heads"):
        raise Refused("INVALID_FIELD", "/write/expectedHeads", expected="required")
    if what.expected_heads != book.heads:
        raise Refused("HEADS_CHANGED", "/write/expectedHeads", book.heads)


def _draft(ctx: Context, rpc: spec.Rpc, request: Message, book: Ledger) -> Draft:
    """The entry with the state fields of its request, as the next of our log."""
    log = book.logs[book.side]
    entry = Entry(
        version=entries.VERSION,
        referral_id=book.row.referral_id,
        author=ctx.agency,
        recipient=book.other_agency,
        round=book.state().round,
        seq=len(log) + 1,
        prev=log[-1].hash if log else "",
        seen=entries.head(book.logs["destination" if book.side == "origin" else "origin"]),
        kind=rpc.kind,
        time=stamp(ctx.now()),
    )
    for name in spec.act_fields(rpc.kind).given:
        _copy(request, entry, name)
    return Draft(entry, [], [], [])


def _copy(request: Message, entry: Entry, name: str) -> None:
    one = type(entry)()
    for field, value in request.ListFields():
        if field.name == name and field.name not in NOT_STATE:
            if isinstance(value, Message):
                getattr(one, name).CopyFrom(value)
            elif isinstance(value, str | int | bool):
                setattr(one, name, value)
            else:
                getattr(one, name).extend(value)
    entry.MergeFrom(one)


def _reads_only(tx: Tx, rpc: spec.Rpc, book: Ledger) -> bool:
    """The origin reads what came back without an entry: opened is the destination's word. After a
    fork the destination does, too: the content must not be out of reach.
    """
    return rpc.kind == "opened" and (book.side == "origin" or _forked(tx, book))


def _note(ctx: Context, tx: Tx, book: Ledger, draft: Draft, kept: list[Message]) -> None:
    referral_id = book.row.referral_id
    entry = draft.entry
    note = JournalNote(
        kind=entry.kind,
        time=entry.time,
        items=entry.items,
        follow_up=entry.follow_up,
        round=entry.round,
        milestone=entry.milestone if entry.HasField("milestone") else None,
        pause_reason=entry.pause_reason,
        categories=sorted({content.category(message) for message in kept}),
    )

    def copies(number: int) -> list[Encrypted]:
        return [content.journal_copy(ctx, book, message, number) for message in kept]

    tx.add_journal(referral_id, note.SerializeToString(), copies)
    tx.add_event("journal", referral_id)


def _signed(ctx: Context, book: Ledger, entry: Entry) -> str:
    """What no partner could read must never be written: it would stand before all that follows. A
    certificate goes without those of others if it can't go with them.
    """
    try:
        validate(entry)
        token = entries.sign(entry, ctx.keys.signing())
        if not loads.carries(token):
            raise Refused("TOO_LARGE")
    except Refused:
        if not (entry.HasField("certificate") and further.drop(entry.certificate)):
            raise
        if reason := transitions.refusal(book.state(), Act("", book.side, entry)):
            raise Refused(reason) from None
        return _signed(ctx, book, entry)
    return token


def _commit(
    ctx: Context, tx: Tx, rpc: spec.Rpc, request: Message, book: Ledger, draft: Draft
) -> str:
    """Sign the entry and store it with its parts and its outbox row. Gives its hash."""
    referral_id = book.row.referral_id
    entry = draft.entry
    for part in draft.parts:
        entry.parts.append(PartRef(category=part.category, digest=parts.digest(part)))
    refused = (row for row in tx.parts(referral_id) if row.outcome == "refused")
    # What an entry can't name goes into the next.
    unreported = [r for r in refused if r.side != book.side and not r.reported][: opening.MAX_NAMED]
    entry.refused.extend(Refusal(digest=one.digest, reason=one.reason) for one in unreported)
    tx.put_parts(referral_id, [replace(one, reported=True) for one in unreported])
    if any(not loads.fits(part) for part in draft.parts):
        raise Refused("TOO_LARGE", "/record")
    token = _signed(ctx, book, entry)
    act = entries.act(token, book.side, entry)
    row = EntryRow(book.side, entry.seq, act.hash, token, entry, delivered=False)
    tx.add_entry(referral_id, row)
    book.append(row)
    if draft.parts:
        keeps = shelf.Shelf(ctx, tx, book)
        keeps.make(part.category for part in draft.parts)
        bare = [PartRow(ref.digest, ref.category, book.side, act.hash) for ref in entry.parts]
        days = shelf.days(draft.parts)
        pairs = zip(bare, draft.parts, strict=True)
        tx.put_parts(referral_id, [keeps.keep(row, part, days) for row, part in pairs])
    disclosures.sent(ctx, tx, request, book, draft, act.hash)
    if draft.withheld:
        _note(ctx, tx, book, draft, draft.withheld)
    waiting = tx.outbox(referral_id)
    if waiting is None:
        waiting = OutboxRow(referral_id, book.other_agency, False, 0, ctx.now())
    urgent = rpc.urgent or waiting.urgent
    # At once, whatever failed before; but what has failed so often still waits for a human.
    tx.put_outbox(replace(waiting, urgent=urgent, next_at=ctx.now()))
    tx.add_event("entry", referral_id)
    at_once = rpc.unblockable and getattr(request, "destroy_now", False)
    suspected.mark(ctx, tx, referral_id, act.hash, request)
    withdrawal.seal(ctx, tx, book, at_once=at_once)
    return act.hash
