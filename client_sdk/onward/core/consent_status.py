"""Where a consent stands, and what may come after: the statuses of one record over its versions.

The registry consent_status says which status may follow which (docs/spec.md, section Consent;
domain.md 8b.2). A no is never held back; after one, nobody asks but the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    """What she refused is not asked again, nor with more beside it; for something else alone she
    may be asked.
    """
    return before.status == "refused" and not set(new.purposes) & set(before.purposes)


def keep_the_no(before: ConsentRecord, new: ConsentRecord) -> None:
    """Only a yes lifts what she has said no to: any other version keeps what the one before it
    denied, and a no keeps the purposes that it speaks of.
    """
    if new.status in consents.VALID:
        return
    new.deny.extend(one for one in before.deny if one not in new.deny)
    if says_no(new.status):
        new.purposes.extend(one for one in before.purposes if one not in new.purposes)


def since_the_last_yes(versions: Sequence[ConsentRecord]) -> ConsentRecord:
    """The newest of a record's versions with her last no, and all that was denied, since she last
    said yes. The versions are at least one, oldest first.
    """
    numbers = [number for number, one in enumerate(versions) if one.status in consents.VALID]
    last = versions[numbers[-1] :] if numbers else versions
    found = ConsentRecord()
    found.CopyFrom(versions[-1])
    found.deny[:] = dict.fromkeys(category for one in last for category in one.deny)
    found.status = next((o.status for o in reversed(last) if says_no(o.status)), found.status)
    return found


def asks_past_a_no(
    said: Iterable[ConsentRecord], new: ConsentRecord, purposes: Iterable[str] | None = None
) -> bool:
    """Whether a version would ask for what the person has said no to before.

    `said` are the newest versions of her other records at this agency, and all earlier ones of
    this record; `purposes` those that this version is the first to name, if not all of its own. Of
    each purpose the latest word that speaks of it counts: a yes to another hides no no.
    """
    requested = _code("requested")
    if requested is None or says_no(new.status) or new.asked_by == BY_HERSELF:
        return False
    known = list(said)
    for purpose in set(new.purposes if purposes is None else purposes):
        same = [one for one in known if purpose in one.purposes]
        latest = max(same, key=lambda one: moment(one.recorded_at), default=None)
        if latest is not None and latest.status in requested.follows_her_wish:
            return True
    return False
