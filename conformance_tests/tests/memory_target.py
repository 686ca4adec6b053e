"""The reference node in this process, called without a network: for runs that are many."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message_factory import GetMessageClass

from desk import Clock, Desk
from onward.core import spec
from onward.core.parse import parse, to_json
from onward.core.refused import Refused
from onward.v1.peer_pb2 import DeliverResult
from onward.v1.trust_pb2 import SignedTrustList, TrustAnchors
from onward_conformance.check import Bench
from onward_conformance.hands import Refusal
from onward_conformance.jose import Key
from onward_conformance.local import LocalPlane, Route
from onward_conformance.network import Cast, Json, Network
from onward_conformance.peer import Hung, Peer
from onward_conformance.wire import METHODS, Answer
from onward_server.service import inbound

AGENCY = "shelter.ngo.in.example"
PROFILES = ("destination", "origin")
"""What the reference node is."""


class RealClock(Clock):
    """The time as it is."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MemoryWire:
    """Exchange at a node of this process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(self, method: str, request: Any) -> Answer:
        """One call."""
        made = GetMessageClass(METHODS[method].input_type)()
        try:
            # As both transports do: whatever a message holds is checked before it counts.
            said = self._desk.call(f"Exchange.{method}", ParseDict(request, made))
        except Refused as fault:
            return Answer(problem=MessageToDict(inbound.problem(fault)))
        return Answer(said=MessageToDict(said))

    def close(self) -> None:
        """Nothing to end."""


class MemoryHands(LocalPlane):
    """The local plane of a node of this process."""

    def __init__(self, desk: Desk) -> None:
        login = Key.load(json.dumps(desk.login_key.as_dict(private=True)))
        super().__init__("http://127.0.0.1:9", AGENCY, "", login, login)
        self._desk = desk

    def _send(self, name: str, route: Route, said: Json) -> Json:
        rpc = spec.rpcs()[f"onward.v1.{name}"]
        made = ParseDict(said, GetMessageClass(rpc.input)())
        try:
            answer: Json = MessageToDict(self._desk.call(name, made))
        except Refused as fault:
            raise Refusal(fault.reason) from None
        return answer


class MemoryTarget:
    """A node that trusts the suite's list."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder, AGENCY, "IN", RealClock())
        entry = json.loads(to_json(self.desk.agency_entry()))
        self.network = Network([entry], {"rest": Cast.play("rest", "http://127.0.0.1:9", AGENCY)})
        self.desk.join(parse(TrustAnchors, json.dumps(self.network.anchors()).encode()))
        signed = parse(SignedTrustList, json.dumps(self.network.trust_list()).encode())
        self.desk.trust.offer(to_json(signed))
        for partner in self.network.accepted(AGENCY):
            self.desk.store.accept_peer(partner)
        self.peer = Peer(self.network)

    def bench(self) -> Bench:
        """What checks work with."""
        wire, hands = MemoryWire(self.desk), MemoryHands(self.desk)
        return Bench(self.network, "rest", wire, self.peer, hands, self.pump)

    def pump(self) -> bool:
        """Destroy what is due, and carry what the node sends to the suite, once."""
        destroyed = self.desk.node.erase_due()
        due = self.desk.due()
        for outgoing in due:
            try:
                (said,) = self.peer.deliver([MessageToDict(outgoing.envelope)])
            except Hung:
                self.desk.answered(outgoing, None)
                continue
            self.desk.answered(outgoing, ParseDict(said, DeliverResult()))
        return bool(due) or destroyed > 0

    def close(self) -> None:
        """Let go of its files."""
        self.desk.close()
