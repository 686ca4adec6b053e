"""Requirements that no single rule shows: played between two nodes (docs/requirements.md)."""

from __future__ import annotations

from nodes import Pair, reason
from onward.core import spec
from onward.v1.categories_pb2 import CaseRecord
from onward.v1.entry_pb2 import Item
from people import PERMIT, outcome_record, record


def opened(pair: Pair, referral_id: str) -> CaseRecord:
    """What the destination reads."""
    found: CaseRecord = pair.destination.client.open(referral_id).record
    return found


def test_T25_a_referral_needs_no_identification_status(pair: Pair) -> None:
    """From the offer to what is read, nobody asks whether she was recognised (R004)."""
    made = record()
    assert not made.HasField("identification_status")
    referral_id = pair.accepted()
    pair.disclose(referral_id, made)
    there = pair.destination.client
    there.get_referral(referral_id)
    read = opened(pair, referral_id)
    assert read.name.first_name == "Sample"
    assert not read.HasField("identification_status")
    needed = [
        field.name
        for field in spec.messages()["onward.v1.CaseRecord"].fields
        if spec.required(field)
    ]
    assert needed == []


def test_T25_having_no_status_is_no_reason_to_decline(pair: Pair) -> None:
    referral_id = pair.offer()
    there = pair.destination.client
    there.get_referral(referral_id)
    there.acknowledge(referral_id)
    items = [
        Item(number=number, state="declined_by_agency", reason="no_official_status")
        for number in (1, 2)
    ]
    assert reason(there.decide, referral_id, items) == "FORBIDDEN_CODE"
    assert there.get_referral(referral_id).phase == "acknowledged"


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
