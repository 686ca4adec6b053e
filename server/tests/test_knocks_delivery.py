"""Knocks between agencies that need not know each other: bounded, once, and without content."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from circle import Circle, agency
from knocking import ANSWER, COMPLAINT, HELP, SERVICES, claim, give, needs, refer, send
from nodes import reason
from onward.core import spec
from onward.core.parse import to_json
from onward.v1.knocks_local_pb2 import MakeStandingOfferRequest
from onward.v1.knocks_pb2 import Knock


def test_knocks_hold_codes_and_nothing_personal() -> None:
    """By their schema: no free text, no telephone number, no category."""
    seen, todo = set(), [Knock.DESCRIPTOR]
    while todo:
        message = todo.pop()
        seen.add(message.name)
        assert spec.category_of(message) is None
        for field in message.fields:
            if field.message_type is not None:
                todo += [field.message_type] if field.message_type.name != "Timestamp" else []
                continue
            if field.type == field.TYPE_STRING:
                assert not spec.rule(field).text
    assert {"Claim", "ClaimAnswer", "SelfReferral", "ComplaintNotice"} <= seen


def test_a_barred_agency_gets_nothing_through(circle: Circle) -> None:
    code = give(circle["owner"]).code
    circle["third"].client.claim(code, answer=ANSWER)
    circle["third"].client.refer_self(agency("owner"), HELP)
    outgoing = circle["third"].due()
    circle.status("third", "suspended")
    for one in outgoing:
        result = circle.deliver(one, circle.named(one.recipient))
        assert not result.receipt
    assert circle["owner"].rows()["knocks"] == 0


def test_floods_are_bounded(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a quota for each sender; what takes back has one of its own."""
    from onward_server.service import claims

    monkeypatch.setattr(claims, "A_DAY", 3)
    results = []
    for number in range(5):
        knock = Knock(knock_id=f"flood-{number:06}", self_referral=HELP)
        knock.time.FromSeconds(int(circle.clock.seconds()))
        results.append(send(circle, "third", "owner", knock))
    assert results == ["", "", "", "TOO_MANY_TRIES", "TOO_MANY_TRIES"]
    rows = circle["owner"].rows()
    assert (rows["knocks"], rows["deliveries"]) == (3, 3)
    code = give(circle["owner"]).code
    assert claim(circle, "fourth", code).status == "confirmed", "others are not held up"
    knock = Knock(knock_id="flood-withdrawal")
    knock.time.FromSeconds(int(circle.clock.seconds()))
    knock.claim.purpose, knock.claim.serial, knock.claim.proof = "withdraw", "000", "A" * 43
    assert send(circle, "third", "owner", knock) == ""
    assert reason(circle["third"].client.refer_self, agency("peer"), HELP) == ""
    circle.clock.advance(timedelta(days=1, seconds=1))
    again = Knock(knock_id="flood-tomorrow", self_referral=HELP, time=knock.time)
    circle.publish()
    assert send(circle, "third", "owner", again) == ""


def test_the_same_knock_counts_once(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its receipt was lost: it is sealed anew, under another message id."""
    from onward_server.service import knock_inbox

    code = give(circle["owner"]).code
    circle["third"].client.claim(code, answer="melon")
    for _ in range(3):
        for outgoing in circle["third"].due():
            circle.deliver(outgoing, circle.named(outgoing.recipient))
    (row,) = circle["owner"].store.read(lambda tx: tx.guessing(1, circle.clock.now()))
    assert row.failures == 1
    monkeypatch.setattr(knock_inbox, "MOST_TIMES", 3)
    again = [circle.deliver(o, circle.named(o.recipient)) for o in circle["third"].due()]
    assert not any(result.receipt for result in again)
    circle.settle()
    (mine,) = circle["third"].client.list_knocks()
    assert mine.status in ("pending", "not_confirmed")


def test_somebody_elses_knock_id_is_refused(circle: Circle) -> None:
    knock = Knock(knock_id="the-same-knock-id", self_referral=HELP)
    knock.time.FromSeconds(int(circle.clock.seconds()))
    assert send(circle, "third", "owner", knock) == ""
    assert send(circle, "peer", "owner", knock) == "MESSAGE_ID_REUSED"


def test_what_cannot_be_delivered_is_shown_after_two_weeks(circle: Circle) -> None:
    asked = circle["third"].client.refer_self(agency("owner"), HELP)
    circle.carry(circle["third"], to=[])
    circle.clock.advance(timedelta(days=14, hours=1))
    circle.publish()
    assert circle["third"].due() == []
    assert circle["third"].client.get_knock(asked.knock_id).status == "expired"
    assert needs(circle["third"]) == ["undelivered"]
    assert circle["third"].store.read(lambda tx: tx.due_posts(circle.clock.now(), 9)) == []
    circle["third"].client.answer_knock(asked.knock_id)
    assert needs(circle["third"]) == []


def test_content_leaves_the_post_with_its_receipt(circle: Circle) -> None:
    circle["third"].client.lodge_complaint(COMPLAINT)
    circle["third"].client.refer_self(agency("owner"), HELP)
    circle.settle()
    with circle["third"].store.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT state, content FROM knock_posts").all()
    assert {tuple(row) for row in found} == {("sent", None)}
    assert circle["owner"].rows()["knock_posts"] == 0


def test_roles_and_scopes(circle: Circle) -> None:
    intake = circle["owner"].as_role("intake")
    made = reason(intake.make_standing_offer, services=SERVICES, question="fruit", answer="x")
    assert made == "ROLE_INSUFFICIENT"
    scopes = {rpc.scope for rpc in spec.rpcs().values() if rpc.service == "Knocks"}
    assert scopes == {f"knocks:{one}" for one in ("offer", "claim", "read", "answer", "complain")}
    listed = list(circle["owner"].client.list_knocks())
    circle["owner"].scopes = frozenset()
    assert reason(lambda: list(circle["owner"].client.list_knocks())) == "SCOPE_INSUFFICIENT"
    assert listed == []
    assert set(spec.roles()["intake"].scopes) & scopes == scopes - {"knocks:offer"}
    rule = MakeStandingOfferRequest.DESCRIPTOR.fields_by_name["answer"]
    assert not spec.rule(rule).text


def test_T27_nothing_in_notifications_carries_content(circle: Circle) -> None:
    """domain.md T27: a watcher learns that something happened, and in which referral."""
    referral_id = refer(circle, "owner", "peer")
    code = give(circle["owner"], referral_ids=[referral_id]).code
    claim(circle, "third", code)
    circle["third"].client.refer_self(agency("owner"), HELP)
    circle["third"].client.lodge_complaint(COMPLAINT)
    circle.settle()
    claim(circle, "fourth", code, to="withdraw")
    kinds = set()
    for desk in circle.desks.values():
        for event in desk.node.events("", 1000):
            told = json.loads(to_json(event))
            assert set(told) <= {"cursor", "kind", "referralId"}
            assert told["cursor"].isdigit()
            assert told["kind"] in spec.registries()["event_kind"].codes
            assert told.get("referralId", referral_id) == referral_id
            kinds.add(told["kind"])
            if told["kind"] == "knock":
                assert "referralId" not in told, "a knock is of no referral, and its id stays here"
    assert {"entry", "receipt", "knock"} <= kinds
