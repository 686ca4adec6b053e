"""Runs a node: REST and gRPC in one process, over one service object."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import nullcontext

import structlog
import uvicorn

from onward.core.refused import Refused
from onward_server.adapters.grpc_api import grpc_server
from onward_server.adapters.metrics import Measured
from onward_server.adapters.rest import rest_app
from onward_server.app import crash
from onward_server.app.settings import SettingsError
from onward_server.app.wiring import Wired

log = structlog.get_logger("onward.node")

GRACE = 5.0
"""Seconds that calls under way get when the node stops."""


def quiet_logs(level: int = logging.INFO) -> None:
    """Logs that tell what the node does, and never what it holds."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
    )
    # These write requests' addresses or contents at finer levels.
    for name in ("authlib", "httpx", "httpcore", "uvicorn.access", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def _serve(wired: Wired) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    crash.guard_loop(loop)
    measured = Measured(wired.node)
    scraped = _metrics(measured, wired.settings.metrics)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    listening = _listen(wired.settings.rest)
    try:
        # Tried before: gRPC would tell in its own words, and more of them.
        _listen(wired.settings.grpc).close()
        grpc, grpc_port = await grpc_server(measured, wired.tokens, wired.settings.grpc)
    except (RuntimeError, SettingsError):
        listening.close()
        raise SettingsError(f"can't listen on {wired.settings.grpc}: is it taken?") from None
    config = uvicorn.Config(
        rest_app(measured, wired.tokens),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=int(GRACE),
    )
    rest = uvicorn.Server(config)
    # The node's own handling of signals stops both servers.
    rest.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    serving = asyncio.create_task(rest.serve([listening]))
    wired.delivery.start()
    wired.services.start()
    wired.collecting.start()
    # What is loaded by now stays: the collector need not look at it again.
    gc.freeze()
    log.info("serving", agency=wired.settings.agency, rest=wired.settings.rest, grpc_port=grpc_port)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    rest.should_exit = True
    await grpc.stop(GRACE)
    await serving
    stopping.cancel()
    await asyncio.to_thread(wired.collecting.stop)
    await asyncio.to_thread(wired.services.stop)
    await asyncio.to_thread(wired.delivery.stop)
    scraped()


def _listen(address: str) -> socket.socket:
    """The socket of the REST API. Raises SettingsError if the address can't be taken."""
    host, _, port = address.rpartition(":")
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.strip("[]"), int(port)))
    except OSError:
        listening.close()
        raise SettingsError(f"can't listen on {address}: is it taken?") from None
    return listening


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
        why = "no trust list is loaded" if fault.reason == "UNAVAILABLE" else str(fault)
        command = f"onward-node trust load {wired.settings.folder} LIST.json"
        raise SettingsError(f"{why}: load one with `{command}`") from None


def serve(wired: Wired) -> None:
    """Serve until the process is told to stop. Raises SettingsError if it can't begin."""
    quiet_logs()
    crash.guard()
    # Whatever the node writes from now on is for its owner only.
    os.umask(0o077)
    try:
        _check_list(wired)
        asyncio.run(_serve(wired))
    finally:
        wired.close()
