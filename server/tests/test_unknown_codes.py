"""A code that is not known is an error everywhere, and never another code (domain.md T1, T2)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fault_node import Node, serving
from forger import Forger
from nodes import Pair, reason
from onward.client import Client
from onward.v1.categories_pb2 import OfferRecord
from onward.v1.entry_pb2 import Item
from onward.v1.errors_pb2 import Reason
from people import DESTINATION, wishes

UNKNOWN = ["approved", "ACCEPTED", "accepted ", "1", "x-ngo-accepted"]
"""States that no registry holds. A bridge is known that read each of them as accepted."""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with serving(tmp_path_factory.mktemp("codes")) as made:
        yield made


@pytest.fixture(params=["rest", "grpc"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(node: Node, transport: str) -> Iterator[Client]:
    made = node.site.client(transport, "u-17")  # type: ignore[arg-type]
    yield made
    made.disconnect()


@pytest.mark.parametrize("state", UNKNOWN)
def test_T01_unknown_decision_is_refused_on_both_transports(
    node: Node, transport: str, client: Client, state: str
) -> None:
    case = node.case(transport)
    client.get_referral(case.referral_id)
    client.acknowledge(case.referral_id)
    before = node.rows()
    items = [Item(number=1, state=state)]
    assert reason(client.decide, case.referral_id, items) == "UNKNOWN_CODE"
    assert node.rows() == before
    assert client.get_referral(case.referral_id).phase == "acknowledged"


@pytest.mark.parametrize("state", UNKNOWN)
def test_T01_unknown_decision_from_a_peer_is_refused_on_both_transports(
    node: Node, transport: str, state: str
) -> None:
    """In an offer, since this node is the destination: nothing of the envelope is stored."""
    case = node.peer.case(node.entry)
    before = node.rows()
    bad = case.write("offer", items=[Item(number=1, wish=state)])
    assert node.refusal(transport, case.envelope(bad)) == "UNKNOWN_CODE"
    assert node.rows() == before


@pytest.mark.parametrize("state", UNKNOWN)
def test_T01_unknown_decision_in_a_peers_entry_is_never_accepted(pair: Pair, state: str) -> None:
    """A destination decides with a state that is none; the origin refuses the entry."""
    referral_id = pair.offer()
    there = pair.destination.client
    there.get_referral(referral_id)
    there.acknowledge(referral_id)
    pair.settle()
    forger = Forger(pair, pair.destination, referral_id)
    (result,) = pair.origin.receive(
        forger.envelope(forger.write("decide", items=[Item(number=1, state=state)]))
    )
    assert Reason.Name(result.problem.reason) == "REASON_UNKNOWN_CODE"
    seen = pair.origin.client.get_referral(referral_id)
    assert seen.phase == "acknowledged"
    assert {item.state for item in seen.items} & {"accepted", state} == set()


def test_T02_unmapped_service_in_an_offer_is_refused(pair: Pair) -> None:
    referral_id = pair.offer()
    record = OfferRecord()
    record.needs_services.items.add(number=1, service_type="legal_support", wish="now")

    def offer() -> None:
        pair.origin.client.offer(
            destination=DESTINATION, consent_id=pair.consent_id, items=wishes(), record=record
        )

    assert reason(offer) == "UNKNOWN_CODE"
    assert [one.referral_id for one in pair.origin.client.list_referrals()] == [referral_id]
