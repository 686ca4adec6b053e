"""Rows of one agency, found and kept by statements that are built once.

To build a statement costs several times what running it does, and an act runs about a hundred. So
whatever is found by the values of some columns goes through here, and is built at its first use.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    CursorResult,
    Delete,
    Insert,
    Integer,
    Row,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql import ColumnElement

KEY = "k_"
"""Before the name of a column where its value finds the row: it is not what is written."""


class Rows:
    """What every part of a transaction stands on."""

    connection: Connection
    _owner: str

    def _mine(self, table: Table, **values: Any) -> ColumnElement[bool]:
        """Rows of this agency with these values, for a statement of its own."""
        return and_(table.c.owner == self._owner, *(table.c[k] == v for k, v in values.items()))

    def _find(
        self, table: Table, names: tuple[str, ...], order: str = "", /, **key: Any
    ) -> CursorResult[*tuple[Any, ...]]:
        """Columns of the rows of this agency that have the values of `key`, which are not NULL.

        `order` names columns, with a minus for the greatest first, and spaces between.
        """
        found = _select(table, names, order, tuple(key))
        return self.connection.execute(found, self._keys(key))

    def _some(
        self, table: Table, names: tuple[str, ...], order: str, most: int, /, **key: Any
    ) -> CursorResult[*tuple[Any, ...]]:
        """The first of what `_find` gives, so many."""
        found = _select(table, names, order, tuple(key), most)
        return self.connection.execute(found, self._keys(key))

    def _first(
        self, table: Table, names: tuple[str, ...], order: str = "", /, **key: Any
    ) -> Row[*tuple[Any, ...]] | None:
        """The first of what `_find` gives; None if there is none."""
        return self._some(table, names, order, 1, **key).first()

    def _due(
        self, table: Table, names: tuple[str, ...], order: str, by: str, /, upto: Any, most: int,
        **key: Any,
    ) -> CursorResult[*tuple[Any, ...]]:  # fmt: skip
        """Like `_find`, at most so many of those that have come to `upto` in a column of `by`."""
        found = _select_due(table, names, order, tuple(key), by)
        return self.connection.execute(found, self._keys(key) | {"upto": upto, "most": most})

    def _there(self, table: Table, /, **key: Any) -> bool:
        """Whether this agency has a row that has the values of `key`."""
        return self._first(table, ("owner",), **key) is not None

    def _add(self, table: Table, /, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        """A new row of this agency."""
        return self.connection.execute(_insert(table), values | {"owner": self._owner})

    def _put(self, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
        """Write a row, in the place of the one that has the values of `key`."""
        changed = self.connection.execute(_update(table, tuple(key)), self._keys(key) | values)
        if not changed.rowcount:
            self._add(table, **key, **values)

    def _drop(self, table: Table, /, **key: Any) -> None:
        """Delete the rows of this agency that have the values of `key`."""
        self.connection.execute(_delete(table, tuple(key)), self._keys(key))

    def _add_all(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """New rows of this agency, which all name the same columns."""
        if rows:
            new = [row | {"owner": self._owner} for row in rows]
            self.connection.execute(_insert(table), new)

    def _drop_all(self, table: Table, keys: list[dict[str, Any]]) -> None:
        """Delete the rows of this agency that have the values of one of the keys."""
        if keys:
            self.connection.execute(_delete(table, tuple(keys[0])), [*map(self._keys, keys)])

    def _keys(self, key: dict[str, Any]) -> dict[str, Any]:
        return {f"{KEY}{name}": value for name, value in key.items()} | {f"{KEY}owner": self._owner}


def has(table: Table, key: tuple[str, ...]) -> ColumnElement[bool]:
    """Rows of one agency with the values of `key`, for a statement that is given `Rows._keys`."""
    columns = [table.c[name] for name in ("owner", *key)]
    return and_(*(one == bindparam(KEY + one.name, type_=one.type) for one in columns))


@cache
def _select(
    table: Table,
    names: tuple[str, ...],
    order: str,
    key: tuple[str, ...],
    limit: int | None = None,
) -> Select[*tuple[Any, ...]]:
    by = [table.c[n[1:]].desc() if n.startswith("-") else table.c[n] for n in order.split()]
    found = select(*(table.c[name] for name in names)).where(has(table, key))
    return found.order_by(*by).limit(limit)


@cache
def _select_due(
    table: Table, names: tuple[str, ...], order: str, key: tuple[str, ...], by: str
) -> Select[*tuple[Any, ...]]:
    columns = [table.c[name] for name in by.split()]
    due = or_(*(one <= bindparam("upto", type_=one.type) for one in columns))
    return _select(table, names, order, key).where(due).limit(bindparam("most", type_=Integer))


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _update(table: Table, key: tuple[str, ...]) -> Update:
    return update(table).where(has(table, key))


@cache
def _delete(table: Table, key: tuple[str, ...]) -> Delete:
    return delete(table).where(has(table, key))
