"""What is tested of the specification is known, and each gap is named."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from mutation import mutants

from onward_conformance import coverage
from onward_conformance.check import Bench, Check
from onward_conformance.checks import ALL
from onward_conformance.coverage import Coverage, Reason, Reasons, ToDo
from onward_conformance.coverage_page import told_of
from onward_conformance.requirements import Requirement, requirements

ROOT = Path(__file__).resolve().parents[2]
KILLED = [one.requirement for one in mutants()]


@cache
def state() -> Coverage:
    """What is tested of this specification: read when a test asks, since it takes seconds."""
    return coverage.here(requirements(), ALL)


def _script() -> ModuleType:
    path = ROOT / "conformance_tests/covered.py"
    found = importlib.util.spec_from_file_location("covered", path)
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


covered = _script()

# As it is.


def test_every_id_is_one_of_the_specification() -> None:
    assert coverage.unknown(state(), KILLED) == []


def test_every_must_has_a_check_or_a_reason_and_never_both() -> None:
    """What is known to be to do may only get less: the number stands in not_tested.toml."""
    assert coverage.unexplained(state()) == [], "`python conformance_tests/covered.py --tidy` helps"


def test_no_sentence_changed_unseen() -> None:
    assert coverage.unread(state()) == []


def test_every_must_with_a_check_has_a_mutant_or_a_reason() -> None:
    assert coverage.unbroken(state(), KILLED) == [], "`covered.py --tidy` takes out what is done"


def test_most_checks_are_negative() -> None:
    assert coverage.too_kind(state()) == []


def test_the_tests_that_reasons_name_are_there() -> None:
    named = {path for one in state().reasons.reasons for path in one.shown_by}
    assert named
    assert [one for one in sorted(named) if not (ROOT / one).is_file()] == []


def test_the_script_finds_the_same_mutants() -> None:
    assert sorted(covered.mutants()) == sorted(KILLED)


# As it must not be. A small specification, one check, one mutant.


def _run(bench: Bench) -> None:
    """Never run."""


def _check(*ids: str, negative: bool = True) -> Check:
    return Check("a-check", "About something.", "destination", ids, negative, _run)


SENTENCES = {
    name: Requirement(name, level, f"{name} {level} hold.", "spec.md#one", "One")
    for name, level in {"AAA-001": "MUST", "AAA-002": "MUST NOT", "AAA-003": "SHOULD"}.items()
}
GOOD = Coverage(
    SENTENCES, [_check("AAA-001")], {},
    Reasons({"local plane": "Its own."}, (Reason("Because.", ("AAA-002",), "local plane"),)),
    {name: coverage.digest(one) for name, one in SENTENCES.items()},
)  # fmt: skip


def test_a_good_one_has_no_fault() -> None:
    assert covered.faults(GOOD, ["AAA-001"]) == []


def _reasons(**changed: object) -> Coverage:
    return replace(GOOD, reasons=replace(GOOD.reasons, **changed))


TWICE = (GOOD.reasons.reasons[0], Reason("Again.", ("AAA-002",), "local plane"))


@pytest.mark.parametrize(
    ("here", "killed", "fault"),
    [
        (replace(GOOD, checks=[_check("AAA-001", "BBB-001")]), "AAA-001", "BBB-001 of a check"),
        (replace(GOOD, judged={"BBB-001": frozenset()}), "AAA-001", "BBB-001 of the suite is no"),
        (GOOD, "AAA-001 BBB-001", "BBB-001 of a mutant is no requirement"),
        (_reasons(reasons=(*TWICE, Reason("", ("BBB-001",)))), "AAA-001", "BBB-001 of a reas"),
        (_reasons(to_do=ToDo(("BBB-001",), 1)), "AAA-001", "BBB-001 of to_do is no requirement"),
        (_reasons(mutants_to_do=ToDo(("BBB-001",), 1)), "AAA-001", "BBB-001 of mutants_to"),
        (_reasons(no_mutant=(Reason("", ("BBB-001",)),)), "AAA-001", "BBB-001 of no_mutant is no"),
        (replace(GOOD, looked={**GOOD.looked, "BBB-001": ""}), "AAA-001", "BBB-001 of looked.json"),
        (_reasons(reasons=()), "AAA-001", "AAA-002 has neither a check nor a reason"),
        (replace(GOOD, checks=[]), "", "AAA-001 has neither a check nor a reason"),
        (replace(GOOD, checks=[_check("AAA-001", "AAA-002")]), "AAA-001", "AAA-002 has a check"),
        (replace(GOOD, judged={"AAA-002": frozenset({"oracle.py"})}), "AAA-001", "AAA-002 has a"),
        (_reasons(to_do=ToDo(("AAA-001",), 1)), "AAA-001", "AAA-001 has a check: take it out"),
        (_reasons(to_do=ToDo(("AAA-002",), 1)), "AAA-001", "AAA-002 stands 2 times"),
        (_reasons(reasons=TWICE), "AAA-001", "AAA-002 stands 2 times"),
        (_reasons(reasons=(), to_do=ToDo(("AAA-002",), 0)), "AAA-001", "1 checks are to do"),
        (_reasons(to_do=ToDo(("AAA-003",), 1)), "AAA-001", "AAA-003 could be left"),
        (replace(GOOD, looked={"AAA-001": "0", "AAA-002": "1"}), "AAA-001", "AAA-001 has a new"),
        (replace(GOOD, looked={}), "AAA-001", "AAA-002 has a new sentence: look at its checks"),
        (GOOD, "", "AAA-001 has no mutant"),
        (GOOD, "AAA-002", "AAA-001 has no mutant"),
        (_reasons(no_mutant=(Reason("", ("AAA-001",)),)), "AAA-001", "AAA-001 has a mutant"),
        (_reasons(no_mutant=(Reason("", ("AAA-002",)),)), "AAA-001", "AAA-002 has no check"),
        (_reasons(mutants_to_do=ToDo(("AAA-001",), 0)), "", "1 mutants are to do"),
        (replace(GOOD, checks=[_check("AAA-001", negative=False)]), "AAA-001", "0 of 1 checks"),
    ],
)  # fmt: skip
def test_each_fault_is_found(here: Coverage, killed: str, fault: str) -> None:
    found = covered.faults(here, killed.split())
    assert [one for one in found if one.startswith(fault)], found


FOR_CLIENTS = replace(_check("AAA-002"), profile="client")


@pytest.mark.parametrize(
    "here",
    [
        replace(GOOD, checks=[*GOOD.checks, FOR_CLIENTS]),
        replace(GOOD, judged={"AAA-002": frozenset({"played.py"})}),
        replace(GOOD, judged={"AAA-002": frozenset({"checks/client/calls.py"})}),
    ],
)
def test_what_clients_are_held_to_can_have_a_reason_for_nodes(here: Coverage) -> None:
    assert covered.faults(here, ["AAA-001", "AAA-002"]) == []
    assert "; of nodes: *local plane*: Because." in told_of(here, SENTENCES["AAA-002"])
    assert "AAA-002" in coverage.read_reasons(covered.tidied(FILE, here, [])).reasons[0].ids


def test_three_of_five_are_enough_negatives_and_one_of_two_is_not() -> None:
    five = [_check("AAA-001", negative=number < 3) for number in range(5)]
    assert coverage.too_kind(replace(GOOD, checks=five)) == []
    assert coverage.too_kind(replace(GOOD, checks=five[2:4])) != []


def test_what_has_a_mutant_to_do_needs_none_yet() -> None:
    assert covered.faults(_reasons(mutants_to_do=ToDo(("AAA-001",), 1)), []) == []


@pytest.mark.parametrize("change", [{"sentence": "AAA-001 MUST hold now."}, {"level": "MAY"}])
def test_a_changed_sentence_or_level_has_another_digest(change: dict[str, str]) -> None:
    one = SENTENCES["AAA-001"]
    assert coverage.digest(replace(one, **change)) != coverage.digest(one)
    assert coverage.digest(replace(one, section="Two")) == coverage.digest(one)


def test_looking_notes_what_was_looked_at_and_nothing_else() -> None:
    old = replace(GOOD, looked={"AAA-001": "old", "AAA-003": "left"})
    new = {name: coverage.digest(one) for name, one in SENTENCES.items()}
    assert covered.looked(old, ["AAA-001"]) == {"AAA-001": new["AAA-001"]}
    assert covered.looked(old, ["new"]) == {"AAA-001": "old", "AAA-002": new["AAA-002"]}
    with pytest.raises(ValueError, match="BBB-001"):
        covered.looked(old, ["BBB-001"])


FILE = '''# Head.

[kinds]
"local plane" = "Its own."

[[reason]]
kind = "local plane"
why = "Because."
shown_by = ["AAA-001"]
ids = "AAA-001"

[[reason]]
kind = "local plane"
why = "Too."
ids = """AAA-002 AAA-001
AAA-004"""

[[no_mutant]]
why = "None can be."
ids = "AAA-001 AAA-002"

[to_do]
most = 9
ids = """
AAA-003 AAA-001
"""

[mutants_to_do]
most = 1
ids = """
AAA-001 AAA-002
"""
'''


def test_tidying_takes_out_what_is_tested_and_makes_the_numbers_smaller() -> None:
    text = covered.tidied(FILE, GOOD, ["AAA-002"])
    found = coverage.read_reasons(text)
    assert [one.ids for one in found.reasons] == [("AAA-002", "AAA-004")]
    assert found.to_do == ToDo(("AAA-003",), 1)
    assert [one.ids for one in found.no_mutant] == [("AAA-001",)]
    assert found.mutants_to_do == ToDo(("AAA-001",), 1)
    assert text.startswith("# Head.\n\n[kinds]\n")
    assert covered.tidied(text, GOOD, ["AAA-002"]) == text
    more = text.replace("most = 1\n", "most = 0\n")
    assert covered.tidied(more, GOOD, []) == more, "no number gets larger"


def test_a_kind_that_is_not_explained_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind of reason is whim"):
        coverage.read_reasons(
            FILE.replace('kind = "local plane"\nwhy = "Too', 'kind = "whim"\nwhy = "Too')
        )
