"""gRPC: the same calls, the same verdicts and the same reasons as REST, on a real server."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import grpc
import httpx
import pytest
import structlog
from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from adapter_world import World
from onward.core import parse, spec
from onward.core.refused import Refused
from onward.v1 import (
    entry_pb2,
    errors_pb2,
    local_pb2,
    local_pb2_grpc,
    peer_pb2,
    peer_pb2_grpc,
    referral_pb2,
)
from onward_server.adapters.grpc_api import grpc_server
from onward_server.adapters.rest import rest_app

T = TypeVar("T")
ID = "referral-0001"
WRITE = {"requestId": "request-0001", "purpose": "service_delivery", "actor": "e30.e30.c2ln"}
UNKNOWN = b"\xfa\x3f\x01x"
"""A field with a number that no message has."""


@pytest.fixture
def world() -> World:
    return World()


def serving(world: World, test: Callable[[grpc.aio.Channel], Awaitable[T]]) -> T:
    """Run the test with a channel to a server of its own."""

    async def go() -> T:
        server, port = await grpc_server(world.node, world.tokens, "127.0.0.1:0")
        options = [("grpc.max_send_message_length", -1)]
        try:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", options) as channel:
                return await asyncio.wait_for(test(channel), 10)
        finally:
            await server.stop(None)

    return asyncio.run(go())


TOLD: list[str] = []
"""What the last error of either transport said to be expected."""


def problem(error: grpc.aio.AioRpcError) -> tuple[str, str]:
    """The reason and the pointer of an error, whose form is checked."""
    ((_, raw),) = [one for one in error.trailing_metadata() if one[0] == "grpc-status-details-bin"]
    status = status_pb2.Status.FromString(raw)
    info, told = error_details_pb2.ErrorInfo(), errors_pb2.Problem()
    assert status.details[0].Unpack(info)
    assert status.details[1].Unpack(told)
    assert info.domain == "onward.v1"
    assert errors_pb2.Reason.Name(told.reason) == f"REASON_{info.reason}"
    assert told.pointer == info.metadata["pointer"]
    assert told.expected == info.metadata["expected"]
    TOLD[:] = [told.expected]
    declared = spec.reasons()[info.reason]
    assert (error.code().name, error.details()) == (declared.grpc, declared.text)
    assert (status.code, status.message) == (error.code().value[0], declared.text)
    return info.reason, told.pointer


async def ask(channel: grpc.aio.Channel, name: str, raw: bytes, *metadata: Any) -> Any:
    """The answer's bytes, or the reason and the pointer."""
    service, _, method = name.rpartition(".")
    call = channel.unary_unary(f"/{service}/{method}")
    try:
        return await call(raw, metadata=metadata)
    except grpc.aio.AioRpcError as error:
        return problem(error)


def call(world: World, name: str, request: Message | bytes, *metadata: Any) -> Any:
    """One call, with a token of every scope unless metadata say otherwise."""
    raw = request if isinstance(request, bytes) else request.SerializeToString()
    given = metadata or (("authorization", world.bearer()),)
    return serving(world, lambda channel: ask(channel, f"onward.v1.{name}", raw, *given))


def test_generated_stubs_reach_the_service(world: World) -> None:
    referral = referral_pb2.Referral(referral_id=ID, phase="accepted")
    world.node.answer = lambda rpc, request: referral

    async def test(channel: grpc.aio.Channel) -> Any:
        stub = local_pb2_grpc.ReferralsStub(channel)
        request = local_pb2.GetReferralRequest(referral_id=ID)
        return await stub.GetReferral(request, metadata=(("authorization", world.bearer()),))

    assert serving(world, test) == referral
    ((name, request, caller),) = world.node.calls
    assert name == "onward.v1.Referrals.GetReferral"
    assert request == local_pb2.GetReferralRequest(referral_id=ID)
    assert caller is not None
    assert caller.client_id == "case-app"


def test_the_peer_plane_asks_for_no_token(world: World) -> None:
    async def test(channel: grpc.aio.Channel) -> Any:
        stub = peer_pb2_grpc.ExchangeStub(channel)
        return await stub.GetNode(peer_pb2.GetNodeRequest(request="e30.e30.c2ln"))

    assert serving(world, test) == peer_pb2.GetNodeResponse()
    assert world.node.calls[0][2] is None


def test_every_rpc_is_served(world: World) -> None:
    async def test(channel: grpc.aio.Channel) -> dict[str, tuple[str, str]]:
        answers = {}
        for name, rpc in spec.rpcs().items():
            if not rpc.server_streaming:
                answers[name] = await ask(channel, name, b"\xff")
        return answers

    answers = serving(world, test)
    for name, answer in answers.items():
        local = spec.rpcs()[name].plane == "PLANE_LOCAL"
        # Who calls is asked before anything is read.
        assert answer == ("TOKEN_INVALID" if local else "INVALID_FIELD", "")
    assert world.node.calls == []


