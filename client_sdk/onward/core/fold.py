"""The fold: from the two logs of a referral to its state (docs/spec.md, section Fold).

Canonical order: an entry follows what its author had seen; otherwise the origin's comes first.
Whether an act was allowed is judged on what its author had seen. So both nodes derive the same
state, whatever the order, duplication or delay in which the entries arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onward.core.acts import Act
from onward.core.states import PartStatus, State
from onward.core.transitions import TABLE, refusal

Point = tuple[int, int]
"""How many entries of the origin's and of the destination's log are in."""


class Cycle(ValueError):
    """An entry has seen another that had seen it, or one that is not there."""


class Fold:
    """Folds two logs, and can tell the state at any moment that an author had seen."""

    def __init__(self, origin: Sequence[Act], destination: Sequence[Act]) -> None:
        self.origin = origin
        self.destination = destination
        self._states: dict[Point, State] = {(0, 0): State()}

    def state(self) -> State:
        """The state after all entries. Raises Cycle if the logs do not fit together."""
        # In the order of the destination's log, so that no view is computed from far away.
        for number, act in enumerate(self.destination):
            self.at((act.seen, number))
        return self.at((len(self.origin), len(self.destination)))

    def at(self, point: Point) -> State:
        """The state after the first entries of each log."""
        steps: list[tuple[Point, Point, Act]] = []
        while point not in self._states:
            before, act = self._last(point)
            steps.append((before, point, act))
            point = before
        for before, after, act in reversed(steps):
            self._states[after] = _step(self._states[before], self._view(before, act), act)
        return self._states[steps[0][1]] if steps else self._states[point]

    def _last(self, point: Point) -> tuple[Point, Act]:
        """The last entry up to a point in canonical order, and the point before it."""
        origins, destinations = point
        if origins > len(self.origin) or destinations > len(self.destination):
            raise Cycle
        last_origin = self.origin[origins - 1] if origins else None
        last_destination = self.destination[destinations - 1] if destinations else None
        if last_origin is not None and last_origin.seen >= destinations:
            if last_origin.seen > destinations:
                raise Cycle
            return (origins - 1, destinations), last_origin
        if last_destination is None or last_destination.seen > origins:
            raise Cycle
        return (origins, destinations - 1), last_destination

    def _view(self, before: Point, act: Act) -> State:
        """What the act's author had seen."""
        if act.side == "origin":
            return self._states[before]
        return self.at((act.seen, act.entry.seq - 1))


def fold(origin: Sequence[Act], destination: Sequence[Act]) -> State:
    """The state of a referral. Raises Cycle if the logs do not fit together."""
    return Fold(origin, destination).state()


def _step(state: State, view: State, act: Act) -> State:
    """One entry takes its turn."""
    state = _refuse(state, act)
    if refusal(view, act):
        return _settle(state, act, "disallowed")
    row = TABLE[act.kind]
    if row.sort == "move" and refusal(state, act):
        return _settle(state, act, "overtaken")
    return _settle(row.effect(_bind(state, act), act), act, "counted")


def _settle(state: State, act: Act, outcome: str) -> State:
    if outcome == "disallowed":
        state = _bind(state, act, refused="disallowed")
    elif outcome == "overtaken":
        state = _bind(state, act)
    return replace(
        state,
        outcomes={**state.outcomes, act.hash: outcome},
        kinds={**state.kinds, act.hash: act.kind},
    )


def _refuse(state: State, act: Act) -> State:
    """Parts of the other side that this entry's author had refused."""
    if not act.entry.refused:
        return state
    parts = dict(state.parts)
    for one in act.entry.refused:
        part = parts.get(one.digest)
        if part is not None and part.author != act.side and part.state in ("sent", "opened"):
            parts[one.digest] = replace(part, state="refused", refusal=one.reason)
    return replace(state, parts=parts)


def _bind(state: State, act: Act, refused: str = "") -> State:
    """The parts of an entry. Those that a withdrawal covers which it had not seen are void."""
    if not act.entry.parts:
        return state
    parts = dict(state.parts)
    for ref in act.entry.parts:
        if ref.digest in parts:
            continue  # A digest is bound once; whoever names it again binds nothing.
        unseen = any(
            w.covers(ref.category) and w.side != act.side and act.seen < w.seq
            for w in state.withdrawals
        )
        part = PartStatus(ref.category, act.side, act.hash)
        if refused:
            part = replace(part, state="refused", refusal=refused)
        elif unseen:
            part = replace(part, state="withdrawn")
        parts[ref.digest] = part
    return replace(state, parts=parts)
