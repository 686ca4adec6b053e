"""Acts that cross: both are written before either arrives, and both nodes derive one state.

Acts that leave the phase are written in a chain, which crosses each of them with whatever the
other side writes. Those that end or stop something meet each other one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest

import act_table
from act_table import FACTS, after, may
from cells import Cells, running, unmoved
from onward.core.states import SIDES
from phases import Case, content, prepare

PHASES = ("acknowledged", "accepted", "active")

CHAINS = {
    "origin": (
        "disclose", "answer", "remind", "choice", "correct", "handover", "milestone", "alert",
        "complaint", "erased",
    ),
    "destination": (
        "opened", "clarify", "propose_forward", "follow_up", "choice", "correct", "handover",
        "milestone", "alert", "complaint", "erased",
    ),
}  # fmt: skip
SINGLE = {
    "origin": ("amend", "cancel", "expire", "close", "recall", "invalidate", "withdraw"),
    "destination": (
        "decide", "confirm_cancel", "progress", "pause", "resume", "complete", "withdraw",
    ),
}  # fmt: skip

OVERTAKES = {("cancel", "decide"), ("close", "confirm_cancel"), ("amend", "complete")}
"""Beyond the phase: nothing is taken on that was to be cancelled, what is closed waits for nothing,
and what was added has not ended."""

NOT_WHILE_CANCELLING = frozenset({"cancel", "disclose", "amend", "answer"})
"""What an origin does not write to an agency that it has asked to cancel."""

Crossing = tuple[str, tuple[str, ...], tuple[str, ...]]


def crossings() -> Iterator[Crossing]:
    """Each with its phase, the origin's acts and the destination's."""
    for phase in PHASES:
        chain = {
            side: tuple(kind for kind in CHAINS[side] if may(kind, side, phase)) for side in SIDES
        }
        alone = {side: [(k,) for k in SINGLE[side] if may(k, side, phase)] for side in SIDES}
        sides = ([chain[side], *alone[side]] for side in SIDES)
        for origins, destinations in product(*sides):
            if "confirm_cancel" in destinations:
                origins = tuple(one for one in origins if one not in NOT_WHILE_CANCELLING)
            if origins:
                yield phase, origins, destinations


def name(crossing: Crossing) -> str:
    phase, *both = crossing
    return "-".join([phase, *(kinds[0] if len(kinds) == 1 else "chain" for kinds in both)])


@pytest.fixture(scope="module")
def cells() -> Iterator[Cells]:
    yield from running()


def test_every_act_of_these_phases_crosses() -> None:
    for side in SIDES:
        possible = {k for k in act_table.kinds() for p in PHASES if may(k, side, p)}
        assert possible == {*CHAINS[side], *SINGLE[side]}


def expected(crossing: Crossing) -> tuple[str, list[str]]:
    """Where the referral then stands, and what becomes of the destination's acts. The origin's
    come first, so that nothing overtakes them.
    """
    standing, origins, destinations = crossing
    for kind in origins:
        standing = after(kind, standing)
    outcomes = []
    for kind in destinations:
        barred = any((one, kind) in OVERTAKES for one in origins)
        stands = kind in FACTS or (may(kind, "destination", standing) and not barred)
        outcomes.append("counted" if stands else "overtaken")
        standing = after(kind, standing) if stands else standing
    return standing, outcomes


def written(case: Case, side: str, kinds: Sequence[str]) -> list[str]:
    """Hashes of these acts, written and not yet delivered."""
    client = case.desk(side).client  # type: ignore[arg-type]
    found = []
    for kind in kinds:
        done = case.call(client, kind, **content(case, side, kind))  # type: ignore[arg-type]
        found.append(getattr(done, "recorded", done).entry or case.last(side, kind))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("crossing", list(crossings()), ids=name)
def test_acts_that_cross(cells: Cells, crossing: Crossing) -> None:
    phase, origins, destinations = crossing
    case = cells.case(phase)
    cells.spoil()
    for kind in {*origins, *destinations}:
        prepare(case, kind, phase)
    for side in SIDES:
        case.desk(side).client.get_referral(case.referral_id)
    first = written(case, "origin", origins)
    second = written(case, "destination", destinations)
    before, _ = cells.pair.views(case.referral_id)
    case.deliver()
    standing, outcomes = expected(crossing)
    here, there = cells.pair.views(case.referral_id)
    assert here == there
    for side in SIDES:
        found = case.outcomes(side)
        assert [found[one] for one in first] == ["counted"] * len(first)
        assert [found[one] for one in second] == outcomes
    assert (here.rest_reason or here.phase) == standing
    if set(outcomes) == {"overtaken"}:
        assert unmoved(here) == unmoved(before)
