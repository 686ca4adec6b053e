"""Whatever waits for a person at this agency, each with its next step, in one list."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from onward.core import childhood, follow_ups, milestones, spec
from onward.core.consent import VALID
from onward.core.states import LIVE, State
from onward.v1.referral_pb2 import Holder, NeedsHuman
from onward_server.ports import OutboxRow, Tx
from onward_server.service import (
    content,
    disclosure,
    holders,
    keeping,
    links,
    posted,
    reading,
    withdrawal,
)
from onward_server.service.context import Context
from onward_server.service.ledger import Ledger

Found = list[tuple[str, str]]
"""Codes of what waits, each with the hash of the entry that caused it."""

OVERTAKEN = {"decide": "overtaken_acceptance", "complete": "overtaken_outcome"}

ANSWERS = {
    "decide": frozenset({"decide"}),
    "complete": frozenset({"complete", "follow_up"}),
}
"""Which later acts settle an overtaken one."""

DAY_TO_SIGN = timedelta(days=1)
"""So long may the second signature of a handover take before somebody should ask."""

TRIES_BEFORE_HUMAN = 8
"""After so many failed deliveries in a row, somebody should call the other agency."""


def needs_human(ctx: Context, tx: Tx, book: Ledger) -> list[NeedsHuman]:
    """What in this referral waits for a person at this agency, each with its next step."""
    tx = reading.reader(tx)
    consent = cache(lambda: content.get_consent(ctx, tx, book.row.consent_id))
    state = book.state()
    found: list[tuple[str, str]] = []
    for hash_, outcome in state.outcomes.items():
        if outcome == "disallowed":
            found.append(("disallowed_entry", hash_))
        elif outcome == "overtaken" and _still_open(state, hash_):
            found.append((OVERTAKEN[state.kinds[hash_]], hash_))
    own = tx.parts(book.row.referral_id) if state.phase != "invalidated" else []
    mine = {r.digest: r for r in own if r.side == book.side}
    found += [
        ("part_refused", mine[d].entry_hash)
        for d, p in state.parts.items()
        if p.state == "refused" and d in mine and not _sent_again(state, d)
    ]
    found += _asked(ctx, tx, book, state) + _raised(book, state) + _journey(ctx, state)
    found += links.waiting(ctx, tx, book) + _of_age(ctx, state, consent)
    known = holders.holders(ctx, book)
    late = holders.overdue(ctx, book, known)
    found += _erasure_due(ctx, known, late)
    if disclosure.withdrawal_incomplete(tx, book):
        found.append(("withdrawal_incomplete", ""))
    found += keeping.waiting(ctx, tx, book)
    if content.consent_lost(ctx, tx, book.row.consent_id):
        found.append(("consent_lost", ""))
    if withdrawal.owed_by_consent(tx, book, consent):
        found.append(("withdrawal_owed", ""))
    waiting = tx.outbox(book.row.referral_id)
    late_mail = posted.overdue(ctx, tx, book.row.referral_id)
    if waiting is not None and (stuck(waiting) or late_mail):
        found.append(("undelivered", ""))
    if tx.restored(book.row.referral_id):
        found.append(("restored", ""))
    codes = spec.registries()["needs_human"].codes
    listed = [
        NeedsHuman(
            code=code,
            next_step=codes[code].next_step,
            referral_id=book.row.referral_id,
            entry=hash_,
        )
        for code, hash_ in found
    ]
    listed += [
        NeedsHuman(
            code="link_unreadable",
            next_step=codes["link_unreadable"].next_step,
            referral_id=book.row.referral_id,
            agency=one,
        )
        for one in links.broken(ctx, tx, book)
    ]
    return listed + [
        NeedsHuman(
            code="certificate_overdue",
            next_step=codes["certificate_overdue"].next_step,
            referral_id=book.row.referral_id,
            entry=one.withdrawal,
            agency=one.agency,
            days=one.days,
        )
        for one in late
    ]


def _erasure_due(ctx: Context, known: list[Holder], late: list[Holder]) -> Found:
    """Withdrawals that somebody has not certified whose time for it is not over."""
    overdue = {(one.withdrawal, one.agency) for one in late}
    waits = {
        one.withdrawal: None
        for one in known
        if not one.certified
        and one.agency != ctx.agency
        and (one.withdrawal, one.agency) not in overdue
    }
    return [("erasure_due", hash_) for hash_ in waits]


def stuck(waiting: OutboxRow) -> bool:
    """Whether delivery needs a person: it failed too often, or trying again can't help."""
    reason = spec.reasons().get(waiting.reason)
    hopeless = reason is not None and not reason.retry and reason.name != "INTERNAL"
    return hopeless or waiting.attempts >= TRIES_BEFORE_HUMAN


