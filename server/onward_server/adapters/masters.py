"""Master keys in files: each wraps keys of the keyring, and only the newest wraps new ones.

The first stands in `master.key`, each that follows in `master-<number>.key`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Container
from pathlib import Path

SIZE = 32
"""Bytes of a master key."""

_NAME = re.compile(r"master(?:-([0-9]+))?\.key")


def write_secret(path: Path, data: bytes) -> None:
    """A new file that only its owner can read, on disk when it returns. Refuses to overwrite."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def path(folder: Path, number: int) -> Path:
    """Where a master key stands."""
    return folder / (f"master-{number}.key" if number else "master.key")


def read(folder: Path, number: int) -> bytes:
    """A master key. Raises FileNotFoundError, or ValueError for a file that holds none."""
    found = path(folder, number).read_bytes()
    if len(found) != SIZE:
        raise ValueError("not a master key")
    return found


def make(folder: Path, number: int) -> None:
    """A new master key. One that a broken rotation left is taken, if it is whole."""
    where = path(folder, number)
    if where.exists() and where.stat().st_size != SIZE:
        where.unlink()
    if not where.exists():
        write_secret(where, os.urandom(SIZE))
    _sync(folder)


def destroy_but(folder: Path, used: Container[int]) -> None:
    """Overwrite and remove all that no key is wrapped by any more."""
    for one in sorted(folder.iterdir()):
        known = _NAME.fullmatch(one.name)
        if known and int(known[1] or 0) not in used:
            with one.open("r+b") as file:
                file.write(os.urandom(SIZE))
                file.flush()
                os.fsync(file.fileno())
            one.unlink()
    _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
