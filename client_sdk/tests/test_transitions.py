"""The table of acts: who may write what when, and what each act then does."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from act_table import kinds, may
from builders import NOW, World, accepted, digest, items, offered, refs, wishes
from onward.core import spec
from onward.core.acts import Act
from onward.core.clock import stamp
from onward.core.fold import fold
from onward.core.states import SIDES, Side
from onward.core.transitions import TABLE, refusal
from onward.v1.entry_pb2 import Entry, Item, Withdrawal
from table_acts import ASKED, GONE, NEEDS, STANDS, act, state

CELLS = [
    (stands, kind, side, may(kind, side, stands))
    for kind in kinds()
    for stands in STANDS
    for side in SIDES
]


def test_table_has_a_row_for_every_act_of_the_specification() -> None:
    assert set(TABLE) == set(spec.acts()) == set(kinds())
    assert len(TABLE) == 30


@pytest.mark.parametrize(("stands", "kind", "side", "allowed"), CELLS)
def test_cell(stands: str, kind: str, side: Side, allowed: bool) -> None:
    found = refusal(state(stands, **NEEDS.get(kind, {})), act(kind, side))
    assert found == ("" if allowed else "STATE_CONFLICT")


# The same for what else a referral that was accepted can stand in: which acts this changes.
FLAGS: list[tuple[str, dict[str, Any], str]] = [
    ("asked to cancel", {"cancel_pending": True}, "amend disclose cancel answer decide"),
    ("paused", {"pause_reason": "travel"}, "progress pause"),
    ("opened", {"read": True}, "recall"),
    ("closed", {"closed": True}, ""),
    ("a question open", {"question": ASKED}, ""),
    ("reminded", {"reminded": digest("x")}, ""),
    ("a forward proposed", {"forward": digest("x")}, ""),
    ("handed over by the origin", {"handover": {"origin": digest("x")}}, "handover"),
    ("certified", {"certified": frozenset((side, GONE) for side in SIDES)}, "erased"),
]


@pytest.mark.parametrize(
    ("flags", "forbidden"), [one[1:] for one in FLAGS], ids=[one[0] for one in FLAGS]
)
def test_what_a_flag_forbids(flags: dict[str, Any], forbidden: str) -> None:
    changed = set()
    for kind, side in product(TABLE, SIDES):
        plain = state("accepted", **NEEDS.get(kind, {}))
        before, after = (refusal(at, act(kind, side)) for at in (plain, replace(plain, **flags)))
        assert after or not before or kind in NEEDS
        if after and not before:
            changed.add(kind)
    assert changed == set(forbidden.split())


def test_there_is_no_round_that_an_entry_could_not_name() -> None:
    for number, expected in ((999, ""), (1000, "STATE_CONFLICT")):
        one = act("reopen", "origin")
        one.entry.round = number
        assert refusal(state("deferred", round=number), one) == expected


@pytest.mark.parametrize("kind", sorted(NEEDS))
def test_some_acts_need_more_than_a_phase(kind: str) -> None:
    stands = "acknowledged" if kind == "expire" else "accepted"
    side: Side = "origin" if kind in ("answer", "expire") else "destination"
    assert refusal(state(stands, **NEEDS[kind]), act(kind, side)) == ""
    assert refusal(state(stands), act(kind, side)) == "STATE_CONFLICT"


@pytest.mark.parametrize("kind", sorted(TABLE))
def test_other_round_is_refused_but_for_a_withdrawal(kind: str) -> None:
    for side, stands in product(SIDES, STANDS):
        one, at = act(kind, side), state(stands, **NEEDS.get(kind, {}))
        fine = not refusal(at, one)
        one.entry.round = 2
        assert (not refusal(at, one)) == (fine and kind == "withdraw")


def test_unknown_act_is_refused() -> None:
    assert refusal(state("active"), act("adopt", "origin")) == "STATE_CONFLICT"


def test_only_acts_of_a_service_that_was_accepted_carry_a_case_record() -> None:
    carrying = {
        kind
        for kind, rpc in spec.acts().items()
        if (field := rpc.input.fields_by_name.get("record")) is not None
        and field.message_type.name == "CaseRecord"
    }
    assert carrying == {"disclose", "follow_up", "correct", "milestone"}
    for kind, side, stands in product(carrying, SIDES, STANDS):
        if stands not in ("accepted", "active", "completed"):
            assert refusal(state(stands), act(kind, side)) == "STATE_CONFLICT"


@pytest.mark.parametrize("kind", ["progress", "follow_up", "handover"])
@pytest.mark.parametrize("rest", ["declined", "deferred", "withdrawn"])
def test_service_goes_on_only_where_it_rests_as_completed(kind: str, rest: str) -> None:
    assert refusal(state(rest), act(kind, "destination")) == "STATE_CONFLICT"


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


@pytest.mark.parametrize(
    ("answer", "left"), [("declined_by_agency", True), ("confirm_cancel", False), ("never", False)]
)
def test_a_proposal_to_refer_on_outlives_a_no_of_the_agency(answer: str, left: bool) -> None:
    world = offered("now")
    world.write("destination", "acknowledge")
    proposed = world.write("destination", "propose_forward", forward_to="legal.in.example")
    world.meet()
    if answer == "declined_by_agency":
        world.write("destination", "decide", items=items(answer, why="no_capacity"))
    elif answer == "never":
        world.write("destination", "choice", items=wishes(answer))
    else:
        world.write("origin", "cancel", cancel_reason="forwarded")
        world.meet()
        world.write("destination", answer)
    found = fold(*world.both)
    assert (found.phase, found.forward) == ("resting", proposed.hash if left else "")
    world.meet()
    world.write("origin", "reopen", items=wishes("now"))
    assert fold(*world.both).forward == ""


def test_nothing_expires_that_was_answered() -> None:
    world = World()
    world.write("origin", "offer", items=wishes("now", "now"), respond_by=stamp(NOW))
    world.meet()
    world.write("destination", "acknowledge")
    world.write("destination", "decide", items=items("waitlisted"))
    assert fold(*world.both).respond_by
    world.write("destination", "decide", items=[Item(number=2, state="waitlisted")])
    world.meet()
    late = world.write("origin", "expire")
    found = fold(*world.both)
    assert (found.respond_by, found.outcomes[late.hash]) == (0, "disallowed")
    world.write("origin", "amend", items=[Item(number=3, wish="now")], respond_by=stamp(NOW))
    world.write("origin", "expire")
    assert fold(*world.both).rest == "expired"


def test_declining_what_was_left_answers_a_request_to_cancel() -> None:
    world = accepted("now", "now")
    world.write("destination", "progress", items=items("completed"))
    world.meet()
    world.write("origin", "cancel", cancel_reason="other")
    world.meet()
    assert fold(*world.both).cancel_pending
    world.write("destination", "decide", items=[Item(number=2, state="unavailable")])
    found = fold(*world.both)
    assert (found.phase, found.cancel_pending) == ("accepted", False)
