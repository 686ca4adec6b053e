"""The registries of codes hold to their own rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from onward.core import spec

ROOT = Path(__file__).resolve().parents[2]
REGISTRIES = sorted(spec.registries().values(), key=lambda one: one.name)
STATUSES = {"", "experimental", "deprecated"}
BY_NAME = pytest.mark.parametrize("registry", REGISTRIES, ids=lambda one: one.name)

OUTCOMES = ("outcome_indicator", "outcome_domain", "item_result", "outcome_change", "item_state")
"""What may be said of how a life or a service goes."""

NO_FIELD = {
    "report_measure": "kept for reports",
    "service_trait": "codes of services have it",
    "purpose_group": "codes of consent_purpose have it",
}
"""Registries that no field of a message names, and why they are there."""


@BY_NAME
def test_a_registry_says_where_it_comes_from_and_what_an_older_reader_gets(
    registry: spec.Registry,
) -> None:
    assert registry.about
    assert registry.source
    assert registry.fallback in {"closed", "parent", "other", "refuse"}
    assert registry.fallback != "other" or "other" in registry.allowed()


@BY_NAME
def test_codes_are_well_formed(registry: spec.Registry) -> None:
    for code in registry.codes.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]{1,63}", code.id)
        assert code.label
        assert code.status in STATUSES
        assert re.fullmatch(r"[1-9][0-9]*\.[0-9]+", code.since)
        assert bool(code.replaced_by) <= (code.status == "deprecated")
        assert not code.replaced_by or code.replaced_by in registry.allowed()


@BY_NAME
def test_parents_exist_and_no_code_is_above_itself(registry: spec.Registry) -> None:
    for code in registry.codes.values():
        seen = {code.id}
        while code.parent:
            code = registry.codes[code.parent]
            assert code.id not in seen
            assert not code.forbidden
            seen.add(code.id)


@BY_NAME
def test_what_was_added_later_has_something_to_stand_for_it(registry: spec.Registry) -> None:
    for code in registry.codes.values():
        if code.since == spec.FIRST_VERSION:
            continue
        assert registry.fallback != "closed", code.id
        top = code
        while registry.fallback == "parent" and top.since != spec.FIRST_VERSION:
            top = registry.codes[top.parent]


def test_a_registry_is_for_some_field() -> None:
    used = {spec.rule(f).codes for m in spec.messages().values() for f in m.fields}
    assert {one.name for one in REGISTRIES} - used == set(NO_FIELD)


@BY_NAME
def test_groups_and_what_a_code_follows_are_codes(registry: spec.Registry) -> None:
    groups = spec.registries()[registry.groups].codes if registry.groups else {}
    for code in registry.codes.values():
        if registry.groups and not code.forbidden:
            assert code.group, code.id
        assert not code.group or code.group in groups, code.id
        assert set(code.follows) <= {"first", "any", *registry.codes}, code.id
        assert set(code.follows_her_wish) <= set(registry.codes) - set(code.follows), code.id


def test_bases_of_a_category_are_bases_other_than_consent() -> None:
    others = set(spec.registries()["legal_basis"].codes) - {"consent"}
    named = [one.bases for one in spec.categories().values() if one.bases]
    assert named
    assert all(one <= others for one in named)


def test_every_service_but_the_groups_has_a_parent() -> None:
    services = spec.registries()["service_type"].codes
    groups = {one.parent for one in services.values() if one.parent}
    assert {one.id for one in services.values() if not one.parent} == groups | {"other"}


def test_R162_returned_is_never_an_outcome() -> None:
    """domain.md R162: to be back in the same circumstances is not success."""
    outcomes = [
        one for one in REGISTRIES if one.name.startswith("outcome_") or one.name in OUTCOMES
    ]
    assert {one.name for one in outcomes} >= set(OUTCOMES)
    found = [
        f"{one.name}:{code}"
        for one in outcomes
        for code in one.codes
        if re.search(r"return|repatriat|went_home|at_home", code)
    ]
    assert found == []
    assert "returned" not in {code for one in REGISTRIES for code in one.codes}
    assert "arrival" in spec.registries()["return_milestone"].codes


def test_R032_a_choice_of_work_or_of_migrating_is_no_reason_to_decline() -> None:
    reasons = spec.registries()["agency_decline_reason"]
    refused = {code.id for code in reasons.codes.values() if code.forbidden}
    assert refused == {
        "livelihood_choice", "remigration_intent", "no_official_status", "refuses_other_service",
        "refuses_law_enforcement", "mental_health_prerequisite",
    }  # fmt: skip
    assert not refused & set(reasons.allowed())


def test_nothing_claims_to_conform_to_a_classification_that_is_not_mapped() -> None:
    """IC-TIP is left unmapped: its tables were not at hand."""
    pages = [*ROOT.glob("docs/**/*.md"), *ROOT.glob("proto/onward/v1/*.proto"), ROOT / "README.md"]
    told = []
    for page in pages:
        for sentence in re.split(r"(?<=[.!?|])\s", page.read_text("utf-8")):
            if re.search(r"ICS?-TIP", sentence) and not re.search(
                r"not mapped|unmapped|not claim|Nothing here claims|not at hand", sentence
            ):
                told.append(f"{page.name}: {sentence[:80]}")
    assert told == []
    reference = (ROOT / "docs/reference.md").read_text("utf-8")
    assert "is not mapped: its tables were not at hand" in " ".join(reference.split())


def test_the_reference_shows_of_each_code_all_that_is_known() -> None:
    text = (ROOT / "docs/reference.md").read_text("utf-8")
    head = "| Code | Label | Parent | HTCDS | Status | Since | Source | Note |"
    assert text.count(head) == len(REGISTRIES)
    section = text.partition("### Registry agency_kind\n")[2].partition("\n### ")[0]
    assert (
        "| `ngo_local` | Local non-governmental organisation | `ngo` |   | in use | 1.0 |"
        in section
    )
    section = text.partition("### Registry best_interest_finding\n")[2].partition("\n### ")[0]
    assert section.count("| experimental | 1.0 |") == 2