def test_every_reason_has_its_status(world: World) -> None:
    heads = entry_pb2.Heads(origin=entry_pb2.Head(seq=3))
    names = iter(spec.reasons())

    def refuse(rpc: spec.Rpc, request: Message) -> Message:
        raise Refused(next(names), "/write/expectedHeads", heads)

    world.node.answer = refuse
    metadata = ("authorization", world.bearer())

    async def test(channel: grpc.aio.Channel) -> list[Any]:
        name = "onward.v1.Directory.ListAgencies"
        return [await ask(channel, name, b"", metadata) for _ in spec.reasons()]

    # problem() compares code and text with the specification.
    assert serving(world, test) == [(name, "/write/expectedHeads") for name in spec.reasons()]


def test_heads_are_told(world: World) -> None:
    heads = entry_pb2.Heads(origin=entry_pb2.Head(seq=3))

    def refuse(rpc: spec.Rpc, request: Message) -> Message:
        raise Refused("HEADS_CHANGED", "", heads)

    world.node.answer = refuse

    async def test(channel: grpc.aio.Channel) -> bytes:
        stub = local_pb2_grpc.DirectoryStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.ListAgencies(
                local_pb2.ListAgenciesRequest(), metadata=(("authorization", world.bearer()),)
            )
        return dict(caught.value.trailing_metadata())["grpc-status-details-bin"]

    told = errors_pb2.Problem()
    status_pb2.Status.FromString(serving(world, test)).details[1].Unpack(told)
    assert told.heads == heads


def test_a_token_stands_once_and_is_a_bearers(world: World) -> None:
    good = world.bearer()
    token = good.removeprefix("Bearer ")
    wrong: list[tuple[tuple[str, Any], ...]] = [
        (("x", "y"),),
        (("authorization", ""),),
        (("authorization", token),),
        (("authorization", f"DPoP {token}"),),
        (("authorization", f"Bearer {token}x"),),
        (("authorization", good), ("authorization", good)),
        (("authorization-bin", good.encode()),),
    ]

    async def test(channel: grpc.aio.Channel) -> list[Any]:
        name = "onward.v1.Directory.ListAgencies"
        return [await ask(channel, name, b"", *metadata) for metadata in wrong]

    assert serving(world, test) == [("TOKEN_INVALID", "")] * len(wrong)
    world.clock.ahead = 300
    old = ("authorization", good)
    assert call(world, "Directory.ListAgencies", b"", old) == ("TOKEN_INVALID", "")


def test_a_token_without_the_scope(world: World) -> None:
    metadata = ("authorization", world.bearer("audit:read"))
    assert call(world, "Directory.ListAgencies", b"", metadata) == ("SCOPE_INSUFFICIENT", "")


def test_a_failure_tells_nothing(
    world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)

    def fail(rpc: spec.Rpc, request: Message) -> Message:
        raise KeyError("Amina of Cox's Bazar")

    world.node.answer = fail
    bearer = world.bearer()
    with structlog.testing.capture_logs() as logs:
        answer = call(world, "Directory.ListAgencies", b"", ("authorization", bearer))
    assert answer == ("INTERNAL", "")
    assert [line["error"] for line in logs] == ["KeyError"]
    for text in (str(logs), caplog.text, *capfd.readouterr()):
        assert "Amina" not in text
        assert bearer.rpartition(".")[2] not in text


def test_a_call_that_does_not_exist(world: World) -> None:
    assert call(world, "Referrals.Nonsense", b"") == ("UNIMPLEMENTED", "")
    assert call(world, "Nonsense.Decide", b"") == ("UNIMPLEMENTED", "")


def test_a_message_that_is_far_too_large_is_not_read(world: World) -> None:
    async def test(channel: grpc.aio.Channel) -> Any:
        deliver = channel.unary_unary("/onward.v1.Exchange/Deliver")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await deliver(b"x" * (parse.MAX_BYTES + 128 * 1024))
        return caught.value.code()

    assert serving(world, test) is grpc.StatusCode.RESOURCE_EXHAUSTED


def watch(
    world: World, test: Callable[[Any], Awaitable[T]], cursor: str = "", bearer: str = ""
) -> T:
    """Open a stream and run the test with it."""
    metadata = (("authorization", bearer or world.bearer()),)

    async def go(channel: grpc.aio.Channel) -> T:
        stub = local_pb2_grpc.ReferralsStub(channel)
        return await test(stub.Watch(local_pb2.WatchRequest(cursor=cursor), metadata=metadata))

    return serving(world, go)


