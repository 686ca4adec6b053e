"""Numbers for those who run a node: right, and without anything that came with a call."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from adapter_world import ALL, Node
from onward.core import spec
from onward.core.refused import Refused
from onward.v1.local_pb2 import GetReferralRequest
from onward_server.adapters.metrics import Measured
from onward_server.demo.world import free_port
from onward_server.service.access import Caller
from test_node_cli import init, serve_fails

GET = spec.rpcs()["onward.v1.Referrals.GetReferral"]


def value(measured: Measured, outcome: str) -> float:
    labels = {"call": GET.full_name, "outcome": outcome}
    return measured.registry.get_sample_value("onward_calls_total", labels) or 0.0


def test_calls_are_counted_by_how_they_ended() -> None:
    node = Node()
    measured = Measured(node)
    caller = Caller("software", ALL)
    for _ in range(3):
        measured.call(GET, GetReferralRequest(referral_id="a-referral"), caller)
    with pytest.raises(Refused):
        measured.call(GET, GetReferralRequest(referral_id="a-referral"), Caller("x", frozenset()))

    def fails(*_: object) -> GetReferralRequest:
        raise ValueError("a text that quotes a person")

    node.answer = fails
    with pytest.raises(ValueError, match="quotes"):
        measured.call(GET, GetReferralRequest(referral_id="a-referral"), caller)
    assert [value(measured, one) for one in ("OK", "SCOPE_INSUFFICIENT", "INTERNAL")] == [3, 1, 1]


def test_a_scrape_tells_names_of_calls_and_reasons_and_nothing_else() -> None:
    measured = Measured(Node())
    address = f"127.0.0.1:{free_port()}"
    stop = measured.serve(address)
    try:
        request = GetReferralRequest(referral_id="unmistakable-id")
        measured.call(GET, request, Caller("unmistakable-client", ALL))
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
            text = answer.read().decode()
    finally:
        stop()
    assert 'onward_calls_total{call="onward.v1.Referrals.GetReferral",outcome="OK"} 1.0' in text
    assert "unmistakable" not in text


def test_a_node_says_when_it_cannot_be_scraped(tmp_path: Path) -> None:
    init(tmp_path / "node")
    with (tmp_path / "node" / "node.toml").open("a") as file:
        file.write('\nmetrics = "not an address"\n')
    assert "metrics can't be" in serve_fails(tmp_path / "node")
