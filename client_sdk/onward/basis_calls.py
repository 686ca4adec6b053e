"""The calls about what stands in place of a consent, and about reading in an emergency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

from onward.session import Session, Steps, WriteOptions
from onward.v1.bases_pb2 import (
    ApproveBasisRequest,
    BasisCount,
    CountBasesRequest,
    CountBasesResponse,
    GetBasisRequest,
    OtherBasis,
    ProposeBasisRequest,
    ReviewBasisRequest,
    TellPersonRequest,
)
from onward.v1.holds_pb2 import (
    ApproveBreakGlassRequest,
    EmergencyOpening,
    GetBreakGlassRequest,
    OpenBreakGlassRequest,
    OpenedInEmergency,
    RequestBreakGlassRequest,
    ReviewBreakGlassRequest,
)


class BasisCalls(Session):
    """One method for each call of the services Bases and BreakGlass. See onward.calls.Calls."""

    def propose_basis(
        self, basis: OtherBasis, **options: Unpack[WriteOptions]
    ) -> Steps[OtherBasis]:
        """Propose that data moves to one agency without the person's consent.

        Nothing moves before two different persons have approved it. Its id then goes with
        `offer` and `disclose` as `basis_id`.
        """
        return self.write(ProposeBasisRequest(basis=basis), OtherBasis, options)

    def approve_basis(
        self, basis_id: str, *, refuse: bool = False, **options: Unpack[WriteOptions]
    ) -> Steps[OtherBasis]:
        """Approve a basis, or refuse it for good. Needs a role that may."""
        request = ApproveBasisRequest(basis_id=basis_id, refuse=refuse)
        return self.write(request, OtherBasis, options)

    def review_basis(
        self, basis_id: str, finding: str, **options: Unpack[WriteOptions]
    ) -> Steps[OtherBasis]:
        """Record, once it is over, whether it was right (a code of basis_finding)."""
        request = ReviewBasisRequest(basis_id=basis_id, finding=finding)
        return self.write(request, OtherBasis, options)

    def tell_person(
        self, basis_id: str, *, not_told: str = "", **options: Unpack[WriteOptions]
    ) -> Steps[OtherBasis]:
        """Record that the person was told, or why she can't be yet (a code of not_told_reason)."""
        request = TellPersonRequest(basis_id=basis_id, not_told=not_told)
        return self.write(request, OtherBasis, options)

    def get_basis(self, basis_id: str, **options: Unpack[WriteOptions]) -> Steps[OtherBasis]:
        """Read a basis. Who reads it stands in the audit."""
        return self.write(GetBasisRequest(basis_id=basis_id), OtherBasis, options)

    def count_bases(self, *, since: str = "") -> Steps[list[BasisCount]]:
        """Count how often each basis was used, by month: from this one on, or the last twelve."""
        request = CountBasesRequest(since=since)
        return list((yield from self.ask(request, CountBasesResponse)).counts)

    def request_break_glass(
        self,
        referral_id: str,
        *,
        reason: str,
        categories: Iterable[str],
        **options: Unpack[WriteOptions],
    ) -> Steps[EmergencyOpening]:
        """Ask to read in an emergency what nobody may read in the ordinary way."""
        request = RequestBreakGlassRequest(
            referral_id=referral_id, reason=reason, categories=categories
        )
        return self.write(request, EmergencyOpening, options)

    def approve_break_glass(
        self, opening_id: str, *, refuse: bool = False, **options: Unpack[WriteOptions]
    ) -> Steps[EmergencyOpening]:
        """Approve it, or refuse it for good. The second person's yes opens it for 15 minutes."""
        request = ApproveBreakGlassRequest(opening_id=opening_id, refuse=refuse)
        return self.write(request, EmergencyOpening, options)

    def get_break_glass(
        self, opening_id: str, **options: Unpack[WriteOptions]
    ) -> Steps[EmergencyOpening]:
        """Read why it was asked for, and where it stands. Reads no content."""
        return self.write(GetBreakGlassRequest(opening_id=opening_id), EmergencyOpening, options)

    def open_break_glass(
        self, opening_id: str, **options: Unpack[WriteOptions]
    ) -> Steps[OpenedInEmergency]:
        """Read the content. Each reading stands in the audit before anything is decrypted."""
        return self.write(OpenBreakGlassRequest(opening_id=opening_id), OpenedInEmergency, options)

    def review_break_glass(
        self, opening_id: str, finding: str, **options: Unpack[WriteOptions]
    ) -> Steps[EmergencyOpening]:
        """Record whether it was right, by somebody who neither asked nor approved."""
        request = ReviewBreakGlassRequest(opening_id=opening_id, finding=finding)
        return self.write(request, EmergencyOpening, options)
