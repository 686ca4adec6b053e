"""What the person wants of each item, when two agencies may both record it.

Each agency's last word counts until the other has written one that had seen it. Of words that
crossed, the most restrictive stands (docs/spec.md, section Choices; domain.md R022, R031).
"""

from __future__ import annotations

from dataclasses import replace

from onward.core.acts import Act
from onward.core.states import LIVE, ItemStatus, State, Word

RESTRICTIVE = ("now", "undecided", "later", "never")
"""From the least restrictive wish to the most."""

DONE = frozenset(
    {"completed", "partly_completed", "dropped_out", "stopped_by_survivor", "stopped_by_agency"}
)
"""States in which the delivery of an item has ended."""

NOT_TAKEN = frozenset({"declined_by_agency", "unavailable", "declined_by_survivor"})
"""States of an item that nobody delivers."""

BEGUN = frozenset({"in_delivery", "paused"})
"""States in which the person is being served."""

HERS = frozenset({"declined_by_survivor", "stopped_by_survivor"})
"""States that are the person's own decision, which she can change."""

WAITING = frozenset({"requested", "waitlisted"})
"""States in which the agency has not said yes or no."""


def _weight(word: Word) -> tuple[int, str]:
    # A day that is not named comes after every day.
    return RESTRICTIVE.index(word.wish), word.not_before or "~"


def say(item: ItemStatus, word: Word, seen: int) -> ItemStatus:
    """The item after one more word about it, whose author had seen so much of the other's log."""
    unseen = tuple(one for one in item.words if one.side != word.side and one.seq > seen)
    words = (*unseen, word)
    strictest = max(words, key=_weight)
    day = strictest.not_before if strictest.wish == "later" else ""
    return replace(item, words=words, wish=strictest.wish, not_before=day)


def choose(state: State, act: Act) -> State:
    """Each item that the act names, by the word it says; what she declines ends at once."""
    items = dict(state.items)
    for one in act.entry.items:
        if one.number in items and one.wish in RESTRICTIVE:
            word = Word(act.side, act.entry.seq, one.wish, one.not_before)
            items[one.number] = _followed(say(items[one.number], word, act.seen))
    return replace(state, items=items)


def _followed(item: ItemStatus) -> ItemStatus:
    """Delivery follows the wish. A question that she was asked is answered: whoever records a
    choice after it in canonical order has seen it.
    """
    item = obey(replace(item, asks=0))
    if item.wish != "never" and item.delivery in HERS:
        return replace(item, delivery="requested", reason="")
    return item


def obey(item: ItemStatus) -> ItemStatus:
    """What the person never wants ends at once, also where another step was reported meanwhile."""
    if item.wish != "never" or item.delivery in DONE | NOT_TAKEN:
        return item
    end = "stopped_by_survivor" if item.delivery in BEGUN else "declined_by_survivor"
    return replace(item, delivery=end, reason="", asks=0)


def settle(state: State, *, by: str) -> State:
    """Where the referral stands after items have changed by an act of this kind.

    It rests when nothing is left, or all of it is for later; her choice wakes it again. Where the
    destination serves, what has ended counts: completing is its own act.
    """
    left = [item for item in state.items.values() if item.delivery not in DONE | NOT_TAKEN]
    ended = state.served and any(item.delivery in DONE for item in state.items.values())
    # While she is being served the destination must be able to say how that goes on.
    served = ended or any(item.delivery in BEGUN for item in left)
    later = bool(left) and not served and all(item.wish == "later" for item in left)
    if state.phase in LIVE:
        if not left and not ended:
            # Where both have said no, she can still change her mind.
            return state.resting("not_wanted" if _hers(state) else "declined")
        if later and (by == "choice" or not any(item.delivery in WAITING for item in left)):
            return state.resting("deferred")
        # Declining what was left answers a request to cancel.
        return replace(
            state, cancel_pending=state.cancel_pending and (bool(left) or by != "decide")
        )
    if by != "choice" or state.rest not in ("deferred", "not_wanted"):
        return state
    if left and not later:
        return replace(state, phase=_woken(state), rest="")
    if later:
        return replace(state, rest="deferred")
    return replace(state, rest="not_wanted") if _hers(state) else state


def _hers(state: State) -> bool:
    """Whether the person herself has said no to some of it."""
    return any(item.delivery in HERS for item in state.items.values())


def _woken(state: State) -> str:
    """The phase that a referral goes on in."""
    if not state.accepted:
        # What the destination reported of an earlier round is no acceptance of this one.
        return "acknowledged" if state.acknowledged else "offered"
    deliveries = {item.delivery for item in state.items.values()} - NOT_TAKEN - WAITING - DONE
    if deliveries & BEGUN:
        return "active"
    if deliveries:
        return "accepted"
    return "acknowledged" if state.acknowledged else "offered"
