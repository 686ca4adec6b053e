"""Withdrawal is never blocked, reaches every holder, and takes nothing that it does not name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import DELAY, Desk
from nodes import Pair, reason
from onward.v1.entry_pb2 import Item
from onward.v1.envelope_pb2 import Envelope
from people import decision, outcome_record, record

CONTENT = {"name", "contact_safe", "date_of_birth", "age_band", "sex", "language"}


def unreadable(desk: Desk, referral_id: str) -> bool:
    """On every way there is to read content."""
    referral = desk.client.get_referral(referral_id)
    digests = [part.digest for part in referral.parts if part.category in CONTENT]
    answers = {reason(desk.client.open, referral_id)}
    answers |= {reason(desk.client.open, referral_id, parts=[one]) for one in digests}
    return answers <= {"PART_GONE", "NOT_FOUND"} and not any(p.readable for p in referral.parts)


def test_everything_is_unreadable_at_once_and_destroyed_after_the_delay(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.destination.client.open(referral_id)
    pair.settle()
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    assert unreadable(pair.destination, referral_id)
    assert set(pair.destination.part_rows(referral_id).values()) == {"sealed"}
    assert pair.destination.node.erase_due() == 0, "the delay has not passed"
    pair.erase()
    for desk in pair.desks:
        assert set(desk.part_rows(referral_id).values()) <= {"destroyed"}
        assert set(desk.own_parts(referral_id).values()) <= {"destroyed"}
    here, there = pair.views(referral_id)
    assert here == there
    assert (here.phase, here.rest_reason) == ("resting", "withdrawn")
    assert len(here.certified) == 2
    assert {part.state for part in here.parts} == {"erased"}


def test_destroy_now_does_not_wait(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.origin.client.withdraw(referral_id, everything=True, destroy_now=True)
    assert pair.origin.node.erase_due() == 1
    assert pair.origin.node.erase_due() == 0
    pair.settle()
    assert list(pair.views(referral_id)[1].certified) == [pair.origin.agency]


def test_erase_by_hand(pair: Pair) -> None:
    referral_id = pair.disclosed()
    assert reason(pair.destination.client.erase, referral_id) == "STATE_CONFLICT"
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    pair.destination.client.erase(referral_id)
    assert reason(pair.destination.client.erase, referral_id) == "STATE_CONFLICT"
    pair.erase()
    assert len(pair.views(referral_id)[0].certified) == 2


def test_the_destination_withdraws_for_her(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.destination.client.withdraw(referral_id, everything=True)
    pair.settle()
    assert unreadable(pair.destination, referral_id)
    assert pair.origin.client.get_consent(pair.consent_id).status == "withdrawn"
    pair.erase()
    assert len(pair.views(referral_id)[0].certified) == 2


def test_in_part_it_leaves_the_rest(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.origin.client.withdraw(referral_id, categories=["contact_safe"])
    pair.settle()
    opened = pair.destination.client.open(referral_id).record
    assert opened.HasField("name")
    assert not opened.HasField("contact_safe")
    pair.erase()
    assert pair.destination.part_rows(referral_id)["contact_safe"] == "destroyed"
    assert pair.destination.part_rows(referral_id)["name"] == "held"
    assert pair.destination.client.open(referral_id).record.name == record().name
    assert "contact_safe" in pair.origin.client.get_consent(pair.consent_id).deny
    assert pair.views(referral_id)[0].phase == "accepted"


def test_in_part_before_delivery_the_other_parts_follow(pair: Pair) -> None:
    """The withdrawal takes the disclosure's entry along, bare; its other parts must not be lost."""
    referral_id = pair.accepted()
    here = pair.origin.client
    here.disclose(referral_id, consent_id=pair.consent_id, record=record())
    here.withdraw(referral_id, categories=["contact_safe"])
    (first,) = pair.origin.due()
    assert not first.parts
    assert first.urgent
    pair.settle()
    held = pair.destination.part_rows(referral_id)
    assert held["name"] == "held"
    assert held["contact_safe"] == "pending"
    opened = pair.destination.client.open(referral_id).record
    assert opened.name == record().name
    assert not opened.HasField("contact_safe")
    pair.settle()
    assert not pair.origin.store.read(lambda tx: tx.outbox(referral_id))


