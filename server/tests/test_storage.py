"""What stands in the database: nothing of a person in clear, nothing that opens elsewhere."""

from __future__ import annotations

import itertools

from sqlalchemy import Table, update

from circle import Circle
from columns import CLEAR
from desk import Desk
from onward_server.adapters.sql import tables
from onward_server.adapters.sql.tx import SqlTx
from stored import ELSEWHERE, READERS, Row, encrypted, full, key_of, names, opened, read_all


def test_what_is_encrypted_opens_in_its_own_place_only(circle: Circle) -> None:
    """Swapped with any other row of the table, alone or together with the name of its key."""
    desk = full(circle)
    assert set(names(encrypted())) == set(READERS) | ELSEWHERE
    for table, column in encrypted():
        name = f"{table.name}.{column}"
        if name in ELSEWHERE:
            continue
        # What a withdrawal has sealed can't be read, wherever it stands.
        rows = [r for r in read_all(desk, table, column) if r.get("outcome") != "sealed"]
        assert len(rows) > 1, f"nothing to swap in {name}"
        before = [opened(desk, name, row) for row in rows]
        assert None not in before, name
        others = [c for c in ("key_id",) if c in table.c]
        for moved in ([column], [column, *others]):
            for row, other in itertools.permutations(rows[:6], 2):
                changed = row | {one: other[one] for one in moved}
                if changed[column] == row[column]:
                    continue
                put(desk, table, changed, moved)
                assert opened(desk, name, changed) is None, f"{name}: {moved}"
                put(desk, table, row, moved)
        assert [opened(desk, name, row) for row in rows] == before


def put(desk: Desk, table: Table, row: Row, columns: list[str]) -> None:
    values = {one: row[one] for one in columns}

    def work(tx: SqlTx) -> None:
        tx.connection.execute(update(table).where(key_of(table, row)).values(**values))

    desk.store.write(work)


def test_two_columns_of_one_row_are_not_each_other(circle: Circle) -> None:
    desk = full(circle)
    rows = read_all(desk, tables.knock_posts, "expects")
    for row in rows:
        if row["content"] is not None:
            swapped = row | {"content": row["expects"], "expects": row["content"]}
            assert opened(desk, "knock_posts.content", swapped) is None
            assert opened(desk, "knock_posts.expects", swapped) is None


def test_every_column_says_why_it_may_be_in_clear() -> None:
    """A new one has to be thought about (columns.py)."""
    found = {
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if column.name != "owner" and f"{table.name}.{column.name}" not in names(encrypted())
    }
    assert found == set(CLEAR)
    assert all(why for why in CLEAR.values())
