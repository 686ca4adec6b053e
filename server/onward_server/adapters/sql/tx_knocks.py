"""Knocks and standing offers: their part of a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, func, insert, or_, select, update
from sqlalchemy.sql import ColumnElement

from onward_server.adapters.sql import tables as t
from onward_server.ports_knocks import GuessRow, KnockRow, PostRow, StandingRow


def _columns(table: Table, row: type) -> list[ColumnElement[Any]]:
    return [table.c[one.name] for one in fields(row)]


def _plain(value: Any) -> Any:
    """Moments without a zone, in UTC: what every database keeps alike."""
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _values(row: Row[Any]) -> list[Any]:
    return [one.replace(tzinfo=UTC) if isinstance(one, datetime) else one for one in row]


class KnockSql:
    """Fulfils onward_server.ports.KnockTx for one agency."""

    connection: Connection
    _owner: str

    def _own(self, table: Table, **values: Any) -> ColumnElement[bool]:
        return and_(table.c.owner == self._owner, *(table.c[k] == v for k, v in values.items()))

    def _set(self, table: Table, row: Any, *key: str) -> None:
        """Write a row, in the place of the one with the same key."""
        values = {name: _plain(value) for name, value in asdict(row).items()}
        mine = self._own(table, **{name: values[name] for name in key})
        if not self.connection.execute(update(table).where(mine).values(**values)).rowcount:
            self.connection.execute(insert(table).values(owner=self._owner, **values))

    def put_standing(self, row: StandingRow) -> None:
        self._set(t.standing_offers, row, "offer_id")

    def _standing(self, *where: ColumnElement[bool]) -> list[StandingRow]:
        s = t.standing_offers
        found = select(*_columns(s, StandingRow)).where(*where).order_by(s.c.n)
        return [StandingRow(*row) for row in self.connection.execute(found)]

    def standing(self, offer_id: str) -> StandingRow | None:
        found = self._standing(self._own(t.standing_offers, offer_id=offer_id))
        return found[0] if found else None

    def standing_at(self, serial: str) -> list[StandingRow]:
        s = t.standing_offers
        return self._standing(self._own(s, serial=serial), s.c.proof_key.is_not(None))

    def standings(self, after: int, limit: int) -> list[tuple[int, StandingRow]]:
        s = t.standing_offers
        found = select(s.c.n, *_columns(s, StandingRow)).where(self._own(s), s.c.n > after)
        rows = self.connection.execute(found.order_by(s.c.n).limit(limit))
        return [(n, StandingRow(*rest)) for n, *rest in rows]

    def put_knock(self, row: KnockRow) -> None:
        self._set(t.knocks, row, "knock_id")

    def knock(self, knock_id: str) -> KnockRow | None:
        found = select(*_columns(t.knocks, KnockRow))
        row = self.connection.execute(found.where(self._own(t.knocks, knock_id=knock_id))).first()
        return KnockRow(*_values(row)) if row else None

    def knocks(self, after: int, limit: int) -> list[tuple[int, KnockRow]]:
        k = t.knocks
        found = select(k.c.n, *_columns(k, KnockRow)).where(self._own(k), k.c.n > after)
        shown = found.where(k.c.content.is_not(None)).order_by(k.c.n).limit(limit)
        rows = [_values(row) for row in self.connection.execute(shown)]
        return [(n, KnockRow(*rest)) for n, *rest in rows]

    def waiting_knocks(self) -> list[KnockRow]:
        found = select(*_columns(t.knocks, KnockRow)).where(self._own(t.knocks, waits=True))
        return [
            KnockRow(*_values(r)) for r in self.connection.execute(found.order_by(t.knocks.c.n))
        ]

    def count_knocks(self, sender: str, kinds: Iterable[str], since: datetime) -> int:
        k = t.knocks
        mine = self._own(k, sender=sender)
        found = select(func.count()).where(
            mine, k.c.kind.in_(list(kinds)), k.c.made_at >= _plain(since)
        )
        return self.connection.execute(found).scalar_one()

    def drop_knocks(self, before: datetime) -> None:
        """Those that nobody is shown."""
        k = t.knocks
        old = and_(k.c.content.is_(None), k.c.made_at < _plain(before))
        self.connection.execute(delete(k).where(self._own(k), old))

    def put_post(self, row: PostRow) -> None:
        self._set(t.knock_posts, row, "wire_id")

    def _posts(self, *where: ColumnElement[bool]) -> list[PostRow]:
        p = t.knock_posts
        found = select(*_columns(p, PostRow)).where(*where)
        rows = self.connection.execute(found.order_by(p.c.urgent.desc(), p.c.next_at))
        return [PostRow(*_values(row)) for row in rows]

    def post(self, wire_id: str) -> PostRow | None:
        found = self._posts(self._own(t.knock_posts, wire_id=wire_id))
        return found[0] if found else None

    def posts(self, knock_id: str) -> list[PostRow]:
        return self._posts(self._own(t.knock_posts, knock_id=knock_id))

    def due_posts(self, now: datetime, limit: int) -> list[PostRow]:
        p = t.knock_posts
        over = or_(p.c.next_at <= _plain(now), p.c.expires_at <= _plain(now))
        return self._posts(self._own(p, state="due"), over)[:limit]

    def drop_post(self, wire_id: str) -> None:
        self.connection.execute(
            delete(t.knock_posts).where(self._own(t.knock_posts, wire_id=wire_id))
        )

    def guesses(self, agency: str, serial: str) -> GuessRow | None:
        found = select(*_columns(t.guesses, GuessRow))
        mine = self._own(t.guesses, agency=agency, serial=serial)
        row = self.connection.execute(found.where(mine)).first()
        return GuessRow(*_values(row)) if row else None

    def put_guesses(self, row: GuessRow) -> None:
        self._set(t.guesses, row, "agency", "serial")

    def guessing(self, failures: int, since: datetime) -> list[GuessRow]:
        g = t.guesses
        much = and_(g.c.failures >= failures, g.c.last_at >= _plain(since))
        found = select(*_columns(g, GuessRow)).where(self._own(g), much)
        rows = self.connection.execute(found.order_by(g.c.agency, g.c.serial))
        return [GuessRow(*_values(row)) for row in rows]
