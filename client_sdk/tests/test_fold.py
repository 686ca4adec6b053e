"""The fold: both nodes derive the same state, whatever happens on the way."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cmp_to_key

import pytest
from hypothesis import given, strategies as st

from builders import Receiver, World, accepted, everything, items, offered, profile, refs
from onward.core.acts import Act
from onward.core.fold import Cycle, Fold, _step, fold
from onward.core.states import SIDES, State, Trail, other
from onward.core.transitions import TABLE, refusal
from onward.v1.entry_pb2 import Withdrawal
from random_logs import MOVES, worlds


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
            named = scope.everything or set(scope.categories) - {"grant"}
            if act.kind == "withdraw" and view.phase and named:
                assert state.outcomes[act.hash] == "counted"
    for part in state.parts.values():
        assert (part.state in ("withdrawn", "erased")) <= bool(part.voided)


@profile(60)
@given(world=worlds())
def test_what_was_overtaken_or_not_allowed_changes_nothing_but_parts(world: World) -> None:
    origin, destination = world.both
    state = fold(origin, destination)
    last = len(destination)
    if last and (not origin or origin[-1].seen < last):
        act = destination[-1]
        before = fold(origin, destination[:-1])
        if state.outcomes[act.hash] != "counted":
            same = {"parts": {}, "outcomes": Trail(), "kinds": Trail()}
            assert replace(state, **same) == replace(before, **same)  # type: ignore[arg-type]
            new = {ref.digest for ref in act.entry.parts}
            assert {d: p for d, p in state.parts.items() if d not in new} == before.parts


@profile(60)
@given(world=worlds(), data=st.data())
def test_facts_and_withdrawals_take_effect_on_any_state(world: World, data: st.DataObject) -> None:
    # Also on states that their author never saw: as they cross with anything.
    acts = [act for log in world.both for act in log]
    folded = Fold(*world.both)
    states = [folded.at(one) for one in points(world)]
    for act in acts:
        if TABLE[act.kind].sort != "move":
            after = _step(data.draw(st.sampled_from(states)), act, disallowed=False)
            assert after.outcomes[act.hash] == "counted"


def points(world: World) -> list[tuple[int, int]]:
    """Moments that an author could have seen."""
    origin, destination = world.both
    return [
        (o, d)
        for o in range(len(origin) + 1)
        for d in range(len(destination) + 1)
        if (not o or origin[o - 1].seen <= d) and (not d or destination[d - 1].seen <= o)
    ]


@profile(60)
@given(world=worlds())
def test_only_invalidated_is_final_and_a_withdrawal_of_everything_is_not_undone(
    world: World,
) -> None:
    folded = Fold(*world.both)
    for state in [folded.at(one) for one in points(world)]:
        assert state.phase in PHASES
        assert (state.phase == "resting") == bool(state.rest)
        taken = {"withdrawn", "refused", "erased"}
        if state.phase == "invalidated":
            # An alert goes through even then, with what helps now.
            alerts = {hash_ for hash_, kind in state.kinds.items() if kind == "alert"}
            left = [part for part in state.parts.values() if part.entry not in alerts]
            assert {part.state for part in left} <= taken
        if any(one.everything and one.kind == "withdraw" for one in state.withdrawals):
            assert state.rest == "withdrawn" or state.phase == "invalidated"
        if state.phase in ("resting", "invalidated"):
            flags = (state.cancel_pending, state.pause_reason, state.question, state.respond_by)
            assert not any(flags)


PHASES = ("", "offered", "acknowledged", "accepted", "active", "resting", "invalidated")


def test_random_logs_reach_every_phase_and_nearly_every_act() -> None:
    counted: set[str] = set()
    stands: set[str] = set()

    @profile(200)
    @given(world=worlds())
    def look(world: World) -> None:
        state = fold(*world.both)
        stands.add(state.phase)
        counted.update(k for h, k in state.kinds.items() if state.outcomes[h] == "counted")

    look()
    assert stands == set(PHASES)
    # With few examples some acts stay away. ONWARD_EXAMPLES brings them all.
    assert len(counted) > 0.8 * len(TABLE)


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
    began = time.process_time()
    middle = Fold(*world.both).at((1000, 1000))
    state = fold(*world.both)
    assert len(middle.outcomes) == 2000
    assert len(state.order) == 2401
    assert time.process_time() - began < 10


def test_trail_is_a_mapping_whose_versions_do_not_change() -> None:
    first = Trail().then("a", "1")
    second = first.then("b", "2")
    assert dict(first) == {"a": "1"}
    assert (dict(second), len(second), second["b"]) == ({"a": "1", "b": "2"}, 2, "2")
    assert second == Trail().then("a", "1").then("b", "2") != first
