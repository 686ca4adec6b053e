"""The same conversation over REST only, gRPC only and mixed comes to the same state everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conversation import Conversation, comparable, desks_of, play_together
from nodes import folded
from onward.v1.referral_pb2 import Referral
from onward_server.demo.world import Transport, World

RUNS: dict[str, tuple[Transport, Transport]] = {
    "rest": ("rest", "rest"),
    "grpc": ("grpc", "grpc"),
    "mixed": ("grpc", "rest"),
}
"""What the origin's and the destination's software uses, and their nodes between themselves."""

FEEDBACK = ("nothing", "status_only", "status_and_outcome")

Seen = dict[tuple[str, str, str], tuple[Referral, Referral]]
"""By run, feedback and moment: what both nodes show."""


def _views(talk: Conversation) -> tuple[Referral, Referral]:
    sides = (talk.desks.origin, talk.desks.destination)
    here, there = (one.get_referral(talk.referral_id) for one in sides)
    return here, there


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Seen, dict[str, Any]]]:
    views: Seen = {}
    notes: dict[str, Any] = {}
    for run, transports in RUNS.items():
        folder: Path = tmp_path_factory.mktemp(run)
        world = World.make(folder, peers=transports)
        try:
            world.start()
            desks = desks_of(world, transports)
            talks = {f: Conversation(desks, world.destination.agency, feedback=f) for f in FEEDBACK}
            play_together(talks.values())
            for feedback, talk in talks.items():
                views[run, feedback, "closed"] = _views(talk)
                talk.desks.origin.withdraw(talk.referral_id, everything=True)
                notes[run, feedback] = talk.journaled
            for feedback, talk in talks.items():
                talk.certified()
                views[run, feedback, "destroyed"] = _views(talk)
                here, there = talk.proofs(folder)
                assert here.state == there.state
                assert here.receipts > 0 < there.receipts
            desks.disconnect()
        finally:
            world.stop()
    return (views, notes)


@pytest.mark.parametrize("moment", ["closed", "destroyed"])
@pytest.mark.parametrize("feedback", FEEDBACK)
class TestFolds:
    def test_equal_on_both_nodes(
        self, seen: tuple[Seen, dict[str, Any]], feedback: str, moment: str
    ) -> None:
        for run in RUNS:
            here, there = seen[0][run, feedback, moment]
            assert folded(here) == folded(there)

    def test_equal_in_all_runs(
        self, seen: tuple[Seen, dict[str, Any]], feedback: str, moment: str
    ) -> None:
        first, *others = (comparable(seen[0][run, feedback, moment][0]) for run in RUNS)
        for one in others:
            assert one == first

    def test_says_what_happened(
        self, seen: tuple[Seen, dict[str, Any]], feedback: str, moment: str
    ) -> None:
        view = seen[0]["mixed", feedback, moment][0]
        known = feedback != "nothing"
        states = {part.state for part in view.parts}
        assert view.closed
        assert view.handover_origin
        assert view.handover_destination == known
        assert view.items[0].state == ("completed" if known else "accepted")
        outcomes = [part for part in view.parts if part.category == "outcomes"]
        assert len(outcomes) == (feedback == "status_and_outcome")
        if moment == "destroyed":
            assert states == {"erased"}
            assert len(view.certified) == 2
        else:
            assert states == ({"opened", "sent"} if known else {"sent"})


@pytest.mark.parametrize("run", RUNS)
def test_what_did_not_flow_back_stayed_in_the_journal(
    seen: tuple[Seen, dict[str, Any]], run: str
) -> None:
    assert seen[1][run, "nothing"] == [
        "opened", "opened", "progress", "progress", "handover", "follow_up", "complete",
    ]  # fmt: skip
    assert seen[1][run, "status_only"] == seen[1][run, "status_and_outcome"] == []
