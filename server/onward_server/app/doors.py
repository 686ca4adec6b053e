"""The servers of one process, REST and gRPC: all of them are opened, or none."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass

import structlog
import uvicorn
from fastapi import FastAPI
from grpc.aio import Server
from structlog.contextvars import bound_contextvars

from onward_server.app.settings import SettingsError

GRACE = 5.0
"""Seconds that calls under way get when the process stops."""

log = structlog.get_logger("onward.node")


@dataclass(frozen=True)
class Door:
    """Two addresses, host:port, and what answers there. `agency` is whose log lines it writes."""

    rest: str
    grpc: str
    app: FastAPI
    start: Callable[[str], Awaitable[tuple[Server, int]]]
    agency: str = ""


@asynccontextmanager
async def opened(doors: Sequence[Door]) -> AsyncIterator[set[asyncio.Task[None]]]:
    """Open them. Gives what ends only when a server does. Raises SettingsError if an address can't
    be taken.
    """
    listening: list[socket.socket] = []
    web: list[uvicorn.Server] = []
    rpc: list[Server] = []
    serving: set[asyncio.Task[None]] = set()
    try:
        for door in doors:
            listening.append(_listen(door.rest))
            # Tried before: gRPC would tell in its own words, and more of them.
            _listen(door.grpc).close()
        for door, at in zip(doors, listening, strict=True):
            # What a server's tasks write into the log says whose it is.
            with bound_contextvars(agency=door.agency) if door.agency else nullcontext():
                server, port = await _started(door)
                rpc.append(server)
                web.append(_rest(door.app))
                serving.add(asyncio.create_task(web[-1].serve([at])))
                log.info("serving", rest=door.rest, grpc_port=port)
        yield serving
    finally:
        for one in web:
            one.should_exit = True
        await asyncio.gather(*(server.stop(GRACE) for server in rpc))
        await asyncio.gather(*serving)
        for at in listening:
            at.close()


async def _started(door: Door) -> tuple[Server, int]:
    try:
        return await door.start(door.grpc)
    except RuntimeError:
        raise SettingsError(f"can't listen on {door.grpc}: is it taken?") from None


def _rest(app: FastAPI) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=int(GRACE),
    )
    server = uvicorn.Server(config)
    # The process's own handling of signals stops all servers.
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    return server


def _listen(address: str) -> socket.socket:
    """A socket that listens at the address. Raises SettingsError if it can't be taken."""
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only where the protocol is named does asyncio send each answer at once: without it the end of
    # an answer waits until its beginning was confirmed, 40 ms on many systems.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.strip("[]"), int(port)))
        listening.listen(2048)
    except (OSError, OverflowError):
        listening.close()
        raise SettingsError(f"can't listen on {address}: is it taken?") from None
    return listening
