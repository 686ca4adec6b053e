"""Real nodes behind real REST and real gRPC, in this process, on free ports."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine, Generator
from contextlib import nullcontext
from typing import Any, Literal

import grpc.aio
import uvicorn
from google.protobuf.message import Message

from adapter_world import World
from desk import Desk
from onward.auth import Login
from onward.client import Client
from onward.core import spec
from onward.transports.base import Transport
from onward.transports.grpc import Grpc
from onward.transports.rest import Http, Rest
from onward_server.adapters.grpc_api import grpc_server
from onward_server.adapters.rest import rest_app

Way = Literal["rest", "grpc"]
WAYS: tuple[Way, Way] = ("rest", "grpc")


class Bearing:
    """A transport that shows a good token with every call."""

    def __init__(self, transport: Transport, world: World) -> None:
        self._transport = transport
        self._world = world
        self._token, self._until = "", 0.0

    def call(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Message:
        if time.monotonic() > self._until:
            self._token = self._world.bearer().removeprefix("Bearer ")
            self._until = time.monotonic() + 60
        return self._transport.call(rpc, request, token=self._token, timeout=timeout)

    def stream(self, *given: Any, **named: Any) -> Generator[Message, None, None]:
        """Nothing here is followed."""
        raise NotImplementedError

    def close(self) -> None:
        self._transport.close()


class Present:
    """Whatever node the desk has now: it may have started again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk.node, name)


class Serving:
    """Both adapters of several desks, in one thread, until it is closed."""

    def __init__(self, *desks: Desk) -> None:
        self._world = World()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._web: list[tuple[uvicorn.Server, asyncio.Task[None]]] = []
        self._rpc: list[grpc.aio.Server] = []
        self._clients: list[Client] = []
        self._at: dict[str, dict[str, str]] = {
            desk.agency: self._run(self._serve(desk)) for desk in desks
        }

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _serve(self, desk: Desk) -> dict[str, str]:
        node: Any = Present(desk)
        server, port = await grpc_server(node, self._world.tokens, "127.0.0.1:0")
        self._rpc.append(server)
        listening = socket.create_server(("127.0.0.1", 0))
        app = rest_app(node, self._world.tokens)
        web = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none"))
        web.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
        web.config.timeout_graceful_shutdown = 5
        self._web.append((web, asyncio.create_task(web.serve([listening]))))
        while not web.started:
            await asyncio.sleep(0.01)
        return {
            "rest": f"http://127.0.0.1:{listening.getsockname()[1]}",
            "grpc": f"127.0.0.1:{port}",
        }

    def at(self, desk: Desk) -> dict[str, str]:
        """Where the desk's adapters listen, by the way there."""
        return self._at[desk.agency]

    def client(self, desk: Desk, way: Way, role: str = "caseworker") -> Client:
        """A client of this desk for a person in this role."""
        at = self.at(desk)[way]
        transport: Transport = Rest(at, Http()) if way == "rest" else Grpc(at)
        login = Login(desk.agency, desk.login_key, desk.clock.seconds)
        made = Client(
            Bearing(transport, self._world), login=login, actor="u-17", role=role, retries=0
        )
        self._clients.append(made)
        return made

    def close(self) -> None:
        """End everything."""
        for client in self._clients:
            client.disconnect()

        async def stop() -> None:
            for web, _ in self._web:
                web.should_exit = True
            for server in self._rpc:
                await server.stop(None)
            # To its end: a connection that is left open complains in somebody else's test.
            await asyncio.gather(*(serving for _, serving in self._web))

        self._run(stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
