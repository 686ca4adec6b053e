"""What moves without a consent, as tests propose, approve and use it."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

from nodes import Pair
from onward.client import Client
from onward.errors import OnwardError
from onward.v1.bases_pb2 import OtherBasis
from people import DESTINATION, record, wishes

NEEDED = ("name", "contact_safe", "language", "needs_services", "age_band", "sex")
"""What a shelter needs at once; the ceiling of a vital interest holds it all."""


def urgent(pair: Pair, **changes: Any) -> OtherBasis:
    """A basis that can be proposed: a synthetic adult who can't speak."""
    basis = OtherBasis(
        subject_id=token_urlsafe(16), subject_kind="survivor", age_class="adult",
        basis="vital_interest", reason="unconscious", recipient=DESTINATION,
        purpose="service_delivery", categories=NEEDED, hours=24, retention_days=30,
        tell_by=(pair.clock.now() + timedelta(days=14)).date().isoformat(),
    )  # fmt: skip
    for name, value in changes.items():
        if isinstance(value, list | tuple):
            getattr(basis, name)[:] = value
        else:
            setattr(basis, name, value)
    return basis


def refusal(pair: Pair, **changes: object) -> tuple[str, str]:
    """Why a proposal is refused, and where."""
    try:
        pair.origin.client.propose_basis(urgent(pair, **changes))
    except OnwardError as fault:
        return fault.reason, fault.pointer
    return "", ""


def supervisor(pair: Pair, login: str) -> Client:
    """Somebody at the origin who may approve."""
    return pair.origin.as_role("supervisor", login)


def approve(pair: Pair, basis_id: str) -> OtherBasis:
    """Two different persons say yes."""
    supervisor(pair, "s-1").approve_basis(basis_id)
    return supervisor(pair, "s-2").approve_basis(basis_id)


def approved(pair: Pair, **changes: Any) -> OtherBasis:
    """A basis in force."""
    proposed = pair.origin.client.propose_basis(urgent(pair, **changes))
    return approve(pair, proposed.basis_id)


def offered(pair: Pair, basis_id: str) -> str:
    """A referral that began by a basis, delivered. Gives its id."""
    sent = pair.origin.client.offer(
        destination=DESTINATION, basis_id=basis_id, items=wishes(), record=record()
    )
    pair.settle()
    return sent.referral.referral_id


def disclosed(pair: Pair, basis_id: str) -> str:
    """One whose content has arrived."""
    referral_id = offered(pair, basis_id)
    pair.accept(referral_id)
    pair.origin.client.get_referral(referral_id)
    pair.origin.client.disclose(referral_id, basis_id=basis_id, record=record())
    pair.settle()
    return referral_id


def waits(pair: Pair) -> dict[str, int]:
    """What waits for a person at the origin outside any referral's own acts: code to days."""
    items = pair.origin.client.list_needs_human()
    return {one.code: one.days for one in items if one.approval_id}
