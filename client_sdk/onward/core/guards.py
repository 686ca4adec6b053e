"""Conditions of acts beyond their phase: each gives a reason to refuse, or an empty string."""

from __future__ import annotations

from collections.abc import Iterable

from onward.core import certificates, milestones, spec
from onward.core.acts import Act
from onward.core.choices import DONE, NOT_TAKEN, RESTRICTIVE
from onward.core.clock import moment
from onward.core.consent import touching
from onward.core.states import ItemStatus, State, other
from onward.v1.entry_pb2 import Item

OPEN_WISHES = frozenset({"now", "later", "undecided"})

DECISIONS = frozenset({"accepted", "waitlisted", "unavailable", "declined_by_agency"})

# From which state of delivery an item may go on to which (docs/transitions.md).
STEPS: dict[str, frozenset[str]] = {
    "accepted": frozenset({"offered", "scheduled", "in_delivery", *DONE}),
    "waitlisted": frozenset({"offered", "scheduled", "in_delivery", *DONE}),
    "offered": frozenset({"scheduled", "in_delivery", "declined_by_survivor", *DONE}),
    "scheduled": frozenset({"scheduled", "in_delivery", "no_show", *DONE}),
    "no_show": frozenset({"scheduled", "in_delivery", *DONE}),
    "in_delivery": frozenset({"paused", *DONE}),
    "paused": frozenset({"in_delivery", *DONE}),
}

DELIVERIES = frozenset(STEPS).union(*STEPS.values())
"""States of delivery that a destination can report."""

AHEAD = frozenset({"offered", "scheduled", "in_delivery"})
"""Steps towards the person. The others tell that something rests or has ended."""

BEFORE_CHOICE = frozenset({"offered"})
"""Steps that wait for no choice: it is how she is asked."""

ROUNDS = spec.rule(spec.messages()["onward.v1.Entry"].fields_by_name["round"]).maximum
"""A referral has no more rounds than an entry can name."""


def always(state: State, act: Act) -> str:
    """No condition."""
    return ""


def served(state: State, act: Act) -> str:
    """Service goes on under a referral that rests only where it rests as completed."""
    return "" if state.served else "STATE_CONFLICT"


def _twice(items: list[Item]) -> bool:
    return len({item.number for item in items}) != len(items)


def _known(state: State, items: list[Item]) -> str:
    if _twice(items) or any(item.number not in state.items for item in items):
        return "ITEM_UNKNOWN"
    return ""


def _asked(state: State, items: list[Item]) -> str:
    """Items that are asked for say what the person wants, and go with items that there are."""
    if _twice(items) or any(item.state or item.reason for item in items):
        return "ITEM_UNKNOWN"
    numbers = {0, *state.items, *(item.number for item in items)}
    if any(i.together_with not in numbers or i.together_with == i.number for i in items):
        return "ITEM_UNKNOWN"
    if any(item.not_before and item.wish != "later" for item in items):
        return "ITEM_UNKNOWN"
    return "" if all(item.wish in OPEN_WISHES for item in items) else "WISH_FORBIDS"


def _plain(items: list[Item]) -> bool:
    """Whether items say nothing of what the person wants: that is said by a choice."""
    return not any(item.wish or item.not_before or item.together_with for item in items)


def offer(state: State, act: Act) -> str:
    """An offer numbers each item once and says what the person wants; never is not offered."""
    items = list(act.entry.items)
    if act.entry.seq != 1 or not items:
        return "ITEM_UNKNOWN"
    return _asked(state, items)


def amend(state: State, act: Act) -> str:
    """Items that are added are new ones; what she wants of the others is a choice. Nothing is
    added to what the destination is asked to cancel.
    """
    items = list(act.entry.items)
    if state.cancel_pending:
        return "STATE_CONFLICT"
    if any(item.number in state.items for item in items):
        return "ITEM_UNKNOWN"
    return _asked(state, items)


def reopen(state: State, act: Act) -> str:
    """Not after a withdrawal of everything: then the way back is a new referral."""
    if state.rest == "withdrawn" or state.round >= ROUNDS:
        return "STATE_CONFLICT"
    return _asked(state, list(act.entry.items)) if act.entry.items else "ITEM_UNKNOWN"


