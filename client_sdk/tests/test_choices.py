"""What the person wants: who may record it, which word stands, and what follows from it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from builders import World, accepted, items, offered, profile, wish, wishes
from onward.core.fold import fold
from onward.core.states import SIDES, ItemStatus, Side, State, other
from onward.v1.entry_pb2 import Item

# By hand: from the least restrictive to the most. "later" with a day, then without one.
STRICT = ["now", "undecided", "later 2026-12", "later 2026-12-24", "later", "never"]


def word(text: str, number: int = 1) -> Item:
    """An item with a wish and perhaps a day."""
    wanted, _, day = text.partition(" ")
    return wish(number, wanted, day)


def stands(state: State, number: int = 1) -> str:
    """The wish that stands, with its day."""
    item = state.items[number]
    return f"{item.wish} {item.not_before}".strip()


def outcome(world: World, side: Side, kind: str, **fields: object) -> str:
    """What becomes of one more act that is written with all that there is."""
    world.meet()
    written = world.write(side, kind, **fields)
    world.meet()
    return fold(*world.both).outcomes[written.hash]


def mother_and_child(mother: str, child: str) -> World:
    """A mother who does not want a place without her child, and what the agency decided."""
    world = World()
    wanted = [Item(number=1, wish="now", together_with=2), Item(number=2, wish="now")]
    world.write("origin", "offer", items=wanted)
    world.meet()
    world.write("destination", "acknowledge")
    why = "eligibility_children_not_accommodated"
    said = [
        Item(number=n, state=state, reason=why if state == "declined_by_agency" else "")
        for n, state in enumerate((mother, child), 1)
        if state
    ]
    world.write("destination", "decide", items=said)
    world.meet()
    return world


@pytest.mark.parametrize("one", STRICT)
@pytest.mark.parametrize("two", STRICT)
def test_of_words_that_crossed_the_most_restrictive_stands(one: str, two: str) -> None:
    world = accepted("now")
    world.write("origin", "choice", items=[word(one)])
    world.write("destination", "choice", items=[word(two)])
    assert stands(fold(*world.both)) == max(one, two, key=STRICT.index)


@pytest.mark.parametrize("one", STRICT)
@pytest.mark.parametrize("side", SIDES)
def test_a_choice_that_has_seen_both_stands_alone(one: str, side: Side) -> None:
    world = accepted("now")
    world.write("origin", "choice", items=wishes("never"))
    world.write("destination", "choice", items=wishes("later"))
    world.meet()
    world.write(side, "choice", items=[word(one)])
    assert stands(fold(*world.both)) == one


def test_a_choice_that_has_seen_one_of_two_does_not_stand_alone() -> None:
    world = accepted("now")
    world.write("origin", "choice", items=wishes("never"))
    world.write("destination", "choice", items=wishes("later"))
    world.deliver("destination")
    world.write("destination", "choice", items=wishes("now"))
    assert stands(fold(*world.both)) == "now"
    world.write("origin", "choice", items=wishes("undecided"))  # It has not seen the last one.
    assert stands(fold(*world.both)) == "undecided"
    world.write("origin", "choice", items=wishes("now"))
    assert stands(fold(*world.both)) == "now"


def test_words_of_one_agency_follow_each_other_and_do_not_cross() -> None:
    world = accepted("now")
    for one in ("never", "now"):
        world.write("origin", "choice", items=wishes(one))
    assert stands(fold(*world.both)) == "now"


def test_a_choice_about_one_item_leaves_the_other() -> None:
    world = accepted("now", "now")
    world.write("origin", "choice", items=[word("never", 2)])
    assert [stands(fold(*world.both), n) for n in (1, 2)] == ["now", "never"]


# What each wish does to a referral of one item that stands so, and then what "now" does.
FOLLOWS = [
    ("offered", "later", "resting deferred requested", "offered requested"),
    ("offered", "never", "resting not_wanted declined_by_survivor", "offered requested"),
    ("offered", "undecided", "offered requested", "offered requested"),
    ("acknowledged", "later", "resting deferred requested", "acknowledged requested"),
    ("acknowledged", "never", "resting not_wanted declined_by_survivor", "acknowledged requested"),
    ("waitlisted", "later", "resting deferred waitlisted", "acknowledged waitlisted"),
    ("accepted", "later", "resting deferred accepted", "accepted accepted"),
    ("accepted", "never", "resting not_wanted declined_by_survivor", "acknowledged requested"),
    ("accepted", "undecided", "accepted accepted", "accepted accepted"),
    ("active", "later", "active in_delivery", "active in_delivery"),
    ("active", "never", "active stopped_by_survivor", "active requested"),
    ("declined", "later", "resting declined unavailable", "resting declined unavailable"),
    ("declined", "never", "resting declined unavailable", "resting declined unavailable"),
    ("completed", "never", "resting completed completed", "resting completed completed"),
]


def standing(state: State) -> str:
    """Phase, reason of rest and delivery of the first item."""
    return " ".join(one for one in (state.phase, state.rest, state.items[1].delivery) if one)


def at(stage: str) -> World:
    """A referral of one item that stands so."""
    world = offered("now")
    if stage == "offered":
        return world
    world.write("destination", "acknowledge")
    said = {"waitlisted": "waitlisted", "declined": "unavailable"}.get(stage, "accepted")
    if stage != "acknowledged":
        world.write("destination", "decide", items=items(said))
    if stage in ("active", "completed"):
        world.write("destination", "progress", items=items("in_delivery"))
    if stage == "completed":
        world.write("destination", "complete", items=items("completed"))
    world.meet()
    return world


@pytest.mark.parametrize(("stage", "wanted", "then", "again"), FOLLOWS)
@pytest.mark.parametrize("side", SIDES)
def test_what_follows_from_a_choice(
    stage: str, wanted: str, then: str, again: str, side: Side
) -> None:
    world = at(stage)
    world.write(side, "choice", items=wishes(wanted))
    assert standing(fold(*world.both)) == then
    world.meet()
    assert outcome(world, other(side), "choice", items=wishes("now")) == "counted"
    assert standing(fold(*world.both)) == again


def test_from_deferred_to_not_wanted_and_back() -> None:
    world = at("acknowledged")
    for wanted, rest in (("later", "deferred"), ("never", "not_wanted"), ("later", "deferred")):
        assert outcome(world, "destination", "choice", items=wishes(wanted)) == "counted"
        assert fold(*world.both).rest == rest


def test_what_she_wants_again_is_decided_again() -> None:
    world = at("accepted")
    outcome(world, "destination", "choice", items=wishes("never"))
    assert outcome(world, "origin", "disclose") == "disallowed"
    assert outcome(world, "destination", "decide", items=items("accepted")) == "disallowed"
    outcome(world, "origin", "choice", items=wishes("now"))
    assert outcome(world, "origin", "disclose") == "disallowed"
    assert outcome(world, "destination", "progress", items=items("in_delivery")) == "disallowed"
    assert outcome(world, "destination", "decide", items=items("accepted")) == "counted"
    assert fold(*world.both).phase == "accepted"


def test_her_no_is_not_the_agencys() -> None:
    hers, theirs, mixed = (offered("now", "now") for _ in range(3))
    hers.write("destination", "choice", items=wishes("never", "never"))
    no = [Item(number=n, state="unavailable") for n in (1, 2)]
    theirs.write("destination", "acknowledge")
    theirs.write("destination", "decide", items=no)
    assert [fold(*one.both).rest for one in (hers, theirs)] == ["not_wanted", "declined"]
    # Where both have said no, in whatever order, she can still change her mind about hers.
    mixed.write("destination", "acknowledge")
    mixed.write("destination", "choice", items=[word("never", 2)])
    mixed.write("destination", "decide", items=no[:1])
    assert fold(*mixed.both).rest == "not_wanted"
    assert outcome(mixed, "origin", "choice", items=[word("now", 2)]) == "counted"
    found = fold(*mixed.both)
    assert (found.phase, found.items[2].delivery) == ("acknowledged", "requested")


def test_a_step_that_crossed_with_never_has_ended_with_it() -> None:
    world = at("accepted")
    world.write("origin", "choice", items=wishes("never"))
    begun = world.write("destination", "progress", items=items("in_delivery"))
    found = fold(*world.both)
    assert found.outcomes[begun.hash] == "counted"
    assert standing(found) == "resting not_wanted stopped_by_survivor"


def test_one_item_for_later_leaves_the_other_under_way() -> None:
    world = accepted("now", "now")
    outcome(world, "destination", "choice", items=[word("later", 2)])
    assert fold(*world.both).phase == "accepted"
    outcome(world, "destination", "choice", items=[word("later", 1)])
    assert fold(*world.both).rest == "deferred"
    outcome(world, "destination", "choice", items=[word("now", 2)])
    assert fold(*world.both).phase == "accepted"


def test_an_item_of_an_earlier_round_wakes_nothing_beyond_what_was_decided() -> None:
    world = at("completed")
    more = [wish(2, "now")]
    assert outcome(world, "origin", "reopen", items=more) == "counted"
    assert outcome(world, "origin", "choice", items=[word("later", 2)], round=2) == "counted"
    assert fold(*world.both).rest == "deferred"
    assert outcome(world, "origin", "choice", items=[word("now", 2)], round=2) == "counted"
    assert fold(*world.both).phase == "offered"
    outcome(world, "destination", "acknowledge", round=2)
    waiting = [Item(number=2, state="waitlisted")]
    assert outcome(world, "destination", "decide", items=waiting, round=2) == "counted"
    assert fold(*world.both).phase == "acknowledged"
    no = [Item(number=2, state="unavailable")]
    outcome(world, "destination", "decide", items=no, round=2)
    assert fold(*world.both).rest == "declined"


def test_a_round_asks_anew_for_what_was_left_open() -> None:
    world = accepted("now", "now", "now")
    world.write("destination", "progress", items=[Item(number=3, state="completed")])
    outcome(world, "origin", "cancel", cancel_reason="other")
    outcome(world, "destination", "confirm_cancel")
    again = [Item(number=2, wish="later", together_with=1)]
    outcome(world, "origin", "reopen", items=again)
    found = fold(*world.both)
    assert (found.phase, found.round, found.acknowledged) == ("offered", 2, False)
    assert [one.delivery for one in found.items.values()] == ["requested", "requested", "completed"]
    assert (stands(found, 1), stands(found, 2)) == ("now", "later")
    assert found.items[2].together_with == 1
    # An act of the round before is not written any more.
    assert outcome(world, "destination", "acknowledge") == "disallowed"


@pytest.mark.parametrize("child", ["declined_by_agency", "unavailable", "waitlisted", ""])
def test_a_mother_accepted_without_her_child_has_to_be_asked(child: str) -> None:
    world = mother_and_child("accepted", child)
    found = fold(*world.both)
    assert (found.phase, bool(found.items[1].asks), found.items[2].asks) == ("accepted", True, 0)
    assert outcome(world, "destination", "progress", items=items("scheduled")) == "disallowed"
    assert outcome(world, "origin", "choice", items=wishes("now")) == "counted"
    assert fold(*world.both).items[1].asks == 0
    assert outcome(world, "destination", "progress", items=items("scheduled")) == "counted"


def test_a_choice_from_before_the_decision_does_not_answer_it() -> None:
    world = mother_and_child("", "waitlisted")
    world.write("origin", "choice", items=wishes("now"))
    world.write("destination", "decide", items=items("accepted"))
    assert fold(*world.both).items[1].asks
    assert outcome(world, "destination", "choice", items=wishes("never")) == "counted"
    found = fold(*world.both).items[1]
    assert (found.asks, found.delivery) == (0, "declined_by_survivor")


@pytest.mark.parametrize(
    ("mother", "child"),
    [("accepted", "accepted"), ("waitlisted", "unavailable"), ("unavailable", "accepted")],
)
def test_other_decisions_ask_her_nothing(mother: str, child: str) -> None:
    found = fold(*mother_and_child(mother, child).both)
    assert [item.asks for item in found.items.values()] == [0, 0]


def test_a_child_that_is_accepted_after_all_answers_the_question() -> None:
    world = mother_and_child("accepted", "waitlisted")
    yes = [Item(number=2, state="accepted")]
    assert outcome(world, "destination", "decide", items=yes) == "counted"
    assert fold(*world.both).items[1].asks == 0


def test_she_is_not_asked_again_for_what_she_has_answered() -> None:
    world = mother_and_child("accepted", "unavailable")
    outcome(world, "origin", "amend", items=[wish(3, "now")])
    outcome(world, "origin", "choice", items=wishes("now"))
    outcome(world, "destination", "decide", items=[Item(number=3, state="accepted")])
    assert fold(*world.both).items[1].asks == 0


def test_no_question_where_she_herself_does_not_want_the_other() -> None:
    world = mother_and_child("", "waitlisted")
    outcome(world, "origin", "choice", items=[word("never", 2)])
    outcome(world, "destination", "decide", items=items("accepted"))
    assert fold(*world.both).items[1].asks == 0


# Properties.

WORDS = st.sampled_from(STRICT)


@st.composite
def spoken(draw: st.DrawFn) -> World:
    """Choices of both sides that cross in any way, and decisions and steps between them."""
    world = accepted("now", "later") if draw(st.booleans()) else offered("now", "later")
    for _ in range(draw(st.integers(1, 9))):
        side = draw(st.sampled_from(SIDES))
        if draw(st.booleans()):
            world.deliver(side, draw(st.integers(1, 3)))
        number = draw(st.integers(1, 2))
        if side == "origin" or draw(st.integers(0, 2)):
            world.write(side, "choice", items=[word(draw(WORDS), number)])
        else:
            kind = draw(st.sampled_from(["acknowledge", "decide", "progress"]))
            step = "accepted" if kind == "decide" else "in_delivery"
            one = [] if kind == "acknowledge" else [Item(number=number, state=step)]
            world.write(side, kind, items=one)
    return world


def said(world: World, number: int) -> str:
    """The wish by its definition: of each side's last word, the strictest that no other saw."""
    last: dict[Side, tuple[int, int, str]] = {}
    first = {1: "now", 2: "later"}[number]
    last["origin"] = (1, 0, first)
    for side in SIDES:
        for act in world.logs[side]:
            for one in act.entry.items:
                if act.kind == "choice" and one.number == number:
                    text = f"{one.wish} {one.not_before}".strip()
                    last[side] = (act.entry.seq, act.seen, text)
    seen = {side: last[side][1] for side in last}
    open_ = [
        text
        for side, (seq, _, text) in last.items()
        if other(side) not in seen or seq > seen[other(side)]
    ]
    return max(open_, key=STRICT.index)


@profile(150)
@given(world=spoken())
def test_the_wish_is_what_its_definition_says(world: World) -> None:
    found = fold(*world.both)
    for number in found.items:
        assert stands(found, number) == said(world, number)


ENDED = {"declined_by_survivor", "stopped_by_survivor", "completed"}


@profile(150)
@given(world=spoken())
def test_nothing_goes_on_that_she_never_wants(world: World) -> None:
    state = fold(*world.both)
    for item in state.items.values():
        assert item.wish != "never" or item.delivery in ENDED
    wanted = [one for one in state.items.values() if one.delivery not in ENDED]
    if not wanted and state.phase != "active":
        assert state.rest == "not_wanted" or any(
            one.delivery == "stopped_by_survivor" for one in state.items.values()
        )
    if state.rest == "deferred":
        assert {one.wish for one in wanted} == {"later"}


def test_an_item_begins_with_the_word_that_it_was_offered_with() -> None:
    found = fold(*offered("later").both).items[1]
    assert isinstance(found, ItemStatus)
    assert [(one.side, one.seq, one.wish) for one in found.words] == [("origin", 1, "later")]
