"""What moves without her consent: by a basis goes what it names, once, and it stays at home."""

from __future__ import annotations

from datetime import timedelta

from onward_conformance import cases, oracle
from onward_conformance.bases import (
    HOURS,
    PERSONS,
    accepted,
    approve,
    approved,
    content,
    disclosed,
    offered,
    proposed,
)
from onward_conformance.cases import Case, agreed, certified, plain, told_since, withdrawal_of
from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.consents import refused
from onward_conformance.network import Json, moment, now
from onward_conformance.peer import lost
from onward_conformance.results import Failed, spelled


@check("BASE-001", negative=True)
def basis_stays_at_home(bench: Bench) -> None:
    """Neither its id nor its reason, its person or who approved it is in anything that came."""
    basis = approved(bench)
    case = disclosed(bench, basis)
    words = (basis["basisId"], basis["subjectId"], basis["reason"], *PERSONS)
    for arrival in case.arrivals:
        if found := [one for one in words if one in plain(arrival)]:
            raise Failed("nothing of the basis but its code", found[0])


SKEW = timedelta(minutes=1)
"""By how much the target's clock may differ from the suite's, as between nodes (DLV-011)."""


@check("BASE-032")
def grant_of_a_basis(bench: Bench) -> None:
    """Its code, its one purpose, no way on, the status alone, and no end later than its own."""
    basis = approved(bench)
    end = now() + timedelta(hours=HOURS)
    case = disclosed(bench, basis)
    wanted = {
        "basis": "vital_interest", "purposes": ["service_delivery"], "onwardSharing": "none",
        "feedback": "status_only",
    }  # fmt: skip
    for entry in (case.offered, case.came("disclose")):
        said = case.grant(entry)
        for name, one in wanted.items():
            if said.get(name) != one:
                raise Failed(f"{name} {spelled(one)} in the grant", said.get(name))
        if oracle.moment(said["validUntil"]) > end + SKEW:
            raise Failed(f"no end after {moment(end)}", said["validUntil"])


@check("CONS-020", negative=True)
def category_beyond_the_basis(bench: Bench) -> None:
    """Of a record that holds more, what the basis does not name stays."""
    case = disclosed(bench, approved(bench, categories=["language", "name"]))
    if case.categories != {"language", "name"}:
        raise Failed("the language and the name", sorted(case.categories))


def _offer(bench: Bench, basis: Json, *reasons: str) -> None:
    refused(bench, {}, *reasons, basisId=basis["basisId"])


@check("BASE-020", negative=True)
def basis_that_one_person_approved(bench: Bench) -> None:
    """It waits for a second person, and moves nothing."""
    basis = proposed(bench)
    approve(bench, basis, PERSONS[0])
    _offer(bench, basis, "APPROVAL_NEEDED")


@check("BASE-021", negative=True)
def basis_that_one_person_approved_twice(bench: Bench) -> None:
    """The second yes is of the same person, whose login is written in capitals this time."""
    basis = proposed(bench)
    approve(bench, basis, PERSONS[0])
    same = {"basisId": basis["basisId"]}
    for person in (PERSONS[0], PERSONS[0].upper()):
        bench.act_refused("Bases.ApproveBasis", same, "APPROVAL_NEEDED", person=person)
    _offer(bench, basis, "APPROVAL_NEEDED")


@check("BASE-022", negative=True)
def basis_that_one_person_refused(bench: Bench) -> None:
    """It was in force, and somebody has refused it since: it is over for good."""
    basis = approved(bench)
    approve(bench, basis, "canary-login-three", refuse=True)
    _offer(bench, basis, "APPROVAL_OVER")


@check("BASE-011", negative=True)
def category_that_she_took_back_before(bench: Bench) -> None:
    """What she took back where something had moved by a basis does not go by it again."""
    basis = approved(bench)
    first = offered(bench, basis)
    first.withdraw("language")
    first.came("withdraw")
    if "language" in offered(bench, basis).categories:
        raise Failed("no language", "it came")


@check("BASE-011", negative=True)
def category_that_she_denied_since_the_approval(bench: Bench) -> None:
    """Two persons have approved it; then she says in a consent that her name is not to go."""
    basis = approved(bench)
    agreed(bench, subjectId=basis["subjectId"], permit=["language"], deny=["name"])
    case = disclosed(bench, basis)
    if "name" in case.categories:
        raise Failed("no name", "it came")


@check("BASE-013", negative=True)
def basis_after_she_said_no(bench: Bench) -> None:
    """She could be asked, and has refused since: nothing goes by what was approved before."""
    basis = approved(bench, reason="immediate_danger")
    agreed(bench, subjectId=basis["subjectId"], status="refused")
    _offer(bench, basis)


@check("BASE-013", negative=True)
def basis_after_she_took_everything_back(bench: Bench) -> None:
    """The same, where her no is a withdrawal of what moved by it."""
    basis = approved(bench, reason="immediate_danger")
    case = offered(bench, basis)
    case.withdraw()
    case.came("withdraw")
    _offer(bench, basis)


@check("BASE-031", negative=True)
def disclosure_that_does_not_name_the_basis(bench: Bench) -> None:
    """The referral began by it; each disclosure names it anew."""
    case = accepted(bench, approved(bench))
    case.refused("Disclose", "CONSENT_MISSING", record=cases.CONTENT)


@check("BASE-031", negative=True)
def alert_brings_nothing_by_the_basis(bench: Bench) -> None:
    """An alert crosses whatever moves, and brings nothing that nobody agreed to."""
    case = accepted(bench, approved(bench))
    record = {"contactSafe": cases.CONTENT["contactSafe"]}
    before = case.categories
    case.ask("Alert", alert="missing", record=record)
    if case.came("alert").get("parts") or case.categories != before:
        raise Failed("an alert without parts", sorted(case.categories - before))


def _another(bench: Bench, case: Case) -> None:
    case.refused("Disclose", "BASIS_CEILING", **content(approved(bench)))


@check("CONS-060", negative=True)
def part_of_a_basis_that_is_over_before_it_left(bench: Bench) -> None:
    """It was written by a basis in force, and lost on its way; then somebody has refused it."""
    basis = approved(bench)
    case = accepted(bench, basis)
    case.answers(lost)
    case.ask("Disclose", **content(basis))
    approve(bench, basis, "canary-login-three", refuse=True)
    case.answers(None)
    case.ask("Remind")
    case.came("remind", by="CONS-061")
    if told := told_since(bench, case.referral, "remind"):
        raise Failed("nothing by a basis that is over", sorted(told))


@check("BASE-033", negative=True)
def basis_of_another_person(bench: Bench) -> None:
    """The referral is about one person by another basis, and this basis is about another."""
    _another(bench, accepted(bench, approved(bench)))


@check("BASE-033", negative=True)
def basis_of_another_person_than_the_consent(bench: Bench) -> None:
    """The referral is about one person by her consent, and the basis is about another."""
    _another(bench, cases.accepted(bench))


@check("BASE-035")
def what_moved_by_a_basis_is_taken_back(bench: Bench) -> None:
    """She takes it back: nothing more goes by the basis, and all that moved is certified."""
    basis = approved(bench)
    case = disclosed(bench, basis)
    case.withdraw(destroyNow=True)
    case.came("withdraw")
    said: Json = certified(bench, case.referral)["certificate"]
    bound = {ref["digest"] for one in case.referral.came for ref in one.get("parts", [])}
    missing = bound - set(said.get("destroyed", []))
    if said["withdrawal"] != withdrawal_of(case) or missing:
        raise Failed("a certificate of all that moved", f"one without {len(missing)} parts")
    case.refused("Disclose", **content(basis))
