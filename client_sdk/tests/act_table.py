"""Who may write which act when, and where the referral then stands. Written by hand.

It is the documentation's table, not the code's: whoever changes the one must mean the other.
"""

from __future__ import annotations

from onward.core.states import Side

STANDINGS = (
    "offered", "acknowledged", "accepted", "active",
    "completed", "declined", "deferred", "not_wanted", "cancelled", "expired", "withdrawn",
    "invalidated",
)  # fmt: skip
"""The phases; a referral that rests is named by why."""

# o: the origin may, d: the destination may, b: both may, -: nobody may. By hand, so that a change
# of the table or of an author in proto/ has to be meant.
#                    begin offer ackn acce acti | compl decl defer not_w canc expi withd | inval
_MAY = {
    "offer":           "o     -    -    -    -      -    -    -    -    -    -    -      -",
    "amend":           "-     o    o    o    o      -    -    -    -    -    -    -      -",
    "disclose":        "-     -    -    o    o      -    -    -    -    -    -    -      -",
    "answer":          "-     -    o    o    o      -    -    -    -    -    -    -      -",
    "remind":          "-     o    o    o    o      -    -    -    -    -    -    -      -",
    "cancel":          "-     o    o    o    o      -    -    -    -    -    -    -      -",
    "expire":          "-     o    o    -    -      -    -    -    -    -    -    -      -",
    "close":           "-     -    -    o    o      o    o    o    o    o    o    o      -",
    "reopen":          "-     -    -    -    -      o    o    o    o    o    o    -      -",
    "recall":          "-     o    o    o    -      -    -    -    -    -    -    -      -",
    "invalidate":      "-     o    o    o    o      o    o    o    o    o    o    o      -",
    "acknowledge":     "-     d    -    -    -      -    -    -    -    -    -    -      -",
    "opened":          "-     d    d    d    d      d    d    d    d    d    d    d      -",
    "clarify":         "-     -    d    d    d      -    -    -    -    -    -    -      -",
    "decide":          "-     -    d    d    d      -    -    -    -    -    -    -      -",
    "confirm_cancel":  "-     d    d    d    d      -    -    -    -    -    -    -      -",
    "progress":        "-     -    -    d    d      d    -    -    -    -    -    -      -",
    "pause":           "-     -    -    d    d      -    -    -    -    -    -    -      -",
    "resume":          "-     -    -    d    d      -    -    -    -    -    -    -      -",
    "propose_forward": "-     -    d    d    d      -    -    -    -    -    -    -      -",
    "follow_up":       "-     -    -    d    d      d    -    -    -    -    -    -      -",
    "complete":        "-     -    -    d    d      -    -    -    -    -    -    -      -",
    "choice":          "-     b    b    b    b      b    b    b    b    b    b    b      -",
    "correct":         "-     -    -    b    b      b    -    -    -    -    -    -      -",
    "withdraw":        "-     b    b    b    b      b    b    b    b    b    b    b      b",
    "erased":          "-     b    b    b    b      b    b    b    b    b    b    b      b",
    "handover":        "-     -    -    b    b      b    -    -    -    -    -    -      -",
    "milestone":       "-     -    -    b    b      b    -    -    -    -    -    -      -",
    "alert":           "-     b    b    b    b      b    b    b    b    b    b    b      b",
    "complaint":       "-     b    b    b    b      b    b    b    b    b    b    b      b",
}  # fmt: skip

LIVE = STANDINGS[:4]
RESTING = STANDINGS[4:-1]

MOVES: dict[str, dict[str, str]] = {
    "acknowledge": {"offered": "acknowledged"},
    "decide": {"acknowledged": "accepted"},
    "progress": {"accepted": "active"},
    "complete": {"accepted": "completed", "active": "completed"},
    "confirm_cancel": dict.fromkeys(LIVE, "cancelled"),
    "expire": dict.fromkeys(("offered", "acknowledged"), "expired"),
    "reopen": dict.fromkeys(RESTING, "offered"),
    "recall": dict.fromkeys(LIVE, "invalidated"),
    "invalidate": dict.fromkeys(STANDINGS, "invalidated"),
    "withdraw": dict.fromkeys((*LIVE, *RESTING), "withdrawn"),
    # She wants the first item now: it was accepted, or she had declined it herself.
    "choice": {"deferred": "accepted", "not_wanted": "acknowledged"},
}
"""Where an act leads from where; elsewhere it leaves the referral where it stands."""

FACTS = frozenset({
    "opened", "progress", "follow_up", "choice", "correct", "withdraw", "erased", "handover",
    "milestone", "alert", "complaint",
})  # fmt: skip
"""Acts that count whenever they arrive; the others can be overtaken."""


def may(kind: str, side: Side, standing: str) -> bool:
    """Whether this side may write the act there; the first standing is none at all, before."""
    cell = _MAY[kind].split()[("", *STANDINGS).index(standing)]
    return cell in ("b", side[0])


def after(kind: str, standing: str) -> str:
    """Where the act leads."""
    return MOVES.get(kind, {}).get(standing, standing)


def kinds() -> tuple[str, ...]:
    """All acts."""
    return tuple(_MAY)
