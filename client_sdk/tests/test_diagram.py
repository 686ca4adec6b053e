"""The diagram of phases in docs/ is complete: nothing happens that it does not show."""

from __future__ import annotations

from hypothesis import given

from builders import World, profile
from diagram import edges, name
from onward.core import spec
from onward.core.fold import _step, fold
from onward.core.states import State
from random_logs import worlds
from stages import STAGES, stage


def check(world: World) -> None:
    """Every step of the two logs in their order is an edge."""
    acts = {act.hash: act for log in world.both for act in log}
    end = fold(*world.both)
    state = State()
    for hash_, outcome in end.outcomes.items():
        after = _step(state, acts[hash_], outcome == "disallowed")
        if name(after) != name(state):
            assert (name(state), name(after), acts[hash_].kind) in edges()
        state = after
    assert state == end


def test_every_stage_is_on_the_diagram() -> None:
    for one in STAGES:
        check(stage(one))


@profile(150)
@given(world=worlds())
def test_no_phase_is_reached_that_the_diagram_does_not_have(world: World) -> None:
    check(world)


def test_every_rest_of_the_vocabulary_and_the_end_are_drawn() -> None:
    drawn = {one for before, after, _ in edges() for one in (before, after)}
    rests = {f"resting_{one}" for one in spec.registries()["rest_reason"].codes}
    assert drawn == {"[*]", *spec.registries()["phase"].codes, *rests} - {"resting"}
