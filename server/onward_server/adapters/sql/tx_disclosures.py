"""The part of a transaction that keeps who received what."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, update

from onward_server.adapters.sql.moments import aware, naive
from onward_server.adapters.sql.rows import Rows
from onward_server.adapters.sql.tables_disclosures import disclosures
from onward_server.ports_disclosures import DisclosureRow

COLUMNS = tuple(field.name for field in fields(DisclosureRow))


class DisclosuresTx(Rows):
    """One row for each entry that brought content, oldest first."""

    def put_disclosure(self, row: DisclosureRow) -> None:
        at = naive(row.received_at) if row.received_at is not None else None
        values = {"subject": row.subject, "content": row.content, "received_at": at}
        key = {"referral_id": row.referral_id, "entry_hash": row.entry_hash}
        self._put(disclosures, key, values)

    def disclosure_received(self, referral_id: str, entry_hash: str, at: datetime) -> None:
        """The first receipt counts."""
        mine = self._mine(disclosures, referral_id=referral_id, entry_hash=entry_hash)
        first = update(disclosures).where(mine, disclosures.c.received_at.is_(None))
        self.connection.execute(first.values(received_at=naive(at)))

    def disclosures_in(self, referral_id: str) -> list[DisclosureRow]:
        return self._disclosures(referral_id=referral_id)

    def disclosures_about(self, subject: str) -> list[DisclosureRow]:
        # An agency without an id of the person keeps an empty one: nobody is found by it.
        return self._disclosures(subject=subject) if subject else []

    def _disclosures(self, **key: str) -> list[DisclosureRow]:
        found = self._find(disclosures, COLUMNS, "n", **key)
        return [_row(row) for row in found]


def _row(row: Row[*tuple[Any, ...]]) -> DisclosureRow:
    found = DisclosureRow(*row)
    at = found.received_at
    return replace(found, received_at=aware(at)) if at else found
