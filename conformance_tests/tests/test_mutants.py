"""Each mutant of the reference node fails the suite, with its requirement and no other."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from memory_target import PROFILES, MemoryTarget
from mutation import Change, Mutant, Trace, broken, mutants

from onward_conformance.check import Check
from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome

pytestmark = pytest.mark.mutants

ALL = os.environ.get("ONWARD_MUTANTS") == "all"


@contextmanager
def node(folder: Path, profiles: Sequence[str]) -> Iterator[MemoryTarget]:
    """The reference node of these profiles."""
    made = MemoryTarget(folder, profiles)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Trace | None:
    """Which check runs what, where every check that can tell is to be asked."""
    if not ALL:
        return None
    made = Trace(mutants())
    with made.recording():
        known: set[str] = set()
        for profiles in (PROFILES, ("destination",)):
            with node(tmp_path_factory.mktemp("unbroken"), profiles) as target:
                for one in chosen(profiles):
                    if one.name not in known:
                        known.add(one.name)
                        made.begin(one.name)
                        assert [r.outcome for r in target.results([one])] == [Outcome.PASS]
                made.begin("")
    return made


def asked(checks: list[Check], one: Mutant, change: Change, trace: Trace | None) -> list[Check]:
    """The checks that name the mutant's requirement. With `ONWARD_MUTANTS=all` every check that
    runs what is changed, which takes an hour: so nothing else may fail.
    """
    if trace is None:
        return [each for each in checks if one.requirement in each.requirements]
    names = trace.tells(change)
    return [each for each in checks if names is None or each.name in names]


NODES = [one for one in mutants() if one.profiles not in (("client",), ("collect",))]


@pytest.mark.parametrize("one", NODES, ids=lambda one: one.name)
def test_it_is_killed(tmp_path: Path, trace: Trace | None, one: Mutant) -> None:
    profiles = one.profiles or PROFILES
    with node(tmp_path, profiles) as target, broken(one) as change:
        checks = asked(chosen(profiles), one, change, trace)
        results = target.results(checks)
    failed = [each for each in results if each.outcome is not Outcome.PASS]
    assert failed, f"it survived {len(checks)} checks"
    others = [each for each in failed if each.requirement != one.requirement]
    assert others == [], "checks of other requirements failed, too"
