"""Grants: what travels of a consent, and what a receiver holds parts to."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime

from onward.core import agreements, spec
from onward.core.acts import Act
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
    received: Mapping[str, Grant] | None = None,
) -> Grant:
    """The excerpt of a consent, or of the basis in its place, for one recipient: the categories
    that were permitted, for no longer than the two agencies have agreed.

    `received` are categories that another agency has disclosed, with the grant under which they
    came: what goes on outlasts none of these, and serves no purpose that one of them lacks.
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
    for category, one in (received or {}).items():
        if category in grant.categories:
            _within(grant, one)
    return grant


def _within(grant: Grant, received: Grant) -> None:
    """Narrow a grant to one under which some of what it covers came."""
    if moment(received.valid_until) < moment(grant.valid_until):
        grant.valid_until.CopyFrom(received.valid_until)
    grant.retention_days = min(grant.retention_days, received.retention_days)
    grant.purposes[:] = [one for one in grant.purposes if one in received.purposes]


def wider(grant: Grant, consent: ConsentRecord) -> bool:
    """Whether a grant lets its holder do what the consent from which it came no longer does.

    Each line that `from_ground` takes from a consent is compared, but its categories: which of
    these may go is decided for each.
    """
    stored, agreed = set(grant.storage_countries), set(consent.storage_countries)
    if grant.agreement_id:
        stored = agreed  # Whether what the agencies agreed is within hers is decided each time.
    return (
        not set(grant.purposes) <= set(consent.purposes)
        or grant.retention_days > consent.retention_days
        or moment(grant.valid_until) > moment(consent.valid_until)
        or (grant.onward_sharing != consent.onward_sharing == "none")
        or LEVELS.index(grant.feedback) > LEVELS.index(consent.feedback)
        or (grant.on_withdrawal == "keep_minimum" != consent.on_withdrawal)
        # None named are the recipient's own: which these are is not known here.
        or not (stored <= agreed and bool(stored) == bool(agreed))
    )


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


def named(log: Sequence[Act], act: Act) -> str:
    """Digest of the one grant for which the grant id of an act stands in its author's log; empty if
    there is none.

    The first that was listed under this id, and none that comes later: the log says so itself,
    whatever has arrived of it, and in whatever order.
    """
    grant_id = act.entry.grant_id
    listed = (
        part.digest
        for one in log[: act.entry.seq]
        if grant_id and one.entry.grant_id == grant_id
        for part in one.entry.parts
        if part.category == "grant"
    )
    return next(listed, "")


def crosses(kind: str, feedback: str) -> bool:
    """Whether an act of the destination may become an entry under this level of feedback."""
    return spec.acts()[kind].always or feedback in ("status_only", "status_and_outcome")


def flows_back(category: str, feedback: str) -> bool:
    """Whether a category that the destination has learnt may flow back under this level."""
    known = spec.categories().get(category)
    return feedback == "status_and_outcome" and known is not None and known.feedback


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
        permitted = flows_back(category, feedback)
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
    if author == "destination" and not flows_back(category, feedback):
        return "feedback"
    return ""
