"""Clients that send anything to the node that the suite plays: it is their failure, and never the
suite's; the node answers, and goes on.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

import grpc
import pytest
from client_target import client_bench

from onward_conformance.hands import Refusal
from onward_conformance.jose import Key, compact, sign
from onward_conformance.network import WAYS, Json, Way
from onward_conformance.played import AGENCY, CLIENT, Played
from onward_conformance.played_servers import PlayedServers
from onward_conformance.profiles import chosen
from onward_conformance.requirements import requirements
from onward_conformance.results import Failed, Outcome
from onward_conformance.runner import run

DEEP = b"[" * 100_000
ACT = "/v1/referrals/0b0c4c9e-2f4d-4b0e-9a43-3c1f5a1d7f10:acknowledge"
KEY = Key.new()


@contextmanager
def played() -> Iterator[Played]:
    node = Played()
    servers = PlayedServers(node)
    yield node
    servers.close()


def send(node: Played, raw: bytes, seconds: float = 5) -> bytes:
    """The first line of what is answered to these bytes; empty if nothing is."""
    found = urlsplit(node.address)
    with socket.create_connection((found.hostname or "", found.port or 0), seconds) as one:
        one.sendall(raw)
        one.shutdown(socket.SHUT_WR)
        with one.makefile("rb") as answer:
            return answer.readline()


def request(path: str, body: bytes = b"", verb: str = "POST", **headers: str) -> bytes:
    told = {"content-type": "application/json", "content-length": str(len(body))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    lines = [f"{verb} {path} HTTP/1.1", *(f"{name}: {one}" for name, one in told.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def blamed(node: Played) -> None:
    """Something was wrong, it is the client's fault by a requirement, and the node goes on."""
    assert node.faults
    for one in node.faults:
        assert isinstance(one, Failed), repr(one)
        assert one.by in requirements()
    assert b" 401 " in send(node, request(f"/v1/referrals/{node.referral()}", verb="GET"))


WRITES = [5, [], {}, {"actor": 5}, {"actor": "a.b.c"}, {"requestId": [], "expectedHeads": 5}]
BODIES = [b"5", b"[]", b"null", b'"x"', b"[{}]", b"{", b"\xff", b'{"x": "\\ud800"}', b"9" * 5000,
          DEEP, b'{"referralId": {}}', *(compact({"write": one}) for one in WRITES)]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda one: repr(one[:20]))
def test_a_body_that_is_no_request_is_the_clients_failure(body: bytes) -> None:
    with played() as node:
        assert b" 400 " in send(node, request(ACT, body))
        blamed(node)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (request(ACT, verb="PUT"), b" 404 "),
        (request(ACT, verb="GET"), b" 404 "),
        (request(ACT, verb="BREW"), b" 501 "),
        (request("/v1/nowhere"), b" 404 "),
        (request("/oauth2/token", verb="GET"), b" 404 "),
        (request("http://[/v1/referrals", verb="GET"), b" 400 "),
        (request("/v1/referrals?pageSize=many", verb="GET"), b" 400 "),
        (request(f"/v1/referrals?pageSize={'9' * 5000}", verb="GET"), b" 400 "),
        (request(ACT, content_length="-1"), b" 400 "),
        (request(ACT, content_length="many"), b" 400 "),
        (request(ACT, content_length="999999999999"), b" 400 "),
        (request(ACT, transfer_encoding="chunked"), b" 400 "),
        (request(ACT, b"{", content_length="100"), b" 400 "),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", b""),
        (b"GET /" + b"x" * 65_540 + b" HTTP/1.1\r\n\r\n", b" 414 "),
    ],
    ids=lambda one: repr(one[:40]),
)
def test_what_is_no_call_of_the_specification_is_answered(raw: bytes, status: bytes) -> None:
    with played() as node:
        assert status in send(node, raw)
        blamed(node)


def test_a_request_that_stops_half_way_holds_nobody_up() -> None:
    with played() as node:
        found = urlsplit(node.address)
        with socket.create_connection((found.hostname or "", found.port or 0), 5) as one:
            one.sendall(request(ACT, b"{", content_length="100"))
            began = time.monotonic()
            assert send(node, request("/v1/nowhere"))
            assert time.monotonic() - began < 4


HERE = int(time.time())
GOOD: Json = {"iat": HERE, "exp": HERE + 60}
CLAIMS: list[Json] = [
    {}, {"exp": None}, {"exp": "soon"}, {"exp": True}, {"exp": float("nan")}, {"exp": 10**400},
    {"iat": []}, {"iat": -1}, {"exp": HERE + 301}, {"exp": HERE - 1},
]  # fmt: skip
PAYLOADS = [b"5", b"[]", b"null", b"\xff", DEEP]


