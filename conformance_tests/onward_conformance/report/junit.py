"""The report as JUnit's XML, for continuous integration.

There is no outcome for a SHOULD in it: a warning passes, and says in its output what was found. A
known failure is skipped with its reason, since it does not fail the run.
"""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from onward_conformance.network import moment
from onward_conformance.report.tree import el
from onward_conformance.results import UNKNOWN, WAYS, Outcome, Result, Run

COUNTED = ("failure", "error", "skipped")


def write(run: Run) -> str:
    """The report, with a suite for each profile over each transport."""
    suites = [_suite(run, *group, found) for group, found in run.groups.items()]
    if run.stale:
        suites.append(_lines(run))
    root = el("testsuites", *suites, name="onward-conformance")
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(one.get(name, "0")) for one in suites)))
    root.set("time", f"{run.seconds:.3f}")
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _suite(run: Run, profile: str, way: str, results: list[Result]) -> Element:
    facts = {
        "agency": run.agency, "environment": run.environment,
        "implementation": run.implementation, "version": run.version, "commit": run.commit,
        "profile": profile, "transport": WAYS[way], "suite": run.suite,
        "specification": run.spec, "verdict": run.overall.value,
    }  # fmt: skip
    name = f"onward.{profile}.{way}"
    properties = [el("property", name=key, value=value) for key, value in facts.items() if value]
    cases = [_case(run, name, one) for one in results]
    made = _counted(name, cases, el("properties", *properties))
    made.set("time", f"{sum(one.seconds for one in results):.3f}")
    made.set("timestamp", moment(run.started).removesuffix("Z"))
    return made


def _counted(name: str, cases: list[Element], *first: Element) -> Element:
    failures, errors, skipped = (sum(case.find(one) is not None for case in cases)
                                 for one in COUNTED)  # fmt: skip
    return el(
        "testsuite", *first, *cases, name=name, tests=str(len(cases)), failures=str(failures),
        errors=str(errors), skipped=str(skipped),
    )  # fmt: skip


def _case(run: Run, suite: str, one: Result) -> Element:
    said = explained(run, one)
    child: Element | None = None
    if one.outcome is Outcome.FAIL and one.known:
        child = el("skipped", message=f"known failure: {one.known} ({_short(one)})")
    elif one.outcome is Outcome.FAIL:
        child = el("failure", said, message=_short(one), type=one.requirement)
    elif one.outcome is Outcome.ERROR:
        child = el("error", said, message=f"fault of the suite: {one.came}", type="suite")
    elif one.outcome is Outcome.WARNING:
        child = el("system-out", f"warning\n{said}")
    elif one.outcome is not Outcome.PASS:
        child = el("skipped", message=f"{one.outcome.value}: {one.came}".removesuffix(": "))
    return el("testcase", child, name=one.name, classname=suite, time=f"{one.seconds:.3f}")


def _short(one: Result) -> str:
    return f"{one.requirement}: expected {one.expected}; came {one.came}"


def explained(run: Run, one: Result) -> str:
    """The requirement in full, what was expected and what came, a line for each."""
    lines = [one.requirement]
    if about := run.about.get(one.requirement):
        lines = [f"{about.id} ({about.level}, {about.anchor}): {about.sentence}"]
    if one.outcome not in UNKNOWN:
        lines.append(f"expected: {one.expected}")
    return "\n".join([*lines, f"came: {one.came}"])


def _lines(run: Run) -> Element:
    """Lines of the known-failing file to be mended: each fails the run."""
    name = "onward.known-failing"
    cases = [
        el(
            "testcase", el("failure", message=said, type="known-failing"), name=said,
            classname=name, time="0.000",
        )
        for said in run.stale
    ]  # fmt: skip
    return _counted(name, cases)
