"""The fold: both nodes derive the same state, whatever happens on the way."""

from __future__ import annotations

import time
from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import Receiver, World, accepted, everything, items, offered, profile, refs, wishes
from onward.core.acts import Act
from onward.core.fold import Cycle, Fold, _step, fold
from onward.core.states import SIDES, Side, State, Trail, other
from onward.core.transitions import TABLE, refusal
from onward.v1.entry_pb2 import Certificate, Item, Withdrawal

KINDS = sorted(TABLE)
CATEGORIES = ["name", "hiv", "age_band", "grant"]
MOVES = {kind for kind, row in TABLE.items() if row.sort == "move"}


def random_fields(data: st.DataObject, world: World, side: Side, kind: str) -> dict[str, object]:
    """Content of an act as it may well come, and as it may not."""
    draw = data.draw
    fields: dict[str, object] = {}
    if kind == "offer":
        fields["items"] = wishes(
            *draw(st.lists(st.sampled_from(["now", "later", "never"]), max_size=2))
        )
    if kind in ("decide", "progress", "complete"):
        states = st.sampled_from(
            ["accepted", "waitlisted", "declined_by_agency", "in_delivery", "completed"]
        )
        state = draw(states)
        why = "no_capacity" if state == "declined_by_agency" else ""
        fields["items"] = [Item(number=draw(st.integers(1, 3)), state=state, reason=why)]
    if kind == "withdraw":
        some = draw(st.lists(st.sampled_from(CATEGORIES), max_size=2, unique=True))
        fields["withdrawal"] = Withdrawal(everything=draw(st.booleans()), categories=some)
    known = [ref.digest for act in world.logs[other(side)] for ref in act.entry.parts]
    if kind == "opened":
        fields["opened"] = known[:2]
    if kind == "erased":
        taken = [act.hash for log in world.both for act in log if act.kind == "withdraw"]
        fields["certificate"] = Certificate(withdrawal=draw(st.sampled_from(taken or ["x"])))
    if kind == "handover":
        signed = [act.hash for act in world.logs[other(side)] if act.kind == "handover"]
        fields["confirms"] = draw(st.sampled_from(["", *signed]))
    if draw(st.booleans()):
        number = f"{side}{len(world.logs[side])}"
        fields["parts"] = refs(draw(st.sampled_from(CATEGORIES)), salt=number)
    return fields


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Two sides that act at random and hear of each other late."""
    data = draw(st.data())
    world = offered("now", "later") if draw(st.integers(0, 9)) else World()
    for _ in range(draw(st.integers(1, 14))):
        side: Side = draw(st.sampled_from(SIDES))
        if draw(st.booleans()):
            world.deliver(side, draw(st.integers(1, 3)))
        kind = draw(st.sampled_from(KINDS))
        world.write(side, kind, **random_fields(data, world, side, kind))
    return world


def by_definition(origin: list[Act], destination: list[Act]) -> State:
    """The fold as the specification words it, with nothing kept and everything done again."""

    def before(a: Act, b: Act) -> int:
        if a.side == b.side:
            return a.entry.seq - b.entry.seq
        if a.side == "destination":
            return -before(b, a)
        # The origin's comes first, unless it has seen the other.
        return 1 if a.seen >= b.entry.seq else -1

    state = State()
    for act in sorted([*origin, *destination], key=cmp_to_key(before)):
        mine, theirs = act.entry.seq - 1, act.seen
        view = (
            by_definition(origin[:mine], destination[:theirs])
            if act.side == "origin"
            else by_definition(origin[:theirs], destination[:mine])
        )
        state = _step(state, act, bool(refusal(view, act)))
    return state


@profile(40)
@given(world=worlds())
def test_fold_is_what_its_definition_says(world: World) -> None:
    origin, destination = (log[:5] for log in world.both)
    origin = [act for act in origin if act.seen <= len(destination)]
    destination = [act for act in destination if act.seen <= len(origin)]
    assert fold(origin, destination) == by_definition(origin, destination)


@profile(80)
@given(world=worlds(), data=st.data())
def test_any_delivery_gives_both_nodes_the_same_state(world: World, data: st.DataObject) -> None:
    nodes = {side: Receiver(world, side) for side in SIDES}
    wire = [(side, act) for side in SIDES for act in world.logs[other(side)]]
    # Arrivals in any order, some never, some twice; then the senders send from each gap on.
    for side, act in data.draw(st.lists(st.sampled_from(wire), max_size=40)) if wire else []:
        answer = nodes[side].take(act, len(world.logs[side]))
        assert answer in ("stored", "duplicate", "GAP")
    for side, node in nodes.items():
        for act in world.logs[other(side)][len(node.theirs) :]:
            assert node.take(act, len(world.logs[side])) == "stored"
    whole = fold(*world.both)
    for side, node in nodes.items():
        logs = (node.mine, node.theirs) if side == "origin" else (node.theirs, node.mine)
        assert fold(*logs) == whole
        assert fold(*logs).order == whole.order


@profile(60)
@given(world=worlds())
def test_every_prefix_folds_and_moments_are_the_same_however_asked(world: World) -> None:
    origin, destination = world.both
    asked = Fold(origin, destination)
    for o in range(len(origin), -1, -1):
        for d in range(len(destination) + 1):
            fits = (not o or origin[o - 1].seen <= d) and (not d or destination[d - 1].seen <= o)
            if fits:
                assert asked.at((o, d)) == fold(origin[:o], destination[:d])
            else:
                with pytest.raises(Cycle):
                    asked.at((o, d))


@profile(60)
@given(world=worlds())
def test_order_of_the_origin_only_grows_and_only_the_destination_is_overtaken(world: World) -> None:
    origin, destination = world.both
    # The moments at the origin: entries of the destination arrive before the entry that saw them.
    order: tuple[str, ...] = ()
    arrived = 0
    for number, act in enumerate(origin, 1):
        while arrived < act.seen:
            arrived += 1
            now = fold(origin[: number - 1], destination[:arrived]).order
            assert now[: len(order)] == order
            order = now
        now = fold(origin[:number], destination[:arrived]).order
        assert now[: len(order)] == order
        order = now
    state = fold(origin, destination)
    mine = {act.hash for act in destination}
    overtaken = {hash_ for hash_, what in state.outcomes.items() if what == "overtaken"}
    assert overtaken <= mine
    assert {state.kinds[hash_] for hash_ in overtaken} <= MOVES
    assert set(state.outcomes) == {act.hash for act in [*origin, *destination]}


@profile(60)
@given(world=worlds())
def test_every_withdrawal_after_the_offer_counts(world: World) -> None:
    state = fold(*world.both)
    for side in SIDES:
        for act in world.logs[side]:
            view = Fold(*world.both).at(
                (act.entry.seq - 1, act.seen) if side == "origin" else (act.seen, act.entry.seq - 1)
            )
            scope = act.entry.withdrawal
            if act.kind == "withdraw" and view.phase and (scope.everything or scope.categories):
                assert state.outcomes[act.hash] == "counted"
    for part in state.parts.values():
        assert (part.state in ("withdrawn", "erased")) <= bool(part.voided)


def test_withdrawal_gets_through_behind_a_disallowed_act_and_a_gap() -> None:
    world = accepted(parts=refs("age_band"))
    bad = world.write("origin", "decide", items=items("accepted"))
    late = world.write("origin", "disclose", parts=refs("name"))
    gone = world.write("origin", "withdraw", withdrawal=everything())
    node = Receiver(world, "destination")
    node.theirs = world.logs["origin"][:1]
    written = len(world.logs["destination"])
    assert node.take(gone, written) == "GAP"
    assert node.take(late, written) == "GAP"
    assert [node.take(act, written) for act in (bad, late, gone, gone)] == [
        *["stored"] * 3,
        "duplicate",
    ]
    state = fold(node.theirs, node.mine)
    assert (state.phase, state.rest) == ("resting", "withdrawn")
    assert [state.outcomes[act.hash] for act in (bad, late, gone)] == [
        "disallowed",
        "counted",
        "counted",
    ]
    assert {part.state for part in state.parts.values()} == {"withdrawn"}


def test_withdrawal_is_not_refused_for_its_round_or_for_saying_too_much() -> None:
    world = accepted()
    world.write(
        "origin", "withdraw", round=9, withdrawal=Withdrawal(everything=True, categories=["name"])
    )
    assert fold(*world.both).rest == "withdrawn"


def test_acceptance_that_crossed_with_a_withdrawal_is_overtaken() -> None:
    world = offered()
    seen = world.write("destination", "acknowledge")
    yes = world.write("destination", "decide", items=items("accepted"))
    gone = world.write("origin", "withdraw", withdrawal=everything())
    state = fold(*world.both)
    assert state.order == (world.logs["origin"][0].hash, gone.hash, seen.hash, yes.hash)
    assert [state.outcomes[act.hash] for act in (seen, yes)] == ["overtaken"] * 2
    assert (state.phase, state.items[1].delivery) == ("resting", "requested")


def test_fact_counts_in_whatever_phase_it_arrives() -> None:
    world = accepted()
    world.write("origin", "withdraw", withdrawal=everything())
    begun = world.write("destination", "progress", items=items("in_delivery"))
    state = fold(*world.both)
    assert state.outcomes[begun.hash] == "counted"
    assert (state.phase, state.items[1].delivery) == ("resting", "in_delivery")


@pytest.mark.parametrize(
    ("origin", "destination"),
    [
        ([0, 1], [2]),  # Each has seen the other.
        ([0, 1], []),  # It has seen what is not there.
        ([0, 1, 0], [1]),  # It has unseen what it had seen.
        ([0], [1, 0]),
        ([], [1]),
    ],
)
def test_logs_that_do_not_fit_together(origin: list[int], destination: list[int]) -> None:
    world = World()
    for side, seen in (("origin", origin), ("destination", destination)):
        for number in seen:
            world.write(side, "close").entry.seen.seq = number  # type: ignore[arg-type]
    with pytest.raises(Cycle):
        fold(*world.both)


def test_long_logs_fold_without_deep_calls_and_in_reasonable_time() -> None:
    world = offered()
    for _ in range(1200):
        world.write("destination", "acknowledge")
        world.deliver("origin")
        world.write("origin", "close")
        world.deliver("destination")
    began = time.perf_counter()
    middle = Fold(*world.both).at((1000, 1000))
    state = fold(*world.both)
    assert len(middle.outcomes) == 2000
    assert len(state.order) == 2401
    assert time.perf_counter() - began < 10


def test_trail_is_a_mapping_whose_versions_do_not_change() -> None:
    first = Trail().then("a", "1")
    second = first.then("b", "2")
    assert dict(first) == {"a": "1"}
    assert (dict(second), len(second), second["b"]) == ({"a": "1", "b": "2"}, 2, "2")
    assert second == Trail().then("a", "1").then("b", "2") != first
