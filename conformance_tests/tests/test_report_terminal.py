"""The report in a terminal: at 80 columns, and without colour."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from runs import a_run, both, mixed, result

from onward_conformance.report import terminal
from onward_conformance.results import Outcome, Run


def printed(run: Run, width: int = 80, *, colour: bool = False) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=colour, no_color=not colour)
    terminal.show(run, console, "my target.toml")
    return file.getvalue()


def block(text: str, head: str) -> str:
    """The lines from one head to the next empty line."""
    return text[text.index(head) :].partition("\n\n")[0]


def test_a_failure_says_all_that_is_needed() -> None:
    text = block(printed(a_run([*both(), *both("bad", Outcome.FAIL)])), "FAIL")
    assert "DLV-009  MUST  spec.md#delivery" in text
    assert "A receiver MUST answer `WRONG_RECIPIENT`" in text
    assert "bad  destination, over REST and gRPC" in text
    assert "expected  WRONG_RECIPIENT" in text
    assert "came      SEAL_INVALID" in text
    assert "onward-conformance run 'my target.toml' --only bad" in text


def test_it_keeps_to_80_columns_but_for_commands() -> None:
    lines = printed(mixed()).splitlines()
    assert [one for one in lines if len(one) > 80 and "onward-conformance run" not in one] == []
    assert not any("\x1b" in one for one in lines)


def test_no_verdict_is_cut_at_80_columns() -> None:
    text = printed(a_run(both("x", Outcome.FAIL), profiles=("destination", "forwarder")))
    assert text.count("does not conform\n") + text.count("does not conform ") >= 3
    assert "…" not in text


def test_colour_is_never_all_that_tells() -> None:
    plain = printed(mixed())
    for word in ("FAIL", "NOT TESTED", "ERROR", "WARNING", "known", "MEND", "does not conform"):
        assert word in plain


NO_HANDS = "target.toml names neither [local] nor [hands]"


def test_one_cause_of_much_that_was_not_tested_stands_once_and_first() -> None:
    few = [result(f"few-{n}", Outcome.NOT_TESTED, came="no program") for n in range(2)]
    many = [one for n in range(90) for one in both(f"many-{n}", Outcome.NOT_TESTED, came=NO_HANDS)]
    text = printed(a_run([*few, *many, *both("bad", Outcome.FAIL)]))
    found = block(text, "NOT TESTED")
    assert found.startswith("NOT TESTED   92 checks\n")
    assert "90 checks over REST and gRPC: many-0, many-1, many-2 and 87 more" in found
    assert "2 checks over REST: few-0, few-1 " in found
    assert "All of them by name: add --html PAGE.html" in found
    assert found.index(NO_HANDS) < found.index("no program")
    assert text.index(found) < text.index("FAIL")
    assert text.count(NO_HANDS) == 1
    assert "add --html" not in printed(a_run(few))


def test_a_run_of_some_checks_says_that_no_more_was_asked_for() -> None:
    asked = " ".join(printed(a_run(both(), only=("header", "DLV-009"))).split())
    assert "Only header and DLV-009 were asked for: that does not say whether Harbour" in asked
    assert "not everything was tested" not in asked
    assert "incomplete" not in asked
    kept = a_run([*both(), result("open", Outcome.NOT_TESTED, came="no")], only=("header",))
    said = " ".join(printed(kept).split())
    assert "Of that, 1 check could not be made." in said
    assert "incomplete" in said


def test_what_is_not_applicable_is_counted_and_where_it_stands_is_said() -> None:
    text = " ".join(printed(a_run([*both(), *both("aside", Outcome.NOT_APPLICABLE)])).split())
    assert "1 check was not applicable" in text
    assert "Which they are: --html PAGE.html, or --json REPORT.json." in text
    assert "--html" not in printed(a_run(both()))


def test_what_passed_is_not_explained() -> None:
    text = printed(a_run(both()))
    assert "one-check" not in text
    assert "Harbour Node 2.1 conforms" in text


def test_a_fault_of_the_suite_is_no_failure_of_the_target() -> None:
    text = printed(a_run([*both(), result("x", Outcome.ERROR, came="KeyError")]))
    assert "A fault of the suite, not of the target" in block(text, "ERROR")
    assert "does not conform" not in text


def test_a_known_failure_stands_apart_with_its_reason() -> None:
    text = printed(a_run([result("bad", Outcome.FAIL, known="mended in 2.2"), *both()]))
    assert "FAIL " not in text.partition("Profile")[0].replace("known-failing", "")
    assert "bad REST: mended in 2.2" in text


def test_one_fault_that_fails_many_checks_is_explained_once() -> None:
    text = printed(a_run([result(f"check-{number}", Outcome.FAIL) for number in range(9)]))
    assert text.count("A receiver MUST answer") == 1
    assert text.count("SEAL_INVALID") == terminal.SHOWN
    assert "and 6 more checks: check-3, check-4" in text


def test_random_values_do_not_keep_two_transports_apart() -> None:
    ids = {"rest": "WLAjcpOFEDktcIiGVvFDQCmVaprZsrSuFeZpfBh35d8", "grpc": "x" * 43}
    same = [result("a", Outcome.FAIL, way=way, came=f"head {one}") for way, one in ids.items()]
    other = [result("b", Outcome.FAIL, way=way, came=way) for way in ids]
    text = printed(a_run([*same, *other]))
    assert text.count("a  destination, over REST and gRPC") == 1
    assert text.count("b  destination, over REST\n") == 1


def test_words_of_a_target_are_no_control_characters_and_no_markup() -> None:
    run = a_run([result("x", Outcome.FAIL, came="[bold]ok[/bold] \x1b[2J\r")])
    assert "[bold]ok[/bold] \\x1b[2J\\r" in printed(run)
    assert "\x1b[2J" not in printed(run, colour=True)


def test_progress_leaves_a_line_where_nobody_watches() -> None:
    file = io.StringIO()
    console = Console(file=file, width=80)
    found = terminal.watched(iter([result(), result("x", Outcome.FAIL)]), 2, "REST", console)
    assert [one.name for one in found] == ["one-check", "x"]
    assert file.getvalue() == "REST  2 checks in 0.5 s, 1 failed\n"


def test_a_log_that_nobody_watches_shows_that_the_run_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terminal, "EVERY", 0)
    file = io.StringIO()
    results = [result(), result("x", Outcome.FAIL), result("y")]
    terminal.watched(iter(results), 3, "REST", Console(file=file, width=80))
    assert file.getvalue().splitlines()[:-1] == [
        "REST  1 of 3 checks, 0 failed", "REST  2 of 3 checks, 1 failed",
    ]  # fmt: skip