def test_two_withdrawals_are_certified_apart(pair: Pair) -> None:
    referral_id = pair.disclosed()
    here = pair.origin.client
    here.withdraw(referral_id, categories=["name"])
    pair.clock.advance(DELAY / 2)
    here.withdraw(referral_id, categories=["contact_safe"], destroy_now=True)
    assert pair.origin.node.erase_due() == 1
    mine = pair.origin.own_parts(referral_id)
    assert (mine["contact_safe"], mine["name"]) == ("destroyed", "sealed")
    pair.settle()
    pair.clock.advance(DELAY / 2)
    assert pair.origin.node.erase_due() == 1
    assert pair.origin.own_parts(referral_id)["name"] == "destroyed"
    pair.erase()
    referral = pair.views(referral_id)[1]
    assert len(referral.certified) == 2
    states = {part.category: part.state for part in referral.parts}
    assert states["name"] == states["contact_safe"] == "erased"
    assert states["date_of_birth"] == "sent"
    certificates = [
        one.entry.certificate
        for one in here.list_entries(referral_id)
        if one.entry.kind == "erased" and one.entry.author == pair.origin.agency
    ]
    assert [len(one.destroyed) for one in certificates] == [1, 1]


def test_what_was_withdrawn_comes_back_only_by_a_new_yes(pair: Pair) -> None:
    referral_id = pair.disclosed()
    here = pair.origin.client
    here.withdraw(referral_id, categories=["contact_safe"])
    pair.settle()
    given = {"consent_id": pair.consent_id, "record": record()}
    decided = {d.category: d for d in here.disclose(referral_id, **given).decisions}
    assert decided["contact_safe"].reason == "denied"
    newer = here.get_consent(pair.consent_id)
    newer.deny[:] = []
    here.record_consent(newer)
    here.disclose(referral_id, **given)
    pair.settle()
    assert pair.destination.client.open(referral_id).record.HasField("contact_safe")
    pair.erase()
    again = pair.destination.client.open(referral_id).record
    assert again.HasField("contact_safe"), "what came after the withdrawal has a key of its own"


def test_a_decision_that_crosses_is_overtaken_and_listed(pair: Pair) -> None:
    referral_id = pair.offer()
    there = pair.destination.client
    there.acknowledge(referral_id)
    pair.settle()
    pair.origin.client.withdraw(referral_id, everything=True)
    there.decide(referral_id, decision())
    pair.settle()
    here, theirs = pair.views(referral_id)
    assert here == theirs
    assert here.rest_reason == "withdrawn"
    for desk in pair.desks:
        assert "overtaken_acceptance" in desk.needs(referral_id)


