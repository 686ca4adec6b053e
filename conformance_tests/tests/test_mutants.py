"""Each mutant of the reference node fails the suite, with its requirement and no other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from memory_target import PROFILES, MemoryTarget
from mutation import Mutant, Trace, broken, mutants

from onward_conformance.check import Check
from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome, Result
from onward_conformance.runner import run

pytestmark = pytest.mark.mutants


@pytest.fixture
def target(tmp_path: Path) -> Iterator[MemoryTarget]:
    made = MemoryTarget(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trace, list[Result]]:
    """What the unbroken node came to, and which check ran what."""
    trace, results = Trace(mutants()), []
    with trace.recording():
        made = MemoryTarget(tmp_path_factory.mktemp("unbroken"))
        bench = made.bench()
        for one in chosen(PROFILES):
            trace.begin(one.name)
            results += run(bench, [one])
        trace.begin("")
        made.close()
    return trace, results


def test_the_unbroken_node_passes(unbroken: tuple[Trace, list[Result]]) -> None:
    assert [one for one in unbroken[1] if one.outcome is not Outcome.PASS] == []


def asked(checks: list[Check], requirement: str) -> list[Check]:
    """Of the checks that can tell, those that name the requirement, and of every other one the
    first that is about it. `ONWARD_MUTANTS=all` asks them all.
    """
    if os.environ.get("ONWARD_MUTANTS") == "all":
        return checks
    first = {one.requirements[0]: one for one in reversed(checks)}
    return [
        one
        for one in checks
        if requirement in one.requirements or first[one.requirements[0]] is one
    ]


@pytest.mark.parametrize("one", mutants(), ids=lambda one: one.name)
def test_it_is_killed(
    target: MemoryTarget, unbroken: tuple[Trace, list[Result]], one: Mutant
) -> None:
    with broken(one) as change:
        names = unbroken[0].tells(change)
        known = chosen(one.profiles or PROFILES)
        checks = asked([c for c in known if names is None or c.name in names], one.requirement)
        results = list(run(target.bench(), checks))
    failed = [each for each in results if each.outcome is not Outcome.PASS]
    assert failed, f"it survived {len(checks)} checks"
    others = [each for each in failed if each.requirement != one.requirement]
    assert others == [], "checks of other requirements failed, too"
