"""The part of a transaction that keeps agreements with other agencies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, insert, select, update

from onward_server.adapters.sql.moments import aware, naive
from onward_server.adapters.sql.tables_agreements import agreements
from onward_server.ports_agreements import AgreementRow

_c = agreements.c

ALL = (
    select(_c.agreement_id, _c.version, _c.other, _c.signed, _c.proof, _c.ended_at)
    .where(_c.owner == bindparam("k_owner", type_=String))
    .order_by(_c.other, _c.agreement_id, _c.version)
)
# Built once: it is run for every act with content and every delivery with parts.
WITH = ALL.where(_c.other == bindparam("k_other", type_=String))


class AgreementsTx:
    """Fulfils onward_server.ports_agreements.AgreementsTx."""

    connection: Connection
    _owner: str

    def agreements(self) -> list[AgreementRow]:
        rows = self.connection.execute(ALL, {"k_owner": self._owner})
        return [_row(row) for row in rows]

    def agreements_with(self, other: str) -> list[AgreementRow]:
        rows = self.connection.execute(WITH, {"k_owner": self._owner, "k_other": other})
        return [_row(row) for row in rows]

    def add_agreement(self, row: AgreementRow) -> None:
        self.connection.execute(
            insert(agreements).values(
                owner=self._owner,
                agreement_id=row.agreement_id,
                version=row.version,
                other=row.other,
                signed=row.signed,
                proof=row.proof,
                ended_at=naive(row.ended_at) if row.ended_at else None,
            )
        )

    def end_agreement(self, agreement_id: str, at: datetime) -> None:
        mine = (_c.owner == self._owner, _c.agreement_id == agreement_id, _c.ended_at.is_(None))
        self.connection.execute(update(agreements).where(*mine).values(ended_at=naive(at)))


def _row(row: Row[Any, Any, Any, Any, Any, Any]) -> AgreementRow:
    name, version, other, signed, proof, ended = row
    return AgreementRow(name, version, other, signed, proof, aware(ended) if ended else None)
