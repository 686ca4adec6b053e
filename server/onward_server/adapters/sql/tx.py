"""One transaction on the database, as the service's port wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from onward.core.states import Side
from onward.v1.entry_pb2 import Entry
from onward_server.adapters.sql import tables as t
from onward_server.adapters.sql.moments import aware, naive
from onward_server.adapters.sql.rows import has
from onward_server.adapters.sql.tx_agreements import AgreementsTx
from onward_server.adapters.sql.tx_approvals import ApprovalsSql
from onward_server.adapters.sql.tx_consents import ConsentsTx
from onward_server.adapters.sql.tx_disclosures import DisclosuresTx
from onward_server.adapters.sql.tx_erasure import ErasureTx
from onward_server.adapters.sql.tx_knocks import KnockSql
from onward_server.adapters.sql.tx_links import LinksTx
from onward_server.adapters.sql.tx_mail import MailTx
from onward_server.adapters.sql.tx_quiet import QuietTx
from onward_server.adapters.sql.tx_restored import RestoredTx
from onward_server.adapters.sql.tx_services import ServicesTx
from onward_server.adapters.sql.tx_withdrawals import WithdrawalsTx
from onward_server.ports import (
    Encrypted,
    EntryRow,
    ErasureRow,
    OutboxRow,
    PartRow,
    ReferralRow,
)

ENTRY = ("side", "seq", "hash", "jws", "body", "delivered")
PART = tuple(field.name for field in fields(PartRow))
REFERRAL = tuple(field.name for field in fields(ReferralRow))
OUTBOX = tuple(field.name for field in fields(OutboxRow))
ERASURE = tuple(field.name for field in fields(ErasureRow))


class SqlTx(
    LinksTx, RestoredTx, ServicesTx, KnockSql, AgreementsTx, ApprovalsSql, ConsentsTx,
    DisclosuresTx, WithdrawalsTx, ErasureTx, MailTx, QuietTx,
):  # fmt: skip
    """Fulfils onward_server.ports.Tx for one agency."""

    def __init__(self, connection: Connection, owner: str) -> None:
        self.connection = connection
        self._owner = owner

    def referral(self, referral_id: str) -> ReferralRow | None:
        found = self._first(t.referrals, REFERRAL, referral_id=referral_id)
        return ReferralRow(*found) if found else None

    def add_referral(self, row: ReferralRow) -> None:
        self._add(t.referrals, **{name: getattr(row, name) for name in REFERRAL})

    def referrals(self, after: int, limit: int) -> list[tuple[int, ReferralRow]]:
        c = t.referrals.c
        rows = self.connection.execute(
            select(c.n, c.referral_id, c.origin, c.destination, c.consent_id)
            .where(self._mine(t.referrals), c.n > after)
            .order_by(c.n)
            .limit(limit)
        )
        return [(n, ReferralRow(*rest)) for n, *rest in rows]

    def entries(self, referral_id: str) -> list[EntryRow]:
        rows = self._find(t.entries, ENTRY, "side seq", referral_id=referral_id)
        return [
            EntryRow(side, seq, hash_, jws, Entry.FromString(body), delivered)
            for side, seq, hash_, jws, body, delivered in rows
        ]

    def add_entry(self, referral_id: str, row: EntryRow) -> None:
        self.counted = True
        self._add(
            t.entries, referral_id=referral_id, side=row.side, seq=row.seq, hash=row.hash,
            jws=row.jws, body=row.entry.SerializeToString(), delivered=row.delivered,
        )  # fmt: skip

    def set_delivered(self, referral_id: str, side: Side, upto: int) -> None:
        key = self._keys({"referral_id": referral_id, "side": side})
        self.connection.execute(_delivered(), key | {"upto": upto})

    def unset_delivered(self, referral_id: str, side: Side, after: int) -> None:
        c = t.entries.c
        mine = self._mine(t.entries, referral_id=referral_id, side=side)
        self.connection.execute(
            update(t.entries).where(mine, c.seq > after).values(delivered=False)
        )

    def parts(self, referral_id: str) -> list[PartRow]:
        return [PartRow(*row) for row in self._find(t.parts, PART, referral_id=referral_id)]

    def put_parts(self, referral_id: str, rows: Iterable[PartRow]) -> None:
        new = [{name: getattr(row, name) for name in PART} for row in rows]
        self._drop_all(t.parts, [{"referral_id": referral_id, "digest": r["digest"]} for r in new])
        self._add_all(t.parts, [row | {"referral_id": referral_id} for row in new])

    def journal(self, referral_id: str) -> list[bytes]:
        return list(self._find(t.journal, ("note",), "n", referral_id=referral_id).scalars())

    def add_journal(
        self, referral_id: str, note: bytes, kept: Callable[[int], Iterable[Encrypted]]
    ) -> None:
        done = self._add(t.journal, referral_id=referral_id, note=note)
        number = done.inserted_primary_key[0]  # type: ignore[index]
        for one in kept(number):
            self.connection.execute(
                insert(t.journal_content).values(
                    note=number, key_id=one.key_id, content=one.content
                )
            )

    def _journal_numbers(self, referral_id: str) -> Select[tuple[int]]:
        return select(t.journal.c.n).where(self._mine(t.journal, referral_id=referral_id))

    def journal_keys(self, referral_id: str) -> set[str]:
        c = t.journal_content.c
        mine = c.note.in_(self._journal_numbers(referral_id))
        return set(self.connection.execute(select(c.key_id).where(mine)).scalars())

    def drop_journal(self, referral_id: str, key_ids: Iterable[str]) -> None:
        c = t.journal_content.c
        mine = c.note.in_(self._journal_numbers(referral_id))
        self.connection.execute(delete(t.journal_content).where(mine, c.key_id.in_(list(key_ids))))

    def answer(self, client: str, request_id: str) -> tuple[str, bytes] | None:
        key = {"client": client, "request_id": request_id}
        found = self._first(t.answers, ("asked", "answer"), **key)
        return (found[0], found[1]) if found else None

    def keep_answer(self, client: str, request_id: str, asked: str, answer: bytes) -> None:
        self._add(t.answers, client=client, request_id=request_id, asked=asked, answer=answer)

    def add_event(self, kind: str, referral_id: str) -> None:
        self._add(t.events, kind=kind, referral_id=referral_id)

    def events(self, after: int, limit: int) -> list[tuple[int, str, str]]:
        c = t.events.c
        rows = self.connection.execute(
            select(c.n, c.kind, c.referral_id)
            .where(self._mine(t.events), c.n > after)
            .order_by(c.n)
            .limit(limit)
        )
        return [(n, kind, referral) for n, kind, referral in rows]

    def newest_event(self) -> int:
        found = self.connection.execute(select(func.max(t.events.c.n)).where(self._mine(t.events)))
        return found.scalar() or 0

    def audits(self, after: int, limit: int) -> list[bytes]:
        c = t.audit.c
        rows = self.connection.execute(
            select(c.record).where(self._mine(t.audit), c.seq > after).order_by(c.seq).limit(limit)
        )
        return [record for (record,) in rows]

    def last_audit(self) -> bytes | None:
        found = self._first(t.audit, ("record",), "-seq")
        return found[0] if found else None

    def add_audit(self, seq: int, record: bytes) -> None:
        self._add(t.audit, seq=seq, record=record)

    def outbox(self, referral_id: str) -> OutboxRow | None:
        found = self._first(t.outbox, OUTBOX, referral_id=referral_id)
        return _outbox(found) if found else None

    def put_outbox(self, row: OutboxRow) -> None:
        self._put(
            t.outbox,
            {"referral_id": row.referral_id},
            {
                "recipient": row.recipient,
                "urgent": row.urgent,
                "attempts": row.attempts,
                "next_at": naive(row.next_at),
                "reason": row.reason,
            },
        )

    def due_outbox(self, now: datetime, limit: int) -> list[OutboxRow]:
        rows = self.connection.execute(_due_outbox(), {"owner": self._owner, "now": naive(now)})
        return [_outbox(row) for row in rows][:limit]

    def clear_outbox(self, referral_id: str) -> None:
        self._drop(t.outbox, referral_id=referral_id)

    def add_receipt(self, referral_id: str, mid: str, header: str, receipt: str) -> None:
        self.counted = True
        key = {"referral_id": referral_id, "mid": mid}
        self._put(t.receipts, key, {"header": header, "receipt": receipt})

    def receipts(self, referral_id: str) -> list[tuple[str, str]]:
        rows = self._find(t.receipts, ("header", "receipt"), "n", referral_id=referral_id)
        return [(header, receipt) for header, receipt in rows]

    def delivered_before(self, iss: str, mid: str) -> tuple[str, str] | None:
        found = self._first(t.deliveries, ("header", "receipt"), iss=iss, mid=mid)
        return (found[0], found[1]) if found else None

    def remember_delivery(self, iss: str, mid: str, header: str, receipt: str) -> None:
        self.counted = True
        self._add(t.deliveries, iss=iss, mid=mid, header=header, receipt=receipt)

    def due_erasures(self, now: datetime, limit: int) -> list[ErasureRow]:
        rows = self._due(
            t.erasures, ERASURE, "due_at", "due_at", upto=naive(now), most=limit, done=False
        )
        return [ErasureRow(r, w, aware(at)) for r, w, at in rows]

    def erasures(self, referral_id: str) -> list[ErasureRow]:
        rows = self._find(t.erasures, ERASURE, "due_at", referral_id=referral_id)
        return [ErasureRow(r, w, aware(at)) for r, w, at in rows]

    def add_erasure(self, row: ErasureRow) -> None:
        self._add(
            t.erasures, referral_id=row.referral_id, withdrawal=row.withdrawal,
            due_at=naive(row.due_at), done=False,
        )  # fmt: skip

    def end_erasure(self, referral_id: str, withdrawal: str) -> None:
        mine = self._mine(t.erasures, referral_id=referral_id, withdrawal=withdrawal)
        self.connection.execute(update(t.erasures).where(mine).values(done=True))

    def accepts(self, agency: str) -> bool:
        return self._there(t.peers, agency=agency)

    def accept(self, agency: str, accepted: bool) -> None:
        self._drop(t.peers, agency=agency)
        if accepted:
            self._add(t.peers, agency=agency)


@cache
def _due_outbox() -> Select[*tuple[Any, ...]]:
    c = t.outbox.c
    mine = c.owner == bindparam("owner")
    due = and_(mine, c.next_at <= bindparam("now"))
    # Nothing may overtake a withdrawal: whenever anything goes to an agency, its urgent messages
    # go first, also those that would have waited a little longer.
    first = and_(c.urgent, c.recipient.in_(select(c.recipient).where(due)))
    found = select(*(c[name] for name in OUTBOX)).where(mine, or_(due, first))
    return found.order_by(c.urgent.desc(), c.next_at)


def _outbox(row: Row[*tuple[Any, ...]]) -> OutboxRow:
    found = OutboxRow(*row)
    return replace(found, next_at=aware(found.next_at))


@cache
def _delivered() -> Update:
    mine = has(t.entries, ("referral_id", "side"))
    return (
        update(t.entries).where(mine, t.entries.c.seq <= bindparam("upto")).values(delivered=True)
    )
