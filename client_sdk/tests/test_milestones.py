"""The steps of a return: nobody travels before the risks are assessed and she has decided."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from builders import World, accepted, everything, items, profile
from onward.core import milestones, spec
from onward.core.fold import fold
from onward.core.states import SIDES, Side, State
from onward.v1.entry_pb2 import Milestone

DECISIONS = ["return", "not_yet", "not_return"]
"""By hand: from the one that lets her travel to the one that forbids it most."""


def step(world: World, side: Side, code: str, state: str = "done", decision: str = "") -> str:
    """What becomes of one more step, and the reason if it is refused in its author's view."""
    one = Milestone(code=code, state=state, decision=decision)
    written = world.write(side, "milestone", milestone=one)
    return fold(*world.both).outcomes[written.hash]


def prepared(*, decision: str = "return", assessed: str = "done") -> World:
    """A return that was prepared by the origin, as both sides know it."""
    world = accepted()
    if assessed:
        step(world, "origin", "risk_assessment", assessed)
    if decision:
        step(world, "origin", "return_decision", "done", decision)
    world.meet()
    return world


def ready(world: World) -> bool:
    """Whether she may set out."""
    return milestones.ready(fold(*world.both))


@pytest.mark.parametrize("code", ["travel_plan", "handover", "arrival"])
@pytest.mark.parametrize("state", ["in_progress", "done"])
@pytest.mark.parametrize(
    ("decision", "assessed"),
    [("", "done"), ("not_return", "done"), ("not_yet", "done"), ("return", ""),
     ("return", "in_progress"), ("return", "refused"), ("return", "not_needed")],
)  # fmt: skip
def test_no_journey_without_both(code: str, state: str, decision: str, assessed: str) -> None:
    world = prepared(decision=decision, assessed=assessed)
    for side in SIDES:
        assert step(world, side, code, state) == "disallowed"


@pytest.mark.parametrize("state", ["in_progress", "done"])
def test_the_journey_where_she_wants_it(state: str) -> None:
    world = prepared()
    for code in ("travel_plan", "arrival"):
        assert step(world, "destination", code, state) == "counted"


@pytest.mark.parametrize("code", ["travel_plan", "arrival", "handover"])
@pytest.mark.parametrize("state", ["not_needed", "requested", "refused", "blocked"])
def test_what_does_not_move_her_is_recorded_at_any_time(code: str, state: str) -> None:
    assert step(accepted(), "origin", code, state) == "counted"


@pytest.mark.parametrize("code", sorted(spec.registries()["return_milestone"].codes))
def test_preparing_waits_for_nothing(code: str) -> None:
    waits = {"travel_plan", "handover", "arrival", "first_72_hours"}
    decision = "not_return" if code == "return_decision" else ""
    found = step(accepted(), "origin", code, "done", decision)
    assert found == ("disallowed" if code in waits else "counted")


@pytest.mark.parametrize(
    ("code", "state", "decision"),
    [
        ("return_decision", "done", ""),
        ("return_decision", "in_progress", "return"),
        ("risk_assessment", "done", "return"),
    ],
)
def test_a_decision_says_what_it_is_and_nothing_else_does(
    code: str, state: str, decision: str
) -> None:
    assert step(accepted(), "origin", code, state, decision) == "disallowed"


@pytest.mark.parametrize("one", DECISIONS)
@pytest.mark.parametrize("two", DECISIONS)
def test_of_decisions_that_crossed_the_most_careful_stands(one: str, two: str) -> None:
    world = prepared(decision="")
    step(world, "origin", "return_decision", "done", one)
    step(world, "destination", "return_decision", "done", two)
    found = fold(*world.both)
    assert milestones.decision(found) == max(one, two, key=DECISIONS.index)
    assert milestones.ready(found) == (one == two == "return")
    world.meet()
    step(world, "destination", "return_decision", "done", "return")
    assert ready(world)


def test_not_return_stands_against_a_return_that_crossed() -> None:
    world = prepared(decision="")
    step(world, "origin", "return_decision", "done", "not_return")
    step(world, "destination", "return_decision", "done", "return")
    # The destination has not seen it: its journey is a fact, and a warning for both.
    assert step(world, "destination", "travel_plan", "in_progress") == "counted"
    assert not ready(world)
    world.meet()
    assert step(world, "destination", "arrival", "done") == "disallowed"
    assert step(world, "origin", "handover", "done") == "disallowed"


@pytest.mark.parametrize("side", SIDES)
def test_who_thinks_again_does_not_travel(side: Side) -> None:
    world = prepared()
    step(world, side, "return_decision", "in_progress")
    assert not ready(world)
    assert milestones.decision(fold(*world.both)) == ""
    crossed = prepared(decision="")
    step(crossed, "origin", "return_decision", "done", "return")
    step(crossed, "destination", "return_decision", "in_progress")
    assert not ready(crossed)


def test_a_risk_that_is_assessed_anew_holds_the_journey() -> None:
    world = prepared()
    step(world, "destination", "risk_assessment", "in_progress")
    assert step(world, "destination", "travel_plan") == "disallowed"
    step(world, "destination", "risk_assessment", "done")
    assert step(world, "destination", "travel_plan") == "counted"


