"""What each act does to the state, once it counts. Pure; parts and outcomes are the fold's."""

from __future__ import annotations

from dataclasses import replace

from onward.core.acts import Act
from onward.core.consent import touching
from onward.core.guards import NOT_TAKEN, withdrawable
from onward.core.states import SIDES, ItemStatus, PartStatus, State, Withdrawn


def nothing(state: State, act: Act) -> State:
    """The act changes no more than its parts do."""
    return state


def offer(state: State, act: Act) -> State:
    """The referral begins, with its items."""
    items = {item.number: ItemStatus(item.wish) for item in act.entry.items}
    return replace(state, phase="offered", items=items)


def acknowledge(state: State, act: Act) -> State:
    """A person has seen it."""
    return replace(state, phase="acknowledged")


def _delivered(state: State, act: Act) -> dict[int, ItemStatus]:
    items = dict(state.items)
    for item in act.entry.items:
        if item.number in items:
            items[item.number] = replace(
                items[item.number], delivery=item.state, reason=item.reason
            )
    return items


def decide(state: State, act: Act) -> State:
    """Item by item; what is then left says where the referral stands."""
    items = _delivered(state, act)
    taken = [item for item in items.values() if item.delivery not in NOT_TAKEN]
    undecided = any(item.delivery in ("requested", "waitlisted") for item in taken)
    if not taken:
        return replace(state, items=items, phase="resting", rest="declined")
    if all(item.wish == "later" for item in taken) and not undecided:
        return replace(state, items=items, phase="resting", rest="deferred")
    if all(item.delivery in ("requested", "waitlisted") for item in taken):
        return replace(state, items=items)
    return replace(state, items=items, phase="active" if state.phase == "active" else "accepted")


def progress(state: State, act: Act) -> State:
    """Items move; the first that is in delivery makes the referral active."""
    items = _delivered(state, act)
    begun = any(item.delivery == "in_delivery" for item in items.values())
    phase = "active" if begun and state.phase == "accepted" else state.phase
    return replace(state, items=items, phase=phase)


def handover(state: State, act: Act) -> State:
    """One signature of two."""
    return replace(state, handover={**state.handover, act.side: act.hash})


def complete(state: State, act: Act) -> State:
    """Rests as completed; follow-ups go on."""
    return replace(state, items=_delivered(state, act), phase="resting", rest="completed")


def close(state: State, act: Act) -> State:
    """The origin's loop ends; nothing else changes."""
    return replace(state, closed=True)


def opened(state: State, act: Act) -> State:
    """Parts that were only sent have now been read."""
    parts = dict(state.parts)
    for digest in act.entry.opened:
        part = parts.get(digest)
        if part is not None and part.state == "sent":
            parts[digest] = replace(part, state="opened")
    return replace(state, parts=parts)


def withdraw(state: State, act: Act) -> State:
    """Voids every part in scope so far; of everything, it rests the referral.

    Parts of entries that come later but had not seen it are voided by the fold in their turn.
    """
    scope = act.entry.withdrawal
    named = withdrawable(scope.categories)
    taken_back = Withdrawn(
        act.hash, act.side, act.entry.seq, scope.everything, named | touching(named)
    )
    parts = {
        digest: _void(part, act.hash) if taken_back.covers(part.category) else part
        for digest, part in state.parts.items()
    }
    state = replace(state, parts=parts, withdrawals=(*state.withdrawals, taken_back))
    return replace(state, phase="resting", rest="withdrawn") if scope.everything else state


def _void(part: PartStatus, withdrawal: str) -> PartStatus:
    """The part, taken back. One that was refused stays so, but its author's copy is void too."""
    voided = (*part.voided, withdrawal)
    if part.state in ("sent", "opened", "withdrawn"):
        return replace(part, state="withdrawn", voided=voided)
    return replace(part, voided=voided)


def erased(state: State, act: Act) -> State:
    """One holder has certified. When both have, what that withdrawal took back is erased."""
    certificate = act.entry.certificate
    certified = state.certified | {(act.side, certificate.withdrawal)}
    parts = dict(state.parts)
    if all((side, certificate.withdrawal) in certified for side in SIDES):
        for digest, part in parts.items():
            if part.state == "withdrawn" and certificate.withdrawal in part.voided:
                parts[digest] = replace(part, state="erased")
    return replace(state, parts=parts, certified=certified)
