"""What came from one agency goes on to another only as its grant says."""

from __future__ import annotations

from datetime import timedelta

from onward_conformance import oracle
from onward_conformance.cases import Case, agreed, offered, plain
from onward_conformance.check import Bench, check
from onward_conformance.checks.forwarder.road import (
    NEEDS,
    TOLD,
    onward,
    passed_on,
    received,
    taken_back,
    told,
)
from onward_conformance.network import Json, moment, now
from onward_conformance.referral import identifier
from onward_conformance.results import Failed, spelled


def _expect(case: Case, *wanted: str, by: str = "GRNT-031") -> None:
    if case.categories != set(wanted):
        by = by if case.categories - set(wanted) else "CONS-023"
        raise Failed(
            f"{spelled(sorted(wanted))} at the second agency", sorted(case.categories), by=by
        )


@check("GRNT-031", "CONS-023")
def what_the_grant_lets_go_on(bench: Bench) -> None:
    """The first agency's grant names a way on, and the person agrees: it goes on."""
    case = passed_on(bench, received(bench))
    _expect(case, "needs_services", "name", "contact_safe", by="CONS-023")


@check("GRNT-007", "GRNT-031", negative=True)
def what_the_grant_keeps_there(bench: Bench) -> None:
    """No way on is named: what came stays, also where she has told the target the same, and
    what only the target has heard goes."""
    case = onward(bench, received(bench, onwardSharing="none"), NEEDS | {"sex": {"sex": "female"}})
    _expect(case, "needs_services", by="GRNT-007")


@check("GRNT-007", "CONS-022", negative=True)
def nothing_but_what_the_grant_keeps_there(bench: Bench) -> None:
    """All that would be told came under a grant that names no way on: the act is refused."""
    case = onward(bench, received(bench, onwardSharing="none"))
    case.accept()
    _nothing(case, "GRNT-007")


@check("GRNT-031", negative=True)
def newest_grant_counts(bench: Bench) -> None:
    """A newer grant of the first agency lets the name no longer go on."""
    source = received(bench)
    told(bench, source, ("name",), purposes=["follow_up_contact"])
    _expect(passed_on(bench, source), "needs_services", "contact_safe")


@check("GRNT-031", negative=True)
def grant_for_another_purpose(bench: Bench) -> None:
    """It came for one purpose, and would go on for another."""
    source = received(bench, purposes=["follow_up_contact"])
    case = onward(bench, source)
    case.accept()
    _nothing(case, "GRNT-031")


def _nothing(case: Case, by: str) -> None:
    """Nothing can be told: the act is refused as a whole."""
    try:
        case.refused("Disclose", "CONSENT_SCOPE", **case.content(TOLD))
    except Failed as failed:
        case.came("disclose")
        by = by if case.categories & {"name", "contact_safe"} else "CONS-022"
        raise Failed(failed.expected, failed.came, by=by) from None


@check("GRNT-033", "GRNT-031", negative=True)
def what_was_taken_back_does_not_go_on(bench: Bench) -> None:
    """The first agency has taken the name back before it is told on."""
    source = received(bench)
    taken_back(bench, source, categories=["name"])
    _expect(passed_on(bench, source), "needs_services", "contact_safe", by="GRNT-033")


@check("GRNT-031", negative=True)
def what_came_does_not_go_back_to_its_agency(bench: Bench) -> None:
    """The agency that it came from is not told it again as if it were news."""
    source = received(bench)
    link = {"kind": "onward", "referralId": source.referral_id}
    what = NEEDS | {"sex": {"sex": "female"}}
    case = offered(bench, bench.cast.partner, what=what, link=link)
    _expect(case, "needs_services")


@check("GRNT-032", negative=True)
def onward_grant_lasts_no_longer(bench: Bench) -> None:
    """The person agreed to more at the target than the first agency's grant gives: the shorter
    end and the shorter retention count."""
    end = moment(now() + timedelta(days=20))
    case = passed_on(bench, received(bench, validUntil=end, retentionDays=4))
    said = case.grant(case.came("disclose"))
    if oracle.moment(said["validUntil"]) > oracle.moment(end) or said["retentionDays"] > 4:
        terms = f"{said['validUntil']} and {said['retentionDays']} days"
        raise Failed(f"no later than {end}, and 4 days", terms)


@check("GRNT-032", negative=True)
def onward_grant_names_no_more_purposes(bench: Bench) -> None:
    """What it came for is what it goes on for."""
    case = passed_on(bench, received(bench), purposes=["service_delivery", "follow_up_contact"])
    said = case.grant(case.came("disclose"))
    if said["purposes"] != ["service_delivery"]:
        raise Failed("service_delivery alone", said["purposes"])


@check("CONS-020", negative=True)
def what_she_denies_at_the_target(bench: Bench) -> None:
    """The first agency's grant is no consent: what she denies here stays here."""
    case = passed_on(bench, received(bench), deny=["name"])
    _expect(case, "needs_services", "contact_safe", by="CONS-020")


@check("GRNT-030", "WDRW-010", negative=True)
def nobody_is_told_where_it_came_from(bench: Bench) -> None:
    """The link stays at the target: neither the first agency nor its referral is named."""
    source = received(bench)
    case = passed_on(bench, source)
    words = (source.referral_id, source.author.name)
    for arrival in case.arrivals:
        said = plain(arrival)
        if found := [one for one in words if one in said]:
            raise Failed("no word of the first agency", found[0])


def _refused(bench: Bench, link: Json, reason: str) -> None:
    second = bench.cast.second
    request = {
        "destination": second.name, "consentId": agreed(bench, second)["consentId"],
        "items": [{"number": 1, "wish": "now"}], "record": NEEDS, "link": link,
    }  # fmt: skip
    bench.act_refused("Referrals.Offer", request, reason)


@check("GRNT-039", negative=True)
def link_of_another_kind(bench: Bench) -> None:
    """By no other name can what came go on without its grant."""
    source = received(bench)
    for kind in ("forward", "resumes"):
        _refused(bench, {"kind": kind, "referralId": source.referral_id}, "INVALID_FIELD")


@check("GRNT-030", negative=True)
def onward_from_what_the_target_offered(bench: Bench) -> None:
    """Only what came can be passed on."""
    case = offered(bench)
    _refused(bench, {"kind": "onward", "referralId": case.id}, "INVALID_FIELD")


@check("GRNT-030", negative=True)
def onward_from_nowhere(bench: Bench) -> None:
    """A referral that the target does not have."""
    _refused(bench, {"kind": "onward", "referralId": identifier()}, "NOT_FOUND")


@check("GRNT-031", negative=True)
def correction_does_not_tell_on_what_was_not_granted(bench: Bench) -> None:
    """A correction in the second referral is held to the first agency's grant, too."""
    source = received(bench)
    case = passed_on(bench, source)
    told(bench, source, ("name",), purposes=["follow_up_contact"])
    old = next(one["digest"] for one in case.came("disclose")["parts"] if one["category"] == "name")
    case.ask("Correct", corrects=[old], record={"name": {"firstName": "Newcanary"}})
    case.came("correct")
    for arrival in case.arrivals:
        if "Newcanary" in plain(arrival):
            raise Failed("no name without a grant", "it came")
