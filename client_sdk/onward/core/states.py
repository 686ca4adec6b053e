"""The state of a referral: what the fold derives, and nothing else.

Every value is immutable, so that states of earlier moments can be kept and compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Side = Literal["origin", "destination"]


def other(side: Side) -> Side:
    """The other side of a referral."""
    return "destination" if side == "origin" else "origin"


@dataclass(frozen=True)
class ItemStatus:
    """One service item: the person's wish, and where its delivery stands."""

    wish: str
    delivery: str = "requested"
    reason: str = ""


@dataclass(frozen=True)
class PartStatus:
    """One part: who wrote it in which entry, and what the logs say became of it."""

    category: str
    author: Side
    entry: str
    state: str = "sent"
    refusal: str = ""


@dataclass(frozen=True)
class Withdrawn:
    """A withdrawal that counted."""

    entry: str
    side: Side
    seq: int
    everything: bool
    categories: frozenset[str]

    def covers(self, category: str) -> bool:
        """Whether the withdrawal takes back this category."""
        return self.everything or category in self.categories


@dataclass(frozen=True)
class State:
    """A referral at one moment. The phase is empty before the offer."""

    phase: str = ""
    rest: str = ""
    round: int = 1
    closed: bool = False
    items: Mapping[int, ItemStatus] = field(default_factory=dict)
    parts: Mapping[str, PartStatus] = field(default_factory=dict)
    handover: Mapping[Side, str] = field(default_factory=dict)
    withdrawals: tuple[Withdrawn, ...] = ()
    certified: frozenset[tuple[Side, str]] = frozenset()
    outcomes: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def order(self) -> tuple[str, ...]:
        """Hashes of all entries in canonical order."""
        return tuple(self.outcomes)

    def uncertified(self, side: Side) -> tuple[str, ...]:
        """Withdrawals that this side has not yet certified."""
        return tuple(w.entry for w in self.withdrawals if (side, w.entry) not in self.certified)
