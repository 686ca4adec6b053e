"""The reference node in this process, called without a network: for runs that are many."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict

from desk import Clock, Desk
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.peer_pb2 import DeliverRequest
from onward.v1.trust_pb2 import SignedTrustList, TrustAnchors
from onward_conformance.check import Bench
from onward_conformance.network import Network
from onward_conformance.wire import Answer
from onward_server.service import inbound

AGENCY = "shelter.ngo.in.example"


class RealClock(Clock):
    """The time as it is."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MemoryWire:
    """Exchange.Deliver at a node of this process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def deliver(self, envelopes: list[dict[str, Any]]) -> list[Answer]:
        request = ParseDict({"envelopes": envelopes}, DeliverRequest())
        try:
            said = MessageToDict(self._desk.call("Exchange.Deliver", request))
        except Refused as fault:
            return [Answer(problem=MessageToDict(inbound.problem(fault)))] * len(envelopes)
        return [Answer(one.get("receipt", ""), one.get("problem")) for one in said["results"]]

    def close(self) -> None:
        """Nothing to end."""


class MemoryTarget:
    """A node that trusts the suite's list."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder, AGENCY, "IN", RealClock())
        entry = json.loads(to_json(self.desk.agency_entry()))
        self.network = Network(entry)
        self.desk.join(parse(TrustAnchors, json.dumps(self.network.anchors()).encode()))
        signed = parse(SignedTrustList, json.dumps(self.network.trust_list()).encode())
        self.desk.trust.offer(to_json(signed))
        for partner in (self.network.partner, self.network.second):
            self.desk.store.accept_peer(partner.name)

    def bench(self) -> Bench:
        """What checks work with."""
        return Bench(self.network, MemoryWire(self.desk))

    def close(self) -> None:
        """Let go of its files."""
        self.desk.close()
