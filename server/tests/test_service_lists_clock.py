"""Lists of services are fetched by the clock: failures wait, and keep nobody else waiting."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nodes import Pair
from onward.core import jose, trust
from onward.core.refused import Refused
from onward.errors import TransportFailed
from onward.v1.trust_pb2 import Agency
from onward_server.app import settings as node_settings
from onward_server.service import service_lists
from people import DESTINATION, ORIGIN
from service_fetching import OTHER, OTHER_AT, Way, fetch, fetching, honest, publish, says, seen
from service_world import held, sample, until


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
        issuer="http://127.0.0.1:1", peers="", peer_transport="grpc", destroy_after=1,
        backups_kept=1,
    )  # fmt: skip
    (tmp_path / "node.toml").write_text(text)
    assert node_settings.load(tmp_path).services_every == timedelta(hours=1)
    (tmp_path / "node.toml").write_text(text.replace("seconds = 3600", f"seconds = {value}"))
    if fits:
        assert node_settings.load(tmp_path).services_every == timedelta(seconds=1)
    else:
        with pytest.raises(node_settings.SettingsError):
            node_settings.load(tmp_path)
