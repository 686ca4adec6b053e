"""How long the suite waits for what a target sends."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from onward_conformance import check
from onward_conformance.check import Bench
from onward_conformance.hands import Refusal
from onward_conformance.network import Cast, Network
from onward_conformance.peer import Peer
from onward_conformance.results import Failed, NotApplicable

TARGET = "target.example"


class Has:
    """Hands of a software that has none of the acts."""

    specified = True

    def call(self, name: str, request: Any, person: str = "") -> Any:
        raise Refusal("UNIMPLEMENTED")

    def close(self) -> None:
        """Nothing."""


def a_bench() -> Bench:
    cast = Cast.play("rest", "http://127.0.0.1:9", TARGET)
    peer = Peer(Network([{"agency": TARGET, "keys": []}], {"rest": cast}))
    wire: Any = None
    return Bench(peer.network, "rest", wire, peer, Has(), patience=0.1)


def test_a_target_may_pause_after_a_try_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "PAUSE", 1.0)
    bench, came = a_bench(), threading.Event()
    bench.peer.deliver([{"header": "odd", "sealed": ""}])
    bench.begin()
    threading.Timer(0.5, came.set).start()
    assert bench.until("another try", came.is_set)


def test_it_does_not_wait_longer_where_nothing_failed() -> None:
    began = time.monotonic()
    with pytest.raises(Failed, match="nothing in 0 seconds"):
        a_bench().until("an entry", lambda: None)
    assert time.monotonic() - began < 30


def test_an_act_that_the_software_does_not_have_need_not_be_refused_otherwise() -> None:
    bench = a_bench()
    with pytest.raises(NotApplicable):
        bench.act_refused("Referrals.Remind", {}, "STATE_CONFLICT")
    with pytest.raises(Failed):
        bench.act_refused("Referrals.Offer", {}, "STATE_CONFLICT")
