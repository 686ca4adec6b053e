"""REST and gRPC, over real sockets, carry the same calls to the same answers and errors."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.protobuf.message import Message

from onward import errors
from onward.core import spec
from onward.session import rpc_of
from onward.transports import http
from onward.transports.base import Transport
from onward.transports.grpc import AsyncGrpc, Grpc, to_error as grpc_error
from onward.transports.memory import AsyncMemory, Memory
from onward.transports.rest import AsyncHttp, AsyncRest, Http, Rest
from onward.v1.entry_pb2 import Item
from onward.v1.local_pb2 import (
    DecideRequest,
    GetReferralRequest,
    ListAuditRequest,
    ListAuditResponse,
    ListReferralsRequest,
    ListReferralsResponse,
    WatchRequest,
)
from onward.v1.peer_pb2 import GetNodeRequest, GetNodeResponse
from onward.v1.referral_pb2 import AuditRecord, Event, Recorded, Referral, Write
from sdk_node import Node, problem_json, running
from transport_node import HEADS, ID, JWS, TIMEOUT, Behaviour, Bridge


@pytest.fixture(scope="module")
def behaviour() -> Behaviour:
    return Behaviour()


@pytest.fixture(scope="module")
def node(behaviour: Behaviour) -> Iterator[Node]:
    with running(behaviour) as found:
        yield found


@pytest.fixture(scope="module")
def transports(node: Node, behaviour: Behaviour) -> Iterator[dict[str, Transport]]:
    with asyncio.Runner() as loop:
        memory = (behaviour, behaviour)
        found: dict[str, Transport] = {
            "rest": Rest(node.base),
            "grpc": Grpc(node.authority),
            "memory": Memory(*memory),
            "async rest": Bridge(lambda: AsyncRest(node.base), loop),
            "async grpc": Bridge(lambda: AsyncGrpc(node.authority), loop),
            "async memory": Bridge(lambda: AsyncMemory(*memory), loop),
        }
        yield found
        for one in found.values():
            one.close()


NAMES = ["rest", "grpc", "memory", "async rest", "async grpc", "async memory"]
REST = ["rest", "async rest"]


@pytest.fixture
def ask(
    behaviour: Behaviour, node: Node, transports: dict[str, Transport]
) -> Callable[..., Message]:
    behaviour.error = None
    behaviour.got.clear()
    node.raw = None
    node.urls.clear()

    def call(name: str, request: Message, token: str | None = "at.1") -> Message:
        return transports[name].call(rpc_of(request), request, token=token, timeout=TIMEOUT)

    return call


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (
            DecideRequest(
                write=Write(
                    request_id="request-1",
                    expected_heads=HEADS,
                    purpose="service_delivery",
                    actor=JWS,
                ),
                referral_id=ID,
                items=[Item(number=1, state="accepted")],
            ),
            Recorded(
                referral=Referral(referral_id=ID, items=[Item(number=1, state="accepted")]),
                entry="e" * 43,
            ),
        ),
        (
            GetReferralRequest(referral_id=ID),
            Referral(referral_id=ID, phase="offered", heads=HEADS),
        ),
        (
            ListReferralsRequest(page_size=7, page_token="next"),
            ListReferralsResponse(
                referrals=[Referral(referral_id=ID, round=7)], next_page_token="next"
            ),
        ),
        (ListAuditRequest(after=4), ListAuditResponse(records=[AuditRecord(seq=5)])),
        (
            GetNodeRequest(request=JWS),
            GetNodeResponse(agencies=["b.example"], environment="test"),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_call_and_its_answer_arrive_as_they_were(
    name: str,
    request_: Message,
    answer: Message,
    ask: Callable[..., Message],
    behaviour: Behaviour,
) -> None:
    assert ask(name, request_) == answer
    assert ask(name, request_, None) == answer
    rpc = rpc_of(request_)
    assert behaviour.got == [(rpc.name, request_, "at.1"), (rpc.name, request_, None)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("reason", spec.reasons())
def test_every_reason_arrives_as_its_exception(
    name: str, reason: str, ask: Callable[..., Message], behaviour: Behaviour
) -> None:
    behaviour.error = errors.BY_REASON[reason]("/items/0", HEADS, expected="array, maxItems 9")
    with pytest.raises(errors.OnwardError) as caught:
        ask(name, GetReferralRequest(referral_id=ID))
    assert type(caught.value) is errors.BY_REASON[reason]
    assert (caught.value.pointer, caught.value.heads) == ("/items/0", HEADS)
    assert caught.value.expected == "array, maxItems 9"
    if "memory" not in name:
        # A dump of the error must not lead to the request, its content or its token.
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


@pytest.mark.parametrize("name", NAMES)
def test_a_stream_gives_its_messages_and_ends(
    name: str, ask: Callable[..., Message], transports: dict[str, Transport], behaviour: Behaviour
) -> None:
    request = WatchRequest(cursor="1")
    stream: Any = transports[name].stream(rpc_of(request), request, token="at.1", timeout=TIMEOUT)
    assert [(event.cursor, event.kind) for event in stream] == [("2", "entry"), ("3", "entry")]
    assert behaviour.got == [("Watch", request, "at.1")]


@pytest.mark.parametrize("name", NAMES)
def test_a_stream_may_be_left_or_refused(
    name: str, ask: Callable[..., Message], transports: dict[str, Transport], behaviour: Behaviour
) -> None:
    request = WatchRequest()
    stream: Any = transports[name].stream(rpc_of(request), request, token=None, timeout=TIMEOUT)
    assert next(stream).cursor == "1"
    stream.close()
    behaviour.error = errors.TokenInvalid()
    stream = transports[name].stream(rpc_of(request), request, token=None, timeout=TIMEOUT)
    with pytest.raises(errors.TokenInvalid):
        next(stream)


def test_the_rest_form_is_the_route_of_the_specification(
    ask: Callable[..., Message], node: Node
) -> None:
    ask("rest", ListReferralsRequest(page_size=7, page_token="next"))
    ask("rest", GetReferralRequest(referral_id=ID))
    assert node.urls == ["/v1/referrals?pageSize=7&pageToken=next", f"/v1/referrals/{ID}"]


@pytest.mark.parametrize("referral_id", ["", "..", "a/b", "referral-0001:decide", "x" * 65])
def test_what_would_lead_to_another_route_is_not_sent(
    referral_id: str, ask: Callable[..., Message], node: Node
) -> None:
    with pytest.raises(errors.InvalidField) as caught:
        ask("rest", GetReferralRequest(referral_id=referral_id))
    assert caught.value.pointer == "/referralId"
    assert node.urls == []


PROBLEM = http.PROBLEM
KNOWN = json.dumps(problem_json(errors.StateConflict())).encode()


@pytest.mark.parametrize("name", REST)
@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ((200, "text/html", b"<html>"), errors.NodeFailed),
        ((200, "application/json", b"<html>"), errors.NodeFailed),
        ((200, "application/json", b"[]"), errors.NodeFailed),
        ((200, "application/json", b'{"phase":"offered","phase":"active"}'), errors.NodeFailed),
        ((200, "application/json", b'{"phaze":"offered"}'), errors.NodeFailed),
        ((200, PROBLEM, KNOWN), errors.NodeFailed),
        ((201, "application/json", b"{}"), errors.NodeFailed),
        ((307, "application/json", b"{}"), errors.NodeFailed),
        ((409, "application/json", KNOWN), errors.NodeFailed),
        ((409, PROBLEM, b'{"reason":"NEWER_REASON"}'), errors.NodeFailed),
        ((409, PROBLEM, b'{"reason":["STATE_CONFLICT"]}'), errors.NodeFailed),
        ((409, PROBLEM, b"[]"), errors.NodeFailed),
        ((409, PROBLEM, b""), errors.NodeFailed),
        ((401, "text/html", b""), errors.NodeFailed),
        ((409, "application/problem+json; charset=utf-8", KNOWN), errors.StateConflict),
        ((409, PROBLEM, b'{"reason":"FORK","heads":7,"pointer":8}'), errors.Fork),
        ((409, PROBLEM, b'{"reason":"FORK","heads":{"x":1}}'), errors.Fork),
        ((502, "text/html", b""), errors.TransportFailed),
        ((503, "text/html", b""), errors.TransportFailed),
        ((504, PROBLEM, b'{"reason":"NEWER_REASON"}'), errors.TransportFailed),
    ],
)
def test_an_answer_that_is_not_understood_is_never_a_success(
    name: str,
    raw: tuple[int, str, bytes],
    kind: type[Exception],
    ask: Callable[..., Message],
    node: Node,
) -> None:
    node.raw = raw
    with pytest.raises(errors.OnwardError) as caught:
        ask(name, GetReferralRequest(referral_id=ID))
    assert type(caught.value) is kind
    assert len(node.urls) == 1  # A redirect was not followed.


@pytest.mark.parametrize("name", REST)
@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ((200, "application/json", b"{}"), errors.NodeFailed),
        ((200, "text/event-stream", b'data: {"x":1}\n\n'), errors.NodeFailed),
        ((503, "text/html", b""), errors.TransportFailed),
    ],
)
def test_a_stream_that_is_none_is_an_error(
    name: str,
    raw: tuple[int, str, bytes],
    kind: type[Exception],
    ask: Callable[..., Message],
    transports: dict[str, Transport],
    node: Node,
) -> None:
    node.raw = raw
    request = WatchRequest()
    stream: Any = transports[name].stream(rpc_of(request), request, token=None, timeout=TIMEOUT)
    with pytest.raises(kind):
        next(stream)


def test_an_answer_has_a_largest_size(ask: Callable[..., Message], node: Node) -> None:
    node.raw = (200, "application/json", b" " * 2000)
    small = Rest(node.base, Http(max_answer=1000))
    request = GetReferralRequest(referral_id=ID)
    with pytest.raises(errors.NodeFailed):
        small.call(rpc_of(request), request, token=None, timeout=TIMEOUT)
    small.close()


def test_events_are_read_line_by_line() -> None:
    reader = http.EventReader(rpc_of(WatchRequest()))
    lines = [": heartbeat", "", "id: 7", "event: entry", 'data: {"cursor":', 'data:"7"}']
    assert [reader.feed(line) for line in lines] == [None] * 6
    assert reader.feed("") == Event(cursor="7")
    assert reader.feed("") is None


def test_a_grpc_status_alone_decides_only_between_failures() -> None:
    for code in ("UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"):
        assert type(grpc_error(code, None)) is errors.TransportFailed
    for code in ("UNAUTHENTICATED", "NOT_FOUND", "UNKNOWN", "UNIMPLEMENTED"):
        assert type(grpc_error(code, [("grpc-status-details-bin", b"\xff")])) is errors.NodeFailed


def test_memory_copies_what_it_carries() -> None:
    kept: list[Message] = []

    def handler(rpc: spec.Rpc, request: Message, token: str | None) -> Message:
        kept.append(request)
        return request

    request = GetReferralRequest(referral_id=ID)
    answer = Memory(handler).call(rpc_of(request), request, token=None, timeout=TIMEOUT)
    assert answer == request
    assert answer is not request
    assert kept[0] is not request
    with pytest.raises(errors.Unimplemented):
        next(Memory(handler).stream(rpc_of(request), request, token=None, timeout=TIMEOUT))


def test_a_request_without_a_deadline_is_bounded_for_asyncio(node: Node) -> None:
    async def slow() -> None:
        one = AsyncHttp()
        with pytest.raises(errors.TransportFailed):
            await one.send(http.HttpRequest("GET", node.base + "/"), 0.0)
        await one.close()

    asyncio.run(slow())
