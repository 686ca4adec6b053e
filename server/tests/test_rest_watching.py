"""REST: a stream of events begins, goes on and ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import structlog

from adapter_world import World
from onward_server.adapters.rest import rest_app
from rest_asking import reason, send


class Stream:
    """An open stream of events, read straight from the application."""

    def __init__(self, world: World, query: str, headers: dict[str, str], heartbeat: float) -> None:
        self.app = rest_app(world.node, world.tokens, heartbeat=heartbeat)
        self.scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "https",
            "path": "/v1/watch",
            "raw_path": b"/v1/watch",
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("node.example", 443),
        }
        self.status = 0
        self.chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.asked = False

    async def receive(self) -> dict[str, Any]:
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["body"]:
            self.chunks.put_nowait(message["body"])

    async def next(self) -> str:
        return (await asyncio.wait_for(self.chunks.get(), 5)).decode()


def watching(
    world: World,
    test: Callable[[Stream], Awaitable[None]],
    query: str = "",
    headers: dict[str, str] | None = None,
    heartbeat: float = 10,
) -> Stream:
    """Open a stream, run the test beside it, let the client go, and wait for its end."""

    async def go() -> Stream:
        given = {"Authorization": world.bearer(), **(headers or {})}
        stream = Stream(world, query, given, heartbeat)
        task = asyncio.create_task(stream.app(stream.scope, stream.receive, stream.send))
        await test(stream)
        stream.gone.set()
        await asyncio.wait_for(task, 5)
        return stream

    return asyncio.run(go())


async def until(condition: Callable[[], Any]) -> None:
    """Wait until something is so."""
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")


def test_a_watcher_is_told_what_happens_from_now_on(world: World) -> None:
    world.node.commit()

    async def test(stream: Stream) -> None:
        assert await stream.next() == (
            'id: c1\nevent: start\ndata: {"cursor":"c1","kind":"start"}\n\n'
        )
        await until(world.node.looked.is_set)
        world.node.commit("receipt")
        assert await stream.next() == (
            'id: c2\nevent: receipt\ndata: {"cursor":"c2","kind":"receipt",'
            '"referralId":"referral-0002"}\n\n'
        )
        await asyncio.to_thread(world.node.commit)
        assert (await stream.next()).startswith("id: c3\n")

    stream = watching(world, test)
    assert stream.status == 200
    assert world.node.wakes == []  # The client has gone, and nobody is called for it.


def test_a_watcher_resumes_at_its_cursor(world: World) -> None:
    for _ in range(250):
        world.node.commit()

    async def test(stream: Stream) -> None:
        for number in range(2, 251):
            assert (await stream.next()).startswith(f"id: c{number}\n")

    watching(world, test, "cursor=c1")

    async def newer(stream: Stream) -> None:
        assert (await stream.next()).startswith("id: c250\n")

    watching(world, newer, "cursor=c1", {"Last-Event-ID": "c249"})


@pytest.mark.parametrize(
    ("query", "headers"),
    [("cursor=unknown", {}), ("cursor=a.b", {}), ("", {"Last-Event-ID": "a.b"})],
)
def test_a_cursor_that_is_none(world: World, query: str, headers: dict[str, str]) -> None:
    headers = {"Authorization": world.bearer(), **headers}
    response = send(world, "GET", f"/v1/watch?{query}", headers=headers)
    assert reason(response) == ("INVALID_FIELD", "/cursor")


def test_heartbeats_are_all_alike(world: World) -> None:
    async def test(stream: Stream) -> None:
        assert "event: start" in await stream.next()
        for _ in range(3):
            assert await stream.next() == ": heartbeat\n\n"

    watching(world, test, heartbeat=0.02)


def test_a_stream_ends_with_its_token(world: World) -> None:
    world.clock.stopped = time.time()
    headers = {"Authorization": world.bearer()}
    world.clock.ahead = 299
    response = send(world, "GET", "/v1/watch", headers=headers)
    assert response.status_code == 200
    assert world.node.wakes == []


def test_a_failure_within_a_stream_ends_it_quietly(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(stream: Stream) -> None:
        await until(lambda: world.node.wakes)
        monkeypatch.setattr(world.node, "log", None)
        world.node.wakes[0]()
        await until(lambda: not world.node.wakes)

    with structlog.testing.capture_logs() as logs:
        watching(world, test)
    assert [(line["call"], line["error"]) for line in logs] == [("Watch", "TypeError")]
