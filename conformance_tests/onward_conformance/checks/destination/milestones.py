"""The steps of a return: nobody travels before she has decided to, and the risks are assessed."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.checks.destination.fold import becomes
from onward_conformance.jose import digest
from onward_conformance.network import Json
from onward_conformance.referral import Referral
from onward_conformance.results import Failed
from onward_conformance.road import accepted, act, give, refuses, shown


def step(code: str, state: str = "done", decision: str = "") -> Json:
    """A step of a return."""
    return {"code": code, "state": state} | ({"decision": decision} if decision else {})


def _records(bench: Bench, referral: Referral, *steps: Json) -> None:
    for one in steps:
        act(bench, referral, "Milestone", milestone=one)


def _wrong(bench: Bench, referral: Referral, wrong: Json) -> None:
    """The target must not record it, and it must change nothing where the suite does."""
    refuses(bench, referral, "Milestone", milestone=wrong)
    becomes(bench, referral, "disallowed", "milestone", milestone=wrong)


ASSESSED = step("risk_assessment")
RETURN = step("return_decision", decision="return")


@check("MILE-001", negative=True)
def decision_that_says_nothing(bench: Bench) -> None:
    """She has decided, and nobody says what."""
    _wrong(bench, accepted(bench), step("return_decision"))


@check("MILE-001", negative=True)
def decision_in_another_step(bench: Bench) -> None:
    """What she has decided stands in its own step only, once it is done."""
    _wrong(bench, accepted(bench), ASSESSED | {"decision": "return"})
    _wrong(bench, accepted(bench), step("return_decision", "in_progress", "return"))


@check("MILE-002")
def decision_that_has_seen_the_other(bench: Bench) -> None:
    """She did not want to return, and has changed her mind since: what she says now counts."""
    referral = accepted(bench)
    _records(bench, referral, ASSESSED, step("return_decision", decision="not_return"))
    give(bench, referral, "milestone", milestone=RETURN)
    _records(bench, referral, step("travel_plan", "in_progress"))


def _crossing(name: str, about: str, mine: str, theirs: str, counts: str) -> None:
    """A check that of two decisions that cross the more careful one counts."""

    def run(bench: Bench) -> None:
        referral = accepted(bench)
        before = referral.seen
        _records(bench, referral, ASSESSED)
        _not_ready(bench, referral, by="MILE-003")
        _records(bench, referral, step("return_decision", decision=theirs))
        said = step("return_decision", decision=mine)
        give(bench, referral, "milestone", milestone=said, seen=before)
        steps = [one["milestone"] for one in shown(bench, referral).get("milestones", [])]
        found = [one.get("decision") for one in steps if one["code"] == "return_decision"]
        if found not in ([], [counts]):  # A program may not have it.
            raise Failed(counts, found)
        _not_ready(bench, referral)

    run.__name__ = name
    run.__doc__ = f"Two agencies record what she decided, at the same time: {about}."
    check("MILE-002", negative=True)(run)


def _not_ready(bench: Bench, referral: Referral, *, by: str = "") -> None:
    """The journey must wait."""
    try:
        refuses(bench, referral, "Milestone", "TRAVEL_NOT_READY", milestone=step("travel_plan"))
    except Failed as failed:
        raise Failed(failed.expected, failed.came, by=failed.by or by) from None


_crossing("return_crosses_not_yet", "not yet counts", "not_yet", "return", "not_yet")
_crossing("not_return_crosses_not_yet", "not to return counts", "not_yet", "not_return",
          "not_return")  # fmt: skip
_crossing("not_return_crosses_return", "not to return counts", "return", "not_return",
          "not_return")  # fmt: skip


@check("MILE-008", negative=True)
def return_crosses_that_she_still_decides(bench: Bench) -> None:
    """One agency records that she returns, the other that she has not decided: she stays."""
    referral = accepted(bench)
    before = referral.seen
    _records(bench, referral, ASSESSED)
    _not_ready(bench, referral, by="MILE-003")
    _records(bench, referral, RETURN)
    said = step("return_decision", "in_progress")
    give(bench, referral, "milestone", milestone=said, seen=before)
    _not_ready(bench, referral)


@check("MILE-004", negative=True)
def handover_before_her_decision(bench: Bench) -> None:
    """Where a return has begun, no side hands over before she has decided to return."""
    referral = accepted(bench)
    _records(bench, referral, ASSESSED)
    refuses(bench, referral, "Handover", "TRAVEL_NOT_READY")
    becomes(bench, referral, "disallowed", "handover")


@check("MILE-005", negative=True)
def handover_done_with_one_signature(bench: Bench) -> None:
    """One side has signed: the step is not done before the other has."""
    referral = accepted(bench)
    _records(bench, referral, ASSESSED, RETURN)
    act(bench, referral, "Handover")
    _wrong(bench, referral, step("handover"))


@check("MILE-006", negative=True)
def first_hours_before_the_arrival(bench: Bench) -> None:
    """She has not arrived: nothing is said of her first days there."""
    referral = accepted(bench)
    _records(bench, referral, ASSESSED, RETURN, step("arrival", "in_progress"))
    _wrong(bench, referral, step("first_72_hours", "in_progress"))
    _wrong(bench, referral, step("first_72_hours"))


@check("MILE-005", "MILE-003", "MILE-004", "MILE-006")
def return_in_its_order(bench: Bench) -> None:
    """Assessed, decided, planned, handed over by both sides, arrived: each step is recorded."""
    referral = accepted(bench)
    _records(bench, referral, ASSESSED, RETURN, step("travel_plan"))
    signed = act(bench, referral, "Handover")
    confirms = digest(referral.theirs[signed["seq"] - 1])
    becomes(bench, referral, "counted", "handover", confirms=confirms)
    _records(bench, referral, *map(step, ("handover", "arrival", "first_72_hours")))
