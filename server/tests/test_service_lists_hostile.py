"""Lists of services that are wrong are not taken, and whoever asks is known."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from nodes import Pair, reason
from onward.core import jose, services, trust
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.v1.envelope_pb2 import PeerRequest
from onward.v1.errors_pb2 import Reason
from onward.v1.peer_pb2 import GetServicesRequest, GetServicesResponse
from onward_server.service import service_lists
from people import DESTINATION, ORIGIN
from service_fetching import OTHER, Way, fetch, fetching, honest, publish, says, seen, signed
from service_world import sample


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("SERVICE_LIST_INVALID", {"agency": OTHER}),
        ("WRONG_ENVIRONMENT", {"environment": "live"}),
        ("UNKNOWN_VERSION", {"version": "9.0"}),
        ("SERVICE_LIST_INVALID", {"seq": 1}),
        ("SERVICE_LIST_INVALID", {"issued_at": timedelta(hours=1)}),
        ("SERVICE_LIST_INVALID", {"expires_at": timedelta(seconds=-1)}),
        ("SERVICE_LIST_INVALID", {"expires_at": timedelta(days=400)}),
        ("SIGNATURE_INVALID", {"key": jose.new_key()}),
        ("SIGNATURE_INVALID", {"typ": jose.RECEIPT}),
        ("INVALID_FIELD", {"services": sample()[:1] * 2}),
        ("INVALID_FIELD", {"services": sample()[:1] * 501}),
        ("UNKNOWN_CODE", {"code": "locked"}),
        ("FORBIDDEN_CODE", {"conditions": "mental_health_first"}),
        ("FORBIDDEN_CODE", {"conditions": "official_status"}),
        ("PREREQUISITE_FORBIDDEN", {"prerequisites": "trauma_therapy"}),
        ("INVALID_FIELD", {"code": ""}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)  # fmt: skip
def test_a_wrong_list_leaves_the_one_that_was_held(
    pair: Pair, why: str, changes: dict[str, Any]
) -> None:
    publish(pair.destination)
    fetch(pair)
    before = seen(pair)
    changes = dict(changes)
    wrong = sample()
    if "code" in changes:
        wrong[0].freedom_of_movement = changes.pop("code")
        changes["services"] = wrong
    for name in ("conditions", "prerequisites"):
        if name in changes:
            getattr(wrong[3], name).append(changes.pop(name))
            changes["services"] = wrong
    for name, value in changes.items():
        if isinstance(value, timedelta):
            changes[name] = pair.clock.now() + value
    assert fetch(pair, says(signed(pair, **changes))) == [False]
    after = seen(pair)
    assert Reason.Name(after.failed) == f"REASON_{why}", "its people can see why"
    after.ClearField("failed")
    assert after == before
    fetch(pair)
    assert not seen(pair).failed, "and that it is over"


def test_another_list_under_the_same_number(pair: Pair) -> None:
    number = publish(pair.destination).seq
    fetch(pair)
    twin = signed(pair, seq=number, services=sample()[:1])
    assert fetch(pair, says(twin)) == [False]
    assert seen(pair).failed == Reason.REASON_SERVICE_LIST_INVALID
    assert len(seen(pair).services) == len(sample())


@pytest.mark.parametrize(
    "answer",
    [
        says("\u00e9.x."),
        says("e30.e30.AAAA"),
        says("a" * (services.MAX_LIST + 1)),
        lambda request: GetServicesResponse.FromString(b"\x12\x03abc"),
    ],
)
def test_nonsense_is_not_taken(pair: Pair, answer: Any) -> None:
    assert fetch(pair, answer) == [False]
    found = seen(pair)
    assert found.failed
    assert (found.seq, found.stale, len(found.services)) == (0, True, 0)


def test_a_stolen_key_poisons_no_number(pair: Pair) -> None:
    """Whoever had the key gave it the highest number. The list drops the key, and all is well."""
    fetch(pair, says(signed(pair, seq=2**32 - 1, services=[])))
    assert seen(pair).seq == 2**32 - 1
    publish(pair.destination)
    assert fetch(pair) == [False]
    entry, thief = pair.agencies[DESTINATION], pair.destination.keys.signing()
    fresh = jose.new_key()
    kept = [one for one in entry.keys if one.kid != jose.kid(thief)]
    del entry.keys[:]
    entry.keys.extend(kept)
    since = pair.clock.now() - timedelta(days=1)
    entry.keys.append(trust.agency_key(fresh, "sign", since, since + timedelta(days=30)))
    pair.publish()
    assert seen(pair).seq == 0, "what the key signed is not shown"
    assert fetch(pair, says(signed(pair, fresh, seq=7))) == [True]
    assert seen(pair).seq == 7


def test_the_question_says_nothing_of_what_is_looked_for(pair: Pair) -> None:
    """Looking makes no call, and every question is alike but for its nonce and its time."""
    publish(pair.destination)
    made = fetching(pair.origin, honest(pair.destination))
    (way,) = made._transports.values()
    assert isinstance(way, Way)
    made.round()
    assert len(way.asked) == 1
    for wanted in ("shelter_emergency", "trauma_therapy", ""):
        list(pair.origin.client.list_services(service_type=wanted, agency=DESTINATION))
    assert made.round() == []
    assert len(way.asked) == 1
    made.stop()
    payload = json.loads(jose.peek(way.asked[0].request))
    assert set(payload) == {"iss", "aud", "method", "iat", "nonce"}


def test_who_may_ask(pair: Pair) -> None:
    publish(pair.destination)
    here, there = pair.origin, pair.destination
    good = service_lists.question(here.ctx, DESTINATION)
    assert there.call("Exchange.GetServices", good).services
    wrong = service_lists.question(here.ctx, ORIGIN)
    assert reason(there.call, "Exchange.GetServices", wrong) == "WRONG_RECIPIENT"
    stranger = PeerRequest(
        iss=OTHER, aud=DESTINATION, method="get_services", nonce="nonce-0001",
        iat=stamp(pair.clock.now()),
    )  # fmt: skip
    forged = GetServicesRequest(request=jose.sign(to_json(stranger), jose.REQUEST, jose.new_key()))
    assert reason(there.call, "Exchange.GetServices", forged) == "AGENCY_UNKNOWN"
    stranger.iss = ORIGIN
    forged.request = jose.sign(to_json(stranger), jose.REQUEST, jose.new_key())
    assert reason(there.call, "Exchange.GetServices", forged) == "SIGNATURE_INVALID"
    stranger.method = "get_node"
    forged.request = jose.sign(to_json(stranger), jose.REQUEST, here.keys.signing())
    assert reason(there.call, "Exchange.GetServices", forged) == "SIGNATURE_INVALID"
    pair.clock.advance(timedelta(minutes=6))
    assert reason(there.call, "Exchange.GetServices", good) == "SIGNATURE_INVALID"
