"""What the trust list says of the destination, and of itself: keys, versions, and how old it is."""

from __future__ import annotations

from contextlib import suppress

from onward_conformance.cases import ITEMS, OFFER, accepted, agreed, disclosed, entries, offered
from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.certificates import certificate
from onward_conformance.hands import Refusal
from onward_conformance.jose import digest
from onward_conformance.lists import entry, listing, stale
from onward_conformance.network import DAY, Draft, moment, now
from onward_conformance.results import Failed


@check("TRST-012", negative=True)
def disclosure_under_a_stale_list(bench: Bench) -> None:
    """The act is refused, or what it tells waits: nothing comes but a withdrawal elsewhere."""
    case, other = accepted(bench), disclosed(bench, bench.cast.second)
    after = len(case.arrivals)
    with listing(bench, stale):
        with suppress(Refusal):
            bench.hand.call("Referrals.Disclose", {"referralId": case.id, **case.content()})
        other.withdraw()
        other.came("withdraw", by="TRST-013")  # By then the other would have come, too.
        if kinds := [one["kind"] for each in case.arrivals[after:] for one in entries(each)]:
            raise Failed("nothing by a stale list", kinds)


@check("TRST-013", negative=True)
def taking_back_under_a_stale_list(bench: Bench) -> None:
    """The target's withdrawal comes; the partner's, and its certificate, are taken."""
    case, other = disclosed(bench), disclosed(bench)
    with listing(bench, stale):
        case.withdraw()
        case.came("withdraw", by="TRST-013")
        other.write("withdraw", withdrawal={"everything": True})
        other.write("erased", certificate=certificate(digest(other.referral.log[-1])))


@check("WDRW-015", negative=True)
def withdrawal_to_keys_that_are_over(bench: Bench) -> None:
    """No key of the destination is in use any more: it is sealed to the newest of them."""
    case, partner = disclosed(bench), bench.cast.partner

    def over(draft: Draft) -> None:
        found = entry(draft, partner.name)
        found["keys"] = [one for one in found["keys"] if one["kid"] != partner.coming.kid]
        for one in found["keys"]:
            if one["use"] == "seal":
                one["notAfter"] = moment(now() - DAY)

    with listing(bench, over):
        case.withdraw()
        try:
            case.came("withdraw")
        except Failed as failed:
            raise Failed(f"a withdrawal for key {partner.seal.kid}", failed.came) from None


@check("VER-005", negative=True)
def offer_to_an_agency_of_another_version(bench: Bench) -> None:
    """The list gives the destination another version only: the act is refused, or nothing comes."""
    partner = bench.cast.partner
    request = {
        "destination": partner.name, "consentId": agreed(bench)["consentId"], "items": ITEMS,
        "record": OFFER,
    }  # fmt: skip
    with listing(bench, lambda draft: entry(draft, partner.name).update(versions=["9.0"])):
        try:
            told = bench.hand.call("Referrals.Offer", request)
        except Refusal:
            return
        offered(bench, bench.cast.second)  # By then the other would have come, too.
        if told["referral"]["referralId"] in bench.peer.referrals:
            raise Failed("no offer", "one of version 1.0")
