"""The consent decision: one pure function from what a person agreed to, to what may be sent.

Deny beats permit; absence is deny; unknown is deny (docs/spec.md, section Consent). What the two
agencies have agreed, and a grant under which something came, can only make it less.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from onward.core import agreements, bases, childhood, spec
from onward.core.clock import moment
from onward.v1.agreements_pb2 import Agreement
from onward.v1.bases_pb2 import OtherBasis
from onward.v1.consent_pb2 import ConsentRecord, Decision, Grant

Stage = Literal["offer", "disclosure"]


@dataclass(frozen=True)
class Recipient:
    """The agency that would receive, and the country whose law it is under.

    `purposes` are those for which the trust list lets it receive data; None asks for no check.
    """

    agency: str
    country: str
    purposes: frozenset[str] | None = None


VALID = frozenset({"given", "renewed"})
"""Statuses that permit anything."""

_STATUS_REASONS = {
    "withdrawn": "consent_withdrawn",
    "suspended": "consent_suspended",
    "revoked": "consent_revoked",
    "invalidated": "consent_revoked",
}


def odd_purpose(consent: ConsentRecord) -> int | None:
    """Which purpose is asked for apart from the first: the number of the first such one.

    A no to one group must never cost what another group gives (registry purpose_group).
    """
    codes = spec.registries()["consent_purpose"].codes
    groups = [codes[one].group if one in codes else "" for one in consent.purposes]
    return next((number for number, one in enumerate(groups) if one != groups[0]), None)


def standing(consent: ConsentRecord | None, now: datetime) -> str:
    """Why the consent permits nothing at all, as a decision reason; empty if it stands."""
    if consent is None:
        return "no_consent"
    if consent.status not in VALID:
        return _STATUS_REASONS.get(consent.status, "consent_refused")
    if child := childhood.standing(consent, now):
        return child
    if now < moment(consent.valid_from):
        return "consent_not_yet_valid"
    if now >= moment(consent.valid_until):
        return "consent_expired"
    return ""


def scope(consent: ConsentRecord, recipient: Recipient, purpose: str) -> str:
    """Why the consent does not reach this recipient and purpose; empty if it does."""
    code = spec.registries()["consent_purpose"].codes.get(purpose)
    if code is not None and code.forbidden:
        return "purpose_prohibited"
    if code is None or purpose not in consent.purposes:
        return "purpose_not_named"
    if recipient.purposes is not None and purpose not in recipient.purposes:
        return "recipient_not_cleared"
    if recipient.agency not in consent.recipients:
        return "recipient_not_named"
    if recipient.country not in consent.countries:
        return "country_not_named"
    return ""


def _touched(category: spec.Category) -> frozenset[str]:
    """Categories, other than this one, that its text may speak of.

    Free text that declares none may speak of all the most sensitive ones.
    """
    if category.touches or not category.free_text:
        return frozenset(category.touches) - {category.id}
    worst = {c.id for c in spec.categories().values() if c.sensitivity == 4 and not c.protocol}
    return frozenset(worst - {category.id})


def touching(categories: frozenset[str]) -> frozenset[str]:
    """Categories whose text may speak of one of these: who takes that back, takes them back too."""
    return frozenset(c.id for c in spec.categories().values() if _touched(c) & categories)


def shows_trafficking(category: str) -> bool:
    """Whether the category, or one that its text may speak of, shows that somebody was trafficked.

    Unknown is no: an unknown category is denied anyway.
    """
    known = spec.categories()
    found = known.get(category)
    if found is None:
        return False
    return any(known[one].trafficking for one in {category, *_touched(found)} if one in known)


def _line(values: Iterable[str], wanted: str) -> int | None:
    return next((index for index, value in enumerate(values) if value == wanted), None)


def _decide_one(
    consent: ConsentRecord,
    category: str,
    stage: Stage,
    telling: Container[str],
    taken: Container[str],
) -> tuple[str, str]:
    """Reason and line of the record for one category."""
    # Nobody but a known survivor: what can't be told apart is a family member's.
    if consent.subject_kind != "survivor" and (category in telling or shows_trafficking(category)):
        return "family_member", ""
    denied = _line(consent.deny, category)
    if denied is not None:
        return "denied", f"/deny/{denied}"
    if category in taken:
        return "denied_before", ""
    known = spec.categories().get(category)
    permitted = _line(consent.permit, category)
    if known is None or known.protocol or permitted is None:
        return "not_named", ""
    if stage == "offer" and not known.offer:
        return "before_acceptance", f"/permit/{permitted}"
    touched = _touched(known)
    if touched & set(consent.deny):
        first = next(n for n, one in enumerate(consent.deny) if one in touched)
        return "touches_denied", f"/deny/{first}"
    if not touched <= set(consent.permit):
        return "touches_denied", ""
    return "permitted", f"/permit/{permitted}"


def whole(
    ground: ConsentRecord | OtherBasis | None,
    *,
    recipient: Recipient,
    purpose: str,
    now: datetime,
    agreement: Agreement | None = None,
    agreement_needed: bool = False,
) -> str:
    """Why nothing at all would be sent, as a decision reason; empty if something may be."""
    if isinstance(ground, OtherBasis):
        reason = bases.standing(ground, now) or _reach(ground, recipient, purpose)
    else:
        reason = standing(ground, now)
        if not reason and ground is not None:
            reason = scope(ground, recipient, purpose) or agreements.storage(agreement, ground)
    return reason or agreements.scope(agreement, purpose=purpose, needed=agreement_needed, now=now)


def _reach(basis: OtherBasis, recipient: Recipient, purpose: str) -> str:
    """Why the basis does not reach this recipient and purpose; empty if it does."""
    code = spec.registries()["consent_purpose"].codes.get(purpose)
    if code is not None and code.forbidden:
        return "purpose_prohibited"
    if code is None or purpose != basis.purpose:
        return "purpose_not_named"
    if recipient.purposes is not None and purpose not in recipient.purposes:
        return "recipient_not_cleared"
    return "" if recipient.agency == basis.recipient else "recipient_not_named"


def decide(
    ground: ConsentRecord | OtherBasis | None,
    *,
    recipient: Recipient,
    purpose: str,
    stage: Stage,
    categories: Iterable[str],
    now: datetime,
    telling: Container[str] = (),
    agreement: Agreement | None = None,
    agreement_needed: bool = False,
    received: Mapping[str, Grant] | None = None,
    denied: Container[str] = (),
) -> dict[str, Decision]:
    """One decision for each category, with its reason, what decides, and the line of it.

    `ground` is the consent, or the basis that stands in its place. `stage` is offer before the
    destination has accepted, disclosure after. `telling` are the categories whose codes show that
    somebody was trafficked (onward.core.family). `agreement` is what the two agencies have
    signed; `agreement_needed`: without one nothing goes. `received` are categories that another
    agency has disclosed, with the grant under which they came; `denied` those that the person has
    denied elsewhere, or, against a consent, taken back elsewhere since she gave it.
    """
    reason = whole(
        ground, recipient=recipient, purpose=purpose, now=now, agreement=agreement,
        agreement_needed=agreement_needed,
    )  # fmt: skip
    codes = spec.registries()["decision_reason"].codes
    result = {}
    for category in categories:
        why, line = reason, ""
        if not why and isinstance(ground, OtherBasis):
            why, line = _by_basis(ground, category, stage, telling, denied)
        elif not why and isinstance(ground, ConsentRecord):
            why, line = _decide_one(ground, category, stage, telling, denied)
        less = ""
        if why in PERMITTED:
            less = agreements.ceiling(agreement, category)
            less = less or _onward(received, category, recipient, purpose, now)
        if less:
            why, line = less, ""
        result[category] = Decision(
            category=category, permitted=why in PERMITTED, reason=why, line=line,
            source=codes[why].group,
        )  # fmt: skip
    return result


PERMITTED = frozenset({"permitted", "permitted_by_basis"})
"""Reasons by which a category is sent."""


def _by_basis(
    basis: OtherBasis, category: str, stage: Stage, telling: Container[str], denied: Container[str]
) -> tuple[str, str]:
    if basis.subject_kind != "survivor" and (category in telling or shows_trafficking(category)):
        return "family_member", ""
    if reason := bases.beyond(basis, category, denied):
        return reason, ""
    if stage == "offer" and not spec.categories()[category].offer:
        return "before_acceptance", ""
    return "permitted_by_basis", f"/categories/{list(basis.categories).index(category)}"


def _onward(
    received: Mapping[str, Grant] | None,
    category: str,
    recipient: Recipient,
    purpose: str,
    now: datetime,
) -> str:
    """Why what came from another agency may not go on; empty if it may, or did not come so."""
    grant = (received or {}).get(category)
    if grant is None:
        return ""
    named = grant.onward_sharing == "same_purpose_named" and purpose in grant.purposes
    lasting = category in grant.categories and now < moment(grant.valid_until)
    return "" if named and lasting and recipient.agency != grant.grantor else "onward_not_granted"


REFUSALS = {
    "no_consent": "CONSENT_MISSING",
    "consent_refused": "CONSENT_WITHDRAWN",
    "consent_withdrawn": "CONSENT_WITHDRAWN",
    "came_of_age": "CAME_OF_AGE",
    "guardian_conflict": "GUARDIAN_CONFLICT",
    "not_best_interest": "CONSENT_SCOPE",
    "consent_expired": "CONSENT_EXPIRED",
    "consent_not_yet_valid": "CONSENT_EXPIRED",
    "purpose_prohibited": "PURPOSE_PROHIBITED",
    "purpose_not_named": "CONSENT_SCOPE",
    "recipient_not_cleared": "CONSENT_SCOPE",
    "recipient_not_named": "CONSENT_SCOPE",
    "country_not_named": "CONSENT_SCOPE",
    "consent_suspended": "CONSENT_EXPIRED",
    "consent_revoked": "CONSENT_WITHDRAWN",
    "storage_not_agreed": "CONSENT_SCOPE",
    "no_agreement": "AGREEMENT_MISSING",
    "agreement_purpose": "AGREEMENT_SCOPE",
    "basis_not_approved": "APPROVAL_NEEDED",
    "basis_over": "APPROVAL_OVER",
}
"""The error that answers an act for which a consent as a whole does not stand."""
