"""Cases of the consent decision. Every expectation is written by hand."""

from __future__ import annotations

from typing import Any

from vector_files import DESTINATION, NOW, Case, Cases

RECORD: dict[str, Any] = {
    "subjectId": "subject-00000001",
    "subjectKind": "survivor",
    "ageClass": "adult",
    "status": "given",
    "purposes": ["service_delivery", "legal_aid"],
    "recipients": ["clinic.np.example", DESTINATION],
    "countries": ["NP"],
    "permit": ["name", "age_band", "hiv"],
    "deny": ["religion"],
    "onwardSharing": "none",
    "feedback": "status_only",
    "validFrom": "2026-11-01T00:00:00Z",
    "validUntil": "2027-11-01T00:00:00Z",
    "retentionDays": 90,
    "givenAt": "2026-11-01T00:00:00Z",
    "givenBy": "self",
    "method": "written",
    "noticeLanguage": "bn",
    "noticeForm": "read_aloud",
}
NARRATIVE = "exploitation_detail_narrative"
TOUCHED = [
    "exploitation_type",
    "means_of_control",
    "recruitment",
    "exploitation_location",
    "physical_health",
    "mental_health",
    "sexual_reproductive_health",
    "safety_risk",
]


SOURCES = {
    **dict.fromkeys(
        [
            "permitted", "denied", "not_named", "no_consent", "consent_refused",
            "consent_withdrawn", "consent_expired", "consent_not_yet_valid", "consent_suspended",
            "consent_revoked", "recipient_not_named", "country_not_named", "purpose_not_named",
            "touches_denied", "came_of_age", "guardian_conflict", "not_best_interest",
            "storage_not_agreed", "denied_before",
        ],
        "consent",
    ),
    **dict.fromkeys(["no_agreement", "agreement_purpose", "beyond_agreement"], "agreement"),
    **dict.fromkeys(
        ["permitted_by_basis", "basis_not_approved", "basis_over", "beyond_basis"], "basis"
    ),
    **dict.fromkeys(["before_acceptance", "family_member", "purpose_prohibited"], "specification"),
    "recipient_not_cleared": "trust_list",
    "onward_not_granted": "grant",
}  # fmt: skip
"""What decides, by the reason."""


def case(why: str, expect: dict[str, str], consent: Any = None, **asked: Any) -> Case:
    """`expect` says for each category "reason" or "reason line"."""
    said = {
        "recipient": {"agency": DESTINATION, "country": "NP"},
        "purpose": "service_delivery",
        "stage": "disclosure",
        "now": NOW,
    } | asked
    answers = {}
    for category, answer in expect.items():
        reason, _, line = answer.partition(" ")
        permitted = reason in ("permitted", "permitted_by_basis")
        answers[category] = {
            "permitted": permitted, "reason": reason, "line": line, "source": SOURCES[reason],
        }  # fmt: skip
    record = None if consent == "none" else {**RECORD, **(consent or {})}
    if record is not None:
        record = {name: value for name, value in record.items() if value is not None}
    return {"why": why, "consent": record, **said, "categories": list(expect), "expect": answers}


def all_(reason: str) -> dict[str, str]:
    """The same reason for what is permitted, denied and not named: the record as a whole."""
    return {"name": reason, "religion": reason, "sex": reason}


CHILD: dict[str, Any] = {
    "ageClass": "child",
    "givenBy": "guardian",
    "guardianConflictChecked": True,
    "childAssent": True,
    "adultOn": "2026-11-22",
    "bestInterest": {
        "finding": "share",
        "assessedBy": "msw.gov.bd.example",
        "assessedOn": "2026-11-01",
        "childHeard": True,
    },
}
AGAINST = {**CHILD["bestInterest"], "finding": "do_not_share"}
OFFERED = {"name": "permitted /permit/0", "religion": "denied /deny/0", "sex": "not_named"}

