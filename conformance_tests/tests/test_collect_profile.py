"""The reference node behind a mailbox, in this process: it passes, and each mutant of it fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from memory_target import AGENCY, RealClock
from mutation import CAUGHT, Mutant, Record, broken, mutants

from desk import Desk
from onward.core.parse import parse, to_json
from onward.v1.trust_pb2 import SignedTrustList, TrustAnchors
from onward_conformance.check import Bench
from onward_conformance.network import Cast, Network
from onward_conformance.peer import Peer
from onward_conformance.profiles import chosen
from onward_conformance.results import Outcome, Result
from onward_conformance.runner import run
from onward_conformance.serving import Servers
from onward_conformance.wire import GrpcWire, RestWire, Unreachable
from onward_server.adapters.collecting import Collecting
from onward_server.demo.world import free_port

EVERY = timedelta(seconds=0.05)
CHECKS = chosen(["collect"])


@contextmanager
def behind(folder: Path, patience: float) -> Iterator[Bench]:
    """A node whose mailbox is the suite's partner, and the bench for it."""
    with ExitStack() as ends:
        desk = Desk(folder, AGENCY, "IN", RealClock())
        ends.callback(desk.close)
        entry = json.loads(to_json(desk.agency_entry()))
        del entry["rest"], entry["grpc"]
        entry["mailbox"] = "partner.rest.conformance.example"
        address = f"127.0.0.1:{free_port()}"
        network = Network([entry], {"rest": Cast.play("rest", f"http://{address}", AGENCY)})
        desk.join(parse(TrustAnchors, json.dumps(network.anchors()).encode()))
        signed = parse(SignedTrustList, json.dumps(network.trust_list()).encode())
        desk.trust.offer(to_json(signed))
        for partner in network.accepted(AGENCY):
            desk.store.accept_peer(partner)
        peer, nobody = Peer(network), RestWire("http://127.0.0.1:9")
        ends.callback(nobody.close)
        ends.callback(Servers(peer, {"rest": address}).close)
        collecting = Collecting(desk.node, "rest", EVERY)
        collecting.start()
        ends.callback(collecting.stop)
        yield Bench(network, "rest", nobody, peer, patience=patience)


def failing(folder: Path, patience: float) -> list[Result]:
    """Where it fails."""
    with behind(folder, patience) as bench:
        return [one for one in run(bench, CHECKS) if one.outcome is not Outcome.PASS]


def test_it_passes(tmp_path: Path) -> None:
    assert failing(tmp_path, 20.0) == []


@pytest.mark.mutants
@pytest.mark.parametrize(
    "one", [one for one in mutants() if one.profiles == ("collect",)], ids=lambda one: one.name
)
def test_it_is_killed(tmp_path: Path, one: Mutant, record_property: Record) -> None:
    with broken(one):
        failed = failing(tmp_path, 2.0)
    for each in failed:
        record_property(CAUGHT, each.name)
    assert {each.requirement for each in failed} == {one.requirement}


def test_nothing_is_said_of_an_agency_that_has_no_address(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """gRPC writes past Python, between the results."""
    wire = GrpcWire("")
    with pytest.raises(Unreachable):
        wire.ask("GetNode", {})
    wire.close()
    assert capfd.readouterr() == ("", "")
