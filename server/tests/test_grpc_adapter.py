"""gRPC: every call is served, errors hold their reason, tokens are checked, on a real server."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import grpc
import pytest
import structlog
from google.protobuf.message import Message
from google.rpc import status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from adapter_world import World
from grpc_asking import ID, ask, call, serving
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
