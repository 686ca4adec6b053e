"""Targets that answer anything: it is their failure, with a line that says what came; and the suite
neither breaks nor waits for ever.
"""

from __future__ import annotations

import gzip
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest

from onward_conformance import fetch, hands
from onward_conformance.fetch import Fetcher, FetchError
from onward_conformance.hands import NoHands, Program, Refusal
from onward_conformance.jose import Bad, Key, b64, read, sign, unseal, verify
from onward_conformance.local import LocalPlane
from onward_conformance.results import Failed
from onward_conformance.said import claims, told
from onward_conformance.shape import message
from onward_conformance.wire import Answer, GrpcWire, RestWire, Unreachable, deliver

Sends = Callable[[socket.socket], None]


@contextmanager
def answering(send: Sends) -> Iterator[str]:
    """A target that takes each request and sends this."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                one = listening.accept()[0]
            except OSError:
                return
            with one:
                one.recv(65536)
                one.settimeout(30)
                try:
                    send(one)
                    one.shutdown(socket.SHUT_WR)
                    while one.recv(65536):
                        pass  # What is closed with something unread can lose its answer.
                except OSError:
                    continue

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.close()


class Refusing(grpc.GenericRpcHandler):
    """Refuses each call with words of its own."""

    def service(self, _: object) -> Any:
        def refuse(_: object, context: grpc.ServicerContext) -> None:
            context.abort(grpc.StatusCode.NOT_FOUND, "Amina is not here")

        return grpc.unary_unary_rpc_method_handler(refuse)


def whole(body: bytes, status: str = "200 OK", *more: str) -> Sends:
    lines = (f"HTTP/1.1 {status}", "content-type: application/json", *more,
             f"content-length: {len(body)}", "", "")  # fmt: skip
    return lambda one: one.sendall("\r\n".join(lines).encode() + body)


def endless(one: socket.socket) -> None:
    one.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
    while True:
        one.sendall(b" " * 65536)


def drips(one: socket.socket) -> None:
    while True:
        one.sendall(b"H")
        time.sleep(0.1)


def delivered(address: str) -> list[Answer]:
    """What comes of an envelope."""
    with closing(RestWire(address)) as wire:
        return deliver(wire, [{}])


DEEP = b"[" * 100_000 + b"]" * 100_000
SURROGATE = b'{"results": [{"receipt": "\\ud800"}]}'


ZIPPED = "content-encoding: gzip"
BOMB = gzip.compress(b" " * 2 * fetch.LARGEST)


@pytest.mark.parametrize(
    "send",
    [whole(DEEP), whole(b"\xff"), whole(b"9" * 5000), whole(b"{}", "200 OK", ZIPPED),
     whole(BOMB, "200 OK", ZIPPED), endless],
)  # fmt: skip
def test_what_nobody_can_read_is_no_answer(send: Sends) -> None:
    with answering(send) as address, pytest.raises(Unreachable):
        delivered(address)


@pytest.mark.parametrize(
    "body",
    [b"[]", b"5", b"null", b'{"results": 5}', b'{"results": [5]}', b'{"results": [null]}',
     b'{"results": [{"receipt": 5}]}', b'{"results": [{"problem": "no"}]}', SURROGATE,
     b'{"results": [{"problem": {"reason": 5}}]}'],
)  # fmt: skip
@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request"])
def test_json_that_is_no_answer_is_the_targets_failure(body: bytes, status: str) -> None:
    if status != "200 OK":
        body = b'{"reason": 5}' if body.startswith(b"{") else body
    with answering(whole(body, status)) as address, pytest.raises(Failed):
        delivered(address)


def page(kind: str, body: bytes = b"<h1>Amina is not here</h1>") -> Sends:
    lines = ("HTTP/1.1 404 Not Found", f"content-type: {kind}", f"content-length: {len(body)}")
    return lambda one: one.sendall("\r\n".join((*lines, "", "")).encode() + body)


@pytest.mark.parametrize(
    ("send", "said"),
    [
        (page("text/html; charset=utf-8"), "status 404, text/html, and no JSON"),
        (page("text/html", b""), "status 404 and an empty body"),
        (page("Amina"), "status 404, no media type, and no JSON"),
        (page(f"text/{'x' * 5000}"), "status 404, no media type, and no JSON"),
        (whole(DEEP), "status 200, application/json, and no JSON"),
        (lambda one: one.sendall(b"Amina\r\n\r\n"), "no answer: RemoteProtocolError"),
    ],
)
def test_what_came_in_place_of_an_answer_is_said_and_never_its_content(
    send: Sends, said: str
) -> None:
    with answering(send) as address, pytest.raises(Unreachable) as fault:
        delivered(address)
    assert str(fault.value) == said


def test_what_a_target_writes_beside_its_grpc_status_is_not_said() -> None:
    server = grpc.server(ThreadPoolExecutor(1))
    port = server.add_insecure_port("127.0.0.1:0")
    server.add_generic_rpc_handlers((Refusing(),))
    server.start()
    with closing(GrpcWire(f"127.0.0.1:{port}")) as wire, pytest.raises(Unreachable) as fault:
        deliver(wire, [{}])
    server.stop(None).wait()
    assert str(fault.value) == "status NOT_FOUND, and no Problem"


@pytest.mark.parametrize(
    ("send", "said"),
    [(page("text/html"), "status 404, text/html, and no JSON"),
     (whole(b'{"error": "Amina"}', "401 Unauthorized"), "status 401")],
)  # fmt: skip
def test_a_token_that_does_not_come_is_said_with_what_came(send: Sends, said: str) -> None:
    key = Key.new()
    with answering(send) as address:
        plane = LocalPlane(address, "a.example", "c", key, key)
        with closing(plane), pytest.raises(NoHands) as fault:
            plane.call("Referrals.GetReferral", {})
    assert str(fault.value).endswith(f"target.toml: {said}")


def test_an_answer_that_drips_ends_in_time() -> None:
    with answering(drips) as address:
        began = time.monotonic()
        with closing(Fetcher(address, 0.5)) as made, pytest.raises(FetchError):
            made.ask("POST", "/")
        assert time.monotonic() - began < 5


def test_null_is_absent_and_a_good_answer_is_read() -> None:
    body = b'{"results": [{"receipt": null, "problem": {"reason": "REASON_INVALID_FIELD"}}]}'
    with answering(whole(body)) as address:
        (answer,) = delivered(address)
    assert (answer.receipt, answer.reason) == ("", "INVALID_FIELD")


def test_what_is_looked_for_and_is_not_there_is_a_failure() -> None:
    said = told({"results": [], "next": {}})
    for look in (lambda: said["other"], lambda: said["next"]["x"], lambda: said["results"][0]):
        with pytest.raises(Failed):
            look()
    with pytest.raises(Failed):
        told({"receipt": []}, message("DeliverResult"))


@pytest.mark.parametrize("header", [DEEP, b"5", b"[]", b"{}", b'{"alg": "ES256"}', b"\xff"])
def test_a_token_with_an_odd_header_is_bad(header: bytes) -> None:
    key = Key.new()
    token = f"{b64(header)}.{b64(b'{}')}.{b64(bytes(64))}"
    with pytest.raises(Bad):
        verify(token, "onward-receipt+jws", {key.kid: key.public})
    with pytest.raises(Bad):
        unseal(f"{b64(header)}..{b64(bytes(12))}.{b64(b'x')}.{b64(bytes(16))}", key)


@pytest.mark.parametrize("token", [5, None, ["a.b.c"], {}])
def test_what_is_no_text_is_no_token(token: str) -> None:
    with pytest.raises(Bad):
        read(token)


@pytest.mark.parametrize("payload", [DEEP, b"5", b"[]", b"null", b"\xff"])
def test_a_token_without_an_object_is_bad(payload: bytes) -> None:
    key = Key.new()
    token = sign(payload, "onward-receipt+jws", key)
    with pytest.raises(Bad):
        claims(verify(token, "onward-receipt+jws", {key.kid: key.public}))


def program(tmp_path: Path, code: str) -> Program:
    return Program([sys.executable, "-c", "import json, os, sys, time\n" + code], str(tmp_path))


ANSWERS = "print(json.dumps({'ok': {'said': json.loads(line)['request']}}), flush=True)"


@pytest.mark.parametrize(
    "code",
    ["", "print('5')", "print('[]')", "print('no')", "print(json.dumps({'ok': 5}))",
     "sys.stdout.buffer.write(b'\\xff\\n')", "print('[' * 100000)", "print('{}')"],
)  # fmt: skip
def test_a_program_that_talks_nonsense_counts_as_not_tested(tmp_path: Path, code: str) -> None:
    made = program(tmp_path, code)
    for _ in range(4):
        with pytest.raises(NoHands):
            made.call("Referrals.Decide", {})
    made.close()


def test_a_program_that_answers_with_another_kind_has_failed(tmp_path: Path) -> None:
    made = program(tmp_path, "sys.stdin.readline()\nprint(json.dumps({'ok': {'recorded': 5}}))")
    with pytest.raises(Failed):
        made.call("Referrals.Open", {})
    made.close()


def test_a_line_without_an_end_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "LONGEST", 1000)
    made = program(tmp_path, "while True: sys.stdout.write('x' * 1000)")
    with pytest.raises(NoHands):
        made.call("Referrals.Decide", {})
    made.close()


def test_a_late_answer_is_not_taken_for_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "SECONDS", 1.0)
    slow = "if 'slow' in line: time.sleep(1.5)"
    made = program(tmp_path, f"for line in sys.stdin:\n  {slow}\n  {ANSWERS}")
    with pytest.raises(NoHands):
        made.call("Connect", {"slow": 1})
    monkeypatch.setattr(hands, "SECONDS", 30.0)
    time.sleep(1)
    assert made.call("Connect", {"quick": 2}) == {"said": {"quick": 2}}
    made.close()


def test_a_program_that_never_answers_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "SECONDS", 0.2)
    made = program(tmp_path, "time.sleep(1000)")
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(NoHands):
            made.call("Connect", {"filling": "x" * 1_000_000})  # More than a pipe holds.
    made.close()
    assert time.monotonic() - began < 10


def test_a_program_that_leaves_another_behind_does_not_hold_up_the_end(tmp_path: Path) -> None:
    made = program(tmp_path, "if os.fork() == 0: time.sleep(1000)")
    began = time.monotonic()
    made.close()
    assert time.monotonic() - began < 60


def test_a_refusal_can_have_any_reason(tmp_path: Path) -> None:
    made = program(tmp_path, "sys.stdin.readline()\nprint(json.dumps({'reason': [5]}))")
    with pytest.raises(Refusal):
        made.call("Referrals.Decide", {})
    made.close()
