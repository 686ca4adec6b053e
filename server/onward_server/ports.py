"""What the service needs from outside: a store, keys, a clock, the trust list.

Adapters fulfil these; the service knows no database and no file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from onward.core.refused import Refused
from onward.core.states import Side
from onward.core.trust import Trusted
from onward.v1.entry_pb2 import Entry
from onward_server.ports_agreements import AgreementsTx
from onward_server.ports_approvals import ApprovalsTx
from onward_server.ports_consents import ConsentTx
from onward_server.ports_disclosures import DisclosuresTx
from onward_server.ports_erasure import ErasureTx
from onward_server.ports_keys import Keys as Keys
from onward_server.ports_knocks import KnockTx
from onward_server.ports_mail import MailTx
from onward_server.ports_quiet import QuietTx
from onward_server.ports_withdrawals import WithdrawalsTx

T = TypeVar("T")


@dataclass(frozen=True)
class ReferralRow:
    """A referral that this agency is a party of."""

    referral_id: str
    origin: str
    destination: str
    consent_id: str = ""


@dataclass(frozen=True)
class EntryRow:
    """A signed entry, with the bytes as they were signed."""

    side: Side
    seq: int
    hash: str
    jws: str
    entry: Entry
    delivered: bool


@dataclass(frozen=True)
class PartRow:
    """A part that an entry binds, and what became of it at this node.

    `outcome` is pending (not here yet), held, refused, sealed (withdrawn, unreadable) or
    destroyed. `content` is encrypted under `key_id`. `reported` says that an entry of ours has
    told the other side of a refusal; `delivered`, of a part of ours, that a receipt covers it. It
    is kept for `keep_days` after its last use: `keep_until` (seconds since 1970; 0: not known
    yet; None: without an end).
    """

    digest: str
    category: str
    side: Side
    entry_hash: str
    outcome: str = "pending"
    reason: str = ""
    key_id: str = ""
    content: bytes | None = None
    reported: bool = False
    delivered: bool = False
    keep_days: int = 0
    keep_until: int | None = None


@dataclass(frozen=True)
class Encrypted:
    """Bytes under a key of the key store."""

    key_id: str
    content: bytes


@dataclass(frozen=True)
class LinkRow:
    """A referral belongs to another of this agency's: encrypted but for whose link it is.

    `target` is a keyed digest of the other referral's id.
    """

    referral_id: str
    target: str
    content: bytes


@dataclass(frozen=True)
class OutboxRow:
    """Entries of one referral wait for the other agency's receipt."""

    referral_id: str
    recipient: str
    urgent: bool
    attempts: int
    next_at: datetime
    reason: str = ""


@dataclass(frozen=True)
class ErasureRow:
    """What a withdrawal has sealed is to be destroyed at this moment."""

    referral_id: str
    withdrawal: str
    due_at: datetime


@dataclass(frozen=True)
class RestoredRow:
    """After a restore from a backup, the other agency is to be asked what it has of a referral.

    Without a referral, it is to be asked which referrals there are.
    """

    referral_id: str
    other: str
    attempts: int
    next_at: datetime


@dataclass(frozen=True)
class LostRow:
    """An entry that another one has taken the place of. It is kept as evidence.

    `again` says that this node has to write it anew, because nothing may hold it back, and
    `at_once` that what it takes back is to be destroyed without a delay.
    """

    jws: str
    entry: Entry
    again: bool = False
    at_once: bool = False


@dataclass(frozen=True)
class ServiceListRow:
    """An agency's list of services as this node holds it. Without `jws`, none was ever taken.

    `confirmed_at` is when the agency last said that it is the newest, `failed` the reason why the
    last try to get one failed, `seq` the number of the list.
    """

    agency: str
    seq: int = 0
    jws: str = ""
    confirmed_at: datetime | None = None
    failed: str = ""


class RestoredTx(Protocol):
    """What a transaction does for a database that was restored from a backup."""

    def was_restored(self) -> bool: ...
    def restored(self, referral_id: str) -> bool: ...
    def unlisted(self, other: str) -> bool: ...
    def missing(self, other: str = "") -> bool: ...
    def mark_restored(self, referral_id: str, other: str, now: datetime) -> None: ...
    def clear_restored(self, referral_id: str, other: str) -> None: ...
    def due_restored(self, now: datetime, limit: int, other: str = "") -> list[RestoredRow]: ...
    def put_off_restored(self, row: RestoredRow) -> None: ...
    def first_use(self, iss: str, nonce: str, now: datetime, expires: datetime) -> bool: ...
    def referrals_with(self, other: str, after: str, limit: int) -> list[str]: ...
    def drop_entries(self, referral_id: str, side: Side, hashes: Iterable[str]) -> None: ...
    def set_aside(self, referral_id: str, row: LostRow) -> None: ...
    def to_write_again(self, referral_id: str) -> list[LostRow]: ...