def choice(state: State, act: Act) -> str:
    """A choice names items of the referral and one of four wishes for each."""
    items = list(act.entry.items)
    if not items or _known(state, items):
        return "ITEM_UNKNOWN"
    if any(item.state or item.reason or item.together_with for item in items):
        return "ITEM_UNKNOWN"
    if any(i.wish not in RESTRICTIVE or (i.not_before and i.wish != "later") for i in items):
        return "ITEM_UNKNOWN"
    return ""


def decide(state: State, act: Act) -> str:
    """A decision is one of four; declining takes a coded reason. What she never wants is not
    accepted, and after a request to cancel nothing is.
    """
    items = list(act.entry.items)
    if not items or _known(state, items):
        return "ITEM_UNKNOWN"
    if any(item.state not in DECISIONS for item in items) or not _plain(items):
        return "ITEM_UNKNOWN"
    if any(state.items[item.number].delivery in DONE for item in items):
        return "STATE_CONFLICT"
    if any(state.items[item.number].wish == "never" for item in items):
        return "WISH_FORBIDS"
    if state.cancel_pending and any(item.state in ("accepted", "waitlisted") for item in items):
        return "STATE_CONFLICT"
    if any((item.state == "declined_by_agency") != bool(item.reason) for item in items):
        return "REASON_REQUIRED"
    return ""


def progress(state: State, act: Act) -> str:
    """Items move on by the steps; no step ahead that she does not want yet or has to decide on, and
    none during a pause.
    """
    items = list(act.entry.items)
    if served(state, act):
        return "STATE_CONFLICT"
    if not items or _known(state, items) or any(item.reason for item in items):
        return "ITEM_UNKNOWN"
    if not _plain(items):
        return "ITEM_UNKNOWN"
    for item in items:
        current = state.items[item.number]
        if item.state not in STEPS.get(current.delivery, frozenset()):
            return "STATE_CONFLICT"
        if state.pause_reason and item.state in AHEAD:
            return "STATE_CONFLICT"
        if found := _unwanted(current, item.state, act):
            return found
    return ""


def _unwanted(item: ItemStatus, step: str, act: Act) -> str:
    """Why the person's choice, or that she has not made it, forbids this step."""
    if step not in AHEAD:
        return ""
    if item.wish == "never" or (item.wish == "later" and _early(item, act)):
        return "WISH_FORBIDS"
    undecided = item.wish == "undecided" and step not in BEFORE_CHOICE
    return "CHOICE_NEEDED" if item.asks or undecided else ""


def _early(item: ItemStatus, act: Act) -> bool:
    """Whether the day has not come before which the person wants nothing arranged."""
    today = moment(act.entry.time).date().isoformat()
    return not item.not_before or today[: len(item.not_before)] < item.not_before


def complete(state: State, act: Act) -> str:
    """Every item that was taken on has ended, save those that the person wants later."""
    items = list(act.entry.items)
    if items and progress(state, act):
        return progress(state, act)
    ended = {item.number for item in items if item.state in DONE}
    for number, item in state.items.items():
        waits = item.delivery not in DONE | NOT_TAKEN and number not in ended
        if waits and item.wish != "later":
            return "STATE_CONFLICT"
    return ""


def opened(state: State, act: Act) -> str:
    """What was opened is a part of the other side."""
    known = all(
        digest in state.parts and state.parts[digest].author == other(act.side)
        for digest in act.entry.opened
    )
    return "" if known and act.entry.opened else "STATE_CONFLICT"


def handover(state: State, act: Act) -> str:
    """Each side signs once; who signs second names the first signature. In a return, not before
    the person has decided and the risks are assessed.
    """
    if served(state, act) or act.side in state.handover:
        return "STATE_CONFLICT"
    if state.milestones and not milestones.ready(state):
        return "TRAVEL_NOT_READY"
    return "" if act.entry.confirms == state.handover.get(other(act.side), "") else "STATE_CONFLICT"


def withdraw(state: State, act: Act) -> str:
    """A withdrawal names something. One that names categories beside everything is everything:
    it is never refused for how it was written.
    """
    scope = act.entry.withdrawal
    return "" if scope.everything or withdrawable(scope.categories) else "INVALID_FIELD"


