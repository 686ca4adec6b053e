"""REST: routes, strict requests, problem details and tokens."""

from __future__ import annotations

import logging
import re
import threading
from typing import Any

import pytest
import structlog
from google.protobuf.json_format import ParseDict

from adapter_world import WRITE, World
from onward.core import parse, spec
from onward.core.refused import Refused
from onward.v1 import entry_pb2, local_pb2, referral_pb2
from rest_asking import post, reason, send


@pytest.mark.parametrize("rpc", spec.rpcs().values(), ids=lambda rpc: rpc.full_name)
def test_every_rpc_has_its_route(world: World, rpc: spec.Rpc) -> None:
    path = re.sub(r"\{\w+\}", "some-id-0001", rpc.http_path)
    headers = {"Content-Type": "application/json"}
    response = send(world, rpc.http_verb.upper(), path, content=b"{", headers=headers)
    # Who calls is asked before anything is read.
    wanted = "TOKEN_INVALID" if rpc.plane == "PLANE_LOCAL" else "INVALID_JSON"
    assert reason(response) == (wanted, "")
    assert world.node.calls == []


def test_a_call_reaches_the_service_and_its_answer_comes_back(world: World) -> None:
    referral = referral_pb2.Referral(referral_id="referral-0001", phase="accepted")
    world.node.answer = lambda rpc, request: referral_pb2.Recorded(referral=referral)
    body = {"write": WRITE, "items": [{"number": 1, "state": "accepted"}]}
    response = post(world, "/v1/referrals/referral-0001:decide", body)
    assert response.status_code == 200
    assert response.json() == {"referral": {"referralId": "referral-0001", "phase": "accepted"}}
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    ((name, request, caller),) = world.node.calls
    assert name == "onward.v1.Referrals.Decide"
    expected = ParseDict({**body, "referralId": "referral-0001"}, local_pb2.DecideRequest())
    assert request == expected
    assert caller is not None
    assert caller.client_id == "case-app"


def test_the_service_runs_beside_the_event_loop(world: World) -> None:
    send(world, "GET", "/v1/agencies")
    assert world.node.threads
    assert threading.get_ident() not in world.node.threads


def test_the_peer_plane_asks_for_no_token(world: World) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        response = send(
            world,
            "POST",
            "/v1/exchange:deliver",
            content=b'{"envelopes":[{"header":"e30.e30.c2ln","sealed":"e30..aXY.c2VhbGVk.dGFn"}]}',
            headers={"Content-Type": "application/json", **headers},
        )
        assert response.status_code == 200
    assert [caller for _, _, caller in world.node.calls] == [None, None]


