"""Delivery to partners that answer nonsense, or hang: none of them holds back another."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from desk import DELAY
from nodes import Pair
from onward.core import jose, trust
from onward.errors import TransportFailed
from onward.v1.errors_pb2 import Problem
from onward.v1.peer_pb2 import DeliverRequest, DeliverResponse, DeliverResult, ResyncRequest
from onward.v1.trust_pb2 import Agency
from onward_server.adapters import delivery as module
from onward_server.adapters.delivery import Delivery
from onward_server.ports import Tx
from onward_server.service import ledger, node as service_node, outbound
from people import DESTINATION, agreed, record, wishes

OTHER = "other.example"
OTHER_AT = "127.0.0.1:10"


class Way:
    """A way to a partner: to the honest one, or answered by `answer`."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.calls = 0

    def call(self, rpc: Any, request: DeliverRequest, *, token: Any, timeout: float) -> Any:
        self.calls += 1
        return self.answer(request)

    def close(self) -> None:
        """Nothing to close."""


class Three:
    """The pair, and a partner that does what it likes. Something waits for it, and for the good."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        entry = Agency()
        entry.CopyFrom(pair.agencies[DESTINATION])
        entry.agency, entry.grpc = OTHER, OTHER_AT
        del entry.keys[:]
        since = pair.clock.now() - timedelta(days=1)
        for use in ("sign", "seal"):
            until_ = since + timedelta(days=30)
            entry.keys.append(trust.agency_key(jose.new_key(), use, since, until_))
        pair.agencies[OTHER] = entry
        pair.publish()
        pair.origin.store.accept_peer(OTHER)
        here = pair.origin.client
        given = here.record_consent(agreed(recipients=[OTHER, DESTINATION]))
        self.ids = [
            here.offer(
                destination=to, consent_id=given.consent_id, items=wishes(), record=record()
            ).referral.referral_id
            for to in (OTHER, DESTINATION)
        ]
        self.good = Way(lambda request: pair.destination.call("Exchange.Deliver", request))

    def delivery(self, answer: Any, every: float = 1.0) -> Delivery:
        made = Delivery(self.pair.origin.node, every=every)
        self.bad = Way(answer)
        ways: Any = made._transports
        ways["grpc", OTHER_AT] = self.bad
        ways["grpc", "127.0.0.1:9"] = self.good
        return made

    def waiting(self) -> list[bool]:
        """Whether something waits for the partner, and for the good one."""
        outbox = self.pair.origin.store.read(lambda tx: [tx.outbox(one) for one in self.ids])
        return [one is not None for one in outbox]


@pytest.fixture
def three(pair: Pair) -> Three:
    return Three(pair)


def fails(request: DeliverRequest) -> Any:
    raise ValueError("whatever")


def answers(*results: DeliverResult) -> Any:
    return lambda request: DeliverResponse(results=results)


@pytest.mark.parametrize(
    "answer",
    [
        fails,
        answers(),
        answers(DeliverResult(problem=Problem(reason=9999))),  # type: ignore[arg-type]
        answers(DeliverResult(receipt="\u00e9.x.")),
        answers(DeliverResult()),
        answers(DeliverResult(receipt="e30.e30.AAAA")),
    ],
)
def test_nonsense_holds_back_nobody(three: Three, answer: Any) -> None:
    assert three.delivery(answer).round()
    assert three.waiting() == [True, False]
    outbox = three.pair.origin.store.read(lambda tx: tx.outbox(three.ids[0]))
    assert outbox is not None
    assert outbox.attempts == 1, "it is not tried again at once"


def test_what_is_under_way_does_not_go_once_more_beside_something_else(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its receipt comes while the next call to another partner is made ready."""
    made = three.delivery(fails)
    made._busy.add(DESTINATION)
    due = outbound.due

    def receipted(*args: Any, **named: Any) -> Any:
        found = due(*args, **named)
        made._busy.discard(DESTINATION)
        return found

    monkeypatch.setattr(outbound, "due", receipted)
    for one in made._begin(calls=1):
        one.result()
    assert (three.bad.calls, three.good.calls) == (1, 0)


def test_what_the_outbox_can_not_note_holds_back_nobody(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError

    monkeypatch.setattr(outbound, "failed", broken)
    assert three.delivery(fails).round()
    assert three.waiting() == [True, False]


def test_destruction_that_fails_holds_back_nobody(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> int:
        raise ValueError

    monkeypatch.setattr(service_node.Node, "erase_due", broken)
    assert three.delivery(fails).round()
    assert three.waiting() == [True, False]


def test_one_that_hangs_delays_nobody(three: Three, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what is written while the call hangs goes out; and it stops all the same."""
    monkeypatch.setattr(module, "GRACE", 0.2)
    hang, hangs = threading.Event(), threading.Event()

    def hanging(request: DeliverRequest) -> Any:
        hangs.set()
        hang.wait(30)
        raise TransportFailed("timeout")

    delivery = three.delivery(hanging, every=0.05)
    three.bad.close = hang.set  # type: ignore[method-assign]
    delivery.start()
    try:
        assert hangs.wait(10)
        until(lambda: three.waiting() == [True, False])
        three.pair.origin.client.withdraw(three.ids[1], everything=True)
        until(lambda: three.waiting() == [True, False] and three.good.calls >= 2)
        assert three.bad.calls == 1, "one call in flight for each recipient"
    finally:
        start = time.monotonic()
        delivery.stop()
    assert time.monotonic() - start < 5


def test_one_that_hangs_when_it_is_asked_gets_what_it_takes(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It claims more of our log than we have, and does not show it: withdrawals reach it."""
    monkeypatch.setattr(module, "GRACE", 0.2)
    here, asked, let_go = three.pair.origin, threading.Event(), threading.Event()

    def mark(tx: Tx) -> None:
        tx.mark_restored(three.ids[1], DESTINATION, three.pair.clock.now())

    def answer(request: Any) -> Any:
        if isinstance(request, ResyncRequest):
            asked.set()
            let_go.wait(30)
            raise TransportFailed("timeout")
        return three.pair.destination.call("Exchange.Deliver", request)

    delivery = three.delivery(fails, every=0.05)
    assert delivery.round()
    three.good.answer = answer
    three.good.close = let_go.set  # type: ignore[method-assign]
    here.store.write(mark)
    delivery.start()
    try:
        assert asked.wait(10)
        here.client.withdraw(three.ids[1], everything=True)
        there = three.pair.destination.client
        until(lambda: there.get_referral(three.ids[1]).withdrawals)
    finally:
        start = time.monotonic()
        delivery.stop()
    assert time.monotonic() - start < 5


def until(true: Any) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_one_erasure_that_fails_holds_back_no_other(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [pair.disclosed(), pair.disclosed()]
    for one in ids:
        pair.origin.client.get_referral(one)
        pair.origin.client.withdraw(one, everything=True)
    pair.settle()
    real, faults = ledger.load, [ValueError("damaged")]

    def load(*args: Any) -> Any:
        if faults:
            raise faults.pop()
        return real(*args)

    pair.clock.advance(DELAY)
    monkeypatch.setattr(ledger, "load", load)
    assert pair.origin.node.erase_due() == 1
    assert pair.origin.node.erase_due() == 1
