"""Acts that the target must refuse on its own side, before anything is written."""

from __future__ import annotations

from typing import Any

from onward_conformance.check import Bench, check
from onward_conformance.network import Json
from onward_conformance.results import Failed
from onward_conformance.road import (
    accepted,
    acknowledged,
    act,
    active,
    disclosed,
    give,
    offered,
    refuses,
    shown,
    states,
    wishes,
)

DECLINED: Json = {"number": 1, "state": "declined_by_agency"}


@check("ACT-001", "ACT-002", negative=True)
def decision_before_anybody_has_looked(bench: Bench) -> None:
    """A decision needs an acknowledgement first."""
    refuses(bench, offered(bench), "Decide", "STATE_CONFLICT", items=states("accepted"))


@check("ACT-001", "ACT-002", negative=True)
def acknowledgement_twice(bench: Bench) -> None:
    """What was seen is not seen for the first time again."""
    refuses(bench, acknowledged(bench), "Acknowledge", "STATE_CONFLICT")


@check("ACT-001", "ACT-002", negative=True)
def progress_before_a_decision(bench: Bench) -> None:
    """Nothing was accepted."""
    refuses(bench, acknowledged(bench), "Progress", "STATE_CONFLICT", items=states("in_delivery"))


@check("ACT-002", "ACT-001", negative=True)
def act_of_the_other_side(bench: Bench) -> None:
    """Only the origin cancels, reminds and closes."""
    referral = accepted(bench)
    refuses(bench, referral, "Cancel", "STATE_CONFLICT", cancelReason="sent_twice")
    refuses(bench, referral, "Remind", "STATE_CONFLICT")
    refuses(bench, referral, "Close", "STATE_CONFLICT")


def _decides(bench: Bench, reason: str, *items: Json, wish: tuple[str, ...] = ("now",)) -> None:
    refuses(bench, acknowledged(bench, *wish), "Decide", reason, items=list(items))


@check("FOLD-011", "ACT-003", negative=True)
def decision_on_an_item_that_is_not_there(bench: Bench) -> None:
    """The referral has one item, and the decision names another."""
    _decides(bench, "ITEM_UNKNOWN", {"number": 2, "state": "accepted"})


@check("FOLD-011", "ACT-003", negative=True)
def decision_on_one_item_twice(bench: Bench) -> None:
    """Accepted and not available at once."""
    _decides(bench, "ITEM_UNKNOWN", *states("accepted"), *states("unavailable"))


@check("FOLD-011", "ACT-003", negative=True)
def decision_that_is_none(bench: Bench) -> None:
    """A decision is one of four states, and in delivery is not among them."""
    _decides(bench, "ITEM_UNKNOWN", *states("in_delivery"))


@check("FOLD-011", "ACT-003", negative=True)
def decision_with_a_wish(bench: Bench) -> None:
    """What the person wants is said by a choice."""
    _decides(bench, "ITEM_UNKNOWN", {"number": 1, "state": "accepted", "wish": "now"})


@check("FOLD-012", "ACT-004", negative=True)
def decline_without_a_reason(bench: Bench) -> None:
    """Whoever declines says why."""
    _decides(bench, "REASON_REQUIRED", DECLINED)


@check("FOLD-012", "ACT-004", negative=True)
def acceptance_with_a_reason(bench: Bench) -> None:
    """A reason to decline stands beside an acceptance."""
    item = {"number": 1, "state": "accepted", "reason": "no_capacity"}
    _decides(bench, "REASON_REQUIRED", item)


@check("FOLD-013", "ACT-005", "ACT-001", negative=True)
def acceptance_of_what_she_never_wants(bench: Bench) -> None:
    """She has said never, at the target."""
    referral = acknowledged(bench, "now", "now")
    act(bench, referral, "Choice", items=[{"number": 2, "wish": "never"}])
    item = {"number": 2, "state": "accepted"}
    refuses(bench, referral, "Decide", "WISH_FORBIDS", items=[item])


@check("FOLD-013", "ACT-002", negative=True)
def decision_on_what_has_ended(bench: Bench) -> None:
    """One of two items was completed: it is not decided on any more."""
    referral = active(bench, "now", "now")
    act(bench, referral, "Progress", items=states("completed"))
    refuses(bench, referral, "Decide", "STATE_CONFLICT", items=states("waitlisted"))


