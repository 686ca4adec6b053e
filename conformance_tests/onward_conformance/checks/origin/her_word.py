"""What she has said elsewhere, before and since: what counts of it here, and what does not."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

from onward_conformance import bases
from onward_conformance.cases import CONTENT, Case, accepted, agreed, disclosed, offered, record
from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.consents import refused
from onward_conformance.hands import Refusal
from onward_conformance.network import Json, moment, now
from onward_conformance.referral import identifier
from onward_conformance.results import Failed, spelled

LINKED: Json = {"scope": {"linked": True}}
ALL: Json = {"everything": True, "linked": True}


def _ago(minutes: int) -> str:
    return moment(now() - timedelta(minutes=minutes))


@check("CONS-052", negative=True)
def no_to_research_changes_no_help(bench: Bench) -> None:
    """In another record she refuses research, and what she denies there is for help to know."""
    her = identifier()
    consent = agreed(bench, subjectId=her)
    agreed(bench, subjectId=her, status="refused", purposes=["research"], deny=["language"])
    if "language" not in offered(bench, consent=consent).categories:
        raise Failed("the language, which she permits for help", "nothing")


@check("CONS-052", negative=True)
def yes_to_research_opens_nothing_to_help(bench: Bench) -> None:
    """What she permits for research alone is not told to who helps."""
    her = identifier()
    consent = agreed(bench, subjectId=her, permit=["age_band", "sex"])
    agreed(bench, subjectId=her, purposes=["research"], permit=["age_band", "language"])
    if "language" in offered(bench, consent=consent).categories:
        raise Failed("no language, which she permits for research", "it came")


def _taken_back_elsewhere(bench: Bench, her: str) -> None:
    """She takes back, with reach, what was offered to the same agency by another consent."""
    case = offered(bench, subjectId=her)
    case.withdraw(**LINKED)
    case.came("withdraw")


@check("WDRW-045", negative=True)
def older_yes_that_was_written_down_late(bench: Bench) -> None:
    """It is recorded after she took everything back, and she had said it before."""
    her = identifier()
    _taken_back_elsewhere(bench, her)
    _next_second()
    late = agreed(bench, subjectId=her, givenAt=_ago(60), askedBy="person")
    refused(bench, late, "CONSENT_WITHDRAWN")


@check("WDRW-043", negative=True)
def older_yes_to_something_else(bench: Bench) -> None:
    """She takes everything back, with reach: what she had agreed to for research before does not
    go to that agency either."""
    her = identifier()
    older = agreed(bench, subjectId=her, purposes=["research"])
    _taken_back_elsewhere(bench, her)
    refused(bench, older, "CONSENT_WITHDRAWN", write={"purpose": "research"})


@check("WDRW-045", negative=True)
def older_yes_that_is_dated_ahead(bench: Bench) -> None:
    """It says that she gave it tomorrow, and is recorded before she took everything back."""
    her = identifier()
    early: Json = {}
    with suppress(Refusal):  # Who does not take such a time sends nothing by it.
        said = {"subjectId": her, "givenAt": _ago(-24 * 60)}
        early = _recorded(bench, **said)
    _taken_back_elsewhere(bench, her)
    if early:
        refused(bench, early, "CONSENT_WITHDRAWN")


def _recorded(bench: Bench, **changed: Any) -> Json:
    said = record(bench.cast.partner, **changed)
    return bench.hand.call("Consents.RecordConsent", {"consent": said})


@check("WDRW-063", negative=True)
def withdrawal_of_the_other_agency_that_is_dated_back(bench: Bench) -> None:
    """She takes everything back at the destination, whose clock is an hour behind: over what she
    had agreed to before it came, it counts."""
    her = identifier()
    case = accepted(bench, subjectId=her)
    _next_second()
    between = agreed(bench, subjectId=her, givenAt=moment(now()))
    case.write("withdraw", withdrawal=ALL, time=_ago(60))
    refused(bench, between, "CONSENT_WITHDRAWN")


def _next_second() -> None:
    """Times are in whole seconds: what comes now is later than what was."""
    time.sleep(1 - time.time() % 1)


@check("WDRW-044", negative=True)
def consent_from_before_in_what_began_by_a_basis(bench: Bench) -> None:
    """The referral began without her yes, and she took her name back in it: by an older consent it
    does not go either."""
    basis = bases.approved(bench)
    older = agreed(bench, subjectId=basis["subjectId"])
    case = bases.accepted(bench, basis)
    case.withdraw("name")
    case.came("withdraw")
    request = {"referralId": case.id, "consentId": older["consentId"], "record": CONTENT}
    with suppress(Refusal):
        bench.hand.call("Referrals.Disclose", request)
        case.came("disclose")
    if "name" in case.categories:
        raise Failed("no name, which she has taken back", "it came")


def _reaches(bench: Bench, first: Case, other: Case) -> None:
    """What she takes back in the first referral, with reach, is taken back in the other."""
    first.withdraw("language", **LINKED)
    said = other.came("withdraw")
    if "language" not in said["withdrawal"].get("categories", []):
        raise Failed("the language to be taken back", said["withdrawal"])


@check("WDRW-065")
def withdrawal_reaches_what_went_by_another_consent(bench: Bench) -> None:
    """She had agreed twice, to two agencies."""
    her = identifier()
    other = offered(bench, bench.cast.second, subjectId=her)
    _reaches(bench, offered(bench, subjectId=her), other)


@check("WDRW-065", "WDRW-023")
def withdrawal_reaches_where_an_earlier_one_did_not(bench: Bench) -> None:
    """She had taken back all of the other referral, without reach. What she says now is to reach
    all: whoever holds it from there has to hear that, too."""
    her = identifier()
    first = offered(bench, subjectId=her)
    other = offered(bench, bench.cast.second, subjectId=her)
    other.withdraw()
    other.came("withdraw")
    before = len(other.referral.came)
    first.withdraw(**LINKED)
    said = other.next("withdraw", before, by="WDRW-065")["withdrawal"]
    if said != ALL:
        raise Failed("everything, linked", said)


@check("WDRW-065")
def withdrawal_reaches_what_went_by_a_basis(bench: Bench) -> None:
    """Something of hers had gone without her yes."""
    basis = bases.approved(bench)
    other = bases.offered(bench, basis)
    _reaches(bench, offered(bench, subjectId=basis["subjectId"]), other)


def _withdrawn(bench: Bench, **marked: Any) -> tuple[Json, Json]:
    """Taken back. Gives what shows of it at the target, and what comes."""
    case = disclosed(bench)
    said = case.ask("Withdraw", withdrawal={"everything": True}, **marked)
    shown = said.get("referral", {})
    needs = sorted(one["code"] for one in shown.get("needsHuman", []))
    parts = sorted((one["category"], one["state"]) for one in shown.get("parts", []))
    entry = case.came("withdraw")
    came = {name for name in entry if name != "refused"}
    told = {"members": sorted(came), "withdrawal": entry["withdrawal"]}
    text = str(case.ask("GetReferral")) + str(case.ask("ListEntries"))
    spoken = sorted(word for word in ("suspect", "pressure") if word in text.lower())
    return {"answer": sorted(said), "needs": needs, "parts": parts, "words": spoken}, told


@check("WDRW-028", negative=True)
def suspected_pressure_does_not_show(bench: Bench) -> None:
    """Marked as made under pressure or not: answer, entry and lists are alike."""
    marked, bare = _withdrawn(bench, suspectedPressure=True), _withdrawn(bench)
    for one, other in zip(marked, bare, strict=True):
        if one != other:
            raise Failed(f"{spelled(other)}, as without the mark", one)
