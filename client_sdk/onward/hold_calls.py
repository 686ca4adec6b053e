"""Legal holds, and reviews of withdrawals that may have been made under pressure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Unpack

from onward.core.clock import stamp
from onward.session import Session, Steps, WriteOptions
from onward.v1.holds_pb2 import (
    ConfirmWithdrawalRequest,
    Hold,
    LiftHoldRequest,
    ListHoldsRequest,
    ListHoldsResponse,
    ListSuspectedRequest,
    ListSuspectedResponse,
    PlaceHoldRequest,
    SuspectedWithdrawal,
)


class HoldCalls(Session):
    """One method for each call of the service Holds."""

    def place_hold(
        self,
        referral_id: str,
        *,
        authority: str,
        country: str,
        evidence: str,
        until: datetime,
        categories: Iterable[str] = (),
        **options: Unpack[WriteOptions],
    ) -> Steps[Hold]:
        """Keep content from being destroyed, because an authority orders it. It opens nothing.

        `authority` is a code of hold_authority that the agreement with the other agency names;
        `evidence` the SHA-256 of the order (43 characters of base64url), which stays with the
        agency. Without `categories`, all.
        """
        request = PlaceHoldRequest(
            referral_id=referral_id, authority=authority, country=country, evidence=evidence,
            categories=categories, until=stamp(until),
        )  # fmt: skip
        return self.write(request, Hold, options)

    def lift_hold(self, hold_id: str, **options: Unpack[WriteOptions]) -> Steps[Hold]:
        """End a hold: what it kept after a withdrawal is destroyed and certified."""
        return self.write(LiftHoldRequest(hold_id=hold_id), Hold, options)

    def list_holds(self) -> Steps[list[Hold]]:
        """List the holds, oldest first, also those that have ended."""
        answer = yield from self.ask(ListHoldsRequest(), ListHoldsResponse)
        return list(answer.holds)

    def list_suspected(self) -> Steps[list[SuspectedWithdrawal]]:
        """List withdrawals that were marked as made under suspected pressure."""
        found = yield from self.ask(ListSuspectedRequest(), ListSuspectedResponse)
        return list(found.withdrawals)

    def confirm_withdrawal(
        self, referral_id: str, withdrawal: str, **options: Unpack[WriteOptions]
    ) -> Steps[SuspectedWithdrawal]:
        """Record that a withdrawal is the person's own will. It is carried out now."""
        request = ConfirmWithdrawalRequest(referral_id=referral_id, withdrawal=withdrawal)
        return self.write(request, SuspectedWithdrawal, options)
