"""The part of a transaction that keeps consents, and what people were shown."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from onward_server.adapters.sql import tables as t
from onward_server.adapters.sql.tables_consents import previews
from onward_server.ports import Encrypted


class ConsentsTx:
    """Consents with their versions, found by their id or by a keyed digest of the person."""

    connection: Connection
    _owner: str
    counted: bool

    def consent(self, consent_id: str) -> tuple[int, Encrypted] | None:
        c = t.consents.c
        found = self.connection.execute(
            select(c.version, c.key_id, c.content)
            .where(c.owner == self._owner, c.consent_id == consent_id)
            .order_by(c.version.desc())
            .limit(1)
        ).first()
        return (found[0], Encrypted(found[1], found[2])) if found else None

    def consent_versions(self, consent_id: str) -> list[tuple[int, Encrypted]]:
        c = t.consents.c
        rows = self.connection.execute(
            select(c.version, c.key_id, c.content)
            .where(c.owner == self._owner, c.consent_id == consent_id)
            .order_by(c.version)
        )
        return [(version, Encrypted(key_id, content)) for version, key_id, content in rows]

    def consents_of(self, subject: str) -> list[str]:
        c = t.consents.c
        rows = self.connection.execute(
            select(c.consent_id)
            .where(c.owner == self._owner, c.subject == subject)
            .distinct()
            .order_by(c.consent_id)
        )
        return list(rows.scalars())

    def consent_ids(self) -> list[str]:
        c = t.consents.c
        mine = select(c.consent_id).where(c.owner == self._owner, c.version == 1)
        return list(self.connection.execute(mine).scalars())

    def add_consent(self, consent_id: str, version: int, subject: str, record: Encrypted) -> None:
        # A restore that loses what somebody said has to be noticed, also where nothing was sent.
        self.counted = True
        self.connection.execute(
            insert(t.consents).values(
                owner=self._owner, consent_id=consent_id, version=version, subject=subject,
                key_id=record.key_id, content=record.content,
            )
        )  # fmt: skip

    def preview(self, preview_id: str) -> Encrypted | None:
        c = previews.c
        found = self.connection.execute(
            select(c.key_id, c.content).where(c.owner == self._owner, c.preview_id == preview_id)
        ).first()
        return Encrypted(found[0], found[1]) if found else None

    def add_preview(self, preview_id: str, content: Encrypted) -> None:
        self.connection.execute(
            insert(previews).values(
                owner=self._owner, preview_id=preview_id, key_id=content.key_id,
                content=content.content,
            )
        )  # fmt: skip
