"""Every field of every category holds its own unmistakable string; then we look for them.

`pytest -m canary -s` prints what was found where.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import canary_places
import node_leaks
from canaries import Canaries, Search, full_record
from canary_talk import WITHHELD, Talk, permitted
from crossing import Crossing
from onward.core import messages, spec
from onward.v1.categories_pb2 import CaseRecord

pytestmark = pytest.mark.canary

CLEAR = (
    "database", "write-ahead log", "other files", "outbox", "backup", "log", "crash", "wire",
    "answers", "watch", "export", "paper", "lists", "metrics", "errors",
)  # fmt: skip
"""Places at which nothing of a person may ever stand in clear."""

BEYOND = ("wire, unsealed", "destination, decrypted")
"""Places where what was granted is found, and what was withheld is not."""


@dataclass
class Told:
    """What all that was said has left behind."""

    canaries: Canaries
    learnt: Canaries
    record: CaseRecord
    opened: CaseRecord
    kinds: set[str]
    places: dict[str, bytes]
    found: dict[str, dict[str, int]] = field(default_factory=dict)


def converse(crossing: Crossing) -> Told:
    """Everything is said; then every place is looked at."""
    talk = Talk(crossing)
    talk.play()
    errors, provoked = talk.errors()
    kinds = talk.kinds()
    places = {**canary_places.running(talk), "errors": errors}
    talk.desks.disconnect()
    places |= canary_places.stopped(crossing)
    told = Told(
        {**talk.canaries, **provoked}, talk.learnt, talk.record, talk.main.opened[-1], kinds, places
    )
    search = Search(told.canaries)
    told.found = {place: search.categories(data) for place, data in places.items()}
    return told


def play(folder: Path, transport: Any, *broken: str) -> Told:
    """A pair of sites from their start to their end."""
    crossing = Crossing(folder, transport)
    try:
        crossing.start(*broken)
        return converse(crossing)
    finally:
        crossing.stop()


@pytest.fixture(scope="module", autouse=True)
def _modules() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
        yield


@pytest.fixture(scope="module", params=["rest", "grpc"])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    made = play(tmp_path_factory.mktemp(request.param), request.param)
    yield made
    matrix(made, f"over {request.param}")


def matrix(told: Told, how: str) -> None:
    """What was found where: a column for each place, named below."""
    places = list(told.found)
    print(f"\ncanaries found, {how}\n{'category':32}{'holds':>6}", end="")  # noqa: T201
    print("".join(f"{number:>6}" for number in range(1, len(places) + 1)))  # noqa: T201
    for category, words in told.canaries.items():
        counts = "".join(f"{told.found[p].get(category, 0) or '.':>6}" for p in places)
        print(f"{category:32}{len(words):>6}{counts}")  # noqa: T201
    for number, place in enumerate(places, 1):
        print(f"{number:>4}  {place} ({len(told.places[place]):,} bytes)")  # noqa: T201


def test_every_category_is_filled_and_every_act_is_written(told: Told) -> None:
    assert {f.name for f, _ in told.record.ListFields()} == {
        one.id for one in spec.categories().values() if not one.protocol
    }
    holding = [category for category, words in told.canaries.items() if words]
    assert len(holding) > 30, "the others are codes and numbers only"
    assert {one for one in WITHHELD if told.canaries[one]} >= WITHHELD - {"hiv"}
    assert told.kinds == set(spec.acts())


@pytest.mark.parametrize("place", CLEAR)
def test_nothing_is_found_in_clear(told: Told, place: str) -> None:
    assert len(told.places[place]) > 500, "there is something to look at"
    assert told.found[place] == {}
    assert Search(told.learnt).categories(told.places[place]) == {}


@pytest.mark.parametrize("place", BEYOND)
def test_behind_seals_and_keys_there_is_only_what_was_granted(told: Told, place: str) -> None:
    found = set(told.found[place])
    granted = {one for one in permitted() if told.canaries[one]}
    assert found & WITHHELD == set()
    assert found == granted


def test_every_place_that_was_looked_at_is_judged(told: Told) -> None:
    assert set(told.places) == {*CLEAR, *BEYOND, "origin, decrypted"}


def test_what_was_learnt_flows_back_only_as_agreed(told: Told) -> None:
    search = Search(told.learnt)
    assert set(search.categories(told.places["origin, decrypted"])) == {
        "outcomes", "service_history",
    }  # fmt: skip
    assert "physical_health" in search.categories(told.places["destination, decrypted"])
    assert "physical_health" not in search.categories(told.places["wire, unsealed"])


def test_what_is_opened_is_exactly_what_was_granted(told: Told) -> None:
    expected = CaseRecord()
    for category, message in messages.split(told.record):
        if category in permitted():
            messages.put(expected, message)
    assert told.opened == expected


def test_the_search_would_find_one(tmp_path: Path) -> None:
    _, canaries = full_record(["name", "contact_safe"])
    word = canaries["name"][0]
    shapes = {"name": (word, json.dumps({"a": word}), word.encode().hex())}
    for shape in shapes["name"]:
        path = tmp_path / "leak"
        path.write_bytes(b"\x00" * 300_000 + shape.encode() + b"\x00" * 10)
        assert Search(canaries).categories(path.read_bytes()) == {"name": 1}
    assert Search(canaries).categories(b"\x00" * 1000) == {}


@pytest.fixture(scope="module")
def leaking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """One that is broken in a place for each path, and sends a category that it must not."""
    folder = tmp_path_factory.mktemp("leaking")
    crossing = Crossing(folder, "rest")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONWARD_LEAK", json.dumps({"wire": crossing.taps[2].address}))
        try:
            crossing.start("religion")
            made = converse(crossing)
        finally:
            crossing.stop()
    yield made
    matrix(made, "of a node that is broken on every path")


@pytest.mark.parametrize("place", node_leaks.LEAKS)
def test_a_node_that_is_broken_there_is_caught(leaking: Told, place: str) -> None:
    assert node_leaks.LEAKS[place] in leaking.found[place]


def test_a_node_that_sends_what_it_must_not_is_caught(leaking: Told) -> None:
    assert "religion" in leaking.found["wire, unsealed"]
    assert "religion" not in leaking.found["destination, decrypted"], "the receiver refuses it"


def test_what_is_not_encrypted_is_found_in_the_backup_too(leaking: Told) -> None:
    assert node_leaks.LEAKS["database"] in leaking.found["backup"]
