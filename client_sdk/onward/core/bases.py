"""Bases other than consent: what may move without the person's yes, how far, and how long.

Each has a ceiling of categories in the specification (CategoryRule.bases), two named approvers,
at most 72 hours, a review, and a date by which the person is told (docs/spec.md, section Other
bases).
"""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from onward.core import spec
from onward.core.clock import moment
from onward.v1.bases_pb2 import OtherBasis

APPROVERS = 2
"""How many persons have to approve."""


def standing(basis: OtherBasis, now: datetime) -> str:
    """Why the basis permits nothing at all, as a decision reason; empty if it stands."""
    people = {one.actor for one in basis.approvals}
    if basis.state == "over":
        return "basis_over"
    if basis.state != "approved" or len(people) < APPROVERS:
        return "basis_not_approved"
    if not moment(basis.valid_from) <= now < moment(basis.valid_until):
        return "basis_over"
    return ""


def goes_over_denial(basis: str) -> bool:
    """Whether this basis reaches what the person has denied: only what a law obliges to."""
    return basis == "legal_obligation"


def beyond(basis: OtherBasis, category: str, denied: Container[str]) -> str:
    """Why the basis does not reach this category, as a decision reason; empty if it does.

    `denied` are the categories that the person has denied in a consent on record.
    """
    known = spec.categories().get(category)
    if known is None or category not in basis.categories or basis.basis not in known.bases:
        return "beyond_basis"
    if category in denied and not goes_over_denial(basis.basis):
        return "denied_before"
    return ""
