"""How the target is made to act: over the specification's local plane, or by its own program.

A person decides in a real agency. In a test the suite asks for the act, in the words of the local
plane: the name of a call, such as `Referrals.Decide`, and its request. The request has a `write`
only where the purpose, or the heads that the person looked at, matter.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from contextlib import suppress
from functools import cache
from queue import Empty, Queue
from typing import Protocol

from google.protobuf.descriptor import MethodDescriptor

from onward.v1.errors_pb2 import Reason
from onward_conformance.fetch import within
from onward_conformance.network import Json
from onward_conformance.results import spelled
from onward_conformance.said import told
from onward_conformance.shape import files

SECONDS = 30.0
"""A program that takes longer to answer has failed."""

TRIES = 3
"""A program that has failed so often one after the other is not asked any more."""

LONGEST = 16 * 1024 * 1024
"""Bytes of a line at the most."""

SHOWN = 100
"""Characters of a line that is no JSON that a report shows."""

LINES = 4
"""Lines that wait to be read at the most; only one is ever due."""


def bare(reason: str) -> str:
    """A reason without the prefix of its enum: one of them begins like it (REASON_REQUIRED)."""
    known = set(Reason.keys())
    return reason if f"REASON_{reason}" in known else reason.removeprefix("REASON_")


class Refusal(Exception):
    """The target refused an act on its own side; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoHands(Exception):
    """The act can't be asked for: target.toml says no way, or the program has failed."""


class Hands(Protocol):
    """A way to make the target act."""

    specified: bool
    """Whether it is the specification's local plane, whose reasons are named."""

    def call(self, name: str, request: Json, person: str = "") -> Json:
        """What the target answers. `person` says who acts, where it matters that it is another
        person, or which. Raises Refusal, or NoHands.
        """
        ...

    def close(self) -> None:
        """Let go."""
        ...


class Program:
    """The partner's own program: one request per line on its standard input, one answer per line.

    A request is `{"call": "Referrals.Decide", "request": {...}}`, an answer `{"ok": {...}}` or
    `{"reason": "STATE_CONFLICT"}`. Where it matters who acts, a request has a `person`. See
    docs/implementers.md.
    """

    specified = False

    def __init__(self, command: list[str], folder: str) -> None:
        self._command, self._folder = command, folder
        self._left = TRIES
        self._process: subprocess.Popen[bytes] | None = None
        self._start()

    def _start(self) -> None:
        try:
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                start_new_session=True,
            )  # fmt: skip
        except OSError as fault:
            raise NoHands(f"{self._command[0]} can't be started: {fault.strerror}") from None
        self._lines: Queue[bytes] = Queue(LINES)
        threading.Thread(target=_read, args=(self._process, self._lines), daemon=True).start()

    def call(self, name: str, request: Json, person: str = "") -> Json:
        """What the program answers. Raises Refusal, or NoHands."""
        said = {"call": name, "request": request} | ({"person": person} if person else {})
        answer = self._ask(name, json.dumps(said).encode() + b"\n")
        if answer.get("reason") is not None:
            raise Refusal(bare(spelled(answer["reason"])))
        if not isinstance(answer.get("ok"), dict):
            raise NoHands(f"the program answered {name} with neither ok nor reason")
        route = _routes().get(name)
        return told(answer["ok"], route.output_type if route else None)

    def _ask(self, name: str, line: bytes) -> Json:
        """The line of JSON that answers this one. Where none does, the program is started anew: a
        late answer would be taken for that to the next request.
        """
        if self._process is None:
            raise NoHands(f"the program has failed {TRIES} times: it is not asked any more")
        if not self._lines.empty():
            said = self._wrote(self._lines.get())
            self._fail()
            raise NoHands(said or "the program wrote a line that nobody had asked for")
        said = f"the program did not answer in {SECONDS:.0f} seconds"
        try:
            found = within(SECONDS, lambda: self._exchange(line))
            said = self._wrote(found) or "the program wrote JSON that is no object"
            answer = json.loads(found)
            if isinstance(answer, dict):
                self._left = TRIES
                return answer
        except BrokenPipeError:
            said = self._wrote(b"")
        except (OSError, Empty, TimeoutError, ValueError, RecursionError):
            pass
        self._fail()
        raise NoHands(f"{said}, when it was asked for {name}")

    def _wrote(self, line: bytes) -> str:
        """What is wrong with a line of the program; nothing if it is JSON."""
        assert self._process
        if not line:
            with suppress(subprocess.TimeoutExpired):
                code = self._process.wait(1)
                return f"the program has ended, with exit code {code}"
            return f"the program closed its output, or wrote a line of more than {LONGEST} bytes"
        try:
            json.loads(line)
        except (ValueError, RecursionError):
            start = line.decode("utf-8", "replace").rstrip("\n")[:SHOWN]
            return f"the program wrote a line that is no JSON: {start}"
        return ""

    def _exchange(self, line: bytes) -> bytes:
        process, lines = self._process, self._lines
        assert process
        assert process.stdin
        process.stdin.write(line)
        process.stdin.flush()
        return lines.get(timeout=SECONDS)

    def _fail(self) -> None:
        self._left -= 1
        self._kill()
        self._process = None
        if self._left:
            self._start()

    def _kill(self) -> None:
        """End the program, with whatever it has started."""
        if self._process is None:
            return
        with suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with suppress(OSError):
            assert self._process.stdin
            self._process.stdin.close()

    def close(self) -> None:
        """End the program: it has seconds to do so by itself, once nothing more is asked."""
        if self._process is None:
            return
        assert self._process.stdin
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._kill()


def _read(process: subprocess.Popen[bytes], lines: Queue[bytes]) -> None:
    """Its lines, one after the other; empty at its end, and for a line that is too long."""
    assert process.stdout
    with process.stdout:
        while line := process.stdout.readline(LONGEST):
            lines.put(line if line.endswith(b"\n") else b"")
            if not line.endswith(b"\n"):
                return
    lines.put(b"")


@cache
def _routes() -> dict[str, MethodDescriptor]:
    """The calls of the local plane, by names such as Referrals.Decide."""
    found = [service for file in files() for service in file.services_by_name.values()]
    return {f"{one.name}.{method.name}": method for one in found for method in one.methods}
