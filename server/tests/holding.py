"""Holds as tests place them, and which content a desk's keys still open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from desk import Desk
from nodes import reason
from onward.v1.holds_pb2 import Hold

EVIDENCE = "e" * 43
LONG = timedelta(days=90)


def place(
    desk: Desk, referral_id: str, *categories: str, role: str = "supervisor", **changes: Any
) -> Hold:
    given: dict[str, Any] = {
        "authority": "court", "country": desk.country, "evidence": EVIDENCE,
        "until": desk.clock.now() + LONG, "categories": categories,
    } | changes  # fmt: skip
    return desk.as_role(role, "boss").place_hold(referral_id, **given)


def keys_of(desk: Desk, referral_id: str, category: str) -> list[tuple[str, str, bytes]]:
    """What opens each part of a category, and the ciphertext, as they are now."""
    rows = desk.store.read(lambda tx: tx.parts(referral_id))
    return [
        (row.key_id, f"{desk.agency}/part/{row.digest}", row.content)
        for row in rows
        if row.category == category and row.content is not None
    ]


def opens(desk: Desk, known: list[tuple[str, str, bytes]]) -> bool:
    return bool(known) and all(not reason(desk.keys.decrypt, *one) for one in known)
