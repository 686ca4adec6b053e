"""Children: who may speak for a child, what an assessment must have found, and the day it ends.

Experimental until practitioners have reviewed it. An unknown age counts as a child's, so nobody
is taken for an adult by leaving a cell empty (docs/spec.md, section Children; domain.md 8b.2).
"""

from __future__ import annotations

from datetime import UTC, datetime

from onward.v1.bases_pb2 import OtherBasis
from onward.v1.consent_pb2 import ConsentRecord

SPEAKERS = frozenset({"guardian", "legal_representative", "court"})
"""Who may give consent for a child. A child alone may say no, but not yes."""

EXPECTED = {
    "givenBy": f"for a child one of {', '.join(sorted(SPEAKERS))}",
    "guardianConflictChecked": "const true for a child",
    "childAssent": "const true for a child, or an assentWaiver",
    "bestInterest": "required for a child",
    "adultOn": "required for a child",
}
"""What a child's record must hold in the fields that `fault` refuses with INVALID_FIELD."""


def is_child(consent: ConsentRecord | OtherBasis) -> bool:
    """Whether the rules for children hold. Only a known adult is none."""
    return consent.age_class != "adult"


def came_of_age(consent: ConsentRecord, now: datetime) -> bool:
    """Whether the day on which the child comes of age has begun, in UTC.

    Of a date that is only a month or a year, its first day: who may be of age is asked.
    """
    day = consent.adult_on
    today = now.astimezone(UTC).date().isoformat()
    return is_child(consent) and bool(day) and today[: len(day)] >= day


def stays_a_child(consent: ConsentRecord, now: datetime) -> bool:
    """Whether nobody can be taken for an adult yet: the record names the day, and it has not come.

    Of an unknown age, or without a day, a later version may say that the person is of age.
    """
    return is_child(consent) and bool(consent.adult_on) and not came_of_age(consent, now)


def heard(consent: ConsentRecord) -> bool:
    """Whether the child agreed too, or the record says why it was not asked."""
    return consent.child_assent or bool(consent.assent_waiver)


def standing(consent: ConsentRecord, now: datetime) -> str:
    """Why a child's consent permits nothing, as a decision reason; empty if it may stand.

    What the record does not say is no: no check, no finding, no sharing.
    """
    if not is_child(consent):
        return ""
    if came_of_age(consent, now):
        return "came_of_age"
    checked = consent.given_by in SPEAKERS and consent.guardian_conflict_checked
    if not checked or consent.guardian_conflict or not heard(consent):
        return "guardian_conflict"
    if consent.best_interest.finding != "share":
        return "not_best_interest"
    return ""


def fault(consent: ConsentRecord, now: datetime) -> tuple[str, str]:
    """Why a record that says yes for a child can't be kept: a reason and the field; empty if it
    can.

    A finding against sharing is a record like any other; it permits nothing.
    """
    if not is_child(consent):
        return "", ""
    if consent.given_by not in SPEAKERS:
        return "INVALID_FIELD", "givenBy"
    if not consent.guardian_conflict_checked:
        return "INVALID_FIELD", "guardianConflictChecked"
    if consent.guardian_conflict:
        return "GUARDIAN_CONFLICT", "guardianConflict"
    if not heard(consent):
        return "INVALID_FIELD", "childAssent"
    if not consent.HasField("best_interest"):
        return "INVALID_FIELD", "bestInterest"
    if consent.age_class == "child" and not consent.adult_on:
        # Without the day, nothing would ever ask the person.
        return "INVALID_FIELD", "adultOn"
    if came_of_age(consent, now):
        return "CAME_OF_AGE", "adultOn"
    return "", ""
