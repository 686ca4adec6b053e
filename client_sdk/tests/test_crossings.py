"""Every act against every other, written by the two sides without having seen each other.

At each stage at which both can be written. The expectations stand here by hand: nothing of them
is read from the table under test.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from builders import World
from onward.core import spec
from onward.core.acts import Act
from onward.core.fold import fold
from onward.core.states import SIDES, Side, State, Trail, Word, other
from onward.core.transitions import refusal
from stages import BY, STAGES, stage, write

# What the destination does that waits for its turn. All else of its acts are facts.
MOVES = {
    "acknowledge", "clarify", "decide yes", "decide no", "confirm_cancel", "pause", "resume",
    "propose_forward", "complete",
}  # fmt: skip

# Which of them are overtaken by an act of the origin that crosses with them. Acts of the origin
# that are not named here overtake nothing.
EVERY = frozenset(MOVES)
OVERTAKES: dict[str, frozenset[str]] = {
    "expire": EVERY,
    "recall": EVERY,
    "invalidate": EVERY,
    "withdraw all": EVERY,
    "choice later": EVERY,  # There is one item: the referral rests as deferred.
    "choice never": EVERY,  # It rests as not wanted.
    "cancel": frozenset({"decide yes"}),
    "amend": frozenset({"complete"}),  # The new item is open.
}
# Where that depends on the stage.
EXCEPT: dict[tuple[str, str], frozenset[str]] = {
    # What she stops has ended; completing, which ends the referral, is the destination's.
    ("active", "choice never"): frozenset({"decide yes", "decide no", "complete"}),
    ("active question", "choice never"): frozenset({"decide yes", "decide no", "complete"}),
    # She is being served: the referral does not rest, and the destination says how that goes on.
    ("active", "choice later"): frozenset(),
    ("active question", "choice later"): frozenset(),
    ("cancelling", "close"): frozenset({"confirm_cancel"}),
}


def overtaken(name: str, mine: str, theirs: str) -> bool:
    """Whether the destination's act is overtaken at this stage, by hand."""
    return theirs in EXCEPT.get((name, mine), OVERTAKES.get(mine, frozenset()))


def allowed(world: World, side: Side) -> list[str]:
    """Acts that this side may write, where both know everything."""
    found = []
    now = fold(*world.both)
    for name in BY[side]:
        trial = world.fork()
        write(trial, side, name)
        if not refusal(now, trial.logs[side][-1]):
            found.append(name)
    return found


@cache
def at(name: str, side: Side) -> tuple[str, ...]:
    """Acts that this side may write at a stage."""
    return tuple(allowed(stage(name), side))


def bare(state: State) -> State:
    """The state without the record of what became of each entry."""
    return replace(state, outcomes=Trail(), kinds=Trail())


def shows(state: State, act: Act) -> bool:
    """Whether the state shows what a fact says."""
    entry = act.entry
    if act.kind == "opened":
        return state.read and all(state.parts[one].state != "sent" for one in entry.opened)
    if act.kind == "choice":
        one = entry.items[0]
        return Word(act.side, entry.seq, one.wish) in state.items[one.number].words
    if act.kind == "progress":
        item = state.items[entry.items[0].number]
        stopped = item.wish == "never" and item.delivery == "stopped_by_survivor"
        return item.delivery == entry.items[0].state or stopped
    if act.kind == "erased":
        return (act.side, entry.certificate.withdrawal) in state.certified
    if act.kind == "correct":
        old = [state.parts[one].state for one in entry.corrects]
        return set(old) <= {"corrected", "withdrawn", "erased"}
    if act.kind == "milestone":
        return state.milestones[entry.milestone.code].entry == act.hash
    if act.kind == "handover":
        return state.handover[act.side] == act.hash
    if act.kind == "follow_up":
        return len(state.follow_ups) > 1
    if act.kind in ("alert", "complaint"):
        return any(one.entry == act.hash for one in state.raised)
    return any(one.entry == act.hash for one in state.withdrawals)


FACTS = {
    "opened", "choice", "progress", "erased", "correct", "milestone", "handover", "follow_up",
    "alert", "complaint", "withdraw",
}  # fmt: skip


def check(before: State, world: World, late: bool) -> None:
    """One crossing, where the origin has written and the destination has, not knowing
    it. `before` is the state without what the destination wrote.
    """
    origin, destination = (world.logs[side][-1] for side in SIDES)
    both = fold(*world.both)
    # The origin's view only grows, and so it never has to fold again.
    assert both.order[: len(before.order)] == before.order
    assert both.outcomes[origin.hash] == "counted"
    assert both.outcomes[destination.hash] == ("overtaken" if late else "counted")
    assert not late or bare(both) == bare(before)
    assert all(shows(both, act) for act in (origin, destination) if act.kind in FACTS)
    if origin.kind in ("recall", "invalidate"):
        assert both.phase == "invalidated"
    elif origin.entry.withdrawal.everything or destination.entry.withdrawal.everything:
        assert both.rest == "withdrawn" or before.phase == "invalidated"
    else:
        return
    # Also the parts that the other side sent meanwhile.
    assert all(part.voided for part in both.parts.values())
    assert {part.state for part in both.parts.values()} <= {"withdrawn", "refused", "erased"}


