"""Each mutant of the reference node fails the suite, with its requirement and no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from memory_target import HOSTING, PROFILES, MemoryTarget
from mutation import CAUGHT, Mutant, Record, broken, mutants, plain
from runs import in_python

from onward_conformance.check import Check
from onward_conformance.network import WAYS
from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome

pytestmark = pytest.mark.mutants


@contextmanager
def node(folder: Path, profiles: Sequence[str], checks: list[Check]) -> Iterator[MemoryTarget]:
    """The reference node with as much of these profiles as the checks need: a second agency, and
    a second transport, are made only where one is asked for.
    """
    shared = any(one.profile == HOSTING for one in checks)
    ways = [way for way in WAYS if way == "rest" or any(one.way == way for one in checks)]
    made = MemoryTarget(folder, [one for one in profiles if shared or one != HOSTING], ways)
    try:
        yield made
    finally:
        made.close()


NODES = [one for one in mutants() if one.profiles not in (("client",), ("collect",))]


@pytest.mark.parametrize("one", NODES, ids=lambda one: one.name)
def test_it_is_killed(
    tmp_path: Path, one: Mutant, record_property: Record, pytestconfig: pytest.Config
) -> None:
    """By checks that name its requirement. Others may be about what it breaks as well.

    A run of everything goes on to the next when one has failed.
    """
    profiles = one.profiles or PROFILES
    checks = [each for each in chosen(profiles) if one.requirement in each.requirements]
    checks.sort(key=lambda each: each.requirements[0] != one.requirement)
    failed = []
    with node(tmp_path, profiles, checks) as target, broken(one):
        for result in target.each(checks):
            failed += [result] if result.outcome is not Outcome.PASS else []
            if failed and plain(pytestconfig):
                break
    for each in failed:
        record_property(CAUGHT, each.name)
    assert in_python(failed) == []
    assert failed, f"it survived {len(checks)} checks"
    others = [each for each in failed if each.requirement != one.requirement]
    assert others == [], "checks of other requirements failed, too"