def test_a_watcher_is_told_what_happens_from_now_on(world: World) -> None:
    world.node.commit()

    async def test(stream: Any) -> list[str]:
        start = await stream.read()
        await asyncio.to_thread(world.node.looked.wait, 5)
        world.node.commit()
        first = await stream.read()
        await asyncio.to_thread(world.node.commit)
        found = [f"{start.kind} {start.cursor}", first.cursor, (await stream.read()).cursor]
        stream.cancel()
        return found

    assert watch(world, test) == ["start c1", "c2", "c3"]
    assert world.node.wakes == []


def test_a_watcher_resumes_at_its_cursor(world: World) -> None:
    for _ in range(250):
        world.node.commit()

    async def test(stream: Any) -> list[str]:
        return [(await stream.read()).cursor for _ in range(249)]

    assert watch(world, test, "c1") == [f"c{number}" for number in range(2, 251)]


def test_a_stream_ends_with_its_token(world: World) -> None:
    bearer = world.bearer()
    world.clock.ahead = 296

    async def test(stream: Any) -> list[str]:
        return [event.kind async for event in stream]

    assert watch(world, test, bearer=bearer) == ["start"]
    world.clock.ahead = 300

    async def refused(stream: Any) -> tuple[str, str]:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stream.read()
        return problem(caught.value)

    assert watch(world, refused, bearer=bearer) == ("TOKEN_INVALID", "")
    world.clock.ahead = 0
    assert watch(world, refused, "unknown") == ("INVALID_FIELD", "/cursor")
    weak = world.bearer("audit:read")
    assert watch(world, refused, bearer=weak) == ("SCOPE_INSUFFICIENT", "")


def test_health_and_reflection_are_open(world: World) -> None:
    async def test(channel: grpc.aio.Channel) -> tuple[list[int], list[str]]:
        health = health_pb2_grpc.HealthStub(channel)
        states = [
            (await health.Check(health_pb2.HealthCheckRequest(service=name))).status
            for name in ("", "onward.v1.Referrals", "onward.v1.Exchange")
        ]
        reflection = reflection_pb2_grpc.ServerReflectionStub(channel)
        asked = reflection.ServerReflectionInfo(
            iter([reflection_pb2.ServerReflectionRequest(list_services="")])
        )
        answers = [answer async for answer in asked]
        return states, [one.name for one in answers[0].list_services_response.service]

    states, names = serving(world, test)
    assert states == [health_pb2.HealthCheckResponse.SERVING] * 3
    assert {f"onward.v1.{rpc.service}" for rpc in spec.rpcs().values()} <= set(names)


def test_a_port_is_not_shared_by_chance(world: World) -> None:
    async def go() -> None:
        server, port = await grpc_server(world.node, world.tokens, "127.0.0.1:0")
        try:
            with pytest.raises(RuntimeError):
                await grpc_server(world.node, world.tokens, f"127.0.0.1:{port}")
        finally:
            await server.stop(None)

    asyncio.run(go())


# (call, request as JSON without what stands in the path, id in the path, the verdict)
ITEM = {"number": 1, "state": "accepted"}
BAD: list[tuple[str, dict[str, Any], str, tuple[str, str]]] = [
    ("Referrals.Decide", {"items": [ITEM]}, ID, ("INVALID_FIELD", "/write")),
    ("Referrals.Decide", {"write": WRITE}, ID, ("INVALID_FIELD", "/items")),
    (
        "Referrals.Decide",
        {"write": WRITE, "items": [ITEM]},
        "short",
        ("INVALID_FIELD", "/referralId"),
    ),
    (
        "Referrals.Decide",
        {"write": WRITE, "items": [{"state": "accepted"}]},
        ID,
        ("INVALID_FIELD", "/items/0/number"),
    ),
    (
        "Referrals.Decide",
        {"write": WRITE, "items": [ITEM, {"number": 65}]},
        ID,
        ("INVALID_FIELD", "/items/1/number"),
    ),
    ("Referrals.Decide", {"write": WRITE, "items": [ITEM] * 65}, ID, ("INVALID_FIELD", "/items")),
    (
        "Referrals.Decide",
        {"write": WRITE, "items": [{"number": 1, "state": "nonsense"}]},
        ID,
        ("UNKNOWN_CODE", "/items/0/state"),
    ),
    (
        "Referrals.Close",
        {"write": WRITE | {"purpose": "marketing"}},
        ID,
        ("FORBIDDEN_CODE", "/write/purpose"),
    ),
    (
        "Referrals.Close",
        {"write": WRITE | {"requestId": "a b c d e f"}},
        ID,
        ("INVALID_FIELD", "/write/requestId"),
    ),
    (
        "Referrals.Close",
        {"write": WRITE | {"actor": "no token", "purpose": "nonsense"}},
        ID,
        ("UNKNOWN_CODE", "/write/purpose"),
    ),
    (
        "Referrals.Offer",
        {
            "write": WRITE,
            "destination": "Not.An.Agency",
            "consentId": "consent-0001",
            "items": [ITEM],
            "record": {},
        },
        "",
        ("INVALID_FIELD", "/destination"),
    ),
    ("Referrals.Withdraw", {"write": WRITE}, ID, ("INVALID_FIELD", "/withdrawal")),
    ("Exchange.Deliver", {"envelopes": []}, "", ("INVALID_FIELD", "/envelopes")),
    (
        "Exchange.Deliver",
        {"envelopes": [{"header": "x", "sealed": "y"}]},
        "",
        ("INVALID_FIELD", "/envelopes/0/header"),
    ),
    (
        "Exchange.Deliver",
        {"envelopes": [{"header": "e30.e30.c2ln", "sealed": "x" * parse.MAX_BYTES}]},
        "",
        ("TOO_LARGE", ""),
    ),
    ("Referrals.GetReferral", {}, "short", ("INVALID_FIELD", "/referralId")),
    ("Services.ListServices", {"agency": "a b"}, "", ("INVALID_FIELD", "/agency")),
    ("Referrals.ListReferrals", {"pageSize": 101}, "", ("INVALID_FIELD", "/pageSize")),
    ("Referrals.ListReferrals", {"pageToken": "a b"}, "", ("INVALID_FIELD", "/pageToken")),
    ("Audit.ListAudit", {"pageSize": 1001}, "", ("INVALID_FIELD", "/pageSize")),
]


