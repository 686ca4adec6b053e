"""The reference node passes every check of the suite, on both transports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onward_conformance.network import Way
from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome
from onward_conformance.runner import run
from onward_conformance.session import bench
from reference import Reference


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    made = Reference(tmp_path_factory.mktemp("reference"))
    yield made
    made.close()


@pytest.mark.parametrize("way", ["rest", "grpc"])
def test_the_reference_node_passes(reference: Reference, way: Way) -> None:
    with bench(reference.target, way) as made:
        results = list(run(made, chosen(reference.target.profiles)))
    bad = [one for one in results if one.outcome is not Outcome.PASS]
    assert bad == []
