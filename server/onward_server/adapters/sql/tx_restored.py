"""What a transaction does for a database that was restored from a backup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, exists, select, update

from onward.core.states import Side
from onward.v1.entry_pb2 import Entry
from onward_server.adapters.sql import tables as t
from onward_server.adapters.sql.moments import aware, naive
from onward_server.adapters.sql.rows import Rows
from onward_server.ports import LostRow, RestoredRow

WAITING = ("referral_id", "other", "attempts", "next_at")


class RestoredTx(Rows):
    """Part of SqlTx: which referrals wait for what the other agency has."""

    counted = False
    """Whether this transaction writes an entry or a receipt, which the commit counter counts."""

    _restores: bool | None = None
    """Nothing is restored under a transaction, and a view asks four times."""

    def was_restored(self) -> bool:
        """Whether this database was ever restored from a backup."""
        if self._restores is None:
            found = self._first(t.commits, ("restores",))
            self._restores = bool(found and found[0])
        return self._restores

    def restored(self, referral_id: str) -> bool:
        """Whether the referral waits for what the other agency has."""
        return self._there(t.restored, referral_id=referral_id)

    def unlisted(self, other: str) -> bool:
        """Whether the other agency has not yet said which referrals there are."""
        return self._waits("", other)

    def missing(self, other: str = "") -> bool:
        """Whether the list of the referrals with another agency, or one of them, is not back: of
        one agency or of any.
        """
        c, r = t.restored.c, t.referrals.c
        known = exists().where(self._mine(t.referrals), r.referral_id == c.referral_id)
        mine = self._mine(t.restored, **({"other": other} if other else {}))
        waits = select(c.referral_id).where(mine, ~known).limit(1)
        return self.connection.execute(waits).first() is not None

    def mark_restored(self, referral_id: str, other: str, now: datetime) -> None:
        """The referral waits for what the other agency has. Nothing if it does already."""
        if not self._waits(referral_id, other):
            key = {"referral_id": referral_id, "other": other}
            self._add(t.restored, **key, attempts=0, next_at=naive(now))

    def _waits(self, referral_id: str, other: str) -> bool:
        key = {"referral_id": referral_id, "other": other}
        return self._there(t.restored, **key)

    def clear_restored(self, referral_id: str, other: str) -> None:
        """It waits no longer."""
        self._drop(t.restored, referral_id=referral_id, other=other)

    def due_restored(self, now: datetime, limit: int, other: str = "") -> list[RestoredRow]:
        """Those that are to be asked for now, of one agency or of all."""
        key = {"other": other} if other else {}
        rows = self._due(
            t.restored, WAITING, "next_at", "next_at", upto=naive(now), most=limit, **key
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
        if self._there(n, iss=iss, nonce=nonce):
            return False
        self._add(n, iss=iss, nonce=nonce, expires=naive(expires))
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
        self._add(
            t.set_aside, referral_id=referral_id, jws=row.jws,
            body=row.entry.SerializeToString(), again=row.again, at_once=row.at_once,
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
