"""What stands in place of her consent at the target: proposed, approved by two, and used."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from onward_conformance.cases import CONTENT, ITEMS, OFFER, Case
from onward_conformance.check import Bench
from onward_conformance.network import Json, now
from onward_conformance.referral import identifier

PERSONS = ("canary-login-one", "canary-login-two")
"""Who approves, by their logins."""

NEEDED = ("name", "contact_safe", "language", "needs_services", "age_band", "sex")
"""What is named, unless a check says something else."""


HOURS = 24
"""For so long it holds."""


def proposed(bench: Bench, **changed: Any) -> Json:
    """A basis that waits: for a synthetic adult who can't speak, and the suite's partner."""
    made: Json = {
        "subjectId": identifier(), "subjectKind": "survivor", "ageClass": "adult",
        "basis": "vital_interest", "reason": "unconscious",
        "recipient": bench.cast.partner.name, "purpose": "service_delivery",
        "categories": list(NEEDED), "hours": HOURS, "retentionDays": 30,
        "tellBy": (now() + timedelta(days=14)).date().isoformat(),
    } | changed  # fmt: skip
    return made | bench.act("Bases.ProposeBasis", {"basis": made})


def approve(bench: Bench, basis: Json, person: str, **more: Any) -> Json:
    """One person says yes, or refuses."""
    return bench.act("Bases.ApproveBasis", {"basisId": basis["basisId"], **more}, person)


def approved(bench: Bench, **changed: Any) -> Json:
    """A basis in force."""
    made = proposed(bench, **changed)
    for person in PERSONS:
        made |= approve(bench, made, person)
    return made


def offered(bench: Bench, basis: Json) -> Case:
    """A referral that the target has begun by it."""
    request = {
        "destination": basis["recipient"], "basisId": basis["basisId"], "items": ITEMS,
        "record": OFFER,
    }  # fmt: skip
    told = bench.act("Referrals.Offer", request)
    name = told["referral"]["referralId"]
    referral = bench.until("the offer", lambda: bench.peer.referrals.get(name))
    return Case(bench, {}, referral, bench.whole(referral, bench.came(referral, "offer")))


def accepted(bench: Bench, basis: Json) -> Case:
    """One that the suite has accepted."""
    case = offered(bench, basis)
    case.accept()
    return case


def disclosed(bench: Bench, basis: Json) -> Case:
    """One in which content has come by it."""
    case = accepted(bench, basis)
    case.ask("Disclose", **content(basis))
    case.came("disclose")
    return case


def content(basis: Json) -> Json:
    """A request to disclose by it."""
    return {"basisId": basis["basisId"], "record": CONTENT}
