"""Where new content of a referral goes: the key that each of its categories is under now.

A category has another key after each withdrawal that covers it, and after each part of it that was
taken out alone (corrected, or past its time). What is under one key is destroyed together, and the
name of a key that was destroyed never comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

from onward.core import parts, spec
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.core.states import State
from onward.v1.consent_pb2 import Grant
from onward.v1.entry_pb2 import Entry
from onward.v1.envelope_pb2 import Part
from onward_server.ports import PartRow, Tx
from onward_server.service.context import EVERYTHING, Context
from onward_server.service.ledger import Ledger

MOST = 1000
"""Most keys of one category between two withdrawals, and most that are destroyed at a time."""


def epoch(state: State, category: str) -> int:
    """How many withdrawals cover the category."""
    return sum(1 for one in state.withdrawals if one.covers(category))


def level(referral_id: str, category: str, number: int) -> str:
    """What stands above all keys of a category between two withdrawals: destroyed as one."""
    return f"{referral_id}/{category}/{number}"


def bound(ctx: Context, digest: str) -> str:
    """What a part's content is bound to, beside the name of its key: its own salted digest, which
    no other part has.
    """
    return f"{ctx.agency}/part/{digest}"


class Shelf:
    """Keeps parts of one referral."""

    def __init__(self, ctx: Context, tx: Tx, book: Ledger) -> None:
        self._ctx = ctx
        self._book = book
        self._spent = tx.spent_keys(book.row.referral_id)
        self._names: dict[str, str] = {}

    def _level(self, category: str) -> str:
        return level(self._book.row.referral_id, category, epoch(self._book.state(), category))

    def _candidates(self, category: str) -> Iterator[str]:
        above = self._level(category)
        known = self._names.get(category, "")
        if known.startswith(f"{above}/"):
            yield known
        names = (f"{above}/{number}" for number in range(MOST))
        yield from (name for name in names if name not in self._spent)

    def make(self, categories: Iterable[str]) -> None:
        """Make the keys for these categories, and for a new case those of all: a commit to disk
        is what costs, and one is enough.
        """
        new = len(self._book.logs["origin"]) == 1
        wanted = set(categories) | (set(spec.categories()) if new else set())
        names = {next(self._candidates(one)) for one in wanted}
        # What was destroyed is met again, one by one, where it is needed.
        self._ctx.keys.make(names - self._ctx.keys.destroyed(names))

    def gone(self, categories: Iterable[str]) -> set[str]:
        """Those of the categories whose content was destroyed in this referral by a withdrawal
        that its log, restored from a backup, does not know.
        """
        levels = {self._level(one): one for one in categories}
        return {levels[one] for one in self._ctx.keys.destroyed(levels)}

    def encrypt(self, category: str, digest: str, plain: bytes) -> tuple[str, bytes]:
        """The key's name, and the content under it. Raises Refused PART_GONE where the category
        was taken back and its log does not say so.
        """
        for name in self._candidates(category):
            try:
                content = self._ctx.keys.encrypt(name, bound(self._ctx, digest), plain)
            except Refused as fault:
                if fault.reason != "PART_GONE" or self.gone([category]):
                    raise
                continue
            self._names[category] = name
            return name, content
        raise Refused("PART_GONE")

    def keep(self, row: PartRow, part: Part, days: int) -> PartRow:
        """The part's row with its content encrypted. It may be kept for so many days after its
        last use; 0 where the grant is not at hand.
        """
        name, content = self.encrypt(part.category, row.digest, to_json(part))
        return used(
            self._ctx,
            replace(
                row, outcome="held", reason="", key_id=name, content=content, keep_days=days,
                keep_until=0,
            ),
        )  # fmt: skip

    def retire(self, tx: Tx, rows: list[PartRow], reason: str) -> None:
        """Take out parts alone: what else can be read under their keys moves to another, and these
        keys are destroyed once that is on disk. What a withdrawal has sealed goes with it.
        """
        referral_id = self._book.row.referral_id
        left = {row.digest for row in rows}
        # A name of an earlier version stands above all that follow: it ends with a withdrawal.
        spent = {row.key_id for row in rows if row.key_id.count("/") == 3}
        self._spent |= spent
        self._names = {c: name for c, name in self._names.items() if name not in spent}
        changed = [
            replace(
                row, outcome="destroyed", reason=reason, content=None, key_id="", keep_until=None
            )
            for row in rows
        ]
        for row in tx.parts(referral_id):
            if row.key_id in spent and row.digest not in left and row.outcome == "held":
                assert row.content is not None
                plain = self._ctx.keys.decrypt(
                    row.key_id, bound(self._ctx, row.digest), row.content
                )
                name, content = self.encrypt(row.category, row.digest, plain)
                changed.append(replace(row, key_id=name, content=content))
        tx.put_parts(referral_id, changed)
        tx.add_spent(referral_id, spent)


def used(ctx: Context, row: PartRow) -> PartRow:
    """The row of a part that somebody uses now: its time begins anew."""
    known = spec.categories().get(row.category)
    if known is not None and known.protocol:
        return replace(row, keep_until=None)
    if not row.keep_days:
        return replace(row, keep_until=0)
    until = ctx.now() + timedelta(days=row.keep_days)
    return replace(row, keep_until=int(until.timestamp()))


def used_there(ctx: Context, tx: Tx, book: Ledger, arrived: Iterable[Entry]) -> None:
    """The other agency says what it has opened: the time of our own copies begins anew, too."""
    opened = {digest for entry in arrived for digest in entry.opened}
    if opened:
        mine = [row for row in tx.parts(book.row.referral_id) if row.digest in opened]
        own = [row for row in mine if row.side == book.side and row.outcome == "held"]
        tx.put_parts(book.row.referral_id, [used(ctx, row) for row in own])


def days(carried: Iterable[Part]) -> int:
    """How long the parts may be kept that go with this grant, in days; 0 without one."""
    for part in carried:
        if part.category == "grant":
            grant = parts.read(part)
            assert isinstance(grant, Grant)
            return grant.retention_days
    return 0


def destroy_spent(ctx: Context, spared: Callable[[Tx, str], set[str]]) -> int:
    """Destroy the keys that nothing is under any more. Gives how many.

    `spared` are those of a referral that something else still needs.
    """
    rows = ctx.store.read(lambda tx: tx.due_spent(EVERYTHING))
    done = 0
    for row in rows:
        in_use = ctx.store.read(partial(_in_use, spared=spared, referral_id=row.referral_id))
        if row.key_id not in in_use and done < MOST:
            ctx.keys.destroy([row.key_id])
            ctx.store.write(lambda tx, r=row: tx.end_spent(r))  # type: ignore[misc]
            done += 1
    return done


def _in_use(tx: Tx, spared: Callable[[Tx, str], set[str]], referral_id: str) -> set[str]:
    return {part.key_id for part in tx.parts(referral_id)} | spared(tx, referral_id)
