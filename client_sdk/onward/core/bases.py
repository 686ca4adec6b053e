"""Bases other than consent: what may move without the person's yes, how far, and how long.

Each has a ceiling of categories in the specification (CategoryRule.bases), two named approvers,
at most 72 hours, a review, and a date by which the person is told (docs/spec.md, section Other
bases). What she has said no to binds all of them but what a law obliges to.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import UTC, date, datetime, timedelta

from onward.core import approvals, childhood, spec
from onward.core.clock import moment
from onward.core.refused import Refused
from onward.core.states import Withdrawn
from onward.v1.bases_pb2 import OtherBasis
from onward.v1.consent_pb2 import ConsentRecord

TELL_WITHIN = timedelta(days=30)
"""The person is told within this time; and what was put off is asked for again after it."""

TELL_RULE = f"a whole day, today or at most {TELL_WITHIN.days} days later"

FIRST_OF_NODE = 20
"""Number of the first field that the node fills in (onward.v1.OtherBasis)."""

NODE_FILLS = frozenset(
    {"basis_id"}
    | {field.name for field in OtherBasis.DESCRIPTOR.fields if field.number >= FIRST_OF_NODE}
)
"""Fields that nobody but the node writes."""

PURPOSES = {
    "vital_interest": frozenset({"service"}),
    "best_interest": frozenset({"service"}),
    "legal_obligation": frozenset({"service", "law_enforcement"}),
}
"""Groups of purposes for which data may move without consent: help, and what a law asks for."""

NO = frozenset({"refused", "withdrawn"})
"""Statuses of a consent by which the person has said no to all of it."""


def standing(basis: OtherBasis, now: datetime) -> str:
    """Why the basis permits nothing at all, as a decision reason; empty if it stands."""
    if basis.state in ("over", "refused"):
        return "basis_over"
    if basis.state != "approved" or approvals.persons(basis.approvals) < approvals.APPROVERS:
        return "basis_not_approved"
    if not moment(basis.valid_from) <= now < moment(basis.valid_until):
        return "basis_over"
    return ""


def goes_over_denial(basis: str) -> bool:
    """Whether this basis reaches what the person has denied: only what a law obliges to."""
    return basis == "legal_obligation"


def reaches(basis: str, category: str) -> bool:
    """Whether the category is within this basis's ceiling. Unknown is no."""
    known = spec.categories().get(category)
    return known is not None and not known.protocol and basis in known.bases


def beyond(basis: OtherBasis, category: str, denied: Container[str]) -> str:
    """Why the basis does not reach this category, as a decision reason; empty if it does.

    `denied` are the categories that the person has denied in a consent on record.
    """
    if category not in basis.categories or not reaches(basis.basis, category):
        return "beyond_basis"
    if category in denied and not goes_over_denial(basis.basis):
        return "denied_before"
    return ""


def said_no(
    basis: OtherBasis, consents: Iterable[ConsentRecord], withdrawn: Iterable[Withdrawn]
) -> bool:
    """Whether the person has said no to everything, and this basis does not go over that.

    `consents` are the newest versions of all her consents, `withdrawn` what she took back of what
    moved by a basis. Her no does not settle it where nobody can be asked now.
    """
    if goes_over_denial(basis.basis) or unasked(basis.reason):
        return False
    return any(one.status in NO for one in consents) or any(w.everything for w in withdrawn)


def denied(
    basis: OtherBasis, consents: Iterable[ConsentRecord], withdrawn: Iterable[Withdrawn]
) -> frozenset[str]:
    """Which of the basis's categories the person has said no to. Takes what said_no does.

    Those that she named stay denied also where nobody can be asked.
    """
    if goes_over_denial(basis.basis):
        return frozenset()
    records, taken = list(consents), list(withdrawn)
    if said_no(basis, records, taken):
        return frozenset(basis.categories)
    named = {category for one in records for category in one.deny}
    named |= {category for one in taken for category in one.categories}
    return frozenset(basis.categories) & named


def contradicts(basis: OtherBasis, consents: Iterable[ConsentRecord], now: datetime) -> str:
    """Which field of a basis says of the person what her records do not: whose data it is, or her
    age. Empty if none does. An unknown age contradicts nothing, and of several the latest counts.
    """
    known = [one for one in consents if one.subject_kind]
    if any(one.subject_kind != basis.subject_kind for one in known):
        return "subjectKind"
    ages = [one for one in known if one.age_class in ("adult", "child")]
    latest = max(ages, key=lambda one: moment(one.recorded_at), default=None)
    if latest is None or basis.age_class not in ("adult", "child"):
        return ""
    grown = latest.age_class == "child" and childhood.came_of_age(latest, now)
    age = "adult" if grown else latest.age_class
    return "ageClass" if age != basis.age_class else ""


def unasked(reason: str) -> bool:
    """Whether by this reason nobody who may say yes or no can be asked."""
    code = spec.registries()["basis_reason"].codes.get(reason)
    return code is not None and code.unasked


def check(basis: OtherBasis, now: datetime) -> None:
    """What a proposal needs, as far as it can be seen in it. Raises Refused."""
    for field, _ in basis.ListFields():
        if field.name in NODE_FILLS:
            raise Refused("INVALID_FIELD", f"/basis/{field.json_name}", expected="absent")
    if basis.basis == "consent":
        raise Refused("INVALID_FIELD", "/basis/basis", expected="another than consent")
    if spec.registries()["basis_reason"].codes[basis.reason].group != basis.basis:
        raise Refused("INVALID_FIELD", "/basis/reason", expected="a code of the group of basis")
    if basis.basis == "best_interest" and basis.age_class != "child":
        raise Refused("BASIS_CEILING", "/basis/ageClass")
    if basis.basis == "legal_obligation" and not basis.evidence:
        raise Refused("INVALID_FIELD", "/basis/evidence", expected="required for legal_obligation")
    group = spec.registries()["consent_purpose"].codes[basis.purpose].group
    if group not in PURPOSES[basis.basis]:
        raise Refused("BASIS_CEILING", "/basis/purpose")
    for index, category in enumerate(basis.categories):
        if not reaches(basis.basis, category):
            rule = f"a category that {basis.basis} reaches"
            raise Refused("BASIS_CEILING", f"/basis/categories/{index}", expected=rule)
    today = now.astimezone(UTC).date()
    if not today <= _day(basis.tell_by) <= today + TELL_WITHIN:
        raise Refused("INVALID_FIELD", "/basis/tellBy", expected=TELL_RULE)


def tell_day(basis: OtherBasis) -> datetime:
    """The moment after which the person was not told in time: the end of the day, in UTC."""
    return _midnight(_day(basis.tell_by) + timedelta(days=1))


def tell_again(not_told: str, now: datetime) -> datetime | None:
    """When somebody should look again whether she can be told; None: never."""
    if not_told == "deceased":
        return None
    return now + TELL_WITHIN


def _day(text: str) -> date:
    """A whole date. A month or a year is no day to be held to."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("INVALID_FIELD", "/basis/tellBy", expected=TELL_RULE) from None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
