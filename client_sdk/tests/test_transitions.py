"""The table of acts: who may write what when, and what each act then does."""

from __future__ import annotations

from typing import Any

import pytest

from builders import accepted, digest, everything, items, offered, refs, wishes
from onward.core import spec
from onward.core.acts import Act
from onward.core.fold import fold
from onward.core.states import SIDES, ItemStatus, PartStatus, Side, State, Withdrawn
from onward.core.transitions import TABLE, refusal
from onward.v1.entry_pb2 import Certificate, Entry, Item, Withdrawal

GONE = digest("a withdrawal")
PART = {"o": digest("origin's part"), "d": digest("destination's part")}
PHASES = ("", "offered", "acknowledged", "accepted", "active", "resting", "invalidated")


def state(phase: str, rest: str = "completed") -> State:
    """A state of this phase in which the content below is right for every act."""
    return State(
        phase=phase,
        rest=rest if phase == "resting" else "",
        items={1: ItemStatus("now", "accepted")} if phase else {},
        parts={
            PART["o"]: PartStatus("name", "origin", "x"),
            PART["d"]: PartStatus("outcomes", "destination", "y"),
        },
        withdrawals=(Withdrawn(GONE, "origin", 2, False, frozenset({"hiv"})),),
    )


CONTENT: dict[str, dict[str, Any]] = {
    "offer": {"items": wishes("now")},
    "decide": {"items": items("accepted")},
    "progress": {"items": items("in_delivery")},
    "complete": {"items": items("completed")},
    "withdraw": {"withdrawal": everything()},
    "erased": {"certificate": Certificate(withdrawal=GONE)},
}


def act(kind: str, side: Side, **fields: Any) -> Act:
    """An act with content that its guard accepts, or with other content."""
    content = fields or dict(CONTENT.get(kind, {}))
    if kind == "opened" and not fields:
        content = {"opened": [PART["d" if side == "origin" else "o"]]}
    return Act(digest(kind), side, Entry(kind=kind, round=1, seq=1, **content))


# o: the origin may, d: the destination may, b: both may, -: nobody may. By hand, so that a change
# of the table or of an author in proto/ has to be meant.
#                 begin offered ackn. accepted active resting invalidated
EXPECTED = {
    "offer":       "o      -      -      -       -       -       -",
    "acknowledge": "-      d      -      -       -       -       -",
    "decide":      "-      -      d      d       d       -       -",
    "disclose":    "-      -      -      o       o       -       -",
    "opened":      "-      d      d      d       d       d       -",
    "progress":    "-      -      -      d       d       d       -",
    "handover":    "-      -      -      b       b       b       -",
    "follow_up":   "-      -      -      d       d       d       -",
    "complete":    "-      -      -      d       d       -       -",
    "close":       "-      -      -      o       o       o       -",
    "withdraw":    "-      b      b      b       b       b       -",
    "erased":      "-      b      b      b       b       b       -",
}  # fmt: skip
CELLS = [
    (phase, kind, side, cell in ("b", side[0]))
    for kind, line in EXPECTED.items()
    for phase, cell in zip(PHASES, line.split(), strict=True)
    for side in SIDES
]


def test_table_has_a_row_for_every_act_of_the_specification() -> None:
    assert set(TABLE) == set(spec.acts()) == set(EXPECTED)


@pytest.mark.parametrize(("phase", "kind", "side", "allowed"), CELLS)
def test_cell(phase: str, kind: str, side: Side, allowed: bool) -> None:
    author = spec.acts()[kind].author
    by_table = phase in TABLE[kind].phases and author in ("AUTHOR_EITHER", f"AUTHOR_{side.upper()}")
    assert by_table == allowed
    assert (refusal(state(phase), act(kind, side)) == "") == allowed


@pytest.mark.parametrize("kind", sorted(TABLE))
def test_other_round_is_refused_but_for_a_withdrawal(kind: str) -> None:
    for side in SIDES:
        for phase in PHASES:
            one = act(kind, side)
            fine = not refusal(state(phase), one)
            one.entry.round = 2
            assert (not refusal(state(phase), one)) == (fine and kind == "withdraw")


def test_unknown_act_is_refused() -> None:
    assert refusal(state("active"), act("invalidate", "origin")) == "STATE_CONFLICT"


# Where, which act, its content, and why it is refused. The author is right in each.
GUARDS: list[tuple[str, str, dict[str, Any], str]] = [
    ("", "offer", {"items": []}, "ITEM_UNKNOWN"),
    ("", "offer", {"items": wishes("never")}, "WISH_FORBIDS"),
    ("", "offer", {"items": wishes("")}, "WISH_FORBIDS"),
    ("", "offer", {"items": [*wishes("now"), *wishes("now")]}, "ITEM_UNKNOWN"),
    ("", "offer", {"items": [Item(number=1, wish="now", state="accepted")]}, "ITEM_UNKNOWN"),
    ("acknowledged", "decide", {"items": [Item(number=2, state="accepted")]}, "ITEM_UNKNOWN"),
    ("acknowledged", "decide", {"items": items("in_delivery")}, "ITEM_UNKNOWN"),
    ("acknowledged", "decide", {"items": items("accepted", wish="later")}, "ITEM_UNKNOWN"),
    ("acknowledged", "decide", {"items": items("declined_by_agency")}, "REASON_REQUIRED"),
    ("acknowledged", "decide", {"items": items("accepted", why="no_capacity")}, "REASON_REQUIRED"),
    ("accepted", "progress", {"items": items("accepted")}, "STATE_CONFLICT"),
    ("accepted", "progress", {"items": items("in_delivery", wish="now")}, "ITEM_UNKNOWN"),
    ("accepted", "complete", {"grant_id": "grant-00000001"}, "STATE_CONFLICT"),
    ("accepted", "opened", {"opened": [PART["d"]]}, "STATE_CONFLICT"),
    ("accepted", "opened", {"opened": [digest("none")]}, "STATE_CONFLICT"),
    ("accepted", "handover", {"confirms": digest("none")}, "STATE_CONFLICT"),
    ("accepted", "withdraw", {"withdrawal": Withdrawal()}, "INVALID_FIELD"),
    ("accepted", "erased", {"certificate": Certificate(withdrawal=GONE[::-1])}, "STATE_CONFLICT"),
]


