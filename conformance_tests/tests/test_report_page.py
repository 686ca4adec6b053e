"""The page for people: its verdict first, everything in it, and nothing that a target could run."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from runs import a_run, both, mixed, result

from onward_conformance.report import page
from onward_conformance.report.words import MEANING
from onward_conformance.requirements import requirements
from onward_conformance.results import Outcome, Run

VOID = {"meta", "br"}


class Page(HTMLParser):
    """What a browser finds in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.shown: list[str] = []
        self.headings: list[int] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.shown.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.shown).split())

    def attributes(self, name: str) -> list[str]:
        return [said[name] or "" for _, said in self.tags if name in said]


def shown(run: Run, spec: str = "") -> Page:
    return Page(page.write(run, spec))


def test_the_verdict_comes_first_in_plain_words() -> None:
    text = shown(a_run(both())).text
    said = "Harbour Node 2.1 conforms to Onward 1.0 as destination over REST and gRPC."
    assert text.index(said) < text.index("What was tested") < text.index("Every requirement")
    assert "failed, and what that means" not in text


def test_a_failure_stands_with_what_it_means() -> None:
    text = shown(a_run([*both(), result("bad", Outcome.FAIL, known="mended in 2.2")])).text
    assert "does not conform to Onward 1.0 as destination over REST." in text
    assert "It breaks 1 requirement that" in text
    assert "Until it is mended, the implementation is not ready" in text
    for said in (MEANING["DLV"], "WRONG_RECIPIENT", "SEAL_INVALID", "mended in 2.2"):
        assert said in text
    assert requirements()["DLV-009"].sentence.replace("`", "").split()[0] in text


def test_what_is_open_is_said_to_be_open() -> None:
    run = a_run([*both(), result("open", Outcome.NOT_TESTED, came="no hands")])
    text = shown(run).text
    assert "is open: not everything was tested" in text
    assert "What was not tested, and why no hands 1 check, over REST: open" in text
    assert "Only some checks were run" in shown(a_run(both(), only=("one-check",))).text


def test_what_is_not_applicable_is_counted_and_named() -> None:
    aside = both("aside", Outcome.NOT_APPLICABLE, came="it does not have Referrals.Pause")
    text = shown(a_run([*both(), *aside])).text
    assert "conforms to Onward" in text
    assert "1 check was not applicable: it is about what the target has not got" in text
    assert "What was not applicable, and why it does not have Referrals.Pause 1 check" in text
    assert "not applicable:" not in shown(a_run(both())).text


def test_a_role_without_checks_of_its_own_is_named() -> None:
    text = shown(a_run(both(), profiles=("destination", "origin"))).text
    assert "none was made of what only this role does: origin." in text


def test_a_fault_of_the_suite_is_no_finding() -> None:
    text = shown(a_run([*both(), result("fault", Outcome.ERROR, came="KeyError")])).text
    assert "fault of the suite itself" in text
    assert "What failed, and what that means" not in text


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (a_run([*both(), *both("w", Outcome.WARNING, requirement="TRST-025")]),
         "1 recommendation is not followed"),
        (mixed(), "known-failing.txt:3: good does not fail any more over REST"),
    ],
)  # fmt: skip
def test_what_does_not_change_the_verdict_is_said_as_well(run: Run, said: str) -> None:
    assert said in shown(run).text


def test_one_fault_that_fails_many_checks_does_not_flood_the_page() -> None:
    run = a_run([result(f"check-{number}", Outcome.FAIL) for number in range(40)])
    found = shown(run)
    assert found.text.count("SEAL_INVALID") == page.SHOWN
    assert "and 35 more checks: check-5, check-6" in found.text


def test_words_of_a_target_stay_words() -> None:
    found = shown(mixed())
    assert found.open == []
    assert "script" not in {tag for tag, _ in found.tags}
    assert "<script>alert(1)</script>" in found.text
    assert not [name for _, said in found.tags for name in said if name.startswith("on")]


def test_it_needs_nothing_from_elsewhere() -> None:
    text = page.write(mixed())
    assert {tag for tag, _ in shown(mixed()).tags} & {"script", "link", "img", "iframe"} == set()
    assert re.findall(r"url\(|@import|https?:", text) == []
    assert page.POLICY in shown(mixed()).attributes("content")


@pytest.mark.parametrize(
    ("spec", "link"),
    [
        ("../docs/", "../docs/spec.md#delivery"),
        ("https://onward.example/docs", "https://onward.example/docs/spec.md#delivery"),
    ],
)
def test_links_lead_to_the_specification(spec: str, link: str) -> None:
    found = shown(a_run(both()), spec).attributes("href")
    assert found == [link]


@pytest.mark.parametrize("spec", ["", "javascript:alert(1)//"])
def test_no_link_leads_nowhere_and_none_runs_anything(spec: str) -> None:
    found = shown(a_run(both()), spec)
    assert found.attributes("href") == []
    assert "DLV-009 MUST spec.md#delivery A receiver MUST answer" in found.text


def test_it_can_be_read_aloud_and_on_a_phone() -> None:
    found = shown(mixed())
    assert ("html", {"lang": "en"}) in found.tags
    assert "width=device-width, initial-scale=1" in found.attributes("content")
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    pairs = zip(found.headings, found.headings[1:], strict=False)
    assert all(after <= before + 1 for before, after in pairs)
    heads = [said for tag, said in found.tags if tag == "th"]
    assert heads
    assert all(one.get("scope") in ("col", "row") for one in heads)
    assert len(found.attributes("id")) == len(set(found.attributes("id")))


def test_every_field_of_the_specification_has_a_meaning() -> None:
    assert {one.prefix for one in requirements().values()} <= set(MEANING)


def light(colour: str) -> float:
    colour = colour * 2 if len(colour) == 3 else colour
    parts = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_its_colours_can_be_read() -> None:
    """Text on both grounds, by day, by night and printed (WCAG 2, 4.5 to 1)."""
    css = files("onward_conformance.report").joinpath("page.css").read_text("utf-8")
    themes = [
        dict(re.findall(r"--(\w+): #([0-9a-f]+)", one))
        for one in re.findall(r":root \{.*?\}", css, re.S)
    ]
    assert len(themes) == 3
    for theme in themes:
        for name in ("ink", "quiet", "link", "good", "bad", "open"):
            for ground in ("paper", "soft"):
                one, other = sorted((light(theme[name]), light(theme[ground])))
                assert (other + 0.05) / (one + 0.05) > 4.5, (name, ground)
