"""What a hostile or unlucky party tried with the further acts, and can't do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from forger import Forger
from nodes import Pair, reason
from onward.core.clock import stamp
from onward.v1.entry_pb2 import Item
from people import record


def test_a_time_without_end_holds_up_neither_reading_nor_a_withdrawal(pair: Pair) -> None:
    referral_id = pair.disclosed()
    forger = Forger(pair, pair.destination, referral_id)
    far = stamp(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert forger.send(forger.write("handover", time=far)).receipt
    assert pair.origin.client.get_referral(referral_id).handover_destination
    assert list(pair.origin.client.list_referrals())
    assert pair.origin.client.alert(referral_id, "missing").entry
    assert pair.origin.client.withdraw(referral_id, categories=["name"]).entry


def test_a_withdrawal_behind_a_flood_of_alerts_still_seals(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.publish(stamped=False)
    for _ in range(300):
        pair.origin.client.alert(referral_id, "missing")
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.carry(pair.origin)
    assert not [p for p in pair.destination.client.get_referral(referral_id).parts if p.readable]


def test_what_was_written_for_an_acceptance_does_not_leave_after_a_decline(pair: Pair) -> None:
    referral_id = pair.accepted()
    here, there = pair.origin.client, pair.destination.client
    here.get_referral(referral_id)
    here.disclose(referral_id, consent_id=pair.consent_id, record=record())
    there.get_referral(referral_id)
    there.decide(referral_id, [Item(number=1, state="declined_by_agency", reason="no_capacity")])
    pair.carry(pair.destination)
    assert here.get_referral(referral_id).rest_reason == "declined"
    pair.settle(jump=timedelta(minutes=5))
    held = {p.category for p in there.get_referral(referral_id).parts if p.readable}
    assert "name" not in held
    assert "contact_safe" not in held


def test_a_grant_is_not_corrected_away(pair: Pair) -> None:
    referral_id = pair.disclosed()
    parts = pair.origin.client.get_referral(referral_id).parts
    grants = [part.digest for part in parts if part.category == "grant"]
    again = pair.origin.client.correct
    assert reason(again, referral_id, corrects=grants, record=record()) == "STATE_CONFLICT"
