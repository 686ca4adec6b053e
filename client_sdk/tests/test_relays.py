"""A withdrawal goes on by the rule alone: it reaches all that it should, no more, and it ends.

Up to five agencies, referrals between them at random, some passing on what came in others, and
withdrawals at random that cross each other on their way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given, settings, strategies as st

from builders import World, accepted, refs
from onward.core.fold import fold
from onward.core.relays import owed, reach
from onward.core.states import SIDES, Side
from onward.v1.entry_pb2 import Withdrawal

CATEGORIES = ("name", "sex", "age_band")
MOST = 600
"""Steps after which a network that has not come to rest never will."""


@dataclass
class Case:
    """One referral: who offers, to whom, by which consent, and of which it passes something on."""

    origin: int
    destination: int
    consent: int
    source: int | None
    world: World
    seen: dict[Side, set[str]] = field(default_factory=lambda: {side: set() for side in SIDES})

    def side(self, node: int) -> Side | None:
        return {self.origin: "origin", self.destination: "destination"}.get(node)  # type: ignore[return-value]


class Network:
    """Nodes that know of each other only what is delivered."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.nodes = chance.randint(2, 5)
        self.cases: list[Case] = []
        self.steps = 0
        for _ in range(chance.randint(1, 7)):
            self._refer()

    def _refer(self) -> None:
        origin, destination = self.chance.sample(range(self.nodes), 2)
        came = [n for n, one in enumerate(self.cases) if one.destination == origin]
        source = self.chance.choice([None, *came]) if came else None
        consent = origin * 10 + self.chance.randint(0, 1)
        world = accepted(parts=refs(*CATEGORIES))
        world.meet()
        self.cases.append(Case(origin, destination, consent, source, world))

    def withdraw(self, number: int, side: Side, scope: Withdrawal) -> None:
        """Somebody takes something back."""
        case = self.cases[number]
        case.world.write(side, "withdraw", withdrawal=scope)
        self._look(number, side)

    def deliver(self, number: int, side: Side) -> None:
        """Some of what the other side wrote arrives."""
        case = self.cases[number]
        case.world.deliver(side, self.chance.randint(1, 2))
        self._look(number, side)

    def _look(self, number: int, side: Side) -> None:
        """What this side's node does after a change, referral by referral."""
        case = self.cases[number]
        node = case.origin if side == "origin" else case.destination
        for one in fold(*case.world.at(side)).withdrawals:
            if one.entry in case.seen[side]:
                continue
            case.seen[side].add(one.entry)
            categories = [] if one.everything else sorted(one.categories)
            scope = Withdrawal(everything=one.everything, categories=categories, linked=one.linked)
            self._spread(number, node, side, scope)

    def _spread(self, number: int, node: int, side: Side, scope: Withdrawal) -> None:
        mine = self.cases[number]
        forwards = [n for n, one in enumerate(self.cases)
                    if one.source == number and one.origin == node]  # fmt: skip
        up = side == "origin" and mine.source is not None
        siblings = [
            n
            for n, one in enumerate(self.cases)
            if side == "origin" and n != number and one.consent == mine.consent
        ]
        for name in reach(
            linked=scope.linked,
            forwards=map(str, forwards),
            sources=[str(mine.source)] if up else [],
            siblings=map(str, siblings),
        ):
            there = self.cases[int(name)]
            theirs = there.side(node)
            assert theirs is not None
            if owed(fold(*there.world.at(theirs)), scope):
                self.steps += 1
                assert self.steps < MOST, "it does not end"
                there.world.write(theirs, "withdraw", withdrawal=scope)
                self._look(int(name), theirs)

    def settle(self) -> None:
        """Everything is delivered, in any order."""
        while waiting := list(self._waiting()):
            self.deliver(*self.chance.choice(waiting))

    def _waiting(self) -> Iterator[tuple[int, Side]]:
        for number, case in enumerate(self.cases):
            for side, theirs in zip(SIDES, reversed(SIDES), strict=True):
                if case.world.has[side] < len(case.world.logs[theirs]):
                    yield number, side

    def reached(self, start: int, linked: bool) -> set[int]:
        """What a withdrawal should reach, by the graph alone."""
        found, todo = {start}, [start]
        while todo:
            at = todo.pop()
            mine = self.cases[at]
            for n, one in enumerate(self.cases):
                near = one.source == at
                if linked:
                    near = near or n == mine.source or one.consent == mine.consent
                if near and n not in found:
                    found.add(n)
                    todo.append(n)
        return found


SCOPES = (
    {"everything": True},
    {"categories": ["name"]},
    {"categories": ["sex", "name"]},
    {"categories": ["age_band"]},
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_it_reaches_all_and_ends(seed: int) -> None:
    chance = Random(seed)
    network = Network(chance)
    said: list[tuple[int, Withdrawal]] = []
    for _ in range(chance.randint(1, 3)):
        number = chance.randrange(len(network.cases))
        scope = Withdrawal(**chance.choice(SCOPES), linked=chance.random() < 0.5)
        said.append((number, scope))
        network.withdraw(number, chance.choice(SIDES), scope)
        for _ in range(chance.randint(0, 3)):
            waiting = list(network._waiting())
            if waiting:
                network.deliver(*chance.choice(waiting))
    network.settle()
    due: dict[int, set[str]] = {n: set() for n in range(len(network.cases))}
    for number, scope in said:
        for n in network.reached(number, scope.linked):
            due[n] |= set(CATEGORIES) if scope.everything else set(scope.categories)
    for n, case in enumerate(network.cases):
        views = [fold(*case.world.at(side)) for side in SIDES]
        assert views[0] == views[1]
        gone = {part.category for part in views[0].parts.values() if part.voided}
        assert gone == due[n]
    # Each referral hears of each at most once from either side, and of linked ones again.
    assert network.steps <= len(network.cases) * len(said) * 2


def one_case() -> World:
    world = accepted(parts=refs("name", "sex"))
    world.meet()
    return world


def some(*names: str, linked: bool = False) -> Withdrawal:
    return Withdrawal(categories=names, linked=linked)


@pytest.mark.parametrize(
    ("before", "scope", "is_owed"),
    [
        ((), some("name"), True),
        ((some("name"),), some("name"), False),
        ((some("name"),), some("name", "sex"), True),
        ((some("name"), some("sex")), some("name", "sex"), False),
        ((some("name"),), Withdrawal(everything=True), True),
        ((Withdrawal(everything=True),), some("name"), False),
        ((Withdrawal(everything=True),), Withdrawal(everything=True), False),
        ((Withdrawal(everything=True),), Withdrawal(everything=True, linked=True), True),
        ((Withdrawal(everything=True, linked=True),), Withdrawal(everything=True), False),
        ((some("name", linked=True),), some("name", linked=True), False),
        ((), some("hiv"), True),
    ],
)
def test_owed_where_it_adds_something(
    before: tuple[Withdrawal, ...], scope: Withdrawal, is_owed: bool
) -> None:
    world = one_case()
    for one in before:
        world.write("origin", "withdraw", withdrawal=one)
    assert owed(fold(*world.both), scope) is is_owed


def test_owed_again_after_a_new_yes() -> None:
    world = one_case()
    world.write("origin", "withdraw", withdrawal=some("name"))
    world.write("origin", "disclose", parts=refs("name", salt="again"))
    assert owed(fold(*world.both), some("name"))
    assert owed(fold(*world.both), some("sex"))
