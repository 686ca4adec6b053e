"""What a run comes to: verdicts, exit codes, and how the words of a target are kept."""

from __future__ import annotations

import pytest
from runs import EVIL, a_run, both, result

from onward_conformance.results import LONGEST, Outcome, Result, Verdict, visible


def verdicts(results: list[Result], **said: object) -> list[str]:
    run = a_run(results, **said)
    return [f"{profile} {way}: {run.verdict(profile, way)}" for profile, way in run.pairs]


def test_everything_passed() -> None:
    run = a_run([*both(), *both("other", Outcome.NOT_APPLICABLE), *both("w", Outcome.WARNING)])
    assert run.overall is Verdict.CONFORMS
    assert run.exit_code == 0


def test_a_failure_counts_where_it_happened() -> None:
    found = verdicts([*both(), result("bad", Outcome.FAIL, way="grpc")])
    assert found == ["destination rest: conforms", "destination grpc: does not conform"]


@pytest.mark.parametrize("outcome", [Outcome.NOT_TESTED, Outcome.ERROR])
def test_what_was_not_tested_leaves_it_open(outcome: Outcome) -> None:
    found = verdicts([*both(), result("open", outcome)])
    assert found == ["destination rest: incomplete", "destination grpc: conforms"]


def test_a_failure_is_worse_than_what_is_open() -> None:
    run = a_run([*both(), result("open", Outcome.NOT_TESTED), result("bad", Outcome.FAIL)])
    assert run.verdict("destination", "rest") is Verdict.FAILS


def test_a_declared_profile_without_results_is_open() -> None:
    found = verdicts(both(), profiles=("origin", "destination"))
    assert found == [
        "destination rest: conforms", "destination grpc: conforms", "origin rest: incomplete",
        "origin grpc: incomplete",
    ]  # fmt: skip


def test_nothing_but_what_does_not_apply_is_open() -> None:
    assert a_run(both("x", Outcome.NOT_APPLICABLE)).overall is Verdict.INCOMPLETE
    assert a_run([]).overall is Verdict.INCOMPLETE
    assert a_run([], profiles=(), ways=()).overall is Verdict.INCOMPLETE
    assert a_run([], profiles=(), ways=()).exit_code == 4


def test_checks_of_the_peer_plane_count_for_every_node_and_for_no_client() -> None:
    profiles = ("destination", "mailbox", "client")
    results = [result(profile=one) for one in profiles]
    bad = [result("bad", Outcome.FAIL, profile=one) for one in ("peer", "without_collect")]
    for one in bad:
        assert verdicts([*results, one], profiles=profiles, ways=("rest",)) == [
            "destination rest: does not conform", "mailbox rest: does not conform",
            "client rest: conforms",
        ]  # fmt: skip


def test_checks_for_every_node_alone_make_no_profile_conform() -> None:
    run = a_run([*both(), *both("p", profile="peer")], profiles=("destination", "origin"))
    assert [run.verdict(*pair) for pair in run.pairs] == [
        Verdict.CONFORMS, Verdict.CONFORMS, Verdict.INCOMPLETE, Verdict.INCOMPLETE,
    ]  # fmt: skip


def test_some_checks_alone_say_nothing_about_the_whole() -> None:
    run = a_run(both(), only=("one-check",))
    assert run.overall is Verdict.INCOMPLETE
    assert run.exit_code == 0
    kept = a_run([*both(), result("open", Outcome.NOT_TESTED)], only=("one-check", "open"))
    assert kept.exit_code == 4


@pytest.mark.parametrize(
    ("outcome", "known", "code"),
    [
        (Outcome.PASS, "", 0), (Outcome.WARNING, "", 0), (Outcome.NOT_APPLICABLE, "", 0),
        (Outcome.FAIL, "", 1), (Outcome.FAIL, "a reason", 0), (Outcome.ERROR, "", 3),
        (Outcome.NOT_TESTED, "", 4),
    ],
)  # fmt: skip
def test_exit_codes(outcome: Outcome, known: str, code: int) -> None:
    assert a_run([*both(), result("x", outcome, known=known)]).exit_code == code


def test_a_failure_outweighs_the_suites_own_fault() -> None:
    run = a_run([*both(), result("x", Outcome.ERROR), result("y", Outcome.FAIL)])
    assert run.exit_code == 1


def test_a_line_to_be_mended_fails_the_run_and_no_verdict() -> None:
    run = a_run(both(), stale=("known-failing.txt:1: remove the line",))
    assert (run.exit_code, run.overall) == (1, Verdict.CONFORMS)


def test_a_known_failure_never_conforms() -> None:
    run = a_run([*both(), result("x", Outcome.FAIL, known="a reason")])
    assert run.overall is Verdict.FAILS


def test_words_of_a_target_are_kept_on_one_line() -> None:
    kept = result("x", Outcome.FAIL, came=EVIL, expected=EVIL).came
    assert kept.isprintable()
    assert "\\x1b[31mred\\x00 \\ud800 ]]>\\n::error::no" in kept
    assert visible("naïve नेपाली 日本") == "naïve नेपाली 日本"
    assert visible("a\u202eb") == "a\\u202eb"


def test_long_words_of_a_target_are_cut_once() -> None:
    kept = visible("\n" * LONGEST)
    assert len(kept) == LONGEST
    assert kept.endswith("…")
    assert visible(kept) == kept
