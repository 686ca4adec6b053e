"""How a story's referral should end, held against what both nodes say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from onward.v1.referral_pb2 import Referral

LOCAL = ("needs_human", "journal", "undelivered", "links", "restored")
"""Fields of a view that are only its own node's."""


@dataclass(frozen=True)
class End:
    """What both nodes must say. Whatever is not named must not be there.

    `items` are wish and state by number. `reads_there` are the categories of the origin's that the
    destination can read, `reads_here` those that came back to the origin. `waits_here` and
    `waits_there` are codes of what waits for a person.
    """

    phase: str
    rest: str = ""
    items: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    milestones: Mapping[str, str] = field(default_factory=dict)
    reads_there: Collection[str] = ()
    reads_here: Collection[str] = ()
    waits_here: Collection[str] = ()
    waits_there: Collection[str] = ()
    round: int = 1
    closed: bool = False
    handed_over: bool = False
    follow_ups: int = 0
    certified: bool = False
    alerts: Collection[str] = ()


def faults(end: End, here: Referral, there: Referral) -> list[str]:
    """What is not as it should be: `here` is the origin's view, `there` the destination's."""
    found = []
    if folded(here) != folded(there):
        found.append("the two nodes do not tell the same")
    for name, view in (("the origin", here), ("the destination", there)):
        for what, should, stands in _pairs(end, view):
            if should != stands:
                found.append(f"{name} says {what} {stands!r}, and it should be {should!r}")
    for name, view, wanted in (
        ("the origin", here, end.reads_here),
        ("the destination", there, end.reads_there),
    ):
        reads = readable(view, here.destination if view is here else here.origin)
        if reads != set(wanted):
            found.append(f"{name} reads {sorted(reads)}, and it should be {sorted(wanted)}")
    for name, view, codes in (
        ("the origin", here, end.waits_here),
        ("the destination", there, end.waits_there),
    ):
        waits = {one.code for one in view.needs_human}
        if waits != set(codes):
            found.append(f"at {name} waits {sorted(waits)}, and it should be {sorted(codes)}")
    return found


def _pairs(end: End, view: Referral) -> list[tuple[str, object, object]]:
    both = [view.origin, view.destination]
    return [
        ("phase", end.phase, view.phase),
        ("rest reason", end.rest, view.rest_reason),
        ("round", end.round, view.round),
        ("closed", end.closed, view.closed),
        ("items", dict(end.items), {i.number: (i.wish, i.state) for i in view.items}),
        ("milestones", dict(end.milestones), milestones(view)),
        ("handover", [end.handed_over] * 2, [view.handover_origin, view.handover_destination]),
        ("follow-ups", end.follow_ups, view.follow_ups),
        ("alerts", sorted(end.alerts), sorted(r.alert or r.complaint for r in view.raised)),
        ("certificates", both if end.certified else [], list(view.certified)),
        ("undelivered", 0, view.undelivered),
    ]


def milestones(view: Referral) -> dict[str, str]:
    """Each step of a return and how far it has come; her decision as what it is."""
    steps = [one.milestone for one in view.milestones]
    return {step.code: step.decision or step.state for step in steps}


def readable(view: Referral, author: str) -> set[str]:
    """The categories by this author whose content this node can read."""
    return {p.category for p in view.parts if p.readable and p.author == author} - {"grant"}


def folded(referral: Referral) -> Referral:
    """A view without what is only its own node's: equal at both."""
    bare = Referral()
    bare.CopyFrom(referral)
    for name in LOCAL:
        bare.ClearField(name)
    for part in bare.parts:
        part.readable = False
    return bare
