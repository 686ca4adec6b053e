"""One transaction on the database, as the service's port wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql import ColumnElement

from onward.core.states import Side
from onward.v1.entry_pb2 import Entry
from onward_server.adapters.sql import tables as t
from onward_server.adapters.sql.moments import aware, naive
from onward_server.adapters.sql.tx_agreements import AgreementsTx
from onward_server.adapters.sql.tx_approvals import ApprovalsSql
from onward_server.adapters.sql.tx_consents import ConsentsTx
from onward_server.adapters.sql.tx_disclosures import DisclosuresTx
from onward_server.adapters.sql.tx_erasure import ErasureTx
from onward_server.adapters.sql.tx_knocks import KnockSql
from onward_server.adapters.sql.tx_links import LinksTx
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


# Built once: making a statement costs several times what running it does, and these are run for
# every act and every envelope.
def _of(table: Table) -> ColumnElement[bool]:
    owner, referral = bindparam("k_owner", type_=String), bindparam("k_referral", type_=String)
    return and_(table.c.owner == owner, table.c.referral_id == referral)


ENTRIES = (
    select(*(t.entries.c[n] for n in ("side", "seq", "hash", "jws", "body", "delivered")))
    .where(_of(t.entries))
    .order_by(t.entries.c.side, t.entries.c.seq)
)
PART_COLUMNS = [field.name for field in fields(PartRow)]
PARTS = select(*(t.parts.c[name] for name in PART_COLUMNS)).where(_of(t.parts))
DROP_PART = delete(t.parts).where(_of(t.parts), t.parts.c.digest == bindparam("k_digest"))
ADD_PART = insert(t.parts)


class SqlTx(
    LinksTx, RestoredTx, ServicesTx, KnockSql, AgreementsTx, ApprovalsSql, ConsentsTx,
    DisclosuresTx, WithdrawalsTx, ErasureTx,
):  # fmt: skip
    """Fulfils onward_server.ports.Tx for one agency."""

    def __init__(self, connection: Connection, owner: str) -> None:
        self.connection = connection
        self._owner = owner

    def _mine(self, table: Table, **values: Any) -> ColumnElement[bool]:
        return and_(table.c.owner == self._owner, *(table.c[k] == v for k, v in values.items()))

    def _of(self, referral_id: str) -> dict[str, str]:
        return {"k_owner": self._owner, "k_referral": referral_id}

    def _put(self, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
        changed = self.connection.execute(
            update(table).where(self._mine(table, **key)).values(**values)
        )
        if not changed.rowcount:
            self.connection.execute(insert(table).values(owner=self._owner, **key, **values))

    def referral(self, referral_id: str) -> ReferralRow | None:
        c = t.referrals.c
        found = self.connection.execute(
            select(c.referral_id, c.origin, c.destination, c.consent_id).where(
                self._mine(t.referrals, referral_id=referral_id)
            )
        ).first()
        return ReferralRow(*found) if found else None

    def add_referral(self, row: ReferralRow) -> None:
        self.connection.execute(
            insert(t.referrals).values(
                owner=self._owner,
                referral_id=row.referral_id,
                origin=row.origin,
                destination=row.destination,
                consent_id=row.consent_id,
            )
        )

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
        rows = self.connection.execute(ENTRIES, self._of(referral_id))
        return [
            EntryRow(side, seq, hash_, jws, Entry.FromString(body), delivered)
            for side, seq, hash_, jws, body, delivered in rows
        ]

    def add_entry(self, referral_id: str, row: EntryRow) -> None:
        self.counted = True
        self.connection.execute(
            insert(t.entries).values(
                owner=self._owner,
                referral_id=referral_id,
                side=row.side,
                seq=row.seq,
                hash=row.hash,
                jws=row.jws,
                body=row.entry.SerializeToString(),
                delivered=row.delivered,
            )
        )

    def set_delivered(self, referral_id: str, side: Side, upto: int) -> None:
        c = t.entries.c
        mine = self._mine(t.entries, referral_id=referral_id, side=side)
        self.connection.execute(update(t.entries).where(mine, c.seq <= upto).values(delivered=True))

    def unset_delivered(self, referral_id: str, side: Side, after: int) -> None:
        c = t.entries.c
        mine = self._mine(t.entries, referral_id=referral_id, side=side)
        self.connection.execute(
            update(t.entries).where(mine, c.seq > after).values(delivered=False)
        )

    def parts(self, referral_id: str) -> list[PartRow]:
        rows = self.connection.execute(PARTS, self._of(referral_id))
        return [PartRow(*list(row)) for row in rows]

    def put_parts(self, referral_id: str, rows: Iterable[PartRow]) -> None:
        own = self._of(referral_id)
        new = [{name: getattr(row, name) for name in PART_COLUMNS} for row in rows]
        if new:
            self.connection.execute(DROP_PART, [own | {"k_digest": row["digest"]} for row in new])
            owner = {"owner": self._owner, "referral_id": referral_id}
            self.connection.execute(ADD_PART, [owner | row for row in new])

    def journal(self, referral_id: str) -> list[bytes]:
        c = t.journal.c
        rows = self.connection.execute(
            select(c.note).where(self._mine(t.journal, referral_id=referral_id)).order_by(c.n)
        )
        return [note for (note,) in rows]

    def add_journal(
        self, referral_id: str, note: bytes, kept: Callable[[int], Iterable[Encrypted]]
    ) -> None:
        done = self.connection.execute(
            insert(t.journal).values(owner=self._owner, referral_id=referral_id, note=note)
        )
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
        c = t.answers.c
        mine = self._mine(t.answers, client=client, request_id=request_id)
        found = self.connection.execute(select(c.asked, c.answer).where(mine)).first()
        return (found[0], found[1]) if found else None

    def keep_answer(self, client: str, request_id: str, asked: str, answer: bytes) -> None:
        self.connection.execute(
            insert(t.answers).values(
                owner=self._owner, client=client, request_id=request_id, asked=asked, answer=answer
            )
        )

    def add_event(self, kind: str, referral_id: str) -> None:
        self.connection.execute(
            insert(t.events).values(owner=self._owner, kind=kind, referral_id=referral_id)
        )

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
        c = t.audit.c
        return self.connection.execute(
            select(c.record).where(self._mine(t.audit)).order_by(c.seq.desc()).limit(1)
        ).scalar()

    def add_audit(self, seq: int, record: bytes) -> None:
        self.connection.execute(insert(t.audit).values(owner=self._owner, seq=seq, record=record))

    def _outbox_rows(self, *where: ColumnElement[bool]) -> list[OutboxRow]:
        c = t.outbox.c
        rows = self.connection.execute(
            select(c.referral_id, c.recipient, c.urgent, c.attempts, c.next_at, c.reason)
            .where(*where)
            .order_by(c.urgent.desc(), c.next_at)
        )
        return [OutboxRow(r, to, u, n, aware(at), why) for r, to, u, n, at, why in rows]

    def outbox(self, referral_id: str) -> OutboxRow | None:
        found = self._outbox_rows(self._mine(t.outbox, referral_id=referral_id))
        return found[0] if found else None

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
        c = t.outbox.c
        due = c.next_at <= naive(now)
        reached = select(c.recipient).where(self._mine(t.outbox), due)
        # Nothing may overtake a withdrawal: whenever anything goes to an agency, its urgent
        # messages go first, also those that would have waited a little longer.
        first = and_(c.urgent, c.recipient.in_(reached))
        return self._outbox_rows(self._mine(t.outbox), or_(due, first))[:limit]

    def clear_outbox(self, referral_id: str) -> None:
        self.connection.execute(
            delete(t.outbox).where(self._mine(t.outbox, referral_id=referral_id))
        )

    def add_receipt(self, referral_id: str, mid: str, header: str, receipt: str) -> None:
        self.counted = True
        key = {"referral_id": referral_id, "mid": mid}
        self._put(t.receipts, key, {"header": header, "receipt": receipt})

    def receipts(self, referral_id: str) -> list[tuple[str, str]]:
        c = t.receipts.c
        mine = self._mine(t.receipts, referral_id=referral_id)
        rows = self.connection.execute(select(c.header, c.receipt).where(mine).order_by(c.n))
        return [(header, receipt) for header, receipt in rows]

    def delivered_before(self, iss: str, mid: str) -> tuple[str, str] | None:
        c = t.deliveries.c
        mine = self._mine(t.deliveries, iss=iss, mid=mid)
        found = self.connection.execute(select(c.header, c.receipt).where(mine)).first()
        return (found[0], found[1]) if found else None

    def remember_delivery(self, iss: str, mid: str, header: str, receipt: str) -> None:
        self.counted = True
        self.connection.execute(
            insert(t.deliveries).values(
                owner=self._owner, iss=iss, mid=mid, header=header, receipt=receipt
            )
        )

    def _erasure_rows(self, *where: ColumnElement[bool]) -> list[ErasureRow]:
        c = t.erasures.c
        found = select(c.referral_id, c.withdrawal, c.due_at).where(*where).order_by(c.due_at)
        rows = self.connection.execute(found)
        return [ErasureRow(r, w, aware(at)) for r, w, at in rows]

    def due_erasures(self, now: datetime, limit: int) -> list[ErasureRow]:
        c = t.erasures.c
        return self._erasure_rows(self._mine(t.erasures, done=False), c.due_at <= naive(now))[
            :limit
        ]

    def erasures(self, referral_id: str) -> list[ErasureRow]:
        return self._erasure_rows(self._mine(t.erasures, referral_id=referral_id))

    def add_erasure(self, row: ErasureRow) -> None:
        self.connection.execute(
            insert(t.erasures).values(
                owner=self._owner,
                referral_id=row.referral_id,
                withdrawal=row.withdrawal,
                due_at=naive(row.due_at),
                done=False,
            )
        )

    def end_erasure(self, referral_id: str, withdrawal: str) -> None:
        mine = self._mine(t.erasures, referral_id=referral_id, withdrawal=withdrawal)
        self.connection.execute(update(t.erasures).where(mine).values(done=True))

    def accepts(self, agency: str) -> bool:
        mine = self._mine(t.peers, agency=agency)
        return self.connection.execute(select(t.peers.c.agency).where(mine)).first() is not None

    def accept(self, agency: str, accepted: bool) -> None:
        self.connection.execute(delete(t.peers).where(self._mine(t.peers, agency=agency)))
        if accepted:
            self.connection.execute(insert(t.peers).values(owner=self._owner, agency=agency))
