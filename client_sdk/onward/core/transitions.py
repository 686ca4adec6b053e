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

from onward.core import effects, guards, spec
from onward.core.acts import Act
from onward.core.states import State

Sort = Literal["move", "fact", "withdraw"]

BEFORE = frozenset({""})
OFFERED = frozenset({"offered"})
DECIDABLE = frozenset({"acknowledged", "accepted", "active"})
UNDER_WAY = frozenset({"accepted", "active"})
SERVED = frozenset({"accepted", "active", "resting"})
ANY = frozenset({"offered", "acknowledged", "accepted", "active", "resting"})


@dataclass(frozen=True)
class Row:
    """One act: when it may be written, and what it does."""

    sort: Sort
    phases: frozenset[str]
    guard: Callable[[State, Act], str]
    effect: Callable[[State, Act], State]


# fmt: off
TABLE: dict[str, Row] = {
    #                    sort        phases     guard               effect
    "offer":       Row("move",     BEFORE,    guards.offer,       effects.offer),
    "acknowledge": Row("move",     OFFERED,   guards.always,      effects.acknowledge),
    "decide":      Row("move",     DECIDABLE, guards.decide,      effects.decide),
    "disclose":    Row("move",     UNDER_WAY, guards.always,      effects.nothing),
    "opened":      Row("fact",     ANY,       guards.opened,      effects.opened),
    "progress":    Row("fact",     SERVED,    guards.progress,    effects.progress),
    "handover":    Row("fact",     SERVED,    guards.handover,    effects.handover),
    "follow_up":   Row("fact",     SERVED,    guards.served,      effects.nothing),
    "complete":    Row("move",     UNDER_WAY, guards.complete,    effects.complete),
    "close":       Row("move",     SERVED,    guards.always,      effects.close),
    "withdraw":    Row("withdraw", ANY,       guards.withdraw,    effects.withdraw),
    "erased":      Row("fact",     ANY,       guards.erased,      effects.erased),
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
