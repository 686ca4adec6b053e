"""A state of each phase, and an act of each kind that its guard accepts there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from builders import AGENCIES, DAY, NOW, digest, everything, items, wishes
from onward.core.acts import Act
from onward.core.clock import stamp
from onward.core.states import ItemStatus, PartStatus, Side, State, Withdrawn, other
from onward.v1.entry_pb2 import Certificate, Entry, Item, Milestone, Question

GONE = digest("a withdrawal")
ASKED = digest("a question")
PART = {"o": digest("origin's part"), "d": digest("destination's part")}
SOON = int((NOW + DAY).timestamp())
RESTS = ("completed", "declined", "deferred", "not_wanted", "cancelled", "expired", "withdrawn")
STANDS = ("", "offered", "acknowledged", "accepted", "active", *RESTS, "invalidated")


def state(stands: str, **more: Any) -> State:
    """A state of this phase, or at rest for this reason, in which the content below is right."""
    items = {1: ItemStatus("now", "accepted"), 2: ItemStatus("now", "unavailable")}
    made = State(
        phase="resting" if stands in RESTS else stands,
        rest=stands if stands in RESTS else "",
        items=items if stands else {},
        parts={
            PART["o"]: PartStatus("name", "origin", "x"),
            PART["d"]: PartStatus("outcomes", "destination", "y"),
        },
        withdrawals=(Withdrawn(GONE, "origin", 2, False, frozenset({"hiv"})),),
    )
    return replace(made, **more)


def act(kind: str, side: Side, **fields: Any) -> Act:
    """An act with content that its guard accepts, or with other content."""
    content = {"time": stamp(NOW)} | (fields or CONTENT.get(kind, {}))
    if kind in ("opened", "correct") and not fields:
        whose = side if kind == "correct" else other(side)
        content["opened" if kind == "opened" else "corrects"] = [PART[whose[0]]]
    agencies = {"author": AGENCIES[side], "recipient": AGENCIES[other(side)]}
    return Act(digest(kind), side, Entry(kind=kind, round=1, seq=1, **(agencies | content)))


CONTENT: dict[str, dict[str, Any]] = {
    "offer": {"items": wishes("now")},
    "amend": {"items": [Item(number=3, wish="later")]},
    "answer": {"answers": ASKED},
    "reopen": {"items": wishes("now")},
    "clarify": {"question": Question(codes=["when_needed"], items=[1])},
    "decide": {"items": items("accepted")},
    "progress": {"items": items("in_delivery")},
    "complete": {"items": items("completed")},
    "pause": {"pause_reason": "travel"},
    "propose_forward": {"forward_to": "legal.in.example", "items": [Item(number=1)]},
    "choice": {"items": wishes("later")},
    "withdraw": {"withdrawal": everything()},
    "erased": {"certificate": Certificate(withdrawal=GONE)},
    "milestone": {"milestone": Milestone(code="family_tracing", state="done")},
    "alert": {"alert": "missing"},
    "complaint": {"complaint": "confinement"},
}

# What an act needs besides its phase.
NEEDS: dict[str, dict[str, Any]] = {
    "answer": {"question": ASKED},
    "expire": {"respond_by": SOON - 86400},
    "confirm_cancel": {"cancel_pending": True},
    "resume": {"pause_reason": "travel"},
}
