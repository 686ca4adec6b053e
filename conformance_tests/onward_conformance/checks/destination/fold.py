"""The fold: acts of the origin that it was not allowed to write, and acts that cross."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.jose import digest, part_digest
from onward_conformance.network import moment, now
from onward_conformance.referral import AGE, Referral, part
from onward_conformance.results import Failed, spelled
from onward_conformance.road import (
    NAME,
    NOW,
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
    part_states,
    shown,
    states,
    wishes,
)


def becomes(
    bench: Bench, referral: Referral, wanted: str, kind: str, *, by: str = "", **changed: Any
) -> None:
    """The suite writes this entry, and this must become of it."""
    give(bench, referral, kind, **changed)
    found = outcome(bench, referral, referral.log[-1])
    if found != wanted:
        raise Failed(f"{kind} to be {spelled(wanted)}", found, by=by)


def _disallowed(bench: Bench, referral: Referral, kind: str, **changed: Any) -> None:
    """It must be stored and receipted, and change nothing."""
    before = shown(bench, referral)
    becomes(bench, referral, "disallowed", kind, **changed)
    after = shown(bench, referral)
    for name in ("phase", "restReason", "round", "items", "cancelPending", "closed"):
        if before.get(name) != after.get(name):
            raise Failed(f"{name} as it was", after.get(name), by="FOLD-007")


@check("FOLD-031", "FOLD-007", "DLV-046", negative=True)
def acts_in_the_wrong_phase(bench: Bench) -> None:
    """The origin answers, closes and reopens what it can't: all are stored, and change nothing."""
    referral = offered(bench)
    _disallowed(bench, referral, "close")
    _disallowed(bench, referral, "reopen", items=NOW)
    _disallowed(bench, referral, "offer", items=NOW)


@check("ENT-007", negative=True)
def entry_with_an_earlier_time(bench: Bench) -> None:
    """The origin's clock was set back between two choices: the later entry of its log counts."""
    referral = acknowledged(bench, "now", "now")
    first = [{"number": 1, "wish": "later"}]
    give(bench, referral, "choice", items=first)
    earlier = moment(now() - timedelta(days=30))
    give(bench, referral, "choice", items=[{"number": 1, "wish": "now"}], time=earlier)
    expect(bench, referral, "acknowledged", "now requested, now requested")


@check("FOLD-031", "FOLD-007", negative=True)
def act_of_the_destination_by_the_origin(bench: Bench) -> None:
    """The origin accepts its own referral."""
    _disallowed(bench, acknowledged(bench), "decide", items=states("accepted"))


@check("FOLD-007", "FOLD-006", negative=True)
def act_of_another_round(bench: Bench) -> None:
    """The origin writes in a round that has not begun."""
    _disallowed(bench, offered(bench), "remind", round=2)


@check("FOLD-030", negative=True)
def disallowed_act_is_shown_to_people(bench: Bench) -> None:
    """Somebody has to look at an entry that its author was not allowed to write."""
    referral = offered(bench)
    becomes(bench, referral, "disallowed", "close", by="FOLD-007")
    needs = shown(bench, referral).get("needsHuman", [])
    if not any(one.get("entry") == digest(referral.log[-1]) for one in needs):
        raise Failed("the entry among what waits for a person", needs)


@check("FOLD-010", negative=True)
def offer_of_what_she_never_wants(bench: Bench) -> None:
    """An offer says now, later or undecided."""
    referral = bench.referral()
    becomes(bench, referral, "disallowed", "offer", items=wishes("never"))


@check("FOLD-010", negative=True)
def offer_that_names_an_item_twice(bench: Bench) -> None:
    """Each item has a number of its own."""
    referral = bench.referral()
    becomes(bench, referral, "disallowed", "offer", items=[*wishes("now"), *wishes("later")])


@check("FOLD-010", negative=True)
def offer_that_decides(bench: Bench) -> None:
    """An offer says nothing about delivery."""
    item = {"number": 1, "wish": "now", "state": "accepted"}
    becomes(bench, bench.referral(), "disallowed", "offer", items=[item])


@check("FOLD-025", negative=True)
def item_together_with_none(bench: Bench) -> None:
    """It goes together with an item that there is not."""
    item = {"number": 1, "wish": "now", "togetherWith": 7}
    becomes(bench, bench.referral(), "disallowed", "offer", items=[item])


@check("FOLD-026", negative=True)
def item_added_twice(bench: Bench) -> None:
    """An amendment names an item that the referral has."""
    _disallowed(bench, offered(bench), "amend", items=wishes("later"))


@check("FOLD-034", negative=True)
def reopening_of_nothing(bench: Bench) -> None:
    """A reopening names no item. Its schema or the fold refuses it."""
    referral = active(bench)
    act(bench, referral, "Complete", items=states("completed"))
    token = referral.write("reopen")
    (answer,) = bench.send(referral.envelope(referral.bundle([token])))
    if answer.receipt and outcome(bench, referral, token) != "disallowed":
        raise Failed("a reopening of nothing to be disallowed", outcome(bench, referral, token))
    expect(bench, referral, "resting/completed")


