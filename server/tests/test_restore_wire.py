"""A restore between two real processes: acts wait on both transports; delivery asks by itself."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from nodes import reason
from onward.client import Client
from onward_server.demo.world import Site, Transport, World
from people import DESTINATION, agreed, decision, record, wishes


def until(what: Callable[[], bool]) -> None:
    """Wait for it, half a minute at most."""
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end
        time.sleep(0.1)


def back_up(site: Site, path: Path) -> None:
    command = [sys.executable, "-m", "onward_server.app.cli", "backup", str(site.folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def phase(client: Client, referral_id: str) -> str:
    return client.get_referral(referral_id).phase


@pytest.mark.parametrize("transport", ["rest", "grpc"])
def test_over_the_wire(tmp_path: Path, transport: Transport) -> None:
    world = World.make(tmp_path / "world", peers=(transport, transport))
    world.start()
    clients = ExitStack()

    def client_of(site: Site, transport: Transport) -> Client:
        made = site.client(transport, "u-17")
        clients.callback(made.disconnect)
        return made

    try:
        here = client_of(world.origin, "rest")
        there = client_of(world.destination, "grpc")
        given = here.record_consent(agreed())
        referral_id = here.offer(
            destination=DESTINATION, consent_id=given.consent_id, items=wishes(), record=record()
        ).referral.referral_id
        until(lambda: reason(there.get_referral, referral_id) == "")
        back_up(world.origin, tmp_path / "backup.sqlite3")
        there.acknowledge(referral_id)
        there.decide(referral_id, decision())
        until(lambda: phase(here, referral_id) == "accepted")
        here.disclose(referral_id, consent_id=given.consent_id, record=record())
        until(lambda: not here.get_referral(referral_id).undelivered)
        world.stop()

        for name in ("node.sqlite3-wal", "node.sqlite3-shm"):
            (world.origin.folder / name).unlink(missing_ok=True)
        (tmp_path / "backup.sqlite3").replace(world.origin.folder / "node.sqlite3")
        world.origin.start()
        world.origin.wait()
        for client in (client_of(world.origin, "rest"), client_of(world.origin, "grpc")):
            assert client.get_referral(referral_id).restored
            assert reason(client.remind, referral_id) == "RESTORED"
            assert reason(client.open, referral_id) == "RESTORED"
            client.withdraw(referral_id, categories=["name"])
        world.destination.start()
        world.destination.wait()
        here = client_of(world.origin, transport)
        until(lambda: not here.get_referral(referral_id).restored)
        there = client_of(world.destination, transport)
        until(lambda: len(there.get_referral(referral_id).withdrawals) == 2)
        assert phase(here, referral_id) == "accepted"
        kinds = [one.entry.kind for one in here.list_entries(referral_id)]
        assert kinds[:4] == ["offer", "acknowledge", "decide", "disclose"]
    finally:
        clients.close()
        world.stop()
