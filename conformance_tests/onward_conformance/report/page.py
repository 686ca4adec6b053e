"""The report as one HTML page that needs nothing else: what to decide, then what to mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from onward_conformance.report.document import code
from onward_conformance.report.tree import el
from onward_conformance.report.words import (
    MEANING,
    NAMES,
    alike,
    causes,
    consequence,
    counted,
    group,
    listed,
    over,
    set_aside,
    verdict,
)
from onward_conformance.requirements import Requirement
from onward_conformance.results import PROFILES, WAYS, Outcome, Result, Run

SYMBOLS = {
    Outcome.PASS: "✓", Outcome.FAIL: "✗", Outcome.WARNING: "!", Outcome.NOT_APPLICABLE: "–",
    Outcome.NOT_TESTED: "?", Outcome.ERROR: "?",
}  # fmt: skip

SHOWN = 5
"""Checks of one requirement that are shown in full: one fault can fail many."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Even if something slipped through, nothing in the page could run or be fetched."""

PLACES = ("https://", "http://", "/", "./", "../", "file:")
"""How the place of the specification begins, so that a link to it runs nothing."""

MARKS = (
    ("passed", "the check found what the specification asks for"),
    ("failed", "a requirement is broken that every implementation has to keep (MUST)"),
    ("warning", "a recommendation is not followed (SHOULD); this fails nothing"),
    ("not applicable", "it is about something that the target has not got, and need not have"),
    ("not tested", "the suite could not try it, so the verdict stays open"),
    ("error", "a fault of the suite, never counted against the target"),
)


def write(run: Run, spec: str = "") -> str:
    """The page. `spec` is the folder or address of the specification, for its links; there are
    none without it.
    """
    title = f"Onward conformance report: {run.title}"
    css = files("onward_conformance.report").joinpath("page.css").read_text(encoding="utf-8")
    page = el(
        "html",
        el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", http_equiv="Content-Security-Policy", content=POLICY),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("title", title),
            el("style", css),
        ),
        el("body", el("main", *_head(run), *_failures(run, spec), *_lines(run), *_others(run, spec),
                      *_details(run, spec)), _foot(run)),
        lang="en",
    )  # fmt: skip
    return "<!doctype html>\n" + ElementTree.tostring(page, "unicode", method="html") + "\n"


def _head(run: Run) -> list[Element]:
    day = f"{run.started.day} {run.started:%B %Y, %H:%M} UTC"
    tested = el(
        "dl",
        *_fact("Implementation", run.title + (f" (commit {run.commit})" if run.commit else "")),
        *_fact("Agency", run.agency),
        *_fact("Roles", listed([f"{one} ({PROFILES[one]})" for one in PROFILES
                                if one in run.profiles]) or "none declared"),
        *_fact("Over", over(run.ways)),
        *_fact("Environment", run.environment),
        *_fact("Checks", f"{len(run.results)}, in {run.seconds:.0f} seconds"),
        *_fact("Only", ", ".join(run.only)),
        *_fact("When", day),
        *_fact("Suite", f"{run.suite}, for specification {run.spec}"),
    )  # fmt: skip
    return [
        el("h1", "Onward conformance report"),
        el(
            "div",
            el("strong", verdict(run)),
            el("p", consequence(run)),
            el("p", el("a", aside, href="#not-applicable")) if (aside := set_aside(run)) else None,
            class_=f"verdict {code(run.overall)}",
        ),
        _table(run),
        el("h2", "What was tested"),
        tested,
    ]


def _fact(name: str, said: str) -> list[Element]:
    return [el("dt", name), el("dd", said)] if said else []


def _table(run: Run) -> Element:
    shown = [one for one in Outcome if one in (Outcome.PASS, Outcome.FAIL)
             or run.with_outcome(one)]  # fmt: skip
    head = [el("th", name, scope="col") for name in ("Role", "Over", "Verdict")]
    head += [el("th", NAMES[one].capitalize(), scope="col", class_="number") for one in shown]
    rows = []
    for profile, way in run.pairs:
        count = Counter(one.outcome for one in run.of(profile, way))
        found = run.verdict(profile, way)
        cells = [el("th", profile, scope="row"), el("td", WAYS[way])]
        cells.append(el("td", found.value, class_=code(found)))
        cells += [el("td", str(count[one]), class_="number") for one in shown]
        rows.append(el("tr", *cells))
    caption = el("caption", "Checks by role and transport")
    table = el("table", caption, el("thead", el("tr", *head)), el("tbody", *rows))
    return el("div", table, class_="wide", tabindex="0", role="region", aria_label="Checks")


def _link(about: Requirement, spec: str) -> Element:
    """Its id, which leads to the specification where the page knows one: no link is a dead one."""
    if not spec.startswith(PLACES):
        return el("span", about.id)
    return el("a", about.id, href=f"{spec.rstrip('/')}/{about.anchor}")


def _sentence(run: Run, name: str, spec: str) -> Element:
    about = run.about.get(name)
    if about is None:
        return el("p", name)
    level = el("span", about.level, class_="level")
    place = el("span", f" {about.anchor}", class_="quiet")
    return el("p", _link(about, spec), " ", level, place, el("br"), *_prose(about.sentence))


