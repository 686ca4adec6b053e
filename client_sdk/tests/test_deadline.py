"""A call over REST ends at its deadline, whatever the server does meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time

import pytest

from onward import errors
from onward.session import rpc_of
from onward.transports import rest
from onward.transports.rest import AsyncRest, Rest
from onward.v1.local_pb2 import GetReferralRequest

REQUEST = GetReferralRequest(referral_id="referral-0001")


def _dripping() -> tuple[str, socket.socket]:
    """A server that never ends its headers, and never pauses long enough for a read to fail."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                for _ in range(100):
                    connection.sendall(b"x-a: b\r\n")
                    time.sleep(0.1)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}", listening


def test_a_deadline_is_for_the_whole_call() -> None:
    base, listening = _dripping()
    with listening:
        way = Rest(base)
        start = time.monotonic()
        with pytest.raises(errors.TransportFailed):
            way.call(rpc_of(REQUEST), REQUEST, token=None, timeout=0.5)
        assert time.monotonic() - start < 7
        way.close()


def test_also_for_asyncio() -> None:
    base, listening = _dripping()

    async def ask() -> None:
        way = AsyncRest(base)
        with pytest.raises(errors.TransportFailed):
            await way.call(rpc_of(REQUEST), REQUEST, token=None, timeout=0.5)
        await way.close()

    with listening:
        start = time.monotonic()
        asyncio.run(ask())
        assert time.monotonic() - start < 7


def test_closing_cuts_off_a_call() -> None:
    base, listening = _dripping()
    with listening:
        way = Rest(base)
        threading.Timer(0.3, way.close).start()
        start = time.monotonic()
        with pytest.raises(errors.TransportFailed):
            way.call(rpc_of(REQUEST), REQUEST, token=None, timeout=8)
        assert time.monotonic() - start < 7


def test_closing_waits_for_what_a_call_has_to_tidy_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is just being made belongs to its call alone."""
    began, tidied = threading.Event(), threading.Event()

    async def connecting(*_: object) -> None:
        try:
            began.set()
            await asyncio.sleep(8)
        finally:
            await asyncio.sleep(0.1)
            tidied.set()

    monkeypatch.setattr(rest, "_send", connecting)
    way = Rest("http://127.0.0.1:9")

    def ask() -> None:
        with pytest.raises(errors.TransportFailed):
            _asking(way)

    asked = threading.Thread(target=ask)
    asked.start()
    assert began.wait(30)
    way.close()
    assert tidied.is_set()
    asked.join()


def test_a_call_on_what_is_closed_fails() -> None:
    way = Rest("http://127.0.0.1:9")
    way.close()
    with pytest.raises(errors.TransportFailed):
        _asking(way)


def _asking(way: Rest) -> None:
    way.call(rpc_of(REQUEST), REQUEST, token=None, timeout=8)
