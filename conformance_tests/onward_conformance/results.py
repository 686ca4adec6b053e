"""What a check can come to, and what a run does: the one shape that all reports are made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import product

from onward_conformance.requirements import Requirement, requirements

PROFILES = {
    "destination": "receives referrals",
    "origin": "offers referrals",
    "forwarder": "refers on what it received",
    "hosting": "speaks for several agencies",
    "mailbox": "holds what is for an agency that can't be reached",
    "collect": "is reached through a mailbox only",
    "knocks": "takes knocks: claims, calls for help, complaints",
    "client": "is software of an agency that works with the agency's node",
}
"""What a target can say that it is, in the order of reports, and what it does then."""

NODES = frozenset(PROFILES) - {"client", "collect"}
"""Profiles of nodes that can be called. Checks of no profile, such as those of the folder `peer`,
are for each of them."""

WAYS = {"rest": "REST", "grpc": "gRPC"}
"""Transports, and how people write them."""

LONGEST = 2000
"""Characters of a text from the target that a report keeps."""


class Outcome(StrEnum):
    """How one check ended. `ERROR` is the suite's own fault, and never counts as the target's."""

    PASS = "pass"
    FAIL = "fail"
    WARNING = "warning"
    NOT_APPLICABLE = "not applicable"
    NOT_TESTED = "not tested"
    ERROR = "error"


class Verdict(StrEnum):
    """What all checks of a profile over one transport come to, the worst last."""

    CONFORMS = "conforms"
    INCOMPLETE = "incomplete"
    FAILS = "does not conform"


def spelled(value: object) -> str:
    """A value as partners read it, whatever their language is: text as it is, all else as JSON.

    What is not there is nothing: ProtoJSON reads null as absent.
    """
    if value is None or isinstance(value, str):
        return "nothing" if value is None else str(value)
    if not isinstance(value, (bool, int, float, dict, list, tuple, set, frozenset)):
        return str(value)
    try:
        return json.dumps(value, ensure_ascii=False, default=_spelled_inside)
    except (TypeError, ValueError, RecursionError):
        return "a value that JSON has not"


def _spelled_inside(value: object) -> object:
    return sorted(value) if isinstance(value, (set, frozenset)) else str(value)


class NotApplicable(Exception):
    """The target has not got what the check is about, and need not."""


class Failed(Exception):
    """The target did not do what a requirement says.

    Args:
        expected: what the specification asks for, in words or as a value of JSON.
        came: what the target did, alike.
        by: the requirement, where it is not the one that the check is about first of all.
    """

    def __init__(self, expected: object, came: object, *, by: str = "") -> None:
        # What a target said may be of any kind, whatever a check took it for.
        self.expected, self.came, self.by = spelled(expected), spelled(came), by
        super().__init__(f"expected {self.expected}; came {self.came}")


def visible(text: str) -> str:
    """The text on one line, with whatever does not print written out, and cut if it is long.

    What a target says can so neither pass for words of the suite, nor break the form of a report.
    """
    shown = "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text
    )
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


@dataclass(frozen=True)
class Result:
    """How one check ended, with all that a reader needs who has to mend the target."""

    name: str
    outcome: Outcome
    requirement: str = ""
    """The one that was broken; of a check that passed, the one that it is about first of all."""
    expected: str = ""
    came: str = ""
    seconds: float = 0.0
    profile: str = "destination"
    way: str = "rest"
    known: str = ""
    """Of a failure that stands in the known-failing file, the reason that it gives."""

    def __post_init__(self) -> None:
        for name in ("expected", "came", "known"):
            object.__setattr__(self, name, visible(getattr(self, name)))


def passed(results: Iterable[Result]) -> bool:
    """Whether nothing failed, and the suite had no fault of its own."""
    return not any(one.outcome in (Outcome.FAIL, Outcome.ERROR) for one in results)


UNKNOWN = (Outcome.NOT_TESTED, Outcome.ERROR)
"""Outcomes that leave it open whether the target does what is asked."""


@dataclass(frozen=True)
class Run:
    """One run of the suite against one target. `started` is in UTC."""

    results: tuple[Result, ...]
    agency: str
    profiles: tuple[str, ...]
    ways: tuple[str, ...]
    started: datetime
    suite: str
    spec: str
    environment: str = "test"
    seconds: float = 0.0
    implementation: str = ""
    version: str = ""
    commit: str = ""
    only: tuple[str, ...] = ()
    """Names or ids of a run of some checks alone: it says nothing about the others."""
    stale: tuple[str, ...] = ()
    """What is wrong with the lines of the known-failing file, now that the run is over."""
    about: Mapping[str, Requirement] = field(default_factory=requirements)
    """The requirements as they stood at the time, by id."""

    def __post_init__(self) -> None:
        for name in ("agency", "environment", "implementation", "version", "commit", "suite"):
            object.__setattr__(self, name, visible(getattr(self, name)))
        for name in ("only", "stale"):
            object.__setattr__(self, name, tuple(visible(one) for one in getattr(self, name)))

    @property
    def title(self) -> str:
        """How people name what was tested."""
        return f"{self.implementation or self.agency} {self.version}".strip()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each profile over each transport that was declared or tested, in a fixed order."""
        declared = {(profile, way) for profile in self.profiles for way in self.ways}
        tested = {(one.profile, one.way) for one in self.results if one.profile in PROFILES}
        return [pair for pair in product(PROFILES, WAYS) if pair in declared | tested]

    @property
    def groups(self) -> dict[tuple[str, str], list[Result]]:
        """Every result once, by its own profile and transport."""
        found: dict[tuple[str, str], list[Result]] = {}
        for one in self.results:
            found.setdefault((one.profile, one.way), []).append(one)
        return found

    def of(self, profile: str, way: str) -> list[Result]:
        """Its results, with those that are for each node alike."""
        return [
            one
            for one in self.results
            if one.way == way
            and (one.profile == profile or (profile in NODES and one.profile not in PROFILES))
        ]

    def complete(self, profile: str, way: str) -> bool:
        """Whether everything was tested there, and anything that is for this profile alone."""
        found = self.of(profile, way)
        tried = [one for one in found if one.outcome in (Outcome.PASS, Outcome.FAIL)]
        own = any(one.profile == profile for one in tried)
        return own and not self.only and not any(one.outcome in UNKNOWN for one in found)

    def verdict(self, profile: str, way: str) -> Verdict:
        """Failures that were known count like all others."""
        if any(one.outcome is Outcome.FAIL for one in self.of(profile, way)):
            return Verdict.FAILS
        return Verdict.CONFORMS if self.complete(profile, way) else Verdict.INCOMPLETE

    @property
    def overall(self) -> Verdict:
        """The worst of all."""
        found = {self.verdict(*pair) for pair in self.pairs}
        return next((one for one in reversed(Verdict) if one in found), Verdict.INCOMPLETE)

    @property
    def exit_code(self) -> int:
        """What the command ends with; docs/conformance-report.md says what each number means."""
        new = [one for one in self.results if one.outcome is Outcome.FAIL and not one.known]
        if new or self.stale:
            return 1
        if any(one.outcome is Outcome.ERROR for one in self.results):
            return 3
        if self.only:
            return 4 if self.with_outcome(Outcome.NOT_TESTED) else 0
        whole = bool(self.pairs) and all(self.complete(*pair) for pair in self.pairs)
        return 0 if whole else 4

    def with_outcome(self, *outcomes: Outcome) -> list[Result]:
        """The results that ended so."""
        return [one for one in self.results if one.outcome in outcomes]
