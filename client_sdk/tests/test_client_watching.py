"""Watching goes on where it broke off, and ends with whoever watches."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any

import pytest
from google.protobuf.message import Message

from client_node import QUICK, Behaviour, Events
from onward import errors
from onward.client import AsyncClient, Client
from onward.transports.memory import AsyncMemory, Memory


def script() -> list[list[Any]]:
    return [
        [errors.Unavailable()],
        ["1", "2"],
        ["3", errors.TransportFailed("ReadError")],
        [errors.TransportFailed("ConnectError")],
        ["4", errors.TokenInvalid()],
    ]


def test_watching_goes_on_where_it_broke_off(node: Behaviour) -> None:
    events = Events(script())
    user = Client(Memory(node, events), **QUICK)
    watching = user.watch()
    assert [next(watching).cursor for _ in range(4)] == ["1", "2", "3", "4"]
    with pytest.raises(errors.TokenInvalid):
        next(watching)
    assert events.cursors == ["", "", "2", "3", "3"]

    async def same() -> None:
        again = AsyncClient(AsyncMemory(node, Events(script())), **QUICK).watch()
        assert [(await anext(again)).cursor for _ in range(4)] == ["1", "2", "3", "4"]
        with pytest.raises(errors.TokenInvalid):
            await anext(again)

    asyncio.run(same())


def test_watching_gives_up_if_a_failure_stays(node: Behaviour) -> None:
    events = Events([[errors.Unavailable()] for _ in range(9)])
    with pytest.raises(errors.Unavailable):
        next(Client(Memory(node, events), **QUICK).watch("7"))
    assert events.cursors == ["7"] * 4


def test_who_stops_watching_ends_the_stream(node: Behaviour) -> None:
    events = Events([["1", "2"], ["1", "2"]])
    opened = []

    class Kept(Memory):
        """Holds on to its streams, so that they end only if they are closed."""

        def stream(self, *args: Any, **options: Any) -> Generator[Message, None, None]:
            opened.append(super().stream(*args, **options))
            return opened[-1]

    watching = Client(Kept(node, events), **QUICK).watch()
    assert next(watching).cursor == "1"
    watching.close()
    assert events.left == 1

    async def same() -> None:
        awatching = AsyncClient(AsyncMemory(node, events), **QUICK).watch()
        assert (await anext(awatching)).cursor == "1"
        await awatching.aclose()

    asyncio.run(same())


def test_an_event_that_comes_twice_is_no_fault(node: Behaviour) -> None:
    events = Events([["1", "2", "2"], ["2", "1", "3"], [errors.TokenInvalid()]])
    watching = Client(Memory(node, events), **QUICK).watch()
    assert [next(watching).cursor for _ in range(6)] == ["1", "2", "2", "2", "1", "3"]
    with pytest.raises(errors.TokenInvalid):
        next(watching)
