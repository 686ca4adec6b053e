"""The part of a transaction that keeps lists of services."""

from __future__ import annotations

from datetime import UTC

from sqlalchemy import Connection, delete, insert, select

from onward_server.adapters.sql import tables as t
from onward_server.ports import ServiceListRow


class ServicesTx:
    """Lists of services, one for each agency: the newest that was taken, as it was signed."""

    connection: Connection
    _owner: str

    def service_lists(self) -> list[ServiceListRow]:
        c = t.service_lists.c
        rows = self.connection.execute(
            select(c.agency, c.seq, c.jws, c.confirmed_at, c.failed)
            .where(c.owner == self._owner)
            .order_by(c.agency)
        )
        return [
            ServiceListRow(agency, seq, jws, at.replace(tzinfo=UTC) if at else None, failed)
            for agency, seq, jws, at, failed in rows
        ]

    def service_list(self, agency: str) -> ServiceListRow | None:
        return next((row for row in self.service_lists() if row.agency == agency), None)

    def put_service_list(self, row: ServiceListRow) -> None:
        table, at = t.service_lists, row.confirmed_at
        mine = (table.c.owner == self._owner, table.c.agency == row.agency)
        self.connection.execute(delete(table).where(*mine))
        self.connection.execute(
            insert(table).values(
                owner=self._owner,
                agency=row.agency,
                seq=row.seq,
                jws=row.jws,
                confirmed_at=at.astimezone(UTC).replace(tzinfo=None) if at else None,
                failed=row.failed,
            )
        )

    def accepted(self) -> list[str]:
        c = t.peers.c
        mine = select(c.agency).where(c.owner == self._owner).order_by(c.agency)
        return list(self.connection.execute(mine).scalars())
