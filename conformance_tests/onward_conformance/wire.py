"""Calls to the target's peer plane, over REST or gRPC, with the same answers from both."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Protocol

import grpc
import httpx
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2

from onward.v1 import errors_pb2, peer_pb2
from onward_conformance.fetch import Fetched, Fetcher, FetchError
from onward_conformance.hands import bare
from onward_conformance.network import Json
from onward_conformance.results import Failed, spelled
from onward_conformance.said import told
from onward_conformance.shape import message

SECONDS = 20.0
"""A call that takes longer is answered nothing."""

DETAILS = "grpc-status-details-bin"

METHODS: dict[str, MethodDescriptor] = {
    one.name: one for one in peer_pb2.DESCRIPTOR.services_by_name["Exchange"].methods
}


class Unreachable(Exception):
    """The target could not be reached, did not answer in time, or not with what was asked for; the
    text says which."""


@dataclass(frozen=True)
class Answer:
    """What became of one envelope, or of one question: what was asked for, or a problem."""

    receipt: str = ""
    problem: Json | None = None
    said: Json | None = None
    """The answer to a question, or all that was said of an envelope."""

    @property
    def reason(self) -> str:
        """Of a problem, its reason without its prefix; else empty."""
        return bare((self.problem or {}).get("reason", ""))

    def __str__(self) -> str:
        if self.receipt or self.problem is None:
            return (
                "a receipt"
                if self.receipt
                else f"an answer with {spelled(sorted(self.said or {}))}"
            )
        return self.reason or "a refusal without a reason"


class Wire(Protocol):
    """One of the two transports."""

    def ask(self, method: str, request: Any) -> Answer:
        """One call of Exchange. Raises Unreachable."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...


def deliver(wire: Wire, envelopes: list[Json]) -> list[Answer]:
    """Exchange.Deliver. A refusal of the whole call is the answer to each. Raises Unreachable."""
    answer = wire.ask("Deliver", {"envelopes": envelopes})
    if answer.problem is not None:
        return [answer] * len(envelopes)
    results = answer.said.get("results", []) if answer.said else []
    return [Answer(one.get("receipt", ""), one.get("problem"), one) for one in results]


def read_answer(method: str, came: Fetched) -> Answer:
    """What came over REST. Raises Failed where it is neither the answer nor a problem."""
    if came.status != httpx.codes.OK:
        problem = told(came.said, message("Problem"))
        problem.update(_status=came.status, _type=came.kind)
        return Answer(problem=problem)
    return Answer(said=told(came.said, METHODS[method].output_type))


class RestWire:
    """The target's REST interface at `address`, such as https://node.example."""

    def __init__(self, address: str) -> None:
        self._http = Fetcher(address, SECONDS)

    def ask(self, method: str, request: Any) -> Answer:
        """One call. A request that is bytes goes as it is, whatever it holds."""
        path = f"/v1/exchange:{method[0].lower()}{method[1:]}"
        body = request if isinstance(request, bytes) else json.dumps(request).encode()
        headers = {"content-type": "application/json"}
        try:
            came = self._http.ask("POST", path, content=body, headers=headers)
        except FetchError as fault:
            raise Unreachable(str(fault)) from None
        return read_answer(method, came)

    def close(self) -> None:
        """End the connection."""
        self._http.close()


NOWHERE = "127.0.0.1:9"
"""Where nobody listens (RFC 863): the address of an agency that nobody can reach."""


class GrpcWire:
    """The target's gRPC interface at `address`, such as node.example:443; empty if it has none."""

    def __init__(self, address: str) -> None:
        # Of an empty one gRPC would write to the terminal that it is none.
        self._channel = grpc.insecure_channel(address or NOWHERE)

    def ask(self, method: str, request: Any) -> Answer:
        """One call. A request that is bytes goes as it is, whatever it holds."""
        known = METHODS[method]
        made = GetMessageClass(known.input_type)
        body = request if isinstance(request, bytes) else ParseDict(request, made())
        call = self._channel.unary_unary(
            f"/{known.containing_service.full_name}/{method}",
            request_serializer=lambda one: one if isinstance(one, bytes) else _bytes(one),
            response_deserializer=GetMessageClass(known.output_type).FromString,
        )
        try:
            return Answer(said=told(MessageToDict(call(body, timeout=SECONDS))))
        except grpc.RpcError as fault:
            metadata: Any = fault.trailing_metadata() or ()
            details = dict(metadata).get(DETAILS)
            problem = read_status(details) if details else None
            if problem is None:
                # What a target writes beside its status may be about a person.
                raise Unreachable(f"status {fault.code().name}, and no Problem") from None
            return Answer(problem=problem | {"_status": fault.code().name})

    def close(self) -> None:
        """End the connection."""
        self._channel.close()


def _bytes(message: Any) -> bytes:
    data: bytes = message.SerializeToString()
    return data


def read_status(raw: bytes) -> Json | None:
    """The problem in a google.rpc.Status, with what its ErrorInfo says; None without one."""
    found: Json | None = None
    known: Json = {}
    try:
        for detail in status_pb2.Status.FromString(raw).details:
            problem, info = errors_pb2.Problem(), error_details_pb2.ErrorInfo()
            if detail.Unpack(problem):
                found = told(MessageToDict(problem))
            if detail.Unpack(info):
                known = {"_info": (info.reason, info.domain)}
    except DecodeError:
        raise Failed("a google.rpc.Status in the trailer", "bytes that are none") from None
    return found | known if found is not None else None
