"""Entries: writing one, reading one, and whether it is the next of its log."""

from __future__ import annotations

from collections.abc import Sequence

from joserfc.jwk import ECKey

from onward.core import jose, spec
from onward.core.acts import Act
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.core.states import Side
from onward.v1.entry_pb2 import Entry, Head, Heads

VERSION = "1.0"
"""The version of the specification that this code speaks."""


def sign(entry: Entry, key: ECKey) -> str:
    """The entry as its JWS. Signed once; these bytes are kept."""
    return jose.sign(to_json(entry), jose.ENTRY, key)


def read(token: str, find: jose.KeyFinder) -> Entry:
    """The entry in a JWS, if the signature and the schema hold. Raises Refused."""
    verified = jose.verify(token, jose.ENTRY, find)
    entry = parse(Entry, verified.payload)
    if entry.version != VERSION:
        raise Refused("UNKNOWN_VERSION", "/version")
    check_fields(entry)
    return entry


def peek(token: str) -> Entry:
    """What an entry claims, before its signature is checked. Raises Refused or ValueError."""
    return parse(Entry, jose.peek(token))


def check_fields(entry: Entry) -> None:
    """An act carries its own state fields only. Raises Refused ENTRY_INVALID.

    The entry's schema says the same; this holds where an entry did not come as JSON.
    """
    fields = spec.act_fields(entry.kind)
    present = {field.name for field, _ in entry.ListFields()} & set(spec.state_fields())
    if not present <= set(fields.carried) or not set(fields.required) <= present:
        raise Refused("ENTRY_INVALID")


def act(token: str, side: Side, entry: Entry) -> Act:
    """The entry as the fold reads it."""
    return Act(jose.digest(token), side, entry)


def head(log: Sequence[Act]) -> Head:
    """The last entry of a log."""
    return Head(seq=len(log), hash=log[-1].hash) if log else Head()


def heads(origin: Sequence[Act], destination: Sequence[Act]) -> Heads:
    """Both heads of a referral."""
    return Heads(origin=head(origin), destination=head(destination))


def check_next(new: Act, log: Sequence[Act], other: Sequence[Act]) -> None:
    """Whether the entry is the next of its author's log, by what this node has of the other's.

    Raises Refused: GAP if entries are missing before it (also one that it says it has seen),
    FORK if another entry stands at its place, ENTRY_INVALID if it can never fit.
    """
    entry = new.entry
    known = heads(log, other) if new.side == "origin" else heads(other, log)
    if entry.seq <= len(log):
        raise Refused("FORK", heads=known)
    if entry.seq > len(log) + 1:
        raise Refused("GAP", heads=known)
    if entry.prev != (log[-1].hash if log else ""):
        raise Refused("FORK" if log else "ENTRY_INVALID", heads=known)
    if log and entry.seen.seq < log[-1].seen:
        raise Refused("ENTRY_INVALID", "/seen")
    if entry.seen.seq > len(other):
        raise Refused("GAP", heads=known)
    seen = other[entry.seen.seq - 1].hash if entry.seen.seq else ""
    if entry.seen.hash != seen:
        raise Refused("FORK", "/seen", heads=known)
