"""How a refusal, and a failure of the node itself, is told to a caller and to the log."""

from __future__ import annotations

from types import TracebackType

import structlog

from onward.core import spec
from onward.core.refused import Refused
from onward.v1 import errors_pb2

_log = structlog.get_logger("onward.adapters")


def info(reason: str) -> spec.ReasonInfo:
    """The statuses and the sentence of a reason."""
    return spec.reasons()[reason]


def problem(refused: Refused) -> errors_pb2.Problem:
    """The refusal as the message that both transports answer with."""
    return errors_pb2.Problem(
        reason=f"REASON_{refused.reason}",
        pointer=refused.pointer,
        heads=refused.heads,
        expected=refused.expected,
    )


def refusal(error: Exception, call: str) -> Refused:
    """What to answer to an exception. Whatever is no refusal is logged, and answered INTERNAL."""
    if isinstance(error, Refused) and error.reason in spec.reasons():
        return error
    log_unexpected(error, call)
    return Refused("INTERNAL")


def log_unexpected(error: Exception, call: str) -> None:
    """Log a failure by its class and place.

    Never by its message or traceback text: they quote values, and so may name a person.
    """
    _log.error(
        "unexpected_error", call=call, error=type(error).__name__, place=_place(error.__traceback__)
    )


def _place(traceback: TracebackType | None) -> str:
    """The innermost line of ours, or else the innermost line of all."""
    ours = last = "unknown"
    while traceback is not None:
        module = traceback.tb_frame.f_globals.get("__name__", "unknown")
        last = f"{module}:{traceback.tb_lineno}"
        if module.partition(".")[0] in ("onward", "onward_server"):
            ours = last
        traceback = traceback.tb_next
    return last if ours == "unknown" else ours
