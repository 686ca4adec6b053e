"""The part of a transaction that keeps who received what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.sql import ColumnElement

from onward_server.adapters.sql.moments import aware, naive
from onward_server.adapters.sql.tables_disclosures import disclosures
from onward_server.ports_disclosures import DisclosureRow

C = disclosures.c


class DisclosuresTx:
    """One row for each entry that brought content, oldest first."""

    connection: Connection
    _owner: str

    def put_disclosure(self, row: DisclosureRow) -> None:
        at = naive(row.received_at) if row.received_at is not None else None
        values = {"subject": row.subject, "content": row.content, "received_at": at}
        changed = self.connection.execute(
            update(disclosures).where(*self._one(row.referral_id, row.entry_hash)).values(**values)
        )
        if not changed.rowcount:
            self.connection.execute(
                insert(disclosures).values(
                    owner=self._owner, referral_id=row.referral_id, entry_hash=row.entry_hash,
                    **values,
                )
            )  # fmt: skip

    def disclosure_received(self, referral_id: str, entry_hash: str, at: datetime) -> None:
        """The first receipt counts."""
        self.connection.execute(
            update(disclosures)
            .where(*self._one(referral_id, entry_hash), C.received_at.is_(None))
            .values(received_at=naive(at))
        )

    def disclosures_in(self, referral_id: str) -> list[DisclosureRow]:
        return self._rows(C.referral_id == referral_id)

    def disclosures_about(self, subject: str) -> list[DisclosureRow]:
        # An agency without an id of the person keeps an empty one: nobody is found by it.
        return self._rows(C.subject == subject) if subject else []

    def _one(self, referral_id: str, entry_hash: str) -> tuple[ColumnElement[bool], ...]:
        return C.owner == self._owner, C.referral_id == referral_id, C.entry_hash == entry_hash

    def _rows(self, which: ColumnElement[bool]) -> list[DisclosureRow]:
        found = self.connection.execute(
            select(C.referral_id, C.entry_hash, C.subject, C.content, C.received_at)
            .where(C.owner == self._owner, which)
            .order_by(C.n)
        )
        return [DisclosureRow(*row[:4], aware(row[4]) if row[4] else None) for row in found]