def _prose(text: str) -> list[Element | str]:
    """A sentence of the specification, whose backticks mark code."""
    pieces = text.split("`")
    return [el("code", one) if number % 2 else one for number, one in enumerate(pieces)]


def _failures(run: Run, spec: str) -> list[Element]:
    failed = run.with_outcome(Outcome.FAIL)
    if not failed:
        return []
    made = [el("h2", "What failed, and what that means")]
    for field in _in_order(one.requirement.partition("-")[0] for one in failed):
        here = [one for one in failed if one.requirement.partition("-")[0] == field]
        made.append(el("h3", _section(run, here[0].requirement)))
        made.append(el("p", MEANING.get(field, "")))
        for name in _in_order(one.requirement for one in here):
            found = [one for one in here if one.requirement == name]
            made.append(el("div", _sentence(run, name, spec), _findings(found), class_="card"))
    return made


def _in_order(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _section(run: Run, name: str) -> str:
    return run.about[name].section if name in run.about else name


def _findings(results: list[Result]) -> Element:
    """The first checks with what came, and the names of the others."""
    found = alike(results)
    items = [_finding(one, ways) for one, ways in found[:SHOWN]]
    if rest := found[SHOWN:]:
        names = ", ".join(dict.fromkeys(one.name for one, _ in rest))
        more = f"and {counted(len(rest), 'more check')}: "
        items.append(el("li", el("span", more, class_="quiet"), el("code", names)))
    return el("ul", *items)


def _finding(one: Result, ways: list[str]) -> Element:
    facts = _fact("Expected", one.expected) + _fact("Came", one.came)
    facts += _fact("Known failure", one.known)
    mark = el("span", f"{SYMBOLS[one.outcome]} {one.outcome.value}", class_=code(one.outcome))
    about = el("span", f" ({group(one.profile)}, over {over(ways)})", class_="quiet")
    return el("li", mark, " ", el("code", one.name), about, el("dl", *facts) if facts else None)


def _lines(run: Run) -> list[Element]:
    """Lines of the known-failing file that have to be mended."""
    if not run.stale:
        return []
    lines = [el("li", said, class_="fail") for said in run.stale]
    text = "The run fails until these lines are mended."
    return [el("h2", "Known-failing file"), el("p", text), el("ul", *lines, class_="plain")]


OTHERS = {
    Outcome.WARNING: "Recommendations that are not followed",
    Outcome.ERROR: "Faults of the suite",
}


def _unmade(run: Run, outcome: Outcome) -> list[Element]:
    """Each cause once, with all checks that it kept from being made."""
    found = run.with_outcome(outcome)
    if not found:
        return []
    made = [el("h2", f"What was {outcome.value}, and why", id=outcome.value.replace(" ", "-"))]
    for cause, kept in causes(found):
        names = _in_order(one.name for one in kept)
        about = f"{counted(len(names), 'check')}, over {over(one.way for one in kept)}: "
        told = el("p", el("span", about, class_="quiet"), el("code", ", ".join(names)))
        made.append(el("div", el("p", cause), told, class_="card"))
    return made


def _others(run: Run, spec: str) -> list[Element]:
    made = _unmade(run, Outcome.NOT_TESTED) + _unmade(run, Outcome.NOT_APPLICABLE)
    for outcome, title in OTHERS.items():
        found = run.with_outcome(outcome)
        if found:
            made.append(el("h2", title))
        for name in _in_order(one.requirement for one in found):
            here = [one for one in found if one.requirement == name]
            made.append(el("div", _sentence(run, name, spec), _findings(here), class_="card"))
    return made


def _details(run: Run, spec: str) -> list[Element]:
    """Every requirement that a result names, in the order of the specification's text."""
    names = {one.requirement for one in run.results}
    order = [one for one in run.about if one in names] + sorted(names - set(run.about))
    tested = el(
        "p",
        f"{counted(len(order), 'requirement')}, each with the checks that it is about first of all."
        " A check may look at others beside it.",
        class_="quiet",
    )
    made = [el("h2", "Every requirement"), tested]
    section = None
    for name in order:
        if (here := _section(run, name)) != section:
            section = here
            made.append(el("h3", here))
        results = [one for one in run.results if one.requirement == name]
        made.append(
            el("div", _sentence(run, name, spec), _checks(results), class_="requirement", id=name)
        )
    return made


def _checks(results: list[Result]) -> Element:
    items = []
    for name in _in_order(one.name for one in results):
        marks: list[Element | str] = []
        for one in results:
            if one.name == name:
                said = f"{SYMBOLS[one.outcome]} {WAYS[one.way]} {one.outcome.value}"
                marks += [" ", el("span", said, class_=code(one.outcome))]
        items.append(el("li", el("code", name), *marks))
    return el("ul", *items)


def _foot(run: Run) -> Element:
    marks = [part for name, said in MARKS for part in _fact(name, said)]
    text = (
        "This page is for reading. What can be verified is the signed report: "
        "onward-conformance verify."
    )
    return el("footer", el("h2", "How to read it"), el("dl", *marks), el("p", text, class_="quiet"))