async def over_rest(world: World, rpc: spec.Rpc, body: dict[str, Any], value: str) -> Any:
    """The reason and the pointer that REST answers."""
    path = rpc.http_path
    for name in rpc.path_fields:
        path = path.replace(f"{{{name}}}", value)
    given: dict[str, Any] = {"content": json.dumps(body)} if rpc.body else {"params": body}
    headers = {"Authorization": world.bearer(), "Content-Type": "application/json"}
    transport = httpx.ASGITransport(rest_app(world.node, world.tokens))
    async with httpx.AsyncClient(transport=transport, base_url="https://node.example") as http:
        response = await http.request(rpc.http_verb.upper(), path, headers=headers, **given)
    answer = response.json()
    TOLD[:] = [answer.get("expected", "")]
    return answer.get("reason"), answer.get("pointer", "")


@pytest.mark.parametrize(("name", "body", "value", "verdict"), BAD, ids=lambda one: str(one)[:60])
def test_both_transports_give_one_verdict(
    world: World, name: str, body: dict[str, Any], value: str, verdict: tuple[str, str]
) -> None:
    rpc = spec.rpcs()[f"onward.v1.{name}"]
    assert asyncio.run(over_rest(world, rpc, body, value)) == verdict
    expected = list(TOLD)
    request = ParseDict(body, GetMessageClass(rpc.input)())
    for field in rpc.path_fields:
        setattr(request, field, value)
    assert call(world, name, request) == verdict
    assert expected == TOLD
    assert bool(TOLD[0]) == (verdict[0] != "TOO_LARGE")
    assert world.node.calls == []


def test_an_unknown_field_is_refused_by_both(world: World) -> None:
    rpc = spec.rpcs()["onward.v1.Referrals.Close"]
    for inside, pointer in (
        ({"write": WRITE | {"x": 1}}, "/write"),
        ({"write": WRITE, "x": 1}, ""),
    ):
        assert asyncio.run(over_rest(world, rpc, inside, ID)) == ("UNKNOWN_FIELD", pointer)
    request = ParseDict({"write": WRITE, "referralId": ID}, local_pb2.CloseRequest())
    outer = request.SerializeToString() + UNKNOWN
    assert call(world, "Referrals.Close", outer) == ("UNKNOWN_FIELD", "")
    request.write.MergeFromString(UNKNOWN)
    assert call(world, "Referrals.Close", request) == ("UNKNOWN_FIELD", "/write")


def test_what_is_good_passes_both_and_is_the_same_message(world: World) -> None:
    rpc = spec.rpcs()["onward.v1.Referrals.Decide"]
    body = {"write": WRITE, "items": [ITEM]}
    asyncio.run(over_rest(world, rpc, body, ID))
    request = ParseDict({**body, "referralId": ID}, local_pb2.DecideRequest())
    assert call(world, "Referrals.Decide", request) == b""
    (_, by_rest, rest_caller), (_, by_grpc, grpc_caller) = world.node.calls
    assert by_rest == by_grpc == request
    assert rest_caller == grpc_caller
