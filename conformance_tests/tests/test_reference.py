"""The reference node passes every check of the suite, over the network, on both transports.

The two run side by side, each with a node of its own: much of it is waiting for the next try.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from onward_conformance.network import WAYS, Way
from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome, Result
from onward_conformance.runner import run
from onward_conformance.session import bench
from reference import Reference


def not_passed(made: Reference, way: Way) -> list[Result]:
    """What is no pass, of everything that the node is."""
    with bench(made.target, way) as checks:
        results = list(run(checks, chosen(made.target.profiles)))
    assert results
    return [one for one in results if one.outcome is not Outcome.PASS]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mailbox", [False, True], ids=["reached", "behind a mailbox"])
def test_the_reference_node_passes(tmp_path: Path, mailbox: bool) -> None:
    nodes = []
    try:
        for way in WAYS:
            (tmp_path / way).mkdir()
            nodes.append(Reference(tmp_path / way, behind=way if mailbox else None))
            nodes[-1].start()
        with ThreadPoolExecutor(2) as both:
            found = list(both.map(not_passed, nodes, WAYS))
    finally:
        for one in nodes:
            one.close()
    assert found == [[], []]
