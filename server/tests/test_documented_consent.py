"""Failures of other systems (domain.md section 9, T09 to T11): withdrawals and consents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from google.protobuf.message_factory import GetMessageClass

from nodes import Pair, reason
from onward.core import parse, spec
from onward.core.refused import Refused
from onward.v1.consent_pb2 import ConsentRecord
from onward.v1.entry_pb2 import Item
from onward.v1.local_pb2 import RecordConsentRequest
from onward.v1.referral_pb2 import Write
from people import DESTINATION, agreed, record, wishes


@pytest.mark.parametrize("trouble", ["user disabled", "item done", "network down"])
def test_T09_after_a_withdrawal_the_other_side_stops(pair: Pair, trouble: str) -> None:
    referral_id = pair.disclosed()
    if trouble == "item done":
        there = pair.destination.client
        there.complete(referral_id, [Item(number=1, state="completed")])
        pair.settle()
    if trouble == "user disabled":
        pair.destination.login_key = None  # type: ignore[assignment]  # nobody there can act
    pair.origin.client.withdraw(referral_id, everything=True)
    asked = pair.clock.now()
    if trouble == "network down":
        for _ in range(30):
            for outgoing in pair.origin.due():
                pair.origin.answered(outgoing, None)
            pair.clock.advance(timedelta(minutes=1))
        asked = pair.clock.now()
    while not pair.carry(pair.origin):
        pair.clock.advance(timedelta(seconds=10))
    assert pair.clock.now() - asked <= timedelta(minutes=2), "it does not wait long to try again"
    assert pair.origin.client.get_referral(referral_id).undelivered == 0, "they have said so"
    assert set(pair.destination.part_rows(referral_id).values()) == {"sealed"}
    pair.erase()
    assert pair.destination.agency in pair.origin.client.get_referral(referral_id).certified
    assert set(pair.destination.part_rows(referral_id).values()) == {"destroyed"}


FAILING: dict[str, Callable[[Pair, str], Any]] = {
    "stale heads": lambda pair, rid: pair.origin.client.handover(
        rid, heads=pair.origin.client.get_referral(rid)
    ),
    "list expired": lambda pair, rid: (
        pair.publish(stamped=False), pair.clock.advance(timedelta(days=100)),
    ),
    "partner suspended": lambda pair, rid: pair.status(pair.destination, "suspended"),
    "partner not accepted": lambda pair, rid: pair.origin.store.accept_peer(DESTINATION, False),
    "consent ended": lambda pair, rid: pair.clock.advance(timedelta(days=400)),
    "closed": lambda pair, rid: pair.origin.client.close(rid),
    "withdrawn before": lambda pair, rid: pair.origin.client.withdraw(rid, categories=["name"]),
    "invalidated": lambda pair, rid: pair.origin.client.invalidate(rid),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAILING)
def test_T10_a_withdrawal_succeeds_whatever_else_fails(pair: Pair, fault: str) -> None:
    referral_id = pair.disclosed()
    old = pair.origin.client.get_referral(referral_id).heads
    FAILING[fault](pair, referral_id)
    done = pair.origin.client.withdraw(referral_id, everything=True, heads=old)
    assert done.entry
    assert set(pair.origin.own_parts(referral_id).values()) == {"sealed"}
    if "expired" not in fault and "ended" not in fault:
        pair.settle(jump=timedelta(minutes=1))
        assert set(pair.destination.part_rows(referral_id).values()) == {"sealed"}


WRITES = [rpc for rpc in spec.rpcs().values() if rpc.plane == "PLANE_LOCAL" and rpc.body]
DECLARED = ("consentOverridden", "consent_overridden", "consentGiven", "consent", "override")


@pytest.mark.parametrize("rpc", WRITES, ids=lambda rpc: rpc.name)
def test_T11_no_call_takes_a_word_that_there_is_consent(rpc: spec.Rpc) -> None:
    for field in rpc.input.fields:
        if "consent" in field.name:
            assert field.name == "consent_id" or rpc.name == "RecordConsent", field.full_name
    for name in DECLARED if rpc.name != "RecordConsent" else DECLARED[:3]:
        with pytest.raises(Refused) as refused:
            parse.parse(GetMessageClass(rpc.input), f'{{"{name}": true}}'.encode())
        assert refused.value.reason in ("UNKNOWN_FIELD", "INVALID_FIELD")


def test_T11_consent_is_a_record_that_somebody_signs_for(pair: Pair) -> None:
    given = {"destination": DESTINATION, "items": wishes(), "record": record()}
    assert reason(pair.origin.client.offer, consent_id="made-up-0001", **given) == "CONSENT_MISSING"
    unsigned = RecordConsentRequest(
        consent=agreed(),
        write=Write(request_id="request-0001", purpose="service_delivery", actor="e30.e30.c2ln"),
    )
    assert reason(pair.origin.call, "Consents.RecordConsent", unsigned) == "ACTOR_INVALID"
    names = {field.name for field in ConsentRecord.DESCRIPTOR.fields}
    assert not [one for one in names if "overrid" in one]
    assert pair.origin.rows()["consents"] == 0
