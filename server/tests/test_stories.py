"""The stories end as they should at both nodes, and one that does not is seen and fails."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from onward.v1.entry_pb2 import Item, Milestone
from onward.v1.referral_pb2 import MilestoneStatus, NeedsHuman, PartStatus, Raised, Referral
from onward_server.app import provision, settings
from onward_server.app.cli import app
from onward_server.app.settings import SettingsError
from onward_server.demo.stage import show
from onward_server.demo.stage.command import chosen, play
from onward_server.demo.stage.ending import End, faults
from onward_server.demo.stage.people import woman
from onward_server.demo.stage.stage import Stage
from onward_server.demo.stage.telling import Ended, Held, Telling
from onward_server.demo.stories import STORIES, Story
from people import ORIGIN

SAID = (
    # What a caseworker must be able to read in them, story by story.
    "A year later", "identification status", "the desk learns nothing", "(hers alone)",
    "a found card told nothing; her own word opened the door",
    "her decision is needed", "CHOICE_NEEDED", "GUARDIAN_CONFLICT",
    "nothing in the boy's referral tells that his mother was trafficked",
    "FAMILY_CONTACT_DENIED", "FAMILY_NOT_VIABLE",
    "family assessment (the person did not agree that this flows back)",
    "post", "Two years later", "survivor 8 of 10, agency 7 of 10", "never closed for having moved",
    "Names the women's centre", "rests: cancelled", "nothing reached the centre",
    "TRAVEL_NOT_READY", "the handover is refused", "Visited on the second evening",
    "void, for good", "PART_GONE", "nobody ever read a word of it",
    "the stricter stands",
    "the certificate of the women's centre", "all three have destroyed it", "in backups until",
    "her help goes on", "→ where the referral stands now",
)  # fmt: skip


def test_all_stories_end_as_they_should() -> None:
    """T22, T25: the whole command, as somebody would give it."""
    done = subprocess.run(
        [sys.executable, "-m", "onward_server.app.cli", "demo", "--stories"],
        capture_output=True, text=True, timeout=600, env=os.environ | {"COLUMNS": "100"},
    )  # fmt: skip
    said = " ".join(done.stdout.split())
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    for one in STORIES:
        assert f"{one.number}. {one.title}" in said
    unbroken = re.sub(r"\s+", "", done.stdout)
    assert [text for text in SAID if re.sub(r"\s+", "", text) not in unbroken] == []
    assert "synthetic" in said
    assert "NOT as it should" not in said
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 100


def view() -> Referral:
    """A referral with something of everything, as a node tells it."""
    return Referral(
        origin="a.example", destination="b.example", phase="resting", rest_reason="completed",
        round=1, closed=True, handover_origin=True, handover_destination=True, follow_ups=1,
        items=[Item(number=1, wish="now", state="completed")],
        milestones=[MilestoneStatus(milestone=Milestone(code="arrival", state="done"))],
        raised=[Raised(alert="missing", author="a.example")],
        parts=[
            PartStatus(digest="1", category="name", author="a.example", readable=True),
            PartStatus(digest="2", category="outcomes", author="b.example", readable=True),
        ],
    )  # fmt: skip


END = End(
    "resting", "completed", items={1: ("now", "completed")}, milestones={"arrival": "done"},
    reads_there={"name"}, reads_here={"outcomes"}, closed=True, handed_over=True, follow_ups=1,
    alerts={"missing"},
)  # fmt: skip

ALTERED: dict[str, Callable[[Referral], object]] = {
    "phase": lambda v: setattr(v, "phase", "active"),
    "rest reason": lambda v: setattr(v, "rest_reason", "declined"),
    "round": lambda v: setattr(v, "round", 2),
    "closed": lambda v: setattr(v, "closed", False),
    "items": lambda v: setattr(v.items[0], "state", "in_delivery"),
    "wish": lambda v: setattr(v.items[0], "wish", "never"),
    "milestones": lambda v: setattr(v.milestones[0].milestone, "state", "blocked"),
    "handover": lambda v: setattr(v, "handover_destination", False),
    "follow-ups": lambda v: setattr(v, "follow_ups", 0),
    "alerts": lambda v: v.ClearField("raised"),
    "certificates": lambda v: v.certified.append("a.example"),
    "undelivered": lambda v: setattr(v, "undelivered", 1),
    "reads": lambda v: [setattr(part, "readable", False) for part in v.parts],
    "reads more": lambda v: v.parts.extend(
        PartStatus(category="hiv", author=author, readable=True)
        for author in ("a.example", "b.example")
    ),
    "waits": lambda v: v.needs_human.append(NeedsHuman(code="alert")),
}


def test_an_end_as_told_has_no_faults() -> None:
    assert faults(END, view(), view()) == []


@pytest.mark.parametrize("what", ALTERED)
@pytest.mark.parametrize("side", [0, 1])
def test_an_altered_view_is_a_fault(what: str, side: int) -> None:
    """Whatever differs, at either node, the end is not as it should be."""
    views = view(), view()
    ALTERED[what](views[side])
    found = faults(END, *views)
    assert found
    telling = Telling(1, "one", "One", "", finished=True)
    telling.ended.append(Ended("One", "ministry", "centre", "", (), (), 1, tuple(found)))
    assert not telling.good


def test_who_has_not_certified_is_waited_for() -> None:
    """At 80 columns; a holder of which nothing is known yet, and one that has done all."""
    at = datetime(2026, 11, 22, 9, 5, 7, tzinfo=UTC)
    out = io.StringIO()
    held = Held("shelter", at, at, at, at + timedelta(days=7)), Held("centre")
    Console(file=out, width=80).print(show.holders(held))
    lines = {line.split()[2]: line for line in out.getvalue().splitlines() if "│ The" in line}
    assert lines["shelter"].count("09:05:07") == 3
    assert "29 Nov 2026" in lines["shelter"]
    assert lines["women's"].count("waited for") == 4


def test_a_story_without_an_end_is_not_good() -> None:
    assert not Telling(1, "one", "One", "", finished=True).good


def breaks(stage: Stage) -> Iterator[int]:
    """A story that says that a node refuses what it does not refuse."""
    ministry, centre = stage.desks("ministry", "centre")
    somebody = woman("Breaks Sample")
    consent = ministry.asks(somebody, centre)
    asked = somebody.wants(("literacy", "now"))
    case = ministry.offers(centre, somebody, consent, asked, "Asks.")
    centre.cannot("STATE_CONFLICT", "Looks at it.", "acknowledge", case)
    yield from ()


def ends_otherwise(stage: Stage) -> Iterator[int]:
    """A story whose told end is not what the nodes say."""
    ministry, centre = stage.desks("ministry", "centre")
    somebody = woman("Otherwise Sample")
    consent = ministry.asks(somebody, centre)
    asked = somebody.wants(("literacy", "now"))
    case = ministry.offers(centre, somebody, consent, asked, "Asks.")
    stage.ends(case, End("accepted", items={1: ("now", "accepted")}))
    yield from ()


def test_broken_stories_are_told_and_fail() -> None:
    """With real nodes: each tells what is wrong, and the whole is not good."""
    out = io.StringIO()
    wrong = [
        Story(1, "breaks", "Breaks", "", breaks),
        Story(2, "otherwise", "Otherwise", "", ends_otherwise),
    ]
    assert play(wrong, "rest", Console(file=out, width=100)) is False
    said = " ".join(out.getvalue().split())
    assert "could acknowledge, and it should be refused as STATE_CONFLICT" in said
    assert "the origin says phase 'offered', and it should be 'accepted'" in said
    assert "the destination says phase 'offered'" in said


def test_the_command_fails_when_a_story_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onward_server.demo.stage.command.play", lambda *_: False)
    with pytest.raises(SystemExit) as ended:
        app(["demo", "--story", "1"])
    assert ended.value.code == 1


def test_stories_are_found_by_number_and_by_name() -> None:
    assert [one.number for one in chosen("")] == list(range(1, len(STORIES) + 1))
    assert chosen("2") == chosen("mother-and-child")
    with pytest.raises(SettingsError, match=r"no story '99'.*1 self-returnee"):
        chosen("99")


@pytest.mark.parametrize("environment", ["test", "live"])
def test_the_clock_is_turned_in_test_only(tmp_path: Path, environment: str) -> None:
    """A node for real people never signs a time that is not."""
    folder = tmp_path / "node"
    new = provision.NewNode(
        agency=ORIGIN, environment=environment, country="BD", kind="national_government",
        rest="127.0.0.1:1", grpc="127.0.0.1:2", issuer="https://node.example",
    )  # fmt: skip
    provision.init(folder, new)
    if environment == "live":
        with pytest.raises(SettingsError, match="clock_offset_days is for environment test only"):
            provision.turn_clock(folder, 365)
        return
    for days in (365, 730):
        provision.turn_clock(folder, days)
        assert settings.load(folder).clock_offset.days == days
    (folder / settings.FILE).write_text(
        (folder / settings.FILE).read_text().replace("= 730", '= "730"')
    )
    with pytest.raises(SettingsError, match="wrong kind"):
        settings.load(folder)
