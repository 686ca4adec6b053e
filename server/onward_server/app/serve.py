"""Runs the nodes of one process, each with REST and gRPC over one service object."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial

import structlog

from onward.core.refused import Refused
from onward_server.adapters.grpc_api import grpc_server, peer_server
from onward_server.adapters.host import Host
from onward_server.adapters.metrics import Measured
from onward_server.adapters.rest import peer_app, rest_app
from onward_server.app import crash
from onward_server.app.doors import Door, opened
from onward_server.app.settings import SettingsError
from onward_server.app.wiring import Wired


def quiet_logs(level: int = logging.INFO) -> None:
    """Logs that tell what the node does, and never what it holds."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
    )
    # These write requests' addresses or contents at finer levels.
    for name in ("authlib", "httpx", "httpcore", "uvicorn.access", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def _serve(hosted: Sequence[Wired]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    crash.guard_loop(loop)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with ExitStack() as scraped:
        measured = [Measured(wired.node) for wired in hosted]
        for one, wired in zip(measured, hosted, strict=True):
            scraped.callback(_metrics(one, wired.settings.metrics))
        async with opened(_doors(hosted, measured)) as serving:
            for wired in hosted:
                wired.delivery.start()
                wired.services.start()
                wired.collecting.start()
            # What is loaded by now stays: the collector need not look at it again.
            gc.freeze()
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({*serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
        ends = [
            end
            for one in hosted
            for end in (one.collecting.stop, one.services.stop, one.delivery.stop)
        ]
        await asyncio.gather(*(asyncio.to_thread(end) for end in ends))


def _doors(hosted: Sequence[Wired], measured: Sequence[Measured]) -> list[Door]:
    """Each agency's own door, and the one for other nodes where it stands apart."""
    apart = hosted[0].settings.peer_rest != ""
    doors = [
        Door(
            wired.settings.rest,
            wired.settings.grpc,
            rest_app(api, wired.tokens, peers=not apart),
            partial(grpc_server, api, wired.tokens, peers=not apart),
            wired.settings.agency,
        )
        for wired, api in zip(hosted, measured, strict=True)
    ]
    if apart:
        host = Host({api.agency: api for api in measured})
        shared = hosted[0].settings
        app, start = peer_app(host), partial(peer_server, host)
        doors.append(Door(shared.peer_rest, shared.peer_grpc, app, start))
    return doors


def _metrics(measured: Measured, address: str) -> Callable[[], None]:
    """Let the numbers be scraped, where the settings say so. Gives the way to end it.

    Raises SettingsError if the address can't be taken.
    """
    if not address:
        return lambda: None
    try:
        return measured.serve(address)
    except OSError:
        raise SettingsError(f"can't listen on {address}: is it taken?") from None


def _check_list(wired: Wired) -> None:
    """Without a list that verifies the node can answer nobody. Raises SettingsError."""
    try:
        wired.trust.current()
    except Refused as fault:
        folder = wired.settings.folder
        why = "no trust list is loaded" if fault.reason == "UNAVAILABLE" else str(fault)
        command = f"onward-node trust load {folder} LIST.json"
        raise SettingsError(f"{why}: load one with `{command}`") from None


def serve(*hosted: Wired) -> None:
    """Serve the nodes of one process until it is told to stop; several as `hosting.check` allows.

    Raises SettingsError if it can't begin: then none of them serves.
    """
    quiet_logs()
    crash.guard()
    # Whatever the nodes write from now on is for their owner only.
    os.umask(0o077)
    with ExitStack() as closing:
        for wired in hosted:
            closing.callback(wired.close)
        for wired in hosted:
            _check_list(wired)
        asyncio.run(_serve(hosted))