@pytest.mark.parametrize("name", STAGES)
def test_every_crossing(name: str) -> None:
    start = stage(name)
    view = fold(*start.both)
    for mine in at(name, "origin"):
        sent = start.fork()
        write(sent, "origin", mine, view)
        before = fold(*sent.both)
        for theirs in at(name, "destination"):
            world = sent.fork()
            write(world, "destination", theirs, view)
            try:
                check(before, world, overtaken(name, mine, theirs))
            except AssertionError as fault:
                raise AssertionError(f"{name}: {mine} against {theirs}: {fault}") from fault


def test_every_act_crosses_with_every_other_somewhere() -> None:
    crossed = {
        (one.partition(" ")[0], two.partition(" ")[0])
        for name in STAGES
        for one in at(name, "origin")
        for two in at(name, "destination")
    }
    by: dict[Side, set[str]] = {side: {one.partition(" ")[0] for one in BY[side]} for side in SIDES}
    assert by["origin"] | by["destination"] == set(spec.acts())
    apart = {
        (one, two) for one in by["origin"] for two in by["destination"] if (one, two) not in crossed
    }
    assert apart == {(one, two) for one, twos in APART.items() for two in twos or by["destination"]}


# Pairs that have no stage in common.
APART = {
    "offer": "",  # It is the first entry: there is nobody yet to cross with.
    # Who is asked to cancel is told nothing more, and is asked once.
    "amend": ["confirm_cancel"],
    "cancel": ["confirm_cancel"],
    # A question comes after the acknowledgement, these after the acceptance.
    "answer": ["acknowledge", "confirm_cancel"],
    "disclose": ["acknowledge", "confirm_cancel"],
    "close": ["acknowledge"],
    "correct": ["acknowledge"],
    "handover": ["acknowledge"],
    "milestone": ["acknowledge"],
    "expire": [
        "complete", "correct", "follow_up", "handover", "milestone", "pause", "progress", "resume",
    ],
    # Nothing is under way in a referral that rests.
    "reopen": [
        "acknowledge", "clarify", "complete", "confirm_cancel", "decide", "pause",
        "propose_forward", "resume",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", STAGES)
@pytest.mark.parametrize("side", SIDES)
def test_an_act_that_is_not_allowed_changes_nothing(name: str, side: Side) -> None:
    start = stage(name)
    may = at(name, side)
    before = fold(*start.both)
    tried = 0
    for one in sorted({*BY["origin"], *BY["destination"]} - set(may)):
        world = start.fork()
        write(world, side, one)
        after = fold(*world.both)
        new = {ref.digest for ref in world.logs[side][-1].entry.parts}
        assert after.outcomes[world.logs[side][-1].hash] == "disallowed"
        assert {after.parts[ref].refusal for ref in new} <= {"disallowed"}
        kept = {ref: part for ref, part in after.parts.items() if ref not in new}
        assert bare(replace(after, parts=kept)) == bare(before), one
        tried += 1
    assert tried > 4


@pytest.mark.parametrize("name", STAGES)
@pytest.mark.parametrize("side", SIDES)
def test_no_stage_refuses_a_withdrawal(name: str, side: Side) -> None:
    assert {"withdraw all", "withdraw some"} <= set(at(name, side))


def test_what_was_overtaken_can_be_written_again_once_the_other_is_seen() -> None:
    world = stage("acknowledged")
    write(world, "origin", "cancel")
    write(world, "destination", "decide yes")
    world.meet()
    assert allowed(world, "destination") == allowed(stage_cancelling_unanswered(), "destination")
    write(world, "destination", "confirm_cancel")
    assert fold(*world.both).rest == "cancelled"


def stage_cancelling_unanswered() -> World:
    """The same without the acceptance that was overtaken."""
    world = stage("acknowledged")
    write(world, "origin", "cancel")
    world.meet()
    return world


@pytest.mark.parametrize("side", SIDES)
def test_alerts_that_cross_wait_for_each_other(side: Side) -> None:
    world = stage("accepted")
    for one in SIDES:
        write(world, one, "alert")
    assert [one.answered for one in fold(*world.both).raised] == [False, False]
    world.meet()
    write(world, side, "correct")
    state = fold(*world.both)
    assert {one.side: one.answered for one in state.raised} == {side: False, other(side): True}


def test_an_overtaken_act_answers_no_alert() -> None:
    world = stage("acknowledged")
    write(world, "origin", "alert")
    world.meet()
    write(world, "origin", "cancel")
    write(world, "destination", "decide yes")
    assert [one.answered for one in fold(*world.both).raised] == [False]
