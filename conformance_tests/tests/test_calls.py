"""What is asked of a target's hands is known before a run: partners write their program by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from memory_target import PROFILES, MemoryTarget

from onward_conformance.calls import calls
from onward_conformance.hands import Hands
from onward_conformance.local import routes
from onward_conformance.network import Json
from onward_conformance.profiles import chosen, parts
from onward_conformance.runner import run

SOME = 3
"""So many checks of each part are run here. All of them are run elsewhere."""


class Noting:
    """Hands that note what is asked of them."""

    def __init__(self, hands: Hands) -> None:
        self.asked: set[str] = set()
        self._hands = hands

    def call(self, name: str, request: Json, person: str = "") -> Json:
        self.asked.add(name)
        return self._hands.call(name, request, person)

    def close(self) -> None:
        self._hands.close()


def test_they_are_calls_of_the_local_plane() -> None:
    asked = {name for names in calls().values() for name in names}
    assert "Referrals.Acknowledge" in calls()["destination"]
    assert asked <= set(routes())


@pytest.mark.parametrize("profile", ["peer", *PROFILES])
def test_nothing_else_is_asked_for(tmp_path: Path, profile: str) -> None:
    target = MemoryTarget(tmp_path)
    bench = target.bench()
    assert bench.hands
    bench.hands = noting = Noting(bench.hands)
    mine = parts(one for one in chosen(PROFILES) if one.profile == profile)
    for found in mine.values():
        for _ in run(bench, found[:SOME]):
            pass
    target.close()
    assert noting.asked <= calls().get(profile, frozenset())
    assert noting.asked or profile != "destination"