@check("FOLD-024", "ACT-002", negative=True)
def acceptance_after_a_request_to_cancel(bench: Bench) -> None:
    """The origin asks to cancel: nothing more is accepted or put on a waiting list."""
    referral = acknowledged(bench)
    give(bench, referral, "cancel", cancelReason="sent_twice")
    refuses(bench, referral, "Decide", "STATE_CONFLICT", items=states("accepted"))
    refuses(bench, referral, "Decide", "STATE_CONFLICT", items=states("waitlisted"))


def _progress(bench: Bench, reason: str, *items: Json, wish: tuple[str, ...] = ("now",)) -> None:
    refuses(bench, accepted(bench, *wish), "Progress", reason, items=list(items))


@check("FOLD-014", "ACT-003", negative=True)
def progress_of_an_item_that_is_not_there(bench: Bench) -> None:
    """The referral has one item, and the report names another."""
    _progress(bench, "ITEM_UNKNOWN", {"number": 2, "state": "in_delivery"})


@check("FOLD-014", "ACT-003", negative=True)
def progress_with_a_reason(bench: Bench) -> None:
    """Only a decision gives reasons."""
    item = {"number": 1, "state": "in_delivery", "reason": "no_capacity"}
    _progress(bench, "ITEM_UNKNOWN", item)


@check("FOLD-014", "ACT-003", negative=True)
def progress_with_a_wish(bench: Bench) -> None:
    """What the person wants is said by a choice."""
    item = {"number": 1, "state": "in_delivery", "wish": "now"}
    _progress(bench, "ITEM_UNKNOWN", item)


@check("FOLD-014", "ACT-002", negative=True)
def step_that_the_table_does_not_allow(bench: Bench) -> None:
    """What is in delivery is not scheduled any more; what was accepted is not paused."""
    _progress(bench, "STATE_CONFLICT", *states("paused"))
    refuses(bench, active(bench), "Progress", "STATE_CONFLICT", items=states("scheduled"))


@check("FOLD-015", "ACT-005", negative=True)
def progress_of_what_she_wants_later(bench: Bench) -> None:
    """She wants it later: it is neither offered to her nor scheduled."""
    referral = accepted(bench, "now", "later")
    item = {"number": 2, "state": "scheduled"}
    refuses(bench, referral, "Progress", "WISH_FORBIDS", items=[item])


@check("FOLD-015", "ACT-002", negative=True)
def progress_during_a_pause(bench: Bench) -> None:
    """Nothing moves ahead while the target pauses."""
    referral = accepted(bench)
    act(bench, referral, "Pause", pauseReason="travel")
    refuses(bench, referral, "Progress", "STATE_CONFLICT", items=states("in_delivery"))
    act(bench, referral, "Resume")
    act(bench, referral, "Progress", items=states("in_delivery"))


@check("FOLD-035", "ACT-010", negative=True)
def progress_of_what_she_has_not_decided_on(bench: Bench) -> None:
    """She is undecided: it can be offered to her, and not begun."""
    referral = accepted(bench, "undecided")
    refuses(bench, referral, "Progress", "CHOICE_NEEDED", items=states("in_delivery"))
    act(bench, referral, "Progress", items=states("offered"))


@check("CHOI-009", "ACT-010", negative=True)
def mother_without_her_child(bench: Bench) -> None:
    """Accepted without the item that it belongs to: it waits for her choice, and then goes on."""
    pair = [{"number": 1, "wish": "now", "togetherWith": 2}, {"number": 2, "wish": "now"}]
    referral = acknowledged(bench, items=pair)
    act(bench, referral, "Decide", items=states("accepted", "unavailable"))
    if shown(bench, referral).get("choiceNeeded") != [1]:
        raise Failed("item 1 to wait for her choice", shown(bench, referral), by="FOLD-015")
    refuses(bench, referral, "Progress", "CHOICE_NEEDED", items=states("scheduled"))
    act(bench, referral, "Choice", items=wishes("now"))
    act(bench, referral, "Progress", items=states("scheduled"))


def _rests(bench: Bench) -> Any:
    """A referral that rests as declined."""
    referral = acknowledged(bench)
    act(bench, referral, "Decide", items=[DECLINED | {"reason": "no_capacity"}])
    return referral


