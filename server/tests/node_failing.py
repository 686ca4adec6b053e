"""A node's process that loses its power at a point that a test names.

    python -m node_failing serve FOLDER

The point stands in the file `fail` of the node's folder, which is gone when the node starts
again. Points: inside a transaction, after a commit and before the answer, between the destruction
of keys and the storing of the certificate, after a receipt and before it is stored.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event

from onward_server.adapters.keys import FileKeys
from onward_server.app import settings
from onward_server.app.serve import serve
from onward_server.app.wiring import wire
from onward_server.service import outbound
from onward_server.service.node import Node

FOLDER = Path(sys.argv[2]) if len(sys.argv) > 2 else Path()


def fails(point: str) -> None:
    """Die here if this is the point."""
    armed = FOLDER / "fail"
    if armed.exists() and armed.read_text() == point:
        armed.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def around(sound: Callable[..., Any], before: str = "", after: str = "") -> Callable[..., Any]:
    """The function with a point before it and one after it."""

    def call(*args: Any, **named: Any) -> Any:
        fails(before)
        result = sound(*args, **named)
        fails(after)
        return result

    return call


def main() -> None:
    FileKeys.destroy = around(FileKeys.destroy, after="keys destroyed")  # type: ignore[method-assign]
    Node._act = around(Node._act, after="committed")  # type: ignore[method-assign]
    Node._peer = around(Node._peer, after="received")  # type: ignore[method-assign]
    outbound.settle = around(outbound.settle, before="receipt came", after="settled")
    wired = wire(settings.load(FOLDER))

    def commit(connection: Any) -> None:
        if connection.get_execution_options().get("writes"):
            fails("in transaction")

    event.listen(wired.store.engine, "commit", commit)
    serve(wired)


if __name__ == "__main__":
    main()
