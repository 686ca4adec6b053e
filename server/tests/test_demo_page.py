"""The page and the terminal tell all of a story, whatever is in it."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from onward_server.demo import disk, page, terminal, words
from onward_server.demo.told import (
    Agreed,
    Check,
    Line,
    Moment,
    Need,
    Person,
    Rating,
    Scene,
    Search,
    Told,
)

HOSTILE = "<script>alert(\"x\")</script> & 'quoted' <b>"
VOID = {"meta", "br", "link", "img", "hr", "input"}


def person(number: int, name: str) -> Person:
    """One person with something of everything."""
    return Person(
        number=f"SAMPLE-{number:03}", name=name, transport="rest", has=["name", "age_band"],
        consent="given", feedback="status_and_outcome", referral_id=f"r{number}",
        agreed=Agreed(["age_band", "name"], ["hiv"], ["service_delivery"], ["ngo.example"],
                      "none", "written", "text", "2034-12-31", 30),
        offer=[Line("name", False, "before_acceptance", "/permit/1"),
               Line("age_band", True, "permitted", "/permit/0")],
        disclosure=[Line("name", True, "permitted", "/permit/1"),
                    Line("age_band", True, "permitted", "/permit/0"),
                    Line("hiv", False, "denied", "/deny/0")],
        inbox_before=["age_band"], inbox_after=["age_band", "name"],
        needs=[Need(1, "debt_support", "now", "completed"), Need(2, "microfinance", "never")],
        moments=[Moment("10:00:00", "msw.example", "offer", "Help with debts: now", "counted",
                        ["age_band", "sex", "language", "literacy"]),
                 Moment("10:00:01", "ngo.example", "decide", "accepted", "overtaken")],
        knows={"name": "opened", "age_band": "sent", "recruitment": "refused",
               "identification_status": "destroyed", "hiv": "withheld"},
        outcomes=[Rating("financial_health", "survivor", 3),
                  Rating("financial_health", "agency", 5)],
        feedback_seen=[Rating("financial_health", "survivor", 3)],
        phase="resting", rest="completed", closed=True,
    )  # fmt: skip


def story(names: list[str]) -> Told:
    """A whole story, made by hand."""
    told = Told(origin="msw.example", destination="ngo.example", seconds=12.0)
    told.persons = [person(number, name) for number, name in enumerate(names, 1)]
    left_out = Person("SAMPLE-090", "Nobody Sample-Asked", "rest", ["name"], consent="none")
    left_out.not_sent = "consents.csv has no row for this case"
    left_out.knows = {"name": "withheld"}
    kept = person(91, "Quiet Sample-Journal")
    kept.feedback_seen, kept.outcomes, kept.journaled = [], [], ["opened", "follow_up"]
    told.persons += [left_out, kept]
    told.refused = ["cases.xlsx line 10: a value that nobody can read"]
    told.warnings = ["cases.xlsx line 9: a tick is not a consent record"]
    told.columns = {"mapped": 50, "ignored": 11}
    told.scenes = [
        Scene("A part beyond its grant", ["The node refuses exploitation_location."], True),
        Scene("A node dies", ["The NGO's node is killed.", "It comes back."], False),
    ]
    told.searches = [
        Search("the NGO's disk before", "Sample-One", 14, 3_300_000, []),
        Search("the NGO's disk afterwards", "Sample-Two", 15, 800, ["node.log: Sample-Two"]),
    ]
    told.checks = [Check("6 logs", True, "equal"), Check("7 logs", False, "2 differ")]
    return told


NAMES = ["Rupaliva Sample-Kokil", "Meherunna Sample-Shalik"]


class Reader(HTMLParser):
    """Balanced tags, ids, references and text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.refs: list[str] = []
        self.headings: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), f"{tag} has a handler"
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "srcset", "data", "action", "xlink:href"):
                self.refs.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        """What a person reads, with single spaces."""
        return " ".join(" ".join(self.words).split())


def test_the_page_is_well_formed_and_needs_nothing_from_outside() -> None:
    html = page.render(story(NAMES))
    read = Reader(html)
    assert html.startswith("<!DOCTYPE html>")
    assert read.open == []
    assert len(read.ids) == len(set(read.ids))
    assert "script" not in read.tags
    assert not {"link", "img", "iframe", "object"} & set(read.tags)
    assert all(ref.startswith("#") for ref in read.refs)
    assert {ref[1:] for ref in read.refs} <= set(read.ids)
    assert not re.search(r"https?:|url\(|@import", html)
    assert read.headings.count("h1") == 1
    levels = [int(one[1]) for one in read.headings]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_everything_told_is_on_the_page() -> None:
    told = story(NAMES)
    text = Reader(page.render(told)).text
    assert "Everybody on this page is synthetic." in text
    for one in told.persons:
        assert one.name in text
        assert one.number in text
    for scene in told.scenes:
        assert scene.title in text
        assert all(words.plain(step) in text for step in scene.steps)
    for search in told.searches:
        assert search.where in text
        assert search.word in text
        assert all(where in text for where in search.found)
    for check in told.checks:
        assert check.what in text
        assert check.detail in text
    for line in [*told.refused, *told.warnings, "consents.csv has no row for this case"]:
        assert line in text
    for _, title in page.TITLES:
        assert title in text
    assert "This did not count: overtaken." in text
    assert "no, line 1" in text
    assert "The NGO keeps for itself, in its own journal: opened, follow up." in text
    assert "camera" in text.lower()


