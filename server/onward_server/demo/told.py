"""What happened in the demo, as data: the terminal and the page tell it, and decide nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Knowledge = Literal["withheld", "sent", "opened", "refused", "destroyed", "own"]


@dataclass(frozen=True)
class Line:
    """One line of a sheet or of a preview: a category, and what is said about it."""

    category: str
    permitted: bool
    reason: str
    line: str


@dataclass(frozen=True)
class Agreed:
    """What a person agreed to, as the consent record has it."""

    permit: list[str]
    deny: list[str]
    purposes: list[str]
    recipients: list[str]
    onward_sharing: str
    method: str
    form: str
    valid_until: str
    retention_days: int


@dataclass(frozen=True)
class Rating:
    """How one part of life goes, from 0 (worst) to 10 (best), and who says so."""

    domain: str
    rater: str
    value: int


@dataclass(frozen=True)
class Moment:
    """One entry of a referral, in the order of the fold. `parts` are the categories it carries."""

    time: str
    agency: str
    act: str
    text: str
    outcome: str
    parts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Need:
    """One service item: what the person wants, and what became of it."""

    number: int
    service: str
    wish: str
    state: str = ""
    reason: str = ""


@dataclass
class Person:
    """One row of the sheet, and its story."""

    number: str
    name: str
    transport: str
    has: list[str]
    consent: str = ""
    agreed: Agreed | None = None
    feedback: str = ""
    not_sent: str = ""
    offer: list[Line] = field(default_factory=list)
    disclosure: list[Line] = field(default_factory=list)
    inbox_before: list[str] = field(default_factory=list)
    inbox_after: list[str] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    knows: dict[str, Knowledge] = field(default_factory=dict)
    journaled: list[str] = field(default_factory=list)
    outcomes: list[Rating] = field(default_factory=list)
    feedback_seen: list[Rating] = field(default_factory=list)
    phase: str = ""
    rest: str = ""
    closed: bool = False
    referral_id: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Scene:
    """One trouble, on stage: what was done, what came of it, and whether it went as it must."""

    title: str
    steps: list[str]
    good: bool


@dataclass(frozen=True)
class Search:
    """A search of a node's disk for a word."""

    where: str
    word: str
    files: int
    size: int
    found: list[str]


@dataclass(frozen=True)
class Check:
    """One check at the end."""

    what: str
    good: bool
    detail: str


@dataclass
class Told:
    """The whole demo."""

    origin: str = ""
    destination: str = ""
    folder: str = ""
    sample: bool = True
    """Whether it was played with the sample that ships with the package."""
    persons: list[Person] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    scenes: list[Scene] = field(default_factory=list)
    searches: list[Search] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether everything went as it must."""
        return all(one.good for one in self.scenes) and all(one.good for one in self.checks)

    @property
    def sent(self) -> bool:
        """Whether anything was sent at all."""
        return any(one.referral_id for one in self.persons)

    @property
    def longest(self) -> Person | None:
        """The person whose referral has most to tell; of several, the last."""
        found = [person for person in self.persons if person.moments]
        return max(found, key=lambda p: (len(p.moments), p.number), default=None)
