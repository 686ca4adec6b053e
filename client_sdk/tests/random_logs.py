"""Two sides that act at random, often as they may and sometimes as they may not.

Which acts fit is asked of the table, so that the logs get somewhere. Nothing is expected by it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from builders import NOW, World, offered, refs, wish
from onward.core import spec
from onward.core.clock import stamp
from onward.core.fold import fold
from onward.core.guards import DECISIONS, DELIVERIES, STEPS
from onward.core.states import SIDES, Side, State, other
from onward.core.transitions import TABLE
from onward.v1.entry_pb2 import Certificate, Item, Milestone, Question, Withdrawal
from stages import STAGES, stage

KINDS = sorted(TABLE)
CATEGORIES = ["name", "hiv", "age_band", "grant"]
MOVES = {kind for kind, row in TABLE.items() if row.sort == "move"}
WISHES = ["now", "now", "later", "undecided", "never"]
DAYS = ["", "2026-11-20", "2026-11", "2027-03-01"]
CODES = ["risk_assessment", "return_decision", "travel_plan", "handover", "arrival"]


def fitting(state: State, side: Side) -> list[str]:
    """Acts that this side may write in this phase."""
    author = {"AUTHOR_EITHER", f"AUTHOR_{side.upper()}"}
    return [k for k in KINDS if state.phase in TABLE[k].phases and spec.acts()[k].author in author]


def _items(draw: Any, kind: str, state: State) -> list[Item]:
    number = draw(st.integers(1, 3))
    known = state.items.get(number)
    if kind in ("offer", "amend", "reopen", "choice"):
        if kind == "amend":
            number = len(state.items) + draw(st.integers(0, 1))
        wanted = draw(st.sampled_from(WISHES))
        one = wish(number, wanted, draw(st.sampled_from(DAYS)) if wanted == "later" else "")
        one.together_with = draw(st.sampled_from([0, 0, 1])) if kind != "choice" else 0
        return [one]
    if kind == "decide":
        state_ = draw(st.sampled_from(["accepted", "accepted", *sorted(DECISIONS)]))
        why = "no_capacity" if state_ == "declined_by_agency" else ""
        numbers = sorted(state.items) if draw(st.booleans()) else [number]
        return [Item(number=n, state=state_, reason=why) for n in numbers]
    if kind == "complete" and draw(st.booleans()):
        return [Item(number=n, state="completed") for n, i in state.items.items()
                if i.delivery in STEPS]  # fmt: skip
    steps = STEPS.get(known.delivery, DELIVERIES) if known else DELIVERIES
    return [Item(number=number, state=draw(st.sampled_from(sorted(steps))))]


def random_fields(draw: Any, world: World, side: Side, kind: str, state: State) -> dict[str, Any]:
    """Content of an act as it may well come, and as it may not."""
    fields: dict[str, Any] = {}
    if kind in ("offer", "amend", "reopen", "choice", "decide", "progress", "complete"):
        fields["items"] = _items(draw, kind, state)
    if kind in ("offer", "amend", "reopen", "remind"):
        fields["respond_by"] = stamp(NOW + timedelta(minutes=draw(st.sampled_from([0, 900]))))
    if kind == "withdraw":
        some = draw(st.lists(st.sampled_from(CATEGORIES), max_size=2, unique=True))
        fields["withdrawal"] = Withdrawal(everything=not draw(st.integers(0, 3)), categories=some)
    parts = {whose: [ref.digest for act in world.logs[whose] for ref in act.entry.parts]
             for whose in SIDES}  # fmt: skip
    if kind == "opened":
        fields["opened"] = parts[other(side)][:2]
    if kind == "correct":
        fields["corrects"] = parts[side][: draw(st.integers(0, 1))]
        if side == "destination" and draw(st.booleans()):
            fields["items"] = _items(draw, "progress", state)
    if kind == "erased":
        waiting = (*state.uncertified(side), "x")
        fields["certificate"] = Certificate(withdrawal=waiting[0])
    if kind == "handover":
        fields["confirms"] = state.handover.get(other(side), draw(st.sampled_from(["", "x"])))
    if kind == "answer":
        fields["answers"] = draw(st.sampled_from([state.question, state.question, "x"]))
    if kind == "clarify":
        fields["question"] = Question(codes=["area"], items=[draw(st.sampled_from([1, 1, 9]))])
    if kind == "milestone":
        code = draw(st.sampled_from(CODES))
        done = draw(st.sampled_from(["done", "done", "in_progress", "blocked"]))
        choice = draw(st.sampled_from(["return", "return", "not_return", "not_yet"]))
        decides = code == "return_decision" and done == "done"
        fields["milestone"] = Milestone(code=code, state=done, decision=choice if decides else "")
    if kind == "propose_forward":
        fields["forward_to"] = draw(st.sampled_from(["legal.in.example", "msw.gov.bd.example"]))
    fields.update(CODED.get(kind, {}))
    if draw(st.booleans()):
        number = f"{side}{len(world.logs[side])}"
        fields["parts"] = refs(draw(st.sampled_from(CATEGORIES)), salt=number)
    return fields


CODED: dict[str, dict[str, str]] = {
    "alert": {"alert": "missing"},
    "complaint": {"complaint": "confinement"},
    "pause": {"pause_reason": "travel"},
    "cancel": {"cancel_reason": "other"},
    "follow_up": {"follow_up": "home_visit"},
}


@st.composite
def worlds(draw: st.DrawFn, longest: int = 14) -> World:
    """Two sides that act at random and hear of each other late."""
    start = draw(st.sampled_from(["", "new", "new", *STAGES]))
    world = offered("now", "later") if start == "new" else stage(start) if start else World()
    for _ in range(draw(st.integers(1, longest))):
        side: Side = draw(st.sampled_from(SIDES))
        if draw(st.booleans()):
            world.deliver(side, draw(st.integers(1, 3)))
        state = fold(*world.at(side))
        fits = fitting(state, side) or KINDS
        kind = draw(st.sampled_from(fits if draw(st.integers(0, 5)) else KINDS))
        fields = random_fields(draw, world, side, kind, state)
        world.write(side, kind, round=state.round, **fields)
    return world