def test_a_story_that_went_wrong_says_so() -> None:
    told = story(NAMES)
    assert "did NOT go as it must" in page.render(told)
    told.scenes, told.checks, told.searches = [], [Check("logs", True, "equal")], []
    assert "Everything went as it must." in page.render(told)


def test_codes_stand_in_words() -> None:
    text = Reader(page.render(story(NAMES))).text
    for code in ("age_band", "exploitation_location", "debt_support", "financial_health", "hiv_"):
        assert code not in text
    assert "place of exploitation" in text
    assert "Help with debts" in text


def test_hostile_strings_are_text() -> None:
    told = story([HOSTILE])
    one = told.persons[0]
    one.number = one.not_sent = one.feedback = one.rest = one.phase = HOSTILE
    one.closed = False
    one.knows = {HOSTILE: "opened"}
    one.inbox_before = [HOSTILE]
    one.inbox_after = [HOSTILE, "name"]
    one.needs = [Need(1, HOSTILE, HOSTILE, HOSTILE, HOSTILE)]
    one.offer = one.disclosure = [Line(HOSTILE, False, HOSTILE, HOSTILE)]
    one.agreed = Agreed(
        [HOSTILE], [HOSTILE], [HOSTILE], [HOSTILE], HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1
    )
    one.moments = [Moment(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, [HOSTILE])] * 3
    one.outcomes = [Rating(HOSTILE, HOSTILE, 99)]
    told.persons[1].not_sent = HOSTILE
    told.persons[2].journaled = [HOSTILE]
    told.origin = told.destination = told.folder = HOSTILE
    told.refused = told.warnings = [HOSTILE]
    told.scenes = [Scene(HOSTILE, [HOSTILE], True)]
    told.searches = [Search(HOSTILE, HOSTILE, 1, 1, [HOSTILE])]
    told.checks = [Check(HOSTILE, True, HOSTILE)]
    html = page.render(told)
    read = Reader(html)
    assert read.open == []
    assert "script" not in read.tags
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 25
    assert read.text.count(HOSTILE) >= 25


def test_a_folder_of_ones_own_is_not_called_synthetic() -> None:
    told = story(NAMES)
    told.sample = False
    text, shown = Reader(page.render(told)).text, "\n".join(printed(told, 80))
    for said in (text, shown):
        assert words.SYNTHETIC_ONLY in said
        assert "is synthetic" not in said


def test_with_nothing_sent_there_is_nothing_to_check() -> None:
    told = story(NAMES)
    for one in told.persons:
        one.referral_id = ""
    told.searches, told.checks, told.scenes = [], [], []
    assert told.good
    for said in (Reader(page.render(told)).text, "\n".join(printed(told, 80))):
        assert "Nothing was sent, so there is nothing to check." in said


def test_the_disk_search_knows_short_words_from_chance(tmp_path: Path) -> None:
    def found(content: bytes) -> list[str]:
        (tmp_path / "file").write_bytes(content)
        return disk.search("disk", tmp_path, ["Asha", "Rupaliva"]).found

    assert found(b'{"first_name":"Asha"}') == ["file: Asha"]
    assert found("Asha".encode("utf-16-le")) == ["file: Asha"]
    assert found(b"xRupalivay") == ["file: Rupaliva"]
    assert found(b"eyJhbAshaGciOiJ") == []
    assert "no word" in disk.search("disk", tmp_path, []).word


def test_an_empty_story_is_still_a_page() -> None:
    read = Reader(page.render(Told()))
    assert read.open == []
    assert "What Onward is" in read.text


def printed(told: Told, width: int) -> list[str]:
    """What the terminal shows, line by line."""
    console = Console(record=True, width=width, file=io.StringIO())
    terminal.show(told, console)
    return console.export_text().splitlines()


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("count", [2, 30])
def test_the_terminal_cuts_nothing(width: int, count: int) -> None:
    told = story([f"Rupaliva{n} Sample-Machranga-Kokilapara" for n in range(count)])
    lines = printed(told, width)
    text = "\n".join(lines)
    assert "…" not in text
    assert max(map(len, lines)) <= width
    for heading in ("person", "what she or he wants", "where it stands", "time", "act", "category"):
        assert heading in text
    for one in told.persons:
        assert one.number in text
    rows = [line for line in lines if line.startswith("│ recognised as a victim or not")]
    assert rows, "the longest category stands on one line"
    shown = [n for line in lines if line.startswith("┃ category") for n in re.findall(r"\d+", line)]
    assert shown == [str(n) for n in range(1, len(told.persons) + 1)]
    assert "4 parts: age group, sex, language and 1 more" in " ".join(
        re.sub("[│ \n]+", " ", text).split()
    )


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_shows_markup_as_text(width: int) -> None:
    told = story(["[red]Nobody[/red]"])
    told.scenes = [Scene("[bold]Title[/bold]", ["[/x] step"], True)]
    text = "\n".join(printed(told, width))
    assert "[red]Nobody[/red]" in text
    assert "[bold]Title[/bold]" in text
    assert "[/x] step" in text


def test_words() -> None:
    assert words.category("needs_services") == "services needed"
    assert words.category("something_new") == "something new"
    assert words.line("/permit/7") == "yes, line 8"
    assert words.line("/deny/0") == "no, line 1"
    taken = "It took: name, sex, gender, hiv, debts."
    assert words.plain(taken) == "It took: name, sex, gender and 2 more."
    assert words.plain("beyond_grant") == "the grant does not name its category"
    assert words.count(1, "part") == "1 part"
