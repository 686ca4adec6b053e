"""What the service keeps of withdrawals beyond the logs: what is still to be passed on, what
belongs together for their certificates, and what waits for a review.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class RelayRow:
    """An entry that may concern other referrals: a withdrawal to be relayed, or a certificate to
    be told further up. `at_once`: the person has confirmed that it is destroyed now.
    """

    referral_id: str
    entry: str
    at_once: bool = False


@dataclass(frozen=True)
class PassedRow:
    """One referral passes on what came in another. Outlives their link, which a withdrawal
    destroys, until the certificates are in. `source` and `target` are keyed digests.
    """

    source: str
    target: str
    content: bytes


@dataclass(frozen=True)
class SuspectedRow:
    """Whether a withdrawal was made under suspected pressure. Encrypted, and there is one for each
    withdrawal that was written at this node, so that nobody can tell from the rows.
    """

    referral_id: str
    withdrawal: str
    content: bytes


class WithdrawalsTx(Protocol):
    """What a transaction does for withdrawals that reach further."""

    def apart(self) -> AbstractContextManager[object]:
        """What is written within is written together or, if it fails, not at all; whatever else
        the transaction writes stays.
        """
        ...

    def relays(self, referral_id: str) -> set[str]: ...
    def due_relays(self, limit: int) -> list[RelayRow]: ...
    def add_relay(self, row: RelayRow) -> None: ...
    def end_relay(self, row: RelayRow) -> None: ...
    def renew_relays(self, referral_id: str) -> None: ...

    def passed_from(self, source: str) -> list[PassedRow]: ...
    def passed_to(self, target: str) -> list[PassedRow]: ...
    def put_passed(self, row: PassedRow) -> None: ...
    def drop_passed(self, row: PassedRow) -> None: ...

    def suspected(self) -> list[SuspectedRow]: ...
    def suspicion(self, referral_id: str, withdrawal: str) -> SuspectedRow | None: ...
    def put_suspicion(self, row: SuspectedRow) -> None: ...
    def hasten_erasure(self, referral_id: str, withdrawal: str, due_at: datetime) -> None: ...
