"""A whole referral with an agency that can't be reached, over the wire to its mailbox."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from nodes import reason
from onward.core import jose
from onward.core.refused import Refused
from onward.errors import OnwardError, TransportFailed
from onward.v1.peer_pb2 import CollectRequest
from onward_server.adapters.delivery import address
from people import agreed, decision, record, wishes
from posting import DESTINATION, Posts
from serving import WAYS


@pytest.fixture(params=WAYS)
def posts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Posts]:
    made = Posts(tmp_path, request.param)
    yield made
    made.close()


@pytest.fixture
def by_grpc(tmp_path: Path) -> Iterator[Posts]:
    """For what does not depend on the way."""
    made = Posts(tmp_path, "grpc")
    yield made
    made.close()


class Wire:
    """Both outboxes and the collecting, as the nodes run them."""

    def __init__(self, posts: Posts) -> None:
        self.posts = posts
        self.there = posts.delivery(posts.origin)
        self.back = posts.delivery(posts.destination)
        self.collecting = posts.collecting(posts.destination)

    def settle(self) -> None:
        for _ in range(20):
            self.there.round()
            self.collecting.round()
            self.back.round()
            if not self.posts.waiting():
                return
            self.posts.clock.advance(timedelta(hours=1))
        raise AssertionError("delivery does not come to an end")


def offered(posts: Posts) -> str:
    given = posts.origin.client.record_consent(agreed())
    posts.consent_id = given.consent_id
    sent = posts.origin.client.offer(
        destination=DESTINATION, consent_id=given.consent_id, items=wishes(), record=record()
    )
    return sent.referral.referral_id


def decided(posts: Posts, referral_id: str) -> None:
    there = posts.destination.client
    there.get_referral(referral_id)
    there.acknowledge(referral_id)
    there.decide(referral_id, decision())


def disclosed(posts: Posts, referral_id: str) -> None:
    here = posts.origin.client
    here.get_referral(referral_id)
    here.disclose(referral_id, consent_id=posts.consent_id, record=record())


def assert_sealed(posts: Posts) -> None:
    """What lies at the hub, it can't open, and says nothing of anybody."""
    files = b"".join(p.read_bytes() for p in posts.hub.folder.glob("node.sqlite3*"))
    for word in (b"Sample", b"Testperson", b"contact_safe", b"trauma_therapy"):
        assert word not in files
    held = posts.hub.store.read(
        lambda tx: tx.mail_for(DESTINATION, "", posts.clock.now(), barred=False, limit=9, size=9**9)
    )
    assert held, "it lies there"
    for one in held:
        opened = partial(jose.unseal, one.sealed, sender=posts.origin.agency, recipient=DESTINATION)
        assert reason(opened, posts.hub.keys.unsealing) == "SEAL_INVALID"
        assert reason(opened, posts.destination.keys.unsealing) == ""


def test_from_the_offer_to_what_she_wants_read(posts: Posts) -> None:
    wire = Wire(posts)
    referral_id = offered(posts)
    assert not wire.there.round(), "held is not delivered"
    assert posts.origin.client.get_referral(referral_id).undelivered == 1
    assert reason(posts.destination.client.get_referral, referral_id) == "NOT_FOUND"
    wire.settle()
    decided(posts, referral_id)
    wire.settle()
    disclosed(posts, referral_id)
    wire.there.round()
    assert_sealed(posts)
    wire.settle()
    there = posts.destination.client
    there.get_referral(referral_id)
    assert there.open(referral_id).record.name.first_name == "Sample"
    wire.settle()
    here, other = posts.views(referral_id)
    assert here == other
    assert posts.hub.rows()["entries"] == posts.hub.rows()["parts"] == 0
    assert posts.origin.rows()["posted"] == 0, "nothing sealed stays once it has arrived"


