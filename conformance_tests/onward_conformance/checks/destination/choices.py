"""What she wants at the target, and that nobody asks her why."""

from __future__ import annotations

from onward_conformance.check import Bench, check
from onward_conformance.hands import Refusal
from onward_conformance.network import Json
from onward_conformance.results import Failed, spelled
from onward_conformance.road import acknowledged, act, wishes

WHY = "other"


def _bare(said: Json, wish: str) -> None:
    """The entry tells what she wants, and nothing else of it."""
    if said["items"] != wishes(wish):
        raise Failed(f"the items {spelled(wishes(wish))}", said["items"])


@check("CHOI-010")
def choice_without_a_reason(bench: Bench) -> None:
    """Whatever she wants, she need not say why."""
    referral = acknowledged(bench)
    for wish in ("undecided", "later", "now", "never"):
        _bare(act(bench, referral, "Choice", items=wishes(wish)), wish)


@check("CHOI-010", negative=True)
def choice_with_a_reason_beside_it(bench: Bench) -> None:
    """She says why: it stands in no entry, and comes in a part of its own or not at all."""
    referral = acknowledged(bench)
    why = {"choiceReasons": {"choices": [{"number": 1, "reasons": [WHY]}]}}
    said = act(bench, referral, "Choice", items=wishes("undecided"), record=why)
    _bare(said, "undecided")
    if strange := {one["category"] for one in said.get("parts", [])} - {"grant", "choice_reasons"}:
        raise Failed("choice_reasons alone", sorted(strange))


@check("CHOI-010", negative=True)
def choice_with_a_reason_in_it(bench: Bench) -> None:
    """Somebody writes her reason into the item: it is refused, or left out of the entry."""
    referral = acknowledged(bench)
    item = wishes("undecided")[0] | {"reason": WHY}
    asked = {"referralId": referral.referral_id, "items": [item]}
    try:
        bench.hand.call("Referrals.Choice", asked)
    except Refusal:
        return
    _bare(bench.came(referral, "choice"), "undecided")
