"""The SDK passes the client profile on both transports; each mutant of it fails."""

from __future__ import annotations

import pytest
from client_target import InThisProcess, client_bench, target
from mutation import CAUGHT, Mutant, Record, broken, mutants

from onward_conformance.check import Check
from onward_conformance.client_bench import ClientBench
from onward_conformance.network import Way
from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome, Result
from onward_conformance.runner import run
from onward_conformance.session import bench


@pytest.mark.parametrize("way", ["rest", "grpc"])
def test_the_sdk_passes(way: Way) -> None:
    with bench(target(way), way) as made:
        results = list(run(made, chosen(["client"])))
    assert [one for one in results if one.outcome is not Outcome.PASS] == []


def failures(made: ClientBench, checks: list[Check]) -> list[Result]:
    """Where the client fails."""
    return [each for each in run(made, checks) if each.outcome is not Outcome.PASS]


@pytest.mark.mutants
@pytest.mark.parametrize(
    "one", [one for one in mutants() if one.profiles == ("client",)], ids=lambda one: one.name
)
def test_it_is_killed(one: Mutant, record_property: Record) -> None:
    # What the played node sees in any call has no check of its own: then all of them are asked.
    named = [each for each in chosen(["client"]) if one.requirement in each.requirements]
    with broken(one), client_bench("rest", InThisProcess()) as made:
        failed = failures(made, named) or failures(made, chosen(["client"]))
    for each in failed:
        record_property(CAUGHT, each.name)
    assert {each.requirement for each in failed} == {one.requirement}
