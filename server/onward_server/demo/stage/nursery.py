"""Nodes that start fast: one process loads the server once, and each node is a fork of it.

    python -m onward_server.demo.stage.nursery

Loading the server takes about two seconds of a core, and the stories start a dozen nodes. Each is
still a process of its own, with its own folder, keys and database; nothing is shared but the code
that was loaded before the fork, when nothing was open and no thread ran.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from onward_server.app.settings import SettingsError


class Forked:
    """A node's process, with what onward_server.demo.world.Site asks of one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """None while it runs. How it ended is in its log."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self, timeout: float = 15.0) -> int:
        """Wait for its end, in seconds. Raises subprocess.TimeoutExpired."""
        until = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.01)
        return 0

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """The process that has loaded the server, and forks a node for each folder it is told."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def start(self, folder: Path) -> Forked:
        """A node of this folder. Raises SettingsError if the server can't be loaded."""
        asked, told = self._process.stdin, self._process.stdout
        if asked is None or told is None:
            raise SettingsError("nodes can't be started")
        with suppress(BrokenPipeError):
            asked.write(f"{folder}\n")
            asked.flush()
        pid = told.readline().strip()
        if not pid:
            raise SettingsError("the process that starts the nodes has ended")
        return Forked(int(pid))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """End it. Nodes that it started go on until they are ended."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def _serve(folder: Path) -> None:
    """Be the node of this folder, until it is told to stop."""
    from onward_server.app import settings
    from onward_server.app.serve import serve
    from onward_server.app.wiring import wire

    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.umask(0o077)
    log = os.open(folder / "node.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for new, old in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(new, old)
    try:
        serve(wire(settings.load(folder)))
    except SettingsError as fault:
        os.write(2, f"{fault}\n".encode())


def main() -> None:
    """Load the server, and fork a node for each line, until there are no more."""
    import onward_server.app.serve
    import onward_server.app.wiring  # noqa: F401  (what is loaded here, no node loads again)

    # Nobody waits for the nodes here: the kernel need not keep their ends.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                _serve(Path(line.strip()))
            finally:
                os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
