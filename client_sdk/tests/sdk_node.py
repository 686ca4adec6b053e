"""A small node for tests: one handler function, asked over real HTTP and over real gRPC."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import grpc
from google.protobuf import any_pb2, message_factory
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from onward.core import parse, spec
from onward.core.refused import Refused
from onward.errors import OnwardError
from onward.v1 import errors_pb2
from onward.v1.errors_pb2 import Problem

Answer = Callable[[spec.Rpc, Message, str | None], Any]
Raw = tuple[int, str, bytes]

TOKEN_FORM = "application/x-www-form-urlencoded"


def kebab(reason: str) -> str:
    return reason.lower().replace("_", "-")


def problem_json(error: OnwardError) -> dict[str, Any]:
    info = spec.reasons()[error.reason]
    result: dict[str, Any] = {
        "type": f"https://onward.example/errors/{kebab(error.reason)}",
        "title": info.text,
        "status": info.http,
        "reason": error.reason,
    }
    if error.pointer:
        result["pointer"] = error.pointer
    if error.expected:
        result["expected"] = error.expected
    if error.heads is not None:
        result["heads"] = MessageToDict(error.heads)
    return result


def status_details(error: OnwardError) -> bytes:
    number: Any = errors_pb2.Reason.Value(f"REASON_{error.reason}")
    place = {"pointer": error.pointer, "expected": error.expected}
    problem = Problem(reason=number, heads=error.heads, **place)
    info = error_details_pb2.ErrorInfo(reason=error.reason, domain="onward.v1", metadata=place)
    details = [any_pb2.Any(), any_pb2.Any()]
    details[0].Pack(info)
    details[1].Pack(problem)
    code = getattr(grpc.StatusCode, spec.reasons()[error.reason].grpc).value[0]
    status: bytes = status_pb2.Status(code=code, details=details).SerializeToString()
    return status


def _find(verb: str, path: str) -> tuple[spec.Rpc, dict[str, str]]:
    for rpc in spec.rpcs().values():
        shape = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/:]+)", re.escape(rpc.http_path))
        found = re.fullmatch(shape, path)
        if found and rpc.http_verb.upper() == verb:
            return rpc, found.groupdict()
    raise Refused("NOT_FOUND")


def _input(rpc: spec.Rpc, path: dict[str, str], query: str, body: bytes) -> Message:
    kind = message_factory.GetMessageClass(rpc.input)
    if rpc.body:
        # Held to the body's own schema, which refuses the fields of the path.
        request = parse.parse(kind, body, schema=parse.body_validator(rpc))
    else:
        names = {field.json_name: field for field in rpc.input.fields}
        request = kind()
        for name, values in parse_qs(query, strict_parsing=bool(query)).items():
            field = names[name]
            setattr(request, field.name, int(values[0]) if field.cpp_type == 3 else values[0])
    for name, value in path.items():
        setattr(request, name, value)
    parse.validate(request)
    return request


class Node:
    """What the tests set and look at."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.token: Callable[[dict[str, str]], tuple[int, dict[str, Any]]] | None = None
        self.raw: Raw | None = None
        self.base = ""
        self.authority = ""
        self.urls: list[str] = []

    def ask(self, rpc: spec.Rpc, request: Message, authorization: str | None) -> Any:
        token = authorization.removeprefix("Bearer ") if authorization else None
        return self.answer(rpc, request, token)


def _handler(node: Node) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: Any) -> None:
            return

        def give(self, status: int, media: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", media)
            self.send_header("content-length", str(len(content)))
            if 300 <= status < 400:
                self.send_header("location", node.base + "/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def stream(self, events: Iterable[Any]) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/event-stream; charset=utf-8")
            self.send_header("connection", "close")
            self.end_headers()
            self.close_connection = True
            self.wfile.write(b": heartbeat\n\n")
            for event in events:
                data = parse.to_json(event).decode()
                text = f"id: {event.cursor}\nevent: {event.kind}\ndata: {data}\n\n"
                self.wfile.write(text.encode())

        def handle_call(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(size)
            node.urls.append(self.path)
            if node.raw is not None:
                return self.give(*node.raw)
            parts = urlsplit(self.path)
            if parts.path == "/oauth2/token" and node.token is not None:
                assert self.headers["content-type"] == TOKEN_FORM
                pairs = parse_qs(body.decode(), strict_parsing=True)
                status, answer = node.token({name: one for name, (one,) in pairs.items()})
                return self.give(status, "application/json", json.dumps(answer).encode())
            error: OnwardError
            try:
                rpc, path = _find(self.command, parts.path)
                request = _input(rpc, path, parts.query, body)
                answer_ = node.ask(rpc, request, self.headers["authorization"])
                if rpc.server_streaming:
                    return self.stream(answer_)
                return self.give(200, "application/json", parse.to_json(answer_))
            except Refused as refused:
                error = _as_error(refused)
            except OnwardError as raised:
                error = raised
            found = problem_json(error)
            content = json.dumps(found).encode()
            return self.give(found["status"], "application/problem+json", content)

        do_GET = do_POST = handle_call

    return Handler


def _as_error(refused: Refused) -> OnwardError:
    from onward.errors import from_refused

    return from_refused(refused)


def _grpc_method(node: Node, rpc: spec.Rpc) -> grpc.RpcMethodHandler[Any, Any]:
    def abort(context: Any, error: OnwardError) -> None:
        context.set_trailing_metadata((("grpc-status-details-bin", status_details(error)),))
        context.abort(getattr(grpc.StatusCode, spec.reasons()[error.reason].grpc), "")

    def ask(request: Message, context: Any) -> Any:
        authorization = dict(context.invocation_metadata()).get("authorization")
        try:
            parse.validate(request)
            return node.ask(rpc, request, authorization)
        except Refused as refused:
            abort(context, _as_error(refused))
        except OnwardError as error:
            abort(context, error)

    def stream(request: Message, context: Any) -> Iterator[Any]:
        yield from ask(request, context)

    codec: Any = {
        "request_deserializer": message_factory.GetMessageClass(rpc.input).FromString,
        "response_serializer": lambda message: message.SerializeToString(),
    }
    if rpc.server_streaming:
        return grpc.unary_stream_rpc_method_handler(stream, **codec)
    return grpc.unary_unary_rpc_method_handler(ask, **codec)


@contextmanager
def running(answer: Answer) -> Iterator[Node]:
    """Serve on free ports of this machine."""
    node = Node(answer)
    web = ThreadingHTTPServer(("127.0.0.1", 0), _handler(node))
    web.daemon_threads = True
    node.base = f"http://127.0.0.1:{web.server_address[1]}"
    server = grpc.server(futures.ThreadPoolExecutor(4))
    by_service: dict[str, dict[str, Any]] = {}
    for rpc in spec.rpcs().values():
        by_service.setdefault(rpc.service, {})[rpc.name] = _grpc_method(node, rpc)
    for service, methods in by_service.items():
        generic = grpc.method_handlers_generic_handler(f"onward.v1.{service}", methods)
        server.add_generic_rpc_handlers((generic,))
    node.authority = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield node
    finally:
        web.shutdown()
        thread.join()
        web.server_close()
        server.stop(0).wait()
