"""A survivor whom the target refers, and her sister, who has a consent of her own."""

from __future__ import annotations

from typing import Any

from onward_conformance.cases import ITEMS, OFFER, Case, agreed, offered
from onward_conformance.check import Bench
from onward_conformance.hands import Refusal
from onward_conformance.network import Json
from onward_conformance.results import Failed, NotApplicable

NO_LINKS = "the agency's software links no referrals"
HERS: Json = {"firstName": "Canarysister", "secondName": "D'Souza"}
"""The sister's name."""
PERMIT = ["age_band", "sex", "language", "needs_services", "name", "aspirations", "outcomes"]
"""What the sister agrees to: nothing that tells what happened to the survivor."""
NEEDS: Json = OFFER | {
    "needsServices": {
        "items": [{"number": 1, "serviceType": "household_livelihood", "wish": "now"}]
    }
}
"""What an offer tells of the sister."""


def listed(*people: Json) -> Json:
    """A survivor's list of people who must not be contacted, as a member of her consent."""
    return {"doNotContact": {"people": list(people)}}


def survivor(bench: Bench, **changed: Any) -> Case:
    """Her own referral. She lets members of her family be contacted, if nothing else is said."""
    return offered(bench, **{"contactFamily": "only_agreed"} | changed)


def member(bench: Bench, **changed: Any) -> Json:
    """The sister's own consent."""
    return agreed(bench, **{"subjectKind": "family_member", "permit": PERMIT} | changed)


def link(of: Case, **changed: Any) -> Json:
    """That the sister belongs to her. None leaves a member out."""
    said = {"kind": "family", "referralId": of.id, "relation": "sibling", "name": HERS} | changed
    return {name: one for name, one in said.items() if one is not None}


def refused(bench: Bench, consent: Json, of: Json | None, reason: str, *, by: str = "") -> str:
    """An offer by this consent, with this link, must be refused. Gives the target's own reason; of
    another than this one fails `by`.
    """
    asked: Json = {
        "destination": bench.cast.partner.name, "consentId": consent["consentId"], "items": ITEMS,
        "record": NEEDS,
    }  # fmt: skip
    try:
        bench.hand.call("Referrals.Offer", asked | ({"link": of} if of else {}))
    except Refusal as refusal:
        if refusal.reason == "UNIMPLEMENTED":
            raise NotApplicable(NO_LINKS) from None
        if bench.hand.specified and refusal.reason != reason:
            raise Failed(reason, refusal.reason, by=by) from None
        return refusal.reason
    raise Failed(reason, "an offer")


def sister(bench: Bench, of: Case) -> Case:
    """The sister's referral, offered to the suite's partner. Her consent is its `consent`."""
    consent = member(bench)
    try:
        return offered(bench, consent=consent, link=link(of), what=NEEDS)
    except Failed as failed:
        if failed.came == "UNIMPLEMENTED":
            raise NotApplicable(NO_LINKS) from None
        raise
