"""What two different persons have to approve: it waits, holds for a time, and is reviewed by
somebody else.

The rules of a basis other than consent and of an emergency opening (docs/spec.md, sections Other
bases and Break-glass). Two persons are two logins: the letters' case makes no second one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from onward.core.clock import moment, stamp
from onward.core.refused import Refused
from onward.v1.bases_pb2 import Approval, OtherBasis
from onward.v1.holds_pb2 import EmergencyOpening

Asked = OtherBasis | EmergencyOpening
"""What is asked for."""

APPROVERS = 2
"""How many persons have to approve."""

WAITS = timedelta(hours=24)
"""So long does it wait for them. Then it is over: who still needs it asks anew."""

OPEN = timedelta(minutes=15)
"""So long can be read after an emergency opening is approved."""

REVIEW_WITHIN = timedelta(days=7)
"""So long after its end a review may take before it counts as overdue."""


def asked(one: Asked) -> Approval:
    """Who asked for it, and when."""
    return one.proposed if isinstance(one, OtherBasis) else one.asked


def ends(one: Asked) -> datetime:
    """When an approved one is over; of one that waits, when it stops waiting."""
    if persons(one.approvals) < APPROVERS:
        return moment(asked(one).time) + WAITS
    return moment(one.valid_until if isinstance(one, OtherBasis) else one.open_until)


def persons(words: Iterable[Approval]) -> int:
    """How many different persons have said it."""
    return len({_login(one.actor) for one in words})


def state(one: Asked, now: datetime) -> str:
    """Where it stands, as a code of approval_state."""
    if one.state == "refused":
        return "refused"
    if now >= ends(one):
        return "over"
    return "approved" if persons(one.approvals) >= APPROVERS else "proposed"


def approve(one: Asked, actor: str, now: datetime, *, refuse: bool = False) -> None:
    """One person's word. The second person's puts it in force; a refusal ends it for good, also
    when it is in force already.

    Raises Refused APPROVAL_OVER, APPROVAL_NEEDED (the same person again) or ALREADY_DONE (two
    persons have approved it).
    """
    stands = state(one, now)
    if stands in ("refused", "over"):
        raise Refused("APPROVAL_OVER")
    if refuse:
        if stands == "approved":
            _end(one, now)  # From now on its review is due: something may have moved by it.
        one.state = "refused"
        return
    if stands != "proposed":
        raise Refused("ALREADY_DONE")
    if said(one.approvals, actor):
        raise Refused("APPROVAL_NEEDED")
    one.approvals.add(actor=actor).time.CopyFrom(stamp(now))
    if persons(one.approvals) < APPROVERS:
        return
    one.state = "approved"
    if isinstance(one, OtherBasis):
        one.valid_from.CopyFrom(stamp(now))
        _end(one, now + timedelta(hours=one.hours))
    else:
        _end(one, now + OPEN)


def _end(one: Asked, at: datetime) -> None:
    over = one.valid_until if isinstance(one, OtherBasis) else one.open_until
    over.CopyFrom(stamp(at))


def check(one: Asked, now: datetime) -> None:
    """Whether it is in force now. Raises Refused APPROVAL_NEEDED or APPROVAL_OVER."""
    stands = state(one, now)
    if stands != "approved":
        raise Refused("APPROVAL_NEEDED" if stands == "proposed" else "APPROVAL_OVER")


def named(one: Asked, actor: str) -> bool:
    """Whether this person asked for it or approved it."""
    return said([asked(one), *one.approvals], actor)


def said(words: Iterable[Approval], actor: str) -> bool:
    """Whether one of these is this person's word."""
    return any(_login(one.actor) == _login(actor) for one in words)


def review(one: Asked, actor: str, finding: str, now: datetime) -> None:
    """What somebody else has found, once it is over.

    Raises Refused APPROVAL_OVER (nobody approved it in time), REVIEW_TOO_EARLY (it goes on),
    ALREADY_DONE, or APPROVAL_NEEDED (it waits still, or the person asked for it or approved it).
    """
    stands = state(one, now)
    if persons(one.approvals) < APPROVERS:
        raise Refused("APPROVAL_NEEDED" if stands == "proposed" else "APPROVAL_OVER")
    if stands == "approved":
        raise Refused("REVIEW_TOO_EARLY")
    if one.HasField("reviewed"):
        raise Refused("ALREADY_DONE")
    if named(one, actor):
        raise Refused("APPROVAL_NEEDED")
    one.finding = finding
    one.reviewed.actor = actor
    one.reviewed.time.CopyFrom(stamp(now))


def review_overdue(one_ends: datetime, now: datetime) -> int:
    """For how many days a review is overdue."""
    return max(0, (now - one_ends - REVIEW_WITHIN).days)


def _login(actor: str) -> str:
    return actor.casefold()
