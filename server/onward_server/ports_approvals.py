"""What a transaction does for what two persons have to approve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class ApprovalRow:
    """A basis other than consent, or an emergency opening. `content` is encrypted.

    `kind` is basis or opening; `subject` a keyed digest of the person, `basis` the code of a basis,
    `referral_id` the referral of an opening. In clear stands only what finds what is due: `stage`
    (proposed, approved or refused, whatever the clock says), `until` its end, `month` that of its
    approval, `finding` that of its review, `tell_next` when somebody should look whether the person
    was told, `told_late` that she was not told in time. `version` counts what was written.
    """

    approval_id: str
    kind: str
    version: int
    stage: str
    until: datetime
    content: bytes
    subject: str = ""
    basis: str = ""
    referral_id: str = ""
    month: str = ""
    uses: int = 0
    finding: str = ""
    tell_next: datetime | None = None
    told_late: bool = False


class ApprovalsTx(Protocol):
    """The part of a transaction that keeps bases and emergency openings."""

    def put_approval(self, row: ApprovalRow) -> None:
        """Write the row, but its uses. Raises Refused UNAVAILABLE unless its version is next."""
        ...

    def add_use(self, approval_id: str) -> None: ...
    def approval(self, kind: str, approval_id: str) -> ApprovalRow | None: ...
    def approvals_of(self, subject: str) -> list[ApprovalRow]: ...
    def waiting_approvals(self, now: datetime) -> list[ApprovalRow]: ...
    def bases_since(self, month: str) -> list[ApprovalRow]: ...

    def use_in(self, approval_id: str, referral_id: str) -> None: ...
    def referrals_by(self, approval_id: str) -> list[str]: ...
    def used_in(self, referral_id: str) -> list[str]: ...

    def count_basis(self, month: str, basis: str) -> None: ...
    def basis_counts(self, since: str) -> list[tuple[str, str, int]]: ...

    def set_consent(self, referral_id: str, consent_id: str) -> None: ...