def _still_open(state: State, overtaken: str) -> bool:
    """Whether nobody has answered an overtaken act yet, with an act that its next step names."""
    if state.phase == "invalidated":
        return False
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


def _asked(ctx: Context, tx: Tx, book: Ledger, state: State) -> Found:
    """What the other agency, or the person, waits for."""
    decided = book.logs["destination"]
    found: Found = [
        ("choice_needed", decided[item.asks - 1].hash)
        for item in state.items.values()
        if item.asks and state.phase in LIVE
    ]
    if book.side == "origin":
        if state.question:
            found.append(("question_open", state.question))
        if state.forward:
            found.append(("forward_proposed", state.forward))
        overdue = state.respond_by and ctx.now().timestamp() >= state.respond_by
        if overdue and state.phase in ("offered", "acknowledged"):
            found.append(("answer_overdue", ""))
        return found
    first = book.logs["origin"][0].hash
    if state.phase in ("offered", "acknowledged"):
        code = "acknowledge_offer" if state.phase == "offered" else "decide_offer"
        found.append((code, first))
    elif state.phase in LIVE and any(i.delivery == "requested" for i in state.items.values()):
        found.append(("decide_offer", first))
    if state.cancel_pending:
        found.append(("cancel_requested", _newest(book, "cancel")))
    if state.reminded:
        found.append(("reminded", state.reminded))
    if _follow_up_due(ctx, tx, book, state):
        found.append(("follow_up_due", ""))
    return found


def _of_age(ctx: Context, state: State, consent: withdrawal.Said) -> Found:
    """The child that this referral is about is none any more, and has not been asked."""
    if state.phase not in LIVE and state.rest not in ("deferred", "completed"):
        return []
    said = consent()
    asks = said is not None and said.status in VALID and childhood.came_of_age(said, ctx.now())
    return [("came_of_age", "")] if asks else []


def _newest(book: Ledger, kind: str) -> str:
    acts = [act.hash for log in book.logs.values() for act in log if act.kind == kind]
    return acts[-1] if acts else ""


def _follow_up_due(ctx: Context, tx: Tx, book: Ledger, state: State) -> bool:
    """Only where the person agreed to be contacted afterwards."""
    coming = follow_ups.next_due(state)
    if coming is None or ctx.now() < coming[1]:
        return False
    grant = content.newest_grant(ctx, tx.parts(book.row.referral_id), book, "origin")
    return grant is not None and "follow_up_contact" in grant.purposes


def _raised(book: Ledger, state: State) -> Found:
    """Alerts and complaints of the other agency that nobody here has answered.

    An alert whose next step is another than that of danger is listed by its own code.
    """
    own = spec.registries()["needs_human"].codes
    return [
        (o.code if o.kind == "alert" and o.code in own else o.kind, o.entry)
        for o in state.raised
        if o.side != book.side and not o.answered
    ]


def _journey(ctx: Context, state: State) -> Found:
    """A journey that must not go on, and a handover that only one side has signed for a day."""
    found: Found = []
    plan, arrived = state.milestones.get("travel_plan"), state.milestones.get("arrival")
    planned = plan is not None and plan.state in milestones.UNDER_WAY
    waits = planned and arrived is None and state.served
    if plan is not None and waits and not milestones.ready(state):
        found.append(("travel_not_ready", plan.entry))
    late = state.ended_at is not None and ctx.now() - state.ended_at > DAY_TO_SIGN
    if len(state.handover) == 1 and state.served and late:
        found.append(("handover_unconfirmed", next(iter(state.handover.values()))))
    return found
