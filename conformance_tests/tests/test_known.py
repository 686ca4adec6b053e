"""The known-failing file: strict in how it is written, and strict both ways after a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs import a_run, both, result

from onward_conformance.known import KnownError, apply, read
from onward_conformance.results import Outcome, Verdict

NAMES = ("bad", "good", "open")


def lines(folder: Path, text: str) -> list:  # type: ignore[type-arg]
    path = folder / "known-failing.txt"
    path.write_text(text, encoding="utf-8")
    return read(path, NAMES)


def test_lines_are_read(tmp_path: Path) -> None:
    text = "# ours\n\n  bad   grpc  # a reason # with more\nopen# short\n"
    found = [(one.name, one.way, one.reason) for one in lines(tmp_path, text)]
    assert found == [("bad", "grpc", "a reason # with more"), ("open", "", "short")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bad\n", ":1: bad has no reason"),
        ("bad #  \n", ":1: bad has no reason"),
        ("\nstranger # why\n", ":2: no check is named stranger"),
        ("bad soap # why\n", ":1: the transport is one of rest, grpc"),
        ("bad rest grpc # why\n", ":1: write `check-name"),
        ("bad # why\nbad # why\n", ":2: bad stands already at"),
        ("bad # why\nbad rest # why\n", ":2: bad stands already at"),
    ],
)
def test_a_file_that_is_not_right_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(KnownError) as caught:
        lines(tmp_path, text)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="can't read"):
        read(tmp_path / "none.txt", NAMES)
    (tmp_path / "bytes.txt").write_bytes(b"bad # \xff")
    with pytest.raises(KnownError, match="can't read"):
        read(tmp_path / "bytes.txt", NAMES)


def test_a_failure_that_is_listed_is_known(tmp_path: Path) -> None:
    found = [*both("bad", Outcome.FAIL), *both("good")]
    results, stale = apply(found, lines(tmp_path, "bad # due in May\n"))
    assert [one.known for one in results] == ["due in May", "due in May", "", ""]
    run = a_run(results, stale=tuple(stale))
    assert (run.exit_code, run.overall) == (0, Verdict.FAILS)


def test_a_line_for_one_transport_covers_no_other(tmp_path: Path) -> None:
    found = both("bad", Outcome.FAIL)
    results, stale = apply(found, lines(tmp_path, "bad grpc # why\n"))
    assert [one.known for one in results] == ["", "why"]
    assert a_run(results, stale=tuple(stale)).exit_code == 1


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.WARNING, Outcome.NOT_APPLICABLE])
def test_a_line_whose_check_does_not_fail_is_to_be_removed(
    tmp_path: Path, outcome: Outcome
) -> None:
    results, stale = apply(both("good", outcome), lines(tmp_path, "good # why\n"))
    (said,) = stale
    assert "good does not fail any more over REST and gRPC: remove the line" in said
    assert a_run(results, stale=tuple(stale)).exit_code == 1


def test_a_line_that_is_right_over_one_transport_is_to_name_it(tmp_path: Path) -> None:
    found = [result("bad", Outcome.FAIL), result("bad", way="grpc")]
    results, (said,) = apply(found, lines(tmp_path, "bad # why\n"))
    assert "does not fail any more over gRPC: name in the line the transport" in said
    assert [one.known for one in results] == ["why", ""]


@pytest.mark.parametrize("outcome", [Outcome.NOT_TESTED, Outcome.ERROR])
def test_what_is_open_leaves_the_line(tmp_path: Path, outcome: Outcome) -> None:
    results, stale = apply(both("open", outcome), lines(tmp_path, "open # why\n"))
    assert stale == []
    assert [one.known for one in results] == ["", ""]


def test_a_check_that_did_not_run(tmp_path: Path) -> None:
    known = lines(tmp_path, "bad # why\n")
    _, (said,) = apply(both("good"), known)
    assert "bad was not run" in said
    assert apply(both("good"), known, whole=False)[1] == []
