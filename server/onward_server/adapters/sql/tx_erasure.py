"""What a transaction does for destruction: holds, what is kept, keys that are spent, and parts
whose time is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, fields, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, delete, select, update

from onward_server.adapters.sql import tables as t
from onward_server.adapters.sql.moments import aware, naive
from onward_server.adapters.sql.rows import Rows
from onward_server.adapters.sql.tables_holds import holds, kept, spent_keys
from onward_server.ports_erasure import HoldRow, KeptRow, SpentKey

CHUNK = 500
"""Rows that one statement names."""

HOLD = ("hold_id", "referral_id", "until", "open", "content")
KEPT = tuple(field.name for field in fields(KeptRow))
KEPT_ORDER = "until category"


class ErasureTx(Rows):
    """Part of SqlTx."""

    def put_hold(self, row: HoldRow) -> None:
        values = {
            "referral_id": row.referral_id, "until": naive(row.until), "open": row.open,
            "content": row.content,
        }  # fmt: skip
        self._put(holds, {"hold_id": row.hold_id}, values)

    def _holds(self, **values: Any) -> list[HoldRow]:
        rows = self._find(holds, HOLD, "until hold_id", **values)
        return [HoldRow(h, r, aware(at), o, content) for h, r, at, o, content in rows]

    def hold(self, hold_id: str) -> HoldRow | None:
        found = self._holds(hold_id=hold_id)
        return found[0] if found else None

    def holds_of(self, referral_id: str) -> list[HoldRow]:
        return self._holds(referral_id=referral_id)

    def holds(self) -> list[HoldRow]:
        return self._holds()

    def put_kept(self, referral_id: str, withdrawal: str, rows: Iterable[KeptRow]) -> None:
        self._drop(kept, referral_id=referral_id, withdrawal=withdrawal)
        for row in rows:
            own = {"referral_id": referral_id, "withdrawal": withdrawal, "until": naive(row.until)}
            self._add(kept, **asdict(row) | own)

    def kept(self, referral_id: str) -> list[KeptRow]:
        return [_kept(row) for row in self._find(kept, KEPT, KEPT_ORDER, referral_id=referral_id)]

    def due_kept(self, now: datetime, limit: int) -> list[KeptRow]:
        rows = self._due(kept, KEPT, KEPT_ORDER, "until", upto=naive(now), most=limit)
        return [_kept(row) for row in rows]

    def spent_keys(self, referral_id: str) -> set[str]:
        return set(self._find(spent_keys, ("key_id",), referral_id=referral_id).scalars())

    def add_spent(self, referral_id: str, key_ids: Iterable[str]) -> None:
        for one in sorted(set(key_ids) - self.spent_keys(referral_id)):
            self._add(spent_keys, referral_id=referral_id, key_id=one)

    def due_spent(self, limit: int) -> list[SpentKey]:
        rows = self._some(spent_keys, ("referral_id", "key_id"), "", limit)
        return [SpentKey(*row) for row in rows]

    def end_spent(self, row: SpentKey) -> None:
        self._drop(spent_keys, referral_id=row.referral_id, key_id=row.key_id)

    def referrals_past(self, seconds: int, limit: int) -> list[str]:
        """Referrals with parts whose time was over at this moment."""
        key = {"owner": self._owner, "now": seconds, "most": limit}
        rows = self.connection.execute(_past(), key)
        return list(rows.scalars())

    def unswept(self) -> bool:
        """Whether this database was restored, and nobody has looked through it since."""
        return self._there(t.commits, swept=False)

    def set_swept(self) -> None:
        self.connection.execute(update(t.commits).where(self._mine(t.commits)).values(swept=True))

    def drop_unreadable(self, living: Callable[[Iterable[str]], set[str]]) -> None:
        """Take out whatever no key opens any more. What is sealed stays for its certificate."""
        p = t.parts.c
        held = self._mine(t.parts, outcome="held")
        names = select(p.key_id).where(held).distinct()
        for some in self._dead(names, living):
            self.connection.execute(
                update(t.parts)
                .where(held, p.key_id.in_(some))
                .values(outcome="destroyed", content=None, key_id="", keep_until=None)
            )
        notes = select(t.journal.c.n).where(self._mine(t.journal))
        for table in t.metadata.tables.values():
            columns = set(table.c.keys())
            if table is t.parts or not {"key_id", "content"} <= columns:
                continue
            mine = table.c.note.in_(notes) if table is t.journal_content else self._mine(table)
            for some in self._dead(select(table.c.key_id).where(mine).distinct(), living):
                self.connection.execute(delete(table).where(mine, table.c.key_id.in_(some)))

    def _dead(self, names: Any, living: Callable[[Iterable[str]], set[str]]) -> Iterable[list[str]]:
        known = sorted(self.connection.execute(names).scalars())
        for first in range(0, len(known), CHUNK):
            some = known[first : first + CHUNK]
            if dead := sorted(set(some) - living(some)):
                yield dead

    def drop_links(self, referral_ids: Iterable[str]) -> None:
        for one in referral_ids:
            self._drop(t.links, referral_id=one)

    def referrals_with_links(self) -> list[str]:
        found = select(t.links.c.referral_id).where(self._mine(t.links)).distinct()
        return list(self.connection.execute(found).scalars())


@cache
def _past() -> Select[str]:
    c = t.parts.c
    past = and_(c.owner == bindparam("owner"), c.keep_until <= bindparam("now"))
    return select(c.referral_id).where(past).group_by(c.referral_id).limit(bindparam("most"))


def _kept(row: Row[*tuple[Any, ...]]) -> KeptRow:
    found = KeptRow(*row)
    return replace(found, until=aware(found.until))
