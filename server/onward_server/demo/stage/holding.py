"""Who holds what a person has taken back, and how far each has come, as one agency is shown it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from onward.core import entries
from onward.core.clock import moment
from onward.v1.referral_pb2 import Holder
from onward_server.demo.desks import wait
from onward_server.demo.stage.desk import Case, Desk
from onward_server.demo.stage.telling import Held

Seen = dict[str, datetime]
"""By agency, when its node was first seen to read nothing of it any more."""


def sealed(desk: Desk, case: Case, seen: Seen) -> None:
    """Wait until an agency can read nothing of a referral, and note when that was."""

    def closed() -> bool | None:
        return not any(part.readable for part in desk.sees(case).parts) or None

    wait(closed, f"{desk.post.agency} to seal what it holds")
    seen[desk.post.agency] = desk.stage.now


def certified(desk: Desk, case: Case, *others: Desk) -> None:
    """Wait until a node has these holders' certificates."""
    named = {one.post.agency for one in others}

    def told() -> bool | None:
        return named <= {one.agency for one in desk.sees(case).holders if one.certified} or None

    wait(told, f"the certificates of {', '.join(sorted(named))} at {desk.post.agency}")


def told(case: Case, keys: Mapping[str, str], seen: Seen) -> tuple[Held, ...]:
    """All holders that the origin knows of, after one withdrawal. `keys` names agencies' posts."""
    signed = _signed(case)
    return tuple(_held(one, keys, seen, signed) for one in case.origin.sees(case).holders)


def _held(one: Holder, keys: Mapping[str, str], seen: Seen, signed: Seen) -> Held:
    if not one.certified:
        return Held(keys[one.agency])
    destroyed = moment(one.destroyed_at)
    return Held(
        # What is destroyed was sealed by then, whenever somebody looked.
        keys[one.agency], min(seen[one.agency], destroyed), destroyed, signed[one.agency],
        moment(one.copies_until),
    )  # fmt: skip


def _signed(case: Case) -> Seen:
    """When each holder first certified. A later one of a side tells of others' certificates."""
    found: Seen = {}
    for stored in case.origin.client.list_entries(case.referral_id):
        if stored.entry.kind != "erased":
            continue
        found.setdefault(stored.entry.author, moment(stored.entry.time))
        for token in stored.entry.certificate.further:
            entry = entries.peek(token)
            found.setdefault(entry.author, moment(entry.time))
    return found