def test_killed_between_taking_and_the_receipts(posts: Posts) -> None:
    """Nothing is lost and nothing comes twice, whichever call is the last one."""
    wire = Wire(posts)
    referral_id = offered(posts)
    wire.there.round()
    start = posts.destination.node.newest_cursor()
    cut = posts.collecting(posts.destination)
    calls: list[CollectRequest] = []
    transport = cut._transport(posts.hub.agency)

    class Cut:
        def call(self, rpc: Any, request: Any, **named: Any) -> Any:
            calls.append(request)
            if len(calls) == 2:
                raise TransportFailed("cut")
            return transport.call(rpc, request, **named)

        def close(self) -> None:
            transport.close()

    for key in cut._transports:
        cut._transports[key] = Cut()  # type: ignore[assignment]
    with pytest.raises(OnwardError):
        cut.round()
    assert [len(one.receipts) for one in calls] == [0, 1]
    assert posts.hub.store.read(lambda tx: tx.mail_size(posts.origin.agency, DESTINATION)) > 4000
    posts.destination.power_cut()
    wire = Wire(posts)
    assert wire.collecting.round() == 1
    assert wire.collecting.round() == 0
    events = posts.destination.node.events(start, 10)
    assert [one.kind for one in events] == ["entry"], "one arrival"
    wire.settle()
    assert len(posts.destination.client.list_entries(referral_id)) == 1
    receipts = posts.origin.store.read(lambda tx: tx.receipts(referral_id))
    assert len(receipts) == 1


def test_the_same_node_goes_on_after_a_call_that_failed(by_grpc: Posts) -> None:
    wire = Wire(by_grpc)
    offered(by_grpc)
    wire.there.round()
    deliver = by_grpc.destination.node.call
    failures = iter([Refused("UNAVAILABLE")])

    def once(*given: Any) -> Any:
        for fault in failures:
            raise fault
        return deliver(*given)

    by_grpc.destination.node.call = once  # type: ignore[method-assign]
    with pytest.raises(Refused):
        wire.collecting.round()
    ask = wire.collecting._ask
    cuts = iter([TransportFailed("cut")])

    def cut(mailbox: str, receipts: list[str]) -> Any:
        for fault in cuts if receipts else ():
            raise fault
        return ask(mailbox, receipts)

    wire.collecting._ask = cut  # type: ignore[method-assign]
    with pytest.raises(TransportFailed):
        wire.collecting.round()
    assert wire.collecting.round() == 1, "receipts that got lost on the way are brought again"


def test_what_is_refused_waits_and_does_not_hold_back_the_rest(by_grpc: Posts) -> None:
    by_grpc.destination.store.accept_peer(by_grpc.origin.agency, False)
    wire = Wire(by_grpc)
    offered(by_grpc)
    offered(by_grpc)
    wire.there.round()
    assert wire.collecting.round() == 0, "refused, so it stays"
    by_grpc.destination.store.accept_peer(by_grpc.origin.agency)
    offered(by_grpc)
    by_grpc.clock.advance(timedelta(seconds=1))
    wire.there.round()
    assert wire.collecting.round() == 1, "what is new goes on from there"
    wire.collecting._from_start = 0.0  # A quarter of an hour later.
    assert wire.collecting.round() == 2


def test_it_collects_by_itself_also_after_the_mailbox_was_away(by_grpc: Posts) -> None:
    wire = Wire(by_grpc)
    offered(by_grpc)
    wire.there.round()
    hub = by_grpc.hub.node
    tried, came = threading.Event(), threading.Event()

    class Away:
        def call(self, *_given: Any) -> Any:
            tried.set()
            raise Refused("UNAVAILABLE")

    by_grpc.hub.node = Away()  # type: ignore[assignment]
    by_grpc.destination.node.subscribe(came.set)
    by_grpc.collecting(by_grpc.destination, timedelta(milliseconds=20)).start()
    assert tried.wait(20)
    by_grpc.hub.node = hub
    assert came.wait(20)


def test_nobody_calls_the_agency_itself(by_grpc: Posts) -> None:
    member = by_grpc.origin.trust.current().agency(DESTINATION)
    assert member is not None
    assert member.rest, "an address that stands there all the same counts for nothing"
    assert reason(address, member, "rest") == "UNAVAILABLE"
