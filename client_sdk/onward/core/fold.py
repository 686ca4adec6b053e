"""The fold: from the two logs of a referral to its state (docs/spec.md, section Fold).

Canonical order: an entry follows what its author had seen; otherwise the origin's comes first.
Whether an act was allowed is judged on what its author had seen. So both nodes derive the same
state, whatever the order, duplication or delay in which the entries arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock

from onward.core import spec
from onward.core.acts import Act
from onward.core.states import PartStatus, State
from onward.core.transitions import TABLE, refusal

Point = tuple[int, int]
"""How many entries of the origin's and of the destination's log are in."""


class Cycle(ValueError):
    """An entry has seen another that had seen it, or one that is not there, or has unseen one."""


class Fold:
    """Folds two logs, and can tell the state at any moment that an author had seen.

    An entry of the destination comes after every entry of the origin that had not seen it. So
    every moment is the state after some entry of the origin, and then entries of the destination
    alone: a row. What is kept is one state for the start of each row, and the furthest on it.
    """

    def __init__(self, origin: Sequence[Act], destination: Sequence[Act]) -> None:
        self.origin = origin
        self.destination = destination
        self._starts: list[State] = [State()]
        self._furthest: dict[int, tuple[int, State]] = {}
        # For each entry of the destination: its author was not allowed to write it.
        self._disallowed: list[bool] = []
        self._lock = Lock()

    def state(self) -> State:
        """The state after all entries. Raises Cycle if the logs do not fit together."""
        return self.at((len(self.origin), len(self.destination)))

    def at(self, point: Point) -> State:
        """The state after the first entries of each log. Raises Cycle if there is none such."""
        origins, destinations = point
        if origins > len(self.origin) or destinations > len(self.destination):
            raise Cycle
        if origins and self.origin[origins - 1].seen > destinations:
            raise Cycle
        if destinations and self.destination[destinations - 1].seen > origins:
            raise Cycle
        with self._lock:
            # In canonical order, so that whatever a step needs is there already.
            while len(self._starts) <= origins or len(self._disallowed) < destinations:
                self._advance()
            return self._on_row(origins, destinations)

    def _advance(self) -> None:
        """The next entry in canonical order."""
        origins, destinations = len(self._starts) - 1, len(self._disallowed)
        if origins < len(self.origin) and self.origin[origins].seen <= destinations:
            act = self.origin[origins]
            if origins and act.seen < self.origin[origins - 1].seen:
                raise Cycle
            before = self._on_row(origins, act.seen)
            self._starts.append(_step(before, act, bool(refusal(before, act))))
        elif destinations < len(self.destination):
            act = self.destination[destinations]
            if act.seen > origins:
                raise Cycle
            if destinations and act.seen < self.destination[destinations - 1].seen:
                raise Cycle
            view = self._on_row(act.seen, destinations)
            self._disallowed.append(bool(refusal(view, act)))
        else:
            raise Cycle

    def _on_row(self, origins: int, destinations: int) -> State:
        """The state of a row that has begun, after so many entries of the destination."""
        position = self.origin[origins - 1].seen if origins else 0
        state = self._starts[origins]
        furthest = self._furthest.get(origins, (position, state))
        if furthest[0] <= destinations:
            position, state = furthest
        for number in range(position, destinations):
            state = _step(state, self.destination[number], self._disallowed[number])
        if furthest[0] < destinations:
            self._furthest[origins] = (destinations, state)
        return state


def fold(origin: Sequence[Act], destination: Sequence[Act]) -> State:
    """The state of a referral. Raises Cycle if the logs do not fit together."""
    return Fold(origin, destination).state()


def _step(state: State, act: Act, disallowed: bool) -> State:
    """One entry takes its turn. What its author refused of the other's parts stands in any case."""
    state = _refuse(state, act)
    if disallowed:
        return _settle(_bind(state, act, refused="disallowed"), act, "disallowed")
    row = TABLE[act.kind]
    # An act that brings no content can't carry any: not even one that was allowed.
    bound = _bind(state, act, refused="" if spec.binds_parts(act.kind) else "disallowed")
    if row.sort == "move" and refusal(state, act):
        return _settle(bound, act, "overtaken")
    return _settle(row.effect(_answer(bound, act), act), act, "counted")


def _settle(state: State, act: Act, outcome: str) -> State:
    return replace(
        state,
        outcomes=state.outcomes.then(act.hash, outcome),
        kinds=state.kinds.then(act.hash, act.kind),
    )


SILENT = frozenset({"erased", "opened"})
"""Acts that the node may write by itself, or that tell nothing of what a person did."""


def _answer(state: State, act: Act) -> State:
    """Whoever writes after having seen an alert or a complaint has answered it."""
    if act.kind in SILENT or all(one.answered for one in state.raised):
        return state
    raised = tuple(
        replace(one, answered=True) if one.side != act.side and one.seq <= act.seen else one
        for one in state.raised
    )
    return replace(state, raised=raised)


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
    unseen = [w for w in state.withdrawals if w.side != act.side and act.seen < w.seq]
    for ref in act.entry.parts:
        if ref.digest in parts:
            continue  # A digest is bound once; whoever names it again binds nothing.
        voided = tuple(w.entry for w in unseen if w.covers(ref.category))
        part = PartStatus(ref.category, act.side, act.hash)
        if refused:
            part = replace(part, state="refused", refusal=refused, voided=voided)
        elif voided:
            part = replace(part, state="withdrawn", voided=voided)
        parts[ref.digest] = part
    return replace(state, parts=parts)
