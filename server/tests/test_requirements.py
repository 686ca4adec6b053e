"""Requirements that no single rule shows: played between two nodes (docs/requirements.md)."""

from __future__ import annotations

from nodes import Pair
from people import PERMIT, outcome_record, record


def test_R131_what_she_says_of_the_service_flows_back_as_agreed(pair: Pair) -> None:
    referral_id = pair.disclosed(permit=(*PERMIT, "outcomes"))
    learnt = outcome_record()
    learnt.outcomes.feedback.add(own_words="They asked me first.", language="en", item=1)
    learnt.outcomes.stigma_sources.append("community")
    for principle in ("safety", "trustworthiness", "empowerment", "voice", "choice"):
        learnt.outcomes.ratings.add(
            domain="agency_purpose", indicator=f"satisfaction_{principle}", rater="survivor",
            date="2026-11-20", value=8,
        )  # fmt: skip
    there = pair.destination.client
    there.get_referral(referral_id)
    there.follow_up(referral_id, follow_up="outcome_assessment", record=learnt)
    pair.settle()
    here = pair.origin.client
    here.get_referral(referral_id)
    read = here.open(referral_id).record.outcomes
    assert [one.own_words for one in read.feedback] == ["They asked me first."]
    assert list(read.stigma_sources) == ["community"]
    assert sum(one.indicator.startswith("satisfaction_") for one in read.ratings) == 5


def test_R152_a_case_conference_says_who_came_and_what_was_agreed(pair: Pair) -> None:
    """Agencies, a date and services: no narrative, and only where she agreed to it."""
    made = record()
    made.service_history.conferences.add(
        date="2026-11-18", agencies=["msw.gov.bd.example", "shelter.ngo.in.example"],
        person_heard=True, agreed=["legal_advice", "vocational_training"], next_on="2026-12-02",
    )  # fmt: skip
    referral_id = pair.accepted(permit=(*PERMIT, "service_history"))
    pair.disclose(referral_id, made)
    there = pair.destination.client
    there.get_referral(referral_id)
    (read,) = there.open(referral_id).record.service_history.conferences
    assert read == made.service_history.conferences[0]
    unwilling = pair.accepted()
    pair.disclose(unwilling, made)
    there.get_referral(unwilling)
    assert not there.open(unwilling).record.HasField("service_history")
