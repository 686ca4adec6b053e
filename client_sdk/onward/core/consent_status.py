"""Where a consent stands, and what may come after: the statuses of one record over its versions.

The registry consent_status says which status may follow which (docs/spec.md, section Consent;
domain.md 8b.2). A no is never held back; after one, nobody asks but the person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from onward.core import childhood, consent as consents, spec
from onward.core.clock import moment
from onward.core.facts import Code
from onward.v1.consent_pb2 import ConsentRecord

FIRST = "first"
"""Stands in `follows` for a record that has no version before."""

ANY = "any"
"""Stands in `follows` of a no: it may come after everything, and without anything."""

BY_HERSELF = "person"
"""The code of consent_asked_by for a person who came by herself."""


def _code(status: str) -> Code | None:
    return spec.registries()["consent_status"].codes.get(status)


def says_no(status: str) -> bool:
    """Whether a status is the person's no, which no rule may hold back."""
    code = _code(status)
    return code is not None and ANY in code.follows


def standing(record: ConsentRecord, now: datetime) -> str:
    """Where a version stands at a moment: its status, or what time has made of it.

    A yes ends by itself: expired at its end, suspended on the day on which a child comes of age.
    """
    if record.status not in consents.VALID:
        return record.status
    if now >= moment(record.valid_until):
        return "expired"
    return "suspended" if childhood.came_of_age(record, now) else record.status


def refusal(before: ConsentRecord | None, new: ConsentRecord, now: datetime) -> tuple[str, str]:
    """Why this version can't be the next one: a reason and the field; empty if it can."""
    code = _code(new.status)
    if code is None:
        return "UNKNOWN_CODE", "status"
    stands = standing(before, now) if before is not None else FIRST
    if ANY in code.follows or stands in code.follows:
        return "", ""
    if stands not in code.follows_her_wish:
        return "CONSENT_TRANSITION", "status"
    if new.asked_by == BY_HERSELF or (before is not None and _asks_something_else(before, new)):
        return "", ""
    return "CONSENT_TRANSITION", "askedBy"


def _asks_something_else(before: ConsentRecord, new: ConsentRecord) -> bool:
    """What she refused is not asked again; for something else she may be asked."""
    return before.status == "refused" and not set(new.purposes) <= set(before.purposes)


def asks_past_a_no(others: Iterable[ConsentRecord], new: ConsentRecord) -> bool:
    """Whether a record of its own would ask for what the person has said no to in another.

    `others` are the newest versions of her other records at this agency. The latest word that
    speaks of the same purposes counts.
    """
    same = [one for one in others if set(one.purposes) & set(new.purposes)]
    latest = max(same, key=lambda one: moment(one.recorded_at), default=None)
    requested = _code("requested")
    if latest is None or requested is None or says_no(new.status):
        return False
    return latest.status in requested.follows_her_wish and new.asked_by != BY_HERSELF
