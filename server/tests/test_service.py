"""The node's use cases: who may do what, what is kept, and what a person is told to look at."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import ALL_SCOPES
from nodes import Pair, reason
from onward.core.clock import stamp
from onward.v1.entry_pb2 import Item
from onward.v1.local_pb2 import ListAuditRequest, ListReferralsRequest
from onward.v1.referral_pb2 import AuditRecord
from onward_server.service import audit
from people import DESTINATION, ORIGIN, agreed, decision, outcome_record, record, wishes

SCHEDULED = [Item(number=1, state="scheduled")]


def test_a_write_on_an_old_view_is_refused(pair: Pair) -> None:
    referral_id = pair.offer()
    there = pair.destination.client
    old = there.get_referral(referral_id)
    there.acknowledge(referral_id, heads=old)
    assert reason(there.decide, referral_id, decision(), heads=old) == "HEADS_CHANGED"
    there.get_referral(referral_id)
    there.decide(referral_id, decision())


def test_a_withdrawal_needs_no_view(pair: Pair) -> None:
    referral_id = pair.offer()
    old = pair.origin.client.get_referral(referral_id)
    pair.accept(referral_id)
    pair.origin.client.withdraw(referral_id, everything=True, heads=old)
    assert pair.origin.client.get_referral(referral_id).rest_reason == "withdrawn"


def test_intake_sees_that_there_is_something_and_no_more(pair: Pair) -> None:
    referral_id = pair.disclosed()
    intake = pair.destination.as_role("intake")
    assert intake.get_referral(referral_id).phase == "accepted"
    assert reason(intake.open, referral_id) == "ROLE_INSUFFICIENT"
    at_origin = pair.origin.as_role("intake")
    given = {"consent_id": pair.consent_id, "record": record()}
    assert reason(at_origin.disclose, referral_id, **given) == "ROLE_INSUFFICIENT"
    intake.withdraw(referral_id, everything=True)


def test_no_scope_implies_another(pair: Pair) -> None:
    referral_id = pair.disclosed()
    for missing, work in (
        ("referrals:open", lambda: pair.destination.client.open(referral_id)),
        ("referrals:read", lambda: pair.destination.client.get_referral(referral_id)),
        ("audit:read", lambda: list(pair.destination.client.list_audit())),
    ):
        pair.destination.scopes = ALL_SCOPES - {missing}
        assert reason(work) == "SCOPE_INSUFFICIENT"
        pair.destination.scopes = ALL_SCOPES


def test_a_purpose_that_was_not_granted(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination.client
    assert reason(there.open, referral_id, purpose="eligibility_check") == "PURPOSE_NOT_GRANTED"
    assert there.open(referral_id).record.name.first_name == "Sample"


def test_another_persons_consent_is_no_consent(pair: Pair) -> None:
    referral_id = pair.accepted()
    other = pair.origin.client.record_consent(agreed()).consent_id
    work = pair.origin.client.disclose
    assert reason(work, referral_id, consent_id=other, record=record()) == "CONSENT_SCOPE"


def test_a_consent_that_has_ended(pair: Pair) -> None:
    referral_id = pair.accepted(valid_until=stamp(pair.clock.now() + timedelta(hours=1)))
    pair.clock.advance(timedelta(hours=2))
    before = pair.origin.rows()
    work = pair.origin.client.disclose
    given = {"consent_id": pair.consent_id, "record": record()}
    assert reason(work, referral_id, **given) == "CONSENT_EXPIRED"
    assert pair.origin.rows() == before


def test_audit_comes_before_content_and_its_chain_holds(pair: Pair) -> None:
    referral_id = pair.disclosed()
    seen = pair.destination.client.get_referral(referral_id)
    for _ in range(2):
        pair.destination.client.open(referral_id, request_id="open-0001", heads=seen)
    pair.origin.client.export_log(referral_id)
    records = list(pair.destination.client.list_audit(page_size=2))
    opened = [one for one in records if one.action == "open"]
    assert len(opened) == 2, "reading again is reading, too"
    assert opened[0].actor == "u-17"
    assert opened[0].purpose == "service_delivery"
    assert "name" in opened[0].categories
    last = AuditRecord()
    for one in records:
        assert one.seq == last.seq + 1
        assert one.hash == audit.chain(last.hash, one)
        last = one
    assert "export" in [one.action for one in pair.origin.client.list_audit()]


def test_under_feedback_nothing_acts_stay_in_the_journal(pair: Pair) -> None:
    referral_id = pair.disclosed(feedback="nothing")
    there = pair.destination.client
    assert there.open(referral_id).recorded.journaled
    there.get_referral(referral_id)
    for state in ("scheduled", "in_delivery"):
        assert there.progress(referral_id, [Item(number=1, state=state)]).journaled
    done = there.follow_up(referral_id, follow_up="outcome_assessment", record=outcome_record())
    assert [note.kind for note in done.referral.journal] == [
        "opened", "progress", "progress", "follow_up",
    ]  # fmt: skip
    assert done.referral.journal[-1].categories == ["outcomes"]
    # The journal's own order is held to: nothing is delivered twice.
    assert reason(there.progress, referral_id, SCHEDULED) == "STATE_CONFLICT"
    pair.settle()
    kinds = [one.entry.kind for one in pair.origin.client.list_entries(referral_id)]
    assert kinds == ["offer", "acknowledge", "decide", "disclose"]
    assert pair.views(referral_id)[0] == pair.views(referral_id)[1]


def test_the_journal_of_what_was_withdrawn_is_destroyed_too(pair: Pair) -> None:
    referral_id = pair.disclosed(feedback="nothing")
    there = pair.destination.client
    there.follow_up(referral_id, follow_up="outcome_assessment", record=outcome_record())
    assert pair.destination.rows()["journal_content"] == 1
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    assert pair.destination.rows()["journal_content"] == 0
    kinds = [note.kind for note in there.get_referral(referral_id).journal]
    assert kinds == ["follow_up"], "that something was done stays known; what was learnt does not"


@pytest.mark.parametrize("feedback", ["status_only", "status_and_outcome"])
def test_outcomes_flow_back_only_as_far_as_agreed(pair: Pair, feedback: str) -> None:
    referral_id = pair.disclosed(feedback=feedback)
    there = pair.destination.client
    done = there.follow_up(referral_id, follow_up="outcome_assessment", record=outcome_record())
    assert not done.journaled
    pair.settle()
    flows = feedback == "status_and_outcome"
    assert pair.origin.part_rows(referral_id).get("outcomes") == ("held" if flows else None)
    if flows:
        assert pair.origin.client.open(referral_id).record.outcomes.ratings[0].value == 7
    else:
        assert reason(pair.origin.client.open, referral_id) == "PART_GONE"
        assert pair.destination.rows()["journal_content"] == 1


def test_what_waits_for_a_human_and_how_it_ends(pair: Pair) -> None:
    referral_id = pair.offer()
    there = pair.destination
    assert there.needs(referral_id) == ["acknowledge_offer"]
    there.client.acknowledge(referral_id)
    assert there.needs(referral_id) == ["decide_offer"]
    there.client.decide(referral_id, decision())
    assert there.needs(referral_id) == []
    for _ in range(8):
        pair.clock.advance(timedelta(minutes=20))
        for outgoing in there.due():
            there.answered(outgoing, None)
    assert there.needs(referral_id) == ["undelivered"]
    assert [one.code for one in there.client.list_needs_human()] == ["undelivered"]
    pair.settle(jump=timedelta(hours=1))
    assert there.needs(referral_id) == []
    pair.origin.client.withdraw(referral_id, everything=True)
    assert pair.origin.needs(referral_id) == ["erasure_due"]
    pair.settle()
    pair.erase()
    assert pair.origin.needs(referral_id) == there.needs(referral_id) == []


def test_a_new_act_does_not_hide_that_delivery_fails(pair: Pair) -> None:
    referral_id = pair.offer()
    there = pair.destination
    there.client.acknowledge(referral_id)
    for _ in range(9):
        pair.clock.advance(timedelta(minutes=20))
        for outgoing in there.due():
            there.answered(outgoing, None)
    there.client.decide(referral_id, decision())
    assert there.needs(referral_id) == ["undelivered"]
    assert there.due(), "but it is tried at once"


def test_events_come_in_order_and_once(pair: Pair) -> None:
    start = pair.destination.node.newest_cursor()
    referral_id = pair.accepted()
    events = pair.destination.node.events(start, 100)
    assert [one.kind for one in events] == ["entry", "entry", "entry", "receipt"]
    assert {one.referral_id for one in events} == {referral_id}
    numbers = [int(one.cursor) for one in events]
    assert numbers == sorted(numbers)
    assert pair.destination.node.events(events[1].cursor, 1) == [events[2]]
    for bad in ("x", "-1", "9" * 40):
        assert reason(pair.destination.node.events, bad, 1) == "INVALID_FIELD"


def test_pages(pair: Pair) -> None:
    made = [pair.offer() for _ in range(5)]
    here = pair.origin.client
    assert [one.referral_id for one in here.list_referrals(page_size=2)] == made
    assert [one.referral_id for one in here.list_referrals()] == made
    for token in ("x", "9" * 40):
        bad = ListReferralsRequest(page_token=token)
        assert reason(pair.origin.call, "Referrals.ListReferrals", bad) == "INVALID_FIELD"
    audits = pair.origin.call("Audit.ListAudit", ListAuditRequest(after=3, page_size=2)).records
    assert [one.seq for one in audits] == [4, 5]


def test_unknown_and_foreign_answer_alike(pair: Pair) -> None:
    """The database may hold another agency's cases; nobody learns that they are there."""
    referral_id = pair.disclosed()
    from onward_server.adapters.sql.store import SqlStore

    foreign = SqlStore(pair.origin.database, "other.gov.bd.example")
    try:
        assert foreign.read(lambda tx: tx.referral(referral_id)) is None
    finally:
        foreign.close()
    here = pair.origin.client
    assert reason(here.get_referral, "unknown-0001") == "NOT_FOUND"
    assert reason(here.list_entries, "unknown-0001") == "NOT_FOUND"
    assert reason(here.export_log, "unknown-0001") == "NOT_FOUND"
    assert reason(here.withdraw, "unknown-0001", everything=True) == "NOT_FOUND"
    assert reason(here.get_consent, "unknown-0001") == "NOT_FOUND"


def test_a_consent_of_nobody_makes_no_offer(pair: Pair) -> None:
    given = {"destination": DESTINATION, "items": wishes(), "record": record()}
    work = pair.origin.client.offer
    assert reason(work, consent_id="unknown-0001", **given) == "CONSENT_MISSING"
    to_self = {**given, "destination": ORIGIN, "consent_id": "unknown-0001"}
    assert reason(work, **to_self) == "WRONG_RECIPIENT"
    refused = pair.origin.client.record_consent(agreed(status="refused")).consent_id
    assert reason(work, consent_id=refused, **given) == "CONSENT_WITHDRAWN"
    assert pair.origin.rows()["referrals"] == 0
