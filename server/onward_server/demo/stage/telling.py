"""What happened in a story, as data: the terminal tells it, and decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Sort = Literal["act", "life", "refused", "chapter"]


@dataclass(frozen=True)
class Line:
    """One line of a timeline. `who` is an agency's key, or a person's name; `facts` are what the
    nodes said, such as what travelled and what stayed."""

    sort: Sort
    when: datetime
    who: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Want:
    """One service: what the person wants of it, and where it stands at the end."""

    number: int
    service: str
    wish: str
    state: str
    reason: str = ""


@dataclass(frozen=True)
class Known:
    """What one agency can read of a person, what was never sent to it, and what is destroyed."""

    agency: str
    reads: tuple[str, ...]
    withheld: tuple[str, ...]
    destroyed: tuple[str, ...]


@dataclass(frozen=True)
class Ended:
    """One referral at the end, and what is not as it should be."""

    title: str
    origin: str
    destination: str
    stands: str
    wants: tuple[Want, ...]
    known: tuple[Known, ...]
    entries: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """One agency that held what a person took back: by when it was sealed there, when it was
    destroyed, when that was certified, and from when on no backup can open a copy. None: not yet.
    """

    agency: str
    sealed: datetime | None = None
    destroyed: datetime | None = None
    certified: datetime | None = None
    copies_until: datetime | None = None


@dataclass(frozen=True)
class Check:
    """Something else that must be true at the end."""

    what: str
    good: bool
    detail: str = ""


@dataclass
class Telling:
    """One story. It is good once its end was reached and nothing in it is amiss."""

    number: int
    name: str
    title: str
    about: str
    lines: list[Line] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    holders: tuple[Held, ...] = ()
    checks: list[Check] = field(default_factory=list)
    broke: str = ""
    finished: bool = False

    @property
    def good(self) -> bool:
        """Whether it ended as it should."""
        checked = bool(self.ended) and not any(one.faults for one in self.ended)
        return self.finished and not self.broke and checked and all(c.good for c in self.checks)
