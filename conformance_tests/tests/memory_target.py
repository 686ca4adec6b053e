"""The reference node in this process, called without a network: for runs that are many."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
from onward_server.adapters import errors, problems, requests
from onward_server.ports import Tx
from onward_server.service.node import Node

AGENCY = "shelter.ngo.in.example"
PROFILES = ("destination", "origin")
"""What the reference node is."""

TRIES = 3
"""So often the time passes for what has failed."""


class RealClock(Clock):
    """The time as it is."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MemoryWire:
    """Exchange at a node of this process. Bytes are read, and errors written, as over REST."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(self, method: str, request: Any) -> Answer:
        """One call."""
        made = GetMessageClass(METHODS[method].input_type)()
        rpc = spec.rpcs()[f"onward.v1.Exchange.{method}"]
        try:
            # As both transports do: whatever a message holds is checked before it counts.
            raw = isinstance(request, bytes)
            asked = requests.reader(rpc)(request, {}, b"") if raw else ParseDict(request, made)
            said = self._desk.call(f"Exchange.{method}", asked)
        except Exception as fault:
            told = problems.response(errors.refusal(fault, method))
            kind = {"_status": told.status_code, "_type": told.media_type}
            return Answer(problem=json.loads(told.body) | kind)
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
        except Exception as fault:
            raise Refusal(errors.refusal(fault, name).reason) from None
        return answer


class MemoryTarget:
    """A node that trusts the suite's list."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder, AGENCY, "IN", RealClock())
        entry = json.loads(to_json(self.desk.agency_entry()))
        self.network = Network([entry], {"rest": Cast.play("rest", "http://127.0.0.1:9")})
        self.desk.join(parse(TrustAnchors, json.dumps(self.network.anchors()).encode()))
        signed = parse(SignedTrustList, json.dumps(self.network.trust_list()).encode())
        self.desk.trust.offer(to_json(signed))
        # What a withdrawal has sealed is destroyed whenever the pump turns next.
        self.desk.ctx = replace(self.desk.ctx, destroy_after=timedelta(0))
        self.desk.node = Node(self.desk.ctx)
        for partner in self.network.accepted:
            self.desk.store.accept_peer(partner)
        self.peer = Peer(self.network)

    def bench(self) -> Bench:
        """What checks work with."""
        wire, hands = MemoryWire(self.desk), MemoryHands(self.desk)
        return Bench(self.network, "rest", wire, self.peer, hands, self.pump)

    def pump(self) -> bool:
        """Destroy what is due, and carry what the node sends to the suite, once. Where nothing is
        due, the time passes until what has failed is tried again.
        """
        destroyed = self.desk.node.erase_due()
        due = self.desk.due()
        for outgoing in due:
            try:
                (said,) = self.peer.deliver([MessageToDict(outgoing.envelope)])
                self.desk.answered(outgoing, ParseDict(said, DeliverResult()))
            except (Hung, Refused, ParseError):
                self.desk.answered(outgoing, None)
        return bool(due) or destroyed > 0 or self._later()

    def _later(self) -> bool:
        """Whether there is anything that is tried again, a few times each."""
        here = self.desk.clock.now()

        def work(tx: Tx) -> bool:
            rows = tx.due_outbox(here + timedelta(hours=1), 256)
            again = [row for row in rows if row.attempts <= TRIES]
            for row in again:
                tx.put_outbox(replace(row, next_at=here))
            return bool(again)

        return self.desk.store.write(work)

    def close(self) -> None:
        """Let go of its files."""
        self.desk.close()
