"""What a node leaves behind when it fails: where it was, and nothing of what it held.

A message of an exception may quote what was worked on, and a core dump holds all of it.
"""

from __future__ import annotations

import asyncio
import faulthandler
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

import structlog

log = structlog.get_logger("onward.node")

try:
    import resource
except ImportError:  # not on every platform
    resource = None  # type: ignore[assignment]


def guard() -> None:
    """No core dump, and no text of an exception that nobody has caught."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Names of files and functions, and line numbers: no values.
    faulthandler.enable()
    sys.excepthook = _uncaught
    threading.excepthook = _in_thread


def guard_loop(loop: asyncio.AbstractEventLoop) -> None:
    """The same for what nobody has awaited."""
    loop.set_exception_handler(_in_loop)


def _uncaught(kind: type[BaseException], fault: BaseException, at: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.error("uncaught", fault=kind.__name__, at=places(at))


def _in_thread(what: threading.ExceptHookArgs) -> None:
    log.error("uncaught", fault=what.exc_type.__name__, at=places(what.exc_traceback))


def _in_loop(loop: asyncio.AbstractEventLoop, what: dict[str, Any]) -> None:
    fault = what.get("exception")
    name = type(fault).__name__ if fault is not None else "none"
    log.error("uncaught", fault=name, at=places(fault.__traceback__ if fault else None))


def places(at: TracebackType | None) -> list[str]:
    """Where it happened: module, line and function of each frame, innermost last."""
    frames = traceback.extract_tb(at)[-12:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