def test_query_parameters(world: World) -> None:
    response = send(world, "GET", "/v1/referrals?pageSize=7&pageToken=abc")
    assert response.status_code == 200
    ((_, request, _),) = world.node.calls
    assert request == local_pb2.ListReferralsRequest(page_size=7, page_token="abc")


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/v1/referrals?page_size=7", ("UNKNOWN_FIELD", "")),
        ("/v1/referrals?nonsense=1", ("UNKNOWN_FIELD", "")),
        ("/v1/referrals?access_token=x", ("UNKNOWN_FIELD", "")),
        ("/v1/referrals?pageSize=7&pageSize=7", ("DUPLICATE_MEMBER", "")),
        ("/v1/referrals?pageSize=101", ("INVALID_FIELD", "/pageSize")),
        ("/v1/referrals?pageSize=-1", ("INVALID_FIELD", "/pageSize")),
        ("/v1/referrals?pageSize=07", ("INVALID_FIELD", "/pageSize")),
        ("/v1/referrals?pageSize=1.0", ("INVALID_FIELD", "/pageSize")),
        ("/v1/referrals?pageSize=", ("INVALID_FIELD", "/pageSize")),
        ("/v1/referrals?pageSize=99999999999", ("INVALID_FIELD", "/pageSize")),
        ("/v1/referrals?pageToken=", ("INVALID_FIELD", "/pageToken")),
        ("/v1/referrals?pageToken=a%20b", ("INVALID_FIELD", "/pageToken")),
        ("/v1/referrals?pageToken=a%0A", ("INVALID_FIELD", "/pageToken")),
        ("/v1/referrals?pageToken=%FF", ("INVALID_FIELD", "")),
        ("/v1/referrals?pageToken", ("INVALID_FIELD", "")),
        ("/v1/referrals/referral-0001?referralId=referral-0002", ("UNKNOWN_FIELD", "")),
        ("/v1/referrals/short", ("INVALID_FIELD", "/referralId")),
        (
            "/v1/referrals/%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9",
            ("INVALID_FIELD", "/referralId"),
        ),
        ("/v1/referrals/referral-0001%0A", ("INVALID_FIELD", "/referralId")),
        ("/v1/agencies?x=1", ("UNKNOWN_FIELD", "")),
    ],
)
def test_queries_are_strict(world: World, path: str, wanted: tuple[str, str]) -> None:
    assert reason(send(world, "GET", path)) == wanted
    assert world.node.calls == []


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"", ("INVALID_JSON", "")),
        (b"{", ("INVALID_JSON", "")),
        (b"\xff", ("INVALID_JSON", "")),
        (b'\xef\xbb\xbf{"write":{}}', ("INVALID_JSON", "")),
        (b'{"write":{},"write":{}}', ("DUPLICATE_MEMBER", "")),
        (b"[]", ("INVALID_FIELD", "")),
        ({}, ("INVALID_FIELD", "/write")),
        ({"write": WRITE, "referralId": "referral-0001"}, ("UNKNOWN_FIELD", "")),
        ({"write": {**WRITE, "request_id": "x"}}, ("UNKNOWN_FIELD", "/write")),
        ({"write": {**WRITE, "purpose": "nonsense"}}, ("UNKNOWN_CODE", "/write/purpose")),
    ],
    ids=str,
)
def test_bodies_are_strict(world: World, body: Any, wanted: tuple[str, str]) -> None:
    assert reason(post(world, "/v1/referrals/referral-0001:close", body)) == wanted
    assert world.node.calls == []


def test_an_id_in_the_path_is_checked_too(world: World) -> None:
    response = post(world, "/v1/referrals/short:close", {"write": WRITE})
    assert reason(response) == ("INVALID_FIELD", "/referralId")
    response = post(world, "/v1/referrals/referral-0001:close?x=1", {"write": WRITE})
    assert reason(response) == ("UNKNOWN_FIELD", "")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-protobuf", "application/json; charset=latin-1"],
)
def test_a_body_says_that_it_is_json(world: World, content_type: str) -> None:
    response = post(
        world,
        "/v1/referrals/referral-0001:close",
        {"write": WRITE},
        **{"Content-Type": content_type},
    )
    assert reason(response) == ("INVALID_JSON", "")
    good = {"Content-Type": 'Application/JSON; charset="UTF-8"'}
    assert post(world, "/v1/referrals/referral-0001:close", {"write": WRITE}, **good).is_success


@pytest.mark.parametrize("path", ["/v1/exchange:deliver", "/v1/consents"])
def test_a_body_that_is_too_large_is_given_up(world: World, path: str) -> None:
    assert reason(post(world, path, b" " * (parse.MAX_BYTES + 1))) == ("TOO_LARGE", "")
    given = 0

    async def endless() -> Any:
        nonlocal given
        while True:
            given += 1024 * 1024
            yield b" " * (1024 * 1024)

    headers = {"Content-Type": "application/json", "Authorization": world.bearer()}
    response = send(world, "POST", path, content=endless(), headers=headers)
    assert reason(response) == ("TOO_LARGE", "")
    assert response.status_code == 413
    assert given <= 6 * 1024 * 1024
    declared = headers | {"Content-Length": "9" * 30}
    response = send(world, "POST", path, content=b"{}", headers=declared)
    assert reason(response) == ("TOO_LARGE", "")


