"""The two agencies' desks: small words for what a caseworker does, over the SDK."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from onward.client import Client
from onward.errors import OnwardError
from onward.v1.referral_pb2 import Referral

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds after which the demo gives up waiting for the other side."""


class Stuck(Exception):
    """Something that must happen did not."""


@dataclass
class Desks:
    """A caseworker's client at each agency."""

    origin: Client
    destination: Client

    def settled(self, referral_id: str) -> Referral:
        """Wait until both agencies hold the same two logs. Gives the origin's view."""

        def same() -> Referral | None:
            here = self.origin.get_referral(referral_id)
            if here.undelivered:
                return None  # The other one need not be asked yet.
            there = _read(self.destination, referral_id)
            return here if there is not None and here.heads == there.heads else None

        return wait(same, "both agencies to hold the same logs")

    def disconnect(self) -> None:
        """End the connections."""
        self.origin.disconnect()
        self.destination.disconnect()


def _read(client: Client, referral_id: str) -> Referral | None:
    try:
        return client.get_referral(referral_id)
    except OnwardError as fault:
        if fault.reason == "NOT_FOUND":
            return None
        raise


def wait(probe: Callable[[], T | None], what: str) -> T:
    """The first answer that is not None. Raises Stuck when patience ends."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = probe()
        if found is not None:
            return found
        time.sleep(0.05)  # Who asks more often keeps the nodes from what they are asked for.
    raise Stuck(f"waited {PATIENCE:.0f} s for {what}")
