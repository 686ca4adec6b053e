"""Calls over gRPC to a server of the test's own, and the reasons that it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from adapter_world import World
from onward.core import spec
from onward.v1 import errors_pb2
from onward_server.adapters.grpc_api import grpc_server

T = TypeVar("T")
ID = "referral-0001"


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
