"""What the person wants, what she lets flow back, and what waits for its day or for somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from desk import Desk
from nodes import Pair, reason
from onward.v1.categories_pb2 import CaseRecord, ChoiceRecord, Language, OfferRecord
from onward.v1.entry_pb2 import Item, Milestone, Question
from people import DESTINATION, PERMIT, agreed, decision, outcome_record, record, wishes

OFFER = OfferRecord(language=Language(primary="bn"))
DAY = timedelta(days=1)


def reasons() -> ChoiceRecord:
    made = ChoiceRecord()
    made.choice_reasons.choices.add(number=1, reasons=["wants_time"])
    return made


def item(state: str, number: int = 1) -> list[Item]:
    return [Item(number=number, state=state)]


# Choices.


@pytest.mark.parametrize(
    ("feedback", "flows"),
    [("status_and_outcome", True), ("status_only", False), ("nothing", False)],
)
def test_her_choice_always_crosses_her_reasons_only_as_agreed(
    pair: Pair, feedback: str, flows: bool
) -> None:
    referral_id = pair.disclosed((*PERMIT, "choice_reasons"), feedback=feedback)
    there = pair.destination.client
    later = [Item(number=1, wish="later", not_before="2099-01-01")]
    done = there.choice(referral_id, later, record=reasons())
    assert done.entry
    assert not done.journaled
    pair.settle()
    here, theirs = pair.views(referral_id)
    assert here == theirs
    assert (here.items[0].wish, here.items[0].not_before) == ("later", "2099-01-01")
    assert pair.origin.part_rows(referral_id).get("choice_reasons") == ("held" if flows else None)
    kept = [list(n.categories) for n in there.get_referral(referral_id).journal]
    assert kept == ([] if flows else [["choice_reasons"]])
    if flows:
        read = pair.origin.client.open(referral_id).record
        assert read.choice_reasons == reasons().choice_reasons


def test_the_origin_tells_her_reasons_only_if_she_permits(pair: Pair) -> None:
    referral_id = pair.disclosed()
    done = pair.origin.client.choice(
        referral_id, [Item(number=1, wish="undecided")], record=reasons()
    )
    pair.settle()
    assert done.entry, "the choice itself counts in any case"
    assert "choice_reasons" not in pair.destination.part_rows(referral_id)


def test_of_two_choices_that_cross_the_more_restrictive_stands(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.origin.client.choice(referral_id, [Item(number=1, wish="now")])
    pair.destination.client.choice(referral_id, [Item(number=1, wish="never")])
    pair.settle()
    here, there = pair.views(referral_id)
    assert here == there
    assert (here.items[0].wish, here.items[0].state) == ("never", "declined_by_survivor")
    assert here.rest_reason == "not_wanted"
    pair.origin.client.choice(referral_id, [Item(number=1, wish="now")])
    pair.settle()
    here, there = pair.views(referral_id)
    assert here == there
    assert (here.items[0].wish, here.phase) == ("now", "acknowledged"), "she can always come back"


def test_all_for_later_rests_until_she_says_now(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination.client
    there.choice(referral_id, [Item(number=1, wish="later", not_before="2099-01-01")])
    pair.settle()
    assert pair.views(referral_id)[0].rest_reason == "deferred"
    assert reason(there.progress, referral_id, item("scheduled")) == "STATE_CONFLICT"
    pair.origin.client.choice(referral_id, [Item(number=1, wish="now")])
    pair.settle()
    there.progress(referral_id, item("scheduled"))
    pair.settle()
    assert pair.views(referral_id)[0].phase == "accepted"


def test_later_begins_on_its_day_and_not_before(pair: Pair) -> None:
    day = (pair.clock.now() + 10 * DAY).date().isoformat()
    consent_id = pair.origin.client.record_consent(agreed()).consent_id
    items = [Item(number=1, wish="now"), Item(number=2, wish="later", not_before=day)]
    sent = pair.origin.client.offer(
        destination=DESTINATION, consent_id=consent_id, items=items, record=record()
    )
    pair.settle()
    there, referral_id = pair.destination.client, sent.referral.referral_id
    there.acknowledge(referral_id)
    there.decide(referral_id, [*item("accepted"), *item("accepted", 2)])
    pair.clock.advance(9 * DAY)
    pair.publish()
    assert reason(there.progress, referral_id, item("scheduled", 2)) == "WISH_FORBIDS"
    there.progress(referral_id, item("in_delivery"))
    pair.clock.advance(DAY)
    pair.publish()
    there.progress(referral_id, item("scheduled", 2))
    pair.settle()
    assert [one.state for one in pair.views(referral_id)[0].items] == ["in_delivery", "scheduled"]


# Feedback: nothing.


def test_without_feedback_the_destination_asks_nothing(pair: Pair) -> None:
    referral_id = pair.disclosed(feedback="nothing")
    there = pair.destination.client
    before = pair.destination.rows()
    asked = Question(codes=["when_needed"])
    assert reason(there.clarify, referral_id, asked) == "CONSENT_SCOPE"
    assert reason(there.propose_forward, referral_id, pair.origin.agency) != ""
    assert pair.destination.rows() == before


def test_without_feedback_it_keeps_a_journal_of_its_own_and_holds_to_it(pair: Pair) -> None:
    referral_id = pair.disclosed(feedback="nothing")
    there = pair.destination.client
    for done in (
        there.progress(referral_id, item("scheduled")),
        there.pause(referral_id, "wants_time"),
        there.milestone(referral_id, Milestone(code="family_tracing", state="requested")),
    ):
        assert done.journaled
        assert not done.entry
    assert reason(there.pause, referral_id, "childcare") == "STATE_CONFLICT"
    assert reason(there.progress, referral_id, item("in_delivery")) == "STATE_CONFLICT"
    there.resume(referral_id)
    there.progress(referral_id, item("in_delivery"))
    there.follow_up(referral_id, follow_up="welfare_check", record=outcome_record())
    there.complete(referral_id, item("completed"))
    kinds = [note.kind for note in there.get_referral(referral_id).journal]
    assert kinds == ["progress", "pause", "milestone", "resume", "progress", "follow_up",
                     "complete"]  # fmt: skip
    pair.settle()
    seen = {one.entry.kind for one in pair.origin.client.list_entries(referral_id)}
    assert seen == {"offer", "acknowledge", "decide", "disclose"}
    assert pair.views(referral_id)[0].phase == "accepted"


# Time.


def asked_by(pair: Pair, within: timedelta) -> str:
    consent_id = pair.origin.client.record_consent(agreed()).consent_id
    sent = pair.origin.client.offer(
        destination=DESTINATION, consent_id=consent_id, items=wishes(), record=record(),
        respond_by=pair.clock.now() + within,
    )  # fmt: skip
    pair.settle()
    return sent.referral.referral_id


def test_nobody_answers(pair: Pair) -> None:
    referral_id = asked_by(pair, 2 * DAY)
    here = pair.origin.client
    assert reason(here.expire, referral_id) == "STATE_CONFLICT"
    pair.clock.advance(2 * DAY)
    pair.publish()
    assert pair.origin.needs(referral_id) == ["answer_overdue"]
    here.remind(referral_id, respond_by=pair.clock.now() + DAY)
    pair.settle()
    assert pair.origin.needs(referral_id) == []
    assert "reminded" in pair.destination.needs(referral_id)
    assert reason(here.expire, referral_id) == "STATE_CONFLICT", "they were given another day"
    pair.clock.advance(DAY)
    pair.publish()
    here.expire(referral_id)
    pair.settle()
    for desk in pair.desks:
        assert desk.needs(referral_id) == []
    assert pair.views(referral_id)[0].rest_reason == "expired"


def test_who_answers_is_reminded_no_more(pair: Pair) -> None:
    referral_id = asked_by(pair, DAY)
    pair.origin.client.remind(referral_id)
    pair.settle()
    there = pair.destination.client
    there.acknowledge(referral_id)
    there.decide(referral_id, decision())
    assert "reminded" not in pair.destination.needs(referral_id)
    pair.clock.advance(2 * DAY)
    pair.publish()
    pair.settle()
    assert pair.origin.needs(referral_id) == []
    assert reason(pair.origin.client.expire, referral_id) == "STATE_CONFLICT"


@pytest.mark.parametrize("contact", [True, False])
def test_follow_ups_are_due_for_years_if_she_agreed(pair: Pair, contact: bool) -> None:
    purposes = ["service_delivery", *(["follow_up_contact"] if contact else [])]
    referral_id = pair.disclosed(
        purposes=purposes, valid_until=agreed().valid_until, retention_days=3650
    )
    there = pair.destination.client
    there.complete(referral_id, item("completed"))
    pair.settle()
    points = []
    while there.get_referral(referral_id).HasField("next_follow_up"):
        coming = there.get_referral(referral_id).next_follow_up
        points.append(coming.point)
        pair.clock.at = coming.due.ToDatetime(tzinfo=pair.clock.at.tzinfo)
        pair.publish()
        assert pair.destination.needs(referral_id) == (["follow_up_due"] if contact else [])
        there.follow_up(referral_id, follow_up="welfare_check")
        assert pair.destination.needs(referral_id) == []
        pair.settle()
        here, theirs = pair.views(referral_id)
        assert (here.follow_ups, here.rest_reason) == (len(points), "completed")
        assert here == theirs
        if coming.point == "month_12":
            break  # Later, every agency has new keys.
    assert points == ["day_3", "week_2", "month_1", "month_3", "month_6", "month_12"]


def test_who_moves_to_another_country_is_not_closed(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination.client
    there.complete(referral_id, item("completed"))
    there.follow_up(referral_id, follow_up="post_remigration_contact", record=CaseRecord())
    pair.settle()
    here, theirs = pair.views(referral_id)
    assert here == theirs
    assert (here.rest_reason, here.closed) == ("completed", False)
    there.follow_up(referral_id, follow_up="phone_check")
    pair.settle()
    pair.origin.client.reopen(referral_id, [Item(number=1, wish="now")], record=OFFER)
    pair.settle()
    assert pair.views(referral_id)[1].phase == "offered"


# Whatever waits for somebody.

Work = Callable[[Pair, str], Any]


def _here(name: str, *given: Any, **named: Any) -> Work:
    return lambda pair, rid: getattr(pair.origin.client, name)(rid, *given, **named)


def _there(name: str, *given: Any, **named: Any) -> Work:
    return lambda pair, rid: getattr(pair.destination.client, name)(rid, *given, **named)


def _answer(pair: Pair, referral_id: str) -> Any:
    asked = pair.origin.client.get_referral(referral_id).question_entry
    return pair.origin.client.answer(referral_id, answers=asked, record=OFFER)


def _countersign(pair: Pair, referral_id: str) -> Any:
    logs = pair.destination.client.list_entries(referral_id)
    (signed,) = [one.hash for one in logs if one.entry.kind == "handover"]
    return pair.destination.client.handover(referral_id, confirms=signed)


def _step(code: str, state: str, decided: str = "") -> Work:
    return _there("milestone", Milestone(code=code, state=state, decision=decided))


def _wait(pair: Pair, referral_id: str) -> None:
    pair.clock.advance(2 * DAY)
    pair.publish()


PLAN = [
    _step("risk_assessment", "done"), _step("return_decision", "done", "return"),
    _step("travel_plan", "in_progress"), _step("return_decision", "done", "not_yet"),
]  # fmt: skip
WAITING: dict[str, tuple[str, list[Work], Work]] = {
    "cancel_requested": (
        "destination", [_here("cancel", "sent_twice")], _there("confirm_cancel"),
    ),
    "question_open": ("origin", [_there("clarify", Question(codes=["area"]))], _answer),
    "alert": ("destination", [_here("alert", "missing")], _there("pause", "safety")),
    "complaint": ("origin", [_there("complaint", "poor_quality")], _here("remind")),
    "reminded": ("destination", [_here("remind")], _there("progress", item("scheduled"))),
    "decide_offer": (
        "destination",
        [_here("amend", items=[Item(number=3, wish="now")], record=OFFER)],
        _there("decide", item("accepted", 3)),
    ),
    "choice_needed": (
        "destination",
        [
            _here("amend", items=[
                Item(number=3, wish="now"), Item(number=4, wish="now", together_with=3),
            ], record=OFFER),
            _there("decide", [
                Item(number=3, state="declined_by_agency", reason="no_capacity"),
                Item(number=4, state="accepted"),
            ]),
        ],
        _here("choice", [Item(number=4, wish="now")]),
    ),
    "travel_not_ready": ("origin", PLAN, _step("return_decision", "done", "return")),
    "handover_unconfirmed": ("origin", [_here("handover"), _wait], _countersign),
}  # fmt: skip


@pytest.mark.parametrize("code", WAITING)
def test_what_waits_for_somebody_appears_and_goes(pair: Pair, code: str) -> None:
    side, before, settles = WAITING[code]
    referral_id = pair.disclosed()
    desk: Desk = pair.origin if side == "origin" else pair.destination
    assert code not in desk.needs(referral_id)
    for one in before:
        one(pair, referral_id)
        pair.settle()
    assert code in desk.needs(referral_id)
    (found,) = [n for n in desk.client.get_referral(referral_id).needs_human if n.code == code]
    assert found.next_step
    settles(pair, referral_id)
    pair.settle()
    assert code not in desk.needs(referral_id)


# One person, several referrals.


def test_a_star_of_referrals_goes_by_one_consent(pair: Pair) -> None:
    consent_id = pair.origin.client.record_consent(agreed()).consent_id
    made = []
    for _ in range(3):
        sent = pair.origin.client.offer(
            destination=DESTINATION, consent_id=consent_id, items=wishes(), record=record()
        )
        made.append(sent.referral.referral_id)
    pair.settle()
    there = pair.destination.client
    there.acknowledge(made[0])
    there.decide(made[0], decision())
    there.acknowledge(made[1])
    pair.settle()
    assert [pair.views(one)[0].phase for one in made] == ["accepted", "acknowledged", "offered"]
    pair.origin.client.withdraw(made[1], everything=True)
    pair.settle()
    given = {"consent_id": consent_id, "record": record()}
    assert reason(pair.origin.client.disclose, made[0], **given) == "CONSENT_WITHDRAWN"
    assert pair.views(made[2])[0].phase == "offered", "the others are withdrawn by themselves"


def test_of_decisions_that_crossed_both_are_shown_the_most_careful(pair: Pair) -> None:
    referral_id = pair.accepted()
    for desk, said in ((pair.origin, "not_return"), (pair.destination, "return")):
        desk.client.get_referral(referral_id)
        step = Milestone(code="return_decision", state="done", decision=said)
        desk.client.milestone(referral_id, step)
    pair.settle()
    for view in pair.views(referral_id):
        assert [one.milestone.decision for one in view.milestones] == ["not_return"]
