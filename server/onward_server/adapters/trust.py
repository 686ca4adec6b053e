"""The trust list in force: the newest that verified by this node's own anchors."""

from __future__ import annotations

import threading
import time

from onward.core import trust
from onward.core.parse import parse
from onward.core.refused import Refused
from onward.core.trust import Trusted
from onward.v1.trust_pb2 import SignedTrustList, TrustAnchors
from onward_server.adapters.sql.store import SqlStore

SECONDS = 1.0
"""How long a list is used before the database is asked again."""


class StoredTrust:
    """Fulfils onward_server.ports.Trust. Another process's new list is seen within a second."""

    def __init__(self, store: SqlStore, anchors: TrustAnchors) -> None:
        self._store = store
        self._anchors = anchors
        self._lock = threading.Lock()
        self._raw: bytes | None = None
        self._current: Trusted | None = None
        self._until = 0.0

    def current(self) -> Trusted:
        with self._lock:
            if self._current is not None and time.monotonic() < self._until:
                return self._current
        raw = self._store.trust_list()
        with self._lock:
            self._until = time.monotonic() + SECONDS
            if raw is None:
                raise Refused("UNAVAILABLE")
            if raw != self._raw or self._current is None:
                found = trust.verify(parse(SignedTrustList, raw), self._anchors)
                # What was read may be older than what another has read and set meanwhile.
                if self._current is None or found.list.seq >= self._current.list.seq:
                    self._current, self._raw = found, raw
            return self._current

    def _verified(self, raw: bytes) -> Trusted:
        """What a list that was kept says."""
        with self._lock:
            if raw == self._raw and self._current is not None:
                return self._current
        return trust.verify(parse(SignedTrustList, raw), self._anchors)

    def signed(self) -> bytes:
        raw = self._store.trust_list()
        if raw is None:
            raise Refused("UNAVAILABLE")
        return raw

    def offer(self, raw: bytes) -> Trusted:
        """Take a list if it verifies and is not older. Raises Refused TRUST_LIST_INVALID."""
        new = parse(SignedTrustList, raw)
        found = trust.verify(new, self._anchors)
        held = self._store.trust_list()
        if held is not None:
            old, before = parse(SignedTrustList, held), self._verified(held)
            if found.list.seq < before.list.seq or (
                found.list.seq == before.list.seq and new.payload != old.payload
            ):
                raise Refused("TRUST_LIST_INVALID")
        self._store.put_trust_list(found.list.seq, raw)
        self._until = 0.0
        return found
