"""Fixtures that the tests of the client share."""

from __future__ import annotations

import pytest

from client_node import QUICK, Behaviour
from onward.client import Client
from onward.transports.memory import Memory


@pytest.fixture
def node() -> Behaviour:
    return Behaviour()


@pytest.fixture
def user(node: Behaviour) -> Client:
    return Client(Memory(node), **QUICK)
