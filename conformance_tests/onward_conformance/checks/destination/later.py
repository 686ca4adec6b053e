"""What she wants from a day on: not before it, and on it at once."""

from __future__ import annotations

from datetime import timedelta

from onward_conformance.check import Bench, check
from onward_conformance.network import Json
from onward_conformance.referral import Referral
from onward_conformance.road import accepted, act, clock, give, refuses

STEP: Json = {"items": [{"number": 2, "state": "scheduled"}]}


def _later(bench: Bench, day: str) -> Referral:
    """Two items are accepted, the second of them for later, from this day."""
    referral = accepted(bench, "now", "now")
    give(bench, referral, "choice", items=[{"number": 2, "wish": "later", "notBefore": day}])
    return referral


@check("CHOI-008", negative=True)
def later_before_its_day(bench: Bench) -> None:
    """Her day is still to come, whether she named a day, a month or a year: nothing is scheduled,
    and the item that she wants now goes on.
    """
    day = (clock(bench) + timedelta(days=2)).date()
    for said in (day.isoformat(), f"{day.year + 1}-01", str(day.year + 1)):
        referral = _later(bench, said)
        refuses(bench, referral, "Progress", "WISH_FORBIDS", **STEP)
        act(bench, referral, "Progress", items=[{"number": 1, "state": "scheduled"}])


@check("CHOI-008")
def later_on_its_day(bench: Bench) -> None:
    """Her day has begun: it can be scheduled."""
    referral = _later(bench, clock(bench).date().isoformat())
    act(bench, referral, "Progress", **STEP)
