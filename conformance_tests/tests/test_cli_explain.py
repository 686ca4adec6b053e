"""`list` and `explain`: what the suite tests, and why it does not test the rest."""

from __future__ import annotations

from functools import cache

import pytest
import typer
from typer.testing import CliRunner

from onward_conformance import coverage
from onward_conformance.calls import calls
from onward_conformance.checks import ALL
from onward_conformance.cli_explain import register
from onward_conformance.coverage import Coverage
from onward_conformance.coverage_page import told_of
from onward_conformance.profiles import NODES, PROFILES, chosen, parts
from onward_conformance.report.words import group
from onward_conformance.requirements import requirements


@cache
def state() -> Coverage:
    """What is tested of this specification: read when a test asks, since it takes seconds."""
    return coverage.here(requirements(), ALL)


def held() -> str:
    """A requirement that no check is about, and that everything is held against."""
    return next(
        one for one in state().judged
        if one not in state().by_check and state().judges(one) == ["held against all that comes"]
    )  # fmt: skip


APP = typer.Typer()
NOTHING, KIND = "nothing is named", ", no requirement, check, part or profile"
register(APP)


def said(*words: str, code: int = 0) -> str:
    """What the command prints, its lines joined."""
    result = CliRunner().invoke(APP, list(words), env={"COLUMNS": "80"})
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def test_a_requirement_is_explained_with_its_checks_and_how_to_run_them() -> None:
    text = said("explain", "dlv-013")
    one = state().requirements["DLV-013"]
    assert text.startswith(f"DLV-013 {one.level} {one.section} {one.sentence} docs/{one.anchor}")
    for check in state().by_check["DLV-013"]:
        assert f"Tested by {check.name} ({group(check.profile)}) {check.about}" in text
    assert text.endswith("onward-conformance run target.toml --only DLV-013")
    assert "Held against" not in text


def test_what_is_held_against_everything_says_so() -> None:
    assert said("explain", held()).endswith("Held against all that comes.")


def test_every_reason_is_said_in_full() -> None:
    for reason in state().reasons.reasons:
        text = said("explain", reason.ids[0])
        assert f"ot tested: {reason.kind}. {reason.why}" in text
        assert state().reasons.kinds[reason.kind] in text
        assert [path for path in reason.shown_by if path not in text] == []


def test_what_is_to_do_is_not_called_tested() -> None:
    for one in state().reasons.to_do.ids[:1]:
        assert said("explain", one).endswith("Not tested yet.")
    assert said("explain", "JSON-031").endswith("No check: it is not a MUST.")


def test_a_check_is_explained_by_its_requirements() -> None:
    check = ALL["same-bytes-again"]
    text = said("explain", check.name)
    assert text.startswith(f"{check.name} for {group(check.profile)} {check.about}")
    assert all(f"{one} MUST" in text for one in check.requirements)
    assert text.endswith(f"--only {check.name}")


@pytest.mark.parametrize("profile", sorted({one.profile for one in ALL.values()}))
def test_a_profile_is_explained_by_its_parts_and_what_it_asks_for(profile: str) -> None:
    text = said("explain", profile)
    mine = {name: held for (one, name), held in parts(ALL.values()).items() if one == profile}
    assert text.startswith(f"{profile} ")
    for name, held in mine.items():
        assert f" {name} {len(held)} check" in text
    for call in calls().get(profile, ()):
        assert call in text
    assert (f'profiles = ["{profile}"]' in text) == (profile in PROFILES)
    if profile in NODES:
        whole = len(chosen([profile]))
        assert f"With those for every node, a run as {profile} alone makes {whole} checks." in text
    if profile in PROFILES:
        assert f"a target that {PROFILES[profile]}" in text


def test_a_part_is_explained_by_its_checks_in_each_profile_that_has_it() -> None:
    text = said("explain", "receipts")
    assert "receipts for destination" in text
    assert "receipts for origin" in text
    for (_, name), held in parts(ALL.values()).items():
        for one in held if name == "receipts" else ():
            assert f"{one.name} {' '.join(one.requirements)} {one.about}" in text
    assert text.endswith("onward-conformance run target.toml --only receipts")


def test_every_check_is_listed_and_no_name_is_cut() -> None:
    text = said("list")
    for one in ALL.values():
        assert f"{one.name} {' '.join(one.requirements)} {one.about}" in text
    some = said("list", "--profile", "peer")
    assert [
        one.name
        for one in ALL.values()
        if (f"{one.name} {one.requirements[0]}" in some) != (one.profile == "peer")
    ] == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("explain", "qqqqqq"), f"{NOTHING} qqqqqq{KIND}: `onward-conformance list`"),
        (("explain", "DLV_013"), f"{NOTHING} DLV_013{KIND}. Do you mean DLV-013"),
        (("explain", "Destinaton"), f"{NOTHING} Destinaton{KIND}. Do you mean destination"),
        (
            ("explain", "same-byte-again"),
            f"{NOTHING} same-byte-again{KIND}. Do you mean same-bytes-again",
        ),
        (("list", "--profile", "donor"), "no check is of the profile donor"),
    ],
)
def test_what_is_not_there_is_named(words: tuple[str, ...], fault: str) -> None:
    assert f"error: {fault}" in said(*words, code=2)


def test_the_page_tells_of_each_requirement_what_is_so() -> None:
    assert "`same-bytes-again`" in told_of(state(), state().requirements["DLV-013"])
    assert told_of(state(), state().requirements[held()]) == "held against all that comes"
    assert told_of(state(), state().requirements["DLV-003"]).startswith("*needs another list*: ")
    assert told_of(state(), state().requirements["JSON-031"]) == "no MUST"
