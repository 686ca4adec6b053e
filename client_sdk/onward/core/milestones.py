"""The steps of a return, and which of them wait for others (domain.md 8b.6).

Nobody travels before the risks are assessed and the person has decided to return. Not to return
is a decision like the other. Having returned is a step, never an outcome.
"""

from __future__ import annotations

from dataclasses import replace

from onward.core.acts import Act
from onward.core.clock import moment
from onward.core.states import MilestoneWord, State

RESTRICTIVE = ("return", "not_yet", "not_return")
"""Of decisions that crossed, the last of these stands."""

JOURNEY = frozenset({"travel_plan", "handover", "arrival"})
"""Steps that must not begin before the person's decision."""

AFTER_ARRIVAL = frozenset({"first_72_hours"})
"""Steps that have no meaning before the person has arrived."""

UNDER_WAY = frozenset({"in_progress", "done"})


def decision(state: State) -> str:
    """What the person has decided; empty if nobody has recorded it."""
    said = [word.decision for word in state.decisions if word.decision in RESTRICTIVE]
    return max(said, key=RESTRICTIVE.index, default="")


def ready(state: State) -> bool:
    """Whether the person may set out. Of words that crossed, one that she is still deciding holds
    her back like a no.
    """
    assessed = state.milestones.get("risk_assessment")
    said = [word.decision for word in state.decisions]
    return assessed is not None and assessed.state == "done" and set(said) == {"return"}


def refusal(state: State, act: Act) -> str:
    """Why this step can't be recorded like this; empty if it can."""
    step = act.entry.milestone
    decides = step.code == "return_decision" and step.state == "done"
    if decides != bool(step.decision):
        return "INVALID_FIELD"
    if step.state not in UNDER_WAY:
        return ""
    if step.code in JOURNEY and not ready(state):
        return "TRAVEL_NOT_READY"
    if step.code == "handover" and step.state == "done" and len(state.handover) < 2:
        return "STATE_CONFLICT"
    arrived = state.milestones.get("arrival")
    if step.code in AFTER_ARRIVAL and (arrived is None or arrived.state != "done"):
        return "STATE_CONFLICT"
    return ""


def effect(state: State, act: Act) -> State:
    """The step stands as this act says; a decision stands beside one that it had not seen."""
    step = act.entry.milestone
    word = MilestoneWord(
        step.state, act.side, act.entry.seq, act.hash, moment(act.entry.time), step.decision
    )
    state = replace(state, milestones={**state.milestones, step.code: word})
    if step.code != "return_decision":
        return state
    unseen = (w for w in state.decisions if w.side != act.side and w.seq > act.seen)
    return replace(state, decisions=(*unseen, word))
