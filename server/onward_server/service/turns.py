"""Whose turn it is where not everything that waits can be done: one that fails holds back no other.

What can't be done now stays due, and may stay so for as long as a partner is silent or hostile.
It is tried again after whatever has failed less often.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

Due = TypeVar("Due", bound=Hashable)


class Turns:
    """How often each has failed since this node began. A restart only begins the count anew."""

    def __init__(self) -> None:
        self._failed: dict[Hashable, int] = {}

    def order(self, due: Iterable[Due]) -> list[Due]:
        """All of them, what has failed least first, and else as they came."""
        return sorted(due, key=lambda one: self._failed.get(one, 0))

    def failed_before(self, one: Hashable) -> bool:
        """Whether it has failed since this node began."""
        return one in self._failed

    def tried(self, one: Hashable, *, done: bool) -> None:
        """It had its turn."""
        if done:
            self._failed.pop(one, None)
        else:
            self._failed[one] = self._failed.get(one, 0) + 1
