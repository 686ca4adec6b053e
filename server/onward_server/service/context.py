"""What every use case of the node shares: who the agency is, and its ports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from onward.core import jose
from onward.core.consent import Recipient
from onward.core.refused import Refused
from onward.v1.trust_pb2 import Agency
from onward_server.ports import Clock, Keys, Random, Store, Trust

EVERYTHING = 10_000
"""So many rows are looked at in one list, and in one sweep."""


@dataclass(frozen=True)
class Context:
    """One agency's end of the protocol."""

    agency: str
    environment: str
    store: Store
    keys: Keys
    clock: Clock
    trust: Trust
    random: Random
    login_keys: Mapping[str, str] = field(default_factory=dict)
    destroy_after: timedelta = timedelta(hours=24)
    backups_kept: timedelta = timedelta(days=7)
    mailbox: bool = False
    """Whether this node holds mail for members whose entries name its agency."""
    quiet: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """Referrals in which nothing waits for a person (service/quiet.py)."""

    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    def new_id(self) -> str:
        """An opaque id of 128 random bits."""
        return jose.opaque(self.random.token)

    def salt(self) -> bytes:
        """32 random bytes for a part."""
        return self.random.token(32)

    def member(self, agency: str) -> Agency:
        """The agency's entry in the trust list. Raises Refused AGENCY_UNKNOWN."""
        found = self.trust.current().agency(agency)
        if found is None or found.status == "removed":
            raise Refused("AGENCY_UNKNOWN")
        return found

    def barred(self, agency: str) -> str:
        """Why only withdrawals and certificates pass to and from an agency; empty if all may."""
        found = self.trust.current().agency(agency)
        if found is None or found.status == "removed":
            return "AGENCY_UNKNOWN"
        return "" if found.status == "active" else "PEER_SUSPENDED"

    def recipient(self, agency: str) -> Recipient:
        """The agency as a consent speaks of it."""
        found = self.member(agency)
        return Recipient(agency, found.country, frozenset(found.purposes))
