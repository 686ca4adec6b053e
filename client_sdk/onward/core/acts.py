"""An entry as the fold reads it."""

from __future__ import annotations

from dataclasses import dataclass, field

from onward.core.states import Side
from onward.v1.entry_pb2 import Entry


@dataclass(frozen=True)
class Act:
    """One entry with its hash and the side that wrote it."""

    hash: str
    side: Side
    entry: Entry = field(compare=False)

    @property
    def kind(self) -> str:
        """Which act this is."""
        return self.entry.kind

    @property
    def seen(self) -> int:
        """How many entries of the other log its author had."""
        return self.entry.seen.seq
