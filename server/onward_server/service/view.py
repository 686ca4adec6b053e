"""A referral as its own agency reads it: the fold, and what stays at this node."""

from __future__ import annotations

from collections.abc import Iterable

from google.protobuf.timestamp_pb2 import Timestamp

from onward.core import follow_ups, milestones, transitions
from onward.core.acts import Act
from onward.core.clock import stamp
from onward.core.states import SIDES, State
from onward.v1.entry_pb2 import Entry, Item, Milestone, Withdrawal
from onward.v1.referral_pb2 import (
    DueFollowUp,
    JournalNote,
    MilestoneStatus,
    PartStatus,
    Raised,
    Referral,
)
from onward_server.ports import Tx
from onward_server.service import attention, holders, links, reading
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger


def referral(ctx: Context, tx: Tx, book: Ledger) -> Referral:
    """The whole view."""
    tx = reading.reader(tx)
    state = book.state()
    row = book.row
    restored = tx.restored(row.referral_id)
    # What was withdrawn since the backup is not known yet.
    parts = [] if restored else tx.parts(row.referral_id)
    held = {part.digest for part in parts if part.outcome == "held"}
    notes = [JournalNote.FromString(note) for note in tx.journal(row.referral_id)]
    waiting = sum(1 for one in book.rows if one.side == book.side and not one.delivered)
    result = folded(state, row.referral_id, row.origin, row.destination)
    for part in result.parts:
        part.readable = part.digest in held
    result.heads.CopyFrom(book.heads)
    asked = book.act(state.question)
    if asked is not None:
        result.question.CopyFrom(asked.entry.question)
    proposed = book.act(state.forward)
    if proposed is not None:
        result.forward_to = proposed.entry.forward_to
    result.holders.extend(holders.holders(ctx, book))
    result.needs_human.extend(attention.needs_human(ctx, tx, book))
    result.journal.extend(notes)
    result.links.extend(links.shown(ctx, tx, book))
    result.undelivered = waiting
    result.restored = restored
    return result


def folded(state: State, referral_id: str, origin: str, destination: str) -> Referral:
    """What both nodes derive alike."""
    agencies = {"origin": origin, "destination": destination}
    return Referral(
        referral_id=referral_id,
        origin=origin,
        destination=destination,
        phase=state.phase,
        rest_reason=state.rest,
        round=state.round,
        closed=state.closed,
        cancel_pending=state.cancel_pending,
        pause_reason=state.pause_reason,
        question_entry=state.question,
        resumes=state.resumes,
        respond_by=Timestamp(seconds=state.respond_by) if state.respond_by else None,
        items=[
            Item(
                number=number,
                wish=item.wish,
                not_before=item.not_before,
                together_with=item.together_with,
                state=item.delivery,
                reason=item.reason,
            )
            for number, item in sorted(state.items.items())
        ],
        choice_needed=[number for number, item in sorted(state.items.items()) if item.asks],
        milestones=[
            MilestoneStatus(
                milestone=Milestone(
                    code=code,
                    state=word.state,
                    # Of decisions that crossed, the one that counts, not the last.
                    decision=milestones.decision(state) if word.decision else "",
                ),
                since=stamp(word.since),
                author=agencies[word.side],
            )
            for code, word in state.milestones.items()
        ],
        raised=[
            Raised(
                author=agencies[one.side],
                entry=one.entry,
                answered=one.answered,
                alert=one.code if one.kind == "alert" else "",
                complaint=one.code if one.kind == "complaint" else "",
            )
            for one in state.raised
        ],
        follow_ups=len(state.follow_ups),
        next_follow_up=_next_follow_up(state),
        parts=[
            PartStatus(
                digest=digest,
                category=part.category,
                author=agencies[part.author],
                state=part.state,
                refusal=part.refusal,
            )
            for digest, part in state.parts.items()
        ],
        handover_origin="origin" in state.handover,
        handover_destination="destination" in state.handover,
        withdrawals=[
            Withdrawal(
                everything=one.everything, categories=sorted(one.categories), linked=one.linked
            )
            for one in state.withdrawals
            if one.kind == "withdraw"
        ],
        certified=[agencies[side] for side in SIDES if not state.uncertified(side)]
        if state.withdrawals
        else [],
    )


def _next_follow_up(state: State) -> DueFollowUp | None:
    found = follow_ups.next_due(state)
    return DueFollowUp(point=found[0], due=stamp(found[1])) if found else None


def with_journal(book: Ledger, notes: Iterable[bytes]) -> State:
    """The state as this agency knows it: the fold, and then what stays here."""
    state = book.state()
    for number, raw in enumerate(notes):
        note = JournalNote.FromString(raw)
        entry = Entry(
            kind=note.kind, round=state.round, time=note.time, items=note.items,
            follow_up=note.follow_up, pause_reason=note.pause_reason,
            milestone=note.milestone if note.HasField("milestone") else None,
        )  # fmt: skip
        if note.round not in (0, state.round) and note.kind != "milestone":
            continue  # What was done in another round says nothing of this one.
        act = Act(f"journal-{number}", book.side, entry)
        if note.kind != "opened" and not transitions.refusal(state, act):
            state = transitions.TABLE[note.kind].effect(state, act)
    return state
