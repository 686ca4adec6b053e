"""The part of a transaction that keeps lists of services."""

from __future__ import annotations

from onward_server.adapters.sql import tables as t
from onward_server.adapters.sql.moments import aware, naive
from onward_server.adapters.sql.rows import Rows
from onward_server.ports import ServiceListRow

COLUMNS = ("agency", "seq", "jws", "confirmed_at", "failed")


class ServicesTx(Rows):
    """Lists of services, one for each agency: the newest that was taken, as it was signed."""

    def service_lists(self) -> list[ServiceListRow]:
        rows = self._find(t.service_lists, COLUMNS, "agency")
        return [
            ServiceListRow(agency, seq, jws, aware(at) if at else None, failed)
            for agency, seq, jws, at, failed in rows
        ]

    def service_list(self, agency: str) -> ServiceListRow | None:
        return next((row for row in self.service_lists() if row.agency == agency), None)

    def put_service_list(self, row: ServiceListRow) -> None:
        at = row.confirmed_at
        values = {"seq": row.seq, "jws": row.jws, "failed": row.failed}
        values["confirmed_at"] = naive(at) if at else None
        self._put(t.service_lists, {"agency": row.agency}, values)

    def accepted(self) -> list[str]:
        return list(self._find(t.peers, ("agency",), "agency").scalars())
