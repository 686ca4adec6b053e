"""Calls to the target's peer plane, over REST or gRPC, with the same answers from both."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Protocol

import grpc
import httpx
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2

from onward.v1 import errors_pb2, peer_pb2
from onward_conformance.hands import bare
from onward_conformance.network import Json

SECONDS = 20.0
"""A call that takes longer is answered nothing."""

SHOWN = 80
"""Characters that are shown of an answer that can't be read."""

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
            return "a receipt" if self.receipt else f"an answer with {sorted(self.said or {})}"
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
    results = (answer.said or {}).get("results") or []
    return [Answer(one.get("receipt", ""), one.get("problem"), one) for one in results]


class RestWire:
    """The target's REST interface at `address`, such as https://node.example."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._http = httpx.Client(base_url=address, timeout=SECONDS)

    def ask(self, method: str, request: Any) -> Answer:
        """One call. A request that is bytes goes as it is, whatever it holds."""
        path = f"/v1/exchange:{method[0].lower()}{method[1:]}"
        body = request if isinstance(request, bytes) else json.dumps(request).encode()
        try:
            response = self._http.post(
                path, content=body, headers={"content-type": "application/json"}
            )
        except httpx.HTTPError as fault:
            raise Unreachable(f"{type(fault).__name__} at {self.address}: {fault}") from None
        status, good = response.status_code, response.status_code == httpx.codes.OK
        try:
            said = response.json()
            message = GetMessageClass(METHODS[method].output_type) if good else errors_pb2.Problem
            ParseDict(said, message(), ignore_unknown_fields=True)
            _objects(message.DESCRIPTOR, said)
        except ParseError as fault:
            kind = message.DESCRIPTOR.name
            raise Unreachable(f"status {status} with JSON that is no {kind}: {fault}") from None
        except ValueError:
            text = response.text[:SHOWN]
            raise Unreachable(f"status {status} with what is no JSON: {text!r}") from None
        if not good:
            kind = response.headers.get("content-type", "").partition(";")[0]
            return Answer(problem=said | {"_status": status, "_type": kind})
        return Answer(said=said)

    def close(self) -> None:
        """End the connection."""
        self._http.close()


def _objects(kind: Any, value: Any) -> None:
    """Raises ParseError where a message is no object: ParseDict takes a list for an empty one."""
    if not isinstance(value, dict):
        raise ParseError(f"{kind.name} is no object")
    for field in kind.fields:
        found = value.get(field.json_name)
        if field.message_type is None or found is None:
            continue
        if field.message_type.file.package == kind.file.package:
            for one in found if isinstance(found, list) else [found]:
                _objects(field.message_type, one)


class GrpcWire:
    """The target's gRPC interface at `address`, such as node.example:443."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address)

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
            return Answer(said=MessageToDict(call(body, timeout=SECONDS)))
        except grpc.RpcError as fault:
            metadata: Any = fault.trailing_metadata() or ()
            told = dict(metadata).get(DETAILS)
            problem = read_status(told) if told else None
            if problem is None:
                raise Unreachable(f"{fault.code().name}: {fault.details()}") from None
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
    for detail in status_pb2.Status.FromString(raw).details:
        problem, info = errors_pb2.Problem(), error_details_pb2.ErrorInfo()
        if detail.Unpack(problem):
            found = MessageToDict(problem)
        if detail.Unpack(info):
            known = {"_info": (info.reason, info.domain)}
    return found | known if found is not None else None