class ServicesTx(Protocol):
    """What a transaction does for lists of services."""

    def accepted(self) -> list[str]: ...
    def service_lists(self) -> list[ServiceListRow]: ...
    def service_list(self, agency: str) -> ServiceListRow | None: ...
    def put_service_list(self, row: ServiceListRow) -> None: ...


class Tx(
    RestoredTx, ServicesTx, KnockTx, AgreementsTx, ApprovalsTx, ConsentTx,
    DisclosuresTx, WithdrawalsTx, ErasureTx, MailTx, QuietTx, Protocol,
):  # fmt: skip
    """One transaction, for one agency. Reads see its own writes."""

    def referral(self, referral_id: str) -> ReferralRow | None: ...
    def add_referral(self, row: ReferralRow) -> None: ...
    def referrals(self, after: int, limit: int) -> list[tuple[int, ReferralRow]]: ...
    def referrals_by_consent(self, consent_id: str) -> list[ReferralRow]: ...

    def links_of(self, referral_id: str) -> list[LinkRow]: ...
    def links_to(self, target: str) -> list[LinkRow]: ...
    def put_link(self, row: LinkRow) -> None: ...

    def entries(self, referral_id: str) -> list[EntryRow]: ...
    def add_entry(self, referral_id: str, row: EntryRow) -> None: ...
    def set_delivered(self, referral_id: str, side: Side, upto: int) -> None: ...
    def unset_delivered(self, referral_id: str, side: Side, after: int) -> None: ...

    def parts(self, referral_id: str) -> list[PartRow]: ...
    def put_parts(self, referral_id: str, rows: Iterable[PartRow]) -> None: ...

    def journal(self, referral_id: str) -> list[bytes]: ...
    def add_journal(
        self, referral_id: str, note: bytes, kept: Callable[[int], Iterable[Encrypted]]
    ) -> None:
        """Add a note. `kept` is given its number, which what is encrypted with it is bound to."""

    def journal_keys(self, referral_id: str) -> set[str]: ...
    def drop_journal(self, referral_id: str, key_ids: Iterable[str]) -> None: ...

    def answer(self, client: str, request_id: str) -> tuple[str, bytes] | None: ...
    def keep_answer(self, client: str, request_id: str, asked: str, answer: bytes) -> None: ...

    def add_event(self, kind: str, referral_id: str) -> None: ...
    def events(self, after: int, limit: int) -> list[tuple[int, str, str]]: ...
    def newest_event(self) -> int: ...
    def audits(self, after: int, limit: int) -> list[bytes]: ...
    def last_audit(self) -> bytes | None: ...
    def add_audit(self, seq: int, record: bytes) -> None: ...
    def outbox(self, referral_id: str) -> OutboxRow | None: ...
    def put_outbox(self, row: OutboxRow) -> None: ...
    def due_outbox(self, now: datetime, limit: int) -> list[OutboxRow]: ...
    def clear_outbox(self, referral_id: str) -> None: ...
    def add_receipt(self, referral_id: str, mid: str, header: str, receipt: str) -> None: ...
    def receipts(self, referral_id: str) -> list[tuple[str, str]]: ...

    def delivered_before(self, iss: str, mid: str) -> tuple[str, str] | None: ...
    def remember_delivery(self, iss: str, mid: str, header: str, receipt: str) -> None: ...

    def due_erasures(self, now: datetime, limit: int) -> list[ErasureRow]: ...
    def erasures(self, referral_id: str) -> list[ErasureRow]: ...
    def add_erasure(self, row: ErasureRow) -> None: ...
    def end_erasure(self, referral_id: str, withdrawal: str) -> None: ...

    def accepts(self, agency: str) -> bool: ...


class Store(Protocol):
    """Where the node keeps what it must not lose."""

    def write(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a transaction and return when it is on disk. An exception undoes it."""
        ...

    def write_each(self, works: Sequence[Callable[[Tx], T]]) -> list[T | Refused]:
        """Run each in a transaction of its own, in order; return when all are on disk.

        One that is refused undoes nothing of the others.
        """
        ...

    def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on a consistent view. It must not write."""
        ...

    def tidy(self) -> None:
        """Something was destroyed: let go of what the database's own files still hold of it."""
        ...


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class Trust(Protocol):
    """The trust list in force at this node."""

    def current(self) -> Trusted:
        """The newest list that verified. Raises Refused UNAVAILABLE if there is none."""
        ...

    def signed(self) -> bytes:
        """The same list with its signatures, as ProtoJSON of SignedTrustList."""
        ...


class Random(Protocol):
    """A source of randomness that nobody can guess."""

    def token(self, size: int) -> bytes:
        """So many random bytes."""
        ...