def signs(world: World, side: Side) -> str:
    """What becomes of this side's signature of the handover."""
    other_ = fold(*world.at(side)).handover
    confirms = "".join(other_.values())
    written = world.write(side, "handover", confirms=confirms)
    return fold(*world.both).outcomes[written.hash]


def test_a_handover_in_a_return_needs_readiness_and_both_signatures() -> None:
    early = prepared(decision="not_yet")
    assert signs(early, "origin") == "disallowed"
    world = prepared()
    assert step(world, "origin", "handover", "in_progress") == "counted"
    assert step(world, "origin", "handover") == "disallowed"
    assert signs(world, "origin") == "counted"
    world.meet()
    assert step(world, "destination", "handover") == "disallowed"
    assert signs(world, "destination") == "counted"
    assert step(world, "destination", "handover") == "counted"


def test_a_handover_that_is_no_return_needs_no_steps() -> None:
    world = accepted()
    assert signs(world, "origin") == "counted"


def test_a_handover_refused_at_the_border_leaves_the_way_open() -> None:
    world = prepared()
    assert step(world, "origin", "handover", "in_progress") == "counted"
    assert step(world, "destination", "handover", "refused") == "counted"
    found = fold(*world.both)
    assert (found.phase, found.milestones["handover"].state) == ("accepted", "refused")
    assert found.handover == {}
    world.meet()
    assert step(world, "origin", "handover", "in_progress") == "counted"


def test_the_first_72_hours_come_after_the_arrival() -> None:
    world = prepared()
    assert step(world, "destination", "first_72_hours", "in_progress") == "disallowed"
    step(world, "destination", "arrival", "in_progress")
    assert step(world, "destination", "first_72_hours", "done") == "disallowed"
    assert step(world, "destination", "first_72_hours", "requested") == "counted"
    step(world, "destination", "arrival")
    assert step(world, "destination", "first_72_hours", "done") == "counted"


def test_having_returned_ends_nothing() -> None:
    world = prepared()
    step(world, "destination", "arrival")
    found = fold(*world.both)
    assert (found.phase, found.items[1].delivery) == ("accepted", "accepted")
    world.write("destination", "complete", items=items("completed"))
    world.meet()
    assert step(world, "destination", "first_72_hours") == "counted"
    assert fold(*world.both).rest == "completed"


def test_steps_stay_in_the_next_round_and_after_a_withdrawal() -> None:
    world = prepared()
    world.write("destination", "complete", items=items("completed"))
    world.meet()
    world.write("origin", "reopen", items=[{"number": 1, "wish": "now"}])
    assert set(fold(*world.both).milestones) == {"risk_assessment", "return_decision"}
    world.meet()
    world.write("origin", "withdraw", withdrawal=everything())
    assert set(fold(*world.both).milestones) == {"risk_assessment", "return_decision"}


CODES = ["risk_assessment", "return_decision", "travel_plan", "arrival", "first_72_hours"]


@st.composite
def travels(draw: st.DrawFn) -> World:
    """Steps in any order, by both sides, with news on the way."""
    world = accepted()
    for _ in range(draw(st.integers(1, 10))):
        side = draw(st.sampled_from(SIDES))
        if draw(st.booleans()):
            world.deliver(side, draw(st.integers(1, 3)))
        code = draw(st.sampled_from(CODES))
        state = draw(st.sampled_from(["done", "done", "in_progress", "refused"]))
        decides = code == "return_decision" and state == "done"
        decision = draw(st.sampled_from(["return", *DECISIONS])) if decides else ""
        step(world, side, code, state, decision)
    return world


@profile(100)
@given(world=travels())
def test_no_journey_counts_whose_author_knew_of_a_no(world: World) -> None:
    state: State = fold(*world.both)
    for side in SIDES:
        for act in world.logs[side]:
            one = act.entry.milestone
            if one.code in ("travel_plan", "arrival") and one.state in ("done", "in_progress"):
                mine, theirs = act.entry.seq - 1, act.seen
                o, d = (mine, theirs) if side == "origin" else (theirs, mine)
                view = fold(world.logs["origin"][:o], world.logs["destination"][:d])
                knew = {word.decision for word in view.decisions}
                assessed = view.milestones.get("risk_assessment")
                fine = knew == {"return"} and assessed is not None and assessed.state == "done"
                assert state.outcomes[act.hash] == ("counted" if fine else "disallowed")


@profile(60)
@given(world=travels())
def test_decisions_of_both_are_kept_until_one_has_seen_the_other(world: World) -> None:
    said = {side: [] for side in SIDES}  # type: dict[Side, list[tuple[int, int, str]]]
    state = fold(*world.both)
    for side in SIDES:
        for act in world.logs[side]:
            if act.kind == "milestone" and act.entry.milestone.code == "return_decision":
                said[side].append((act.entry.seq, act.seen, act.entry.milestone.decision))
    last = {side: words[-1] for side, words in said.items() if words}
    kept = {
        side
        for side, (seq, _, _) in last.items()
        if all(seq > seen for rest, (_, seen, _) in last.items() if rest != side)
    }
    assert {word.side for word in state.decisions} == kept