CASES: Cases = {
    "child": case("A guardian, checked, and an assessment that finds for it.", OFFERED, CHILD),
    "child-of-unknown-age": case(
        "Who is not known to be an adult counts as a child.",
        all_("not_best_interest"),
        {**CHILD, "ageClass": "unknown", "bestInterest": None},
    ),
    "child-alone": case(
        "A child alone can't say yes.", all_("guardian_conflict"), {**CHILD, "givenBy": "self"}
    ),
    "child-guardian-not-checked": case(
        "Nobody looked for a conflict of interest.",
        all_("guardian_conflict"),
        {**CHILD, "guardianConflictChecked": False},
    ),
    "child-guardian-conflict": case(
        "The guardian has an interest of their own.",
        all_("guardian_conflict"),
        {**CHILD, "guardianConflict": True},
    ),
    "child-not-asked": case(
        "Nobody asked the child, and nobody says why.",
        all_("guardian_conflict"),
        {**CHILD, "childAssent": False},
    ),
    "child-too-young-to-ask": case(
        "Why it was not asked stands in the record.",
        OFFERED,
        {**CHILD, "childAssent": False, "assentWaiver": "too_young"},
    ),
    "child-best-interest-against": case(
        "The assessment beats the guardian.",
        all_("not_best_interest"),
        {**CHILD, "bestInterest": AGAINST},
    ),
    "child-no-assessment": case(
        "No assessment finds for it.", all_("not_best_interest"), {**CHILD, "bestInterest": None}
    ),
    "came-of-age": case(
        "From the day itself, in UTC.", all_("came_of_age"), {**CHILD, "adultOn": "2026-11-21"}
    ),
    "came-of-age-this-month": case(
        "Of a day that is not known, the first that it may be.",
        all_("came_of_age"),
        {**CHILD, "adultOn": "2026-11"},
    ),
    "came-of-age-before-ended": case(
        "That the person is to be asked is said before that the consent has ended.",
        all_("came_of_age"),
        {**CHILD, "adultOn": "2026", "validUntil": NOW},
    ),
    "came-of-age-and-withdrawn": case(
        "What was taken back stays so.",
        all_("consent_withdrawn"),
        {**CHILD, "adultOn": "2026", "status": "withdrawn"},
    ),
    "family-member": case(
        "A category by which trafficking shows stays, whatever permits or denies it, and so does "
        "text that may speak of one.",
        {
            "name": "permitted /permit/0",
            "means_of_control": "family_member",
            "identification_status": "family_member",
            "safety_risk": "family_member",
            "caseworker_notes": "family_member",
            "religion": "denied /deny/0",
            "sex": "not_named",
        },
        {
            "subjectKind": "family_member",
            "permit": ["name", "means_of_control", "caseworker_notes"],
            "deny": ["religion", "identification_status"],
        },
    ),
    "family-member-offer": case(
        "It is said before that a category waits for the acceptance.",
        {"means_of_control": "family_member", "name": "before_acceptance /permit/0"},
        {"subjectKind": "family_member", "permit": ["name", "means_of_control"]},
        stage="offer",
    ),
    "permitted": case(
        "A line of the consent permits it; what no line names is denied.",
        {"name": "permitted /permit/0", "hiv": "permitted /permit/2", "sex": "not_named"},
    ),
    "denied": case("A line of the consent denies it.", {"religion": "denied /deny/0"}),
    "deny-beats-permit": case(
        "Deny beats permit, wherever the two lines stand.",
        {"name": "denied /deny/1", "age_band": "permitted /permit/1"},
        {"deny": ["religion", "name"]},
    ),
    "no-consent": case("Without a consent nothing moves.", all_("no_consent"), "none"),
    "refused": case("The person said no.", all_("consent_refused"), {"status": "refused"}),
    "deferred": case(
        "The person has not decided.", all_("consent_refused"), {"status": "deferred"}
    ),
    "withdrawn": case("It was taken back.", all_("consent_withdrawn"), {"status": "withdrawn"}),
    "renewed": case("Given again.", OFFERED, {"status": "renewed"}),
    "suspended": case(
        "Nothing new until she is asked.", all_("consent_suspended"), {"status": "suspended"}
    ),
    "revoked": case(
        "The agency found that it should not have been taken.",
        all_("consent_revoked"),
        {"status": "revoked"},
    ),
    "invalidated": case(
        "An authority declared it void.", all_("consent_revoked"), {"status": "invalidated"}
    ),
    "requested": case("She is being asked.", all_("consent_refused"), {"status": "requested"}),
    "withdrawn-and-expired": case(
        "Withdrawn is said before expired.",
        all_("consent_withdrawn"),
        {"status": "withdrawn", "validUntil": "2026-11-02T00:00:00Z"},
    ),
    "not-yet-valid": case(
        "One second before it begins.",
        all_("consent_not_yet_valid"),
        {"validFrom": "2026-11-21T10:00:01Z"},
    ),
    "valid-from-now": case(
        "The first moment is in.", {"name": "permitted /permit/0"}, {"validFrom": NOW}
    ),
    "expired": case("The last moment is out.", all_("consent_expired"), {"validUntil": NOW}),
    "recipient-not-cleared": case(
        "The trust list lets the recipient receive data for other purposes only.",
        all_("recipient_not_cleared"),
        recipient={"agency": DESTINATION, "country": "NP", "purposes": ["legal_aid"]},
    ),
    "recipient-not-named": case(
        "The consent does not name this agency.",
        all_("recipient_not_named"),
        recipient={"agency": "other.np.example", "country": "NP"},
    ),
    "recipient-subdomain": case(
        "A name below a named one is another agency.",
        all_("recipient_not_named"),
        recipient={"agency": "north.shelter.np.example", "country": "NP"},
    ),
    "no-recipients": case(
        "No recipient named is nobody, not everybody.",
        all_("recipient_not_named"),
        {"recipients": []},
    ),
    "country-not-named": case(
        "The agency is named, but under another country's law.",
        all_("country_not_named"),
        recipient={"agency": DESTINATION, "country": "IN"},
    ),
    "no-countries": case("No country named is none.", all_("country_not_named"), {"countries": []}),
    "purpose-not-named": case(
        "The consent names other purposes.", all_("purpose_not_named"), purpose="research"
    ),
    "purpose-unknown": case(
        "An unknown purpose is never permitted.", all_("purpose_not_named"), purpose="world_peace"
    ),
    "purpose-prohibited": case(
        "Nobody can consent to this purpose.",
        all_("purpose_prohibited"),
        purpose="immigration_enforcement",
    ),
    "second-purpose": case(
        "Each purpose is asked for apart.", {"name": "permitted /permit/0"}, purpose="legal_aid"
    ),
    "unknown-category": case(
        "An unknown category is denied; the others are decided as ever.",
        {"shoe_size": "not_named", "name": "permitted /permit/0"},
    ),
    "grant-is-not-shared": case(
        "The grant is protocol data and never a category of the record.",
        {"grant": "not_named"},
        {"permit": ["grant"]},
    ),
    "offer-stage": case(
        "Before acceptance only what may stand in an offer; the permitting line is named.",
        {
            "age_band": "permitted /permit/1",
            "name": "before_acceptance /permit/0",
            "religion": "denied /deny/0",
            "sex": "not_named",
        },
        stage="offer",
    ),
    "narrative-all-permitted": case(
        "Free text goes where all that it touches may go.",
        {NARRATIVE: "permitted /permit/0"},
        {"permit": [NARRATIVE, *TOUCHED]},
    ),
    "narrative-one-not-named": case(
        "Free text touches a category that no line names: there is no line to point at.",
        {NARRATIVE: "touches_denied", "mental_health": "not_named"},
        {"permit": [NARRATIVE, *(one for one in TOUCHED if one != "mental_health")]},
    ),
    "narrative-one-denied": case(
        "Free text touches a category that a line denies.",
        {NARRATIVE: "touches_denied /deny/1"},
        {"permit": [NARRATIVE, *TOUCHED], "deny": ["religion", "safety_risk"]},
    ),
    "own-words-need-all-of-the-most-sensitive": case(
        "Free text that declares nothing may touch every category of sensitivity 4.",
        {"survivor_own_words": "touches_denied", "name": "permitted /permit/1"},
        {"permit": ["survivor_own_words", "name", *TOUCHED]},
    ),
    "outcomes-speak-of-aspirations": case(
        "Also text that is not a category of its own declares what it speaks of.",
        {"outcomes": "touches_denied"},
        {"permit": ["outcomes"]},
    ),
    "same-category-twice": case(
        "The first line that names it is said.",
        {"name": "permitted /permit/1"},
        {"permit": ["hiv", "name", "name"]},
    ),
}
