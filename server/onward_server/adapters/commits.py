"""The commit counter: what tells a database that is current from one restored from a backup.

It stands beside the keys, which are in no backup of the database, and is advanced after each
commit of entries or receipts, before anything of that commit leaves the node. A database that is
behind it has been restored (docs/spec.md, section Restore from a backup).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SLOT = 4096
"""Bytes between the two places of the counter: no write of one touches the other."""

CHECK = 16
"""Length of the check over a place, in characters."""


@dataclass(frozen=True)
class Mark:
    """How far a database has come: which line of commits it is on, and how many there were.

    A database that was restored begins another line, so that its commits are never taken for
    those of the one that was lost.
    """

    line: str
    number: int


class CommitFile:
    """The counter in a file: two places, written in turn, so that a torn write leaves the other.

    One write, and one sync to disk, for each step.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with self._locked():
            if os.fstat(self._file).st_size < 2 * SLOT:
                os.ftruncate(self._file, 2 * SLOT)
                os.fsync(self._file)
                folder = os.open(path.parent, os.O_RDONLY)
                os.fsync(folder)
                os.close(folder)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Other processes of this node write here, too."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _newest(self) -> tuple[int, Mark] | None:
        found = [one for slot in (0, 1) if (one := self._slot(slot)) is not None]
        return max(found, key=lambda one: one[0], default=None)

    def _slot(self, slot: int) -> tuple[int, Mark] | None:
        text, _, check = os.pread(self._file, SLOT, slot * SLOT).rstrip(b"\x00").rpartition(b" ")
        if not text or _check(text) != check:
            return None
        turn, line, number = text.decode().split(" ")
        return int(turn), Mark(line, int(number))

    def read(self) -> Mark | None:
        """The counter; None if there never was one here."""
        with self._locked():
            newest = self._newest()
        return newest[1] if newest else None

    def advance(self, mark: Mark) -> None:
        """Bring the counter to this mark, on disk when it returns. It never goes back on a line.

        Raises OSError if it can't be written.
        """
        with self._locked():
            newest = self._newest()
            turn = newest[0] + 1 if newest else 0
            if newest and newest[1].line == mark.line and newest[1].number >= mark.number:
                return
            text = f"{turn} {mark.line} {mark.number}".encode()
            os.pwrite(self._file, (text + b" " + _check(text)).ljust(128, b"\x00"), turn % 2 * SLOT)
            _sync(self._file)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


def _check(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest()[:CHECK].encode()


_sync = getattr(os, "fdatasync", os.fsync)
