"""Failures of other systems (domain.md section 9, T01 to T08): what arrives wrong, or twice."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

from conversation import comparable
from forger import Forger
from nodes import Pair, reason, stands
from onward.v1.entry_pb2 import Item
from onward.v1.envelope_pb2 import Envelope
from onward.v1.errors_pb2 import Reason
from onward.v1.peer_pb2 import DeliverResult
from people import DESTINATION, agreed, record, wishes


def named(result: DeliverResult) -> str:
    """Why an envelope was refused; empty if it was not."""
    return Reason.Name(result.problem.reason).removeprefix("REASON_") if not result.receipt else ""


def test_T01_an_unknown_act_is_never_taken_for_another(pair: Pair) -> None:
    referral_id = pair.offer()
    forger = Forger(pair, pair.destination, referral_id)
    told = forger.send(forger.write("approve", items=[Item(number=1, state="accepted")]))
    assert named(told) == "UNKNOWN_CODE"
    assert pair.origin.client.get_referral(referral_id).phase == "offered"


def test_T05_an_agency_id_has_one_spelling_and_an_unknown_one_is_an_error(pair: Pair) -> None:
    consent_id = pair.origin.client.record_consent(agreed()).consent_id
    given = {"consent_id": consent_id, "items": wishes(), "record": record()}
    offer = pair.origin.client.offer
    assert reason(offer, destination=DESTINATION.upper(), **given) == "INVALID_FIELD"
    assert reason(offer, destination="nobody.example", **given) == "AGENCY_UNKNOWN"
    assert pair.origin.rows()["referrals"] == 0
    offer(destination=DESTINATION, **given)
    (outgoing,) = pair.origin.due()
    del pair.agencies[pair.origin.agency]
    pair.publish(to=[pair.destination])
    (answer,) = pair.destination.receive(outgoing.envelope)
    assert named(answer) == "AGENCY_UNKNOWN", "whoever sent it is told"
    pair.origin.answered(outgoing, answer)
    referral_id = outgoing.referral_id
    assert pair.origin.client.get_referral(referral_id).undelivered == 1
    assert "undelivered" in pair.origin.needs(referral_id), "and so is a person"


def test_T07_what_can_not_be_read_is_answered_kept_and_shown(pair: Pair) -> None:
    referral_id = pair.accepted()
    pair.origin.client.handover(referral_id)
    for _ in range(9):
        pair.clock.advance(timedelta(minutes=15))
        for outgoing in pair.origin.due():
            sealed = outgoing.envelope.sealed
            broken = Envelope(header=outgoing.envelope.header, sealed=sealed[:-8] + "AAAAAAAA")
            (answer,) = pair.destination.receive(broken)
            assert named(answer) == "SEAL_INVALID"
            pair.origin.answered(outgoing, answer)
    assert pair.origin.client.get_referral(referral_id).undelivered == 1, "never dropped"
    waiting = [one.code for one in pair.origin.client.list_needs_human()]
    assert waiting == ["undelivered"]
    pair.settle(jump=timedelta(minutes=15))
    assert pair.origin.needs(referral_id) == []
    assert pair.destination.client.get_referral(referral_id).handover_origin


def test_T07_a_reference_to_nothing_is_refused_here_and_shown_there(pair: Pair) -> None:
    referral_id = pair.offer()
    there = pair.destination.client
    there.acknowledge(referral_id)
    pair.settle()
    unknown = [Item(number=9, state="accepted")]
    assert reason(there.decide, referral_id, unknown) == "ITEM_UNKNOWN"
    forger = Forger(pair, pair.destination, referral_id)
    forger.receipt(forger.write("decide", items=unknown))
    assert pair.origin.client.get_referral(referral_id).phase == "acknowledged"
    assert pair.origin.needs(referral_id) == ["disallowed_entry"]


def test_T08_repeated_and_reordered_it_comes_to_the_same(pair: Pair) -> None:
    found = []
    for order in permutations(range(3)):
        referral_id = pair.accepted()
        here = pair.origin.client
        here.disclose(referral_id, consent_id=pair.consent_id, record=record())
        sent = pair.origin.due()
        here.handover(referral_id)
        sent += pair.origin.due()
        here.choice(referral_id, [Item(number=2, wish="never")])
        sent += pair.origin.due()
        for number in (*order, *order):
            pair.destination.receive(sent[number].envelope)
        pair.settle(jump=timedelta(minutes=1))
        assert stands(pair, referral_id) == "accepted"
        found.append(comparable(pair.destination.client.get_referral(referral_id)))
    assert all(one == found[0] for one in found)
