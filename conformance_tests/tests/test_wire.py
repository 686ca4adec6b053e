"""What comes from a target that is no answer: the target's fault, and never the suite's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from onward_conformance.wire import RestWire, Unreachable, deliver


@contextmanager
def answering(status: int, text: str) -> Iterator[RestWire]:
    """A connection to what answers each call with this."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    wire = RestWire(f"http://127.0.0.1:{server.server_port}")
    yield wire
    wire.close()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "text", "why"),
    [
        (404, "<html>Not found</html>", "status 404 with what is no JSON: '<html>Not found"),
        (200, "", "status 200 with what is no JSON"),
        (200, "[]", "status 200 with JSON that is no DeliverResponse"),
        (200, '{"results": 5}', "no DeliverResponse"),
        (200, '{"results": {}}', "no DeliverResponse"),
        (200, '{"results": ["x"]}', "no DeliverResponse"),
        (200, '{"results": [{"receipt": 5}]}', "no DeliverResponse"),
        (200, '{"results": [{"problem": "no"}]}', "no DeliverResponse"),
        (500, "[]", "status 500 with JSON that is no Problem"),
        (400, '{"reason": {}}', "no Problem"),
    ],
)
def test_what_is_no_answer(status: int, text: str, why: str) -> None:
    with answering(status, text) as wire, pytest.raises(Unreachable, match=why):
        deliver(wire, [{}])


def test_what_nobody_knows_in_an_answer_is_passed_over() -> None:
    said = '{"results": [{"receipt": "a.b.c", "more": 1}, {"problem": {"reason": "NEW"}}]}'
    with answering(200, said) as wire:
        first, second = deliver(wire, [{}, {}])
    assert (first.receipt, second.reason) == ("a.b.c", "NEW")


def test_nobody_listens() -> None:
    wire = RestWire("http://127.0.0.1:1")
    with pytest.raises(Unreachable, match=r"ConnectError at http://127\.0\.0\.1:1"):
        deliver(wire, [{}])
