"""Who gets what at one address for several agencies: the routing alone, over real nodes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from structlog.testing import capture_logs

from circle import Circle, agency
from desk import Desk
from hosted import why
from nodes import reason
from onward.core import jose, spec
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.v1.envelope_pb2 import Envelope, PeerRequest
from onward.v1.peer_pb2 import DeliverRequest, GetNodeRequest
from onward_server.adapters.host import Host
from people import agreed, record, wishes

DELIVER = spec.rpcs()["onward.v1.Exchange.Deliver"]
GET_NODE = spec.rpcs()["onward.v1.Exchange.GetNode"]


class Broken:
    """A node that fails as a whole."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    def call(self, rpc: spec.Rpc, request: Message, caller: Any) -> Message:
        raise self._fault


class Seen:
    """A node, and the envelopes of each of its calls."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.calls: list[list[Envelope]] = []

    def call(self, rpc: spec.Rpc, request: Any, caller: Any) -> Message:
        assert caller is None
        self.calls.append(list(request.envelopes))
        return self._desk.node.call(rpc, request, caller)


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Circle]:
    """`one` and `two` are hosted; `away` is their partner."""
    made = Circle(tmp_path, {"one": "10", "two": "10", "away": "10"})
    made.partners("one", "away")
    made.partners("two", "away")
    yield made
    made.close()


def offers(circle: Circle, to: str, count: int) -> list[Envelope]:
    """Envelopes of `away` with an offer each."""
    here = circle["away"].client
    given = here.record_consent(agreed(recipients=[agency(to)], countries=["BD"]))
    for _ in range(count):
        here.offer(
            destination=agency(to), consent_id=given.consent_id, items=wishes(), record=record()
        )
    return [one.envelope for one in circle["away"].due() if one.recipient == agency(to)]


def deliver(host: Host, *envelopes: Envelope) -> list[str]:
    answer: Any = host.call(DELIVER, DeliverRequest(envelopes=envelopes), None)
    return [why(result) for result in answer.results]


def asked(circle: Circle, aud: str) -> GetNodeRequest:
    away = circle["away"]
    what = PeerRequest(
        iss=away.agency, aud=aud, method="get_node", iat=stamp(circle.clock.now()),
        nonce=away.ctx.new_id(),
    )  # fmt: skip
    return GetNodeRequest(request=jose.sign(to_json(what), jose.REQUEST, away.keys.signing()))


def test_each_agency_is_called_once_with_its_own(hosts: Circle) -> None:
    one, two = Seen(hosts["one"]), Seen(hosts["two"])
    host = Host({agency("one"): one, agency("two"): two})
    (a, b), (c,) = offers(hosts, "one", 2), offers(hosts, "two", 1)
    assert deliver(host, b, c, a) == ["", "", ""]
    assert (one.calls, two.calls) == ([[b, a]], [[c]])
    assert deliver(host, a, b) == ["", ""]
    assert len(two.calls) == 1


@pytest.mark.parametrize("fault", [Refused("UNAVAILABLE"), RuntimeError("a secret")])
def test_an_agency_whose_node_fails_takes_no_other_along(hosts: Circle, fault: Exception) -> None:
    """HOST-004: and alone it fails as without a host."""
    host = Host({agency("one"): Broken(fault), agency("two"): hosts["two"].node})
    (bad,), (good,) = offers(hosts, "one", 1), offers(hosts, "two", 1)
    told = fault.reason if isinstance(fault, Refused) else "INTERNAL"
    with capture_logs() as logs:
        assert deliver(host, bad, good, bad) == [told, "", told]
    assert [one["error"] for one in logs] == (["RuntimeError"] if told == "INTERNAL" else [])
    assert "secret" not in str(logs)
    with pytest.raises(type(fault)):
        deliver(host, bad)
    with pytest.raises(type(fault)):
        host.call(GET_NODE, asked(hosts, agency("one")), None)


def test_each_judges_by_its_own_list_and_partners(hosts: Circle) -> None:
    """HOST-005: a partner of one is none of another, and a newer list of one is no other's."""
    host = Host({agency(name): hosts[name].node for name in ("one", "two")})
    (a, c), (b, d) = offers(hosts, "one", 2), offers(hosts, "two", 2)
    hosts["two"].store.accept_peer(agency("away"), False)
    assert deliver(host, a, b) == ["", "PEER_NOT_ACCEPTED"]
    everybody, hosts.desks = hosts.desks, {"one": hosts["one"]}
    hosts.status("away", "removed")
    hosts.desks = everybody
    hosts["two"].store.accept_peer(agency("away"))
    assert deliver(host, c, d) == ["AGENCY_UNKNOWN", ""]
    for name, expected in (("one", "AGENCY_UNKNOWN"), ("two", "")):
        assert reason(host.call, GET_NODE, asked(hosts, agency(name)), None) == expected


def test_what_names_nobody_is_answered_as_by_any(hosts: Circle) -> None:
    """HOST-002: in the order of DLV-002, whoever of them stands first."""
    (envelope,) = offers(hosts, "one", 1)
    torn = Envelope(header=envelope.header[:-4] + "AAAA", sealed=envelope.sealed)
    for order in (("one", "two"), ("two", "one")):
        host = Host({agency(name): hosts[name].node for name in order})
        stranger = Host({agency("two"): hosts["two"].node})
        assert deliver(stranger, envelope, torn) == ["WRONG_RECIPIENT", "SIGNATURE_INVALID"]
        assert deliver(host, torn, Envelope(header="a.b.c", sealed="x")) == [
            "SIGNATURE_INVALID", "SIGNATURE_INVALID",
        ]  # fmt: skip
        elsewhere = asked(hosts, agency("away"))
        assert reason(host.call, GET_NODE, elsewhere, None) == "WRONG_RECIPIENT"
        garbled = GetNodeRequest(request="e30.e30.c2ln")
        alone = reason(hosts["one"].call, "Exchange.GetNode", garbled)
        assert reason(host.call, GET_NODE, garbled, None) == alone != ""


def test_each_of_them_can_be_a_mailbox(tmp_path: Path) -> None:
    """What names none of the agencies is held by the one that is its mailbox, first or not."""
    made = Circle(tmp_path, {"one": "10", "two": "10", "away": "10", "far": "10"})
    made.partners("away", "far")
    made["two"].mailbox = True
    made["two"].join(made["two"].anchors)
    made.agencies["far"].mailbox = agency("two")
    made.publish()
    host = Host({agency(name): made[name].node for name in ("one", "two")})
    (mail,) = offers(made, "far", 1)
    answer: Any = host.call(DELIVER, DeliverRequest(envelopes=[mail]), None)
    assert answer.results[0].HasField("held")
    made.agencies["far"].mailbox = agency("away")
    made.publish()
    assert deliver(host, *[one.envelope for one in made["away"].due()]) in ([], ["WRONG_RECIPIENT"])
    made.close()
