"""The reference node in this process, called without a network: for runs that are many."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
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
from onward_server.ports import Tx
from onward_server.service import inbound
from onward_server.service.outbound import Outgoing

AGENCY = "shelter.ngo.in.example"
PROFILES = ("destination", "origin", "forwarder")
"""What the reference node is."""
TRIES = 3
"""After so many tries that failed, something is not hurried any more."""


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
        try:
            made = ParseDict(said, GetMessageClass(rpc.input)())
        except ParseError:
            raise Refusal("UNKNOWN_FIELD") from None
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
        self.network = Network([entry], {"rest": Cast.play("rest", "http://127.0.0.1:9")})
        self.desk.join(parse(TrustAnchors, json.dumps(self.network.anchors()).encode()))
        self.news()
        self.peer = Peer(self.network)

    def bench(self) -> Bench:
        """What checks work with."""
        wire, hands = MemoryWire(self.desk), MemoryHands(self.desk)
        return Bench(self.network, "rest", wire, self.peer, hands, self.pump, self.news)

    def news(self) -> None:
        """The suite's newest trust list, and whom the node accepts by now."""
        signed = parse(SignedTrustList, json.dumps(self.network.trust_list()).encode())
        self.desk.trust.offer(to_json(signed))
        for cast in self.network.casts.values():
            for one in cast.listed:
                self.desk.store.accept_peer(one.name, one.name in self.network.accepted)

    def pump(self) -> bool:
        """Destroy what is due, and carry what the node sends to the suite, once."""
        destroyed = self.desk.node.erase_due()
        due = self.desk.due() or self._again()
        for outgoing in due:
            try:
                (said,) = self.peer.deliver([MessageToDict(outgoing.envelope)])
                self.desk.answered(outgoing, ParseDict(said, DeliverResult()))
            except (
                Hung,
                ParseError,
                Refused,
            ):  # As adapters/delivery.py: none of these settles it.
                self.desk.answered(outgoing, None)
        return bool(due) or destroyed > 0

    def _again(self) -> list[Outgoing]:
        """What would be tried again after a pause, without the pause: a few times each."""

        def work(tx: Tx) -> None:
            for row in tx.due_outbox(datetime.max.replace(tzinfo=UTC), 1000):
                if row.attempts <= TRIES:
                    tx.put_outbox(replace(row, next_at=self.desk.clock.now()))

        self.desk.store.write(work)
        return self.desk.due()

    def close(self) -> None:
        """Let go of its files."""
        self.desk.close()
