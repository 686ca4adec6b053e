"""Runs checks against a target, one after the other."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from onward_conformance.check import Check
from onward_conformance.hands import NoHands, Refusal
from onward_conformance.jose import Bad
from onward_conformance.network import Way
from onward_conformance.requirements import requirements
from onward_conformance.results import Failed, NotApplicable, Outcome, Result
from onward_conformance.wire import Unreachable


class Bench(Protocol):
    """What a check is given: a node's bench, or a client's."""

    way: Way

    def begin(self) -> None:
        """Nothing of an earlier check counts any more."""
        ...


def run(bench: Bench, checks: Iterable[Check]) -> Iterator[Result]:
    """The result of each check, as it ends. One of the other transport is left out."""
    for one in checks:
        if not one.over(bench.way):
            continue
        began = time.monotonic()
        result = _run(bench, one)
        seconds = time.monotonic() - began
        yield replace(result, profile=one.profile, way=bench.way, seconds=seconds)


def _run(bench: Bench, one: Check) -> Result:
    first = one.requirements[0]
    try:
        bench.begin()
        one.run(bench)
    except Failed as failed:
        broken = failed.by or first
        outcome = Outcome.FAIL if requirements()[broken].strict else Outcome.WARNING
        return Result(one.name, outcome, broken, failed.expected, failed.came)
    except Bad as fault:
        return Result(one.name, Outcome.FAIL, first, "a token that can be read", str(fault))
    except Unreachable as fault:
        return Result(one.name, Outcome.FAIL, first, "an answer", str(fault))
    except Refusal as fault:
        return Result(one.name, Outcome.FAIL, first, "the act to be done", fault.reason)
    except NotApplicable as fault:
        return Result(one.name, Outcome.NOT_APPLICABLE, first, "", str(fault))
    except NoHands as fault:
        return Result(
            one.name, Outcome.NOT_TESTED, first, "a way to make the target act", str(fault)
        )
    except Exception as fault:
        return Result(one.name, Outcome.ERROR, first, "", f"{type(fault).__name__}: {fault}")
    return Result(one.name, Outcome.PASS, first)
