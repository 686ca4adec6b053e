"""Nodes that start fast: one process loads the server once, and each node is a fork of it.

    python -m forked

Loading the server takes more than a second of a core, and the tests start some hundred nodes. Each
is still a process of its own, with its own folder, keys, log and environment. What a reader would
type is started as it stands by test_node_cli.py, by the demo, and by the tests of the README.
"""

from __future__ import annotations

import json
import os
import random
import runpy
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from onward_server.demo.stage.nursery import Forked
from onward_server.demo.world import Site

HERE = Path(__file__).parent


class Nursery:
    """The process that has loaded the server. It begins when the first node is asked for."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def start(self, site: Site, module: str = "onward_server.app.cli", *arguments: str) -> None:
        """In the place of Site.start."""
        if self._process is None:
            places = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
            self._process = subprocess.Popen(
                [sys.executable, "-m", "forked"], env=os.environ | {"PYTHONPATH": places},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
            )  # fmt: skip
        asked = {
            "folder": str(site.folder), "command": [module, "serve", str(site.folder), *arguments],
            "environment": dict(os.environ),
        }  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(asked)}\n")
        self._process.stdin.flush()
        site.process = Forked(int(self._process.stdout.readline()))

    def end(self) -> None:
        """End it. Nodes that it started go on until they are ended."""
        if self._process is not None:
            self._process.communicate()
            self._process = None


NURSERY = Nursery()
"""That of this run."""


@contextmanager
def fast_nodes() -> Iterator[None]:
    """As long as this lasts, nodes in processes of their own are forks."""
    before = Site.start
    Site.start = lambda *asked: NURSERY.start(*asked)  # type: ignore[method-assign]
    try:
        yield
    finally:
        Site.start = before  # type: ignore[method-assign]


def _become(asked: dict[str, Any]) -> None:
    """Be the node, as if its command had been given."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.umask(0o077)
    os.environ.clear()
    os.environ.update(asked["environment"])
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    log = os.open(Path(asked["folder"]) / "node.log", flags, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for new, old in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(new, old)
    random.seed()  # Forks would all draw the same.
    sys.argv = asked["command"]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _reap(_number: int, _frame: FrameType | None) -> None:
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return
        except ChildProcessError:
            return


def main() -> None:
    """Load the server, and fork a node for each line, until there are no more."""
    import node_leaks  # noqa: F401  (what is loaded here, no node loads again)
    import onward_server.app.cli_agreement
    import onward_server.app.cli_keys
    import onward_server.app.cli_trust
    import onward_server.app.serve
    import onward_server.app.wiring  # noqa: F401

    signal.signal(signal.SIGCHLD, _reap)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            code: Any = 1
            try:
                _become(json.loads(line))
                code = 0
            except SystemExit as end:
                code = end.code
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code if isinstance(code, int) else int(code is not None))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
