"""What a run says: to people in the terminal, to CI as JSON and JUnit."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from rich.table import Table

from onward_conformance import __version__
from onward_conformance.requirements import requirements
from onward_conformance.results import Outcome, Result, passed

Found = dict[str, list[Result]]
"""Results by transport."""


def explained(result: Result, way: str, target: Path) -> str:
    """One result that is no pass, with all that is needed to mend it."""
    lines = [f"{result.outcome.upper()} {result.name} over {way}"]
    known = requirements()[result.requirement]
    lines.append(f"  {known.id} ({known.anchor}): {known.sentence}")
    if result.expected:
        lines.append(f"  expected: {result.expected}")
    lines.append(f"  came:     {result.came}")
    lines.append(f"  again:    onward-conformance run {target} --only {result.name}")
    return "\n".join(lines)


def summary(found: Found) -> Table:
    """How many of each outcome, by transport."""
    table = Table("Transport", *(one.value for one in Outcome), "Verdict")
    for way, results in found.items():
        count = Counter(one.outcome for one in results)
        verdict = "conforms" if passed(results) else "does not conform"
        table.add_row(way, *(str(count[one]) for one in Outcome), verdict)
    return table


def to_json(agency: str, found: Found) -> str:
    """The report for machines."""
    return json.dumps(
        {
            "suite": __version__,
            "agency": agency,
            "conforms": all(passed(results) for results in found.values()),
            "transports": {
                way: [
                    {
                        "check": one.name, "outcome": one.outcome.value,
                        "requirement": one.requirement, "expected": one.expected,
                        "came": one.came, "seconds": round(one.seconds, 3),
                    }
                    for one in results
                ]
                for way, results in found.items()
            },
        },
        indent=1,
    )  # fmt: skip


def to_junit(found: Found) -> str:
    """The report as JUnit's XML, a suite for each transport."""
    root = ElementTree.Element("testsuites", name="onward-conformance")
    for way, results in found.items():
        suite = ElementTree.SubElement(root, "testsuite", name=way, tests=str(len(results)))
        for one in results:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                name=one.name,
                classname=f"onward.{way}",
                time=f"{one.seconds:.3f}",
            )
            if one.outcome in (Outcome.FAIL, Outcome.ERROR):
                kind = "failure" if one.outcome is Outcome.FAIL else "error"
                said = f"{one.requirement}: expected {one.expected}; came {one.came}"
                ElementTree.SubElement(case, kind, message=said)
            elif one.outcome is not Outcome.PASS:
                ElementTree.SubElement(case, "skipped", message=f"{one.outcome}: {one.came}")
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)
