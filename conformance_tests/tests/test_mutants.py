"""Each mutant of the reference node fails the suite, with its requirement and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from memory_target import PROFILES, MemoryTarget
from mutation import Mutant, broken, mutants

from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome
from onward_conformance.runner import run

pytestmark = pytest.mark.mutants


@pytest.fixture
def target(tmp_path: Path) -> Iterator[MemoryTarget]:
    made = MemoryTarget(tmp_path)
    yield made
    made.close()


def test_the_unbroken_node_passes(target: MemoryTarget) -> None:
    results = list(run(target.bench(), chosen(PROFILES)))
    assert [one for one in results if one.outcome is not Outcome.PASS] == []


NODES = [one for one in mutants() if one.profiles != ("client",)]


@pytest.mark.parametrize("one", NODES, ids=lambda one: one.name)
def test_it_is_killed(target: MemoryTarget, one: Mutant) -> None:
    with broken(one):
        results = list(run(target.bench(), chosen(one.profiles or PROFILES)))
    failed = [each for each in results if each.outcome is not Outcome.PASS]
    assert failed, "it survived"
    others = [each for each in failed if each.requirement != one.requirement]
    assert others == [], "checks of other requirements failed, too"