@check("FOLD-016", "ACT-002", negative=True)
def service_under_a_referral_that_was_declined(bench: Bench) -> None:
    """It rests as declined: no progress, no follow-up and no handover."""
    referral = _rests(bench)
    refuses(bench, referral, "Progress", "STATE_CONFLICT", items=states("in_delivery"))
    refuses(bench, referral, "FollowUp", "STATE_CONFLICT", followUp="home_visit")
    refuses(bench, referral, "Handover", "STATE_CONFLICT")


@check("FOLD-016")
def follow_up_after_completing(bench: Bench) -> None:
    """It rests as completed: follow-ups go on."""
    referral = active(bench)
    act(bench, referral, "Complete", items=states("completed"))
    act(bench, referral, "FollowUp", followUp="home_visit")


@check("FOLD-017", "ACT-002", negative=True)
def completing_with_an_item_open(bench: Bench) -> None:
    """One of two items was accepted and has not ended."""
    referral = active(bench, "now", "now")
    refuses(bench, referral, "Complete", "STATE_CONFLICT", items=states("completed"))


@check("FOLD-018", "ACT-002", negative=True)
def handover_signed_twice(bench: Bench) -> None:
    """Each side signs once."""
    referral = active(bench)
    act(bench, referral, "Handover")
    refuses(bench, referral, "Handover", "STATE_CONFLICT")


@check("FOLD-018", negative=True)
def handover_that_confirms_none(bench: Bench) -> None:
    """It names a handover of the origin, which has not signed."""
    referral = active(bench)
    refuses(bench, referral, "Handover", "STATE_CONFLICT", confirms="A" * 43)


@check("FOLD-032", "ACT-002", negative=True)
def answers_to_what_nobody_asked(bench: Bench) -> None:
    """No request to cancel, no pause: neither is confirmed or ended. And a pause begins once."""
    referral = accepted(bench)
    refuses(bench, referral, "ConfirmCancel", "STATE_CONFLICT")
    refuses(bench, referral, "Resume", "STATE_CONFLICT")
    act(bench, referral, "Pause", pauseReason="travel")
    refuses(bench, referral, "Pause", "STATE_CONFLICT", pauseReason="family")


@check("FOLD-033", "ACT-002", negative=True)
def correction_of_the_other_sides_part(bench: Bench) -> None:
    """The target corrects what the origin wrote."""
    referral = disclosed(bench)
    parts = shown(bench, referral)["parts"]
    name = next(one["digest"] for one in parts if one["category"] == "name")
    refuses(bench, referral, "Correct", "STATE_CONFLICT", corrects=[name])


@check("FOLD-036", "FOLD-015", negative=True)
def correction_of_what_she_wants_later(bench: Bench) -> None:
    """A correction is no way around her wish."""
    referral = accepted(bench, "now", "later")
    item = {"number": 2, "state": "in_delivery"}
    refuses(bench, referral, "Correct", "WISH_FORBIDS", items=[item])


@check("FOLD-036", negative=True)
def correction_of_what_was_not_taken_on(bench: Bench) -> None:
    """An item that was not available is not said to be in delivery."""
    referral = acknowledged(bench, "now", "now")
    act(bench, referral, "Decide", items=states("accepted", "unavailable"))
    item = {"number": 2, "state": "in_delivery"}
    refuses(bench, referral, "Correct", "STATE_CONFLICT", items=[item])


@check("ACT-017", negative=True)
def correction_of_nothing(bench: Bench) -> None:
    """It names neither a part nor an item."""
    refuses(bench, accepted(bench), "Correct", "INVALID_FIELD")


@check("ACT-014", negative=True)
def proposal_of_a_stranger(bench: Bench) -> None:
    """The agency that is proposed is not on the list."""
    stranger = bench.cast.stranger.name
    refuses(bench, accepted(bench), "ProposeForward", "AGENCY_UNKNOWN", forwardTo=stranger)


@check("MILE-003", negative=True)
def journey_before_her_decision(bench: Bench) -> None:
    """No travel plan before the risks are assessed and she has decided to return."""
    plan = {"code": "travel_plan", "state": "in_progress"}
    refuses(bench, accepted(bench), "Milestone", "TRAVEL_NOT_READY", milestone=plan)


@check("GRNT-020", negative=True)
def reading_for_another_purpose(bench: Bench) -> None:
    """The grant names one purpose, and the person reads for another."""
    purpose = {"purpose": "law_enforcement_intelligence"}
    refuses(bench, disclosed(bench), "Open", "PURPOSE_NOT_GRANTED", write=purpose)
