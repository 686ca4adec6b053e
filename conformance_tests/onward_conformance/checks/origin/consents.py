"""What the person did not agree to: the target refuses it on its own side, and nothing leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from onward_conformance.cases import ITEMS, OFFER, accepted, agreed, offered
from onward_conformance.check import Bench, check
from onward_conformance.network import Json, moment, now
from onward_conformance.peer import lost
from onward_conformance.referral import identifier
from onward_conformance.results import Failed


@check("DLV-058")
def content_that_she_lets_go_again(bench: Bench) -> None:
    """It could not leave for a while, by what she had said meanwhile: it comes once her newest
    record lets it go."""
    case = accepted(bench)
    case.answers(lost)
    case.ask("Disclose", **case.content())
    here = case.consent["countries"]
    case.newer(countries=["BD"])
    case.answers(None)
    case.ask("Remind")
    case.came("remind")
    case.newer(countries=here, version=case.consent["version"])
    bench.until("the content", lambda: "name" in case.categories or None)


def refused(bench: Bench, consent: Json, *reasons: str, **more: Any) -> None:
    """An offer by this consent must be refused, and nothing of it may come."""
    request = {
        "destination": bench.cast.partner.name, "consentId": consent.get("consentId"),
        "items": ITEMS, "record": OFFER,
    } | more  # fmt: skip
    before = len(bench.peer.referrals)
    asked = {name: one for name, one in request.items() if one is not None}
    bench.act_refused("Referrals.Offer", asked, *reasons)
    if bench.pump is not None:
        bench.pump()
    with bench.peer.lock:
        if len(bench.peer.referrals) != before:
            raise Failed("nothing to come", "an offer")


def _consented(bench: Bench, reason: str, **changed: Any) -> None:
    refused(bench, agreed(bench, **changed), reason)


@check("CONS-021", negative=True)
def consent_that_has_expired(bench: Bench) -> None:
    """Its end has come."""
    end = moment(now() - timedelta(hours=1))
    _consented(bench, "CONSENT_EXPIRED", validUntil=end)


@check("CONS-021", negative=True)
def consent_that_has_not_begun(bench: Bench) -> None:
    """It holds from tomorrow on."""
    _consented(bench, "CONSENT_EXPIRED", validFrom=moment(now() + timedelta(days=1)))


@check("CONS-021", negative=True)
def consent_that_wasrefused(bench: Bench) -> None:
    """She said no from the beginning."""
    _consented(bench, "CONSENT_WITHDRAWN", status="refused")


@check("CONS-021", negative=True)
def consent_for_another_recipient(bench: Bench) -> None:
    """She agreed to another agency."""
    _consented(bench, "CONSENT_SCOPE", recipients=[bench.cast.second.name])


@check("CONS-021", negative=True)
def consent_for_another_country(bench: Bench) -> None:
    """The agency is not under the law of a country that she agreed to."""
    _consented(bench, "CONSENT_SCOPE", countries=["BD"])


@check("CONS-021", negative=True)
def consent_for_another_purpose(bench: Bench) -> None:
    """She agreed to something else than what the offer is for."""
    _consented(bench, "CONSENT_SCOPE", purposes=["follow_up_contact"])


@check("CONS-021", negative=True)
def purpose_that_the_recipient_is_not_cleared_for(bench: Bench) -> None:
    """She agreed, and the trust list does not let that agency receive data for it."""
    consent = agreed(bench, purposes=["service_delivery", "legal_aid"])
    refused(bench, consent, "CONSENT_SCOPE", write={"purpose": "legal_aid"})


@check("CONS-021", "BASE-030", negative=True)
def offer_without_a_consent(bench: Bench) -> None:
    """Nobody has asked her."""
    refused(bench, {}, "CONSENT_MISSING")


@check("CONS-021", negative=True)
def offer_by_a_consent_that_is_not_there(bench: Bench) -> None:
    """An id that belongs to no consent is none."""
    refused(bench, {"consentId": identifier()}, "CONSENT_MISSING")


@check("CONS-022", negative=True)
def offer_of_which_nothing_is_permitted(bench: Bench) -> None:
    """She agreed, to nothing of what the offer would tell."""
    consent = agreed(bench, permit=["name"])
    try:
        refused(bench, consent, "CONSENT_SCOPE")
    except Failed as failed:
        told = offered(bench, consent=consent).categories
        raise Failed(failed.expected, failed.came, by="CONS-020" if told else "") from None


@check("CONS-027", negative=True)
def service_that_she_did_not_name(bench: Bench) -> None:
    """Where she named services, no other is asked for in her name."""
    _consented(bench, "CONSENT_SCOPE", services=["legal_advice"])


@check("CONS-028", negative=True)
def disclosure_by_another_consent(bench: Bench) -> None:
    """What goes in a referral goes by the consent of its offer."""
    case = accepted(bench)
    other = agreed(bench)
    asked = case.content() | {"consentId": other["consentId"]}
    case.refused("Disclose", "CONSENT_SCOPE", **asked)


@check("CONS-021", negative=True)
def disclosure_after_she_was_asked_again(bench: Bench) -> None:
    """The newest version counts: it no longer names the recipient."""
    case = accepted(bench)
    case.newer(recipients=[bench.cast.second.name])
    case.refused("Disclose", "CONSENT_SCOPE", **case.content())


@check("TRST-021", negative=True)
def offer_to_a_stranger(bench: Bench) -> None:
    """An agency that is not on the list."""
    _to(bench, "stranger", "AGENCY_UNKNOWN")


@check("TRST-021", negative=True)
def offer_to_an_agency_that_was_removed(bench: Bench) -> None:
    """The list says that it is no member any more."""
    _to(bench, "removed", "AGENCY_UNKNOWN")


@check("TRST-021", negative=True)
def offer_to_an_agency_that_is_suspended(bench: Bench) -> None:
    """The list says that nothing goes to it for now."""
    _to(bench, "suspended", "PEER_SUSPENDED")


@check("TRST-022", negative=True)
def offer_to_an_agency_that_is_no_partner(bench: Bench) -> None:
    """A member of the list that the target has not accepted."""
    _to(bench, "unaccepted", "PEER_NOT_ACCEPTED")


def _to(bench: Bench, role: str, reason: str) -> None:
    other = getattr(bench.cast, role)
    refused(bench, agreed(bench, other), reason, destination=other.name)


@check("WDRW-060", "WDRW-001")
def her_no_in_the_consent_takes_everything_back(bench: Bench) -> None:
    """A next version that says no is a withdrawal of everything in what was offered by it."""
    case = offered(bench)
    case.newer(status="refused")
    said = case.came("withdraw")
    if not said["withdrawal"].get("everything"):
        raise Failed("everything", said["withdrawal"])


@check("WDRW-061", negative=True)
def her_no_to_one_category_takes_it_back(bench: Bench) -> None:
    """A next version that denies what was sent is a withdrawal of that, and of nothing else."""
    case = offered(bench)
    case.newer(deny=["language"])
    said = case.came("withdraw")
    if said["withdrawal"] != {"categories": ["language"]}:
        raise Failed("language alone", said["withdrawal"])
