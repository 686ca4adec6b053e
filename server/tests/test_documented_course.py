"""Failures of other systems (domain.md section 9, T15 to T22): the course of a referral."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from forger import Forger
from nodes import Pair, reason, stands
from onward.calls import offer_record
from onward.core import entries, parse
from onward.v1.entry_pb2 import Item
from people import DESTINATION, agreed, outcome_record, record, wishes


def test_T15_taken_back_done_cancelled_and_withdrawn_are_four_things(pair: Pair) -> None:
    recalled, done, cancelled, withdrawn = (pair.disclosed() for _ in range(4))
    here, there = pair.origin.client, pair.destination.client
    here.recall(recalled)
    there.complete(done, [Item(number=1, state="completed")])
    here.cancel(cancelled, "no_longer_needed")
    here.withdraw(withdrawn, everything=True)
    pair.settle()
    there.confirm_cancel(cancelled)
    pair.settle()
    expected = {
        recalled: ("invalidated", ""), done: ("resting", "completed"),
        cancelled: ("resting", "cancelled"), withdrawn: ("resting", "withdrawn"),
    }  # fmt: skip
    for desk in pair.desks:
        listed = {r.referral_id: (r.phase, r.rest_reason) for r in desk.client.list_referrals()}
        assert listed == expected


def test_T17_a_second_referral_of_the_same_person_stands_alone(pair: Pair) -> None:
    subject = "subject-of-both-0001"
    first = pair.disclosed(subject_id=subject)
    pair.destination.client.complete(first, [Item(number=1, state="completed")])
    pair.settle()
    pair.clock.advance(timedelta(days=30))
    pair.publish()
    before = pair.views(first)[0]
    second = pair.offer(subject_id=subject)
    pair.origin.client.withdraw(second, everything=True)
    pair.settle()
    assert pair.views(first)[0] == before
    assert stands(pair, second) == "withdrawn"
    assert pair.destination.client.open(first).record.HasField("name")
    logs = [one.jws for desk in pair.desks for one in desk.client.list_entries(second)]
    texts = b"".join(parse.to_json(entries.read(one, _any(pair))) for one in logs)
    assert subject.encode() not in texts
    assert first.encode() not in texts, "nothing that travels links the two"


def _any(pair: Pair) -> Any:
    trusted = pair.origin.trust.current()
    agencies = [desk.agency for desk in pair.desks]

    def find(kid: str) -> Any:
        return next((k for a in agencies if (k := trusted.signing_key(a)(kid))), None)

    return find


@pytest.mark.parametrize("feedback", ["nothing", "status_and_outcome"])
def test_T18_a_rejection_reaches_the_sender_who_closes_and_asks_elsewhere(
    pair: Pair, feedback: str
) -> None:
    referral_id = pair.offer(feedback=feedback)
    there = pair.destination.client
    there.acknowledge(referral_id)
    no = [Item(number=n, state="declined_by_agency", reason="no_capacity") for n in (1, 2)]
    there.decide(referral_id, no)
    pair.settle()
    assert stands(pair, referral_id) == "declined"
    assert {i.reason for i in pair.views(referral_id)[0].items} == {"no_capacity"}
    pair.origin.client.close(referral_id)
    again = pair.origin.client.offer(
        destination=DESTINATION, consent_id=pair.consent_id, items=wishes(), record=record()
    )
    pair.settle()
    assert pair.views(referral_id)[1].closed
    assert stands(pair, again.referral.referral_id) == "offered"


@pytest.mark.parametrize("feedback", ["nothing", "status_only", "status_and_outcome"])
def test_T19_progress_reaches_the_sender_as_far_as_agreed(pair: Pair, feedback: str) -> None:
    referral_id = pair.disclosed(feedback=feedback)
    there = pair.destination.client
    there.progress(referral_id, [Item(number=1, state="in_delivery")])
    there.follow_up(referral_id, follow_up="outcome_assessment", record=outcome_record())
    pair.settle()
    seen = pair.views(referral_id)[0]
    assert seen.items[0].state == ("accepted" if feedback == "nothing" else "in_delivery")
    outcomes = pair.origin.part_rows(referral_id).get("outcomes")
    assert outcomes == ("held" if feedback == "status_and_outcome" else None)


def test_T22_what_she_never_wants_is_not_offered(pair: Pair) -> None:
    consent_id = pair.origin.client.record_consent(agreed()).consent_id
    never = [Item(number=1, wish="now"), Item(number=2, wish="never")]
    given = {"destination": DESTINATION, "consent_id": consent_id, "record": record()}
    assert reason(pair.origin.client.offer, items=never, **given) == "WISH_FORBIDS"
    assert pair.origin.rows()["referrals"] == 0
    referral_id = pair.accepted()
    assert reason(
        pair.origin.client.amend, referral_id, items=[Item(number=3, wish="never")],
        record=offer_record(record()),
    ) == "WISH_FORBIDS"  # fmt: skip
    pair.origin.client.choice(referral_id, [Item(number=2, wish="never")])
    pair.settle()
    there = pair.destination.client
    assert reason(there.decide, referral_id, [Item(number=2, state="accepted")]) == "WISH_FORBIDS"


def test_T22_what_she_wants_later_is_not_scheduled_early(pair: Pair) -> None:
    consent_id = pair.origin.client.record_consent(agreed()).consent_id
    day = (pair.clock.now() + timedelta(days=3)).date().isoformat()
    items = [Item(number=1, wish="later", not_before=day), Item(number=2, wish="now")]
    sent = pair.origin.client.offer(
        destination=DESTINATION, consent_id=consent_id, items=items, record=record()
    )
    pair.settle()
    there, referral_id = pair.destination.client, sent.referral.referral_id
    there.acknowledge(referral_id)
    there.decide(referral_id, [Item(number=n, state="accepted") for n in (1, 2)])
    early = [Item(number=1, state="scheduled")]
    assert reason(there.progress, referral_id, early) == "WISH_FORBIDS"
    forger = Forger(pair, pair.destination, referral_id)
    pair.settle()
    forger.receipt(forger.write("progress", items=early))
    assert pair.origin.client.get_referral(referral_id).items[0].state == "accepted"
    pair.clock.advance(timedelta(days=3))
    assert reason(there.progress, referral_id, early) == ""
