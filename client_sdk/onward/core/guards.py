"""Conditions of acts beyond their phase: each gives a reason to refuse, or an empty string."""

from __future__ import annotations

from collections.abc import Iterable

from onward.core import spec
from onward.core.acts import Act
from onward.core.states import State, other
from onward.v1.entry_pb2 import Item

OPEN_WISHES = frozenset({"now", "later", "undecided"})

DECISIONS = frozenset({"accepted", "waitlisted", "unavailable", "declined_by_agency"})

DONE = frozenset(
    {"completed", "partly_completed", "dropped_out", "stopped_by_survivor", "stopped_by_agency"}
)
"""States in which the delivery of an item has ended."""

NOT_TAKEN = frozenset({"declined_by_agency", "unavailable", "declined_by_survivor"})
"""States of an item that nobody delivers."""

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


def always(state: State, act: Act) -> str:
    """No condition."""
    return ""


def served(state: State, act: Act) -> str:
    """Service goes on under a referral that rests only where it rests as completed."""
    return "" if state.phase != "resting" or state.rest == "completed" else "STATE_CONFLICT"


def _known(state: State, items: list[Item]) -> str:
    numbers = [item.number for item in items]
    if len(set(numbers)) != len(numbers) or any(n not in state.items for n in numbers):
        return "ITEM_UNKNOWN"
    return ""


def offer(state: State, act: Act) -> str:
    """An offer numbers each item once and says what the person wants; never is not offered."""
    items = list(act.entry.items)
    numbers = {item.number for item in items}
    if act.entry.seq != 1 or not items or len(numbers) != len(items):
        return "ITEM_UNKNOWN"
    if any(item.state or item.reason for item in items):
        return "ITEM_UNKNOWN"
    return "" if all(item.wish in OPEN_WISHES for item in items) else "WISH_FORBIDS"


def decide(state: State, act: Act) -> str:
    """A decision is one of four; declining takes a coded reason."""
    items = list(act.entry.items)
    if not items or _known(state, items):
        return "ITEM_UNKNOWN"
    if any(item.state not in DECISIONS or item.wish for item in items):
        return "ITEM_UNKNOWN"
    if any(state.items[item.number].delivery in DONE for item in items):
        return "STATE_CONFLICT"
    if any((item.state == "declined_by_agency") != bool(item.reason) for item in items):
        return "REASON_REQUIRED"
    return ""


def progress(state: State, act: Act) -> str:
    """Items move on by the steps above, and not before the person wants them."""
    items = list(act.entry.items)
    if served(state, act):
        return "STATE_CONFLICT"
    if not items or _known(state, items) or any(item.reason or item.wish for item in items):
        return "ITEM_UNKNOWN"
    for item in items:
        current = state.items[item.number]
        if item.state not in STEPS.get(current.delivery, frozenset()):
            return "STATE_CONFLICT"
        if current.wish in ("later", "never") and item.state not in DONE:
            return "WISH_FORBIDS"
    return ""


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
    """Each side signs once; who signs second names the first signature."""
    if served(state, act) or act.side in state.handover:
        return "STATE_CONFLICT"
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


def erased(state: State, act: Act) -> str:
    """A certificate answers a withdrawal that its author had seen, once."""
    named = act.entry.certificate.withdrawal
    return "" if named in state.uncertified(act.side) else "STATE_CONFLICT"
