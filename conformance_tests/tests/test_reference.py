"""The reference node passes every check of the suite, on both transports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from onward_conformance.network import Way
from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome, Result
from onward_conformance.runner import run
from onward_conformance.session import bench
from reference import Reference


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    made = Reference(tmp_path_factory.mktemp("reference"))
    made.start()
    yield made
    made.close()


def not_passed(reference: Reference, way: Way) -> list[Result]:
    """What is no pass."""
    with bench(reference.target, way) as made:
        results = list(run(made, chosen(reference.target.profiles)))
    assert results
    return [one for one in results if one.outcome is not Outcome.PASS]


@pytest.mark.parametrize("way", ["rest", "grpc"])
def test_the_reference_node_passes(reference: Reference, way: Way) -> None:
    assert not_passed(reference, way) == []


@pytest.mark.parametrize("way", ["rest", "grpc"])
def test_it_passes_behind_a_mailbox(tmp_path: Path, way: Way) -> None:
    made = Reference(tmp_path, behind=way)
    made.start()
    try:
        assert not_passed(made, way) == []
    finally:
        made.close()
