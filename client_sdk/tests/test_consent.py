"""The consent decision: deny beats permit, absence is deny, unknown is deny."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from builders import DAY, NOW, profile
from onward.core import spec
from onward.core.clock import stamp
from onward.core.consent import REFUSALS, Recipient, Stage, decide, scope, standing
from onward.v1.consent_pb2 import ConsentRecord, Decision

SHELTER = Recipient("shelter.np.example", "NP")
WORST = sorted(c.id for c in spec.categories().values() if c.sensitivity == 4)


def consent(**changed: Any) -> ConsentRecord:
    """A consent that stands, with some things changed."""
    fields: dict[str, Any] = {
        "subject_kind": "survivor",
        "age_class": "adult",
        "status": "given",
        "purposes": ["service_delivery"],
        "recipients": [SHELTER.agency],
        "countries": [SHELTER.country],
        "permit": ["name", "age_band", "hiv"],
        "valid_from": stamp(NOW - DAY),
        "valid_until": stamp(NOW + DAY),
    }
    return ConsentRecord(**fields | changed)


def ask(record: ConsentRecord | None, category: str = "name", **changed: Any) -> Decision:
    """The decision for one category."""
    said: dict[str, Any] = {
        "recipient": SHELTER,
        "purpose": "service_delivery",
        "stage": "disclosure",
        "now": NOW,
    }
    return decide(record, categories=[category], **said | changed)[category]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (consent(), "permitted"),
        (None, "no_consent"),
        (consent(status="withdrawn"), "consent_withdrawn"),
        (consent(status="refused"), "consent_refused"),
        (consent(status="deferred"), "consent_refused"),
        (consent(status=""), "consent_refused"),
        (consent(status="renewed"), "permitted"),
        (consent(status="suspended"), "consent_suspended"),
        (consent(status="revoked"), "consent_revoked"),
        (consent(status="invalidated"), "consent_revoked"),
        (consent(valid_from=stamp(NOW + DAY)), "consent_not_yet_valid"),
        (consent(valid_from=stamp(NOW)), "permitted"),
        (consent(valid_until=stamp(NOW)), "consent_expired"),
        (consent(valid_until=None), "consent_expired"),
        (consent(purposes=["legal_aid"]), "purpose_not_named"),
        (consent(recipients=["other.np.example"]), "recipient_not_named"),
        (consent(recipients=[]), "recipient_not_named"),
        (consent(countries=["IN"]), "country_not_named"),
        (consent(permit=[]), "not_named"),
        (consent(deny=["name"]), "denied"),
    ],
)
def test_reason(record: ConsentRecord | None, expected: str) -> None:
    found = ask(record)
    assert (found.reason, found.permitted) == (expected, expected == "permitted")
    assert expected in spec.registries()["decision_reason"].codes


@pytest.mark.parametrize("purpose", ["immigration_enforcement", "marketing", "employer_vetting"])
def test_nobody_can_consent_to_a_prohibited_purpose(purpose: str) -> None:
    assert ask(consent(purposes=[purpose]), purpose=purpose).reason == "purpose_prohibited"


@pytest.mark.parametrize("purpose", ["", "world_peace"])
def test_unknown_purpose_is_not_named_whatever_the_record_says(purpose: str) -> None:
    assert ask(consent(purposes=[purpose]), purpose=purpose).reason == "purpose_not_named"


def test_line_of_the_record_that_decides() -> None:
    record = consent(deny=["religion", "hiv"])
    assert ask(record, "age_band").line == "/permit/1"
    assert ask(record, "hiv").line == "/deny/1"
    assert ask(record, "sex").line == ""
    assert ask(consent(status="withdrawn"), "hiv").line == ""


@pytest.mark.parametrize("category", ["shoe_size", "", "NAME", "grant"])
def test_unknown_category_and_protocol_data_are_denied(category: str) -> None:
    assert ask(consent(permit=[category]), category).reason == "not_named"
    assert ask(consent(permit=[category], deny=[category]), category).reason == "denied"


@pytest.mark.parametrize("category", sorted(spec.categories()))
def test_offer_holds_only_what_may_stand_in_one(category: str) -> None:
    known = spec.categories()[category]
    record = consent(permit=sorted(spec.categories()))
    found = ask(record, category, stage="offer")
    offered = (
        "age_band",
        "sex",
        "language",
        "literacy",
        "access_needs",
        "needs_services",
        "admin_area",
    )
    assert found.permitted == (category in offered)
    if not found.permitted:
        assert found.reason == ("not_named" if known.protocol else "before_acceptance")


NARRATIVE = "exploitation_detail_narrative"
TOUCHES = sorted(spec.categories()[NARRATIVE].touches)


def test_free_text_travels_only_where_all_that_it_touches_does() -> None:
    assert "mental_health" in TOUCHES
    assert ask(consent(permit=[NARRATIVE, *TOUCHES]), NARRATIVE).permitted
    for missing in TOUCHES:
        permit = [NARRATIVE, *(one for one in TOUCHES if one != missing)]
        found = ask(consent(permit=permit), NARRATIVE)
        assert (found.reason, found.line) == ("touches_denied", "")
        found = ask(consent(permit=[NARRATIVE, *TOUCHES], deny=["sex", missing]), NARRATIVE)
        assert (found.reason, found.line) == ("touches_denied", "/deny/1")


@pytest.mark.parametrize("category", ["survivor_own_words", "caseworker_notes"])
def test_free_text_touches_all_the_most_sensitive_unless_it_says_otherwise(category: str) -> None:
    everything = [category, *WORST]
    assert ask(consent(permit=everything), category).permitted
    for missing in sorted(set(WORST) - {category}):
        permit = [one for one in everything if one != missing]
        assert ask(consent(permit=permit), category).reason == "touches_denied"


def test_words_about_another_category_need_that_one_too() -> None:
    """Outcomes are not free text, but declare that their words may speak of aspirations."""
    assert ask(consent(permit=["outcomes"]), "outcomes").reason == "touches_denied"
    assert ask(consent(permit=["outcomes", "aspirations"]), "outcomes").permitted
    assert ask(consent(permit=["recruitment"]), "recruitment").permitted


def test_trust_list_may_clear_an_agency_for_some_purposes_only() -> None:
    cleared = Recipient(SHELTER.agency, "NP", frozenset({"service_delivery"}))
    assert scope(consent(), cleared, "service_delivery") == ""
    for purposes in (frozenset(), frozenset({"legal_aid"})):
        other = Recipient(SHELTER.agency, "NP", purposes)
        assert scope(consent(), other, "service_delivery") == "recipient_not_cleared"


def test_error_for_a_consent_that_does_not_stand() -> None:
    whole = [
        standing(None, NOW),
        standing(consent(status="refused"), NOW),
        standing(consent(status="withdrawn"), NOW),
        standing(consent(status="suspended"), NOW),
        standing(consent(status="revoked"), NOW),
        standing(consent(), NOW + 2 * DAY),
        standing(consent(), NOW - 2 * DAY),
        scope(consent(), SHELTER, "marketing"),
        scope(consent(), SHELTER, "research"),
        scope(consent(), Recipient(SHELTER.agency, "NP", frozenset()), "service_delivery"),
        scope(consent(), Recipient("other.np.example", "NP"), "service_delivery"),
        scope(consent(), Recipient(SHELTER.agency, "IN"), "service_delivery"),
    ]
    child = {"came_of_age", "guardian_conflict", "not_best_interest"}  # test_childhood.py
    ground = {"storage_not_agreed", "no_agreement", "agreement_purpose"}  # of two agencies
    ground |= {"basis_not_approved", "basis_over"}  # of another basis
    assert set(whole) == set(REFUSALS) - child - ground
    assert set(REFUSALS.values()) <= set(spec.reasons())
    assert standing(consent(), NOW) == scope(consent(), SHELTER, "service_delivery") == ""


NAMES = [*sorted(spec.categories()), "shoe_size"]
some = st.lists(st.sampled_from(NAMES), max_size=12)


@st.composite
def records(draw: st.DrawFn) -> ConsentRecord:
    """Records that mostly stand, with anything in their lists."""
    purposes = st.sampled_from(sorted(spec.registries()["consent_purpose"].codes))
    return consent(
        status=draw(st.sampled_from(["given", "given", "given", "withdrawn", "refused", ""])),
        purposes=[*draw(st.lists(purposes, max_size=3)), "service_delivery"],
        recipients=draw(
            st.sampled_from([[], ["a.bd"], [SHELTER.agency], ["a.bd", SHELTER.agency]])
        ),
        countries=draw(st.sampled_from([["NP"], ["NP", "IN"], ["IN"]])),
        permit=draw(st.permutations(NAMES)) if draw(st.booleans()) else draw(some),
        deny=draw(some),
        valid_from=stamp(NOW + draw(st.integers(-2, 1)) * DAY),
        valid_until=stamp(NOW + draw(st.integers(-1, 3)) * DAY),
    )


@profile(150)
@given(
    record=records(),
    stage=st.sampled_from(["offer", "disclosure"]),
    purpose=st.sampled_from(sorted(spec.registries()["consent_purpose"].codes)),
    days=st.integers(-2, 3),
)
def test_nothing_is_permitted_that_the_record_does_not_name(
    record: ConsentRecord, stage: Stage, purpose: str, days: int
) -> None:
    now: datetime = NOW + days * DAY
    asked: dict[str, Any] = {"recipient": SHELTER, "purpose": purpose, "now": now}
    decided = decide(record, stage=stage, categories=NAMES, **asked)
    assert list(decided) == NAMES
    for category, found in decided.items():
        assert found.permitted == (found.reason == "permitted")
        if not found.permitted:
            continue
        known = spec.categories()[category]
        assert category in record.permit
        assert category not in record.deny
        assert record.status == "given"
        assert purpose in record.purposes
        assert SHELTER.agency in record.recipients
        assert SHELTER.country in record.countries
        assert record.valid_from.ToSeconds() <= now.timestamp() < record.valid_until.ToSeconds()
        assert not known.protocol
        assert known.offer or stage == "disclosure"
        assert set(known.touches) <= set(record.permit) - set(record.deny)
        assert record.permit[int(found.line.removeprefix("/permit/"))] == category
    # Denying more never permits more.
    narrower = ConsentRecord()
    narrower.CopyFrom(record)
    narrower.deny.append("mental_health")
    after = decide(narrower, stage=stage, categories=NAMES, **asked)
    assert all(decided[one].permitted for one in NAMES if after[one].permitted)
