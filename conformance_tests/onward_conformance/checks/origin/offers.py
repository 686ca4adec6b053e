"""The offer: what it tells, what it never tells, and under which grant."""

from __future__ import annotations

import json
from datetime import timedelta

from onward_conformance.cases import (
    ITEMS,
    OFFER,
    PERMIT,
    WORDS,
    Case,
    accepted,
    agreed,
    entries,
    offered,
    plain,
)
from onward_conformance.check import Bench, check
from onward_conformance.network import Json, moment, now
from onward_conformance.results import Failed, spelled

TOLD = {"age_band", "sex", "language", "needs_services"}


def _expect(found: set[str], wanted: set[str], by: str = "CONS-023") -> None:
    """What is too much breaks `by`; what is missing breaks CONS-023."""
    if found != wanted:
        by = by if found - wanted else "CONS-023"
        raise Failed(f"the categories {spelled(sorted(wanted))}", sorted(found), by=by)


def silent(case: Case, *words: str, by: str) -> None:
    """None of the words stands in anything that came of the referral."""
    for arrival in case.arrivals:
        said = plain(arrival)
        if found := [word for word in words if word in said]:
            raise Failed(f"nothing of {json.dumps(found[0])}", "it came", by=by)


@check("CONS-023", "ENT-008", "ENV-012", "ENV-016", "ENV-004")
def offer_tells_what_she_permits(bench: Bench) -> None:
    """What she agreed to of the record comes with the offer, signed, and sealed to the newest
    key of the destination that is in use."""
    case = offered(bench)
    _expect(case.categories, TOLD)
    if case.offered["items"] != ITEMS:
        raise Failed(f"the items {spelled(ITEMS)}", case.offered["items"], by="ENT-002")


@check("CONS-023", "CONS-020", negative=True)
def offer_without_what_she_denies(bench: Bench) -> None:
    """A category that she denies does not come, also where she permits it as well."""
    case = offered(bench, deny=["language"])
    _expect(case.categories, TOLD - {"language"}, by="CONS-020")
    silent(case, f'"{WORDS["language"]}"', by="CONS-020")


@check("CONS-023", "CONS-020", negative=True)
def offer_without_what_she_was_not_asked(bench: Bench) -> None:
    """Absence is deny: a category that the consent does not name does not come."""
    case = offered(bench, permit=[one for one in PERMIT if one not in ("sex", "language")])
    _expect(case.categories, TOLD - {"sex", "language"}, by="CONS-020")


@check("ACT-011", negative=True)
def offer_has_no_field_for_a_name(bench: Bench) -> None:
    """Before the acceptance nobody can even ask the target to send a name."""
    consent = agreed(bench)
    request = {
        "destination": bench.cast.partner.name, "consentId": consent["consentId"], "items": ITEMS,
        "record": OFFER | {"name": {"firstName": WORDS["name"]}},
    }  # fmt: skip
    bench.act_refused("Referrals.Offer", request)


@check("ACT-006", "CAT-004", negative=True)
def alert_before_the_acceptance(bench: Bench) -> None:
    """An alert goes at once, and what identifies her waits: her number is not for offers."""
    case = offered(bench)
    number = {"rule": "through_agency", "ways": [
        {"channel": "mobile_call", "mobilePhone": WORDS["contact_safe"]}]}  # fmt: skip
    case.ask("Alert", alert="missing", record={"contactSafe": number})
    case.came("alert")
    _expect(case.categories, TOLD, by="ACT-006")
    silent(case, WORDS["contact_safe"], by="ACT-006")


@check("CAT-003", "CAT-001", negative=True)
def entry_and_header_hold_nothing_personal(bench: Bench) -> None:
    """What a category holds stands in parts, and never in the entry, the header or the address."""
    case = offered(bench)
    for arrival in case.arrivals:
        said = json.dumps([arrival.header, entries(arrival)])
        for word in ("tlh", "trauma_therapy", "a24_26", "female"):
            if f'"{word}"' in said:
                raise Failed(f"no {word} outside a part", "it stands there")


@check("CONS-001", "WORD-003", negative=True)
def consent_and_its_person_do_not_travel(bench: Bench) -> None:
    """Neither the id of the consent, nor the agency's own id of the person, nor how she said
    it, is told to the destination."""
    case = offered(bench)
    silent(case, case.consent["subjectId"], by="WORD-003")
    silent(case, case.consent["consentId"], '"recipients"', '"givenAt"', '"deny"', by="CONS-001")


