"""Which act may be written when, and what it does: the table of the protocol.

One row for each act. Its author, scope and route stand in proto/onward/v1/local.proto. `phases`
are those in which its author, by what it had seen, may write it. A phase move whose turn comes
when it is no longer allowed is overtaken and changes nothing; facts and withdrawals count
whenever they arrive (docs/spec.md, section Fold).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from onward.core import effects, guards, milestones, spec
from onward.core.acts import Act
from onward.core.states import LIVE, State

Sort = Literal["move", "fact", "withdraw"]

BEFORE = frozenset({""})
OFFERED = frozenset({"offered"})
UNANSWERED = frozenset({"offered", "acknowledged"})
DECIDABLE = frozenset({"acknowledged", "accepted", "active"})
UNDER_WAY = frozenset({"accepted", "active"})
RECALLABLE = frozenset({"offered", "acknowledged", "accepted"})
SERVED = frozenset({"accepted", "active", "resting"})
RESTING = frozenset({"resting"})
ANY = LIVE | RESTING
EVER = ANY | {"invalidated"}


@dataclass(frozen=True)
class Row:
    """One act: when it may be written, and what it does."""

    sort: Sort
    phases: frozenset[str]
    guard: Callable[[State, Act], str]
    effect: Callable[[State, Act], State]


# fmt: off
TABLE: dict[str, Row] = {
    #                      sort        phases      guard                   effect
    # The origin's.
    "offer":           Row("move",     BEFORE,     guards.offer,           effects.offer),
    "amend":           Row("move",     LIVE,       guards.amend,           effects.amend),
    "disclose":        Row("move",     UNDER_WAY,  guards.disclose,        effects.nothing),
    "answer":          Row("move",     DECIDABLE,  guards.answer,          effects.answer),
    "remind":          Row("move",     LIVE,       guards.always,          effects.remind),
    "cancel":          Row("move",     LIVE,       guards.cancel,          effects.cancel),
    "expire":          Row("move",     UNANSWERED, guards.expire,          effects.expire),
    "close":           Row("move",     SERVED,     guards.always,          effects.close),
    "reopen":          Row("move",     RESTING,    guards.reopen,          effects.reopen),
    "recall":          Row("move",     RECALLABLE, guards.recall,          effects.invalidate),
    "invalidate":      Row("move",     ANY,        guards.always,          effects.invalidate),
    # The destination's.
    "acknowledge":     Row("move",     OFFERED,    guards.always,          effects.acknowledge),
    "opened":          Row("fact",     ANY,        guards.opened,          effects.opened),
    "clarify":         Row("move",     DECIDABLE,  guards.clarify,         effects.clarify),
    "decide":          Row("move",     DECIDABLE,  guards.decide,          effects.decide),
    "confirm_cancel":  Row("move",     LIVE,       guards.confirm_cancel,  effects.confirm_cancel),
    "progress":        Row("fact",     SERVED,     guards.progress,        effects.progress),
    "pause":           Row("move",     UNDER_WAY,  guards.pause,           effects.pause),
    "resume":          Row("move",     UNDER_WAY,  guards.resume,          effects.resume),
    "propose_forward": Row("move",     DECIDABLE,  guards.propose_forward, effects.propose_forward),
    "follow_up":       Row("fact",     SERVED,     guards.served,          effects.follow_up),
    "complete":        Row("move",     UNDER_WAY,  guards.complete,        effects.complete),
    # Either's.
    "choice":          Row("fact",     ANY,        guards.choice,          effects.choice),
    "correct":         Row("fact",     SERVED,     guards.correct,         effects.correct),
    "withdraw":        Row("withdraw", EVER,       guards.withdraw,        effects.withdraw),
    "erased":          Row("fact",     EVER,       guards.erased,          effects.erased),
    "handover":        Row("fact",     SERVED,     guards.handover,        effects.handover),
    "milestone":       Row("fact",     SERVED,     guards.milestone,       milestones.effect),
    "alert":           Row("fact",     EVER,       guards.always,          effects.alert),
    "complaint":       Row("fact",     EVER,       guards.always,          effects.complaint),
}
# fmt: on


def refusal(state: State, act: Act) -> str:
    """Why the act may not be written in this state: a reason, or an empty string if it may."""
    row = TABLE.get(act.kind)
    rpc = spec.acts().get(act.kind)
    if row is None or rpc is None:
        return "STATE_CONFLICT"
    if rpc.author not in ("AUTHOR_EITHER", f"AUTHOR_{act.side.upper()}"):
        return "STATE_CONFLICT"
    if state.phase not in row.phases:
        return "STATE_CONFLICT"
    if act.entry.round != state.round and row.sort != "withdraw":
        return "STATE_CONFLICT"
    return row.guard(state, act)
