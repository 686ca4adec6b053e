"""The part of a transaction that keeps consents, and what people were shown."""

from __future__ import annotations

from onward_server.adapters.sql import tables as t
from onward_server.adapters.sql.rows import Rows
from onward_server.adapters.sql.tables_consents import previews
from onward_server.ports import Encrypted

CONSENT = ("version", "key_id", "content")


class ConsentsTx(Rows):
    """Consents with their versions, found by their id or by a keyed digest of the person."""

    counted: bool

    def consent(self, consent_id: str) -> tuple[int, Encrypted] | None:
        found = self._first(t.consents, CONSENT, "-version", consent_id=consent_id)
        return (found[0], Encrypted(found[1], found[2])) if found else None

    def consent_versions(self, consent_id: str) -> list[tuple[int, Encrypted]]:
        rows = self._find(t.consents, CONSENT, "version", consent_id=consent_id)
        return [(version, Encrypted(key_id, content)) for version, key_id, content in rows]

    def consents_of(self, subject: str) -> list[str]:
        rows = self._find(t.consents, ("consent_id",), "consent_id", subject=subject)
        return list(dict.fromkeys(rows.scalars()))

    def consent_ids(self) -> list[str]:
        rows = self._find(t.consents, ("consent_id",), "consent_id", version=1)
        return list(rows.scalars())

    def add_consent(self, consent_id: str, version: int, subject: str, record: Encrypted) -> None:
        # A restore that loses what somebody said has to be noticed, also where nothing was sent.
        self.counted = True
        self._add(
            t.consents, consent_id=consent_id, version=version, subject=subject,
            key_id=record.key_id, content=record.content,
        )  # fmt: skip

    def preview(self, preview_id: str) -> Encrypted | None:
        found = self._first(previews, ("key_id", "content"), preview_id=preview_id)
        return Encrypted(found[0], found[1]) if found else None

    def add_preview(self, preview_id: str, content: Encrypted) -> None:
        self._add(previews, preview_id=preview_id, key_id=content.key_id, content=content.content)
