"""The calls about what may be done with sealed content: reviews of withdrawals."""

from __future__ import annotations

from typing import Unpack

from onward.session import Session, Steps, WriteOptions
from onward.v1.holds_pb2 import (
    ConfirmWithdrawalRequest,
    ListSuspectedRequest,
    ListSuspectedResponse,
    SuspectedWithdrawal,
)


class HoldCalls(Session):
    """One method for each call of the service Holds."""

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
