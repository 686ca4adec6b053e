"""What the two agencies have agreed: no more than that is taken, and no more flows back."""

from __future__ import annotations

import json
from typing import Any

from onward_conformance.agreements import EVERYTHING, agreement, end, ended, terms
from onward_conformance.cases import certified, told_since
from onward_conformance.check import Bench, check
from onward_conformance.jose import digest, part_digest
from onward_conformance.network import Json
from onward_conformance.peer import lost
from onward_conformance.referral import AGE, Referral, part
from onward_conformance.results import Failed, spelled
from onward_conformance.road import NAME, accepted, act, answers, disclose, give, opened

RATED: Json = {
    "ratings": [{"domain": "housing", "rater": "survivor", "date": "2026-01-05", "value": 7}]
}


def _expect(bench: Bench, reason: str, **grant: Any) -> None:
    """The age band of an offer under such a grant must be refused for this reason."""
    referral = bench.referral(bench.cast.signatory)
    given = referral.grant(["age_band"], **grant)
    parts = [part("grant", given), part("age_band", AGE)]
    items = [{"number": 1, "wish": "now"}]
    said = give(bench, referral, "offer", parts, items=items, grantId=given["grantId"])
    wanted = [{"digest": part_digest(parts[1]), "reason": reason}]
    if said.get("refused") != wanted:
        raise Failed(f"the age band refused, {reason}", said.get("refused"))


def _accepted(bench: Bench, made: Json) -> Referral:
    """A referral under an agreement whose items the target has accepted."""
    return accepted(bench, author=bench.cast.signatory, grant=terms(made))


@check("AGRE-011", negative=True)
def part_after_the_agreement_has_ended(bench: Bench) -> None:
    """There was an agreement, and the target's agency has ended it: a grant under it counts no
    more, and one that names none does not either."""
    known = terms(ended(bench))
    _expect(bench, "no_agreement", **known)
    _expect(bench, "no_agreement")


@check("AGRE-012", negative=True)
def part_of_a_category_that_was_not_agreed_on(bench: Bench) -> None:
    """The grant names it, and the agreement does not."""
    less = [one for one in EVERYTHING if one != "age_band"]
    _expect(bench, "beyond_agreement", **terms(agreement(bench, categories=less)))


@check("AGRE-017", negative=True)
def grant_of_another_agreement(bench: Bench) -> None:
    """It names an agreement that the target does not hold, or none."""
    known = terms(agreement(bench))
    _expect(bench, "no_agreement", **known | {"agreementId": "another-agreement-of-ours"})
    known.pop("agreementId")
    _expect(bench, "no_agreement", **known)


@check("AGRE-017", negative=True)
def grant_wider_than_the_agreement(bench: Bench) -> None:
    """For more purposes, for longer, or to be stored in more countries than was agreed."""
    known = terms(agreement(bench))
    for wider in (
        {"purposes": ["service_delivery", "follow_up_contact"]},
        {"retentionDays": 366},
        {"storageCountries": ["IN", "NP", "US"]},
    ):
        _expect(bench, "beyond_agreement", **known | wider)


@check("AGRE-015", negative=True)
def outcomes_that_were_not_agreed_on(bench: Bench) -> None:
    """The agreement does not name outcomes: the follow-up crosses, and what was learnt stays."""
    less = [one for one in EVERYTHING if one != "outcomes"]
    _stays(bench, _accepted(bench, agreement(bench, categories=less)))


@check("AGRE-015", negative=True)
def outcomes_after_the_agreement_has_ended(bench: Bench) -> None:
    """No agreement is in force any more: the same."""
    made = agreement(bench)
    referral = _accepted(bench, made)
    end(bench, made)
    _stays(bench, referral)


def _stays(bench: Bench, referral: Referral) -> None:
    said = act(bench, referral, "FollowUp", followUp="home_visit", record={"outcomes": RATED})
    if said.get("parts") or referral.parts:
        raise Failed("no part to cross", said.get("parts"))


@check("AGRE-014", negative=True)
def outcomes_that_the_agreement_no_longer_covers(bench: Bench) -> None:
    """They were written, and lost on their way; before they go again, a next version of the
    agreement no longer names them."""
    referral = _accepted(bench, agreement(bench))
    answers(bench, referral, lost)
    asked = {"referralId": referral.referral_id, "followUp": "home_visit"}
    bench.act("Referrals.FollowUp", asked | {"record": {"outcomes": RATED}})
    agreement(bench, categories=[one for one in EVERYTHING if one != "outcomes"])
    answers(bench, referral, None)
    act(bench, referral, "Progress", items=[{"number": 1, "state": "scheduled"}])
    if told := told_since(bench, referral, "progress"):
        raise Failed("no part to cross", sorted(told))


@check("AGRE-016")
def grant_of_the_destination_is_within_the_agreement(bench: Bench) -> None:
    """What flows back has a grant that names the agreement, too, and is no longer than agreed."""
    referral = _accepted(bench, agreement(bench))
    made = agreement(bench, retentionDays=7, storageCountries=["NP"])
    act(bench, referral, "FollowUp", followUp="home_visit", record={"outcomes": RATED})

    def come() -> Json | None:
        found = [one["content"] for one in referral.parts if one["category"] == "grant"]
        return json.loads(found[-1]) if found else None

    said = bench.until("a grant", come, by="AGRE-016")
    if said["retentionDays"] > 7:
        raise Failed("at most 7 days", said["retentionDays"])
    for name, one in terms(made).items():
        if said.get(name) != one:
            raise Failed(f"{name} {spelled(one)} in the grant", said.get(name))


@check("AGRE-018")
def what_the_origin_writes_without_an_agreement(bench: Bench) -> None:
    """The agreement has ended: entries, a withdrawal and its certificates pass all the same."""
    made = agreement(bench)
    referral = _accepted(bench, made)
    disclose(bench, referral, "name", **terms(made))
    end(bench, made)
    give(bench, referral, "remind")
    give(bench, referral, "withdraw", withdrawal={"everything": True})
    withdrawal = digest(referral.log[-1])
    said: Json = certified(bench, referral)["certificate"]
    if said["withdrawal"] != withdrawal:
        raise Failed("a certificate of this withdrawal", said["withdrawal"])
    here = {one: said[one] for one in ("withdrawal", "destroyedAt", "copiesUntil")}
    give(bench, referral, "erased", certificate=here)


@check("AGRE-019")
def what_is_held_stays_when_the_agreement_changes(bench: Bench) -> None:
    """A next version no longer names it, and then it ends: it can be opened under its grant."""
    made = agreement(bench)
    referral = _accepted(bench, made)
    disclose(bench, referral, "name", **terms(made))
    less = [one for one in EVERYTHING if one != "name"]
    made = agreement(bench, categories=less)
    for how in ("changed", "ended"):
        if opened(bench, referral).get("name") != NAME:
            raise Failed(f"the name, after the agreement has {how}", "nothing")
        end(bench, made)
