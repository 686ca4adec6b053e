"""The reference node in this process, called without a network: for runs that are many."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.message_factory import GetMessageClass

from desk import Clock, Desk
from onward.core import spec
from onward.core.parse import parse, to_json, validate
from onward.core.refused import Refused
from onward.v1.peer_pb2 import DeliverResult
from onward.v1.trust_pb2 import TrustAnchors
from onward_conformance.check import Bench
from onward_conformance.hands import NoHands, Refusal
from onward_conformance.jose import Key
from onward_conformance.local import LocalPlane, Route
from onward_conformance.network import Cast, Json, Network
from onward_conformance.peer import Hung, Peer
from onward_conformance.wire import METHODS, Answer
from onward_server.adapters import errors, problems, requests
from onward_server.adapters.host import Host
from onward_server.ports import Tx
from onward_server.service import service_lists
from onward_server.service.node import Node
from onward_server.service.outbound import Outgoing

AGENCY = "shelter.ngo.in.example"
BESIDE = "centre.ngo.in.example"
PROFILES = ("destination", "origin", "forwarder", "hosting", "mailbox", "knocks")
"""What the reference node is."""
TRIES = 3
"""After so many tries that failed, something is not hurried any more."""


class RealClock(Clock):
    """The time as it is."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MemoryWire:
    """Exchange at a node of this process. Bytes are read, and errors written, as over REST."""

    def __init__(self, desk: Desk, host: Host | None = None) -> None:
        self._node = host or desk.node

    def ask(self, method: str, request: Any) -> Answer:
        """One call."""
        made = GetMessageClass(METHODS[method].input_type)()
        rpc = spec.rpcs()[f"onward.v1.Exchange.{method}"]
        try:
            # As both transports do: whatever a message holds is checked before it counts.
            raw = isinstance(request, bytes)
            asked = requests.reader(rpc)(request, {}, b"") if raw else ParseDict(request, made)
            validate(asked)
            said = self._node.call(rpc, asked, None)
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
        try:
            made = ParseDict(said, GetMessageClass(rpc.input)())
        except ParseError:
            raise Refusal("UNKNOWN_FIELD") from None
        try:
            answer: Json = MessageToDict(self._desk.call(name, made))
        except Exception as fault:
            raise Refusal(errors.refusal(fault, name).reason) from None
        return answer


class MemoryTarget:
    """A node that trusts the suite's list."""

    def __init__(self, folder: Path, profiles: Sequence[str] = PROFILES) -> None:
        agencies = (AGENCY, BESIDE) if "hosting" in profiles else (AGENCY,)
        self.desks = [self._desk(folder / name, name) for name in agencies]
        self.desk = self.desks[0]
        self.desk.mailbox = "mailbox" in profiles
        entries = [json.loads(to_json(one.agency_entry())) for one in self.desks]
        self.network = Network(entries, {"rest": Cast.play("rest", "http://127.0.0.1:9", AGENCY)})
        for one in self.desks:
            one.join(parse(TrustAnchors, json.dumps(self.network.anchors()).encode()))
        # What a withdrawal has sealed is destroyed whenever the pump turns next.
        self.desk.ctx = replace(self.desk.ctx, destroy_after=timedelta(0))
        self.desk.node = Node(self.desk.ctx)
        self.news()
        self.peer = Peer(self.network)

    def _desk(self, folder: Path, agency: str) -> Desk:
        folder.mkdir()
        return Desk(folder, agency, "IN", RealClock())

    def bench(self) -> Bench:
        """What checks work with."""
        host = Host({one.agency: one.node for one in self.desks}) if self.desks[1:] else None
        wire, hands = MemoryWire(self.desk, host), MemoryHands(self.desk)
        return Bench(self.network, "rest", wire, self.peer, hands, self.pump, self.news)

    def news(self, signed: Json | None = None) -> None:
        """A trust list, the suite's newest if none is given, and whom the node accepts by now."""
        made = signed or self.network.trust_list()
        for desk in self.desks:
            try:
                desk.trust.offer(json.dumps(made).encode())
            except Refused as fault:
                raise NoHands(fault.reason) from None
            partners = self.network.accepted(desk.agency)
            for cast in self.network.casts.values():
                for one in cast.listed:
                    desk.store.accept_peer(one.name, one.name in partners)

    def pump(self) -> bool:
        """Destroy what is due, and carry what the node sends to the suite, once. Where nothing is
        due, the time passes until what has failed is tried again.
        """
        destroyed = self.desk.node.erase_due()
        if not self.peer.services:
            # Its clock, which asks every partner, has come once.
            partner = next(iter(self.network.casts.values())).partner.name
            asked = service_lists.question(self.desk.ctx, partner)
            self.peer.get_services(MessageToDict(asked))
        due = self.desk.due() or self._again()
        for outgoing in due:
            try:
                (said,) = self.peer.deliver([MessageToDict(outgoing.envelope)])
                self.desk.answered(outgoing, ParseDict(said, DeliverResult()))
            except (Hung, ParseError, Refused):
                # As adapters/delivery.py: none of these settles it.
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
        for one in self.desks:
            one.close()
