"""What a target sends to the suite's agencies: whatever it is, the suite goes on."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from onward_conformance.jose import Key, compact, sign
from onward_conformance.network import Cast, Network
from onward_conformance.peer import Peer
from onward_conformance.results import Failed
from onward_conformance.serving import Servers
from onward_server.demo.world import free_port

TARGET = "target.example"


def a_peer(signing: Key | None = None) -> Peer:
    key = signing or Key.new()
    public = {"kid": key.kid, "use": "sign", "x": key.public["x"], "y": key.public["y"]}
    cast = Cast.play("rest", "http://127.0.0.1:9", TARGET)
    return Peer(Network([{"agency": TARGET, "keys": [public]}], {"rest": cast}))


@contextmanager
def served() -> Iterator[tuple[Peer, int]]:
    peer, port = a_peer(), free_port()
    servers = Servers(peer, {"rest": f"127.0.0.1:{port}"})
    yield peer, port
    servers.close()


def post(port: int, body: Any, method: str = "deliver", **headers: str) -> tuple[int, Any]:
    """Status and answer; no status where there is none."""
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    one.request("POST", f"/v1/exchange:{method}", body, headers)
    try:
        answer = one.getresponse()
        return answer.status, json.loads(answer.read())
    except http.client.RemoteDisconnected:
        return 0, None
    finally:
        one.close()


def failed(peer: Peer) -> bool:
    """Whether just one thing was wrong, and the target's fault."""
    return len(peer.faults) == 1 and isinstance(peer.faults[0], Failed)


DEEP = b"[" * 100_000
KEY = Key.new()
ODD = [5, None, [], {}, "", "a", "..", "a.b.c", sign(b"5", "onward-envelope+jws", KEY),
       sign(b'{"aud": 5, "iss": []}', "onward-envelope+jws", KEY)]  # fmt: skip


def test_a_body_in_chunks_is_read() -> None:
    with served() as (peer, port):
        body = json.dumps({"envelopes": [{"header": "a", "sealed": "b"}]}).encode()
        status, said = post(port, iter([body[:10], body[10:]]))
        assert (status, len(said["results"]), len(peer.faults)) == (200, 1, 1)


@pytest.mark.parametrize("body", [DEEP, b"", b"\xff", b"5", b"[]", b'{"envelopes": 5}', b"{}"])
@pytest.mark.parametrize("method", ["deliver", "collect", "resync", "getServices"])
def test_a_body_that_is_no_request_is_a_fault_of_the_target(body: bytes, method: str) -> None:
    with served() as (peer, port):
        assert post(port, body, method)[0] in (0, 200, 400)
        assert failed(peer) or (method, body) == ("getServices", b"{}")


@pytest.mark.parametrize("size", ["-1", "many", "999999999999"])
def test_a_length_that_is_none_is_refused(size: str) -> None:
    with served() as (peer, port):
        one = socket.create_connection(("127.0.0.1", port), 5)
        one.sendall(
            f"POST /v1/exchange:deliver HTTP/1.1\r\ncontent-length: {size}\r\n\r\n".encode()
        )
        assert b" 400 " in one.recv(1000)
        one.close()
        assert failed(peer)


def test_a_call_that_the_suite_does_not_play_is_no_fault() -> None:
    with served() as (peer, port):
        assert post(port, b"{}", "getNode")[0] == 404
        assert not peer.faults


@pytest.mark.parametrize("header", ODD)
def test_an_odd_envelope_is_a_fault_of_the_target(header: Any) -> None:
    peer = a_peer(KEY)
    (said,) = peer.deliver([{"header": header, "sealed": "x"}])
    assert said["problem"]
    assert failed(peer)


@pytest.mark.parametrize("iat", ["2026-13-45T99:00:00Z", "0000-01-01T00:00:00Z"])
def test_a_time_that_no_calendar_has_is_a_fault_of_the_target(iat: str) -> None:
    peer = a_peer(KEY)
    to = peer.network.casts["rest"].partner.name
    header = {"version": "1.0", "environment": "test", "iss": TARGET, "aud": to, "iat": iat,
              "mid": "A" * 22, "digest": "A" * 43}  # fmt: skip
    said = sign(compact(header), "onward-envelope+jws", KEY)
    peer.deliver([{"header": said, "sealed": "x"}])
    assert failed(peer)


@pytest.mark.parametrize("receipt", ODD)
def test_an_odd_receipt_for_mail_is_a_fault_of_the_target(receipt: Any) -> None:
    peer = a_peer(KEY)
    to = peer.network.casts["rest"].partner.name
    here = peer.network.draft().said["issuedAt"]
    asked = {"iss": TARGET, "aud": to, "method": "collect", "iat": here, "nonce": "A" * 22}
    request = sign(compact(asked), "onward-request+jws", KEY)
    assert peer.collect({"request": request, "receipts": [receipt], "max": 1}) == {}
    assert failed(peer)


def test_a_port_that_is_taken_is_said_for_both_transports() -> None:
    with served() as (_, port):
        for way in ("rest", "grpc"):
            with pytest.raises(OSError, match=r"\d"):
                Servers(a_peer(), {way: f"127.0.0.1:{port}"})  # type: ignore[dict-item]
