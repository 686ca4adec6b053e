"""Cases of the decision by an agreement, by another basis, and of what is passed on."""

from __future__ import annotations

from typing import Any

from vector_files import DESTINATION, NOW, Case, Cases
from vectors_consent import OFFERED, all_, case

AGREEMENT: dict[str, Any] = {
    "agreementId": "corridor-0001",
    "parties": ["msw.gov.bd.example", DESTINATION],
    "environment": "live",
    "purposes": ["service_delivery"],
    "categories": ["name", "age_band", "hiv"],
    "retentionDays": 30,
    "storageCountries": ["NP"],
    "validFrom": "2026-01-01T00:00:00Z",
    "validUntil": "2027-01-01T00:00:00Z",
}
BASIS: dict[str, Any] = {
    "basisId": "basis-000000001",
    "basis": "vital_interest",
    "subjectKind": "survivor",
    "recipient": DESTINATION,
    "purpose": "service_delivery",
    "categories": ["age_band", "name", "sex"],
    "state": "approved",
    "approvals": [{"actor": "a.one"}, {"actor": "b.two"}],
    "validFrom": "2026-11-20T10:00:00Z",
    "validUntil": "2026-11-23T10:00:00Z",
}
GRANT: dict[str, Any] = {
    "grantor": "clinic.np.example",
    "purposes": ["service_delivery"],
    "categories": ["name"],
    "onwardSharing": "same_purpose_named",
    "validUntil": "2027-01-01T00:00:00Z",
}


def agreed(why: str, expect: dict[str, str], consent: Any = None, **changes: Any) -> Case:
    """A decision with an agreement that has some things changed."""
    made = case(why, expect, consent)
    return {**made, "agreement": {**AGREEMENT, **changes}}


def based(why: str, expect: dict[str, str], *denied: str, **changes: Any) -> Case:
    """A decision by a basis in the place of a consent."""
    stage = changes.pop("stage", "disclosure")
    made = case(why, expect, "none", stage=stage)
    return {**made, "basis": {**BASIS, **changes}, "denied": list(denied)}


def onward(why: str, reason: str, **changes: Any) -> Case:
    """A name that came from another agency, and a year that she told here."""
    made = case(why, {"name": reason, "age_band": "permitted /permit/1"})
    return {**made, "received": {"name": {**GRANT, **changes}}}


REACHED = {
    "age_band": "permitted_by_basis /categories/0",
    "name": "permitted_by_basis /categories/1",
    "religion": "beyond_basis",
}

CASES: Cases = {
    "agreement": agreed("The agreement covers what the consent permits.", OFFERED),
    "agreement-needed": {
        **case("Where one is needed, nothing goes without it.", all_("no_agreement")),
        "agreementNeeded": True,
    },
    "agreement-not-needed": {
        **case("Where none is needed, none decides.", OFFERED),
        "agreementNeeded": False,
    },
    "agreement-over": agreed(
        "The last moment is out, and an old agreement is worse than none.",
        all_("no_agreement"),
        validUntil=NOW,
    ),
    "agreement-not-begun": agreed(
        "It is not in force yet.", all_("no_agreement"), validFrom="2026-11-21T10:00:01Z"
    ),
    "agreement-other-purpose": agreed(
        "It is for other purposes.", all_("agreement_purpose"), purposes=["legal_aid"]
    ),
    "agreement-ceiling": agreed(
        "What it does not name stays, and only where the consent would permit it does that decide.",
        {"name": "beyond_agreement", "religion": "denied /deny/0", "sex": "not_named"},
        categories=["age_band", "religion", "sex"],
    ),
    "agreement-widens-nothing": agreed(
        "It never permits what the consent does not.",
        {"sex": "not_named", "religion": "denied /deny/0"},
        categories=["sex", "religion"],
    ),
    "agreement-stores-elsewhere": agreed(
        "It would be stored in a country that she did not agree to.",
        all_("storage_not_agreed"),
        {"storageCountries": ["BD", "IN"]},
    ),
    "agreement-stores-where-she-agreed": agreed(
        "It is stored in one of the countries that she agreed to.",
        OFFERED,
        {"storageCountries": ["BD", "NP"]},
    ),
    "agreement-and-withdrawn": agreed(
        "Her word is said before the agencies'.",
        all_("consent_withdrawn"),
        {"status": "withdrawn"},
        validUntil=NOW,
    ),
    "basis": based("Two persons have approved it.", REACHED),
    "basis-one-person-twice": based(
        "The same person twice is one.",
        all_("basis_not_approved"),
        approvals=[{"actor": "a.one"}, {"actor": "a.one"}],
    ),
    "basis-proposed": based("It waits for approval.", all_("basis_not_approved"), state="proposed"),
    "basis-over": based("Its last moment is out.", all_("basis_over"), validUntil=NOW),
    "basis-ended": based("It was ended.", all_("basis_over"), state="over"),
    "basis-other-recipient": based(
        "It names another agency.", all_("recipient_not_named"), recipient="clinic.np.example"
    ),
    "basis-other-purpose": based(
        "It is for something else.", all_("purpose_not_named"), purpose="health_emergency"
    ),
    "basis-denied-before": based(
        "She has denied it, and danger does not go over that.",
        {**REACHED, "name": "denied_before"},
        "name",
    ),
    "basis-law-goes-over": based(
        "Only what a law obliges to goes over what she has denied.",
        {"name": "permitted_by_basis /categories/1"},
        "name",
        basis="legal_obligation",
    ),
    "basis-offer": based(
        "A direct identifier waits for the acceptance by any basis.",
        {"age_band": "permitted_by_basis /categories/0", "name": "before_acceptance"},
        stage="offer",
    ),
    "onward": onward("Its grant lets it go on.", "permitted /permit/0"),
    "onward-none": onward(
        "Its grant lets it go nowhere.", "onward_not_granted", onwardSharing="none"
    ),
    "onward-other-purpose": onward(
        "It came for something else.", "onward_not_granted", purposes=["legal_aid"]
    ),
    "onward-not-covered": onward(
        "The grant does not name it any more.", "onward_not_granted", categories=["sex"]
    ),
    "onward-over": onward("The grant has ended.", "onward_not_granted", validUntil=NOW),
    "onward-back": onward(
        "Nothing goes back to the agency that it came from in this way.",
        "onward_not_granted",
        grantor=DESTINATION,
    ),
}
