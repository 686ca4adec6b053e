"""A partner asks for what it has lost: what it is sent again, and what it is not given."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.checks.destination.withdrawing import carries
from onward_conformance.checks.origin.standing import standing
from onward_conformance.checks.peer.questions import NOTHING, ask, lost, resync
from onward_conformance.given_back import FAR
from onward_conformance.referral import Referral
from onward_conformance.results import Failed
from onward_conformance.road import accepted, acknowledged, act, offered


@check("RST-016")
def entries_that_the_partner_lost_are_sent_again(bench: Bench) -> None:
    """The partner has none of the target's entries any more: they count as not delivered."""
    referral = acknowledged(bench)
    after = len(bench.peer.arrivals)
    heads = referral.heads | {"destination": {}}

    def again() -> bool | None:
        known = bench.peer.arrivals[after:]
        mine = [one for one in known if one.bundle.get("referralId") == referral.referral_id]
        return any(carries(one, "acknowledge") for one in mine) or None

    lost(
        bench, "the acknowledgement again", again, referralId=referral.referral_id, heads=heads
    )  # fmt: skip


@check("RST-016")
def parts_that_the_partner_lost_are_sent_again(bench: Bench) -> None:
    """The partner has all entries, and asks: what the target still holds of its own parts comes
    once more."""
    referral = accepted(bench)
    rating = {"domain": "housing", "rater": "survivor", "date": "2026-01-05", "value": 7}
    record = {"outcomes": {"ratings": [rating]}}
    said = act(bench, referral, "FollowUp", followUp="home_visit", record=record)
    bench.whole(referral, said)
    after = len(bench.peer.arrivals)

    def again() -> bool | None:
        known = [one.bundle for one in bench.peer.arrivals[after:]]
        mine = [one for one in known if one.get("referralId") == referral.referral_id]
        parts = [part["category"] for one in mine for part in one.get("parts", [])]
        return "outcomes" in parts or None

    lost(bench, "the outcomes again", again, referralId=referral.referral_id, heads=referral.heads)


@check("RST-015", negative=True)
def resync_of_a_suspended_agency(bench: Bench) -> None:
    """Nothing but withdrawals goes to it: its own entries come back, without their parts, and
    nothing that the target wrote after them."""
    referral = accepted(bench)
    with standing(bench, bench.cast.partner, "suspended"):
        _, inside = resync(bench, referral, NOTHING)
    if inside.get("parts"):
        raise Failed("no part", len(inside["parts"]))
    if inside.get("entries") != referral.log:
        raise Failed("the agency's own offer alone", f"{len(inside.get('entries', []))} entries")


@check("RST-027", negative=True)
def word_of_an_agency_that_is_no_partner(bench: Bench) -> None:
    """It speaks of a referral that the target does not know: the target asks it for nothing."""
    unknown = Referral(bench.network, bench.cast.unaccepted, bench.agency)
    heads = {"origin": FAR, "destination": FAR}
    name = unknown.referral_id
    ask(bench, "Resync", bench.cast.unaccepted, referralId=name, heads=heads)
    token = unknown.signed(unknown.entry("remind", seq=5, prev=FAR["hash"], seen=FAR))
    bench.refused(unknown.envelope(unknown.bundle([token])))
    act(bench, offered(bench), "Acknowledge")
    if any(one.get("referralId") == name for one in bench.peer.asked):
        raise Failed("no question for it", "one")
