"""Each call of the local plane is one method of both clients, and both send the same."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest

from client_node import QUICK, Behaviour
from every_call import EVERY_CALL
from onward.calls import Calls
from onward.client import AsyncClient, Client
from onward.core import spec
from onward.session import Session
from onward.transports.memory import AsyncMemory, Memory


def snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")


def test_each_rpc_of_the_local_plane_has_one_method() -> None:
    local = {snake(rpc.name) for rpc in spec.rpcs().values() if rpc.plane == "PLANE_LOCAL"}
    own = set(dir(Calls)) - set(dir(Session))
    written = {name for name in own if not name.startswith("_")}
    assert written == local == set(EVERY_CALL) | {"watch"}
    for kind in (Client, AsyncClient):
        for name in written:
            ours, theirs = (inspect.signature(getattr(one, name)) for one in (kind, Calls))
            assert ours.parameters == theirs.parameters


def _plain(value: Any) -> Any:
    return list(value) if inspect.isgenerator(value) else value


async def _aplain(value: Any) -> Any:
    return [one async for one in value] if inspect.isasyncgen(value) else await value


@pytest.mark.parametrize("name", EVERY_CALL)
def test_both_clients_send_and_give_the_same(name: str) -> None:
    args, options = EVERY_CALL[name]
    here, there = Behaviour(), Behaviour()
    blocking = Client(Memory(here), **QUICK)
    waiting = AsyncClient(AsyncMemory(there), **QUICK)
    result = _plain(getattr(blocking, name)(*args, **options))
    assert result == asyncio.run(_aplain(getattr(waiting, name)(*args, **options)))
    assert here.names() == there.names()
    assert snake(here.names()[-1]) == name
