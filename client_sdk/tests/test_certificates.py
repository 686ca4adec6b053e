"""Certificates of one withdrawal: a further one says more, and takes nothing back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from builders import AGENCIES, World, accepted, digest, refs
from onward.core.acts import Act
from onward.core.certificates import MOST, adds, after
from onward.core.fold import fold
from onward.core.states import Side
from onward.v1.entry_pb2 import Certificate, Kept, Withdrawal

DOWN, FURTHER_DOWN = "clinic.ngo.in.example", "legal.in.example"
TOKENS = ("e30.Yg.c2ln", "e30.Yw.c2ln", "e30.ZA.c2ln")


def kept(*categories: str, country: str = "IN") -> list[Kept]:
    """What is kept, by one law."""
    return [Kept(category=one, law="medical_records", country=country) for one in categories]


def said(
    world: World,
    withdrawal: Act,
    *,
    keeps: Iterable[Kept] = (),
    awaits: Iterable[str] = (),
    further: Iterable[str] = (),
    side: Side = "destination",
) -> str:
    """The side certifies so. Gives what became of it."""
    certificate = Certificate(
        withdrawal=withdrawal.hash, kept=keeps, awaits=awaits, further=further
    )
    act = world.write(side, "erased", certificate=certificate)
    world.meet()
    return fold(*world.both).outcomes[act.hash]


def withdrawn() -> tuple[World, Act]:
    """Two parts, taken back by the origin; both know it."""
    world = accepted(parts=refs("age_band", "sex"))
    gone = world.write("origin", "withdraw", withdrawal=Withdrawal(categories=["age_band", "sex"]))
    world.meet()
    return world, gone


def states(world: World) -> set[str]:
    return {part.state for part in fold(*world.both).parts.values()}


def state_of(world: World, category: str) -> str:
    return fold(*world.both).parts[digest(category)].state


REPEATS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("the same", {}, {}, "disallowed"),
    ("the same with all", {"awaits": [DOWN]}, {"awaits": [DOWN]}, "disallowed"),
    ("one fewer is waited for", {"awaits": [DOWN]}, {}, "counted"),
    ("one more is waited for", {}, {"awaits": [DOWN]}, "disallowed"),
    ("another is waited for", {"awaits": [DOWN]}, {"awaits": [FURTHER_DOWN]}, "disallowed"),
    ("one further", {}, {"further": TOKENS[:1]}, "counted"),
    ("the same further", {"further": TOKENS[:1]}, {"further": TOKENS[:1]}, "disallowed"),
    ("more further", {"further": TOKENS[:1]}, {"further": TOKENS[:2]}, "counted"),
    ("further, and more is kept", {}, {"further": TOKENS[:1], "keeps": kept("sex")}, "disallowed"),
    ("further, and another is waited for", {}, {"further": TOKENS[:1], "awaits": [DOWN]},
     "counted"),
    ("nothing is kept any more", {"keeps": kept("sex")}, {}, "counted"),
    ("less is kept", {"keeps": kept("sex", "age_band")}, {"keeps": kept("sex")}, "counted"),
    ("more is kept", {}, {"keeps": kept("sex")}, "disallowed"),
    ("kept by another law", {"keeps": kept("sex")}, {"keeps": kept("sex", country="BD")},
     "disallowed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "becomes"), [one[1:] for one in REPEATS], ids=[one[0] for one in REPEATS]
)
@pytest.mark.parametrize("side", ["origin", "destination"])
def test_again_only_with_something_new(
    first: dict[str, Any], second: dict[str, Any], becomes: str, side: Side
) -> None:
    world, gone = withdrawn()
    assert said(world, gone, side=side, **first) == "counted"
    assert said(world, gone, side=side, **second) == becomes


def test_what_does_not_count_changes_nothing() -> None:
    world, gone = withdrawn()
    said(world, gone, awaits=[DOWN])
    before = fold(*world.both).certificates
    said(world, gone, awaits=[FURTHER_DOWN])
    assert fold(*world.both).certificates == before


def test_each_side_for_itself() -> None:
    world, gone = withdrawn()
    said(world, gone, further=TOKENS[:1])
    assert said(world, gone, further=TOKENS[:1], side="origin") == "counted"


def test_nothing_is_erased_while_a_holder_is_waited_for() -> None:
    world, gone = withdrawn()
    said(world, gone, side="origin")
    said(world, gone, awaits=[DOWN, FURTHER_DOWN])
    assert states(world) == {"withdrawn"}
    said(world, gone, awaits=[DOWN])
    assert states(world) == {"withdrawn"}
    said(world, gone, further=TOKENS[:1])
    assert states(world) == {"erased"}


@pytest.mark.parametrize("keeper", ["origin", "destination"])
def test_what_is_kept_is_not_erased(keeper: Side) -> None:
    world, gone = withdrawn()
    said(world, gone, side=keeper, keeps=kept("sex"))
    said(world, gone, side="destination" if keeper == "origin" else "origin")
    assert (state_of(world, "sex"), state_of(world, "age_band")) == ("withdrawn", "erased")
    said(world, gone, side=keeper)
    assert states(world) == {"erased"}


CERTIFICATES = st.builds(
    Certificate,
    withdrawal=st.just("w"),
    kept=st.lists(st.sampled_from(kept("sex", "age_band", "hiv")), max_size=3),
    awaits=st.lists(st.sampled_from([DOWN, FURTHER_DOWN, *AGENCIES.values()]), max_size=3),
    further=st.lists(st.sampled_from(TOKENS), max_size=3),
)


@given(st.lists(CERTIFICATES, min_size=1, max_size=9))
def test_however_many_come_they_end_and_take_nothing_back(many: list[Certificate]) -> None:
    standing = after(None, many[0])
    counted = 1
    for one in many[1:]:
        if not adds(standing, one):
            continue
        newer = after(standing, one)
        assert newer.kept <= standing.kept
        assert newer.awaits <= standing.awaits or newer.further > standing.further
        assert newer.further >= standing.further
        standing, counted = newer, counted + 1
    # Each that counts moves one of three, and none of them without end.
    assert counted <= (1 + 3) * (1 + 4) * (1 + len(TOKENS))


def test_further_is_known_by_what_was_signed() -> None:
    """Another signature over the same bytes is the same entry."""
    before = after(None, Certificate(further=["e30.Yg.c2ln"]))
    assert not adds(before, Certificate(further=["e30.Yg.b3RoZXI"]))


def test_no_endless_further_certificates() -> None:
    before = after(None, Certificate())
    for number in range(MOST - 1):
        newer = Certificate(further=[f"a.{number}.c"], kept=kept("name"))
        before = after(before, newer)
    assert not adds(before, Certificate(further=["a.x.c"], kept=kept("name")))
    assert adds(before, Certificate()), "what a law keeps always ends"
