"""Withdrawals that reach further than their own referral, and those that wait for a review."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import update

from onward_server.adapters.sql import tables as t, tables_withdrawals as w
from onward_server.adapters.sql.moments import naive
from onward_server.adapters.sql.rows import Rows
from onward_server.ports_withdrawals import PassedRow, RelayRow, SuspectedRow

PASSED = tuple(field.name for field in fields(PassedRow))
RELAY = ("referral_id", "entry", "at_once")
SUSPECTED = tuple(field.name for field in fields(SuspectedRow))


class WithdrawalsTx(Rows):
    """The part of a transaction that is about withdrawals beyond their logs."""

    def apart(self) -> AbstractContextManager[object]:
        return self.connection.begin_nested()

    def relays(self, referral_id: str) -> set[str]:
        return set(self._find(w.relays, ("entry",), referral_id=referral_id).scalars())

    def due_relays(self, limit: int) -> list[RelayRow]:
        rows = self._some(w.relays, RELAY, "n", limit, done=False)
        return [RelayRow(*row) for row in rows]

    def add_relay(self, row: RelayRow) -> None:
        self._add(w.relays, **asdict(row), done=False)

    def end_relay(self, row: RelayRow) -> None:
        mine = self._mine(w.relays, referral_id=row.referral_id, entry=row.entry)
        self.connection.execute(update(w.relays).where(mine).values(done=True))

    def renew_relays(self, referral_id: str) -> None:
        mine = self._mine(w.relays, referral_id=referral_id)
        self.connection.execute(update(w.relays).where(mine).values(done=False))

    def passed_from(self, source: str) -> list[PassedRow]:
        return [PassedRow(*row) for row in self._find(w.passed, PASSED, "target", source=source)]

    def passed_to(self, target: str) -> list[PassedRow]:
        return [PassedRow(*row) for row in self._find(w.passed, PASSED, "source", target=target)]

    def put_passed(self, row: PassedRow) -> None:
        key = {"source": row.source, "target": row.target}
        self._put(w.passed, key, {"content": row.content})

    def drop_passed(self, row: PassedRow) -> None:
        self._drop(w.passed, source=row.source, target=row.target)

    def suspected(self) -> list[SuspectedRow]:
        return [SuspectedRow(*row) for row in self._find(w.suspected, SUSPECTED, "n")]

    def suspicion(self, referral_id: str, withdrawal: str) -> SuspectedRow | None:
        key = {"referral_id": referral_id, "withdrawal": withdrawal}
        found = self._first(w.suspected, SUSPECTED, **key)
        return SuspectedRow(*found) if found else None

    def put_suspicion(self, row: SuspectedRow) -> None:
        key = {"referral_id": row.referral_id, "withdrawal": row.withdrawal}
        self._put(w.suspected, key, {"content": row.content})

    def hasten_erasure(self, referral_id: str, withdrawal: str, due_at: datetime) -> None:
        mine = self._mine(t.erasures, referral_id=referral_id, withdrawal=withdrawal)
        self.connection.execute(update(t.erasures).where(mine).values(due_at=naive(due_at)))
