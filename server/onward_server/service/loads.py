"""What one envelope carries: entries in order with their parts, as many as fit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from onward.core import envelopes
from onward.core.parse import to_json
from onward.v1.envelope_pb2 import Bundle, Part
from onward_server.ports import EntryRow
from onward_server.service.ledger import Ledger

MAX_ENTRIES = 64
MAX_PARTS = 128
MAX_CONTENT = envelopes.BUCKETS[-1] - 8 * 1024
"""Largest content of one envelope, in bytes, with room for the names around it."""


@dataclass
class Load:
    """What one envelope is to carry."""

    bundle: Bundle
    upto: int = 0
    parts: set[str] = field(default_factory=set)
    size: int = 0

    def takes(self, size: int) -> bool:
        """Make room for so many bytes, if there is room."""
        if self.size + size > MAX_CONTENT:
            return False
        self.size += size
        return True


def filled(book: Ledger, waiting: list[EntryRow], parts: list[tuple[str, Part]]) -> Load:
    """Entries in order, each with its parts, as many as one envelope holds.

    What is urgent carries every entry before it without their parts, so that it always fits; the
    parts that it left alone follow it.
    """
    load = Load(Bundle(referral_id=book.row.referral_id))
    by_entry: dict[str, list[tuple[str, Part]]] = defaultdict(list)
    bound = {ref.digest: one.hash for one in waiting for ref in one.entry.parts}
    for digest, part in parts:
        by_entry[bound.get(digest, "")].append((digest, part))
    if not add(load, by_entry[""]):
        return load
    for one in waiting[:MAX_ENTRIES]:
        if not load.takes(entry_size(one)):
            break
        load.bundle.entries.append(one.jws)
        load.upto = one.seq
        # An entry whose parts are too many goes with those that fit; the others follow alone.
        if not add(load, by_entry[one.hash]):
            break
    return load


def add(load: Load, parts: list[tuple[str, Part]]) -> bool:
    """Add parts as long as they fit. False if not all of them did."""
    for digest, part in parts:
        if len(load.bundle.parts) == MAX_PARTS or not load.takes(part_size(part)):
            return False
        load.bundle.parts.append(part)
        load.parts.add(digest)
    return True


def carries(token: str) -> bool:
    """Whether an entry fits an envelope at all."""
    return len(token) + 8 <= MAX_CONTENT


def entry_size(row: EntryRow) -> int:
    """In bytes, within an envelope."""
    return len(row.jws) + 8


def fits(part: Part) -> bool:
    """Whether the part can travel at all: it must fit an envelope by itself."""
    return part_size(part) <= MAX_CONTENT


def part_size(part: Part) -> int:
    """As JSON within JSON."""
    return len(to_json(part)) + 8
