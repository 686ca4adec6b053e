"""The reference node passes every check of the suite, over the network, on both transports.

The two run side by side, each with a node of its own: much of it is waiting for the next try.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from onward_conformance.calls import calls
from onward_conformance.check import Bench
from onward_conformance.hands import Hands
from onward_conformance.network import WAYS, Json, Way
from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome, Result
from onward_conformance.runner import run
from onward_conformance.session import bench
from reference import Reference


class Noting:
    """Hands that note what is asked of them."""

    specified = True

    def __init__(self, hands: Hands) -> None:
        self.asked: set[str] = set()
        self._hands = hands

    def call(self, name: str, request: Json) -> Json:
        self.asked.add(name)
        return self._hands.call(name, request)

    def close(self) -> None:
        self._hands.close()


def faults(made: Reference, way: Way) -> list[Result | str]:
    """What is no pass, of everything that the node is; and calls that no partner knows of."""
    found: list[Result | str] = []
    with bench(made.target, way) as checks:
        assert isinstance(checks, Bench)
        assert checks.hands
        checks.hands = noting = Noting(checks.hands)
        for one in chosen(made.target.profiles):
            noting.asked.clear()
            found += [each for each in run(checks, [one]) if each.outcome is not Outcome.PASS]
            known = calls().get(one.profile, frozenset())
            found += [f"{one.name} asks for {name}" for name in sorted(noting.asked - known)]
    return found


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
            found = list(both.map(faults, nodes, WAYS))
    finally:
        for one in nodes:
            one.close()
    assert found == [[], []]
