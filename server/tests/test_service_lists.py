"""Lists of services between nodes: published, fetched by the clock, and refused when wrong."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey
from typer.testing import CliRunner

from desk import Desk
from nodes import Pair, reason
from onward import cli
from onward.auth import save_key_file
from onward.core import entries, jose, services, trust
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.core.refused import Refused
from onward.errors import TransportFailed
from onward.v1.envelope_pb2 import PeerRequest
from onward.v1.errors_pb2 import Reason
from onward.v1.peer_pb2 import GetServicesRequest, GetServicesResponse
from onward.v1.services_pb2 import HeldServices, ServiceList
from onward.v1.trust_pb2 import Agency
from onward_server.adapters import service_lists as module
from onward_server.adapters.service_lists import ServiceLists
from onward_server.app import settings as node_settings
from onward_server.demo.world import World
from onward_server.service import service_lists
from people import DESTINATION, ORIGIN
from service_world import DIRECTORY, KEY, held, publisher, refusal, running, sample, until

run = CliRunner().invoke
OTHER, OTHER_AT = "other.example", "127.0.0.1:10"


class Way:
    """A way to a partner, answered by `answer`."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[GetServicesRequest] = []

    def call(self, rpc: Any, request: Any, *, token: Any, timeout: float) -> Any:
        assert (rpc.name, token, timeout) == ("GetServices", None, module.TIMEOUT)
        self.asked.append(request)
        return self.answer(request)

    def close(self) -> None:
        """Nothing to close."""


def fetching(desk: Desk, answer: Any, **more: Any) -> ServiceLists:
    """What fetches for a node, with every partner of the pair answered by `answer`."""
    made = ServiceLists(desk.node, **more)
    ways: Any = made._transports
    ways["grpc", "127.0.0.1:9"] = Way(answer)
    return made


def honest(desk: Desk) -> Any:
    """What the node itself answers."""
    return lambda request: desk.call("Exchange.GetServices", request)


def fetch(pair: Pair, answer: Any = None) -> list[bool]:
    """One round of the origin, which has nobody but the destination to ask."""
    made = fetching(pair.origin, answer or honest(pair.destination))
    try:
        return made.round()
    finally:
        made.stop()


def publish(desk: Desk, offers: Any = None, **more: Any) -> HeldServices:
    return desk.as_role("publisher").publish_services(
        sample() if offers is None else offers, **more
    )


def seen(pair: Pair) -> HeldServices:
    """The destination's list as the origin's people see it."""
    found = held(pair.origin.client, DESTINATION)
    assert found is not None
    return found


def signed(pair: Pair, key: ECKey | None = None, typ: str = jose.SERVICES, **changes: Any) -> str:
    """A list as anybody may sign it, right or wrong."""
    now = pair.clock.now()
    made = ServiceList(
        version=entries.VERSION, environment="test", agency=DESTINATION, seq=4_000_000_000,
        issued_at=stamp(now), expires_at=stamp(now + timedelta(days=3)), services=sample(),
    )  # fmt: skip
    for name, value in changes.items():
        if name.endswith("_at"):
            getattr(made, name).CopyFrom(stamp(value))
        elif name == "services":
            del made.services[:]
            made.services.extend(value)
        else:
            setattr(made, name, value)
    return jose.sign(to_json(made), typ, key or pair.destination.keys.signing())


def says(token: str) -> Any:
    return lambda request: GetServicesResponse(services=token)


# Publishing.


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


def seen_with(pair: Pair, **filters: str) -> Iterator[str]:
    for one in pair.origin.client.list_services(**filters):
        yield from (offer.service_id for offer in one.services)


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


# What a partner may answer.


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


# The question.


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


# The clock.


def test_one_that_hangs_keeps_nobody_waiting(pair: Pair) -> None:
    entry = Agency()
    entry.CopyFrom(pair.agencies[DESTINATION])
    entry.agency, entry.grpc = OTHER, OTHER_AT
    del entry.keys[:]
    since = pair.clock.now() - timedelta(days=1)
    for use in ("sign", "seal"):
        key = trust.agency_key(jose.new_key(), use, since, since + timedelta(days=30))
        entry.keys.append(key)
    pair.agencies[OTHER] = entry
    pair.publish()
    pair.origin.store.accept_peer(OTHER)
    publish(pair.destination)
    hang = threading.Event()

    def hanging(request: Any) -> Any:
        hang.wait(30)
        raise TransportFailed("timeout")

    made = fetching(pair.origin, honest(pair.destination), every=timedelta(seconds=0.2))
    ways: Any = made._transports
    slow = ways["grpc", OTHER_AT] = Way(hanging)
    slow.close = hang.set  # type: ignore[method-assign]
    made.start()
    try:
        until(lambda: held(pair.origin.client, DESTINATION) is not None)
        first = seen(pair).seq
        publish(pair.destination, sample()[:1], expected_seq=first)
        until(lambda: seen(pair).seq > first)
        assert len(slow.asked) == 1
    finally:
        begun = time.monotonic()
        made.stop()
    assert time.monotonic() - begun < 5


