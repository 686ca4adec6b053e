"""The key provider: what the node needs of whatever keeps its keys.

The file provider is adapters/keys.py. Another one (a hardware module, a cloud's key service) has to
hold to the same: keys apart from the database and its backups, on disk before a call returns,
destroyed for good, and no name twice. It is used by several threads, and by several processes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from joserfc.jwk import ECKey


class Keys(Protocol):
    """The agency's keys, and one key for each case and category.

    A key's id has levels with a slash between them, such as `referral/category/0/0`. What is
    destroyed leaves a tombstone: its id, and all ids below it, can never be used again, whatever
    becomes of the database (docs/spec.md, STOR-003).
    """

    def signing(self) -> ECKey:
        """The key that signs entries, envelopes and receipts."""
        ...

    def unsealing(self, kid: str) -> ECKey | None:
        """A private key that others have sealed to."""
        ...

    def make(self, key_ids: Iterable[str]) -> None:
        """Make those of these keys that are missing, all of them on disk in one go.

        Raises Refused PART_GONE, and then none was made, if one of them was destroyed.
        """
        ...

    def encrypt(self, key_id: str, bound: str, plaintext: bytes) -> bytes:
        """Encrypt under a key that is made at its first use. `bound` is authenticated too, and so
        is the id: it says which row, and which version of it. Raises Refused PART_GONE.
        """
        ...

    def decrypt(self, key_id: str, bound: str, content: bytes) -> bytes:
        """Decrypt. Raises Refused PART_GONE if the key was destroyed, or `bound` is another."""
        ...

    def mac(self, key_id: str, data: bytes) -> bytes:
        """A digest of data that nobody can guess the data by without the key: for look-ups, and
        to know a request again. Raises Refused PART_GONE.
        """
        ...

    def destroy(self, key_ids: Iterable[str]) -> None:
        """Destroy keys, and all below them, for good. Destroying one twice does nothing."""
        ...

    def destroyed(self, key_ids: Iterable[str]) -> set[str]:
        """Those of the ids that were destroyed, or stand below one that was."""
        ...

    def living(self, key_ids: Iterable[str]) -> set[str]:
        """Those of the ids that have a key."""
        ...

    def remember(self, name: str, version: int, *, ended: bool) -> None:
        """Keep, where no backup of the database reaches, which version of something is the newest
        and whether it has ended. An earlier version changes nothing.
        """
        ...

    def remembered(self, name: str) -> tuple[int, bool]:
        """The newest version that was remembered, and whether it has ended; 0 if none was."""
        ...
