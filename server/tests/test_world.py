"""Nodes of demos and tests on one machine: where they listen, and what is said if one does not."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

import pytest

from onward_server.app.settings import SettingsError
from onward_server.demo import world
from onward_server.demo.world import Site, free_port

HANDED_OUT = 32_768
"""From here up systems give ports to outgoing connections by themselves."""


def test_a_port_is_not_one_that_systems_hand_out() -> None:
    assert all(1024 < free_port() < HANDED_OUT for _ in range(200))


def test_no_port_is_given_twice() -> None:
    given = [free_port() for _ in range(200)]
    assert len(set(given)) == len(given)


def test_a_port_that_is_taken_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        taken = held.getsockname()[1]
        free = free_port()
        chosen = iter([taken, free])
        monkeypatch.setattr(world, "_given", set())
        monkeypatch.setattr(secrets, "choice", lambda _: next(chosen))
        assert free_port() == free


def test_a_node_that_ends_at_once_says_how(tmp_path: Path) -> None:
    site = Site(tmp_path, "shelter.ngo.in.example", "IN", "shelter", "rest")
    site.start()
    with pytest.raises(SettingsError, match=r"ended with exit code \d.*node\.log"):
        site.wait()