def test_failures_are_tried_again_sooner_than_the_interval_and_never_at_once(pair: Pair) -> None:
    made = fetching(pair.origin, honest(pair.destination))
    pauses = [[made._pause(failures) for _ in range(50)] for failures in range(20)]
    made.stop()
    assert 2880 <= min(pauses[0]) < max(pauses[0]) <= 4320
    assert len({round(one, 3) for one in pauses[0]}) > 40, "partners do not march in step"
    assert 48 <= min(pauses[1]) < max(pauses[1]) <= 72
    assert all(max(one) <= 4320 for one in pauses)
    assert min(pauses[19]) >= 2880


def test_a_partner_that_fails_is_not_asked_again_at_once(pair: Pair) -> None:
    made = fetching(pair.origin, says("e30.e30.AAAA"))
    assert made.round() == [False]
    assert made.round() == []
    made.stop()


def test_what_the_node_can_not_note_ends_nothing(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise Refused("UNAVAILABLE")

    monkeypatch.setattr(service_lists, "failed", broken)
    assert fetch(pair, says("e30.e30.AAAA")) == [False]
    monkeypatch.setattr(service_lists, "partners", broken)
    made = fetching(pair.origin, honest(pair.destination))
    assert made.round() == []
    made.stop()


@pytest.mark.parametrize(("value", "fits"), [("1", True), ("0", False), ('"hour"', False)])
def test_the_interval_is_a_setting(tmp_path: Path, value: str, fits: bool) -> None:
    text = node_settings.TEMPLATE.format(
        agency=ORIGIN, environment="test", rest="127.0.0.1:1", grpc="127.0.0.1:2",
        issuer="http://127.0.0.1:1", peer_transport="grpc", destroy_after=1, backups_kept=1,
    )  # fmt: skip
    (tmp_path / "node.toml").write_text(text)
    assert node_settings.load(tmp_path).services_every == timedelta(hours=1)
    (tmp_path / "node.toml").write_text(text.replace("seconds = 3600", f"seconds = {value}"))
    if fits:
        assert node_settings.load(tmp_path).services_every == timedelta(seconds=1)
    else:
        with pytest.raises(node_settings.SettingsError):
            node_settings.load(tmp_path)


# Two processes.


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(tmp_path_factory.mktemp("services") / "world") as made:
        yield made


def test_two_nodes_fetch_each_others_lists_over_both_transports(world: World) -> None:
    """The ministry asks over gRPC, the NGO over REST; people read over the other one."""
    with publisher(world.origin, "rest") as here, publisher(world.destination, "grpc") as there:
        mine = here.publish_services(sample()[2:])
        theirs = there.publish_services(sample())
        assert refusal(there.publish_services, sample())[0] == "SERVICE_LIST_INVALID"
        until(lambda: any(one.seq for one in here.list_services(agency=DESTINATION)))
        until(lambda: any(one.seq for one in there.list_services(agency=ORIGIN)))
        got, back = held(here, DESTINATION), held(there, ORIGIN)
        assert got is not None
        assert back is not None
        assert (got.seq, list(got.services)) == (theirs.seq, sample())
        assert (back.seq, list(back.services)) == (mine.seq, sample()[2:])
        there.publish_services([], expected_seq=theirs.seq)
        until(lambda: not any(one.services for one in here.list_services(agency=DESTINATION)))


def test_the_command_line_shows_them(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a caseworker reads: who offers what to whom, and how old that knowledge is."""
    monkeypatch.setattr(cli.out, "width", 200)
    save_key_file(tmp_path / "client.jwk", KEY)
    with publisher(world.destination, "grpc") as there, publisher(world.origin, "grpc") as here:
        before = held(there, DESTINATION)
        there.publish_services(sample(), expected_seq=before.seq if before else 0)
        until(lambda: any(one.services for one in here.list_services(agency=DESTINATION)))
    asked = ["services", "--node", world.origin.issuer, "--client", DIRECTORY,
             "--key", str(tmp_path / "client.jwk"), "--agency", DESTINATION]  # fmt: skip
    shown = run(cli.app, asked)
    assert shown.exit_code == 0, shown.output
    for said in ("Emergency shelter", "shelter_emergency-001", "up to 12", "open", "literacy",
                 "confirmed 0 minutes ago"):  # fmt: skip
        assert said in shown.output
    only = run(cli.app, [*asked, "--type", "work"])
    assert "Apprenticeship" in only.output
    assert "Emergency shelter" not in only.output
    wrong = run(cli.app, [*asked, "--type", "no_such_type"])
    assert wrong.exit_code == 2
    assert "UNKNOWN_CODE" in wrong.output
