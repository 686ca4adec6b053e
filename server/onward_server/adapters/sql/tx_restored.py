"""What a transaction does for a database that was restored from a backup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, String, Table, bindparam, delete, insert, select, update

from onward.core.states import Side
from onward.v1.entry_pb2 import Entry
from onward_server.adapters.sql import tables as t
from onward_server.adapters.sql.moments import aware, naive
from onward_server.ports import LostRow, RestoredRow

# Built once: it is asked for every act.
RESTORED = select(t.restored.c.other).where(
    t.restored.c.owner == bindparam("k_owner", type_=String),
    t.restored.c.referral_id == bindparam("k_referral", type_=String),
)


class RestoredTx:
    """Part of SqlTx: which referrals wait for what the other agency has."""

    connection: Connection
    _owner: str
    counted = False
    """Whether this transaction writes an entry or a receipt, which the commit counter counts."""

    if TYPE_CHECKING:

        def _mine(self, table: Table, **values: Any) -> Any: ...

    def was_restored(self) -> bool:
        """Whether this database was ever restored from a backup."""
        found = select(t.commits.c.restores).where(self._mine(t.commits))
        return bool(self.connection.execute(found).scalar())

    def restored(self, referral_id: str) -> bool:
        """Whether the referral waits for what the other agency has."""
        named = {"k_owner": self._owner, "k_referral": referral_id}
        return self.connection.execute(RESTORED, named).first() is not None

    def unlisted(self, other: str) -> bool:
        """Whether the other agency has not yet said which referrals there are."""
        mine = self._mine(t.restored, referral_id="", other=other)
        return self.connection.execute(select(t.restored.c.other).where(mine)).first() is not None

    def mark_restored(self, referral_id: str, other: str, now: datetime) -> None:
        """The referral waits for what the other agency has. Nothing if it does already."""
        mine = self._mine(t.restored, referral_id=referral_id, other=other)
        if self.connection.execute(select(t.restored.c.other).where(mine)).first() is None:
            self.connection.execute(
                insert(t.restored).values(
                    owner=self._owner, other=other, referral_id=referral_id, attempts=0,
                    next_at=naive(now),
                )
            )  # fmt: skip

    def clear_restored(self, referral_id: str, other: str) -> None:
        """It waits no longer."""
        mine = self._mine(t.restored, referral_id=referral_id, other=other)
        self.connection.execute(delete(t.restored).where(mine))

    def due_restored(self, now: datetime, limit: int, other: str = "") -> list[RestoredRow]:
        """Those that are to be asked for now, of one agency or of all."""
        c = t.restored.c
        mine = self._mine(t.restored, **({"other": other} if other else {}))
        due = select(c.referral_id, c.other, c.attempts, c.next_at)
        rows = self.connection.execute(
            due.where(mine, c.next_at <= naive(now)).order_by(c.next_at).limit(limit)
        )
        return [RestoredRow(r, o, n, aware(at)) for r, o, n, at in rows]

    def put_off_restored(self, row: RestoredRow) -> None:
        """Ask for it again later."""
        mine = self._mine(t.restored, referral_id=row.referral_id, other=row.other)
        self.connection.execute(
            update(t.restored).where(mine).values(attempts=row.attempts, next_at=naive(row.next_at))
        )

    def first_use(self, iss: str, nonce: str, now: datetime, expires: datetime) -> bool:
        """Remember the nonce of a question until it expires; False if it was used before."""
        n = t.nonces
        self.connection.execute(delete(n).where(n.c.expires < naive(now)))
        seen = select(n.c.nonce).where(self._mine(n, iss=iss, nonce=nonce))
        if self.connection.execute(seen).first() is not None:
            return False
        self.connection.execute(
            insert(n).values(owner=self._owner, iss=iss, nonce=nonce, expires=naive(expires))
        )
        return True

    def referrals_with(self, other: str, after: str, limit: int) -> list[str]:
        """Ids of the referrals with another agency, in their order, after one of them."""
        c = t.referrals.c
        party = (c.origin == other) | (c.destination == other)
        rows = self.connection.execute(
            select(c.referral_id)
            .where(self._mine(t.referrals), party, c.referral_id > after)
            .order_by(c.referral_id)
            .limit(limit)
        )
        return list(rows.scalars())

    def drop_entries(self, referral_id: str, side: Side, hashes: Iterable[str]) -> None:
        """Take entries out of a log, with the parts that they bind, and their erasures."""
        gone = list(hashes)
        e, p, x = t.entries, t.parts, t.erasures
        mine = self._mine(e, referral_id=referral_id, side=side)
        self.connection.execute(delete(e).where(mine, e.c.hash.in_(gone)))
        mine = self._mine(p, referral_id=referral_id)
        self.connection.execute(delete(p).where(mine, p.c.entry_hash.in_(gone)))
        mine = self._mine(x, referral_id=referral_id)
        self.connection.execute(delete(x).where(mine, x.c.withdrawal.in_(gone)))

    def set_aside(self, referral_id: str, row: LostRow) -> None:
        """Keep, as evidence, an entry that no longer stands in a log."""
        self.connection.execute(
            insert(t.set_aside).values(
                owner=self._owner, referral_id=referral_id, jws=row.jws,
                body=row.entry.SerializeToString(), again=row.again, at_once=row.at_once,
            )
        )  # fmt: skip

    def to_write_again(self, referral_id: str) -> list[LostRow]:
        """Those of them that are to be written again, which then they are no longer."""
        c = t.set_aside.c
        mine = self._mine(t.set_aside, referral_id=referral_id, again=True)
        rows = self.connection.execute(
            select(c.jws, c.body, c.again, c.at_once).where(mine).order_by(c.n)
        )
        found = [LostRow(j, Entry.FromString(b), a, o) for j, b, a, o in rows]
        self.connection.execute(update(t.set_aside).where(mine).values(again=False))
        return [replace(one, again=False) for one in found]
