"""The diagram of phases in docs/ is complete: nothing happens that it does not show."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from hypothesis import given

from builders import World, profile
from onward.core import spec
from onward.core.fold import _step, fold
from onward.core.states import State
from random_logs import worlds
from stages import STAGES, stage

MAKE = Path(__file__).resolve().parents[2] / "docs" / "make.py"


def _load() -> ModuleType:
    found = importlib.util.spec_from_file_location("docs_make_diagram", MAKE)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module  # Dataclasses look their module up there.
    found.loader.exec_module(module)
    return module


make = _load()


def check(world: World) -> None:
    """Every step of the two logs in their order is an edge."""
    edges = make.phases()
    acts = {act.hash: act for log in world.both for act in log}
    end = fold(*world.both)
    state = State()
    for hash_, outcome in end.outcomes.items():
        after = _step(state, acts[hash_], outcome == "disallowed")
        if make.label(after) != make.label(state):
            assert acts[hash_].kind in edges[make.label(state), make.label(after)]
        state = after
    assert state == end


def test_every_stage_is_on_the_diagram() -> None:
    for name in STAGES:
        check(stage(name))


@profile(150)
@given(world=worlds())
def test_no_phase_is_reached_that_the_diagram_does_not_have(world: World) -> None:
    check(world)


def test_every_rest_of_the_vocabulary_and_the_end_are_drawn() -> None:
    drawn = {one for edge in make.phases() for one in edge}
    rests = {f"resting: {one}" for one in spec.registries()["rest_reason"].codes}
    assert drawn == {"", *spec.registries()["phase"].codes, *rests} - {"resting"}
