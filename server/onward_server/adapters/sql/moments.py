"""Moments as every database keeps them alike."""

from __future__ import annotations

from datetime import UTC, datetime


def naive(moment: datetime) -> datetime:
    """UTC without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def aware(moment: datetime) -> datetime:
    """A moment of the database as an aware one."""
    return moment.replace(tzinfo=UTC)
