"""Each mutant of the reference node fails the suite, with its requirement and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from memory_target import PROFILES, MemoryTarget
from mutation import Mutant, Trace, broken, mutants

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
    trace, results = Trace(), []
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


NODES = [one for one in mutants() if one.profiles != ("client",)]


@pytest.mark.parametrize("one", NODES, ids=lambda one: one.name)
def test_it_is_killed(
    tmp_path: Path, unbroken: tuple[Trace, list[Result]], one: Mutant
) -> None:
    with node(tmp_path, one.profiles or PROFILES) as target, broken(one) as changed:
        names = unbroken[0].tells(changed)
        checks = [c for c in chosen(one.profiles or PROFILES) if names is None or c.name in names]
        results = list(run(target.bench(), checks))
    failed = [each for each in results if each.outcome is not Outcome.PASS]
    assert failed, f"it survived {len(checks)} checks"
    others = [each for each in failed if each.requirement != one.requirement]
    assert others == [], "checks of other requirements failed, too"
