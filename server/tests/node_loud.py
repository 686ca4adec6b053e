"""A node's process that logs all it can, and fails when a test asks it to.

    python -m node_loud serve FOLDER [CATEGORY]

With a category, its projection lets that category through without consent. With ONWARD_LEAK it is
broken in one place for each path by which content could leave (node_leaks). A file `crash` in the
node's folder makes a thread fail with everything that was disclosed in its exception.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import node_leaks
from onward_server.app import crash, serve, settings
from onward_server.app.wiring import wire
from onward_server.demo.faulty import break_projection
from onward_server.service.node import Node


def remember() -> None:
    """Keep what is disclosed, by category: what could leak."""
    sound = Node.call

    def call(self: Node, rpc: Any, request: Any, caller: Any) -> Any:
        node_leaks.remember(request)
        return sound(self, rpc, request, caller)

    Node.call = call  # type: ignore[method-assign]


def fail_on_demand(folder: Path) -> None:
    """Wait for the file, then fail as a thread does that nobody looks after."""
    while not (folder / "crash").exists():
        time.sleep(0.05)
    raise RuntimeError(" ".join(node_leaks.held.values()))


def main() -> None:
    logging.basicConfig(level=logging.DEBUG)
    serve.quiet_logs = partial(serve.quiet_logs, logging.DEBUG)  # type: ignore[assignment]
    folder = Path(sys.argv[2])
    leaks = os.environ.get("ONWARD_LEAK", "")
    if leaks:
        node_leaks.break_all(node_leaks.read(leaks), folder)
    remember()
    if len(sys.argv) > 3:
        break_projection(sys.argv[3])
    assert leaks or threading.excepthook is not crash._in_thread, "guarded by serve, not here"
    threading.Thread(target=fail_on_demand, args=(folder,), daemon=True).start()
    serve.serve(wire(settings.load(folder)))


if __name__ == "__main__":
    main()
