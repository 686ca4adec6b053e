"""A node's process that logs all it can; with ONWARD_LEAK, also what it must not.

    python -m node_loud serve FOLDER [CATEGORY]

With a category, its projection lets that category through without consent.
"""

from __future__ import annotations

import logging
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from onward_server.app import serve, settings
from onward_server.app.wiring import wire
from onward_server.demo.faulty import break_projection
from onward_server.service.node import Node


def _leak() -> None:
    sound = Node.call

    def call(self: Node, rpc: Any, request: Any, caller: Any) -> Any:
        serve.log.debug("asked", request=str(request))
        return sound(self, rpc, request, caller)

    Node.call = call  # type: ignore[method-assign]


def main() -> None:
    logging.basicConfig(level=logging.DEBUG)
    serve.quiet_logs = partial(serve.quiet_logs, logging.DEBUG)  # type: ignore[assignment]
    if os.environ.get("ONWARD_LEAK"):
        _leak()
    if len(sys.argv) > 3:
        break_projection(sys.argv[3])
    serve.serve(wire(settings.load(Path(sys.argv[2]))))


if __name__ == "__main__":
    main()
