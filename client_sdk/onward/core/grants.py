"""Grants: what travels of a consent, and what a receiver holds parts to."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from onward.core import spec
from onward.core.clock import moment, stamp
from onward.core.states import Side
from onward.v1.consent_pb2 import ConsentRecord, Decision, Grant

LEVELS = ("nothing", "status_only", "status_and_outcome")


def from_consent(
    consent: ConsentRecord,
    decisions: Iterable[Decision],
    *,
    grant_id: str,
    referral_id: str,
    grantor: str,
    grantee: str,
    now: datetime,
) -> Grant:
    """The excerpt of a consent for one recipient: the categories that were permitted."""
    return Grant(
        grant_id=grant_id,
        referral_id=referral_id,
        grantor=grantor,
        grantee=grantee,
        basis="consent",
        purposes=list(consent.purposes),
        categories=sorted(d.category for d in decisions if d.permitted),
        onward_sharing=consent.onward_sharing,
        feedback=consent.feedback,
        issued_at=stamp(now),
        valid_until=consent.valid_until,
        retention_days=consent.retention_days,
    )


def for_feedback(
    received: Grant, categories: Iterable[str], *, grant_id: str, now: datetime
) -> Grant:
    """The destination's grant for what flows back, under the feedback that was agreed."""
    return Grant(
        grant_id=grant_id,
        referral_id=received.referral_id,
        grantor=received.grantee,
        grantee=received.grantor,
        basis=received.basis,
        purposes=list(received.purposes),
        categories=sorted(categories),
        onward_sharing=received.onward_sharing,
        feedback=received.feedback,
        issued_at=stamp(now),
        valid_until=received.valid_until,
        retention_days=received.retention_days,
    )


def crosses(kind: str, feedback: str) -> bool:
    """Whether an act of the destination may become an entry under this level of feedback."""
    return spec.acts()[kind].always or feedback in ("status_only", "status_and_outcome")


def decide_feedback(
    categories: Iterable[str], feedback: str, withdrawn: Container[str] = ()
) -> dict[str, Decision]:
    """Which of the categories that the destination has learnt may flow back.

    `withdrawn` are those that were taken back after the level was agreed.
    """
    result = {}
    for category in categories:
        known = spec.categories().get(category)
        permitted = feedback == "status_and_outcome" and known is not None and known.feedback
        result[category] = Decision(
            category=category,
            permitted=permitted,
            reason="permitted" if permitted else "feedback_denied",
            line="/feedback",
        )
        if category in withdrawn:
            result[category] = Decision(category=category, reason="consent_withdrawn")
    return result


def refusal(
    category: str,
    *,
    author: Side,
    grant: Grant | None,
    accepted: bool,
    feedback: str,
    now: datetime,
) -> str:
    """Why a receiver refuses a part, as a refusal code; empty if it takes it.

    `accepted` says whether the destination had accepted by what the part's author had seen;
    `feedback` is the level that the receiver itself agreed with the person (origin only).
    """
    known = spec.categories().get(category)
    if known is None:
        return "unknown_category"
    if known.protocol:
        return ""
    if grant is None:
        return "no_grant"
    if category not in grant.categories:
        return "beyond_grant"
    if now >= moment(grant.valid_until):
        return "grant_expired"
    if author == "origin" and not accepted and not known.offer:
        return "before_acceptance"
    if author == "destination" and not (feedback == "status_and_outcome" and known.feedback):
        return "feedback"
    return ""
