"""Somebody tells a way back at the target's desk. The suite's agencies are asked."""

from __future__ import annotations

from collections.abc import Callable

from onward_conformance.check import Bench, check
from onward_conformance.checks.origin.standing import standing
from onward_conformance.jose import b64
from onward_conformance.knocking import LEAST, Told, knock, knocks, mark
from onward_conformance.network import Json
from onward_conformance.results import Failed
from onward_conformance.wayback import proves


@check("KNCK-030")
def claim_reaches_everybody_with_its_locator(bench: Bench) -> None:
    """Nobody can tell who gave it: each active agency with the locator is asked, also one that is
    no partner."""
    Told(bench).asks(bench.cast.partner, bench.cast.second, bench.cast.unaccepted)


@check("KNCK-030", negative=True)
def claim_reaches_nobody_else(bench: Bench) -> None:
    """Who has another locator, or none, can't have given it, and does not hear that somebody came
    with it."""
    before = mark(bench)
    asked = (bench.cast.partner, bench.cast.second, bench.cast.unaccepted)
    told = Told(bench)
    told.asks(*asked)
    found = [to for to, one in knocks(bench, "claim", before) if one["serial"] == told.way.serial]
    if strange := sorted(set(found) - {one.name for one in asked}):
        raise Failed("a claim at each active agency with the locator alone", strange)


@check("KNCK-030")
def claim_to_withdraw_reaches_who_is_barred(bench: Bench) -> None:
    """She takes back: an agency that is suspended or removed has to hear of it as well."""
    Told(bench, "withdraw").asks(*bench.cast.located)


@check("KNCK-031", negative=True)
def no_two_agencies_get_the_same_knock(bench: Bench) -> None:
    """By the ids of their knocks those who are asked can't tell that it is one claim."""
    Told(bench).asks(bench.cast.partner, bench.cast.second)


@check("KNCK-003", negative=True)
def answer_of_who_is_suspended(bench: Bench) -> None:
    """It was asked, and is suspended before it answers: nothing of it is taken."""
    before, partner = mark(bench), bench.cast.partner
    claim = Told(bench).asks(partner)[partner.name]
    bench.act("Knocks.ReferSelf", {"agency": partner.name, "selfReferral": LEAST})
    asked = bench.until(
        "the knock", lambda: dict(knocks(bench, "selfReferral", before)).get(partner.name)
    )
    with standing(bench, partner, "suspended"):
        for kind, one, result in (
            ("claimAnswer", claim, "not_confirmed"),
            ("selfReferralAnswer", asked, "can_help"),
        ):
            said = {kind: {"answers": one["knockId"], "result": result}}
            bench.refused(knock(bench, said), "PEER_SUSPENDED")


def _confirmed(bench: Bench, proof: Callable[[Told, Json], str]) -> Told:
    """The partner says that it gave the way back, and shows this."""
    told = Told(bench)
    claim = told.asks(bench.cast.partner)[bench.cast.partner.name]
    told.answered(bench.cast.partner, claim, proof(told, claim))
    return told


def _right(told: Told, claim: Json) -> str:
    """What only the agency that gave the way back can show."""
    bench = told.bench
    names = (claim["knockId"], bench.agency, told.purpose)
    return proves(told.way.slow(), bench.cast.partner.name, "confirmed", *names)


@check("KNCK-034")
def claim_confirmed_by_who_gave_it(bench: Bench) -> None:
    """The answer shows that its sender knows the way back, and the desk's people see it."""
    told = _confirmed(bench, _right)
    bench.until("a claim that is confirmed", lambda: told.status == "confirmed")


def _not_confirmed(name: str, about: str, proof: Callable[[Json], str]) -> None:
    """A check that the desk does not take this for a confirmation."""

    def run(bench: Bench) -> None:
        if _confirmed(bench, lambda _, claim: proof(claim)).status == "confirmed":
            raise Failed("a claim that is not confirmed", "confirmed")

    run.__name__ = name
    run.__doc__ = f"Another agency would like to meet her: {about}."
    check("KNCK-034", negative=True)(run)


_not_confirmed("confirmation_without_a_proof", "it says confirmed, and shows nothing",
               lambda _: "")  # fmt: skip
_not_confirmed("confirmation_with_a_proof_of_nothing", "what it shows is made up",
               lambda _: b64(bytes(32)))  # fmt: skip
_not_confirmed("confirmation_with_the_proof_of_the_claim", "it sends back what it got",
               lambda claim: str(claim["proof"]))  # fmt: skip
