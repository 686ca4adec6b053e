"""The played node's two transports. Tokens come over REST, whichever the calls go over."""

from __future__ import annotations

import json
import re
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import grpc
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2

from onward.v1 import errors_pb2
from onward_conformance.local import Route
from onward_conformance.network import Json
from onward_conformance.played import Played, Reply, problem
from onward_conformance.results import Failed
from onward_conformance.said import told
from onward_conformance.serving import IDLE, Quiet, body

DIGITS = re.compile("[0-9]{1,10}")


class PlayedServers:
    """Both, as long as they are open, on free ports of this machine."""

    def __init__(self, played: Played) -> None:
        self._rest = Quiet(("127.0.0.1", 0), _handler(played))
        threading.Thread(target=self._rest.serve_forever, args=(0.05,), daemon=True).start()
        played.address = f"http://127.0.0.1:{self._rest.server_address[1]}"
        self._grpc = grpc.server(ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
        self._grpc.add_generic_rpc_handlers(_handlers(played))
        played.authority = f"127.0.0.1:{self._grpc.add_insecure_port('127.0.0.1:0')}"
        self._grpc.start()

    def close(self) -> None:
        """Stop listening."""
        self._rest.shutdown()
        self._rest.server_close()
        self._grpc.stop(None).wait()


def _bearer(value: str) -> str:
    scheme, _, token = value.partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _handler(played: Played) -> type[BaseHTTPRequestHandler]:
    patterns = {
        name: (one, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/:]+)", re.escape(one.path))))
        for name, one in played.routes.items()
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = IDLE

        def do_GET(self) -> None:
            self._serve()

        do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_GET

        def _serve(self) -> None:
            """One request, whatever it is: what can't be read is the client's fault."""
            try:
                self._answer(body(self))
            except OSError:
                # It has gone, or has sent half of a request and no more.
                self.close_connection = True
            except Failed as failed:
                self.close_connection = True
                played.blame(failed)
                self._reply(Reply(reason="INVALID_FIELD"))
            except Exception as fault:
                self.close_connection = True
                played.blame(fault)

        def _answer(self, sent: bytes) -> None:
            try:
                url = urlsplit(self.path)
            except ValueError:
                raise Failed("a route of the specification", self.path) from None
            if url.path == "/oauth2/token" and self.command == "POST":
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, said = played.token(parse_qs(sent.decode("ascii", "replace")), headers)
                self._write(status, "application/json", json.dumps(said).encode())
                return
            for name, (route, pattern) in patterns.items():
                found = pattern.fullmatch(url.path)
                if found and route.verb == self.command.lower():
                    self._call(name, route, found.groupdict(), sent, url.query)
                    return
            asked = f"{self.command} {url.path}"
            played.blame(Failed("a route of the specification", asked))
            self._reply(Reply(reason="NOT_FOUND"))

        def _call(
            self, name: str, route: Route, path: dict[str, str], sent: bytes, query: str
        ) -> None:
            members = {_camel(one): unquote(value) for one, value in path.items()}
            if sent and self.headers.get("content-type", "").partition(";")[0] != (
                "application/json"
            ):
                kind = self.headers.get("content-type", "none")
                played.blame(Failed("application/json", kind, by="LOC-040"))
            try:
                said = json.loads(sent) if sent else _asked(route, parse_qs(query))
            except (ValueError, RecursionError):
                raise Failed("a request in JSON", f"{len(sent)} bytes that are none") from None
            said = told(said)
            if twice := set(members) & set(said):
                played.blame(Failed("no path field in the body", twice, by="LOC-043"))
            token = _bearer(self.headers.get("authorization", ""))
            self._reply(played.call(name, said | members, token))

        def _reply(self, reply: Reply) -> None:
            if reply.cut:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
            elif reply.location:
                self._write(307, "application/json", b"{}", reply.location)
            elif reply.reason:
                said = problem(reply.reason) | {"reason": reply.reason} | reply.more
                said.pop("grpc", None)
                content = json.dumps(said).encode()
                self._write(int(said["status"]), "application/problem+json", content)
            else:
                raw = isinstance(reply.body, bytes)
                content = reply.body if isinstance(reply.body, bytes) else _compact(reply.body)
                kind = "text/html" if raw and reply.status != 200 else "application/json"
                self._write(reply.status, kind, content)

        def _write(self, status: int, kind: str, content: bytes, location: str = "") -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            if location:
                self.send_header("location", location)
            if self.close_connection:
                self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(content)

        def send_error(
            self, code: int, message: str | None = None, explain: str | None = None
        ) -> None:
            """What is no HTTP, or a method that nobody knows."""
            played.blame(Failed("a request of HTTP/1.1", f"one for status {int(code)}"))
            super().send_error(code, message, explain)

        def log_message(self, *_: object) -> None:
            """The terminal belongs to the results."""

    return Handler


def _compact(said: Json) -> bytes:
    return json.dumps(said).encode()


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(one.capitalize() for one in rest)


def _asked(route: Route, query: dict[str, list[str]]) -> Json:
    """A query's parameters as the members of a message."""
    kinds = {one.json_name: one for one in route.method.input_type.fields}
    said: Json = {}
    for member, values in query.items():
        one = kinds.get(member)
        number = one is not None and one.cpp_type in (one.CPPTYPE_UINT32, one.CPPTYPE_INT32)
        made = [int(value) if number and DIGITS.fullmatch(value) else value for value in values]
        said[member] = made[0] if len(made) == 1 else made
    return said


def _handlers(played: Played) -> tuple[Any, ...]:
    found: dict[str, dict[str, Any]] = {}
    for name, route in played.routes.items():
        method = route.method
        if method.server_streaming:
            continue
        found.setdefault(method.containing_service.full_name, {})[method.name] = (
            grpc.unary_unary_rpc_method_handler(
                _behaviour(played, name, route),
                response_serializer=lambda one: one.SerializeToString(),
            )
        )
    return tuple(
        grpc.method_handlers_generic_handler(service, methods) for service, methods in found.items()
    )


def _behaviour(played: Played, name: str, route: Route) -> Any:
    asked, answer = (
        GetMessageClass(one) for one in (route.method.input_type, route.method.output_type)
    )

    def replied(sent: bytes, context: grpc.ServicerContext) -> Reply:
        metadata = dict(context.invocation_metadata())
        token = _bearer(str(metadata.get("authorization", "")))
        try:
            request = MessageToDict(asked.FromString(sent))
        except (DecodeError, ValueError, OverflowError, RecursionError):
            came = f"{len(sent)} bytes that are none"
            played.blame(Failed(f"a {route.method.input_type.name}", came))
            return Reply(reason="INVALID_FIELD")
        try:
            return played.call(name, request, token)
        except Exception as fault:
            played.blame(fault)
            return Reply(reason="UNAVAILABLE")

    def behaviour(sent: bytes, context: grpc.ServicerContext) -> Any:
        reply = replied(sent, context)
        if reply.cut:
            context.abort(grpc.StatusCode.UNAVAILABLE, "")
        if reply.reason:
            _abort(context, reply)
        said = reply.body if isinstance(reply.body, dict) else json.loads(reply.body)
        return ParseDict(said, answer())

    return behaviour


def _abort(context: grpc.ServicerContext, reply: Reply) -> None:
    said = problem(reply.reason) | reply.more
    code = grpc.StatusCode[said["grpc"]]
    status = status_pb2.Status(code=code.value[0], message=said["title"])
    detail = error_details_pb2.ErrorInfo(reason=reply.reason, domain="onward.v1")
    made = errors_pb2.Problem()
    ParseDict({"reason": said["reason"], **{k: v for k, v in reply.more.items() if k == "heads"}},
              made)  # fmt: skip
    for one in (detail, made):
        status.details.add().Pack(one)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(code, said["title"])
