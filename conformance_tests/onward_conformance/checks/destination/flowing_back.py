"""What goes back to the origin, when the level changes, and what never does."""

from __future__ import annotations

from onward_conformance.cases import told_since
from onward_conformance.check import Bench, check
from onward_conformance.network import Json
from onward_conformance.peer import lost
from onward_conformance.referral import Referral, identifier
from onward_conformance.results import Failed
from onward_conformance.road import (
    NAME,
    accepted,
    acknowledged,
    act,
    answers,
    disclose,
    disclosed,
    give,
    opened,
    refuses,
    states,
)

RATED: Json = {
    "ratings": [{"domain": "housing", "rater": "survivor", "date": "2026-01-05", "value": 7}]
}
LEARNT: Json = {"followUp": "home_visit", "record": {"outcomes": RATED}}
"""A follow-up that tells how it went."""


@check("GRNT-015", negative=True)
def grants_of_what_flows_back_have_two_ids(bench: Bench) -> None:
    """What is told at two follow-ups comes under two grants of the target."""
    referral = accepted(bench)
    ids = [act(bench, referral, "FollowUp", **LEARNT)["grantId"] for _ in range(2)]
    if len(set(ids)) != 2:
        raise Failed("two grants with two ids", ids)


def _lowered(bench: Bench, level: str) -> Referral:
    """A follow-up with outcomes is written and lost on its way, and the level is lowered."""
    referral = accepted(bench)
    answers(bench, referral, lost)
    bench.act("Referrals.FollowUp", {"referralId": referral.referral_id, **LEARNT})
    disclose(bench, referral, "name", feedback=level)
    answers(bench, referral, None)
    # It crosses whatever the level is, and goes at once.
    said = {"referralId": referral.referral_id, "complaint": "poor_quality"}
    bench.act("Referrals.Complaint", said)
    return referral


@check("FDBK-006")
def entry_crosses_after_the_level_is_lowered(bench: Bench) -> None:
    """It was written when it could cross; now nothing more may, and it comes."""
    bench.came(_lowered(bench, "nothing"), "follow_up", by="FDBK-006")


@check("FDBK-011", "FDBK-006", negative=True)
def part_stays_after_the_level_is_lowered(bench: Bench) -> None:
    """Its outcomes no longer flow back when it is sent: the entry comes without them."""
    referral = _lowered(bench, "status_only")
    bench.came(referral, "complaint", by="FDBK-006")
    if told := told_since(bench, referral, "complaint"):
        raise Failed("no outcomes", sorted(told))


@check("FDBK-009", negative=True)
def outcomes_that_were_taken_back(bench: Bench) -> None:
    """She has taken outcomes back since the origin's grant: what is learnt now stays."""
    referral = accepted(bench)
    give(bench, referral, "withdraw", withdrawal={"categories": ["outcomes"]})
    said = act(bench, referral, "FollowUp", **LEARNT)
    if said.get("parts") or referral.parts:
        raise Failed("no part to cross", said.get("parts"))


@check("FDBK-007", negative=True)
def journal_stays_when_the_level_rises(bench: Bench) -> None:
    """What was done while nothing was to flow back is not told later, when it may."""
    referral = accepted(bench, grant={"feedback": "nothing"})
    bench.act("Referrals.FollowUp", {"referralId": referral.referral_id, **LEARNT})
    disclose(bench, referral, "name", feedback="status_and_outcome")
    act(bench, referral, "Progress", items=states("in_delivery"))
    if "follow_up" in referral.kinds() or referral.parts:
        raise Failed("nothing of the journal", referral.kinds())


@check("FDBK-010", negative=True)
def question_that_the_origin_would_never_read(bench: Bench) -> None:
    """Nothing flows back: what is nothing unless the origin reads it is refused."""
    referral = acknowledged(bench, grant={"feedback": "nothing"})
    question = {"codes": ["what_is_needed"], "items": [1]}
    refuses(bench, referral, "Clarify", "CONSENT_SCOPE", question=question)
    to = bench.cast.second.name
    refuses(bench, referral, "ProposeForward", "CONSENT_SCOPE", forwardTo=to)


@check("CONS-059")
def mismatch_warns_the_origin_once(bench: Bench) -> None:
    """She did not know that her name is here: one alert for one request, and nothing is gone."""
    referral = disclosed(bench)
    asked: Json = {
        "referralId": referral.referral_id, "categories": ["age_band"],
        "purposes": ["service_delivery"], "feedback": "status_and_outcome",
        "write": {"requestId": identifier()},
    }  # fmt: skip
    for _ in range(2):
        bench.act("Consents.CheckUnderstanding", asked)
    if bench.came(referral, "alert").get("alert") != "consent_mismatch":
        raise Failed("an alert consent_mismatch", referral.last("alert"))
    if opened(bench, referral).get("name") != NAME:
        raise Failed("the name still to be there", "nothing")
    bench.came(referral, "opened")
    if (count := referral.kinds().count("alert")) != 1:
        raise Failed("one alert", count)
