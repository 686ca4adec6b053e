"""Keys in files: the default provider.

The agency's keys are JWK files. The keys of cases and categories stand in a small database of
their own, apart from the node's, so that a backup of the node holds none of them; each is wrapped
by a master key. Destroying one overwrites it there (SQLite secure_delete) and nothing elsewhere
can open what was under it.
"""

from __future__ import annotations

import hmac
import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from joserfc.jwk import ECKey

from onward.core import jose
from onward.core.refused import Refused
from onward_server.adapters.commits import CommitFile

NONCE = 12


def save_key(path: Path, key: ECKey) -> None:
    """A private key as a JWK file that only its owner can read. Refuses to overwrite."""
    write_secret(path, json.dumps(key.as_dict(private=True)).encode())


def load_key(path: Path) -> ECKey:
    """A private key from its JWK file."""
    return jose.load_key(json.loads(path.read_text()))


def write_secret(path: Path, data: bytes) -> None:
    """A new file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


class FileKeys:
    """Fulfils onward_server.ports.Keys from a folder."""

    def __init__(self, folder: Path) -> None:
        self._signing = load_key(folder / "sign.jwk")
        seals = [load_key(path) for path in sorted(folder.glob("seal*.jwk"))]
        self._seals = {jose.kid(key): key for key in seals}
        self._master = (folder / "master.key").read_bytes()
        self._lock = threading.Lock()
        self.commits = CommitFile(folder / "commits")
        """Beside the keys, because no backup of the database may hold it."""
        keyring = folder / "keyring.sqlite3"
        # Made before SQLite does, which would let others read it.
        os.close(os.open(keyring, os.O_RDWR | os.O_CREAT, 0o600))
        self._db = sqlite3.connect(keyring, check_same_thread=False, isolation_level=None)
        for setting in ("journal_mode=DELETE", "synchronous=FULL", "secure_delete=ON"):
            self._db.execute(f"PRAGMA {setting}")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS keys (id TEXT PRIMARY KEY, wrapped BLOB) WITHOUT ROWID"
        )

    @staticmethod
    def create(folder: Path) -> None:
        """Make the keys of a new agency. Refuses to overwrite."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        save_key(folder / "sign.jwk", jose.new_key())
        save_key(folder / "seal.jwk", jose.new_key())
        write_secret(folder / "master.key", os.urandom(32))

    def signing(self) -> ECKey:
        return self._signing

    def sealing_public(self) -> list[ECKey]:
        """The keys that others seal to, for the trust list."""
        return list(self._seals.values())

    def unsealing(self, kid: str) -> ECKey | None:
        return self._seals.get(kid)

    def _key(self, key_id: str) -> bytes | None:
        with self._lock:
            wrapped = self._wrapped(key_id)
        return aes_key_unwrap(self._master, wrapped) if wrapped else None

    def _wrapped(self, key_id: str) -> bytes | None:
        found = self._db.execute("SELECT wrapped FROM keys WHERE id = ?", (key_id,)).fetchone()
        return found[0] if found else None

    def make(self, key_ids: Iterable[str]) -> None:
        with self._lock:
            missing = [one for one in sorted(set(key_ids)) if not self._wrapped(one)]
            if not missing:
                return
            new = [(one, aes_key_wrap(self._master, os.urandom(32))) for one in missing]
            with _transaction(self._db):
                # Another process may have made one since: then that one stands.
                self._db.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", new)

    def _made(self, key_id: str) -> bytes:
        key = self._key(key_id)
        if key is None:
            self.make([key_id])
            key = self._key(key_id)
        if key is None:
            raise Refused("UNAVAILABLE")
        return key

    def encrypt(self, key_id: str, bound: str, plaintext: bytes) -> bytes:
        key = self._made(key_id)
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(key).encrypt(nonce, plaintext, _bind(key_id, bound))

    def decrypt(self, key_id: str, bound: str, content: bytes) -> bytes:
        key = self._key(key_id)
        if key is None:
            raise Refused("PART_GONE")
        try:
            return AESGCM(key).decrypt(content[:NONCE], content[NONCE:], _bind(key_id, bound))
        except InvalidTag:
            raise Refused("PART_GONE") from None

    def mac(self, key_id: str, data: bytes) -> bytes:
        return hmac.digest(self._made(key_id), data, "sha256")

    def destroy(self, key_ids: Iterable[str]) -> None:
        with self._lock, _transaction(self._db):
            self._db.executemany("DELETE FROM keys WHERE id = ?", [(one,) for one in key_ids])

    def close(self) -> None:
        """Let go of the keyring."""
        with self._lock:
            self._db.close()
        self.commits.close()


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    """One commit to disk for all that is done within."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _bind(key_id: str, bound: str) -> bytes:
    return f"{key_id}\x00{bound}".encode()
