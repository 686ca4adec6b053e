"""The demo with a folder of one's own: what is not sent is said, and the others go on."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from onward.importers import sample_folder
from onward_server.demo.story import Story
from onward_server.demo.told import Told
from onward_server.demo.world import World

Change = Callable[[int, dict[str, str]], dict[str, str]]


def folder(target: Path, change: Change) -> Path:
    """The sample with other consents."""
    target.mkdir()
    for name in ("cases.csv", "consents.csv", "wishes.csv"):
        text = (sample_folder() / name).read_text(encoding="utf-8")
        (target / name).write_text(text.partition("\n")[2], encoding="utf-8")
    path = target / "consents.csv"
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    with path.open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.DictWriter(sheet, list(rows[0]))
        writer.writeheader()
        writer.writerows(change(n, row) for n, row in enumerate(rows))
    return target


def play(made: Path, source: Path) -> Told:
    """The demo, without its pictures."""
    world = World.make(made)
    world.start()
    try:
        return Story(world, "rest", lambda _: None).tell(source)
    finally:
        world.stop()


def test_a_consent_that_does_not_stand_stops_nobody_else(tmp_path: Path) -> None:
    changes = (
        {"recipients": "other.ngo.in.example", "countries": "NP"},
        {"purposes": "legal_aid"},
        {"status": "refused"},
        {"valid_until": "2025-01-02"},
    )
    source = folder(tmp_path / "in", lambda n, row: row | (changes[n] if n < len(changes) else {}))
    told = play(tmp_path / "made", source)
    why = [one.not_sent for one in told.persons if one.not_sent]
    assert "the consent does not name recipient shelter.ngo.in.example nor country IN" in why
    assert "the consent does not name purpose service_delivery" in why
    assert len(why) >= len(changes)
    assert any(one.closed for one in told.persons)
    assert told.good
    assert not told.sample


def test_what_is_wanted_later_waits(tmp_path: Path) -> None:
    source = folder(tmp_path / "in", lambda n, row: row)
    wishes = source / "wishes.csv"
    wishes.write_text(wishes.read_text().replace(",now,", ",later,"))
    told = play(tmp_path / "made", source)
    assert told.sent
    assert told.good
    waiting = [one for one in told.persons if one.rest == "deferred"]
    assert waiting
    assert not any(one.closed for one in waiting)


def test_with_nobody_to_send_for_all_is_well(tmp_path: Path) -> None:
    source = folder(tmp_path / "in", lambda n, row: row | {"recipients": "other.example"})
    told = play(tmp_path / "made", source)
    assert not told.sent
    assert told.checks == []
    assert told.good
