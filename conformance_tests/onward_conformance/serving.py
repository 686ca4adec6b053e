"""The addresses at which the suite's agencies are reached: REST and gRPC, over one Peer."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict, ParseDict

from onward.v1 import peer_pb2, peer_pb2_grpc
from onward_conformance.network import Way
from onward_conformance.peer import Hung, Peer

PREFIX = "/v1/exchange:"


class Servers:
    """Both, as long as it is open. `addresses` say host and port for each transport."""

    def __init__(self, peer: Peer, addresses: dict[Way, str]) -> None:
        self._peer = peer
        self._rest: ThreadingHTTPServer | None = None
        self._grpc: grpc.Server | None = None
        if "rest" in addresses:
            host, _, port = addresses["rest"].rpartition(":")
            self._rest = ThreadingHTTPServer((host, int(port)), _handler(peer))
            self._rest.daemon_threads = True
            threading.Thread(target=self._rest.serve_forever, args=(0.05,), daemon=True).start()
        if "grpc" in addresses:
            self._grpc = grpc.server(ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
            register: Any = peer_pb2_grpc.add_ExchangeServicer_to_server
            register(_Exchange(peer), self._grpc)
            self._grpc.add_insecure_port(addresses["grpc"])
            self._grpc.start()

    def close(self) -> None:
        """Stop listening."""
        if self._rest:
            self._rest.shutdown()
            self._rest.server_close()
        if self._grpc:
            self._grpc.stop(None).wait()


def _handler(peer: Peer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            try:
                said = peer.answer(self.path.removeprefix(PREFIX), body)
            except Hung:
                self.close_connection = True
                return
            except (ValueError, KeyError):
                self._answer(404, "application/problem+json", {"reason": "REASON_NOT_FOUND"})
                return
            self._answer(200, "application/json", said)

        def _answer(self, status: int, kind: str, said: object) -> None:
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """The terminal belongs to the results."""

    return Handler


class _Exchange(peer_pb2_grpc.ExchangeServicer):
    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def Deliver(
        self, request: peer_pb2.DeliverRequest, context: grpc.ServicerContext
    ) -> peer_pb2.DeliverResponse:
        envelopes = [MessageToDict(one) for one in request.envelopes]
        try:
            results = self._peer.deliver(envelopes)
        except Hung:
            context.abort(grpc.StatusCode.UNAVAILABLE, "")
        return ParseDict({"results": results}, peer_pb2.DeliverResponse())

    def Collect(
        self, request: peer_pb2.CollectRequest, context: grpc.ServicerContext
    ) -> peer_pb2.CollectResponse:
        return ParseDict(self._peer.collect(MessageToDict(request)), peer_pb2.CollectResponse())

    def GetServices(
        self, request: peer_pb2.GetServicesRequest, context: grpc.ServicerContext
    ) -> peer_pb2.GetServicesResponse:
        self._peer.get_services(MessageToDict(request))
        return peer_pb2.GetServicesResponse()

    def Resync(
        self, request: peer_pb2.ResyncRequest, context: grpc.ServicerContext
    ) -> peer_pb2.ResyncResponse:
        try:
            given = self._peer.resync(MessageToDict(request))
        except Hung:
            context.abort(grpc.StatusCode.UNAVAILABLE, "")
        return ParseDict(given, peer_pb2.ResyncResponse())