@check("GRNT-002", negative=True)
def grant_has_an_id_of_its_own(bench: Bench) -> None:
    """Two referrals by one consent can't be linked by their grants, nor to the consent."""
    one = offered(bench)
    two = offered(bench, consent=one.consent)
    names = [case.offered["grantId"] for case in (one, two)]
    if len({*names, one.consent["consentId"], one.id, two.id}) != 5:
        raise Failed("grants with ids of their own", names)


@check("GRNT-015", negative=True)
def grant_of_a_disclosure_has_another_id(bench: Bench) -> None:
    """The grants of an offer and of a disclosure in one referral have two ids."""
    case = accepted(bench)
    case.ask("Disclose", **case.content())
    said = bench.came(case.referral, "disclose")
    if said["grantId"] == case.offered["grantId"]:
        raise Failed("another id than the offer's grant has", said["grantId"])


@check("GRNT-003", "GRNT-001")
def grant_names_what_was_permitted(bench: Bench) -> None:
    """Its categories are exactly those that came, and its purposes those of the consent."""
    case = offered(bench, deny=["language"], purposes=["service_delivery", "follow_up_contact"])
    said = case.grant(case.offered)
    if set(said["categories"]) != TOLD - {"language"}:
        by = "CONS-020" if "language" in case.categories else "GRNT-003"
        raise Failed(sorted(TOLD - {"language"}), said["categories"], by=by)
    if sorted(said["purposes"]) != ["follow_up_contact", "service_delivery"]:
        raise Failed("the purposes of the consent", said["purposes"])


@check("GRNT-003", negative=True)
def grant_gives_no_purpose_that_she_did_not_give(bench: Bench) -> None:
    """One purpose in the consent is one purpose in the grant."""
    said = (case := offered(bench)).grant(case.offered)
    if said["purposes"] != ["service_delivery"]:
        raise Failed("service_delivery alone", said["purposes"])


@check("GRNT-004", negative=True)
def grant_is_no_wider_than_the_consent(bench: Bench) -> None:
    """Basis, onward sharing, feedback, end and retention are those that she agreed to."""
    end = moment(now() + timedelta(days=17))
    terms: Json = {"feedback": "status_only", "validUntil": end, "retentionDays": 9}
    said = (case := offered(bench, **terms)).grant(case.offered)
    for name, right in (terms | {"basis": "consent", "onwardSharing": "none"}).items():
        if said[name] != right:
            raise Failed(f"{name} {spelled(right)}", said[name])


@check("GRNT-010", "GRNT-003")
def grant_is_for_this_referral(bench: Bench) -> None:
    """It names its author, its recipient and its referral, so that the recipient can hold to it."""
    said = (case := offered(bench)).grant(case.offered)
    right = {"grantor": bench.agency, "grantee": case.referral.author.name, "referralId": case.id}
    for name, value in right.items():
        if said[name] != value:
            raise Failed(f"{name} {spelled(value)}", said[name], by="GRNT-010")


@check("PART-001", "PART-006", negative=True)
def same_content_twice_looks_different(bench: Bench) -> None:
    """The same record in two referrals: no digest and no salt is the same, so that nobody can
    tell by them that it is the same person."""
    one = offered(bench)
    two = offered(bench, consent=one.consent)
    digests = [{ref["digest"] for ref in case.offered["parts"]} for case in (one, two)]
    if digests[0] & digests[1]:
        raise Failed("other digests", "one came twice", by="PART-006")


@check("FOLD-010", "ACT-003", negative=True)
def offer_with_a_number_twice(bench: Bench) -> None:
    """Each item has a number of its own."""
    _not_offered(bench, [*ITEMS, *ITEMS], "ITEM_UNKNOWN")


@check("ACT-005", negative=True)
def offer_of_what_she_never_wants_at_the_origin(bench: Bench) -> None:
    """What she never wants is not asked for in her name."""
    _not_offered(bench, [{"number": 1, "wish": "never"}], "WISH_FORBIDS")


@check("FOLD-025", "ACT-003", negative=True)
def offer_of_an_item_that_goes_with_none(bench: Bench) -> None:
    """An item can't belong to one that the referral does not have."""
    _not_offered(bench, [{"number": 1, "wish": "now", "togetherWith": 7}], "ITEM_UNKNOWN")


def _not_offered(bench: Bench, items: list[Json], reason: str) -> None:
    request = {
        "destination": bench.cast.partner.name, "items": items, "record": OFFER,
        "consentId": agreed(bench)["consentId"],
    }  # fmt: skip
    bench.act_refused("Referrals.Offer", request, reason)
