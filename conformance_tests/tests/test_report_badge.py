"""The badge says what conforms, and never more."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from runs import EVIL, a_run, both, result

from onward_conformance.report import badge
from onward_conformance.results import Outcome, Run

MORE = {"profiles": ("destination", "origin")}


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (a_run(both()), "destination REST gRPC: conforms"),
        (a_run([result()], ways=("rest",)), "destination REST: conforms"),
        (a_run([*both(), *both(profile="origin")], **MORE),
         "destination, origin REST gRPC: conforms"),
        (a_run([*both(), result("x", Outcome.FAIL, profile="origin")], **MORE),
         "origin REST: does not conform"),
        (a_run(both(), **MORE), "origin REST gRPC: incomplete"),
        (a_run(both(), only=("one-check",)), "destination REST gRPC: incomplete"),
        (a_run([*both(), result("x", Outcome.FAIL, known="why")]),
         "destination REST: does not conform"),
        (a_run([], profiles=()), "incomplete"),
    ],
)  # fmt: skip
def test_what_it_says(run: Run, said: str) -> None:
    assert badge.words(run) == ("Onward 1.0", said)
    root = ElementTree.fromstring(badge.write(run))
    assert root.get("aria-label") == f"Onward 1.0 | {said}"
    assert badge.write(run).count(badge.COLOURS[run.overall]) == 1


def test_it_needs_nothing_from_elsewhere() -> None:
    text = badge.write(a_run(both(), implementation=EVIL))
    assert text.count("http") == text.count("http://www.w3.org/2000/svg") == 1
    assert "script" not in text


def contrast(colour: str) -> float:
    """Of white text on this colour (WCAG 2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    light = sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (light + 0.05)


def test_it_can_be_read() -> None:
    assert contrast("#777777") < 4.5
    assert all(contrast(one) > 4.5 for one in badge.COLOURS.values())
