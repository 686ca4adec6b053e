"""Calls to the target's peer plane, over REST or gRPC, with the same answers from both."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import grpc
import httpx
from google.protobuf.json_format import MessageToDict, ParseDict

from onward.v1 import peer_pb2, peer_pb2_grpc

Json = dict[str, Any]
Way = Literal["rest", "grpc"]
SECONDS = 20.0
"""A call that takes longer is answered nothing."""


class Unreachable(Exception):
    """The target could not be reached, or did not answer in time."""


@dataclass(frozen=True)
class Answer:
    """What became of one envelope: a receipt, or a problem."""

    receipt: str = ""
    problem: Json | None = None

    @property
    def reason(self) -> str:
        """Of a problem, its reason without its prefix; else empty."""
        return (self.problem or {}).get("reason", "").removeprefix("REASON_")

    def __str__(self) -> str:
        return "a receipt" if self.receipt else self.reason or "neither receipt nor problem"


class Wire(Protocol):
    """One of the two transports."""

    def deliver(self, envelopes: list[Json]) -> list[Answer]:
        """Exchange.Deliver. Raises Unreachable."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...


class RestWire:
    """The target's REST interface at `address`, such as https://node.example."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=SECONDS)

    def deliver(self, envelopes: list[Json]) -> list[Answer]:
        """Exchange.Deliver over REST. A refusal of the whole call is the answer to each."""
        try:
            response = self._http.post("/v1/exchange:deliver", json={"envelopes": envelopes})
            said = response.json()
        except (httpx.HTTPError, json.JSONDecodeError) as fault:
            raise Unreachable(type(fault).__name__) from None
        if response.status_code != httpx.codes.OK:
            return [Answer(problem=said)] * len(envelopes)
        return [Answer(one.get("receipt", ""), one.get("problem")) for one in said["results"]]

    def close(self) -> None:
        """End the connection."""
        self._http.close()


class GrpcWire:
    """The target's gRPC interface at `address`, such as node.example:443."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address)
        self._exchange = peer_pb2_grpc.ExchangeStub(self._channel)

    def deliver(self, envelopes: list[Json]) -> list[Answer]:
        """Exchange.Deliver over gRPC. A refusal of the whole call is the answer to each."""
        request = ParseDict({"envelopes": envelopes}, peer_pb2.DeliverRequest())
        try:
            said = MessageToDict(self._exchange.Deliver(request, timeout=SECONDS))
        except grpc.RpcError as fault:
            problem = _problem(fault)
            if problem is None:
                raise Unreachable(fault.code().name) from None
            return [Answer(problem=problem)] * len(envelopes)
        return [Answer(one.get("receipt", ""), one.get("problem")) for one in said["results"]]

    def close(self) -> None:
        """End the connection."""
        self._channel.close()


def _problem(fault: grpc.RpcError) -> Json | None:
    """The problem in the details of an error; None if there is none."""
    from google.rpc import status_pb2

    from onward.v1 import errors_pb2

    for name, raw in fault.trailing_metadata() or ():
        if name == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(raw).details:
                problem = errors_pb2.Problem()
                if detail.Unpack(problem):
                    found: Json = MessageToDict(problem)
                    return found
    return None
