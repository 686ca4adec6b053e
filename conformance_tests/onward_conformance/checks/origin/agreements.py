"""What the two agencies have agreed: no more than that leaves, whatever the person permits."""

from __future__ import annotations

from typing import Any

from onward_conformance.agreements import EVERYTHING, agreement, end, ended, terms
from onward_conformance.cases import (
    PERMIT,
    WORDS,
    Case,
    accepted,
    agreed,
    certified,
    granted,
    hang,
    offered,
    outcome,
    told_since,
    withdrawal_of,
)
from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.consents import refused
from onward_conformance.checks.origin.offers import silent
from onward_conformance.jose import part_digest
from onward_conformance.network import Json
from onward_conformance.results import Failed, spelled

LESS = [one for one in EVERYTHING if one not in ("name", "language")]


def _refused(bench: Bench, reason: str, **consent: Any) -> None:
    """An offer under the agreement must be refused, whatever she agreed to."""
    to = bench.cast.signatory
    refused(bench, agreed(bench, to, **consent), reason, destination=to.name)


@check("AGRE-011", negative=True)
def offer_after_the_agreement_has_ended(bench: Bench) -> None:
    """There was an agreement, and the target's agency has ended it."""
    ended(bench)
    _refused(bench, "AGREEMENT_MISSING")


@check("AGRE-011", negative=True)
def disclosure_after_the_agreement_has_ended(bench: Bench) -> None:
    """It ended after the acceptance: nothing more is told."""
    made = agreement(bench)
    case = accepted(bench, bench.cast.signatory)
    end(bench, made)
    case.refused("Disclose", "AGREEMENT_MISSING", **case.content())


@check("AGRE-012", negative=True)
def category_that_the_agencies_did_not_agree_on(bench: Bench) -> None:
    """She permits her name and her language, and the agreement names neither."""
    agreement(bench, categories=LESS)
    case = accepted(bench, bench.cast.signatory)
    case.disclose()
    silent(case, WORDS["name"], WORDS["language"], by="AGRE-012")
    wanted = set(PERMIT) & set(LESS)
    if case.categories != wanted:
        raise Failed(sorted(wanted), sorted(case.categories), by="CONS-023")


@check("AGRE-013", negative=True)
def purpose_that_the_agencies_did_not_agree_on(bench: Bench) -> None:
    """She agreed to it, and the two agencies did not."""
    agreement(bench, purposes=["follow_up_contact"])
    _refused(bench, "AGREEMENT_SCOPE")


@check("AGRE-013", negative=True)
def country_of_storage_that_she_excludes(bench: Bench) -> None:
    """By the agreement it can be stored in a country that she did not name."""
    agreement(bench)
    _refused(bench, "CONSENT_SCOPE", storageCountries=["NP"])


@check("AGRE-016")
def grant_is_within_the_agreement(bench: Bench) -> None:
    """It names the agreement and its countries, and is no longer and for no more than agreed."""
    made = agreement(bench, retentionDays=7, storageCountries=["NP"])
    purposes = ["service_delivery", "follow_up_contact"]
    case = offered(bench, bench.cast.signatory, purposes=purposes)
    said = case.grant(case.offered)
    if said["retentionDays"] > 7:
        raise Failed("at most 7 days", said["retentionDays"])
    wanted = {
        "agreementId": made["agreementId"], "storageCountries": ["NP"],
        "purposes": ["service_delivery"],
    }  # fmt: skip
    for name, one in wanted.items():
        if said.get(name) != one:
            raise Failed(f"{name} {spelled(one)} in the grant", said.get(name))


def _pending(bench: Bench) -> Case:
    """Content is written under the agreement, and has no receipt."""
    case = accepted(bench, bench.cast.signatory)
    case.answers(hang)
    case.ask("Disclose", **case.content())
    case.came("disclose")
    return case


def _comes_without(case: Case, *categories: str) -> None:
    """The destination answers again: the log goes on, and no part of these categories comes."""
    case.answers(None)
    case.ask("Remind")
    case.came("remind", by="CONS-061")
    if beyond := told_since(case.bench, case.referral, "remind") & set(categories):
        raise Failed("nothing that the agreement does not cover", sorted(beyond))


@check("AGRE-014", negative=True)
def part_that_the_agreement_no_longer_covers(bench: Bench) -> None:
    """It was written, and before it leaves a next version no longer names its category."""
    agreement(bench)
    case = _pending(bench)
    agreement(bench, categories=LESS)
    _comes_without(case, "name")


@check("AGRE-014", negative=True)
def part_under_a_grant_wider_than_the_agreement(bench: Bench) -> None:
    """Before it leaves, the agencies have shortened for how long anything can be kept."""
    agreement(bench)
    case = _pending(bench)
    agreement(bench, retentionDays=3)
    _comes_without(case, *PERMIT)


def _back(bench: Bench, reason: str, **grant: Any) -> None:
    """Outcomes that the destination sends under such a grant must be refused."""
    case = accepted(bench, bench.cast.signatory)
    parts = outcome(case, **grant)
    said = case.write("follow_up", parts, followUp="home_visit", grantId=granted(parts))
    wanted = [{"digest": part_digest(parts[1]), "reason": reason}]
    if said.get("refused") != wanted:
        raise Failed(f"the outcomes refused, {reason}", said.get("refused"))


@check("AGRE-012", negative=True)
def outcome_that_the_agencies_did_not_agree_on(bench: Bench) -> None:
    """It comes back under a grant that names it, and the agreement does not."""
    less = [one for one in EVERYTHING if one != "outcomes"]
    _back(bench, "beyond_agreement", **terms(agreement(bench, categories=less)))


@check("AGRE-017", negative=True)
def outcome_under_a_grant_wider_than_the_agreement(bench: Bench) -> None:
    """It may be kept for longer than was agreed; or its grant names no agreement."""
    known = terms(agreement(bench, retentionDays=30))
    _back(bench, "beyond_agreement", **known, retentionDays=31)
    known.pop("agreementId")
    _back(bench, "no_agreement", **known, retentionDays=30)


@check("AGRE-018")
def log_goes_on_without_an_agreement(bench: Bench) -> None:
    """The agreement has ended: entries cross both ways, and what she takes back is certified."""
    made = agreement(bench)
    case = accepted(bench, bench.cast.signatory)
    case.disclose()
    end(bench, made)
    case.write("progress", items=[{"number": 1, "state": "scheduled"}])
    case.ask("Remind")
    case.came("remind", by="AGRE-018")
    case.withdraw()
    case.came("withdraw", by="AGRE-018")
    said: Json = certified(bench, case.referral)["certificate"]
    if said["withdrawal"] != withdrawal_of(case):
        raise Failed("a certificate of her withdrawal", said["withdrawal"])
