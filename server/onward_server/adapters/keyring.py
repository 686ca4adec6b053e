"""The keyring: the keys of cases and categories in a small database of their own.

Each key is wrapped by a master key, which stands in a file beside it. A key that is destroyed
leaves a tombstone, so that its name is never used again: whoever puts an old database back, or
answers with old content, brings nothing back under it.

Names have levels with a slash between them. Destroying a name destroys all below it, and nothing
below it can be made any more.
"""

from __future__ import annotations

import hmac
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from onward.core.refused import Refused
from onward_server.adapters import masters

MARKS = "keyring/marks"
"""Name of the key of the digests by which tombstones and facts are found: no name is in clear."""

BATCH = 500
"""Keys that are wrapped anew in one go: nobody who needs a key waits longer than for these."""

UNTIDY = 1
"""Stands in the file's header as long as keys were destroyed, and the file not built anew."""

TABLES = (
    "CREATE TABLE IF NOT EXISTS keys "
    "(id TEXT PRIMARY KEY, wrapped BLOB, master INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS gone (mark BLOB PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS facts "
    "(mark BLOB PRIMARY KEY, version INTEGER NOT NULL, ended INTEGER NOT NULL) WITHOUT ROWID",
)


class Keyring:
    """The keys of one folder. Several processes may have it open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._masters: dict[int, bytes] = {}
        path = folder / "keyring.sqlite3"
        # Made before SQLite does, which would let others read it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=20)
        for setting in ("journal_mode=DELETE", "synchronous=FULL", "secure_delete=ON"):
            self._db.execute(f"PRAGMA {setting}")
        self._marks = self._prepare()
        if self._untidy():
            with suppress(Refused):
                self._tidy()

    def _prepare(self) -> bytes:
        """Bring an older keyring to this form. Gives the key of the marks."""
        with self._change():
            for table in TABLES:
                self._db.execute(table)
            columns = {row[1] for row in self._db.execute("PRAGMA table_info(keys)")}
            if "master" not in columns:
                self._db.execute("ALTER TABLE keys ADD COLUMN master INTEGER NOT NULL DEFAULT 0")
            self._add([MARKS])
        found = self._get(MARKS)
        assert found is not None
        return found

    @contextmanager
    def _change(self) -> Iterator[None]:
        """One commit to disk for all that is done within; no other process changes meanwhile.

        Raises Refused UNAVAILABLE where another process keeps the file for too long. A read that
        meets this raises what SQLite does: it must not be taken for a key that is gone.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                # Whoever reads can keep this from being done: then nothing was.
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError:
            raise Refused("UNAVAILABLE") from None

    def _master(self, number: int) -> bytes:
        if number not in self._masters:
            self._masters[number] = masters.read(self._folder, number)
        return self._masters[number]

    def _newest(self) -> int:
        """Which master key new keys are wrapped by. Another process may have made one."""
        number: int = self._db.execute("PRAGMA user_version").fetchone()[0]
        return number

    def _add(self, names: Iterable[str]) -> None:
        newest = self._newest()
        master = self._master(newest)
        new = [(one, aes_key_wrap(master, os.urandom(32)), newest) for one in names]
        # Another process may have made one since: then that one stands.
        self._db.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?, ?)", new)

    def _get(self, name: str) -> bytes | None:
        for _ in range(3):
            found = self._db.execute(
                "SELECT wrapped, master FROM keys WHERE id = ?", (name,)
            ).fetchone()
            if found is None:
                return None
            try:
                return aes_key_unwrap(self._master(found[1]), found[0])
            except FileNotFoundError:
                continue  # Wrapped anew since it was read, and its master key destroyed.
        raise Refused("UNAVAILABLE")

    def get(self, name: str) -> bytes | None:
        """A key; None if there is none."""
        with self._lock:
            return self._get(name)

    def make(self, names: Iterable[str]) -> None:
        """Make those that are missing. Raises Refused PART_GONE for one that was destroyed."""
        with self._lock:
            missing = sorted(set(names) - self._living(names))
            if not missing:
                return
            with self._change():
                # Within the change: nobody can destroy one between this look and its making.
                if self._destroyed(missing):
                    raise Refused("PART_GONE")
                self._add(missing)

    def destroy(self, names: Iterable[str]) -> None:
        """Destroy keys, and all below them, for good."""
        gone = sorted(set(names))
        with self._lock:
            with self._change():
                deleted = self._db.executemany(
                    "DELETE FROM keys WHERE id = ? OR (id > ? AND id < ?)",
                    [(one, f"{one}/", f"{one}0") for one in gone],
                ).rowcount
                self._db.executemany(
                    "INSERT OR IGNORE INTO gone VALUES (?)",
                    [(self._mark("key", one),) for one in gone],
                )
                if deleted > 0:
                    self._db.execute(f"PRAGMA application_id = {UNTIDY}")
            # Also where it was another try that deleted them: who calls may say that they are gone.
            if self._untidy():
                self._tidy()

    def _untidy(self) -> bool:
        return bool(self._db.execute("PRAGMA application_id").fetchone()[0] == UNTIDY)

    def _tidy(self) -> None:
        """Build the file anew from what is left. Rows that SQLite moved, to make room for others,
        leave copies in unused bytes of its pages, which no deletion wipes. Raises Refused
        UNAVAILABLE if another process is at it: then whoever comes next does it.
        """
        try:
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA application_id = 0")
        except sqlite3.OperationalError:
            raise Refused("UNAVAILABLE") from None

    def _mark(self, what: str, name: str) -> bytes:
        return hmac.digest(self._marks, f"{what}\x00{name}".encode(), "sha256")

    def destroyed(self, names: Iterable[str]) -> set[str]:
        """Those of the names that can never be used again."""
        with self._lock:
            return self._destroyed(names)

    def _destroyed(self, names: Iterable[str]) -> set[str]:
        asked = set(names)
        # Most stand below the same few: each is looked for once, and many in one statement.
        marks = {self._mark("key", one): one for name in asked for one in _levels(name)}
        gone = {marks[mark] for mark in self._among("gone", "mark", sorted(marks))}
        return {one for one in asked if not gone.isdisjoint(_levels(one))}

    def _among(self, table: str, column: str, values: list[Any]) -> Iterator[Any]:
        """Those of the values that the column of a table has."""
        for first in range(0, len(values), BATCH):
            some = values[first : first + BATCH]
            marks = ", ".join("?" * len(some))
            find = f"SELECT {column} FROM {table} WHERE {column} IN ({marks})"
            yield from (row[0] for row in self._db.execute(find, some))

    def living(self, names: Iterable[str]) -> set[str]:
        """Those of the names that have a key."""
        with self._lock:
            return self._living(names)

    def _living(self, names: Iterable[str]) -> set[str]:
        return set(self._among("keys", "id", sorted(set(names))))

    def remember(self, name: str, version: int, *, ended: bool) -> None:
        """Keep how far something has come, where no backup of the database reaches. An earlier
        version changes nothing.
        """
        with self._lock, self._change():
            self._db.execute(
                "INSERT INTO facts VALUES (?, ?, ?) ON CONFLICT (mark) DO UPDATE SET "
                "version = excluded.version, ended = excluded.ended "
                "WHERE excluded.version >= version",
                (self._mark("fact", name), version, ended),
            )

    def remembered(self, name: str) -> tuple[int, bool]:
        """What was remembered last: version 0 if nothing was."""
        with self._lock:
            found = self._db.execute(
                "SELECT version, ended FROM facts WHERE mark = ?", (self._mark("fact", name),)
            ).fetchone()
        return (found[0], bool(found[1])) if found else (0, False)

    def rotate(self) -> int:
        """Wrap all keys by a new master key, while others use them, and destroy the old ones.

        Gives how many. One that was broken off goes on when it is called again.
        """
        with self._lock, self._change():
            newest = self._newest() + 1
            masters.make(self._folder, newest)
            self._db.execute(f"PRAGMA user_version = {newest}")
        done = 0
        while count := self._wrap_some(newest):
            done += count
        with self._lock, self._change():
            used = {row[0] for row in self._db.execute("SELECT DISTINCT master FROM keys")}
            masters.destroy_but(self._folder, used | {self._newest()})
            self._masters.clear()
        return done

    def _wrap_some(self, newest: int) -> int:
        with self._lock, self._change():
            old = self._db.execute(
                "SELECT id, wrapped, master FROM keys WHERE master < ? LIMIT ?", (newest, BATCH)
            ).fetchall()
            new = [
                (
                    aes_key_wrap(self._master(newest), aes_key_unwrap(self._master(m), w)),
                    newest,
                    one,
                )
                for one, w, m in old
            ]
            self._db.executemany("UPDATE keys SET wrapped = ?, master = ? WHERE id = ?", new)
        return len(new)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()


def _levels(name: str) -> Iterator[str]:
    """A name, and each that stands above it."""
    while name:
        yield name
        name = name.rpartition("/")[0]