@pytest.mark.parametrize(("phase", "kind", "fields", "expected"), GUARDS)
def test_guard(phase: str, kind: str, fields: dict[str, Any], expected: str) -> None:
    side: Side = "origin" if kind == "offer" else "destination"
    assert refusal(state(phase), act(kind, side, **fields)) == expected


@pytest.mark.parametrize("kind", ["progress", "follow_up", "handover"])
@pytest.mark.parametrize("rest", ["declined", "deferred", "withdrawn"])
def test_service_goes_on_only_where_it_rests_as_completed(kind: str, rest: str) -> None:
    assert refusal(state("resting", rest), act(kind, "destination")) == "STATE_CONFLICT"


def test_later_waits_and_now_does_not() -> None:
    world = accepted("later", "now")
    early = Act("", "destination", Entry(round=1, kind="progress", items=items("in_delivery")))
    assert refusal(fold(*world.both), early) == "WISH_FORBIDS"
    begun = world.write("destination", "progress", items=[Item(number=2, state="in_delivery")])
    done = world.write("destination", "complete", items=[Item(number=2, state="completed")])
    found = fold(*world.both)
    assert [found.outcomes[one.hash] for one in (begun, done)] == ["counted"] * 2
    assert (found.phase, found.rest) == ("resting", "completed")
    assert [item.delivery for item in found.items.values()] == ["accepted", "completed"]


@pytest.mark.parametrize(
    ("wanted", "states", "phase", "rest"),
    [
        (("now",), ("accepted",), "accepted", ""),
        (("now",), ("waitlisted",), "acknowledged", ""),
        (("now",), ("unavailable",), "resting", "declined"),
        (("later",), ("accepted",), "resting", "deferred"),
        (("later", "now"), ("accepted", "unavailable"), "resting", "deferred"),
        (("later", "now"), ("accepted", "accepted"), "accepted", ""),
        (("now", "now"), ("unavailable", "accepted"), "accepted", ""),
        (("now", "now"), ("accepted",), "accepted", ""),
        (("now", "now"), ("unavailable",), "acknowledged", ""),
    ],
)
def test_decision(wanted: tuple[str, ...], states: tuple[str, ...], phase: str, rest: str) -> None:
    world = offered(*wanted)
    world.write("destination", "acknowledge")
    world.write("destination", "decide", items=items(*states))
    found = fold(*world.both)
    assert (found.phase, found.rest) == (phase, rest)


def test_service_makes_a_referral_active_and_completing_rests_it() -> None:
    world = accepted()
    for step in ("scheduled", "no_show", "scheduled", "in_delivery"):
        assert fold(*world.both).phase == "accepted"
        world.write("destination", "progress", items=items(step))
    assert fold(*world.both).phase == "active"
    world.write("destination", "complete", items=items("partly_completed"))
    world.write("destination", "follow_up", follow_up="month_1")
    world.meet()
    world.write("origin", "close")
    found = fold(*world.both)
    assert (found.phase, found.rest, found.closed) == ("resting", "completed", True)
    assert set(found.outcomes.values()) == {"counted"}


def test_handover_is_signed_once_by_each_side() -> None:
    world = accepted()
    first = world.write("origin", "handover")
    twice = world.write("origin", "handover")
    world.meet()
    blind = world.write("destination", "handover")
    second = world.write("destination", "handover", confirms=first.hash)
    found = fold(*world.both)
    assert found.handover == {"origin": first.hash, "destination": second.hash}
    assert [found.outcomes[one.hash] for one in (twice, blind)] == ["disallowed"] * 2


def test_handovers_that_cross_both_count() -> None:
    world = accepted()
    world.write("origin", "handover")
    world.write("destination", "handover")
    assert set(fold(*world.both).handover) == {"origin", "destination"}


def test_opened_parts_are_read_and_stay_so_until_withdrawn() -> None:
    world = accepted(parts=refs("age_band", "sex"))
    world.write("destination", "opened", opened=[refs("age_band")[0].digest])
    assert [p.state for p in fold(*world.both).parts.values()] == ["opened", "sent"]
    world.meet()
    world.write("origin", "withdraw", withdrawal=Withdrawal(categories=["age_band"]))
    found = fold(*world.both)
    assert [p.state for p in found.parts.values()] == ["withdrawn", "sent"]
    assert found.phase == "accepted"
