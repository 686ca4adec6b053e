"""Where a consent stands and what may come after: against a table written out here by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from builders import DAY, NOW, profile
from onward.core import consent_status, spec
from onward.core.clock import stamp
from onward.core.consent import VALID, odd_purpose
from onward.core.consent_status import asks_past_a_no, refusal, says_no, standing
from onward.v1.consent_pb2 import ConsentRecord

STATUSES = spec.registries()["consent_status"].allowed()

ALWAYS = {"refused", "withdrawn"}
MAY_FOLLOW = {
    "first": {"requested", "given", "deferred"},
    "requested": {"requested", "given", "deferred", "invalidated"},
    "given": {"given", "renewed", "suspended", "revoked", "invalidated"},
    "renewed": {"given", "renewed", "suspended", "revoked", "invalidated"},
    "deferred": {"requested", "deferred", "invalidated"},
    "suspended": {"given", "renewed", "suspended", "revoked", "invalidated"},
    "expired": {"requested", "revoked", "invalidated"},
    "refused": {"requested", "invalidated"},
    "withdrawn": {"requested"},
    "revoked": {"requested"},
    "invalidated": {"requested"},
}
"""What may come after what, as domain.md 8b.2 has it; a no may always."""

HER_WISH = {"refused", "withdrawn", "revoked", "invalidated"}


def record(status: str, **changed: Any) -> ConsentRecord:
    fields: dict[str, Any] = {
        "age_class": "adult",
        "status": status,
        "purposes": ["service_delivery"],
        "valid_from": stamp(NOW - DAY),
        "valid_until": stamp(NOW + DAY),
        "recorded_at": stamp(NOW - DAY),
    }
    return ConsentRecord(**fields | changed)


def before(stands: str) -> ConsentRecord | None:
    """A version that stands so now."""
    if stands == "first":
        return None
    if stands == "expired":
        return record("given", valid_until=stamp(NOW))
    return record(stands)


@pytest.mark.parametrize("new", STATUSES)
@pytest.mark.parametrize("stands", MAY_FOLLOW)
def test_what_may_follow_what(stands: str, new: str) -> None:
    wanted = record(new, asked_by="person")
    allowed = new in MAY_FOLLOW[stands] | ALWAYS
    expected = ("", "") if allowed else ("CONSENT_TRANSITION", "status")
    assert refusal(before(stands), wanted, NOW) == expected


@pytest.mark.parametrize("asked_by", ["", "agency"])
@pytest.mark.parametrize("stands", MAY_FOLLOW)
def test_after_a_no_only_the_person_asks(stands: str, asked_by: str) -> None:
    found = refusal(before(stands), record("requested", asked_by=asked_by), NOW)
    if stands in HER_WISH:
        assert found == ("CONSENT_TRANSITION", "askedBy")
    else:
        assert found[1] != "askedBy"


def test_for_something_else_than_she_refused_she_may_be_asked() -> None:
    more = ["service_delivery", "legal_aid"]
    for stands, expected in (("refused", ""), ("withdrawn", "askedBy"), ("revoked", "askedBy")):
        new = record("requested", asked_by="agency", purposes=more[1:])
        assert refusal(before(stands), new, NOW)[1] == expected
    both = record("requested", asked_by="agency", purposes=more)
    assert refusal(before("refused"), both, NOW)[1] == "askedBy", "what she refused is in it"
    less = record("requested", asked_by="agency", purposes=more[:1])
    assert refusal(record("refused", purposes=more), less, NOW)[1] == "askedBy"


def test_an_unknown_status_is_no_default() -> None:
    for stands in MAY_FOLLOW:
        assert refusal(before(stands), record("maybe"), NOW)[0] == "UNKNOWN_CODE"
    assert not says_no("maybe")
    assert {one for one in STATUSES if says_no(one)} == ALWAYS


@pytest.mark.parametrize("status", [*STATUSES, "maybe"])
def test_only_a_yes_ends_by_itself(status: str) -> None:
    yes = status in VALID
    assert standing(record(status), NOW) == status
    assert standing(record(status, valid_until=stamp(NOW)), NOW) == ("expired" if yes else status)
    grown = {"age_class": "child", "adult_on": NOW.date().isoformat()}
    assert standing(record(status, **grown), NOW) == ("suspended" if yes else status)
    both = standing(record(status, valid_until=stamp(NOW), **grown), NOW)
    assert both == ("expired" if yes else status), "who has to be asked again is asked first"


def test_who_came_of_age_gives_her_own() -> None:
    child = record("given", age_class="child", adult_on=NOW.date().isoformat())
    assert refusal(child, record("given"), NOW) == ("", "")
    assert refusal(child, record("requested"), NOW) == ("CONSENT_TRANSITION", "status")


def test_a_new_record_is_no_way_around_a_no() -> None:
    legal = record("requested", purposes=["legal_aid"])
    for status in HER_WISH:
        said = record(status, purposes=["service_delivery", "case_coordination"])
        assert asks_past_a_no([said], record("given"))
        assert asks_past_a_no([said], record("requested", asked_by="agency"))
        assert not asks_past_a_no([said], record("given", asked_by="person"))
        assert not asks_past_a_no([said], legal)
        assert not asks_past_a_no([said], record("refused"))
    assert not asks_past_a_no([], record("given"))
    later = stamp(NOW)
    no, yes = record("withdrawn"), record("given", recorded_at=later)
    assert not asks_past_a_no([no, yes], record("given"))
    assert asks_past_a_no(
        [record("withdrawn", recorded_at=later), record("given")], record("given")
    )
    more = record("given", recorded_at=later, purposes=["legal_aid"])
    both = record("given", purposes=["service_delivery", "legal_aid"])
    assert asks_past_a_no([no, more], both), "a later yes to something else hides no no"


GROUPS = {
    "service": {
        "service_delivery", "eligibility_check", "capacity_inquiry", "case_coordination",
        "return_organisation", "family_tracing", "nationality_verification", "family_support",
        "follow_up_contact", "health_emergency", "legal_aid", "compensation", "quality_complaint",
    },
    "law_enforcement": {"criminal_proceedings_as_witness", "law_enforcement_intelligence"},
    "statistics": {"statistics_aggregate", "donor_reporting_aggregate"},
    "research": {"programme_evaluation", "research"},
    "storytelling": {"survivor_storytelling", "training_material"},
}  # fmt: skip
PURPOSES = spec.registries()["consent_purpose"].allowed()


def test_each_purpose_is_of_one_group() -> None:
    assert sorted(one for group in GROUPS.values() for one in group) == sorted(PURPOSES)


@profile(300)
@given(st.lists(st.sampled_from(PURPOSES), unique=True, max_size=8))
def test_which_purpose_is_odd(purposes: list[str]) -> None:
    of = [next(name for name, group in GROUPS.items() if one in group) for one in purposes]
    odd = odd_purpose(record("given", purposes=purposes))
    if len(set(of)) < 2:
        assert odd is None
    else:
        assert odd is not None
        assert of[odd] != of[0]
        assert len(set(of[:odd])) == 1


@profile(300)
@given(st.lists(st.sampled_from(STATUSES), max_size=8), st.integers(-2, 40))
def test_every_way_stays_within_the_table(way: list[str], days: int) -> None:
    """Whatever is tried one after another, a yes never comes straight after a no."""
    last: ConsentRecord | None = None
    now = NOW
    for status in way:
        new = record(status, asked_by="person", valid_until=stamp(now + 30 * DAY))
        if refusal(last, new, now)[0]:
            continue
        if last is not None and status in VALID:
            assert standing(last, now) not in HER_WISH | {"expired", "deferred"}
        last = new
        now += timedelta(days=max(days, 0))
    assert consent_status.FIRST not in STATUSES
    assert consent_status.ANY not in STATUSES
