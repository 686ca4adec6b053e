"""A run that is ended from outside, by Ctrl-C or SIGTERM: what it found until then is kept."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

from onward_conformance.check import Check
from onward_conformance.network import Way
from onward_conformance.results import Outcome, Result

WHY = "the run was ended before this check was made"


class Ended(BaseException):
    """Somebody ended the run; no check may take it for a failure. `code` is what the command ends
    with: 128 and the number of the signal, as a shell says it.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


@contextmanager
def heard() -> Iterator[None]:
    """Ctrl-C and SIGTERM raise Ended inside, so that reports can be written after it."""

    def end(number: int, _: FrameType | None) -> None:
        raise Ended(number)

    signals = (signal.SIGINT, signal.SIGTERM)
    before = {one: signal.signal(one, end) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def kept(results: Iterable[Result], found: list[Result]) -> Iterator[Result]:
    """The same results; each stands in `found` as soon as it is there."""
    for one in results:
        found.append(one)
        yield one


def left(checks: Mapping[Way, Iterable[Check]], found: Iterable[Result]) -> list[Result]:
    """Not tested: every check that has no result over its transport."""
    there = {(one.name, one.way) for one in found}
    return [
        Result(
            one.name, Outcome.NOT_TESTED, one.requirements[0], came=WHY,
            profile=one.profile, way=way,
        )
        for way, those in checks.items() for one in those if (one.name, way) not in there
    ]  # fmt: skip
