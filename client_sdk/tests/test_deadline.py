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
        assert time.monotonic() - start < 3
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
        assert time.monotonic() - start < 3


def test_closing_cuts_off_a_call() -> None:
    base, listening = _dripping()
    with listening:
        way = Rest(base)
        threading.Timer(0.3, way.close).start()
        start = time.monotonic()
        with pytest.raises(errors.TransportFailed):
            way.call(rpc_of(REQUEST), REQUEST, token=None, timeout=8)
        assert time.monotonic() - start < 3
