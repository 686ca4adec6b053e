"""What the service keeps of mail: as a mailbox, for others; and as a sender, what others hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class MailRow:
    """An envelope that this node holds for another agency, as it came; `digest` is its header's.

    With a `receipt` it is collected: then header and sealed text are gone, and the receipt waits
    for its sender. `barred` says that the recipient was suspended or removed when it last came.
    """

    iss: str
    mid: str
    aud: str
    digest: str
    header: str
    sealed: str
    until: datetime
    barred: bool = False
    receipt: str = ""

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.header) + len(self.sealed) + len(self.receipt)


@dataclass(frozen=True)
class PostedRow:
    """An envelope of ours that a mailbox holds: the same bytes go again, until a receipt comes.

    It carries entries up to `upto` and the `parts` with these digests, or the knock `wire_id`.
    """

    mid: str
    recipient: str
    header: str
    sealed: str
    since: datetime
    until: datetime
    referral_id: str = ""
    wire_id: str = ""
    upto: int = 0
    parts: frozenset[str] = frozenset()
    tries: int = 0


class MailTx(Protocol):
    """The part of a transaction that keeps mail."""

    def mail(self, iss: str, mid: str) -> MailRow | None: ...
    def put_mail(self, row: MailRow) -> None: ...
    def mail_size(self, iss: str, aud: str) -> int: ...
    def mail_for(
        self, aud: str, after: str, now: datetime, *, barred: bool, limit: int, size: int
    ) -> list[MailRow]:
        """What waits for an agency, oldest first: as many as fit, and one at least if there is any.

        `after` is a header's digest; with `barred`, only what came while the agency was.
        """

    def mail_is_over(self, now: datetime) -> bool: ...
    def drop_mail(self, now: datetime) -> int: ...

    def posted(self, referral_id: str) -> list[PostedRow]: ...
    def posted_knock(self, wire_id: str) -> PostedRow | None: ...
    def put_posted(self, row: PostedRow) -> None: ...
    def drop_posted(self, mid: str) -> None: ...
