"""Reading in an emergency: two persons, a quarter of an hour, the audit first, a review after."""

from __future__ import annotations

from datetime import timedelta

from emergencies import waits
from holding import place
from nodes import Pair, reason
from onward.client import Client
from onward.v1.holds_pb2 import EmergencyOpening
from people import record

WHY = "danger_to_life"


def person(pair: Pair, login: str) -> Client:
    """Somebody at the destination who may ask, approve and review."""
    return pair.destination.as_role("supervisor", login)


def asked(pair: Pair, referral_id: str, *categories: str) -> EmergencyOpening:
    """A caseworker asks."""
    here = pair.destination.client
    return here.request_break_glass(referral_id, reason=WHY, categories=categories or ("name",))


def opened(pair: Pair, referral_id: str, *categories: str) -> EmergencyOpening:
    """Two persons have approved."""
    one = asked(pair, referral_id, *categories)
    person(pair, "s-1").approve_break_glass(one.opening_id)
    return person(pair, "s-2").approve_break_glass(one.opening_id)


def test_two_persons_open_what_is_sealed(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    there = pair.destination.client
    assert reason(there.open, referral_id) == "PART_GONE"
    one = opened(pair, referral_id, "name", "contact_safe")
    assert one.state == "approved"
    read = there.open_break_glass(one.opening_id)
    assert read.record.name == record().name
    assert read.record.HasField("contact_safe")
    assert not read.record.HasField("date_of_birth"), "nobody asked for it"
    assert read.opening.uses == 1
    assert reason(there.open, referral_id) == "PART_GONE", "it stays sealed for everybody else"
    assert not pair.destination.due(), "nothing of it goes to the other side"


def test_what_only_an_order_keeps_is_opened_for_the_authority_alone(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination.client
    place(pair.destination, referral_id, "name")
    pair.origin.client.get_referral(referral_id)
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    assert there.open_break_glass(opened(pair, referral_id).opening_id).record.HasField("name")
    pair.erase()
    kept = opened(pair, referral_id)
    assert reason(there.open_break_glass, kept.opening_id) == "PART_GONE"
    asked = there.request_break_glass(referral_id, reason="authority_order", categories=["name"])
    for login in ("s-1", "s-2"):
        person(pair, login).approve_break_glass(asked.opening_id)
    assert there.open_break_glass(asked.opening_id).record.HasField("name")


def test_also_against_the_purpose_of_the_grant_and_of_its_own(pair: Pair) -> None:
    referral_id = pair.disclosed()
    there = pair.destination.client
    assert reason(there.open, referral_id, purpose="legal_aid") == "PURPOSE_NOT_GRANTED"
    one = opened(pair, referral_id)
    assert there.open_break_glass(one.opening_id, purpose="legal_aid").record.HasField("name")
    here = pair.origin.client
    mine = here.request_break_glass(referral_id, reason=WHY, categories=["name"])
    for login in ("s-1", "s-2"):
        pair.origin.as_role("supervisor", login).approve_break_glass(mine.opening_id)
    assert here.open_break_glass(mine.opening_id).record.name == record().name


def test_what_is_destroyed_stays_so(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    one = opened(pair, referral_id)
    pair.destination.client.open_break_glass(one.opening_id)
    pair.destination.client.erase(referral_id)
    read = pair.destination.client.open_break_glass
    assert reason(read, one.opening_id) == "PART_GONE"


def test_two_persons_and_not_one_twice(pair: Pair) -> None:
    referral_id = pair.disclosed()
    one = asked(pair, referral_id)
    read = pair.destination.client.open_break_glass
    assert reason(read, one.opening_id) == "APPROVAL_NEEDED"
    first = person(pair, "s-1")
    first.approve_break_glass(one.opening_id)
    assert reason(first.approve_break_glass, one.opening_id) == "APPROVAL_NEEDED"
    assert reason(read, one.opening_id) == "APPROVAL_NEEDED"
    assert reason(pair.destination.client.approve_break_glass, one.opening_id) == (
        "ROLE_INSUFFICIENT"
    )


def test_a_quarter_of_an_hour(pair: Pair) -> None:
    one = opened(pair, pair.disclosed())
    read = pair.destination.client.open_break_glass
    pair.clock.advance(timedelta(minutes=14))
    read(one.opening_id)
    pair.clock.advance(timedelta(minutes=1))
    assert reason(read, one.opening_id) == "APPROVAL_OVER"


def test_a_refusal_and_a_day_end_it(pair: Pair) -> None:
    referral_id = pair.disclosed()
    one, two = asked(pair, referral_id), asked(pair, referral_id)
    assert person(pair, "s-1").approve_break_glass(one.opening_id, refuse=True).state == "refused"
    assert reason(person(pair, "s-2").approve_break_glass, one.opening_id) == "APPROVAL_OVER"
    assert reason(pair.destination.client.open_break_glass, one.opening_id) == "APPROVAL_OVER"
    pair.clock.advance(timedelta(days=1))
    assert reason(person(pair, "s-2").approve_break_glass, two.opening_id) == "APPROVAL_OVER"


def test_nobody_reads_who_neither_asked_nor_approved(pair: Pair) -> None:
    one = opened(pair, pair.disclosed())
    assert reason(person(pair, "s-9").open_break_glass, one.opening_id) == "APPROVAL_NEEDED"
    person(pair, "s-1").open_break_glass(one.opening_id)
    intake = pair.destination.as_role("intake")
    assert reason(intake.open_break_glass, one.opening_id) == "ROLE_INSUFFICIENT"


def test_the_audit_comes_first(pair: Pair) -> None:
    """With the very database refusing the audit's row, nothing is read and nothing is counted."""
    referral_id = pair.disclosed()
    one = opened(pair, referral_id)
    there = pair.destination
    with there.store.engine.connect() as raw:
        raw.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        raw.commit()
    read = []
    decrypt = there.keys.decrypt
    there.keys.decrypt = lambda key, *rest: (read.append(key), decrypt(key, *rest))[1]  # type: ignore[method-assign]
    assert reason(there.client.open_break_glass, one.opening_id) == "UNAVAILABLE"
    assert not [key for key in read if referral_id in key]
    with there.store.engine.connect() as raw:
        raw.exec_driver_sql("DROP TRIGGER full")
        raw.commit()
    read.clear()
    assert there.client.open_break_glass(one.opening_id).opening.uses == 1
    assert [key for key in read if referral_id in key]


def test_the_audit_says_who_why_and_what(pair: Pair) -> None:
    referral_id = pair.disclosed()
    one = opened(pair, referral_id, "name", "sex")
    pair.destination.client.open_break_glass(one.opening_id, purpose="health_emergency")
    last = list(person(pair, "s-9").list_audit())[-1]
    assert (last.action, last.actor, last.purpose) == (
        "break_glass_open",
        "u-17",
        "health_emergency",
    )
    assert (last.referral_id, list(last.categories)) == (referral_id, ["name", "sex"])


def test_review_by_who_neither_asked_nor_approved(pair: Pair) -> None:
    referral_id = pair.disclosed()
    one = asked(pair, referral_id)
    found = pair.destination.client.list_needs_human()
    (waiting,) = (item for item in found if item.approval_id)
    assert (waiting.code, waiting.referral_id) == ("break_glass_to_approve", referral_id)
    looked = person(pair, "s-1").get_break_glass(one.opening_id)
    assert (looked.reason, list(looked.categories)) == (WHY, ["name"])
    for login in ("s-1", "s-2"):
        person(pair, login).approve_break_glass(one.opening_id)
    pair.destination.client.open_break_glass(one.opening_id)
    early = person(pair, "s-3").review_break_glass
    assert reason(early, one.opening_id, "justified") == "REVIEW_TOO_EARLY"
    pair.clock.advance(timedelta(days=8))
    found = pair.destination.client.list_needs_human()
    (due,) = (item for item in found if item.approval_id)
    assert (due.code, due.days) == ("break_glass_review_due", 0)
    for login in ("u-17", "s-1", "s-2"):
        who = person(pair, login)
        assert reason(who.review_break_glass, one.opening_id, "justified") == "APPROVAL_NEEDED"
    done = person(pair, "s-3").review_break_glass(one.opening_id, "unjustified")
    assert (done.finding, done.reviewed.actor) == ("unjustified", "s-3")
    assert waits(pair) == {}
    assert not [i for i in pair.destination.client.list_needs_human() if i.approval_id]


def test_what_was_read_and_then_refused_is_reviewed(pair: Pair) -> None:
    one = opened(pair, pair.disclosed())
    there = pair.destination.client
    there.open_break_glass(one.opening_id)
    person(pair, "s-1").approve_break_glass(one.opening_id, refuse=True)
    assert reason(there.open_break_glass, one.opening_id) == "APPROVAL_OVER"
    waiting = [item.code for item in there.list_needs_human() if item.approval_id]
    assert waiting == ["break_glass_review_due"]


def test_what_is_not_there(pair: Pair) -> None:
    here = pair.destination.client
    ask = {"reason": WHY, "categories": ["name"]}
    assert reason(here.request_break_glass, "r" * 22, **ask) == "NOT_FOUND"
    assert reason(here.open_break_glass, "o" * 22) == "NOT_FOUND"
    referral_id = pair.offer()
    for category in ("grant", "nowhere"):
        ask = {"reason": WHY, "categories": [category]}
        assert reason(here.request_break_glass, referral_id, **ask) == "UNKNOWN_CODE"
    basis_id = opened(pair, referral_id).opening_id
    assert reason(here.get_basis, basis_id) == "NOT_FOUND"
