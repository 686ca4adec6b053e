"""A referral as loaded for one use case: its two logs, their fold, and its parts."""

from __future__ import annotations

from functools import lru_cache

from onward.core import entries
from onward.core.acts import Act
from onward.core.fold import Fold
from onward.core.refused import Refused
from onward.core.states import Side, State
from onward.v1.entry_pb2 import Heads
from onward_server.ports import EntryRow, PartRow, ReferralRow, Tx


class Ledger:
    """The two logs of one referral at this node. Read once in a transaction, then kept current."""

    def __init__(self, row: ReferralRow, side: Side, rows: list[EntryRow]) -> None:
        self.row = row
        self.side = side
        self.rows = rows
        self.logs: dict[Side, list[Act]] = {"origin": [], "destination": []}
        for one in rows:
            self.logs[one.side].append(Act(one.hash, one.side, one.entry))

    @property
    def other_agency(self) -> str:
        """The agency on the other side."""
        return self.row.destination if self.side == "origin" else self.row.origin

    @property
    def heads(self) -> Heads:
        """Both heads."""
        return entries.heads(self.logs["origin"], self.logs["destination"])

    def fold(self) -> Fold:
        """The fold of both logs."""
        return _fold(_Key(tuple(self.logs["origin"]), tuple(self.logs["destination"])))

    def state(self) -> State:
        """The state that both logs derive."""
        return self.fold().state()

    def view(self, act: Act) -> State:
        """What the author of an act had seen."""
        mine, theirs = act.entry.seq - 1, act.seen
        return self.fold().at((mine, theirs) if act.side == "origin" else (theirs, mine))

    def act(self, digest: str) -> Act | None:
        """The act with this hash."""
        return next((a for log in self.logs.values() for a in log if a.hash == digest), None)

    def append(self, row: EntryRow) -> Act:
        """An entry is added to its log."""
        self.rows.append(row)
        act = Act(row.hash, row.side, row.entry)
        self.logs[row.side].append(act)
        return act


class _Key:
    """Two logs, compared by their heads: a head's hash fixes all before it."""

    def __init__(self, origin: tuple[Act, ...], destination: tuple[Act, ...]) -> None:
        self.origin = origin
        self.destination = destination
        self.heads = tuple(log[-1].hash if log else "" for log in (origin, destination))

    def __hash__(self) -> int:
        return hash(self.heads)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.heads == other.heads


@lru_cache(maxsize=128)
def _fold(key: _Key) -> Fold:
    return Fold(key.origin, key.destination)


def side_of(row: ReferralRow, agency: str) -> Side:
    """On which side of the referral the agency is."""
    return "origin" if row.origin == agency else "destination"


def load(tx: Tx, referral_id: str, agency: str) -> Ledger:
    """The referral. Raises Refused NOT_FOUND, alike for none and for somebody else's."""
    row = tx.referral(referral_id)
    if row is None or agency not in (row.origin, row.destination):
        raise Refused("NOT_FOUND")
    return Ledger(row, side_of(row, agency), tx.entries(referral_id))


def parts_by_digest(tx: Tx, referral_id: str) -> dict[str, PartRow]:
    """The referral's parts at this node."""
    return {row.digest: row for row in tx.parts(referral_id)}
