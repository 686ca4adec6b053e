"""REST: routes, strict requests, problem details, the token endpoint, pages and the stream."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import structlog
from google.protobuf.json_format import ParseDict

from adapter_world import World
from onward.core import parse, spec
from onward.core.refused import Refused
from onward.v1 import entry_pb2, local_pb2, referral_pb2
from onward_server.adapters import pages
from onward_server.adapters.oauth.endpoint import FORM
from onward_server.adapters.rest import rest_app

ROOT = Path(__file__).resolve().parents[2]
WRITE = {"requestId": "request-0001", "purpose": "service_delivery", "actor": "e30.e30.c2ln"}


@pytest.fixture
def world() -> World:
    return World()


def send(world: World, method: str, path: str, **given: Any) -> httpx.Response:
    """One request, with a token of every scope unless headers say otherwise."""

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(rest_app(world.node, world.tokens))
        async with httpx.AsyncClient(transport=transport, base_url="https://node.example") as http:
            return await http.request(method, path, **given)

    given.setdefault("headers", {"Authorization": world.bearer()})
    return asyncio.run(go())


def post(world: World, path: str, body: Any, **given: Any) -> httpx.Response:
    """A POST of JSON: a value, or bytes as they are."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Authorization": world.bearer()}
    return send(world, "POST", path, content=raw, headers=headers | given)


def reason(response: httpx.Response) -> tuple[str, str]:
    """The reason and the pointer of a problem, whose form is checked."""
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["type"].startswith("https://onward.example/errors/")
    assert body["title"] == spec.reasons()[body["reason"]].text
    assert set(body) <= {"type", "title", "status", "reason", "pointer", "heads", "expected"}
    return body["reason"], body.get("pointer", "")


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


def test_the_token_endpoint(world: World) -> None:
    headers = {"Content-Type": FORM}
    body = urlencode(world.form())
    response = send(world, "POST", "/oauth2/token", content=body, headers=headers)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["pragma"] == "no-cache"
    bearer = {"Authorization": f"Bearer {response.json()['access_token']}"}
    assert send(world, "GET", "/v1/referrals", headers=bearer).status_code == 200

    again = send(world, "POST", "/oauth2/token", content=body, headers=headers)
    assert again.status_code == 401
    assert again.json()["error"] == "invalid_client"
    assert again.headers["www-authenticate"] == "Bearer"

    body = urlencode(world.form())
    response = send(world, "POST", f"/oauth2/token?{body}", headers=headers)
    assert (response.status_code, response.json()) == (400, {"error": "invalid_request"})
    basic = {**headers, "Authorization": "Basic YTpi"}
    response = send(world, "POST", "/oauth2/token", content=body, headers=basic)
    assert (response.status_code, response.json()) == (400, {"error": "invalid_request"})
    response = send(world, "POST", "/oauth2/token", content=b"a" * 70_000, headers=headers)
    assert response.status_code == 413


def test_the_metadata_and_health_are_open(world: World) -> None:
    response = send(world, "GET", "/.well-known/oauth-authorization-server", headers={})
    assert response.json()["token_endpoint"] == "https://node.example/oauth2/token"
    assert send(world, "GET", "/healthz", headers={}).json() == {"status": "ok"}


def _bare(value: Any) -> Any:
    """A document without the words that descriptors do not hold."""
    if isinstance(value, dict):
        return {
            name: _bare(one)
            for name, one in value.items()
            if not (name in ("description", "summary") and isinstance(one, str))
        }
    return [_bare(one) for one in value] if isinstance(value, list) else value


def test_the_document_is_the_committed_one(world: World) -> None:
    served = send(world, "GET", "/openapi.json", headers={}).json()
    committed = json.loads((ROOT / "schemas/openapi.json").read_text())
    assert _bare(served) == _bare(committed)


