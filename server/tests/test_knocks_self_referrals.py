"""Somebody asks for help where no agency knows her yet."""

from __future__ import annotations

from circle import Circle, agency
from knocking import HELP, needs
from nodes import reason
from onward.v1.knocks_pb2 import SelfReferral


def test_somebody_asks_for_help_and_is_answered(circle: Circle) -> None:
    """domain.md R013: no partner, no account, no paper, no name."""
    asked = circle["third"].as_role("intake").refer_self(agency("owner"), HELP)
    circle.settle()
    assert needs(circle["owner"]) == ["knock_waiting"]
    (there,) = circle["owner"].client.list_knocks()
    assert (there.kind, there.agency, there.status) == ("self_referral", agency("third"), "waiting")
    assert there.self_referral == HELP
    circle["owner"].client.answer_knock(there.knock_id, result="cannot_help", reason="no_capacity")
    assert needs(circle["owner"]) == []
    circle.settle()
    found = circle["third"].client.get_knock(asked.knock_id)
    assert (found.status, found.result, found.reason) == ("answered", "cannot_help", "no_capacity")
    assert needs(circle["third"]) == ["knock_waiting"]
    circle["third"].client.answer_knock(asked.knock_id)
    assert needs(circle["third"]) == []
    assert reason(circle["third"].client.answer_knock, asked.knock_id) == "STATE_CONFLICT"


def test_no_status_is_a_reason_to_turn_somebody_away(circle: Circle) -> None:
    circle["third"].client.refer_self(agency("owner"), HELP)
    circle.settle()
    (there,) = circle["owner"].client.list_knocks()
    answer = circle["owner"].client.answer_knock
    for why in ("no_official_status", "remigration_intent", "mental_health_prerequisite"):
        assert reason(answer, there.knock_id, result="cannot_help", reason=why) == "FORBIDDEN_CODE"
    assert reason(answer, there.knock_id, result="cannot_help") == "REASON_REQUIRED"
    assert reason(answer, there.knock_id) == "INVALID_FIELD"
    assert reason(answer, "no-such-knock") == "NOT_FOUND"
    assert not any("status" in field.name for field in SelfReferral.DESCRIPTOR.fields)


def test_whom_somebody_may_be_sent_to(circle: Circle) -> None:
    ask = circle["third"].client.refer_self
    assert reason(ask, agency("third"), HELP) == "WRONG_RECIPIENT"
    assert reason(ask, "nobody.example", HELP) == "AGENCY_UNKNOWN"
    circle.status("owner", "suspended")
    assert reason(ask, agency("owner"), HELP) == "PEER_SUSPENDED"
