"""The fold: what acts do to items, to parts and to the phase, where it is easily missed."""

from __future__ import annotations

from datetime import timedelta

from onward_conformance.cases import erase
from onward_conformance.check import Bench, check
from onward_conformance.checks.destination.certificates import certified, own
from onward_conformance.checks.destination.fold import becomes
from onward_conformance.checks.destination.withdrawn import some
from onward_conformance.jose import digest, part_digest
from onward_conformance.network import Json, moment, now
from onward_conformance.referral import AGE, Referral, part
from onward_conformance.results import Failed, spelled
from onward_conformance.road import (
    NAME,
    accepted,
    acknowledged,
    act,
    disclose,
    expect,
    give,
    offered,
    part_states,
    refuses,
    shown,
    states,
    wishes,
)

RATED: Json = {"domain": "housing", "rater": "survivor", "date": "2026-01-05", "value": 7}


def _part(bench: Bench, referral: Referral, one: Json, state: str) -> None:
    """The target must show the part in this state."""
    found = part_states(shown(bench, referral), [one])[one["category"]]
    if found != state:
        raise Failed(f"a {spelled(one['category'])} that is {state}", found)


@check("FOLD-001")
def choice_wakes_what_was_accepted(bench: Bench) -> None:
    """She wanted it later, and wants it now: what was accepted in this round is accepted."""
    referral = accepted(bench)
    give(bench, referral, "choice", items=wishes("later"))
    expect(bench, referral, "resting/deferred", "later accepted")
    give(bench, referral, "choice", items=wishes("now"))
    expect(bench, referral, "accepted", "now accepted")


@check("CHOI-007", negative=True)
def choice_wakes_no_acceptance(bench: Bench) -> None:
    """She declined what was accepted, and wants it after all: it is asked for again, and nobody has
    accepted it."""
    referral = accepted(bench)
    give(bench, referral, "choice", items=wishes("never"))
    give(bench, referral, "choice", items=wishes("now"))
    expect(bench, referral, "acknowledged", "now requested")


@check("FOLD-001", negative=True)
def choice_wakes_what_nobody_has_seen(bench: Bench) -> None:
    """The same before anybody at the target has looked: it is offered, and no more."""
    referral = offered(bench)
    for wish in ("never", "now"):
        give(bench, referral, "choice", items=wishes(wish))
    expect(bench, referral, "offered", "now requested")


@check("FOLD-001", negative=True)
def waiting_list_is_no_acceptance(bench: Bench) -> None:
    """The target has put her on a waiting list: nobody has accepted anything."""
    referral = acknowledged(bench)
    act(bench, referral, "Decide", items=states("waitlisted"))
    expect(bench, referral, "acknowledged", "now waitlisted")


@check("FOLD-001")
def never_becomes_later(bench: Bench) -> None:
    """She never wanted it, and now wants it later: it rests for that."""
    referral = acknowledged(bench)
    give(bench, referral, "choice", items=wishes("never"))
    give(bench, referral, "choice", items=wishes("later"))
    expect(bench, referral, "resting/deferred", "later requested")


@check("FOLD-024", negative=True)
def answer_after_a_request_to_cancel(bench: Bench) -> None:
    """The target has asked, and the origin asks to cancel before it answers."""
    referral = acknowledged(bench)
    act(bench, referral, "Clarify", question={"codes": ["what_is_needed"]})
    answers = digest(referral.theirs[-1])
    give(bench, referral, "cancel", cancelReason="sent_twice")
    becomes(bench, referral, "disallowed", "answer", answers=answers)


@check("FOLD-032", negative=True)
def answer_to_another_question(bench: Bench) -> None:
    """The target has asked twice, and the origin answers what is not open any more."""
    referral = acknowledged(bench)
    for _ in range(2):
        act(bench, referral, "Clarify", question={"codes": ["what_is_needed"]})
    becomes(bench, referral, "disallowed", "answer", answers=digest(referral.theirs[-2]))


@check("DLV-046", negative=True)
def refusal_of_a_part_that_nobody_sent(bench: Bench) -> None:
    """The origin's entry names a part as refused that the target never wrote: it is stored, and
    what comes after it."""
    referral = acknowledged(bench)
    refused = [{"digest": "A" * 43, "reason": "invalid"}]
    becomes(bench, referral, "counted", "remind", refused=refused)
    becomes(bench, referral, "counted", "remind")


@check("FOLD-007", negative=True)
def refusal_of_its_own_part(bench: Bench) -> None:
    """An author refuses parts of the other side: what it says so of its own changes nothing."""
    referral = accepted(bench)
    _, name = disclose(bench, referral, "name")
    refused = [{"digest": part_digest(name), "reason": "invalid"}]
    give(bench, referral, "remind", refused=refused)
    _part(bench, referral, name, "sent")


