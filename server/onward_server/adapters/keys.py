"""Keys in files: the default provider.

The agency's keys are JWK files. The keys of cases and categories stand in a keyring of their own
(adapters/keyring.py), apart from the node's database, so that a backup of the node holds none of
them. Destroying one overwrites it there (SQLite secure_delete), and nothing elsewhere can open what
was under it.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc.jwk import ECKey

from onward.core import jose
from onward.core.refused import Refused
from onward_server.adapters import masters
from onward_server.adapters.commits import CommitFile
from onward_server.adapters.keyring import Keyring
from onward_server.adapters.masters import write_secret as write_secret

NONCE = 12


def save_key(path: Path, key: ECKey) -> None:
    """A private key as a JWK file that only its owner can read. Refuses to overwrite."""
    write_secret(path, json.dumps(key.as_dict(private=True)).encode())


def load_key(path: Path) -> ECKey:
    """A private key from its JWK file."""
    return jose.load_key(json.loads(path.read_text()))


class FileKeys:
    """Fulfils onward_server.ports.Keys from a folder."""

    def __init__(self, folder: Path) -> None:
        self._signing = load_key(folder / "sign.jwk")
        seals = [load_key(path) for path in sorted(folder.glob("seal*.jwk"))]
        self._seals = {jose.kid(key): key for key in seals}
        self._ring = Keyring(folder)
        self.commits = CommitFile(folder / "commits")
        """Beside the keys, because no backup of the database may hold it."""

    @staticmethod
    def create(folder: Path) -> None:
        """Make the keys of a new agency. Refuses to overwrite."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        save_key(folder / "sign.jwk", jose.new_key())
        save_key(folder / "seal.jwk", jose.new_key())
        write_secret(masters.path(folder, 0), os.urandom(masters.SIZE))

    def signing(self) -> ECKey:
        return self._signing

    def sealing_public(self) -> list[ECKey]:
        """The keys that others seal to, for the trust list."""
        return list(self._seals.values())

    def unsealing(self, kid: str) -> ECKey | None:
        return self._seals.get(kid)

    def make(self, key_ids: Iterable[str]) -> None:
        self._ring.make(list(key_ids))

    def _made(self, key_id: str) -> bytes:
        key = self._ring.get(key_id)
        if key is None:
            self._ring.make([key_id])
            key = self._ring.get(key_id)
        if key is None:
            # Destroyed in the moment since it was made.
            raise Refused("PART_GONE")
        return key

    def encrypt(self, key_id: str, bound: str, plaintext: bytes) -> bytes:
        key = self._made(key_id)
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(key).encrypt(nonce, plaintext, _bind(key_id, bound))

    def decrypt(self, key_id: str, bound: str, content: bytes) -> bytes:
        key = self._ring.get(key_id)
        if key is None:
            raise Refused("PART_GONE")
        try:
            return AESGCM(key).decrypt(content[:NONCE], content[NONCE:], _bind(key_id, bound))
        except InvalidTag:
            raise Refused("PART_GONE") from None

    def mac(self, key_id: str, data: bytes) -> bytes:
        return hmac.digest(self._made(key_id), data, "sha256")

    def destroy(self, key_ids: Iterable[str]) -> None:
        self._ring.destroy(list(key_ids))

    def destroyed(self, key_ids: Iterable[str]) -> set[str]:
        return self._ring.destroyed(list(key_ids))

    def living(self, key_ids: Iterable[str]) -> set[str]:
        return self._ring.living(list(key_ids))

    def remember(self, name: str, version: int, *, ended: bool) -> None:
        self._ring.remember(name, version, ended=ended)

    def remembered(self, name: str) -> tuple[int, bool]:
        return self._ring.remembered(name)

    def rotate(self) -> int:
        """Wrap all keys by a new master key while the node serves. Gives how many."""
        return self._ring.rotate()

    def close(self) -> None:
        """Let go of the keyring."""
        self._ring.close()
        self.commits.close()


def _bind(key_id: str, bound: str) -> bytes:
    return f"{key_id}\x00{bound}".encode()
