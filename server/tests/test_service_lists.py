"""Lists of services between nodes: published, fetched, read, and shown with their age."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import Desk
from nodes import Pair, reason
from onward_server.service import service_lists
from people import DESTINATION, ORIGIN
from service_fetching import fetch, fetching, honest, publish, says, seen, seen_with
from service_world import held, sample


def test_published_fetched_and_read(pair: Pair) -> None:
    published = publish(pair.destination)
    assert fetch(pair) == [True]
    found = seen(pair)
    assert (found.seq, found.stale, found.failed) == (published.seq, False, 0)
    assert list(found.services) == sample()
    assert found.age_minutes == 0
    raw = pair.origin.store.read(lambda tx: tx.service_list(DESTINATION))
    mine = pair.destination.store.read(lambda tx: tx.service_list(DESTINATION))
    assert raw is not None
    assert mine is not None
    assert raw.jws == mine.jws, "the bytes as they were signed"
    assert list(seen_with(pair, service_type="work")) == [
        sample()[3].service_id,
        "apprenticeship-001",
    ]
    assert list(seen_with(pair, country="BD")) == ["psychosocial_counselling-001"]
    assert held(pair.origin.client, ORIGIN) is None, "it has published nothing"


def test_a_new_list_replaces_the_one_before(pair: Pair) -> None:
    first = publish(pair.destination)
    fetch(pair)
    assert reason(publish, pair.destination) == "SERVICE_LIST_INVALID"
    assert reason(publish, pair.destination, expected_seq=first.seq - 1) == "SERVICE_LIST_INVALID"
    second = publish(pair.destination, sample()[:1], expected_seq=first.seq, valid_days=3)
    assert second.seq > first.seq
    assert second.expires_at.seconds - second.issued_at.seconds == 3 * 86_400
    assert fetch(pair) == [True]
    assert list(seen(pair).services) == sample()[:1]
    third = publish(pair.destination, [], expected_seq=second.seq)
    fetch(pair)
    assert seen(pair).seq == third.seq
    assert not seen(pair).services


def test_the_same_request_is_done_once(pair: Pair) -> None:
    one = publish(pair.destination, request_id="request-0001")
    pair.clock.advance(timedelta(minutes=3))
    assert publish(pair.destination, request_id="request-0001") == one
    other = {"request_id": "request-0001", "valid_days": 3}
    assert reason(publish, pair.destination, **other) == "REQUEST_ID_REUSED"


def test_who_may_publish(pair: Pair) -> None:
    there = pair.destination
    assert reason(there.client.publish_services, sample()) == "ROLE_INSUFFICIENT"
    there.scopes = there.scopes - {"directory:publish"}
    assert reason(publish, there) == "SCOPE_INSUFFICIENT"
    there.scopes = (there.scopes | {"directory:publish"}) - {"directory:read"}
    assert publish(there).seq
    assert reason(there.client.list_services) == "SCOPE_INSUFFICIENT"
    audit = list(there.as_role("caseworker").list_audit())
    assert [(one.action, one.actor) for one in audit] == [("publish", "u-17")]


def test_after_a_restore_its_lists_are_taken_again(pair: Pair) -> None:
    """The backup is from before its newest lists; its next number is above theirs all the same."""
    for _ in range(3):
        publish(pair.destination, expected_seq=seq_of(pair.destination))
    fetch(pair)
    newest = seen(pair).seq
    with pair.destination.store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM service_lists")
    pair.clock.advance(timedelta(minutes=5))
    assert publish(pair.destination, sample()[1:]).seq > newest
    assert fetch(pair) == [True]
    assert list(seen(pair).services) == sample()[1:]


def seq_of(desk: Desk) -> int:
    row = desk.store.read(lambda tx: tx.service_list(desk.agency))
    return row.seq if row else 0


def test_a_partner_without_a_list(pair: Pair) -> None:
    assert fetch(pair) == [False]
    assert held(pair.origin.client, DESTINATION) is None
    fetch(pair, says("e30.e30.AAAA"))
    assert seen(pair).failed
    fetch(pair)
    assert not seen(pair).failed


def test_old_news_is_marked(pair: Pair) -> None:
    publish(pair.destination, valid_days=2)
    fetch(pair)
    pair.clock.advance(timedelta(hours=3))
    assert (seen(pair).age_minutes, seen(pair).stale) == (180, False)
    pair.clock.advance(timedelta(hours=22))
    assert seen(pair).stale, "nobody has confirmed it for a day"
    assert seen(pair).services, "it may still help where a partner is offline for long"
    fetch(pair)
    assert (seen(pair).age_minutes, seen(pair).stale) == (0, False)
    pair.clock.advance(timedelta(hours=24))
    assert fetch(pair) == [False], "it is over"
    assert seen(pair).stale
    mine = held(pair.destination.client, DESTINATION)
    assert mine is not None
    assert mine.stale


@pytest.mark.parametrize("status", ["suspended", "removed"])
def test_an_agency_that_is_suspended_is_not_shown(pair: Pair, status: str) -> None:
    publish(pair.destination)
    fetch(pair)
    pair.status(pair.destination, status)
    assert held(pair.origin.client, DESTINATION) is None
    made = fetching(pair.origin, honest(pair.destination))
    assert made.round() == [], "and not asked"
    made.stop()
    asked = service_lists.question(pair.destination.ctx, ORIGIN)
    wanted = "PEER_SUSPENDED" if status == "suspended" else "AGENCY_UNKNOWN"
    assert reason(pair.origin.call, "Exchange.GetServices", asked) == wanted


def test_an_agency_that_is_no_partner_any_more_is_not_shown(pair: Pair) -> None:
    publish(pair.destination)
    fetch(pair)
    pair.origin.store.accept_peer(DESTINATION, accepted=False)
    assert held(pair.origin.client, DESTINATION) is None
