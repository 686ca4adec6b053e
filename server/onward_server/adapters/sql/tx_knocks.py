"""Knocks and standing offers: their part of a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Table, and_, delete, func, select
from sqlalchemy.sql import ColumnElement

from onward_server.adapters.sql import tables as t
from onward_server.adapters.sql.rows import Rows
from onward_server.ports_knocks import GuessRow, KnockRow, PostRow, StandingRow


def _names(row: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(row))


def _columns(table: Table, row: type) -> list[ColumnElement[Any]]:
    return [table.c[name] for name in _names(row)]


def _plain(value: Any) -> Any:
    """Moments without a zone, in UTC: what every database keeps alike."""
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _values(row: Row[*tuple[Any, ...]]) -> list[Any]:
    return [one.replace(tzinfo=UTC) if isinstance(one, datetime) else one for one in row]


class KnockSql(Rows):
    """Fulfils onward_server.ports.KnockTx for one agency."""

    def _set(self, table: Table, row: Any, *key: str) -> None:
        """Write a row, in the place of the one with the same key."""
        values = {name: _plain(value) for name, value in asdict(row).items()}
        self._put(table, {name: values.pop(name) for name in key}, values)

    def put_standing(self, row: StandingRow) -> None:
        self._set(t.standing_offers, row, "offer_id")

    def _standing(self, *where: ColumnElement[bool]) -> list[StandingRow]:
        s = t.standing_offers
        found = select(*_columns(s, StandingRow)).where(*where).order_by(s.c.n)
        return [StandingRow(*row) for row in self.connection.execute(found)]

    def standing(self, offer_id: str) -> StandingRow | None:
        found = self._first(t.standing_offers, _names(StandingRow), offer_id=offer_id)
        return StandingRow(*found) if found else None

    def standing_at(self, serial: str) -> list[StandingRow]:
        s = t.standing_offers
        return self._standing(self._mine(s, serial=serial), s.c.proof_key.is_not(None))

    def standings(self, after: int, limit: int) -> list[tuple[int, StandingRow]]:
        s = t.standing_offers
        found = select(s.c.n, *_columns(s, StandingRow)).where(self._mine(s), s.c.n > after)
        rows = self.connection.execute(found.order_by(s.c.n).limit(limit))
        return [(n, StandingRow(*rest)) for n, *rest in rows]

    def put_knock(self, row: KnockRow) -> None:
        self._set(t.knocks, row, "knock_id")

    def knock(self, knock_id: str) -> KnockRow | None:
        row = self._first(t.knocks, _names(KnockRow), knock_id=knock_id)
        return KnockRow(*_values(row)) if row else None

    def knocks(self, after: int, limit: int) -> list[tuple[int, KnockRow]]:
        k = t.knocks
        found = select(k.c.n, *_columns(k, KnockRow)).where(self._mine(k), k.c.n > after)
        shown = found.where(k.c.content.is_not(None)).order_by(k.c.n).limit(limit)
        rows = [_values(row) for row in self.connection.execute(shown)]
        return [(n, KnockRow(*rest)) for n, *rest in rows]

    def waiting_knocks(self) -> list[KnockRow]:
        rows = self._find(t.knocks, _names(KnockRow), "n", waits=True)
        return [KnockRow(*_values(row)) for row in rows]

    def count_knocks(self, sender: str, kinds: Iterable[str], since: datetime) -> int:
        k = t.knocks
        mine = self._mine(k, sender=sender)
        found = select(func.count()).where(
            mine, k.c.kind.in_(list(kinds)), k.c.made_at >= _plain(since)
        )
        return self.connection.execute(found).scalar_one()

    def drop_knocks(self, before: datetime) -> None:
        """Those that nobody is shown."""
        k = t.knocks
        old = and_(k.c.content.is_(None), k.c.made_at < _plain(before))
        self.connection.execute(delete(k).where(self._mine(k), old))

    def put_post(self, row: PostRow) -> None:
        self._set(t.knock_posts, row, "wire_id")

    def post(self, wire_id: str) -> PostRow | None:
        row = self._first(t.knock_posts, _names(PostRow), wire_id=wire_id)
        return PostRow(*_values(row)) if row else None

    def posts(self, knock_id: str) -> list[PostRow]:
        rows = self._find(t.knock_posts, _names(PostRow), "-urgent next_at", knock_id=knock_id)
        return [PostRow(*_values(row)) for row in rows]

    def due_posts(self, now: datetime, limit: int) -> list[PostRow]:
        rows = self._due(
            t.knock_posts, _names(PostRow), "-urgent next_at", "next_at expires_at",
            upto=_plain(now), most=limit, state="due",
        )  # fmt: skip
        return [PostRow(*_values(row)) for row in rows]

    def drop_post(self, wire_id: str) -> None:
        self._drop(t.knock_posts, wire_id=wire_id)

    def guesses(self, agency: str, serial: str) -> GuessRow | None:
        row = self._first(t.guesses, _names(GuessRow), agency=agency, serial=serial)
        return GuessRow(*_values(row)) if row else None

    def put_guesses(self, row: GuessRow) -> None:
        self._set(t.guesses, row, "agency", "serial")

    def guessing(self, failures: int, since: datetime) -> list[GuessRow]:
        g = t.guesses
        much = and_(g.c.failures >= failures, g.c.last_at >= _plain(since))
        found = select(*_columns(g, GuessRow)).where(self._mine(g), much)
        rows = self.connection.execute(found.order_by(g.c.agency, g.c.serial))
        return [GuessRow(*_values(row)) for row in rows]