def test_the_page_needs_nothing_from_outside(world: World) -> None:
    response = send(world, "GET", "/docs", headers={})
    text = response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"<(script|img|link|iframe|object|form|base)\b", text)
    assert not re.search(r"\b(src|style|on[a-z]+)=", text.replace(" content=", ""))
    assert all(link.startswith(("#", "/")) for link in re.findall(r'href="([^"]*)', text))
    assert "url(" not in text
    assert "@import" not in text
    for rpc in spec.rpcs().values():
        assert f'id="{rpc.service}.{rpc.name}"' in text
    for name in spec.reasons():
        assert f"<code>{name}</code>" in text
    targets = set(re.findall(r'id="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= targets


def test_what_the_page_shows_is_escaped() -> None:
    document = json.loads((ROOT / "schemas/openapi.json").read_text())
    document["tags"][0]["description"] = "<script>alert(1)</script>"
    assert "<script>" not in pages.render(document)


class Stream:
    """An open stream of events, read straight from the application."""

    def __init__(self, world: World, query: str, headers: dict[str, str], heartbeat: float) -> None:
        self.app = rest_app(world.node, world.tokens, heartbeat=heartbeat)
        self.scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "https",
            "path": "/v1/watch",
            "raw_path": b"/v1/watch",
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("node.example", 443),
        }
        self.status = 0
        self.chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.asked = False

    async def receive(self) -> dict[str, Any]:
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["body"]:
            self.chunks.put_nowait(message["body"])

    async def next(self) -> str:
        return (await asyncio.wait_for(self.chunks.get(), 5)).decode()


def watching(
    world: World,
    test: Callable[[Stream], Awaitable[None]],
    query: str = "",
    headers: dict[str, str] | None = None,
    heartbeat: float = 10,
) -> Stream:
    """Open a stream, run the test beside it, let the client go, and wait for its end."""

    async def go() -> Stream:
        given = {"Authorization": world.bearer(), **(headers or {})}
        stream = Stream(world, query, given, heartbeat)
        task = asyncio.create_task(stream.app(stream.scope, stream.receive, stream.send))
        await test(stream)
        stream.gone.set()
        await asyncio.wait_for(task, 5)
        return stream

    return asyncio.run(go())


async def until(condition: Callable[[], Any]) -> None:
    """Wait until something is so."""
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")


def test_a_watcher_is_told_what_happens_from_now_on(world: World) -> None:
    world.node.commit()

    async def test(stream: Stream) -> None:
        assert await stream.next() == (
            'id: c1\nevent: start\ndata: {"cursor":"c1","kind":"start"}\n\n'
        )
        await until(world.node.looked.is_set)
        world.node.commit("receipt")
        assert await stream.next() == (
            'id: c2\nevent: receipt\ndata: {"cursor":"c2","kind":"receipt",'
            '"referralId":"referral-0002"}\n\n'
        )
        await asyncio.to_thread(world.node.commit)
        assert (await stream.next()).startswith("id: c3\n")

    stream = watching(world, test)
    assert stream.status == 200
    assert world.node.wakes == []  # The client has gone, and nobody is called for it.


def test_a_watcher_resumes_at_its_cursor(world: World) -> None:
    for _ in range(250):
        world.node.commit()

    async def test(stream: Stream) -> None:
        for number in range(2, 251):
            assert (await stream.next()).startswith(f"id: c{number}\n")

    watching(world, test, "cursor=c1")

    async def newer(stream: Stream) -> None:
        assert (await stream.next()).startswith("id: c250\n")

    watching(world, newer, "cursor=c1", {"Last-Event-ID": "c249"})


@pytest.mark.parametrize(
    ("query", "headers"),
    [("cursor=unknown", {}), ("cursor=a.b", {}), ("", {"Last-Event-ID": "a.b"})],
)
def test_a_cursor_that_is_none(world: World, query: str, headers: dict[str, str]) -> None:
    headers = {"Authorization": world.bearer(), **headers}
    response = send(world, "GET", f"/v1/watch?{query}", headers=headers)
    assert reason(response) == ("INVALID_FIELD", "/cursor")


def test_heartbeats_are_all_alike(world: World) -> None:
    async def test(stream: Stream) -> None:
        assert "event: start" in await stream.next()
        for _ in range(3):
            assert await stream.next() == ": heartbeat\n\n"

    watching(world, test, heartbeat=0.02)


def test_a_stream_ends_with_its_token(world: World) -> None:
    headers = {"Authorization": world.bearer()}
    world.clock.ahead = 299
    response = send(world, "GET", "/v1/watch", headers=headers)
    assert response.status_code == 200
    assert world.node.wakes == []


def test_a_failure_within_a_stream_ends_it_quietly(world: World) -> None:
    async def test(stream: Stream) -> None:
        await until(lambda: world.node.wakes)
        world.node.log = None  # type: ignore[assignment]
        world.node.wakes[0]()
        await until(lambda: not world.node.wakes)

    with structlog.testing.capture_logs() as logs:
        watching(world, test)
    assert [(line["call"], line["error"]) for line in logs] == [("Watch", "TypeError")]