def test_outcomes_that_cross_a_withdrawal_are_not_kept(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination.client
    there.follow_up(referral_id, follow_up="outcome_assessment", record=outcome_record())
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.carry(pair.destination)
    assert pair.origin.part_rows(referral_id)["outcomes"] == "sealed"
    pair.origin.client.get_referral(referral_id)
    assert reason(pair.origin.client.open, referral_id) == "PART_GONE"
    pair.settle()
    assert pair.views(referral_id)[0] == pair.views(referral_id)[1]


def test_it_overtakes_everything_that_waits(pair: Pair) -> None:
    """Withdrawals first, whichever referral has waited longer."""
    first, second = pair.accepted(), pair.accepted()
    pair.origin.client.handover(first)
    pair.clock.advance(timedelta(seconds=5))
    pair.origin.client.withdraw(second, everything=True)
    assert [one.referral_id for one in pair.origin.due()] == [second, first]


def test_behind_a_gap_it_seals_at_once(pair: Pair) -> None:
    """Alone, without what stands before it, it can't be stored, and still takes effect."""
    referral_id = pair.disclosed()
    pair.origin.client.handover(referral_id)
    pair.origin.client.withdraw(referral_id, everything=True)
    (whole,) = pair.origin.due()
    alone = only_the_withdrawal(pair, referral_id)
    before = pair.destination.rows()
    (result,) = pair.destination.receive(alone)
    assert result.problem.reason == 30  # REASON_GAP
    assert pair.destination.rows() == before
    assert unreadable(pair.destination, referral_id)
    pair.destination.receive(whole.envelope)
    pair.settle()
    pair.erase()
    assert len(pair.views(referral_id)[0].certified) == 2


def only_the_withdrawal(pair: Pair, referral_id: str) -> Envelope:
    """The last entry of the origin, in an envelope of its own."""
    from onward.v1.envelope_pb2 import Bundle
    from onward_server.service import loads, outbound

    last = pair.origin.client.list_entries(referral_id)[-1]
    assert last.entry.kind == "withdraw"
    load = loads.Load(Bundle(referral_id=referral_id, entries=[last.jws]))
    row = pair.origin.store.read(lambda tx: tx.outbox(referral_id))
    assert row is not None
    return outbound._seal(pair.origin.ctx, row, load, ahead=True).envelope


@pytest.mark.timeout(600)
def test_where_one_envelope_is_not_enough_it_goes_first(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination.client
    for _ in range(70):
        there.follow_up(referral_id, follow_up="welfare_check")
    there.withdraw(referral_id, everything=True)
    ahead, rest = pair.destination.due()
    assert (ahead.ahead, rest.ahead) == (True, False)
    (refused,) = pair.origin.receive(ahead.envelope)
    pair.destination.answered(ahead, refused)
    assert set(pair.origin.own_parts(referral_id).values()) == {"sealed"}
    (stored,) = pair.origin.receive(rest.envelope)
    pair.destination.answered(rest, stored)
    pair.settle()
    assert pair.views(referral_id)[0] == pair.views(referral_id)[1]
    assert pair.destination.client.get_referral(referral_id).undelivered == 0


@pytest.mark.parametrize("status", ["suspended", "removed"])
def test_it_passes_where_content_does_not(pair: Pair, status: str) -> None:
    referral_id = pair.accepted()
    here = pair.origin.client
    pair.status(pair.destination, status)
    given = {"consent_id": pair.consent_id, "record": record()}
    barred = "PEER_SUSPENDED" if status == "suspended" else "AGENCY_UNKNOWN"
    assert reason(here.disclose, referral_id, **given) == barred
    here.handover(referral_id)
    assert pair.origin.due() == []
    assert pair.origin.needs(referral_id) == ["undelivered"]
    here.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    assert len(pair.views(referral_id)[0].certified) == 2


def test_it_passes_from_an_agency_that_is_no_longer_accepted(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.destination.store.accept_peer(pair.origin.agency, False)
    here = pair.origin.client
    here.handover(referral_id)
    (refused,) = pair.carry(pair.origin)
    assert refused.problem.reason == 26  # REASON_PEER_NOT_ACCEPTED
    here.withdraw(referral_id, everything=True)
    pair.settle()
    assert unreadable(pair.destination, referral_id)
    pair.erase()
    assert len(pair.views(referral_id)[0].certified) == 2


def test_a_stale_list_holds_content_back_and_no_withdrawal(pair: Pair) -> None:
    referral_id = pair.accepted()
    here = pair.origin.client
    pair.publish(stamped=False)
    here.disclose(referral_id, consent_id=pair.consent_id, record=record())
    assert pair.origin.due() == []
    pair.publish()
    pair.settle(jump=timedelta(minutes=1))
    assert pair.destination.part_rows(referral_id)["name"] == "held"
    pair.publish(stamped=False)
    pair.destination.client.progress(referral_id, [Item(number=1, state="in_delivery")])
    here.withdraw(referral_id, everything=True)
    pair.settle()
    pair.erase()
    assert len(pair.views(referral_id)[0].certified) == 2
