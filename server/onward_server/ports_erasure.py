"""What the service needs of the store for destruction, and for what is kept from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class HoldRow:
    """A legal hold. `open` until somebody lifts it; `content` is the order, encrypted."""

    hold_id: str
    referral_id: str
    until: datetime
    open: bool
    content: bytes


@dataclass(frozen=True)
class KeptRow:
    """A category that was not destroyed with its withdrawal, by which law, and until when."""

    referral_id: str
    withdrawal: str
    category: str
    law: str
    country: str
    until: datetime


@dataclass(frozen=True)
class SpentKey:
    """A key that nothing is under any more, or soon nothing will be. It is destroyed once what says
    so is on disk.
    """

    referral_id: str
    key_id: str


class ErasureTx(Protocol):
    """What a transaction does for destruction."""

    def put_hold(self, row: HoldRow) -> None: ...
    def hold(self, hold_id: str) -> HoldRow | None: ...
    def holds_of(self, referral_id: str) -> list[HoldRow]: ...
    def holds(self) -> list[HoldRow]: ...

    def put_kept(self, referral_id: str, withdrawal: str, rows: Iterable[KeptRow]) -> None: ...
    def kept(self, referral_id: str) -> list[KeptRow]: ...
    def due_kept(self, now: datetime, limit: int) -> list[KeptRow]: ...

    def spent_keys(self, referral_id: str) -> set[str]: ...
    def add_spent(self, referral_id: str, key_ids: Iterable[str]) -> None: ...
    def due_spent(self, limit: int) -> list[SpentKey]: ...
    def end_spent(self, row: SpentKey) -> None: ...

    def referrals_past(self, seconds: int, limit: int) -> list[str]: ...

    def unswept(self) -> bool: ...
    def set_swept(self) -> None: ...
    def drop_unreadable(self, living: Callable[[Iterable[str]], set[str]]) -> None: ...
    def drop_links(self, referral_ids: Iterable[str]) -> None: ...
    def referrals_with_links(self) -> list[str]: ...
