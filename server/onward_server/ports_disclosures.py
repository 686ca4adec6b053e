"""What the service needs from a store for the account of who received what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class DisclosureRow:
    """One entry that brought content to an agency.

    `subject` is a keyed digest of the person's id, empty at an agency that has none. `content` is
    encrypted under a key that no withdrawal destroys: it names categories, and holds none.
    """

    referral_id: str
    entry_hash: str
    subject: str
    content: bytes
    received_at: datetime | None = None


class DisclosuresTx(Protocol):
    """What a transaction does for the account of disclosures."""

    def put_disclosure(self, row: DisclosureRow) -> None: ...
    def disclosure_received(self, referral_id: str, entry_hash: str, at: datetime) -> None: ...
    def disclosures_in(self, referral_id: str) -> list[DisclosureRow]: ...
    def disclosures_about(self, subject: str) -> list[DisclosureRow]: ...
