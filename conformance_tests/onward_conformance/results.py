"""What a check can come to, and what a run comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How one check ended. `ERROR` is the suite's own fault, and never counts as the target's."""

    PASS = "pass"
    FAIL = "fail"
    WARNING = "warning"
    NOT_APPLICABLE = "not applicable"
    NOT_TESTED = "not tested"
    ERROR = "error"


class Failed(Exception):
    """The target did not do what a requirement says.

    Args:
        expected: what the specification asks for.
        came: what the target did.
        by: the requirement, where it is not the one that the check is about first of all.
    """

    def __init__(self, expected: str, came: str, *, by: str = "") -> None:
        super().__init__(f"expected {expected}; came {came}")
        self.expected, self.came, self.by = expected, came, by


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
    profile: str = ""
    way: str = ""


def passed(results: Iterable[Result]) -> bool:
    """Whether the target conforms: nothing failed, and the suite had no fault of its own."""
    return not any(one.outcome in (Outcome.FAIL, Outcome.ERROR) for one in results)