@check("FOLD-024", negative=True)
def nothing_more_is_told_after_a_request_to_cancel(bench: Bench) -> None:
    """The origin asks to cancel, and then amends and discloses."""
    referral = accepted(bench)
    give(bench, referral, "cancel", cancelReason="sent_twice")
    _disallowed(bench, referral, "amend", items=[{"number": 2, "wish": "now"}])
    given = referral.grant(["name"])
    parts = [part("grant", given), part("name", NAME)]
    said = give(bench, referral, "disclose", parts, grantId=given["grantId"])
    reasons = {one["reason"] for one in said.get("refused", [])}
    if reasons != {"disallowed"}:
        raise Failed("its parts refused as disallowed", said.get("refused"))


@check("FOLD-032", negative=True)
def cancelling_twice_and_answering_nothing(bench: Bench) -> None:
    """No question is open, and a request to cancel stands already."""
    referral = accepted(bench)
    _disallowed(bench, referral, "answer", answers=digest(referral.log[0]))
    give(bench, referral, "cancel", cancelReason="sent_twice")
    _disallowed(bench, referral, "cancel", cancelReason="other")


@check("FOLD-028", negative=True)
def expiry_before_its_time(bench: Bench) -> None:
    """The time to answer is not over, or none was named."""
    _disallowed(bench, offered(bench), "expire")
    later = moment(now() + timedelta(days=2))
    _disallowed(bench, offered(bench, respondBy=later), "expire")


@check("FOLD-028", "ENT-009")
def expiry_in_its_time(bench: Bench) -> None:
    """The time to answer was over when the origin wrote it."""
    referral = offered(bench, respondBy=moment(now() - timedelta(hours=1)))
    give(bench, referral, "expire")
    expect(bench, referral, "resting/expired")


@check("FOLD-029", negative=True)
def recall_of_what_was_read(bench: Bench) -> None:
    """A person at the target has read it, as the origin knows: it is not recalled any more."""
    referral = offered(bench)
    opened(bench, referral)
    bench.came(referral, "opened")
    _disallowed(bench, referral, "recall")


@check("FOLD-033", negative=True)
def correction_of_the_targets_items(bench: Bench) -> None:
    """Only the destination says how far an item has come."""
    _disallowed(bench, active(bench), "correct", items=states("completed"))


@check("FOLD-038", negative=True)
def correction_of_a_grant(bench: Bench) -> None:
    """Without its newest grant, an older one of other terms would count again."""
    referral = accepted(bench)
    grant, _ = disclose(bench, referral, "name")
    _disallowed(bench, referral, "correct", corrects=[part_digest(grant)])


@check("ACT-015", "FOLD-033", negative=True)
def what_was_corrected_is_unreadable(bench: Bench) -> None:
    """The origin corrects a name: the old one can't be read, the new one can."""
    referral = accepted(bench)
    _, old = disclose(bench, referral, "name")
    given = referral.grant(["name"])
    parts = [part("grant", given), part("name", {"firstName": "Corrected"})]
    named = {"grantId": given["grantId"], "corrects": [part_digest(old)]}
    give(bench, referral, "correct", parts, **named)
    if part_states(shown(bench, referral), [old])["name"] != "corrected":
        raise Failed("the old name corrected", shown(bench, referral)["parts"])
    request = {"referralId": referral.referral_id, "opened": [part_digest(old)]}
    bench.act_refused("Referrals.Open", request)
    if opened(bench, referral).get("name") != {"firstName": "Corrected"}:
        raise Failed("the new name to be read", "another")


@check("PART-004", "PART-003", negative=True)
def part_of_an_act_that_brings_none(bench: Bench) -> None:
    """A reminder binds a part, within a right grant: it is refused."""
    referral = accepted(bench)
    grant = referral.grant(["age_band"])
    parts = [part("grant", grant), part("age_band", AGE)]
    said = give(bench, referral, "remind", parts, grantId=grant["grantId"])
    if {one["reason"] for one in said.get("refused", [])} != {"disallowed"}:
        raise Failed("its parts refused as disallowed", said.get("refused"))


@check("PART-005", negative=True)
def digest_bound_twice(bench: Bench) -> None:
    """A later entry that names the part again binds nothing."""
    referral = disclosed(bench)
    opened(bench, referral)
    bench.came(referral, "opened")
    names = [one for one in shown(bench, referral)["parts"] if one["category"] == "name"]
    ref = {"category": "name", "digest": names[0]["digest"]}
    token = referral.signed(referral.entry("disclose") | {"parts": [ref]})
    referral.log.append(token)
    bench.taken(referral.envelope(referral.bundle([token])))
    after = [one for one in shown(bench, referral)["parts"] if one["category"] == "name"]
    if after != names:
        raise Failed("the part as it was, once", after)
