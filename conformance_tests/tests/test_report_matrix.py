"""docs/compatibility.md from report files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from runs import STARTED, a_run, both, result

from onward_conformance.report import document, matrix
from onward_conformance.results import Outcome, Result


def put(folder: Path, name: str, results: list[Result] | None = None, **said: Any) -> Path:
    path = folder / f"{name}.json"
    path.write_text(document.write(a_run(both() if results is None else results, **said)))
    return path


def rows(folder: Path) -> list[list[str]]:
    text = matrix.page(folder.glob("*.json"))
    lines = [one for one in text.splitlines() if one.startswith("|")]
    return [[cell.strip() for cell in one.strip("|").split(" | ")] for one in lines[2:]]


def test_no_report_yet(tmp_path: Path) -> None:
    assert matrix.page(tmp_path.glob("*.json")).endswith("\nThere is no report yet.\n")


def test_a_row_for_each_role(tmp_path: Path) -> None:
    results = [*both(), *both("x", Outcome.FAIL, profile="origin")]
    put(tmp_path, "a", results, profiles=("destination", "origin"))
    day = "[2026-05-04](reports/a.json)"
    assert rows(tmp_path) == [
        ["Harbour Node", "2.1", "destination", "conforms", "conforms", "1.0", "1.0.0", day],
        ["Harbour Node", "2.1", "origin", "does not conform (1 failed)",
         "does not conform (1 failed)", "1.0", "1.0.0", day],
    ]  # fmt: skip


def test_what_was_not_declared_and_what_is_open(tmp_path: Path) -> None:
    put(tmp_path, "a", [result(), result("x", Outcome.NOT_TESTED)], ways=("rest",))
    assert rows(tmp_path)[0][3:5] == ["incomplete", "not declared"]


def test_the_newest_run_of_a_version_stands(tmp_path: Path) -> None:
    put(tmp_path, "z-older", both("x", Outcome.FAIL))
    put(tmp_path, "a-newer", started=STARTED + timedelta(days=1))
    put(tmp_path, "b-other", version="2.2")
    found = [(row[1], row[3], row[-1]) for row in rows(tmp_path)]
    assert found == [
        ("2.1", "conforms", "[2026-05-05](reports/a-newer.json)"),
        ("2.2", "conforms", "[2026-05-04](reports/b-other.json)"),
    ]


def test_a_failure_that_was_known_does_not_conform(tmp_path: Path) -> None:
    put(tmp_path, "a", [*both(), result("x", Outcome.FAIL, known="why")])
    assert rows(tmp_path)[0][3] == "does not conform (1 failed)"


def test_names_stay_names(tmp_path: Path) -> None:
    put(tmp_path, "a", implementation="A|B [x](https://bad.example) <b> `c`")
    text = matrix.page(tmp_path.glob("*.json"))
    assert "A\\|B \\[x\\]\\(https\\://bad.example\\) \\<b\\> \\`c\\`" in text


@pytest.mark.parametrize(
    ("said", "why"),
    [({"only": ("one-check",)}, "some checks alone"), ({"implementation": ""}, "does not name")],
)
def test_a_report_that_has_no_place_there(tmp_path: Path, said: dict[str, Any], why: str) -> None:
    put(tmp_path, "a", **said)
    with pytest.raises(document.ReportError, match=f"a.json: .*{why}"):
        rows(tmp_path)


def test_a_report_that_was_changed_by_hand_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "a", both("x", Outcome.FAIL))
    path.write_text(path.read_text().replace('"outcome": "fail"', '"outcome": "pass"'))
    with pytest.raises(document.ReportError, match=r"a\.json: the report contradicts itself"):
        rows(tmp_path)
