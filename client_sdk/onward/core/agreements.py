"""Agreements between two agencies: the widest that a consent can have effect between them.

Docs/spec.md, section Agreements. In environment live nothing goes without one.
"""

from __future__ import annotations

from datetime import datetime

from onward.core.clock import moment
from onward.v1.agreements_pb2 import Agreement
from onward.v1.consent_pb2 import ConsentRecord


def in_force(agreement: Agreement | None, now: datetime) -> bool:
    """Whether an agreement that both have signed can be used at this moment."""
    if agreement is None:
        return False
    return moment(agreement.valid_from) <= now < moment(agreement.valid_until)


def scope(agreement: Agreement | None, *, purpose: str, needed: bool, now: datetime) -> str:
    """Why nothing may go for this purpose, as a decision reason; empty if something may.

    `needed` says that without an agreement nothing goes: environment live.
    """
    if agreement is None or not in_force(agreement, now):
        return "no_agreement" if needed or agreement is not None else ""
    return "" if purpose in agreement.purposes else "agreement_purpose"


def storage(agreement: Agreement | None, consent: ConsentRecord) -> str:
    """Why the data could be stored where the person did not agree to, as a decision reason."""
    if agreement is None or not consent.storage_countries:
        return ""
    agreed = set(consent.storage_countries)
    return "" if set(agreement.storage_countries) <= agreed else "storage_not_agreed"


def ceiling(agreement: Agreement | None, category: str) -> str:
    """Why this category may not go, as a decision reason; empty if it may."""
    if agreement is None or category in agreement.categories:
        return ""
    return "beyond_agreement"


def retention(agreement: Agreement | None, days: int) -> int:
    """Days that a recipient may keep data: what was asked for, and no longer than agreed."""
    return min(days, agreement.retention_days) if agreement is not None else days
