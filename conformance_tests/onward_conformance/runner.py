"""Runs checks against a target, one after the other."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

from onward_conformance.check import Bench, Check
from onward_conformance.checks import ALL
from onward_conformance.requirements import requirements
from onward_conformance.results import Failed, Outcome, Result
from onward_conformance.wire import Unreachable


def chosen(wanted: Iterable[str]) -> list[Check]:
    """The checks of these names or requirement ids; all of them if none is named.

    Raises ValueError for a name that is neither.
    """
    names = list(wanted)
    known = {*ALL, *(one for each in ALL.values() for one in each.requirements)}
    if strangers := sorted(set(names) - known):
        raise ValueError(f"no check is named {', '.join(strangers)}")
    return [
        one
        for one in ALL.values()
        if not names or one.name in names or set(one.requirements) & set(names)
    ]


def run(bench: Bench, checks: Iterable[Check]) -> Iterator[Result]:
    """The result of each check, as it ends."""
    for one in checks:
        began = time.monotonic()
        result = _run(bench, one)
        yield replace(result, seconds=time.monotonic() - began)


def _run(bench: Bench, one: Check) -> Result:
    first = one.requirements[0]
    try:
        one.run(bench)
    except Failed as failed:
        broken = failed.by or first
        outcome = Outcome.FAIL if requirements()[broken].strict else Outcome.WARNING
        return Result(one.name, outcome, broken, failed.expected, failed.came)
    except Unreachable as fault:
        return Result(one.name, Outcome.FAIL, first, "an answer", f"none: {fault}")
    except Exception as fault:
        return Result(one.name, Outcome.ERROR, first, "", f"{type(fault).__name__}: {fault}")
    return Result(one.name, Outcome.PASS, first)
