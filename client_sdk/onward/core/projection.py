"""Projection: from a case record to the parts that may go, and no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from google.protobuf.message import Message

from onward.core import messages, parts
from onward.v1.consent_pb2 import Decision
from onward.v1.envelope_pb2 import Part


def categories(record: Message) -> list[str]:
    """The categories that a record holds."""
    return [category for category, _ in messages.split(record)]


def project(
    record: Message, decisions: Mapping[str, Decision], salt: Callable[[], bytes]
) -> list[Part]:
    """The permitted categories of a record as parts. `salt` gives 32 fresh random bytes."""
    return [
        parts.make(message, salt())
        for category, message in messages.split(record)
        if category in decisions and decisions[category].permitted
    ]
