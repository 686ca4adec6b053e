"""Withdrawal by the origin: what it took back is unreadable, in whatever state the referral is."""

from __future__ import annotations

import json
from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.hands import Refusal
from onward_conformance.network import Json
from onward_conformance.referral import Referral, part
from onward_conformance.results import Failed
from onward_conformance.road import (
    NAME,
    accepted,
    acknowledged,
    act,
    active,
    disclose,
    disclosed,
    expect,
    give,
    offered,
    opened,
    outcome,
    states,
)

ALL: Json = {"withdrawal": {"everything": True}}


def some(*categories: str) -> Json:
    """A withdrawal of these."""
    return {"withdrawal": {"categories": list(categories)}}


def readable(bench: Bench, referral: Referral) -> set[str]:
    """The members that a person at the target can still read."""
    try:
        return set(opened_quietly(bench, referral))
    except Refusal:
        return set()


def opened_quietly(bench: Bench, referral: Referral) -> Json:
    """What is read. Raises Refusal where there is nothing."""
    said = bench.hand.call("Referrals.Open", {"referralId": referral.referral_id})
    found: Json = said.get("record", {})
    return found


def unreadable(bench: Bench, referral: Referral, *members: str, by: str = "WDRW-003") -> None:
    """None of these members can be read any more; nothing at all, where none is named."""
    found = readable(bench, referral)
    if left := found & set(members) if members else found:
        raise Failed("nothing to be read of what was withdrawn", sorted(left), by=by)


def _everything(bench: Bench, referral: Referral) -> None:
    give(bench, referral, "withdraw", **ALL)
    unreadable(bench, referral)
    expect(bench, referral, "resting/withdrawn")


@check("WDRW-003", "WDRW-004", "DLV-046", negative=True)
def offer_is_taken_back(bench: Bench) -> None:
    """Everything is withdrawn before anybody at the target has acknowledged the offer."""
    _everything(bench, offered(bench))


@check("WDRW-003", "WDRW-004", negative=True)
def what_was_acknowledged_is_taken_back(bench: Bench) -> None:
    """Everything is withdrawn before the target has decided."""
    _everything(bench, acknowledged(bench))


@check("WDRW-003", "WDRW-004", negative=True)
def what_was_disclosed_is_taken_back(bench: Bench) -> None:
    """Everything is withdrawn after content came, and was read."""
    referral = disclosed(bench)
    if "name" not in opened(bench, referral):
        raise Failed("the name to be read", "nothing", by="GRNT-022")
    _everything(bench, referral)


@check("WDRW-003", "WDRW-004", negative=True)
def what_rests_is_taken_back(bench: Bench) -> None:
    """Everything is withdrawn long after the target has completed."""
    referral = active(bench)
    disclose(bench, referral, "name")
    act(bench, referral, "Complete", items=states("completed"))
    _everything(bench, referral)


@check("WDRW-003", "WDRW-009", negative=True)
def some_of_it_is_taken_back(bench: Bench) -> None:
    """One category is withdrawn: it is unreadable, the others are not, and help goes on."""
    referral = disclosed(bench, "name", "nationality")
    give(bench, referral, "withdraw", **some("name"))
    unreadable(bench, referral, "name")
    if "nationality" not in readable(bench, referral):
        raise Failed("nationality to be readable", "it is gone", by="WDRW-009")
    expect(bench, referral, "accepted", by="WDRW-009")
    act(bench, referral, "Progress", items=states("in_delivery"))


@check("WDRW-013", negative=True)
def text_that_speaks_of_it_is_taken_back(bench: Bench) -> None:
    """Notes can speak of health: they go with it, and the name stays."""
    referral = disclosed(bench, "name", "caseworker_notes")
    give(bench, referral, "withdraw", **some("mental_health"))
    unreadable(bench, referral, "caseworkerNotes", by="WDRW-013")
    if "name" not in readable(bench, referral):
        raise Failed("the name to be readable", "it is gone", by="FOLD-009")


@check("FOLD-023", negative=True)
def everything_and_something_is_everything(bench: Bench) -> None:
    """A withdrawal that names a category beside everything."""
    referral = disclosed(bench, "name", "nationality")
    both: Json = {"withdrawal": {"everything": True, "categories": ["name"]}}
    give(bench, referral, "withdraw", **both)
    said = expect(bench, referral, "resting/withdrawn", by="FOLD-023")
    if left := {one["state"] for one in said["parts"]} - {"withdrawn", "erased"}:
        raise Failed("every part withdrawn", sorted(left))
    unreadable(bench, referral)


@check("WDRW-018", negative=True)
def recall_takes_everything_back(bench: Bench) -> None:
    """It went to the wrong agency: nothing of it can be read."""
    referral = acknowledged(bench)
    give(bench, referral, "recall")
    _void(bench, referral)


@check("WDRW-018", negative=True)
def invalidation_takes_everything_back(bench: Bench) -> None:
    """It was about the wrong person: nothing of it can be read."""
    referral = disclosed(bench)
    give(bench, referral, "invalidate")
    _void(bench, referral)


def _void(bench: Bench, referral: Referral) -> None:
    """Every part of a referral that was an error is void."""
    said = expect(bench, referral, "invalidated")
    found = {one["state"] for one in said["parts"]}
    if found - {"withdrawn", "erased"}:
        raise Failed("every part withdrawn", sorted(found), by="WDRW-018")
    unreadable(bench, referral, by="WDRW-018")


