"""The part of a transaction that keeps agreements with other agencies."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, update

from onward_server.adapters.sql.moments import aware, naive
from onward_server.adapters.sql.rows import Rows
from onward_server.adapters.sql.tables_agreements import agreements
from onward_server.ports_agreements import AgreementRow

COLUMNS = tuple(field.name for field in fields(AgreementRow))
ORDER = "other agreement_id version"


class AgreementsTx(Rows):
    """Fulfils onward_server.ports_agreements.AgreementsTx."""

    def agreements(self) -> list[AgreementRow]:
        return [_row(row) for row in self._find(agreements, COLUMNS, ORDER)]

    def agreements_with(self, other: str) -> list[AgreementRow]:
        return [_row(row) for row in self._find(agreements, COLUMNS, ORDER, other=other)]

    def add_agreement(self, row: AgreementRow) -> None:
        ended = naive(row.ended_at) if row.ended_at else None
        self._add(agreements, **asdict(row) | {"ended_at": ended})

    def end_agreement(self, agreement_id: str, at: datetime) -> None:
        mine = self._mine(agreements, agreement_id=agreement_id)
        going = update(agreements).where(mine, agreements.c.ended_at.is_(None))
        self.connection.execute(going.values(ended_at=naive(at)))


def _row(row: Row[*tuple[Any, ...]]) -> AgreementRow:
    found = AgreementRow(*row)
    return replace(found, ended_at=aware(found.ended_at)) if found.ended_at else found
