"""Each mutant of the reference node fails the suite, with its requirement and no other."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from memory_target import PROFILES, MemoryTarget
from mutation import Mutant, Trace, broken, mutants

from onward_conformance.check import Check
from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome, Result
from onward_conformance.runner import run

pytestmark = pytest.mark.mutants


@contextmanager
def node(folder: Path, profiles: Sequence[str]) -> Iterator[MemoryTarget]:
    """The reference node of these profiles."""
    made = MemoryTarget(folder, profiles)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trace, list[Result]]:
    """What the unbroken node came to, and which check ran what."""
    trace, results = Trace(mutants()), []
    with trace.recording():
        for profiles in (PROFILES, ("destination",)):
            with node(tmp_path_factory.mktemp("unbroken"), profiles) as made:
                bench, known = made.bench(), {one.name for one in results}
                for one in chosen(profiles):
                    if one.name not in known:
                        trace.begin(one.name)
                        results += run(bench, [one])
                trace.begin("")
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


NODES = [one for one in mutants() if one.profiles != ("client",)]


@pytest.mark.parametrize("one", NODES, ids=lambda one: one.name)
def test_it_is_killed(tmp_path: Path, unbroken: tuple[Trace, list[Result]], one: Mutant) -> None:
    with node(tmp_path, one.profiles or PROFILES) as target, broken(one) as change:
        names = unbroken[0].tells(change)
        known = chosen(one.profiles or PROFILES)
        checks = asked([c for c in known if names is None or c.name in names], one.requirement)
        results = list(run(target.bench(), checks))
    failed = [each for each in results if each.outcome is not Outcome.PASS]
    assert failed, f"it survived {len(checks)} checks"
    others = [each for each in failed if each.requirement != one.requirement]
    assert others == [], "checks of other requirements failed, too"
