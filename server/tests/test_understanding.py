"""First contact: a person who knows what she agreed to, and one who was told something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from nodes import Pair, reason
from onward.v1.consents_local_pb2 import Understanding
from people import PERMIT, record

SAID: dict[str, Any] = {
    "categories": PERMIT, "purposes": ["service_delivery"], "feedback": "status_and_outcome",
}  # fmt: skip


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = Pair(tmp_path_factory.mktemp("pair"))
    yield made
    made.close()


def asked(pair: Pair, referral_id: str, **changes: Any) -> Understanding:
    return pair.destination.client.check_understanding(referral_id, **SAID | changes)


def alerts(pair: Pair, referral_id: str) -> list[str]:
    entries = pair.destination.client.list_entries(referral_id)
    return [one.entry.alert for one in entries if one.entry.kind == "alert"]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"categories": [*PERMIT, "hiv"]},
        {"purposes": ["service_delivery", "research"]},
    ],
)
def test_the_same_or_more_is_no_mismatch(pair: Pair, more: dict[str, Any]) -> None:
    referral_id = pair.disclosed()
    found = asked(pair, referral_id, **more)
    assert found == Understanding(matches=True)
    assert alerts(pair, referral_id) == []
    last = list(pair.destination.client.list_audit())[-1]
    assert (last.action, last.referral_id) == ("understanding", referral_id)


MISMATCHES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a category": ({"categories": PERMIT[1:]}, {"not_agreed": ["name"]}),
    "all of it": ({"categories": []}, {"not_agreed": sorted(PERMIT)}),
    "the purpose": ({"purposes": ["legal_aid"]}, {"purposes_not_agreed": ["service_delivery"]}),
    "what flows back": ({"feedback": "status_only"}, {"feedback_not_agreed": True}),
    "that anything flows back": ({"feedback": "nothing"}, {"feedback_not_agreed": True}),
}


@pytest.mark.parametrize("what", MISMATCHES)
def test_less_is_told_and_warned_of_and_destroys_nothing(pair: Pair, what: str) -> None:
    said, expected = MISMATCHES[what]
    referral_id = pair.disclosed()
    before = pair.destination.part_rows(referral_id)
    found = asked(pair, referral_id, **said)
    assert found.recorded.entry
    answer = Understanding()
    answer.CopyFrom(found)
    answer.ClearField("recorded")
    assert answer == Understanding(**expected)
    assert alerts(pair, referral_id) == ["consent_mismatch"]
    pair.settle()
    assert "consent_mismatch" in pair.origin.needs(referral_id)
    assert "alert" not in pair.origin.needs(referral_id), "it is no danger"
    assert pair.destination.part_rows(referral_id) == before
    actions = [one.action for one in pair.destination.client.list_audit()]
    assert "understanding" in actions[-4:]


def test_a_repeated_request_warns_once(pair: Pair) -> None:
    referral_id = pair.disclosed()
    asked_once: dict[str, Any] = {"categories": [], "request_id": "contact-0001"}
    first = asked(pair, referral_id, **asked_once)
    again = asked(pair, referral_id, **asked_once)
    assert again.recorded.entry == first.recorded.entry
    assert (again.not_agreed, again.matches) == (first.not_agreed, False)
    assert alerts(pair, referral_id) == ["consent_mismatch"]
    assert reason(asked, pair, referral_id, request_id="contact-0001") == "REQUEST_ID_REUSED"
    asked(pair, referral_id, categories=[])
    assert len(alerts(pair, referral_id)) == 2, "another contact is another warning"


def test_the_next_act_goes_on_from_the_alert(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.destination.client.get_referral(referral_id)
    asked(pair, referral_id, categories=[])
    assert reason(pair.destination.client.handover, referral_id) == ""


def test_what_was_taken_back_is_no_mismatch(pair: Pair) -> None:
    referral_id = pair.disclosed()
    pair.origin.client.withdraw(referral_id, categories=["name"])
    pair.settle()
    assert asked(pair, referral_id, categories=PERMIT[1:]).matches
    pair.origin.client.withdraw(referral_id, everything=True)
    pair.settle()
    assert asked(pair, referral_id, categories=[], purposes=[], feedback="nothing").matches


def test_what_an_older_grant_brought_counts_too(pair: Pair) -> None:
    referral_id = pair.disclosed()
    newer = pair.origin.client.get_consent(pair.consent_id)
    newer.permit[:] = ["sex"]
    newer.feedback = "nothing"
    pair.origin.client.record_consent(newer)
    only = record()
    for name in [one.name for one, _ in only.ListFields() if one.name != "sex"]:
        only.ClearField(name)
    pair.disclose(referral_id, only)
    found = asked(pair, referral_id, categories=["sex"], feedback="nothing")
    assert "name" in found.not_agreed, "it is still held"
    assert not found.feedback_not_agreed, "the newest grant says what flows back"


def test_only_the_destination_is_asked(pair: Pair) -> None:
    referral_id = pair.disclosed()
    here = pair.origin.client
    assert reason(here.check_understanding, referral_id, **SAID) == "STATE_CONFLICT"
    there = pair.destination.client
    assert reason(there.check_understanding, "no-such-referral", **SAID) == "NOT_FOUND"
    reader = pair.destination.as_role("publisher").check_understanding
    assert reason(reader, referral_id, **SAID) == "ROLE_INSUFFICIENT"


def test_nothing_flows_back_and_the_warning_does(pair: Pair) -> None:
    referral_id = pair.disclosed(feedback="nothing")
    found = asked(pair, referral_id, categories=[], feedback="nothing")
    assert found.recorded.entry
    pair.settle()
    assert "consent_mismatch" in pair.origin.needs(referral_id)
