"""Where transports go: HTTPS alone leaves the machine, and silence is a failure."""

from __future__ import annotations

import asyncio
import socket

import pytest

from onward import errors
from onward.session import rpc_of
from onward.transports import http
from onward.transports.base import loopback
from onward.transports.grpc import AsyncGrpc, Grpc
from onward.transports.rest import AsyncRest, Rest
from onward.v1.local_pb2 import GetReferralRequest
from transport_node import ID, TIMEOUT, Bridge


def _closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def test_where_nobody_listens_no_answer_comes() -> None:
    port = _closed_port()
    request = GetReferralRequest(referral_id=ID)
    with asyncio.Runner() as loop:
        for one in (
            Rest(f"http://127.0.0.1:{port}"),
            Grpc(f"127.0.0.1:{port}"),
            Bridge(lambda: AsyncRest(f"http://127.0.0.1:{port}"), loop),
            Bridge(lambda: AsyncGrpc(f"127.0.0.1:{port}"), loop),
        ):
            with pytest.raises(errors.TransportFailed) as caught:
                one.call(rpc_of(request), request, token="at.1", timeout=TIMEOUT)
            assert caught.value.__context__ is None
            one.close()


def test_a_node_that_is_silent_is_given_up() -> None:
    request = GetReferralRequest(referral_id=ID)
    with socket.create_server(("127.0.0.1", 0)) as silent, asyncio.Runner() as loop:
        port = silent.getsockname()[1]
        for one in (
            Rest(f"http://127.0.0.1:{port}"),
            Grpc(f"127.0.0.1:{port}"),
            Bridge(lambda: AsyncRest(f"http://127.0.0.1:{port}"), loop),
            Bridge(lambda: AsyncGrpc(f"127.0.0.1:{port}"), loop),
        ):
            with pytest.raises(errors.TransportFailed) as caught:
                one.call(rpc_of(request), request, token="at.1", timeout=0.2)
            assert caught.value.__context__ is None
            one.close()


@pytest.mark.parametrize(
    "base",
    [
        "http://node.a.example",
        "http://10.0.0.1",
        "http://127.0.0.1.a.example",
        "http://localhost.a.example",
        "https://user@node.a.example",
        "https://node.a.example/?x=1",
        "node.a.example",
    ],
)
def test_only_https_leaves_this_machine(base: str) -> None:
    for kind in (Rest, AsyncRest):
        with pytest.raises(ValueError, match="address must"):
            kind(base)


def test_an_address_may_have_a_path() -> None:
    assert http.checked_base("https://a.example/node/") == "https://a.example/node"
    assert http.checked_base("http://[::1]:8000") == "http://[::1]:8000"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost"])
def test_this_machine(host: str) -> None:
    assert loopback(host)


@pytest.mark.parametrize("authority", ["unix:/tmp/x", "node.a.example", "a/b:1", ":1", "x:y"])
def test_an_authority_is_host_and_port(authority: str) -> None:
    for kind in (Grpc, AsyncGrpc):
        with pytest.raises(ValueError, match="host:port"):
            kind(authority)
