"""A new round takes nothing over that would be an acceptance."""

from __future__ import annotations

from builders import accepted, items, wishes
from onward.core.fold import fold
from onward.core.transitions import refusal


def test_what_was_reported_of_the_round_before_wakes_to_no_acceptance() -> None:
    world = accepted("now", "now")
    world.write("destination", "progress", items=items("in_delivery"))
    world.write("destination", "complete", items=items("completed", "completed"))
    world.meet()
    world.write("origin", "reopen", items=wishes("now", "now"))
    # It crosses: the destination reports of the round that it knows.
    late = world.write("destination", "correct", items=items("scheduled", "scheduled"))
    world.meet()
    world.write("origin", "choice", items=wishes("later", "later"), round=2)
    world.meet()
    world.write("origin", "choice", items=wishes("now", "now"), round=2)
    world.meet()
    state = fold(*world.both)
    assert state.outcomes[late.hash] == "counted"
    assert state.round == 2
    assert state.phase == "offered"
    told = world.write("origin", "disclose", round=2)
    assert refusal(state, told) == "STATE_CONFLICT"
