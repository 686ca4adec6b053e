"""The SDK passes the client profile on both transports; each mutant of it fails."""

from __future__ import annotations

import pytest
from client_target import InThisProcess, client_bench, target
from mutation import Mutant, broken, mutants

from onward_conformance.network import Way
from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome
from onward_conformance.runner import run
from onward_conformance.session import bench


@pytest.mark.parametrize("way", ["rest", "grpc"])
def test_the_sdk_passes(way: Way) -> None:
    with bench(target(way), way) as made:
        results = list(run(made, chosen(["client"])))
    assert [one for one in results if one.outcome is not Outcome.PASS] == []


@pytest.mark.mutants
@pytest.mark.parametrize(
    "one", [one for one in mutants() if one.profiles == ("client",)], ids=lambda one: one.name
)
def test_it_is_killed(one: Mutant) -> None:
    with broken(one), client_bench("rest", InThisProcess()) as made:
        results = list(run(made, chosen(["client"])))
    failed = {each.requirement for each in results if each.outcome is not Outcome.PASS}
    assert failed == {one.requirement}
