"""What the service needs to keep of knocks and standing offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class StandingRow:
    """A standing offer. `content` and `proof_key` are encrypted under a key of its own.

    Without `proof_key` the way back is ended: nothing can be checked against it any more.
    """

    offer_id: str
    serial: str
    content: bytes
    proof_key: bytes | None


@dataclass(frozen=True)
class KnockRow:
    """A knock that was sent or received. `content` (encrypted) is what people are shown, if any.

    `kind` is a code of knock_kind, or `withdraw` for a claim of that purpose; `waits` says that a
    person is to look at it; `times` counts how often the same knock came.
    """

    knock_id: str
    sender: str
    kind: str
    waits: bool
    made_at: datetime
    times: int = 1
    content: bytes | None = None


@dataclass(frozen=True)
class PostRow:
    """A knock on its way to one agency, under an id that only this agency learns.

    `knock_id` is the record that it belongs to. `state` is due, sent (a receipt came), answered or
    expired; only while it is due there is (encrypted) content. `expects`, encrypted too, is what an
    answer must carry to confirm a claim. `passes`: also to an agency that is
    suspended, and by a stale list.
    """

    wire_id: str
    knock_id: str
    recipient: str
    passes: bool
    urgent: bool
    attempts: int
    next_at: datetime
    expires_at: datetime
    reason: str = ""
    state: str = "due"
    content: bytes | None = None
    expects: bytes | None = None


@dataclass(frozen=True)
class GuessRow:
    """Wrong claims by one agency at one serial. Until then, none of its claims there is heard."""

    agency: str
    serial: str
    failures: int
    last_at: datetime
    until: datetime


class KnockTx(Protocol):
    """The part of a transaction that keeps knocks and standing offers."""

    def put_standing(self, row: StandingRow) -> None: ...
    def standing(self, offer_id: str) -> StandingRow | None: ...
    def standing_at(self, serial: str) -> list[StandingRow]: ...
    def standings(self, after: int, limit: int) -> list[tuple[int, StandingRow]]: ...

    def put_knock(self, row: KnockRow) -> None: ...
    def knock(self, knock_id: str) -> KnockRow | None: ...
    def knocks(self, after: int, limit: int) -> list[tuple[int, KnockRow]]: ...
    def waiting_knocks(self) -> list[KnockRow]: ...
    def count_knocks(self, sender: str, kinds: Iterable[str], since: datetime) -> int: ...
    def drop_knocks(self, before: datetime) -> None: ...

    def put_post(self, row: PostRow) -> None: ...
    def post(self, wire_id: str) -> PostRow | None: ...
    def posts(self, knock_id: str) -> list[PostRow]: ...
    def due_posts(self, now: datetime, limit: int) -> list[PostRow]: ...
    def drop_post(self, wire_id: str) -> None: ...

    def guesses(self, agency: str, serial: str) -> GuessRow | None: ...
    def put_guesses(self, row: GuessRow) -> None: ...
    def guessing(self, failures: int, since: datetime) -> list[GuessRow]: ...
