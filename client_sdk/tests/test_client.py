"""What the client adds to a call: who acts, what was seen, other tries, and pages."""

from __future__ import annotations

import json

import pytest
from joserfc import jws

from client_node import ID, KEY, QUICK, Behaviour, heads
from every_call import EVERY_CALL
from onward import errors
from onward.calls import offer_record
from onward.client import Client
from onward.core import jose, spec
from onward.session import Session
from onward.transports.memory import Memory
from onward.v1.categories_pb2 import CaseRecord, OfferRecord
from onward.v1.referral_pb2 import Referral


def test_a_write_says_who_acts_and_what_for(user: Client, node: Behaviour) -> None:
    user.offer(**EVERY_CALL["offer"][1])
    user.offer(**EVERY_CALL["offer"][1], purpose="case_coordination", request_id="request-0001")
    first, second = (request.write for request in node.got)
    assert first.purpose == "service_delivery"
    assert second.purpose == "case_coordination"
    assert second.request_id == "request-0001"
    assert len(first.request_id) >= 16
    assert not first.HasField("expected_heads")
    public = jose.load_key(dict(KEY.as_dict(private=False)))
    claims = json.loads(jws.deserialize_compact(first.actor, public, ["ES256"]).payload)
    assert (claims["iss"], claims["sub"], claims["role"]) == ("a.example", "u-17", "caseworker")


def test_a_write_is_based_on_what_this_client_saw_last(user: Client, node: Behaviour) -> None:
    user.get_referral(ID)
    user.acknowledge(ID)
    user.decide(*EVERY_CALL["decide"][0])
    assert node.names() == ["GetReferral", "Acknowledge", "Decide"]
    assert [request.write.expected_heads.origin.seq for request in node.got[1:]] == [1, 2]


def test_what_was_never_seen_is_read_first(user: Client, node: Behaviour) -> None:
    user.acknowledge(ID)
    assert node.names() == ["GetReferral", "Acknowledge"]
    assert node.got[1].write.expected_heads == heads(1)


def test_opened_and_listed_referrals_count_as_seen(user: Client, node: Behaviour) -> None:
    user.open(ID)
    user.close(ID)
    assert node.names() == ["GetReferral", "Open", "Close"]
    list(user.list_referrals())
    with pytest.raises(errors.HeadsChanged):
        user.acknowledge("referral-2")
    assert node.got[-1].write.expected_heads == heads(7)


def test_heads_may_be_given(user: Client, node: Behaviour) -> None:
    user.acknowledge(ID, heads=heads(1))
    user.close(ID, heads=Referral(heads=heads(2)))
    assert node.names() == ["Acknowledge", "Close"]


def test_a_referral_that_moved_is_not_written_to_behind_the_users_back(
    user: Client, node: Behaviour
) -> None:
    user.get_referral(ID)
    node.seq = 5
    for _ in range(2):
        with pytest.raises(errors.HeadsChanged) as caught:
            user.acknowledge(ID)
        assert caught.value.heads == heads(5)
    user.get_referral(ID)
    user.acknowledge(ID)
    assert node.names() == [
        "GetReferral",
        "Acknowledge",
        "Acknowledge",
        "GetReferral",
        "Acknowledge",
    ]


def test_another_actor_has_seen_nothing(user: Client, node: Behaviour) -> None:
    user.get_referral(ID)
    other = user.acting_as("u-18", role="intake", purpose="case_coordination")
    other.acknowledge(ID)
    assert node.names() == ["GetReferral", "GetReferral", "Acknowledge"]
    write = node.got[-1].write
    claims = json.loads(jose.peek(write.actor))
    assert (claims["sub"], claims["role"], write.purpose) == ("u-18", "intake", "case_coordination")


def test_a_withdrawal_looks_at_nothing_first(user: Client, node: Behaviour) -> None:
    user.withdraw(ID, categories=["sex"], destroy_now=True)
    user.erase(ID)
    assert node.names() == ["Withdraw", "Erase"]
    assert not any(request.write.HasField("expected_heads") for request in node.got)
    assert list(node.got[0].withdrawal.categories) == ["sex"]
    assert node.got[0].destroy_now
    for both in ({}, {"everything": True, "categories": ["sex"]}):
        with pytest.raises(ValueError, match="either everything or some"):
            user.withdraw(ID, **both)  # type: ignore[arg-type]


def test_an_offer_takes_of_a_case_record_only_what_it_can_hold(
    user: Client, node: Behaviour
) -> None:
    record = CaseRecord()
    for field in record.DESCRIPTOR.fields:
        getattr(record, field.name).SetInParent()
    taken = offer_record(record)
    assert {field.name for field, _ in taken.ListFields()} == set(
        OfferRecord.DESCRIPTOR.fields_by_name
    )
    small = CaseRecord()
    small.sex.SetInParent()
    small.name.SetInParent()
    assert {field.name for field, _ in offer_record(small).ListFields()} == {"sex"}


def test_a_failure_that_may_pass_is_followed_by_the_same_request(
    user: Client, node: Behaviour
) -> None:
    user.get_referral(ID)
    node.failures = [errors.TransportFailed("timeout"), errors.Unavailable(), errors.Unavailable()]
    assert user.acknowledge(ID).referral.heads == heads(2)
    tries = node.got[1:]
    assert len(tries) == 4
    assert all(request == tries[0] for request in tries)


def test_tries_are_bounded(node: Behaviour) -> None:
    node.failures = [errors.Unavailable() for _ in range(9)]
    user = Client(Memory(node), retries=2, **QUICK)
    with pytest.raises(errors.Unavailable):
        user.withdraw(ID, everything=True)
    assert len(node.got) == 3


@pytest.mark.parametrize("reason", sorted(set(spec.reasons()) - {"UNAVAILABLE"}))
def test_other_failures_are_final(reason: str, user: Client, node: Behaviour) -> None:
    node.failures = [errors.BY_REASON[reason]()]
    with pytest.raises(errors.BY_REASON[reason]):
        user.list_agencies()
    assert len(node.got) == 1


def test_pauses_grow_have_a_limit_and_differ() -> None:
    low, high = Session(backoff=0.25, jitter=lambda: 0.0), Session(jitter=lambda: 1.0)
    assert [high.back_off(n).seconds for n in range(4)] == [0.25, 0.5, 1.0, 2.0]
    assert [low.back_off(n).seconds for n in range(2)] == [0.125, 0.25]
    assert high.back_off(1000).seconds == 30.0


def test_a_write_needs_an_actor(node: Behaviour) -> None:
    user = Client(Memory(node))
    user.get_referral(ID)
    with pytest.raises(ValueError, match="login and an actor"):
        user.acknowledge(ID)


def test_an_answer_of_another_kind_is_no_success() -> None:
    user = Client(Memory(lambda rpc, request, token: Referral()), **QUICK)
    with pytest.raises(errors.NodeFailed):
        user.list_agencies()


def test_lists_go_over_pages(user: Client, node: Behaviour) -> None:
    found = [referral.referral_id for referral in user.list_referrals(page_size=1)]
    assert found == ["referral-0", "referral-2"]
    assert [request.page_token for request in node.got] == ["", "1", "2"]
    assert [record.seq for record in user.list_audit(after=2, page_size=2)] == [3, 4, 5, 6, 7]
    assert [request.after for request in node.got[3:]] == [2, 4, 6]
