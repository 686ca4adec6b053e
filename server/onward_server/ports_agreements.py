"""What the service needs from a store for agreements with other agencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class AgreementRow:
    """One version of an agreement with another agency, as it was signed (ProtoJSON).

    `proof` opens only with a key that is destroyed when the agreement is ended here, so that no
    backup of the database brings it back.
    """

    agreement_id: str
    version: int
    other: str
    signed: bytes
    proof: bytes
    ended_at: datetime | None = None


class AgreementsTx(Protocol):
    """What a transaction does for agreements."""

    def agreements(self) -> list[AgreementRow]: ...
    def agreements_with(self, other: str) -> list[AgreementRow]: ...
    def add_agreement(self, row: AgreementRow) -> None: ...
    def end_agreement(self, agreement_id: str, at: datetime) -> None: ...