def tokens(typ: str, key: Key, named: Json) -> list[str]:
    """Signed as they must be, and odd inside; and what is no token at all."""
    odd = [sign(one, typ, key) for one in PAYLOADS]
    odd += [sign(compact({**named, **GOOD, **one}), typ, key) for one in CLAIMS[1:]]
    return [*odd, sign(compact(named), typ, key), sign(b"{}", typ, Key.new()), "", "..", "a.b.c"]


@pytest.mark.parametrize("number", range(len(tokens("x", KEY, {}))))
def test_an_odd_assertion_of_a_client_is_its_failure(number: int) -> None:
    with played() as node:
        named = {"iss": CLIENT, "sub": CLIENT, "aud": node.address, "jti": "A"}
        token = tokens("client-authentication+jwt", node.client_key, named)[number]
        form = {"grant_type": "client_credentials", "client_assertion": token, "scope": "x"}
        assert b" 400 " in send(node, request("/oauth2/token", urlencode(form).encode()))
        blamed(node)


@pytest.mark.parametrize("jti", [[], {}, 5, None, ""])
def test_an_odd_id_of_an_assertion_is_no_fault_of_the_suite(jti: object) -> None:
    with played() as node:
        said = {"iss": CLIENT, "sub": CLIENT, "aud": node.address, "jti": jti, **GOOD}
        token = sign(compact(said), "client-authentication+jwt", node.client_key)
        form = {"grant_type": "client_credentials", "client_assertion": token, "scope": "x"}
        send(node, request("/oauth2/token", urlencode(form).encode()))
        blamed(node)


@pytest.mark.parametrize("number", range(len(tokens("x", KEY, {}))))
def test_an_odd_assertion_of_who_acts_is_the_clients_failure(number: int) -> None:
    with played() as node:
        named = {"iss": AGENCY, "aud": AGENCY, "sub": "u-1", "role": "caseworker"}
        token = tokens("onward-actor+jws", node.login_key, named)[number]
        write = {"requestId": node.referral(), "purpose": "service_delivery", "actor": token}
        asked = {"referralId": node.referral(), "write": write}
        assert node.call("Referrals.Acknowledge", asked, "").reason == "INVALID_FIELD"
        blamed(node)


def test_heads_of_a_referral_that_nobody_knows_leave_nothing_behind() -> None:
    with played() as node:
        stranger = "0b0c4c9e-2f4d-4b0e-9a43-3c1f5a1d7f10"
        said = {"iss": AGENCY, "aud": AGENCY, "sub": "u-1", "role": "caseworker", **GOOD}
        actor = sign(compact(said), "onward-actor+jws", node.login_key)
        write = {"requestId": node.referral(), "purpose": "service_delivery", "actor": actor,
                 "expectedHeads": {"origin": {}, "destination": {}}}  # fmt: skip
        node.call("Referrals.Acknowledge", {"referralId": stranger, "write": write}, "")
        blamed(node)
        node.tokens["t"] = time.time() + 60
        read = node.call("Referrals.GetReferral", {"referralId": stranger}, "t")
        assert read.reason == "NOT_FOUND"


@pytest.mark.parametrize("sent", [b"\xff\xff", b"\x0a\xff", b"\x0a\x02\xff\xfe", b"\x0b" * 5000])
def test_bytes_that_are_no_message_are_the_clients_failure(
    sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with played() as node:
        with grpc.insecure_channel(node.authority) as channel:
            call: Any = channel.unary_unary("/onward.v1.Referrals/Acknowledge")
            with pytest.raises(grpc.RpcError) as refused:
                call(sent, timeout=5)
            assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
            strange: Any = channel.unary_unary("/onward.v1.Referrals/Nothing")
            with pytest.raises(grpc.RpcError) as refused:
                strange(b"", timeout=5)
            assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
        blamed(node)
    assert caplog.records == []


class Odd:
    """A client's program. Before each answer it sends something odd, or nothing."""

    specified = False

    def __init__(self, sends: bytes, answer: Json | None) -> None:
        self._sends, self._answer = sends, answer
        self._node = Played()

    def call(self, name: str, request: Json, person: str = "") -> Json:
        if name == "Connect":
            self._node.address = request["rest"]
        elif self._sends:
            with suppress(OSError):  # One check listens, and never answers.
                send(self._node, self._sends, 0.5)
        if self._answer is None:
            raise Refusal("STATE_CONFLICT")
        return self._answer

    def close(self) -> None:
        """Nothing to end."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "sends", [b"", request(ACT, b"[]"), request(ACT, verb="PUT"), b"\r\nno\r\n"]
)
@pytest.mark.parametrize("answer", [None, {}, {"phase": "acknowledged", "items": []}])
def test_no_check_of_a_client_ends_in_a_fault_of_the_suite(
    way: Way, sends: bytes, answer: Json | None
) -> None:
    with client_bench(way, Odd(sends, answer)) as made:
        results = list(run(made, chosen(["client"])))
    assert [one for one in results if one.outcome is Outcome.ERROR] == []
    assert any(one.outcome is Outcome.FAIL for one in results)
