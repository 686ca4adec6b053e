"""Noticing, when the store opens, that its database was restored from a backup."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, insert, literal, select, update

from onward.core import jose
from onward_server.adapters.commits import CommitFile, Mark
from onward_server.adapters.sql import tables as t

LOST_EVENTS = 1_000_000_000
"""Watchers hold cursors that the restored database does not know. Events go on far beyond."""

LONG_AGO = datetime(2000, 1, 1)
"""A moment that has come by every clock."""

_own = t.commits.c.owner
NEXT = (
    update(t.commits)
    .where(_own == bindparam("whose"))
    .values(number=t.commits.c.number + 1)
    .returning(t.commits.c.line, t.commits.c.number)
)


def count(connection: Connection, owner: str) -> Mark | None:
    """One more commit, within its own transaction. None if this store counts none."""
    found = connection.execute(NEXT, {"whose": owner}).first()
    return Mark(found[0], found[1]) if found else None


def check(engine: Engine, owner: str, commits: CommitFile) -> bool:
    """Compare the database with the counter beside the keys, and bring both together.

    A database that is ahead is current: the node died before the counter was advanced, and so
    before anything had left. One that is behind, or on another line, was restored: then all of
    its referrals are marked. Both are read while no other process can commit. True if it was
    restored.
    """
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        kept = commits.read()
        c = t.commits.c
        row = connection.execute(
            select(c.line, c.number, c.restores).where(_own == owner).with_for_update()
        ).first()
        if row is None and kept is None:
            mark = Mark(jose.b64(os.urandom(16)), 0)
            _put(connection, owner, mark, restores=0)
        elif row and kept and row.line == kept.line and row.number >= kept.number:
            mark = Mark(row.line, row.number)
        else:
            number = max(row.number if row else 0, kept.number if kept else 0) + 1
            mark = Mark(jose.b64(os.urandom(16)), number)
            _put(connection, owner, mark, restores=(row.restores if row else 0) + 1)
            _mark_all(connection, owner)
            commits.advance(mark)
            return True
        # Before the commit: should it fail, the database is behind, and that is the safe side.
        commits.advance(mark)
        return False


def _put(connection: Connection, owner: str, mark: Mark, *, restores: int) -> None:
    values: dict[str, Any] = {
        "line": mark.line, "number": mark.number, "restores": restores, "swept": not restores,
    }  # fmt: skip
    changed = connection.execute(update(t.commits).where(_own == owner).values(**values))
    if not changed.rowcount:
        connection.execute(insert(t.commits).values(owner=owner, **values))


def _mark_all(connection: Connection, owner: str) -> None:
    """Every referral waits for what the other agency has; and every partner is asked which
    referrals there are, since the backup may not know of some.
    """
    r = t.referrals.c
    connection.execute(t.restored.delete().where(t.restored.c.owner == owner))
    other = func.coalesce(func.nullif(r.origin, owner), r.destination)
    fresh = (literal(0), literal(LONG_AGO, t.restored.c.next_at.type))
    columns = ["owner", "other", "referral_id", "attempts", "next_at"]
    mine = select(r.owner, other, r.referral_id, *fresh).where(r.owner == owner)
    connection.execute(insert(t.restored).from_select(columns, mine))
    p = t.peers.c
    peers = select(p.owner, p.agency, literal(""), *fresh).where(p.owner == owner)
    connection.execute(insert(t.restored).from_select(columns, peers))
    newest = connection.execute(select(func.max(t.events.c.n))).scalar() or 0
    ids = connection.execute(select(r.referral_id).where(r.owner == owner)).scalars()
    rows = [
        {"n": newest + LOST_EVENTS + step, "owner": owner, "referral_id": one, "kind": "entry"}
        for step, one in enumerate(ids)
    ]
    if rows:
        connection.execute(insert(t.events), rows)
