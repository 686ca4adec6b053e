"""After the acceptance: exactly what she agreed to, and nothing before it."""

from __future__ import annotations

from typing import Any

from onward_conformance.cases import (
    ACCEPTED,
    CONTENT,
    OFFER,
    PERMIT,
    WORDS,
    accepted,
    disclosed,
    entries,
    offered,
)
from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.offers import TOLD, silent
from onward_conformance.jose import part_digest
from onward_conformance.network import Json
from onward_conformance.results import Failed, spelled
from onward_conformance.said import claims

PERSON = "canary-login"
EVERYTHING = {"everything": True}
TOLD_AFTER = {"name", "contact_safe", "date_of_birth"}


def _told(found: set[str], wanted: set[str], by: str) -> None:
    if found != wanted:
        by = by if found - wanted else "CONS-023"
        raise Failed(f"{spelled(sorted(wanted))} after the acceptance", sorted(found), by=by)


@check("CONS-023", "GRNT-003")
def disclosure_is_exactly_what_she_agreed_to(bench: Bench) -> None:
    """Of a record that holds more, what she permits comes, under a grant that names just that."""
    case = disclosed(bench)
    _told(case.categories - TOLD, TOLD_AFTER, "CONS-020")
    said = case.grant(case.came("disclose"))
    if set(said["categories"]) != TOLD_AFTER:
        raise Failed(
            f"{spelled(sorted(TOLD_AFTER))} in the grant", said["categories"], by="GRNT-003"
        )


@check("CAT-002")
def category_comes_as_it_was_told(bench: Bench) -> None:
    """Each category that comes has all that was said in it."""
    case = disclosed(bench)
    given = {**OFFER, **CONTENT}
    for one in case.referral.parts:
        first, *more = one["category"].split("_")
        said = given.get(first + "".join(each.capitalize() for each in more))
        if said is not None and (lost := _lost(said, claims(one["content"].encode()))):
            raise Failed(f"all of {one['category']}", f"nothing of {spelled(lost)}")


def _lost(given: Any, came: Any) -> str:
    """What was given and did not come: the first member; empty if all did."""
    if isinstance(given, dict):
        inner = {name: _lost(one, (came or {}).get(name)) for name, one in given.items()}
        return next((f"{name}.{lost}".rstrip(".") for name, lost in inner.items() if lost), "")
    if isinstance(given, list) and len(given) == len(came or []):
        return next(filter(None, map(_lost, given, came)), "")
    return "" if given == came else "it"


@check("LOC-022", negative=True)
def who_did_it_stays_at_home(bench: Bench) -> None:
    """In nothing that comes does the login stand of who told, reminded and took back."""
    case = offered(bench)
    case.accept()
    for name, request in (
        ("Disclose", case.content()), ("Remind", {}), ("Withdraw", {"withdrawal": EVERYTHING}),
    ):  # fmt: skip
        bench.act(f"Referrals.{name}", {"referralId": case.id, **request}, PERSON)
        case.came(name.lower())
    silent(case, PERSON, by="LOC-022")


@check("CONS-020", "CONS-023", negative=True)
def disclosure_without_what_she_did_not_name(bench: Bench) -> None:
    """Her story and her health stay: no word of them is in anything that came."""
    case = disclosed(bench)
    silent(case, WORDS["mental_health"], WORDS["exploitation_detail_narrative"], by="CONS-020")


@check("CONS-020", negative=True)
def disclosure_without_what_she_denies(bench: Bench) -> None:
    """Deny beats permit."""
    case = disclosed(bench, deny=["contact_safe"])
    _told(case.categories - TOLD, TOLD_AFTER - {"contact_safe"}, "CONS-020")
    silent(case, WORDS["contact_safe"], by="CONS-020")


@check("CONS-020", negative=True)
def story_that_touches_what_she_denies(bench: Bench) -> None:
    """She permits her story and denies her health: the story can speak of it, so it stays."""
    narrative = "exploitation_detail_narrative"
    touched = (
        "exploitation_type",
        "means_of_control",
        "recruitment",
        "exploitation_location",
        "physical_health",
        "sexual_reproductive_health",
        "safety_risk",
    )
    permit = [*PERMIT, narrative, *touched, "mental_health"]
    case = disclosed(bench, permit=permit, deny=["mental_health"])
    _told(case.categories - TOLD, TOLD_AFTER, "CONS-020")
    silent(case, WORDS[narrative], by="CONS-020")


@check("CONS-020", negative=True)
def story_that_touches_what_she_did_not_name(bench: Bench) -> None:
    """She permits her story, and not all that it may speak of."""
    case = disclosed(bench, permit=[*PERMIT, "exploitation_detail_narrative"])
    silent(case, WORDS["exploitation_detail_narrative"], by="CONS-020")


@check("ACT-002", "ACT-001", negative=True)
def disclosure_before_the_acceptance(bench: Bench) -> None:
    """Ask before you tell."""
    case = offered(bench)
    case.refused("Disclose", "STATE_CONFLICT", **case.content())
    case.write("acknowledge")
    case.refused("Disclose", "STATE_CONFLICT", **case.content())
    silent(case, *(WORDS[one] for one in TOLD_AFTER), by="ACT-006")


@check("DLV-057")
def alert_brings_what_helps(bench: Bench) -> None:
    """She is missing, and was accepted there: how to reach her comes with the alert itself, or as
    much of that as the target puts into one envelope."""
    case = accepted(bench)
    case.ask("Alert", alert="missing", record={"contactSafe": CONTENT["contactSafe"]})
    case.came("alert")
    for arrival in case.arrivals:
        if "alert" in [one["kind"] for one in entries(arrival)]:
            found = {one["category"] for one in arrival.bundle.get("parts", [])}
            if not found:
                raise Failed("parts of its own beside the alert", "none")
            if found - {"grant", "contact_safe"}:
                raise Failed("the grant and contact_safe alone", sorted(found))
            return


