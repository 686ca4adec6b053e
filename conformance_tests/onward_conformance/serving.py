"""The addresses at which the suite's agencies are reached: REST and gRPC, over one Peer."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message

from onward.v1 import peer_pb2, peer_pb2_grpc
from onward_conformance.network import Json, Way
from onward_conformance.peer import CALLS, Hung, Peer
from onward_conformance.results import Failed

PREFIX = "/v1/exchange:"

LARGEST = 4 * 1024 * 1024
"""Bytes of a body at the most (JSON-001)."""

LINE = 1024
"""Bytes of a line between chunks at the most."""

IDLE = 120.0
"""Seconds after which a connection on which nothing comes is let go."""


class Servers:
    """Both, as long as it is open. `addresses` say host and port for each transport."""

    def __init__(self, peer: Peer, addresses: dict[Way, str]) -> None:
        self._peer = peer
        self._rest: ThreadingHTTPServer | None = None
        self._grpc: grpc.Server | None = None
        if "rest" in addresses:
            host, _, port = addresses["rest"].rpartition(":")
            self._rest = Quiet((host, int(port)), _handler(peer))
            threading.Thread(target=self._rest.serve_forever, args=(0.05,), daemon=True).start()
        if "grpc" in addresses:
            self._grpc = grpc.server(ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
            register: Any = peer_pb2_grpc.add_ExchangeServicer_to_server
            register(_Exchange(peer), self._grpc)
            try:
                self._grpc.add_insecure_port(addresses["grpc"])
            except RuntimeError as fault:
                self.close()
                raise OSError(f"{addresses['grpc']} over gRPC") from fault
            self._grpc.start()

    def close(self) -> None:
        """Stop listening."""
        if self._rest:
            self._rest.shutdown()
            self._rest.server_close()
        if self._grpc:
            self._grpc.stop(None).wait()


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that ended early: the terminal belongs to the results."""


def body(handler: BaseHTTPRequestHandler) -> bytes:
    """The body of a request, in one piece or in chunks (RFC 9112, 7.1). Raises Failed."""
    try:
        if "chunked" in handler.headers.get("transfer-encoding", "").lower():
            return _chunks(handler)
        size = int(handler.headers.get("content-length") or 0)
        return handler.rfile.read(_small(size))
    except ValueError:
        raise Failed("a request of HTTP/1.1", "a body without a length") from None


def _chunks(handler: BaseHTTPRequestHandler) -> bytes:
    found = b""
    while size := int(handler.rfile.readline(LINE).partition(b";")[0], 16):
        _small(len(found) + size)
        found += handler.rfile.read(size)
        handler.rfile.readline(LINE)
    while handler.rfile.readline(LINE).strip():
        pass  # Trailers.
    return found


def _small(size: int) -> int:
    if not 0 <= size <= LARGEST:
        raise Failed(f"at most {LARGEST} bytes", size)
    return size


def _handler(peer: Peer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = IDLE

        def do_POST(self) -> None:
            method = self.path.removeprefix(PREFIX)
            try:
                self._answer(200, "application/json", peer.answer(method, body(self)))
            except (Hung, OSError):
                self.close_connection = True
            except Failed as failed:
                self.close_connection = True
                reason = _refused(peer, method[:1].upper() + method[1:], failed)
                status, said = (404 if reason == "NOT_FOUND" else 400), f"REASON_{reason}"
                self._answer(status, "application/problem+json", {"reason": said})
            except Exception as fault:
                self.close_connection = True
                _broke(peer, fault)

        def _answer(self, status: int, kind: str, said: object) -> None:
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            if self.close_connection:
                self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """The terminal belongs to the results."""

    return Handler


def _refused(peer: Peer, name: str, failed: Failed) -> str:
    """The reason of a refusal. A call that the suite does not play is no fault of the target."""
    if name not in CALLS:
        return "NOT_FOUND"
    _broke(peer, failed)
    return "INVALID_FIELD"


def _broke(peer: Peer, fault: Exception) -> None:
    with peer.lock:
        peer.faults.append(fault)


class _Exchange(peer_pb2_grpc.ExchangeServicer):
    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def Deliver(
        self, request: peer_pb2.DeliverRequest, context: grpc.ServicerContext
    ) -> peer_pb2.DeliverResponse:
        return ParseDict(self._call("Deliver", request, context), peer_pb2.DeliverResponse())

    def Collect(
        self, request: peer_pb2.CollectRequest, context: grpc.ServicerContext
    ) -> peer_pb2.CollectResponse:
        return ParseDict(self._call("Collect", request, context), peer_pb2.CollectResponse())

    def GetServices(
        self, request: peer_pb2.GetServicesRequest, context: grpc.ServicerContext
    ) -> peer_pb2.GetServicesResponse:
        return ParseDict(
            self._call("GetServices", request, context), peer_pb2.GetServicesResponse()
        )

    def Resync(
        self, request: peer_pb2.ResyncRequest, context: grpc.ServicerContext
    ) -> peer_pb2.ResyncResponse:
        return ParseDict(self._call("Resync", request, context), peer_pb2.ResyncResponse())

    def _call(self, name: str, request: Message, context: grpc.ServicerContext) -> Json:
        try:
            return self._peer.call(name, MessageToDict(request))
        except Hung:
            code = grpc.StatusCode.UNAVAILABLE
        except Failed as failed:
            _broke(self._peer, failed)
            code = grpc.StatusCode.INVALID_ARGUMENT
        except Exception as fault:
            _broke(self._peer, fault)
            code = grpc.StatusCode.INTERNAL
        context.abort(code, "")
        return {}  # Not reached: it has raised.
