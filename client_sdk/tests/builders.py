"""Synthetic agencies, keys and entries, and a small world of two sides that write and deliver.

Shared by the tests of the core. Nothing here decides anything: a side of the `World` writes
whatever it is told to, also what it may not, as a faulty or hostile node would.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings

from onward.core import entries, jose
from onward.core.acts import Act
from onward.core.clock import stamp
from onward.core.refused import Refused
from onward.core.states import SIDES, Side, other
from onward.v1.entry_pb2 import Entry, Item, PartRef, Refusal, Withdrawal

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
DAY = timedelta(days=1)
REFERRAL = "ref-00000001"
AGENCIES: dict[Side, str] = {
    "origin": "msw.gov.bd.example",
    "destination": "shelter.np.example",
}
HEAVY = [HealthCheck.too_slow, HealthCheck.data_too_large]


def profile(examples: int) -> settings:
    """A modest number of examples, and ONWARD_EXAMPLES times as many on demand."""
    times = int(os.environ.get("ONWARD_EXAMPLES", "1"))
    return settings(
        max_examples=examples * times,
        deadline=None,
        derandomize=times == 1,
        database=None,
        suppress_health_check=HEAVY,
    )


@cache
def key(name: str) -> Any:
    """A key that keeps its name within one run."""
    return jose.new_key()


def reason(work: Any, *args: Any, **named: Any) -> str:
    """Why a call is refused; an empty string if it is not."""
    try:
        work(*args, **named)
    except Refused as fault:
        return fault.reason
    return ""


def digest(name: str) -> str:
    """A digest that stands for something by name."""
    return jose.b64(hashlib.sha256(name.encode()).digest())


def items(*states: str, wish: str = "", why: str = "") -> list[Item]:
    """Items numbered from 1 in these states."""
    return [Item(number=n, state=s, wish=wish, reason=why) for n, s in enumerate(states, 1)]


def wishes(*wanted: str) -> list[Item]:
    """Items of an offer, numbered from 1."""
    return [Item(number=n, wish=wish) for n, wish in enumerate(wanted, 1)]


def wish(number: int, wanted: str, day: str = "") -> Item:
    """What the person wants of one item."""
    return Item(number=number, wish=wanted, not_before=day)


def refs(*categories: str, salt: str = "") -> list[PartRef]:
    """References to parts whose digests are named after their category and salt."""
    return [PartRef(category=one, digest=digest(one + salt)) for one in categories]


def refusals(*digests: str, why: str = "beyond_grant") -> list[Refusal]:
    """Refused parts."""
    return [Refusal(digest=one, reason=why) for one in digests]


def everything() -> Withdrawal:
    """A withdrawal of everything."""
    return Withdrawal(everything=True)


class World:
    """Two sides, each with its own log and as much of the other's as was delivered.

    With `keys` the entries are really signed; without, their hashes are those of their payload.
    """

    def __init__(self, *, signed: bool = False) -> None:
        self.signed = signed
        self.logs: dict[Side, list[Act]] = {"origin": [], "destination": []}
        self.tokens: dict[str, str] = {}
        self.has: dict[Side, int] = {"origin": 0, "destination": 0}

    def write(self, side: Side, kind: str, **fields: Any) -> Act:
        """The side's next entry, which has seen what was delivered to it."""
        log, theirs = self.logs[side], self.logs[other(side)]
        entry = Entry(
            version="1.0",
            referral_id=REFERRAL,
            author=AGENCIES[side],
            recipient=AGENCIES[other(side)],
            round=fields.pop("round", 1),
            seq=len(log) + 1,
            prev=log[-1].hash if log else "",
            seen=entries.head(theirs[: self.has[side]]),
            kind=kind,
            time=stamp(NOW + timedelta(minutes=len(log))),
            **fields,
        )
        token = self._token(side, entry)
        act = entries.act(token, side, entry)
        self.tokens[act.hash] = token
        log.append(act)
        return act

    def _token(self, side: Side, entry: Entry) -> str:
        if self.signed:
            return entries.sign(entry, key(side))
        return f"e30.{jose.b64(entry.SerializeToString(deterministic=True))}.c2ln"

    def deliver(self, to: Side, count: int | None = None) -> None:
        """The side gets so many more of the other's entries, or all that there are."""
        there = len(self.logs[other(to)])
        self.has[to] = there if count is None else min(there, self.has[to] + count)

    def meet(self) -> None:
        """Both sides get everything."""
        for side in SIDES:
            self.deliver(side)

    def at(self, side: Side) -> tuple[list[Act], list[Act]]:
        """Both logs as this side has them, the origin's first."""
        mine, theirs = self.logs[side], self.logs[other(side)][: self.has[side]]
        return (mine, theirs) if side == "origin" else (theirs, mine)

    @property
    def both(self) -> tuple[list[Act], list[Act]]:
        """Both logs, whole."""
        return self.logs["origin"], self.logs["destination"]

    def fork(self) -> World:
        """Another world that goes on from here."""
        twin = copy(self)
        twin.logs = {side: list(log) for side, log in self.logs.items()}
        twin.has = dict(self.has)
        return twin


def offered(*wanted: str, parts: Iterable[PartRef] = (), signed: bool = False) -> World:
    """A world with an offer that has arrived."""
    world = World(signed=signed)
    world.write("origin", "offer", items=wishes(*(wanted or ("now",))), parts=parts)
    world.meet()
    return world


def accepted(*wanted: str, parts: Iterable[PartRef] = (), signed: bool = False) -> World:
    """A world in which the destination has accepted every item."""
    world = offered(*wanted, parts=parts, signed=signed)
    world.write("destination", "acknowledge")
    world.write("destination", "decide", items=items(*["accepted"] * max(1, len(wanted))))
    world.meet()
    return world


class Receiver:
    """A node's side of delivery: takes what is next, answers a gap, drops what it has."""

    def __init__(self, world: World, side: Side) -> None:
        self.side = side
        self.mine = world.logs[side]
        self.theirs: list[Act] = []

    def take(self, new: Act, written: int) -> str:
        """What becomes of one arrived entry while `written` of this side's own exist."""
        if any(one.hash == new.hash for one in self.theirs):
            return "duplicate"
        try:
            entries.check_next(new, self.theirs, self.mine[:written])
        except Refused as fault:
            return fault.reason
        self.theirs.append(new)
        return "stored"