def withdrawable(categories: Iterable[str]) -> frozenset[str]:
    """Those of the categories that are about the person: a grant is void only with everything."""
    known = spec.categories()
    return frozenset(one for one in categories if one not in known or not known[one].protocol)


def covered(categories: Iterable[str]) -> frozenset[str]:
    """What a withdrawal takes back that names these: also whatever may speak of them."""
    named = withdrawable(categories)
    return named | touching(named)


def erased(state: State, act: Act) -> str:
    """A certificate answers a withdrawal that its author had seen: once, and again only where it
    adds something (onward.core.certificates).
    """
    certificate = act.entry.certificate
    if certificate.withdrawal in state.uncertified(act.side):
        return ""
    before = state.certificates.get((act.side, certificate.withdrawal))
    further = before is not None and certificates.adds(before, certificate)
    return "" if further else "STATE_CONFLICT"


def disclose(state: State, act: Act) -> str:
    """Nothing more is told to an agency that has been asked to cancel."""
    return "STATE_CONFLICT" if state.cancel_pending else ""


def answer(state: State, act: Act) -> str:
    """An answer names the question that is open; nothing more is told to an agency that has been
    asked to cancel.
    """
    if state.cancel_pending:
        return "STATE_CONFLICT"
    return "" if state.question and act.entry.answers == state.question else "STATE_CONFLICT"


def clarify(state: State, act: Act) -> str:
    """A question is about items of the referral."""
    known = all(number in state.items for number in act.entry.question.items)
    return "" if known else "ITEM_UNKNOWN"


def cancel(state: State, act: Act) -> str:
    """Asked once."""
    return "STATE_CONFLICT" if state.cancel_pending else ""


def confirm_cancel(state: State, act: Act) -> str:
    """Only what was asked for is confirmed."""
    return "" if state.cancel_pending else "STATE_CONFLICT"


def expire(state: State, act: Act) -> str:
    """Only when the time is over that the destination was given."""
    over = state.respond_by and act.entry.time.seconds >= state.respond_by
    return "" if over else "STATE_CONFLICT"


def recall(state: State, act: Act) -> str:
    """Only while nobody at the destination has opened what the origin sent."""
    return "STATE_CONFLICT" if state.read else ""


def pause(state: State, act: Act) -> str:
    """A pause does not begin twice."""
    return "STATE_CONFLICT" if state.pause_reason else ""


def resume(state: State, act: Act) -> str:
    """Only after a pause."""
    return "" if state.pause_reason else "STATE_CONFLICT"


def propose_forward(state: State, act: Act) -> str:
    """A third agency, and items of the referral, by number alone."""
    items = list(act.entry.items)
    if act.entry.forward_to in (act.entry.author, act.entry.recipient):
        return "INVALID_FIELD"
    if _known(state, items) or not _plain(items) or any(i.state or i.reason for i in items):
        return "ITEM_UNKNOWN"
    return ""


def milestone(state: State, act: Act) -> str:
    """No journey before the risk assessment and the person's own decision to return."""
    return served(state, act) or milestones.refusal(state, act)


def correct(state: State, act: Act) -> str:
    """An agency corrects its own parts; the destination also how far an item has come that it has
    taken on, by the person's choice as in progress.
    """
    items = list(act.entry.items)
    named = [state.parts.get(digest) for digest in act.entry.corrects]
    # A grant is no content: without it an older one, of other terms, would count again.
    own = all(p and p.author == act.side and withdrawable([p.category]) for p in named)
    if served(state, act) or not own:
        return "STATE_CONFLICT"
    if items and act.side == "origin":
        return "ITEM_UNKNOWN"
    if _known(state, items) or not _plain(items) or any(item.reason for item in items):
        return "ITEM_UNKNOWN"
    for item in items:
        current = state.items[item.number]
        if item.state not in DELIVERIES:
            return "ITEM_UNKNOWN"
        if current.delivery not in DELIVERIES or current.delivery in NOT_TAKEN:
            return "STATE_CONFLICT"
        if found := _unwanted(current, item.state, act):
            return found
    return ""