@check("FOLD-022", negative=True)
def certificate_of_one_of_two_withdrawals(bench: Bench) -> None:
    """Of two categories that were taken back one after the other, both sides have certified the
    first: the second is not erased by that."""
    referral = accepted(bench)
    parts = disclose(bench, referral, "name", "language")[1:]
    tokens = []
    for one in parts:
        give(bench, referral, "withdraw", **some(one["category"]))
        tokens.append(referral.log[-1])
    for token in tokens:
        erase(bench, referral.referral_id)
        certified(bench, referral, token)
    bench.taken(referral.envelope(referral.bundle([own(referral, tokens[0])])))
    _part(bench, referral, parts[0], "erased")
    _part(bench, referral, parts[1], "withdrawn")


@check("FOLD-001", negative=True)
def refused_part_that_is_taken_back(bench: Bench) -> None:
    """A part beyond its grant was refused, and then everything is taken back: it stays refused."""
    referral = bench.referral()
    grant = referral.grant(["language"])
    parts = [part("grant", grant), part("age_band", AGE)]
    give(bench, referral, "offer", parts, items=wishes("now"), grantId=grant["grantId"])
    act(bench, referral, "Acknowledge")
    give(bench, referral, "withdraw", withdrawal={"everything": True})
    _part(bench, referral, parts[1], "refused")


@check("FOLD-001", negative=True)
def correction_that_crosses_a_withdrawal(bench: Bench) -> None:
    """The target corrects what it had learnt, which the origin had taken back before it saw that:
    the old one stays taken back."""
    referral = accepted(bench)
    record = {"outcomes": {"ratings": [RATED]}}
    said = act(bench, referral, "FollowUp", followUp="home_visit", record=record)
    bench.whole(referral, said)
    (old,) = [one for one in referral.parts if one["category"] == "outcomes"]
    before = referral.seen
    act(bench, referral, "Correct", corrects=[part_digest(old)])
    give(bench, referral, "withdraw", **some("outcomes"), seen=before)
    found = part_states(shown(bench, referral), [old])["outcomes"]
    if found not in ("withdrawn", "erased"):
        raise Failed("outcomes that are withdrawn", found)


@check("FOLD-009")
def part_that_had_seen_the_withdrawal(bench: Bench) -> None:
    """She took the name back at the target. The origin had seen just that, and tells it anew: it
    is no part that the withdrawal takes back."""
    referral = accepted(bench)
    disclose(bench, referral, "name")
    said = act(bench, referral, "Withdraw", **some("name"))
    seen = {"seq": said["seq"], "hash": digest(referral.theirs[said["seq"] - 1])}
    given = referral.grant(["name"])
    parts = [part("grant", given), part("name", NAME)]
    give(bench, referral, "disclose", parts, grantId=given["grantId"], seen=seen)
    _part(bench, referral, parts[1], "sent")


@check("ACT-015", "GRNT-010", negative=True)
def part_that_comes_after_its_correction(bench: Bench) -> None:
    """The entry came, then its correction, and then the old part: none of it is taken."""
    referral = accepted(bench)
    given = referral.grant(["name"])
    parts = [part("grant", given), part("name", NAME)]
    token = referral.write("disclose", parts, grantId=given["grantId"])
    bench.taken(referral.envelope(referral.bundle([token], parts[:1])))
    give(bench, referral, "correct", corrects=[part_digest(parts[1])])
    said = bench.taken(referral.envelope(referral.bundle([], parts[1:])))
    wanted = [{"digest": part_digest(parts[1]), "reason": "corrected"}]
    if said.get("refused") != wanted:
        raise Failed("the old name refused as corrected", said.get("refused"))


@check("FOLD-028")
def expiry_of_what_is_left(bench: Bench) -> None:
    """One of two items was decided on, and the time to answer is over for the other."""
    past = moment(now() - timedelta(hours=1))
    referral = acknowledged(bench, "now", "now", respondBy=past)
    act(bench, referral, "Decide", items=states("waitlisted"))
    give(bench, referral, "expire")
    expect(bench, referral, "resting/expired")


@check("FOLD-028", "ENT-009")
def expiry_at_its_moment(bench: Bench) -> None:
    """The origin wrote it in the very second that it had named."""
    named = moment((now() - timedelta(hours=1)).replace(microsecond=0))
    referral = offered(bench, respondBy=named)
    becomes(bench, referral, "counted", "expire", time=named)


@check("FOLD-036", negative=True)
def correction_of_an_item_that_was_not_taken_on(bench: Bench) -> None:
    """One of two items is accepted, and the target would correct how far the other has come."""
    referral = acknowledged(bench, "now", "now")
    act(bench, referral, "Decide", items=states("accepted"))
    refuses(bench, referral, "Correct", items=[{"number": 2, "state": "in_delivery"}])
