"""Referrals at every stage, and the acts that each side could write there.

Whether an act may be written is not decided here: the tests try each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from builders import NOW, World, digest, everything, items, refs, wish, wishes
from onward.core.clock import stamp
from onward.core.fold import fold
from onward.core.states import Side, State
from onward.v1.entry_pb2 import Certificate, Item, Milestone, Question, Withdrawal

Step = Callable[[World], None]


def _offered(world: World) -> None:
    # A small withdrawal from the start, so that a certificate can be given at every stage.
    world.write("origin", "offer", items=wishes("now"), parts=refs("age_band"),
                respond_by=stamp(NOW))  # fmt: skip
    world.write("origin", "withdraw", withdrawal=Withdrawal(categories=["hiv"]))


def step(side: Side, kind: str, **fields: Any) -> Step:
    """One act that both sides then have."""

    def write(world: World) -> None:
        world.write(side, kind, **fields)

    return write


ACKNOWLEDGED = (_offered, step("destination", "acknowledge"))
ACCEPTED = (
    *ACKNOWLEDGED,
    step("destination", "decide", items=items("accepted")),
    step("destination", "follow_up", follow_up="welfare_check", parts=refs("outcomes")),
)
ACTIVE = (*ACCEPTED, step("destination", "progress", items=items("in_delivery")))
CANCELLING = (*ACCEPTED, step("origin", "cancel", cancel_reason="sent_twice"))
COMPLETED = (*ACTIVE, step("destination", "complete", items=items("completed")))

# The first item waits for a day that has come meanwhile; the other is done.
SOON = [wish(1, "later", "2026-11-20"), wish(2, "now")]
PARTLY = (
    step("origin", "offer", items=SOON, parts=refs("age_band")),
    step("origin", "withdraw", withdrawal=Withdrawal(categories=["hiv"])),
    step("destination", "acknowledge"),
    step("destination", "decide", items=items("accepted", "accepted")),
    step("destination", "follow_up", follow_up="welfare_check", parts=refs("outcomes")),
    step("destination", "complete", items=[Item(number=2, state="completed")]),
)

STAGES: dict[str, tuple[Step, ...]] = {
    "offered": (_offered,),
    "acknowledged": ACKNOWLEDGED,
    "question": (
        *ACKNOWLEDGED,
        step("destination", "clarify", question=Question(codes=["area"])),
    ),
    "accepted": ACCEPTED,
    "read": (*ACCEPTED, step("destination", "opened", opened=[digest("age_band")])),
    "cancelling": CANCELLING,
    "cancelling early": (_offered, step("origin", "cancel", cancel_reason="sent_twice")),
    "active": ACTIVE,
    "active question": (
        *ACTIVE,
        step("destination", "clarify", question=Question(codes=["area"])),
    ),
    "paused": (
        *ACCEPTED,
        step("destination", "clarify", question=Question(codes=["area"])),
        step("destination", "pause", pause_reason="travel"),
    ),
    "completed": COMPLETED,
    "completed for now": PARTLY,
    "declined": (*ACKNOWLEDGED, step("destination", "decide", items=items("unavailable"))),
    "deferred": (*ACKNOWLEDGED, step("origin", "choice", items=wishes("later"))),
    "not_wanted": (*ACKNOWLEDGED, step("origin", "choice", items=wishes("never"))),
    "cancelled": (*CANCELLING, step("destination", "confirm_cancel")),
    "expired": (_offered, step("origin", "expire")),
    "withdrawn": (*ACCEPTED, step("origin", "withdraw", withdrawal=everything())),
    "invalidated": (*ACCEPTED, step("origin", "invalidate")),
    "reopened": (
        *COMPLETED,
        step("origin", "reopen", items=wishes("now")),
        step("destination", "acknowledge", round=2),
    ),
}


@cache
def _stage(name: str) -> World:
    world = World()
    for one in STAGES[name]:
        one(world)
        world.meet()
    return world


def stage(name: str) -> World:
    """A referral at this stage, as both sides know it."""
    return _stage(name).fork()


# The acts that a side could write, each under a name that begins with its kind.
ORIGIN = (
    "offer", "amend", "disclose", "answer", "remind", "cancel", "expire", "close", "reopen",
    "recall", "invalidate",
)  # fmt: skip
DESTINATION = (
    "acknowledge", "opened", "clarify", "decide yes", "decide no", "confirm_cancel",
    "progress begins", "progress rests", "progress ends", "pause", "resume", "propose_forward",
    "follow_up", "complete",
)  # fmt: skip
EITHER = (
    "choice now", "choice undecided", "choice later", "choice never", "correct", "withdraw all",
    "withdraw some", "erased", "handover", "milestone", "alert", "complaint",
)  # fmt: skip
BY: dict[Side, tuple[str, ...]] = {
    "origin": (*ORIGIN, *EITHER),
    "destination": (*DESTINATION, *EITHER),
}

FIXED: dict[str, dict[str, Any]] = {
    "offer": {"items": wishes("now")},
    "amend": {"items": [wish(9, "now")], "parts": refs("sex", salt="amended")},
    "disclose": {"parts": refs("name")},
    "cancel": {"cancel_reason": "sent_twice"},
    "reopen": {"items": wishes("now"), "parts": refs("sex", salt="reopened")},
    "opened": {"opened": [digest("age_band")]},
    "clarify": {"question": Question(codes=["when_needed"], items=[1])},
    "decide yes": {"items": items("accepted")},
    "decide no": {"items": items("declined_by_agency", why="no_capacity")},
    "progress begins": {"items": items("in_delivery")},
    "progress rests": {"items": items("paused")},
    "progress ends": {"items": items("dropped_out")},
    "pause": {"pause_reason": "travel"},
    "propose_forward": {"forward_to": "legal.in.example"},
    "follow_up": {"follow_up": "home_visit", "parts": refs("outcomes", salt="more")},
    "complete": {"items": items("completed")},
    "choice now": {"items": wishes("now")},
    "choice undecided": {"items": wishes("undecided")},
    "choice later": {"items": wishes("later")},
    "choice never": {"items": wishes("never")},
    "withdraw all": {"withdrawal": everything()},
    "withdraw some": {"withdrawal": Withdrawal(categories=["age_band", "sex"])},
    "alert": {"alert": "missing"},
    "complaint": {"complaint": "confinement"},
}
OWN = {"origin": "age_band", "destination": "outcomes"}
STEP = {"origin": "family_tracing", "destination": "risk_assessment"}


def content(name: str, side: Side, state: State) -> dict[str, Any]:
    """What the act says at this stage."""
    fields = dict(FIXED.get(name, {}))
    if name == "answer":
        fields["answers"] = state.question
    if name == "correct":
        mended = refs(OWN[side], salt="corrected " + side)
        fields |= {"corrects": [digest(OWN[side])], "parts": mended}
    if name == "erased":
        waiting = state.uncertified(side) or ("none",)
        fields["certificate"] = Certificate(withdrawal=waiting[0])
    if name == "milestone":
        fields |= {
            "milestone": Milestone(code=STEP[side], state="done"),
            "parts": refs("return_case", salt=side),
        }
    return fields | {"round": state.round}


def write(world: World, side: Side, name: str, view: State | None = None) -> None:
    """The side writes the act that has this name, as it stands with what it has seen."""
    fields = content(name, side, view or fold(*world.at(side)))
    world.write(side, name.partition(" ")[0], **fields)
