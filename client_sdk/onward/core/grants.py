"""Grants: what travels of a consent, and what a receiver holds parts to."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from onward.core import agreements, spec
from onward.core.clock import moment, stamp
from onward.core.states import Side
from onward.v1.agreements_pb2 import Agreement
from onward.v1.bases_pb2 import OtherBasis
from onward.v1.consent_pb2 import ConsentRecord, Decision, Grant

LEVELS = ("nothing", "status_only", "status_and_outcome")


def from_ground(
    ground: ConsentRecord | OtherBasis,
    decisions: Iterable[Decision],
    *,
    grant_id: str,
    referral_id: str,
    grantor: str,
    grantee: str,
    now: datetime,
    agreement: Agreement | None = None,
) -> Grant:
    """The excerpt of a consent, or of the basis in its place, for one recipient: the categories
    that were permitted, for no longer than the two agencies have agreed.
    """
    grant = Grant(
        grant_id=grant_id,
        referral_id=referral_id,
        grantor=grantor,
        grantee=grantee,
        categories=sorted(d.category for d in decisions if d.permitted),
        issued_at=stamp(now),
        valid_until=ground.valid_until,
        retention_days=agreements.retention(agreement, ground.retention_days),
        agreement_id=agreement.agreement_id if agreement is not None else "",
        storage_countries=agreement.storage_countries if agreement is not None else (),
    )
    if isinstance(ground, OtherBasis):
        grant.basis = ground.basis
        grant.purposes.extend(agreements.purposes(agreement, [ground.purpose]))
        grant.onward_sharing, grant.feedback = "none", "status_only"
    else:
        grant.basis = "consent"
        grant.purposes.extend(agreements.purposes(agreement, ground.purposes))
        grant.onward_sharing, grant.feedback = ground.onward_sharing, ground.feedback
        grant.on_withdrawal = ground.on_withdrawal
        if agreement is None:
            grant.storage_countries.extend(ground.storage_countries)
    return grant


def for_feedback(
    received: Grant,
    categories: Iterable[str],
    *,
    grant_id: str,
    now: datetime,
    agreement: Agreement | None = None,
) -> Grant:
    """The destination's grant for what flows back, under the feedback that was agreed, and no
    wider than what the two agencies have agreed since.
    """
    return Grant(
        grant_id=grant_id,
        referral_id=received.referral_id,
        grantor=received.grantee,
        grantee=received.grantor,
        basis=received.basis,
        purposes=agreements.purposes(agreement, received.purposes),
        categories=sorted(categories),
        onward_sharing=received.onward_sharing,
        feedback=received.feedback,
        issued_at=stamp(now),
        valid_until=received.valid_until,
        retention_days=agreements.retention(agreement, received.retention_days),
        agreement_id=agreement.agreement_id if agreement is not None else "",
        storage_countries=agreement.storage_countries if agreement is not None else (),
        on_withdrawal=received.on_withdrawal,
    )


def crosses(kind: str, feedback: str) -> bool:
    """Whether an act of the destination may become an entry under this level of feedback."""
    return spec.acts()[kind].always or feedback in ("status_only", "status_and_outcome")


def decide_feedback(
    categories: Iterable[str],
    feedback: str,
    withdrawn: Container[str] = (),
    *,
    agreement: Agreement | None = None,
    not_agreed: str = "",
) -> dict[str, Decision]:
    """Which of the categories that the destination has learnt may flow back.

    `withdrawn` are those that were taken back after the level was agreed. `agreement` is what the
    two agencies have signed, `not_agreed` why it lets nothing flow (onward.core.agreements.scope).
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
            source="grant",
        )
        less = not_agreed or agreements.ceiling(agreement, category)
        if permitted and less:
            result[category] = Decision(category=category, reason=less, source="agreement")
        if category in withdrawn:
            result[category] = Decision(
                category=category, reason="consent_withdrawn", source="consent"
            )
    return result


def refusal(
    category: str,
    *,
    author: Side,
    grant: Grant | None,
    accepted: bool,
    feedback: str,
    now: datetime,
    agreement: Agreement | None = None,
    agreement_needed: bool = False,
) -> str:
    """Why a receiver refuses a part, as a refusal code; empty if it takes it.

    `accepted` says whether the destination had accepted by what the part's author had seen;
    `feedback` is the level that the receiver itself agreed with the person (origin only).
    `agreement` is what the two agencies have signed; `agreement_needed`: without one nothing is
    taken.
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
    if less := agreements.refusal(agreement, category, grant, needed=agreement_needed, now=now):
        return less
    if author == "origin" and not accepted and not known.offer:
        return "before_acceptance"
    if author == "destination" and not (feedback == "status_and_outcome" and known.feedback):
        return "feedback"
    return ""
