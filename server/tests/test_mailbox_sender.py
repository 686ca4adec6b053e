"""A sender whose envelopes a mailbox holds: they are not delivered, and go again as they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from knocking import HELP
from nodes import reason
from onward.core.clock import stamp
from onward.v1.errors_pb2 import Problem
from onward.v1.peer_pb2 import DeliverResult, Held
from onward_server.service import mailbox
from onward_server.service.outbound import Outgoing
from people import DESTINATION, ORIGIN, record
from posting import Posts

DAY = timedelta(days=1)


@pytest.fixture
def posts(tmp_path: Path) -> Iterator[Posts]:
    made = Posts(tmp_path)
    yield made
    made.close()


def disclosing(posts: Posts) -> str:
    """A referral whose content has just been written."""
    referral_id = posts.accepted()
    here = posts.origin.client
    here.get_referral(referral_id)
    here.disclose(referral_id, consent_id=posts.consent_id, record=record())
    return referral_id


def posted(posts: Posts, referral_id: str) -> list[Any]:
    return posts.origin.store.read(lambda tx: tx.posted(referral_id))


def later(posts: Posts) -> list[Outgoing]:
    """What is due once the longest pause is over."""
    posts.clock.advance(timedelta(hours=2))
    return posts.origin.due()


def test_held_is_not_delivered_and_the_same_bytes_go_again(posts: Posts) -> None:
    referral_id = disclosing(posts)
    (first,) = posts.origin.due()
    (result,) = posts.hub.receive(first.envelope)
    posts.origin.answered(first, result)
    assert posts.origin.due() == [], "not at once"
    assert posts.origin.client.get_referral(referral_id).undelivered == 1
    assert set(posts.origin.own_parts(referral_id).values()) == {"held"}
    for _ in range(3):
        (again,) = later(posts)
        assert again.envelope == first.envelope
        posts.origin.answered(again, posts.hub.receive(again.envelope)[0])
    posts.origin.power_cut()
    (again,) = later(posts)
    assert (again.envelope, again.parts, again.upto) == (first.envelope, first.parts, first.upto)
    posts.settle()
    assert posted(posts, referral_id) == []
    assert posts.origin.client.get_referral(referral_id).undelivered == 0
    account = list(posts.origin.client.list_disclosures(referral_id=referral_id))
    assert account
    assert not any(one.undelivered for one in account)
    assert posts.destination.part_rows(referral_id)["name"] == "held"


def test_pauses_grow_to_an_hour_and_no_longer(posts: Posts) -> None:
    referral_id = disclosing(posts)
    start, times = posts.clock.now(), [posts.clock.now()]
    while posts.clock.now() < start + DAY / 2:
        if sent := posts.post(posts.origin):
            assert [one.WhichOneof("result") for one in sent] == ["held"]
            times.append(posts.clock.now())
        waiting = posts.origin.store.read(lambda tx: tx.outbox(referral_id))
        assert waiting is not None
        posts.clock.at = max(waiting.next_at, posts.clock.now())
    gaps = [b - a for a, b in pairwise(times)]
    assert max(gaps) <= timedelta(minutes=90)
    assert 15 < len(times) < 50
    assert "undelivered" not in posts.origin.needs(referral_id), "nothing is wrong"
    posts.clock.advance(3 * DAY)
    assert "undelivered" in posts.origin.needs(referral_id), "somebody should call"


def test_a_new_act_goes_beside_what_is_held(posts: Posts) -> None:
    referral_id = disclosing(posts)
    posts.post(posts.origin)
    posts.origin.client.handover(referral_id)
    first, new = posts.origin.due()
    assert first.parts
    assert not new.parts, "what is held is not sealed again"
    assert new.upto == first.upto + 1
    posts.settle()
    assert posts.views(referral_id)[0] == posts.views(referral_id)[1]


def test_an_act_that_is_written_while_it_is_under_way_keeps_its_turn(posts: Posts) -> None:
    referral_id = disclosing(posts)
    (first,) = posts.origin.due()
    (result,) = posts.hub.receive(first.envelope)
    posts.origin.client.handover(referral_id)
    posts.origin.answered(first, result)
    assert [one.upto for one in posts.origin.due()] == [first.upto, first.upto + 1]


def test_a_withdrawal_goes_first_and_content_never_again(posts: Posts) -> None:
    """With every entry before it, so that nothing that is still held is a gap."""
    referral_id = disclosing(posts)
    posts.post(posts.origin)
    assert posted(posts, referral_id)[0].parts
    posts.origin.client.withdraw(referral_id, everything=True)
    (only,) = posts.origin.due()
    assert only.urgent
    assert not only.parts
    posts.origin.answered(only, posts.hub.receive(only.envelope)[0])
    (kept,) = posted(posts, referral_id)
    assert not kept.parts, "what she took back is not kept here either"
    alone, content = posts.collect(posts.destination)[::-1]
    assert posts.destination.receive(alone)[0].receipt, "it needs nothing of what lies before it"
    assert posts.destination.receive(content)[0].receipt
    assert posts.destination.part_rows(referral_id).get("name") != "held"
    there = posts.destination.client
    there.get_referral(referral_id)
    assert reason(there.open, referral_id) != ""
    posts.settle()
    posts.clock.advance(2 * DAY)
    for desk in (posts.origin, posts.destination):
        desk.node.erase_due()
    posts.settle()
    assert len(posts.views(referral_id)[0].certified) == 2


def test_what_is_urgent_brings_all_before_it_that_is_held(posts: Posts) -> None:
    referral_id = posts.accepted()
    posts.origin.client.get_referral(referral_id)
    posts.origin.client.handover(referral_id)
    posts.post(posts.origin)
    posts.origin.client.withdraw(referral_id, everything=True)
    first, held = posts.origin.due()
    assert posts.destination.receive(first.envelope)[0].receipt, "no gap"
    assert held.upto < first.upto


def test_when_its_time_is_over_it_is_sealed_anew(posts: Posts) -> None:
    referral_id = disclosing(posts)
    (first,) = posts.origin.due()
    posts.origin.answered(first, posts.hub.receive(first.envelope)[0])
    posts.clock.advance(14 * DAY)
    posts.publish()
    (new,) = posts.origin.due()
    assert new.header.mid != first.header.mid
    assert new.parts == first.parts
    posts.settle()
    assert posts.destination.part_rows(referral_id)["name"] == "held"


def test_bytes_that_are_never_taken_are_sealed_anew(posts: Posts) -> None:
    """Such as after a change of keys."""
    referral_id = disclosing(posts)
    posts.post(posts.origin)
    (again,) = later(posts)
    bad = Problem(reason="REASON_SIGNATURE_INVALID")  # type: ignore[arg-type]
    posts.origin.answered(again, DeliverResult(problem=bad))
    (new,) = later(posts)
    assert new.header.mid != again.header.mid
    posts.settle()
    assert posts.destination.part_rows(referral_id)["name"] == "held"


def test_a_full_mailbox_is_tried_again(posts: Posts, monkeypatch: pytest.MonkeyPatch) -> None:
    referral_id = disclosing(posts)
    with monkeypatch.context() as full:
        full.setattr(mailbox, "ROOM", 0)
        (result,) = posts.post(posts.origin)
        assert result.HasField("problem")
    assert posted(posts, referral_id) == []
    posts.settle(jump=timedelta(hours=1))
    assert posts.destination.part_rows(referral_id)["name"] == "held"


def test_held_counts_for_nothing_from_one_who_has_no_mailbox(posts: Posts) -> None:
    """It would keep an envelope out of sight, with nobody to hold it."""
    referral_id = disclosing(posts)
    (one,) = posts.origin.due()
    over = DeliverResult(held=Held(until=stamp(posts.clock.now())))
    posts.origin.answered(one, over)
    assert posts.origin.due() == [], "held until now is not held, and nothing spins"
    assert posted(posts, referral_id) == []
    posts.agencies[DESTINATION].mailbox = ""
    posts.publish()
    (one,) = later(posts)
    posts.origin.answered(one, DeliverResult(held=Held(until=stamp(posts.clock.now() + DAY))))
    assert posted(posts, referral_id) == []
    assert posts.origin.store.read(lambda tx: tx.outbox(referral_id)).reason == "UNAVAILABLE"  # type: ignore[union-attr]


def test_to_a_suspended_agency_nothing_held_goes_again(posts: Posts) -> None:
    referral_id = disclosing(posts)
    posts.post(posts.origin)
    posts.status(posts.destination, "suspended")
    assert later(posts) == []
    posts.origin.client.withdraw(referral_id, categories=["outcomes"])
    assert posted(posts, referral_id)[0].parts, "which says nothing of what is held"
    assert not any(one.parts for one in posts.origin.due())
    posts.origin.client.withdraw(referral_id, everything=True)
    assert not any(one.parts for one in posts.origin.due())
    posts.settle()
    assert posts.destination.client.get_referral(referral_id).rest_reason == "withdrawn"


def test_a_knock_waits_in_the_mailbox_too(posts: Posts) -> None:
    posts.destination.store.accept_peer(ORIGIN)
    posts.origin.client.refer_self(DESTINATION, HELP)
    (first,) = posts.origin.due()
    posts.origin.answered(first, posts.hub.receive(first.envelope)[0])
    assert posts.origin.due() == []
    (again,) = later(posts)
    assert again.envelope == first.envelope
    posts.fetch(posts.destination)
    (answer,) = posts.hub.receive(again.envelope)
    assert answer.receipt
    posts.origin.answered(again, answer)
    assert posts.origin.rows()["posted"] == 0
    assert later(posts) == []
    assert posts.destination.rows()["knocks"] == 1
