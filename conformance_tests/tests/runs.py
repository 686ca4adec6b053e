"""Runs for the tests of reports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from onward_conformance.requirements import requirements
from onward_conformance.results import Outcome, Result, Run

STARTED = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
MUST, SHOULD = "DLV-009", "TRST-025"
EVIL = "</script><script>alert(1)</script> & \"'` \x1b[31mred\x00 \ud800 ]]>\n::error::no"
"""What a target could say to get out of a report."""


PYTHON = re.compile(
    r"(?<![\w\"])(?:None|True|False)(?![\w\"])|[\[{]'|^\('|': |\b(?:Said|Row|set)\("
)
"""What no reader knows who writes a node in another language."""


def in_python(results: Iterable[Result]) -> list[str]:
    """What results show as Python writes it."""
    shown = [text for one in results for text in (one.expected, one.came)]
    return [one for one in shown if PYTHON.search(one)]


def result(name: str = "one-check", outcome: Outcome = Outcome.PASS, **said: Any) -> Result:
    """A result; of one that did not pass, with what was expected and came."""
    found: dict[str, Any] = {"requirement": MUST, "seconds": 0.25}
    if outcome is not Outcome.PASS:
        found |= {"expected": "WRONG_RECIPIENT", "came": "SEAL_INVALID"}
    return Result(name, outcome, **(found | said))


def both(name: str = "one-check", outcome: Outcome = Outcome.PASS, **said: Any) -> list[Result]:
    """The same over both transports."""
    return [result(name, outcome, way=way, **said) for way in ("rest", "grpc")]


def a_run(results: list[Result], **said: Any) -> Run:
    """A run of a destination over both transports."""
    facts: dict[str, Any] = {
        "agency": "shelter.ngo.in.example", "profiles": ("destination",), "ways": ("rest", "grpc"),
        "started": STARTED, "seconds": 12.5, "suite": "1.0.0", "spec": "1.0",
        "implementation": "Harbour Node", "version": "2.1", "commit": "4f1c9e2",
    }  # fmt: skip
    return Run(tuple(results), **(facts | said))


def mixed() -> Run:
    """One of every outcome, a known failure, a line to be mended, and words of a hostile target."""
    return a_run(
        [
            *both("good"),
            *both("bad", Outcome.FAIL),
            result("evil", Outcome.FAIL, came=EVIL, requirement="KEY-010"),
            result("known", Outcome.FAIL, known="mended in 2.2", way="grpc"),
            result("warned", Outcome.WARNING, requirement=SHOULD),
            result("undeclared", Outcome.NOT_APPLICABLE),
            result("open", Outcome.NOT_TESTED, came="no way to make it act", profile="peer"),
            result("fault", Outcome.ERROR, came="KeyError: 'x'", way="grpc"),
        ],
        stale=("known-failing.txt:3: good does not fail any more over REST: remove the line",),
        implementation=f"Harbour {EVIL}",
    )


assert {MUST, SHOULD, "KEY-010"} <= set(requirements())
