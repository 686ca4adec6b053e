"""gRPC: a stream of events begins, goes on and ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import pytest

from adapter_world import World
from grpc_asking import T, problem, serving
from onward.v1 import local_pb2, local_pb2_grpc


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
    world.clock.stopped = time.time()
    bearer = world.bearer()
    world.clock.ahead = 299

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