@pytest.mark.parametrize("name", spec.reasons())
def test_every_reason_has_its_status(world: World, name: str) -> None:
    heads = entry_pb2.Heads(origin=entry_pb2.Head(seq=3))

    def refuse(rpc: spec.Rpc, request: Any) -> Any:
        raise Refused(name, "/write/expectedHeads", heads)

    world.node.answer = refuse
    response = send(world, "GET", "/v1/agencies")
    assert response.status_code == spec.reasons()[name].http
    assert reason(response) == (name, "/write/expectedHeads")
    assert response.json()["heads"] == {"origin": {"seq": 3}}
    assert response.json()["type"].endswith("/" + name.lower().replace("_", "-"))
    assert response.headers.get("www-authenticate") == (
        "Bearer" if response.status_code == 401 else None
    )


def test_a_token_without_the_scope(world: World) -> None:
    headers = {"Authorization": world.bearer("audit:read")}
    response = send(world, "GET", "/v1/agencies", headers=headers)
    assert reason(response) == ("SCOPE_INSUFFICIENT", "")
    response = send(world, "GET", "/v1/watch", headers=headers)
    assert reason(response) == ("SCOPE_INSUFFICIENT", "")


def test_a_token_stands_once_and_in_the_header(world: World) -> None:
    bearer = world.bearer()
    for headers in (
        [],
        [("Authorization", "")],
        [("Authorization", "Basic YTpi")],
        [("Authorization", bearer), ("Authorization", bearer)],
        [("Authorization", bearer.replace("Bearer", "DPoP"))],
        [("Cookie", f"access_token={bearer.removeprefix('Bearer ')}")],
    ):
        response = send(world, "GET", "/v1/agencies", headers=headers)
        assert reason(response) == ("TOKEN_INVALID", "")
        assert response.headers["www-authenticate"] == "Bearer"
    token = bearer.removeprefix("Bearer ")
    response = send(world, "GET", f"/v1/agencies?access_token={token}", headers={})
    assert reason(response) == ("TOKEN_INVALID", "")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v1/nonsense",
        "/v1/agencies/",
        "/v1/referrals/a/b",
        "/docs/oauth2-redirect",
        "/redoc",
    ],
)
def test_an_unknown_path(world: World, path: str) -> None:
    assert reason(send(world, "GET", path)) == ("NOT_FOUND", "")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/v1/agencies", "GET"),
        ("HEAD", "/v1/watch", "GET"),
        ("GET", "/v1/exchange:deliver", "POST"),
        ("GET", "/v1/referrals/referral-0001:decide", "POST"),
        ("DELETE", "/v1/referrals/referral-0001", "GET"),
        ("GET", "/oauth2/token", "POST"),
    ],
)
def test_a_wrong_method(world: World, method: str, path: str, allow: str) -> None:
    response = send(world, method, path)
    assert response.status_code == 405
    assert response.headers["allow"] == allow
    if method != "HEAD":
        assert reason(response) == ("UNIMPLEMENTED", "")


def test_a_failure_tells_nothing(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)

    def fail(rpc: spec.Rpc, request: Any) -> Any:
        raise KeyError("Amina of Cox's Bazar")

    world.node.answer = fail
    with structlog.testing.capture_logs() as logs:
        response = send(world, "GET", "/v1/agencies")
    assert reason(response) == ("INTERNAL", "")
    (line,) = logs
    assert line["error"] == "KeyError"
    assert line["call"] == "onward.v1.Directory.ListAgencies"
    assert re.fullmatch(r"[\w.]+:\d+", line["place"])
    for text in (response.text, str(logs), caplog.text, *capsys.readouterr()):
        assert "Amina" not in text


def test_a_reason_that_does_not_exist_is_a_failure(world: World) -> None:
    def fail(rpc: spec.Rpc, request: Any) -> Any:
        raise Refused("NO_SUCH_REASON")

    world.node.answer = fail
    assert reason(send(world, "GET", "/v1/agencies")) == ("INTERNAL", "")
