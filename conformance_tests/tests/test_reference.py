"""The reference node passes every check of the suite, over the network, on both transports.

Parts of it run side by side, each with a node of its own: much of it is waiting for the next try.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product
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

    def call(self, name: str, request: Json, person: str = "") -> Json:
        self.asked.add(name)
        return self._hands.call(name, request, person)

    def close(self) -> None:
        self._hands.close()


PARTS = 2
"""So many nodes share the checks of one transport."""


def faults(made: Reference, way: Way, part: int) -> list[Result | str]:
    """What is no pass, of everything that the node is; and calls that no partner knows of."""
    found: list[Result | str] = []
    known = calls()
    with bench(made.target, way) as checks:
        assert isinstance(checks, Bench)
        assert checks.hands
        checks.hands = noting = Noting(checks.hands)
        for one in chosen(made.target.profiles)[part::PARTS]:
            noting.asked.clear()
            found += [each for each in run(checks, [one]) if each.outcome is not Outcome.PASS]
            unknown = sorted(noting.asked - known.get(one.profile, frozenset()))
            found += [f"{one.name} asks for {name}" for name in unknown]
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mailbox", [False, True], ids=["reached", "behind a mailbox"])
def test_the_reference_node_passes(tmp_path: Path, mailbox: bool) -> None:
    runs = list(product(WAYS, range(PARTS)))
    calls()  # Several threads can't read Python's source at once.
    nodes = []
    try:
        for way, part in runs:
            folder = tmp_path / f"{way}-{part}"
            folder.mkdir()
            nodes.append(Reference(folder, behind=way if mailbox else None))
            nodes[-1].start()
        with ThreadPoolExecutor(len(runs)) as beside:
            found = list(beside.map(lambda node, one: faults(node, *one), nodes, runs))
    finally:
        for node in nodes:
            node.close()
    assert [one for part in found for one in part] == []
