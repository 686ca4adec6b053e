"""Runs a node: REST and gRPC in one process, over one service object."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from contextlib import nullcontext

import structlog
import uvicorn

from onward_server.adapters.grpc_api import grpc_server
from onward_server.adapters.rest import rest_app
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
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    grpc, grpc_port = await grpc_server(wired.node, wired.tokens, wired.settings.grpc)
    host, _, port = wired.settings.rest.rpartition(":")
    config = uvicorn.Config(
        rest_app(wired.node, wired.tokens),
        host=host,
        port=int(port),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=int(GRACE),
    )
    rest = uvicorn.Server(config)
    # The node's own handling of signals stops both servers.
    rest.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    serving = asyncio.create_task(rest.serve())
    wired.delivery.start()
    # What is loaded by now stays: the collector need not look at it again.
    gc.freeze()
    log.info("serving", agency=wired.settings.agency, rest=wired.settings.rest, grpc_port=grpc_port)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    rest.should_exit = True
    await grpc.stop(GRACE)
    await serving
    stopping.cancel()
    await asyncio.to_thread(wired.delivery.stop)


def serve(wired: Wired) -> None:
    """Serve until the process is told to stop."""
    quiet_logs()
    try:
        asyncio.run(_serve(wired))
    finally:
        wired.close()
