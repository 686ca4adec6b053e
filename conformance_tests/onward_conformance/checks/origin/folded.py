"""What the target makes, in its own fold, of what the destination of its referral has written."""

from __future__ import annotations

from typing import Any

from onward_conformance.cases import Case, accepted, disclosed, hang
from onward_conformance.check import Bench, check
from onward_conformance.jose import digest, part_digest
from onward_conformance.network import Json
from onward_conformance.results import Failed, spelled
from onward_conformance.road import entries, part_states, shown


def _name(case: Case) -> Json:
    """The part that tells her name."""
    return next(one for one in case.referral.parts if one["category"] == "name")


def _stays(case: Case, state: str, *, by: str = "") -> None:
    """The target must show the name in this state."""
    found = part_states(shown(case.bench, case.referral), [_name(case)])["name"]
    if found != state:
        raise Failed(f"a name that is {spelled(state)}", found, by=by)


def _disallowed(case: Case, kind: str, **changed: Any) -> None:
    """The suite writes this, and it must count for nothing."""
    case.write(kind, **changed)
    found = entries(case.bench, case.referral).get(digest(case.referral.log[-1]), "nothing")
    if found != "disallowed":
        raise Failed(f"{kind} to be disallowed", found)


@check("FOLD-007")
def part_that_the_destination_refused(bench: Bench) -> None:
    """Its entry names a part of the target as refused: so it is, also where the entry itself was
    not allowed."""
    case = disclosed(bench)
    refused = [{"digest": part_digest(_name(case)), "reason": "beyond_grant"}]
    _disallowed(case, "confirm_cancel", refused=refused)
    _stays(case, "refused")


@check("FOLD-007", negative=True)
def invalidation_of_the_destination_behind_a_gap(bench: Bench) -> None:
    """Only an origin can say that all was an error. Content that waits for the destination is not
    lost by an entry that says so there, and can't be stored yet."""
    case = accepted(bench)
    case.answers(hang)
    case.ask("Disclose", **case.content())
    case.came("disclose")
    case.referral.write("follow_up", followUp="phone_check")
    token = case.referral.write("invalidate")
    bench.refused(case.referral.envelope(case.referral.bundle([token])))
    after = len(case.arrivals)
    case.answers(None)

    def again() -> bool | None:
        return any(one.bundle.get("parts") for one in case.arrivals[after:]) or None

    bench.until("the content once more", again)


@check("FOLD-019", negative=True)
def reading_of_what_was_never_sent(bench: Bench) -> None:
    """The destination says that it has read a part that nobody knows."""
    case = disclosed(bench)
    _disallowed(case, "opened", opened=["A" * 43])


@check("FOLD-001", negative=True)
def reading_that_crosses_a_withdrawal(bench: Bench) -> None:
    """The destination has read what the target had taken back, and had not seen that: what was
    taken back stays so."""
    case = disclosed(bench)
    before = case.referral.seen
    case.withdraw()
    case.came("withdraw")
    case.write("opened", opened=[part_digest(_name(case))], seen=before)
    _stays(case, "withdrawn")
