"""The state of a referral: what the fold derives, and nothing else.

Every value is immutable, so that states of earlier moments can be kept and compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from onward.core.certificates import Certified

Side = Literal["origin", "destination"]

SIDES: tuple[Side, Side] = ("origin", "destination")
"""Both sides, in the order in which they take their turns."""

TAKES_BACK = frozenset({"withdraw", "recall", "invalidate"})
"""Acts that void parts and are answered by certificates."""

LIVE = frozenset({"offered", "acknowledged", "accepted", "active"})
"""Phases in which a referral is under way."""


STILL_PROPOSED = frozenset({"declined", "deferred", "expired", "completed"})
"""Rests at which another agency may still be asked, where the destination has proposed one."""


def other(side: Side) -> Side:
    """The other side of a referral."""
    return "destination" if side == "origin" else "origin"


class Trail(Mapping[str, str]):
    """A mapping that only grows, each version sharing the one before it.

    Every moment of a fold has one. As copies they would take the square of the logs' length.
    """

    __slots__ = ("_before", "_key", "_read", "_value")

    def __init__(self, before: Trail | None = None, key: str = "", value: str = "") -> None:
        self._before = before
        self._key = key
        self._value = value
        self._read: dict[str, str] | None = None if before is not None else {}

    def then(self, key: str, value: str) -> Trail:
        """This and one more."""
        return Trail(self, key, value)

    def _all(self) -> dict[str, str]:
        if self._read is None:
            steps: list[Trail] = []
            at: Trail | None = self
            while at is not None and at._read is None:
                steps.append(at)
                at = at._before
            known = at._read if at is not None and at._read is not None else {}
            self._read = {**known, **{one._key: one._value for one in reversed(steps)}}
        return self._read

    def __getitem__(self, key: str) -> str:
        return self._all()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())


@dataclass(frozen=True)
class Word:
    """What the person wants of an item, as one agency recorded it in an entry of its log."""

    side: Side
    seq: int
    wish: str
    not_before: str = ""


@dataclass(frozen=True)
class ItemStatus:
    """One service item: the person's wish, and where its delivery stands.

    `words` are those that the wish follows from. `asks` is the number of the destination's entry
    after which the person has to decide anew; 0 is none.
    """

    wish: str
    delivery: str = "requested"
    reason: str = ""
    not_before: str = ""
    together_with: int = 0
    words: tuple[Word, ...] = ()
    asks: int = 0


@dataclass(frozen=True)
class PartStatus:
    """One part: who wrote it in which entry, and what the logs say became of it.

    `voided` names the withdrawals that took it back.
    """

    category: str
    author: Side
    entry: str
    state: str = "sent"
    refusal: str = ""
    voided: tuple[str, ...] = ()


@dataclass(frozen=True)
class Withdrawn:
    """What was taken back: by the person (withdraw), or because the referral was an error
    (recall, invalidate). `linked`: wherever else there is something of this person, too.
    """

    entry: str
    side: Side
    seq: int
    everything: bool
    categories: frozenset[str]
    kind: str = "withdraw"
    linked: bool = False

    def covers(self, category: str) -> bool:
        """Whether the withdrawal takes back this category."""
        return self.everything or category in self.categories

    def includes(self, other: Withdrawn) -> bool:
        """Whether all that the other takes back is taken back by this one, too."""
        return self.everything or (not other.everything and other.categories <= self.categories)


@dataclass(frozen=True)
class MilestoneWord:
    """How far a step of a return has come, as one entry says; for her decision, what it is."""

    state: str
    side: Side
    seq: int
    entry: str
    since: datetime
    decision: str = ""


@dataclass(frozen=True)
class Raised:
    """An alert or a complaint. It is answered once the other side has written since it saw it."""

    kind: str
    code: str
    side: Side
    seq: int
    entry: str
    answered: bool = False


@dataclass(frozen=True)
class State:
    """A referral at one moment. The phase is empty before the offer.

    `question`, `forward` and `reminded` are hashes of the entries that wait for the other side;
    `respond_by` is a moment in seconds, 0 if none was named. `acknowledged` and `accepted`: the
    destination has done so in this round, whatever became of it since. `read`: it has opened
    something of the origin's. `certificates` say what stands in those of each side for each
    withdrawal that it has `certified`.
    """

    phase: str = ""
    rest: str = ""
    round: int = 1
    closed: bool = False
    acknowledged: bool = False
    accepted: bool = False
    cancel_pending: bool = False
    pause_reason: str = ""
    question: str = ""
    forward: str = ""
    reminded: str = ""
    respond_by: int = 0
    resumes: str = ""
    read: bool = False
    items: Mapping[int, ItemStatus] = field(default_factory=dict)
    parts: Mapping[str, PartStatus] = field(default_factory=dict)
    handover: Mapping[Side, str] = field(default_factory=dict)
    milestones: Mapping[str, MilestoneWord] = field(default_factory=dict)
    decisions: tuple[MilestoneWord, ...] = ()
    raised: tuple[Raised, ...] = ()
    follow_ups: tuple[datetime, ...] = ()
    ended_at: datetime | None = None
    withdrawals: tuple[Withdrawn, ...] = ()
    certified: frozenset[tuple[Side, str]] = frozenset()
    certificates: Mapping[tuple[Side, str], Certified] = field(default_factory=dict)
    outcomes: Trail = field(default_factory=Trail)
    kinds: Trail = field(default_factory=Trail)

    @property
    def order(self) -> tuple[str, ...]:
        """Hashes of all entries in canonical order."""
        return tuple(self.outcomes)

    @property
    def served(self) -> bool:
        """Whether the destination has accepted, in this round, and serves or has served. Only then
        may anything carry a direct identifier.
        """
        return self.phase in ("accepted", "active") or self.rest == "completed"

    def resting(self, rest: str) -> State:
        """The same, at rest. What waited for an answer waits no longer; a proposal to refer on
        does, where the destination will not help and the person has not said that she wants none.
        """
        return replace(
            self, phase="resting", rest=rest, cancel_pending=False, pause_reason="",
            question="", reminded="", respond_by=0,
            forward=self.forward if rest in STILL_PROPOSED else "",
        )  # fmt: skip

    def uncertified(self, side: Side) -> tuple[str, ...]:
        """Withdrawals that this side has not yet certified."""
        return tuple(w.entry for w in self.withdrawals if (side, w.entry) not in self.certified)
