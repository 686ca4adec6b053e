"""A referral as its own agency reads it: the fold, and what stays at this node."""

from __future__ import annotations

from collections.abc import Iterable

from onward.core import spec, transitions
from onward.core.acts import Act
from onward.core.states import Side, State
from onward.v1.entry_pb2 import Entry, Item, Withdrawal
from onward.v1.referral_pb2 import JournalNote, NeedsHuman, PartStatus, Referral
from onward_server.ports import OutboxRow, Tx
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

SIDES: tuple[Side, Side] = ("origin", "destination")

OVERTAKEN = {"decide": "overtaken_acceptance", "complete": "overtaken_outcome"}

ANSWERS = {
    "decide": frozenset({"decide"}),
    "complete": frozenset({"complete", "follow_up"}),
}
"""Which later acts settle an overtaken one."""

TRIES_BEFORE_HUMAN = 8
"""After so many failed deliveries in a row, somebody should call the other agency."""


def referral(ctx: Context, tx: Tx, book: Ledger) -> Referral:
    """The whole view."""
    state = book.state()
    row = book.row
    held = {p.digest for p in tx.parts(row.referral_id) if p.outcome == "held"}
    notes = [JournalNote.FromString(note) for note in tx.journal(row.referral_id)]
    waiting = sum(1 for one in book.rows if one.side == book.side and not one.delivered)
    result = folded(state, row.referral_id, row.origin, row.destination)
    for part in result.parts:
        part.readable = part.digest in held
    result.heads.CopyFrom(book.heads)
    result.needs_human.extend(needs_human(ctx, tx, book))
    result.journal.extend(notes)
    result.undelivered = waiting
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
        items=[
            Item(number=number, wish=item.wish, state=item.delivery, reason=item.reason)
            for number, item in sorted(state.items.items())
        ],
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
            Withdrawal(everything=one.everything, categories=sorted(one.categories))
            for one in state.withdrawals
        ],
        certified=[agencies[side] for side in SIDES if not state.uncertified(side)]
        if state.withdrawals
        else [],
    )


def needs_human(ctx: Context, tx: Tx, book: Ledger) -> list[NeedsHuman]:
    """What in this referral waits for a person at this agency, each with its next step."""
    state = book.state()
    found: list[tuple[str, str]] = []
    for hash_, outcome in state.outcomes.items():
        if outcome == "disallowed":
            found.append(("disallowed_entry", hash_))
        elif outcome == "overtaken" and _still_open(state, hash_):
            found.append((OVERTAKEN[state.kinds[hash_]], hash_))
    mine = {r.digest: r for r in tx.parts(book.row.referral_id) if r.side == book.side}
    found += [
        ("part_refused", mine[d].entry_hash)
        for d, p in state.parts.items()
        if p.state == "refused" and d in mine and not _sent_again(state, d)
    ]
    if book.side == "destination" and state.phase in ("offered", "acknowledged"):
        first = book.logs["origin"][0].hash
        code = "acknowledge_offer" if state.phase == "offered" else "decide_offer"
        found.append((code, first))
    theirs: Side = "destination" if book.side == "origin" else "origin"
    found += [("erasure_due", hash_) for hash_ in state.uncertified(theirs)]
    sealed = [r for r in tx.parts(book.row.referral_id) if r.outcome == "sealed"]
    if any(not state.parts[row.digest].voided for row in sealed):
        found.append(("withdrawal_incomplete", ""))
    waiting = tx.outbox(book.row.referral_id)
    if waiting is not None and stuck(waiting):
        found.append(("undelivered", ""))
    codes = spec.registries()["needs_human"].codes
    return [
        NeedsHuman(
            code=code,
            next_step=codes[code].next_step,
            referral_id=book.row.referral_id,
            entry=hash_,
        )
        for code, hash_ in found
    ]


def stuck(waiting: OutboxRow) -> bool:
    """Whether delivery needs a person: it failed too often, or trying again can't help."""
    reason = spec.reasons().get(waiting.reason)
    hopeless = reason is not None and not reason.retry and reason.name != "INTERNAL"
    return hopeless or waiting.attempts >= TRIES_BEFORE_HUMAN


def _still_open(state: State, overtaken: str) -> bool:
    """Whether nobody has answered an overtaken act yet, with an act that its next step names."""
    kind = state.kinds[overtaken]
    order = state.order
    later = order[order.index(overtaken) + 1 :]
    answers = ANSWERS.get(kind, frozenset())
    answered = any(state.kinds[h] in answers and state.outcomes[h] == "counted" for h in later)
    return kind in OVERTAKEN and not answered


def _sent_again(state: State, refused: str) -> bool:
    """Whether the category of a refused part was sent again since, and not refused."""
    order = list(state.parts)
    part = state.parts[refused]
    later = [state.parts[digest] for digest in order[order.index(refused) + 1 :]]
    return any(
        one.category == part.category and one.author == part.author and one.state != "refused"
        for one in later
    )


def with_journal(book: Ledger, notes: Iterable[bytes]) -> State:
    """The state as this agency knows it: the fold, and then what stays here."""
    state = book.state()
    for number, raw in enumerate(notes):
        note = JournalNote.FromString(raw)
        entry = Entry(kind=note.kind, round=state.round, items=note.items, follow_up=note.follow_up)
        act = Act(f"journal-{number}", book.side, entry)
        if note.kind != "opened" and not transitions.refusal(state, act):
            state = transitions.TABLE[note.kind].effect(state, act)
    return state
