"""The JSON report: its schema, and that it gives back the run it was made from."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from runs import a_run, both, mixed, result

from onward_conformance.report import document
from onward_conformance.report.document import ReportError
from onward_conformance.results import PROFILES, WAYS, Outcome, Run, Verdict


def valid(report: Any) -> bool:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(document.schema(), format_checker=checker).is_valid(
        report
    )


def some() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(document.write(a_run([*both(), result("x", Outcome.FAIL)])))
    return found


def test_the_schema_is_one_and_names_what_the_code_names() -> None:
    schema = document.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    kinds = schema["$defs"]
    results = schema["properties"]["results"]["items"]["properties"]
    assert kinds["profile"]["enum"] == list(PROFILES)
    assert kinds["transport"]["enum"] == list(WAYS)
    assert kinds["verdict"]["enum"] == list(document.VERDICTS)
    assert results["outcome"]["enum"] == list(document.OUTCOMES)
    assert schema["properties"]["schema"]["const"] == document.SCHEMA_VERSION
    assert len(document.OUTCOMES) == len(Outcome)
    assert len(document.VERDICTS) == len(Verdict)


@pytest.mark.parametrize(
    "run", [a_run(both()), mixed(), a_run([]), a_run(both(), only=("one-check",))]
)
def test_a_report_matches_its_schema_and_gives_back_its_run(run: Run) -> None:
    text = document.write(run)
    text.encode()  # Half a surrogate pair would not go into a file.
    assert valid(json.loads(text))
    again = document.read(text)
    assert document.write(again) == text
    assert again.results == run.results
    assert (again.exit_code, again.overall) == (run.exit_code, run.overall)


def test_what_a_reader_finds_in_it() -> None:
    found = some()
    assert found["target"] == {
        "agency": "shelter.ngo.in.example", "environment": "test", "version": "2.1",
        "implementation": "Harbour Node", "commit": "4f1c9e2", "profiles": ["destination"],
        "transports": ["rest", "grpc"],
    }  # fmt: skip
    assert (found["suite"], found["specification"]) == ("1.0.0", "1.0")
    assert (found["started"], found["seconds"]) == ("2026-05-04T09:30:00Z", 12.5)
    assert found["verdict"] == "doesNotConform"
    rest, grpc = found["verdicts"]
    assert (rest["verdict"], rest["counts"]["fail"]) == ("doesNotConform", 1)
    assert (grpc["verdict"], grpc["counts"]["pass"]) == ("conforms", 1)
    assert found["results"][-1] == {
        "check": "x", "profile": "destination", "transport": "rest", "outcome": "fail",
        "requirement": "DLV-009", "expected": "WRONG_RECIPIENT", "came": "SEAL_INVALID",
        "knownFailing": "", "seconds": 0.25,
    }  # fmt: skip
    (requirement,) = found["requirements"]
    assert requirement["id"] == "DLV-009"
    assert requirement["level"] == "MUST"
    assert "WRONG_RECIPIENT" in requirement["sentence"]


def broken() -> dict[str, dict[str, Any]]:
    """Reports with one thing wrong, by what it is."""
    wrong: dict[str, dict[str, Any]] = {}
    for name in (
        "a member more", "a member less", "profile", "outcome", "schema", "anchor", "time",
        "verdict", "failure hidden", "result left out", "count",
    ):  # fmt: skip
        wrong[name] = some()
    wrong["a member more"]["conforms"] = True
    del wrong["a member less"]["target"]["agency"]
    wrong["profile"]["target"]["profiles"] = ["wizard"]
    wrong["outcome"]["results"][0]["outcome"] = "excused"
    wrong["schema"]["schema"] = "2.0"
    wrong["anchor"]["requirements"][0]["anchor"] = "javascript:alert(1)"
    wrong["time"]["started"] = "2026-05-04T09:30:00+02:00"
    wrong["verdict"]["verdict"] = "conforms"
    wrong["failure hidden"]["results"][-1]["outcome"] = "pass"
    wrong["result left out"]["results"].pop()
    wrong["count"]["verdicts"][0]["counts"]["fail"] = 0
    return wrong


@pytest.mark.parametrize(("name", "report"), broken().items(), ids=broken().keys())
def test_what_is_no_report_is_refused(name: str, report: dict[str, Any]) -> None:
    with pytest.raises(ReportError):
        document.read(json.dumps(report))
    contradictions = ("verdict", "failure hidden", "result left out", "count")
    assert valid(report) == (name in contradictions)


@pytest.mark.parametrize("time", ["2026-02-30T09:30:00Z", "0000-01-01T00:00:00Z", "\ud800"])
def test_a_time_that_is_none_is_refused(time: str) -> None:
    with pytest.raises(ReportError):
        document.read(json.dumps(some() | {"started": time}))


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "-1"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    text = document.write(a_run(both())).replace("12.5", number)
    assert number in text
    with pytest.raises(ReportError):
        document.read(text)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 200_000, b"\xff", "NaN"])
def test_what_is_no_json_object_is_refused(text: str | bytes) -> None:
    with pytest.raises(ReportError):
        document.read(text)


def test_a_member_twice_is_refused() -> None:
    text = document.write(a_run(both())).replace(
        '"verdict": "conforms"', '"verdict": "doesNotConform",\n "verdict": "conforms"', 1
    )
    with pytest.raises(ReportError, match="twice"):
        document.read(text)


def test_what_a_stranger_wrote_into_a_requirement_is_written_out() -> None:
    report = some()
    report["requirements"][0]["sentence"] = "cleared \x1b[2J"
    assert document.read(json.dumps(report)).about["DLV-009"].sentence == "cleared \\x1b[2J"
