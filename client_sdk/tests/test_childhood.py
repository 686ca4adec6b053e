"""Children: who may say yes for a child, and the day on which nobody may any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from builders import DAY, NOW, profile
from onward.core import childhood
from onward.core.clock import stamp
from onward.core.consent import REFUSALS, standing
from onward.v1.consent_pb2 import BestInterest, ConsentRecord

SHARE = BestInterest(
    finding="share", assessed_by="cwc.gov.bd.example", assessed_on="2026-11-01", child_heard=True
)
AGAINST = BestInterest(
    finding="do_not_share", assessed_by="cwc.gov.bd.example", assessed_on="2026-11-01"
)


def child(**changed: Any) -> ConsentRecord:
    """What a guardian agreed to for a child, with all that has to be checked."""
    fields: dict[str, Any] = {
        "subject_kind": "survivor",
        "age_class": "child",
        "status": "given",
        "given_by": "guardian",
        "guardian_conflict_checked": True,
        "child_assent": True,
        "best_interest": SHARE,
        "adult_on": "2028-04-01",
        "valid_from": stamp(NOW - DAY),
        "valid_until": stamp(NOW + DAY),
    }
    return ConsentRecord(**fields | changed)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (child(), ""),
        (child(age_class="unknown"), ""),
        (child(age_class="unknown", adult_on=""), ""),
        (child(given_by="court"), ""),
        (child(given_by="legal_representative"), ""),
        (child(given_by="self"), "guardian_conflict"),
        (child(given_by=""), "guardian_conflict"),
        (child(guardian_conflict_checked=False), "guardian_conflict"),
        (child(guardian_conflict=True), "guardian_conflict"),
        (child(child_assent=False), "guardian_conflict"),
        (child(child_assent=False, assent_waiver="too_young"), ""),
        (child(best_interest=None), "not_best_interest"),
        (child(best_interest=AGAINST), "not_best_interest"),
        (child(adult_on="2026-11-21"), "came_of_age"),
        (child(adult_on="2026-11"), "came_of_age"),
        (child(adult_on="2026"), "came_of_age"),
        (child(adult_on="2026-11-22"), ""),
        (child(adult_on="2027"), ""),
        (child(adult_on="2026-11-21", status="withdrawn"), "consent_withdrawn"),
        (child(adult_on="2026-11-21", valid_until=stamp(NOW)), "came_of_age"),
        (child(age_class=""), ""),
        (child(age_class="", best_interest=None), "not_best_interest"),
        (child(age_class="adult", given_by="self", best_interest=None), ""),
        (child(age_class="adult", given_by="self", adult_on="2020-01-01"), ""),
    ],
)
def test_whether_it_stands(record: ConsentRecord, reason: str) -> None:
    assert standing(record, NOW) == reason
    assert not reason or REFUSALS[reason]


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (child(), ("", "")),
        (child(best_interest=AGAINST), ("", "")),
        (child(age_class="adult", best_interest=None), ("", "")),
        (child(age_class="unknown", adult_on=""), ("", "")),
        (child(given_by="self"), ("INVALID_FIELD", "givenBy")),
        (child(guardian_conflict_checked=False), ("INVALID_FIELD", "guardianConflictChecked")),
        (child(guardian_conflict=True), ("GUARDIAN_CONFLICT", "guardianConflict")),
        (child(child_assent=False), ("INVALID_FIELD", "childAssent")),
        (child(child_assent=False, assent_waiver="cannot_express"), ("", "")),
        (child(best_interest=None), ("INVALID_FIELD", "bestInterest")),
        (child(adult_on=""), ("INVALID_FIELD", "adultOn")),
        (child(adult_on="2026-11-21"), ("CAME_OF_AGE", "adultOn")),
    ],
)
def test_whether_it_can_be_kept(record: ConsentRecord, fault: tuple[str, str]) -> None:
    assert childhood.fault(record, NOW) == fault


def test_the_day_begins_at_midnight_in_utc() -> None:
    record = child(adult_on="2028-04-01")
    midnight = datetime(2028, 4, 1, tzinfo=UTC)
    assert not childhood.came_of_age(record, midnight - timedelta(seconds=1))
    assert childhood.came_of_age(record, midnight)


@profile(200)
@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),
    st.dates(),
    st.sampled_from([4, 7, 10]),
)
def test_who_is_of_age_stays_so(at: datetime, day: Any, precision: int) -> None:
    record = child(adult_on=day.isoformat()[:precision])
    now = at.replace(tzinfo=UTC)
    if childhood.came_of_age(record, now):
        assert childhood.came_of_age(record, now + timedelta(days=1))
    if now.date() >= day:
        assert childhood.came_of_age(record, now)