@check("ACT-002", "ACT-001", negative=True)
def disclosure_to_who_declined(bench: Bench) -> None:
    """Nothing is told to an agency that does not help her."""
    case = offered(bench)
    case.write("acknowledge")
    no = [{"number": 1, "state": "declined_by_agency", "reason": "no_capacity"}]
    case.write("decide", items=no)
    case.refused("Disclose", "STATE_CONFLICT", **case.content())


@check("ACT-002", "ACT-001", negative=True)
def disclosure_to_who_has_a_waiting_list(bench: Bench) -> None:
    """She waits there, and nobody has accepted her: nothing more is told."""
    case = offered(bench)
    case.write("acknowledge")
    case.write("decide", items=[{"number": 1, "state": "waitlisted"}])
    case.refused("Disclose", "STATE_CONFLICT", **case.content())


@check("FOLD-024", negative=True)
def disclosure_after_a_request_to_cancel(bench: Bench) -> None:
    """Nothing more is told to an agency that was asked to cancel."""
    case = accepted(bench)
    case.ask("Cancel", cancelReason="served_elsewhere")
    case.refused("Disclose", "STATE_CONFLICT", **case.content())


@check("ACT-002", "ACT-001", negative=True)
def disclosure_after_it_was_cancelled(bench: Bench) -> None:
    """The destination has confirmed: the referral rests."""
    case = accepted(bench)
    case.ask("Cancel", cancelReason="served_elsewhere")
    case.came("cancel")
    case.write("confirm_cancel")
    case.refused("Disclose", "STATE_CONFLICT", **case.content())


@check("ACT-002", negative=True)
def disclosure_after_it_was_opened_again(bench: Bench) -> None:
    """No acceptance outlives its round: a new one is asked for first."""
    case = accepted(bench)
    done = [{"number": 1, "state": "completed"}]
    case.write("complete", items=done)
    needs = {
        "needsServices": {"items": [{"number": 2, "serviceType": "legal_advice", "wish": "now"}]}
    }
    items = [{"number": 2, "wish": "now"}]
    case.ask("Reopen", items=items, record=needs)
    if case.came("reopen")["round"] != 1:
        raise Failed("round 1 in the act that begins round 2", "another", by="ACT-002")
    case.refused("Disclose", "STATE_CONFLICT", **case.content())
    case.referral.round = 2
    case.write("acknowledge")
    case.write("decide", items=[ACCEPTED[0] | {"number": 2}])
    case.disclose()


@check("PART-006", negative=True)
def disclosed_again_with_new_salts(bench: Bench) -> None:
    """The same content once more is a new part with a new salt."""
    case = disclosed(bench)
    first = case.came("disclose")
    second = case.disclose()
    same = {one["digest"] for one in first["parts"]} & {one["digest"] for one in second["parts"]}
    if same:
        raise Failed("new digests", f"{len(same)} that stand there before")


@check("FOLD-033", "PART-002")
def correction_stands_in_for_a_part(bench: Bench) -> None:
    """A wrong name is corrected: the entry names the old part, and brings the new one."""
    case = disclosed(bench)
    old = _digest(case.referral.parts, "name")
    case.ask("Correct", corrects=[old], record={"name": {"firstName": "Newcanary"}})
    said = case.came("correct")
    if said["corrects"] != [old]:
        raise Failed(f"corrects {spelled(old)}", said["corrects"])
    if not any("Newcanary" in one["content"] for one in case.referral.parts):
        raise Failed("the right name", "nothing", by="CONS-023")


@check("FOLD-033", negative=True)
def correction_of_what_the_other_wrote(bench: Bench) -> None:
    """Nobody corrects what another agency said."""
    case = disclosed(bench)
    other = case.referral.referral_id.ljust(43, "A")[:43]
    record = {"name": {"firstName": "Newcanary"}}
    case.refused("Correct", corrects=[other], record=record)
    silent(case, "Newcanary", by="FOLD-033")


@check("FOLD-038", negative=True)
def correction_of_a_grant_at_the_origin(bench: Bench) -> None:
    """What she agreed to is not corrected; she is asked again."""
    case = disclosed(bench)
    grant = _digest(case.referral.parts, "grant")
    case.refused("Correct", corrects=[grant], record={"name": {"firstName": "Newcanary"}})


@check("ACT-017", negative=True)
def correction_of_nothing_at_the_origin(bench: Bench) -> None:
    """It names what it stands in for."""
    case = disclosed(bench)
    case.refused("Correct", "INVALID_FIELD", record={"name": {"firstName": "Newcanary"}})


@check("CONS-020", negative=True)
def correction_with_what_she_denies(bench: Bench) -> None:
    """A correction is no way around her no."""
    case = disclosed(bench, deny=["contact_safe"])
    old = _digest(case.referral.parts, "name")
    health = {"ownWords": "hers", "ownWordsLanguage": "en"}
    new = {"name": {"firstName": "Newcanary"}, "mentalHealth": health}
    case.ask("Correct", corrects=[old], record=new)
    case.came("correct")
    _told(case.categories - TOLD, TOLD_AFTER - {"contact_safe"}, "CONS-020")


def _digest(parts: list[Json], category: str) -> str:
    return next(part_digest(one) for one in parts if one["category"] == category)
