"""Moments in messages: conversions only. The core never reads a clock; `now` is always given."""

from __future__ import annotations

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp


def stamp(moment: datetime) -> Timestamp:
    """A moment as a Timestamp, to the second: finer times would tell one act from another.

    Raises ValueError for one without a time zone: nobody could tell which moment is meant.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone, such as datetime.now(UTC)")
    result = Timestamp()
    result.FromDatetime(moment.astimezone(UTC).replace(microsecond=0))
    return result


def moment(value: Timestamp) -> datetime:
    """A Timestamp as an aware datetime in UTC."""
    return value.ToDatetime(tzinfo=UTC)
