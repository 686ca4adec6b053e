"""A destination that is suspended, removed or no partner any more, in a referral that goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from onward_conformance.cases import Case, accepted, disclosed, entries
from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.certificates import certificate
from onward_conformance.jose import digest
from onward_conformance.lists import publish
from onward_conformance.network import Agency
from onward_conformance.results import Failed

REASONS = {
    "suspended": "PEER_SUSPENDED", "removed": "AGENCY_UNKNOWN", "accepted": "PEER_NOT_ACCEPTED",
}  # fmt: skip


@contextmanager
def standing(bench: Bench, one: Agency, status: str) -> Iterator[None]:
    """As long as it lasts, the trust list says this of an agency, or it is not `accepted`.

    Raises NoHands where the target can't be given another list.
    """
    network = bench.network
    try:
        if status == "accepted":
            network.dropped.add(one.name)
        else:
            one.status = status
        publish(bench)
        yield
    finally:
        one.status = "active"
        network.dropped.discard(one.name)
        publish(bench)


def _no_content(bench: Bench, status: str) -> None:
    case = accepted(bench)
    with standing(bench, bench.cast.partner, status):
        case.refused("Disclose", REASONS[status], **case.content())


def _withdrawn(bench: Bench, status: str) -> None:
    case = disclosed(bench)
    with standing(bench, bench.cast.partner, status):
        case.withdraw()
        case.came("withdraw")


@check("ACT-009", negative=True)
def disclosure_to_an_agency_that_is_suspended(bench: Bench) -> None:
    """It had accepted; the list says that nothing goes to it for now."""
    _no_content(bench, "suspended")


@check("ACT-009", negative=True)
def disclosure_to_an_agency_that_was_removed(bench: Bench) -> None:
    """It had accepted, and is no member any more."""
    _no_content(bench, "removed")


@check("ACT-009", negative=True)
def disclosure_to_an_agency_that_is_no_partner_any_more(bench: Bench) -> None:
    """It had accepted; the target has ended the partnership."""
    _no_content(bench, "accepted")


@check("WDRW-002", negative=True)
def withdrawal_to_an_agency_that_is_suspended(bench: Bench) -> None:
    """What she takes back reaches it all the same."""
    _withdrawn(bench, "suspended")


@check("WDRW-002", negative=True)
def withdrawal_to_an_agency_that_was_removed(bench: Bench) -> None:
    """It still holds what it was told."""
    _withdrawn(bench, "removed")


@check("WDRW-002", negative=True)
def withdrawal_to_an_agency_that_is_no_partner_any_more(bench: Bench) -> None:
    """The end of a partnership is not the end of what she can take back."""
    _withdrawn(bench, "accepted")


@check("TRST-023", negative=True)
def reminder_to_an_agency_that_is_suspended(bench: Bench) -> None:
    """What is no withdrawal waits; a withdrawal after it takes it along, and nothing behind it."""
    case, other = accepted(bench), accepted(bench, bench.cast.second)
    with standing(bench, bench.cast.partner, "suspended"):
        after = len(case.arrivals)
        case.ask("Remind")
        other.ask("Remind")
        other.came("remind")  # By then the first would have come, too.
        case.withdraw()
        _after_the_reminder(case, after)
        for one in case.arrivals[after:]:
            kinds = [each["kind"] for each in entries(one)]
            if "withdraw" not in kinds:
                raise Failed("nothing without the withdrawal", kinds)


def _after_the_reminder(case: Case, after: int) -> None:
    """The withdrawal has come; one that came alone does not bring what is before it."""
    try:
        case.came("withdraw", by="WDRW-002")
    except Failed as failed:
        came = [one["kind"] for each in case.arrivals[after:] for one in entries(each)]
        if "withdraw" in came:
            raise Failed("all before it beside it", failed.came, by="DLV-057") from None
        raise


@check("DLV-033", negative=True)
def withdrawal_from_an_agency_that_is_suspended(bench: Bench) -> None:
    """It tells what she said there: taken, while anything else of it is refused."""
    case = disclosed(bench)
    with standing(bench, bench.cast.partner, "suspended"):
        token = case.referral.signed(case.referral.entry("follow_up", followUp="phone_check"))
        bench.refused(case.referral.envelope(case.referral.bundle([token])), "PEER_SUSPENDED")
        case.write("withdraw", withdrawal={"everything": True})
        case.write("erased", certificate=certificate(digest(case.referral.log[-1])))
