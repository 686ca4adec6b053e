"""Withdrawals that reach further than their own referral, and those that wait for a review."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from onward_server.adapters.sql import tables as t, tables_withdrawals as w
from onward_server.adapters.sql.moments import naive
from onward_server.ports_withdrawals import PassedRow, RelayRow, SuspectedRow


class WithdrawalsTx:
    """The part of a transaction that is about withdrawals beyond their logs."""

    connection: Connection
    _owner: str

    def relays(self, referral_id: str) -> set[str]:
        c = w.relays.c
        mine = (c.owner == self._owner, c.referral_id == referral_id)
        return set(self.connection.execute(select(c.entry).where(*mine)).scalars())

    def due_relays(self, limit: int) -> list[RelayRow]:
        c = w.relays.c
        rows = self.connection.execute(
            select(c.referral_id, c.entry, c.at_once)
            .where(c.owner == self._owner, c.done.is_(False))
            .order_by(c.n)
            .limit(limit)
        )
        return [RelayRow(*row) for row in rows]

    def add_relay(self, row: RelayRow) -> None:
        self.connection.execute(
            insert(w.relays).values(
                owner=self._owner, referral_id=row.referral_id, entry=row.entry,
                at_once=row.at_once, done=False,
            )
        )  # fmt: skip

    def end_relay(self, row: RelayRow) -> None:
        c = w.relays.c
        mine = (c.owner == self._owner, c.referral_id == row.referral_id, c.entry == row.entry)
        self.connection.execute(update(w.relays).where(*mine).values(done=True))

    def _passed(self, where: ColumnElement[bool]) -> list[PassedRow]:
        c = w.passed.c
        rows = self.connection.execute(
            select(c.source, c.target, c.content)
            .where(c.owner == self._owner, where)
            .order_by(c.source, c.target)
        )
        return [PassedRow(*row) for row in rows]

    def passed_from(self, source: str) -> list[PassedRow]:
        return self._passed(w.passed.c.source == source)

    def passed_to(self, target: str) -> list[PassedRow]:
        return self._passed(w.passed.c.target == target)

    def put_passed(self, row: PassedRow) -> None:
        self.drop_passed(row)
        self.connection.execute(
            insert(w.passed).values(
                owner=self._owner, source=row.source, target=row.target, content=row.content
            )
        )

    def drop_passed(self, row: PassedRow) -> None:
        c = w.passed.c
        mine = (c.owner == self._owner, c.source == row.source, c.target == row.target)
        self.connection.execute(delete(w.passed).where(*mine))

    def suspected(self) -> list[SuspectedRow]:
        c = w.suspected.c
        rows = self.connection.execute(
            select(c.referral_id, c.withdrawal, c.content)
            .where(c.owner == self._owner)
            .order_by(c.n)
        )
        return [SuspectedRow(*row) for row in rows]

    def suspicion(self, referral_id: str, withdrawal: str) -> SuspectedRow | None:
        c = w.suspected.c
        found = self.connection.execute(
            select(c.referral_id, c.withdrawal, c.content).where(
                c.owner == self._owner, c.referral_id == referral_id, c.withdrawal == withdrawal
            )
        ).first()
        return SuspectedRow(*found) if found else None

    def put_suspicion(self, row: SuspectedRow) -> None:
        c = w.suspected.c
        mine = (
            c.owner == self._owner,
            c.referral_id == row.referral_id,
            c.withdrawal == row.withdrawal,
        )
        changed = self.connection.execute(
            update(w.suspected).where(*mine).values(content=row.content)
        )
        if not changed.rowcount:
            self.connection.execute(
                insert(w.suspected).values(
                    owner=self._owner, referral_id=row.referral_id, withdrawal=row.withdrawal,
                    content=row.content,
                )
            )  # fmt: skip

    def hasten_erasure(self, referral_id: str, withdrawal: str, due_at: datetime) -> None:
        c = t.erasures.c
        mine = (
            c.owner == self._owner, c.referral_id == referral_id, c.withdrawal == withdrawal,
        )  # fmt: skip
        self.connection.execute(update(t.erasures).where(*mine).values(due_at=naive(due_at)))