def _nothing(bench: Bench, scope: Json) -> None:
    """A withdrawal of this scope must change nothing."""
    referral = disclosed(bench)
    give(bench, referral, "withdraw", withdrawal=scope)
    found = outcome(bench, referral, referral.log[-1])
    if found != "disallowed" or "name" not in readable(bench, referral):
        raise Failed("a withdrawal of nothing to be disallowed", found)


@check("FOLD-020", negative=True)
def withdrawal_of_nothing(bench: Bench) -> None:
    """A withdrawal that names neither everything nor a category."""
    _nothing(bench, {})


@check("WDRW-011", negative=True)
def withdrawal_of_a_grant(bench: Bench) -> None:
    """The grant is no data of a person: it goes only with everything."""
    _nothing(bench, {"categories": ["grant"]})


def _behind_a_gap(bench: Bench, kind: str, **scope: Any) -> Referral:
    referral = disclosed(bench, "name", "nationality")
    referral.write("remind")
    token = referral.write(kind, **scope)
    bench.refused(referral.envelope(referral.bundle([token])), "GAP")
    return referral


@check("WDRW-012", "WDRW-041", "DLV-051", negative=True)
def withdrawal_behind_a_gap(bench: Bench) -> None:
    """An entry before it is missing: it can't be stored, and seals what it names all the same."""
    referral = _behind_a_gap(bench, "withdraw", **some("name"))
    unreadable(bench, referral, "name", by="WDRW-012")
    if "nationality" not in readable(bench, referral):
        raise Failed("nationality to be readable", "it is gone", by="WDRW-012")
    bench.taken(referral.envelope(referral.bundle(referral.log[-2:])))
    unreadable(bench, referral, "name")


@check("WDRW-012", "WDRW-018", negative=True)
def invalidation_behind_a_gap(bench: Bench) -> None:
    """An invalidation that can't be stored yet seals everything."""
    unreadable(bench, _behind_a_gap(bench, "invalidate"), by="WDRW-012")


@check("WDRW-016", negative=True)
def withdrawal_beside_what_can_not_be_read(bench: Bench) -> None:
    """Another entry of the envelope is broken: the withdrawal takes effect all the same."""
    referral = disclosed(bench)
    token = referral.write("withdraw", **ALL)
    broken = referral.signed(referral.entry("remind", version="99.0"))
    bench.refused(referral.envelope(referral.bundle([broken, token])), "UNKNOWN_VERSION")
    unreadable(bench, referral, by="WDRW-016")


@check("WDRW-012", negative=True)
def withdrawal_by_somebody_else(bench: Bench) -> None:
    """Another partner, that knows the referral's id, takes nothing back."""
    referral = disclosed(bench)
    other = Referral(
        referral.network, bench.cast.second, referral.target, referral_id=referral.referral_id
    )
    other.log = list(referral.log)
    token = other.write("withdraw", **ALL)
    bench.refused(other.envelope(other.bundle([token])), "GAP")
    if "name" not in readable(bench, referral):
        raise Failed("nothing to be sealed by a stranger's word", "the name is gone")


@check("DLV-040", negative=True)
def old_withdrawal_comes_again(bench: Bench) -> None:
    """She took it back and agreed anew: whoever sends the old withdrawal again takes nothing."""
    referral = disclosed(bench)
    give(bench, referral, "withdraw", **some("name"))
    old = referral.log[-1]
    disclose(bench, referral, "name")
    bench.taken(referral.envelope(referral.bundle([old])))
    broken = referral.signed(referral.entry("remind", version="99.0"))
    bench.refused(referral.envelope(referral.bundle([old, broken])), "UNKNOWN_VERSION")
    if "name" not in readable(bench, referral):
        raise Failed("what was agreed since to be readable", "it is gone")


@check("GRNT-014", "GRNT-012", negative=True)
def withdrawn_category_under_its_old_grant(bench: Bench) -> None:
    """She took her name back: it is not taken again under the grant from before."""
    referral = accepted(bench)
    grant, _ = disclose(bench, referral, "name")
    give(bench, referral, "withdraw", **some("name"))
    before, again = len(referral.came), part("name", NAME)
    named = referral.grant(["name"], grantId=_id(grant))
    said = give(bench, referral, "disclose", [again], grantId=named["grantId"])
    if [one["reason"] for one in said.get("refused", [])] != ["withdrawn"]:
        raise Failed("the name refused as withdrawn", said.get("refused") or "no part refused")
    unreadable(bench, referral, "name", by="GRNT-014")
    act(bench, referral, "Progress", items=states("in_delivery"))
    told = [one for each in referral.came[before:] for one in each.get("refused", [])]
    if [one["reason"] for one in told] != ["withdrawn"]:
        raise Failed("the refusal in the next entry", told, by="GRNT-012")


def _id(grant: Json) -> str:
    found: str = json.loads(grant["content"])["grantId"]
    return found


@check("GRNT-010", "GRNT-014")
def withdrawn_category_under_a_new_grant(bench: Bench) -> None:
    """She agreed again: under a grant from after the withdrawal it is taken and read."""
    referral = disclosed(bench)
    give(bench, referral, "withdraw", **some("name"))
    unreadable(bench, referral, "name")
    disclose(bench, referral, "name")
    if "name" not in readable(bench, referral):
        raise Failed("the name to be readable", "it is not", by="GRNT-022")
