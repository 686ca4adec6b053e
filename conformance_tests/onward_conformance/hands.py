"""How the target is made to act: over the specification's local plane, or by its own program.

A person decides in a real agency. In a test the suite asks for the act, in the words of the local
plane: the name of a call, such as `Referrals.Decide`, and its request. The request has a `write`
only where the purpose, or the heads that the person looked at, matter.
"""

from __future__ import annotations

import json
import subprocess
import threading
from queue import Empty, Queue
from typing import Protocol

from onward.v1.errors_pb2 import Reason
from onward_conformance.network import Json

SECONDS = 30.0
"""A program that takes longer to answer has failed."""


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
        try:
            self._process = subprocess.Popen(
                command, cwd=folder, text=True, encoding="utf-8", stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )  # fmt: skip
        except OSError as fault:
            raise NoHands(f"{command[0]} can't be started: {fault.strerror}") from None
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def call(self, name: str, request: Json, person: str = "") -> Json:
        """What the program answers. Raises Refusal, or NoHands."""
        said = {"call": name, "request": request} | ({"person": person} if person else {})
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(said) + "\n")
            self._process.stdin.flush()
            line = self._lines.get(timeout=SECONDS)
            answer = json.loads(line)
        except (OSError, Empty, ValueError):
            raise NoHands(f"the program did not answer {name} with a line of JSON") from None
        if "reason" in answer:
            raise Refusal(bare(str(answer["reason"])))
        if not isinstance(answer.get("ok"), dict):
            raise NoHands(f"the program answered {name} with neither ok nor reason")
        found: Json = answer["ok"]
        return found

    def close(self) -> None:
        """End the program."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
