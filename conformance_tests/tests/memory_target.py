"""The reference node in this process, called without a network: for runs that are many."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc import StatusCode
from sign_agreement import signed
from take_list import accept

from desk import Clock, Desk
from onward.core import spec
from onward.core.parse import parse, to_json, validate
from onward.core.refused import Refused
from onward.v1.peer_pb2 import DeliverRequest, DeliverResult, ResyncResponse
from onward.v1.trust_pb2 import TrustAnchors
from onward_conformance.check import Bench, Check
from onward_conformance.hands import NoHands, Refusal
from onward_conformance.jose import Key
from onward_conformance.local import LocalPlane, Route
from onward_conformance.network import WAYS, Cast, Json, Network, Way
from onward_conformance.peer import Hung, Peer
from onward_conformance.results import Result
from onward_conformance.runner import run
from onward_conformance.wire import METHODS, Answer, read_status
from onward_server.adapters import errors, grpc_api, problems, requests
from onward_server.adapters.host import Host
from onward_server.ports import Tx
from onward_server.service import peer, posted, recovery, service_lists
from onward_server.service.context import Context
from onward_server.service.inbound import Arrived
from onward_server.service.node import Node
from onward_server.service.outbound import Outgoing

AGENCY = "shelter.ngo.in.example"
BESIDE = "centre.ngo.in.example"
HOSTING = "hosting"
PROFILES = ("destination", "origin", "forwarder", HOSTING, "mailbox", "knocks")
"""What the reference node is."""
TRIES = 3
"""After so many tries that failed, something is not hurried any more."""


class RealClock(Clock):
    """The time as it is."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class WithoutKnocks(Node):
    """The reference node as one that takes no knocks."""

    def _peer(self, request: Message) -> Message:
        if not isinstance(request, DeliverRequest):
            return super()._peer(request)
        answer = peer.deliver(self.ctx, request, _takes_none)
        self.relay_due()
        self.changed()
        return answer


def _takes_none(_ctx: Context, _tx: Tx, _arrived: Arrived) -> None:
    raise Refused("UNIMPLEMENTED")


class MemoryWire:
    """Exchange at a node of this process. Bytes are read, and errors written, as over one of the
    transports.
    """

    def __init__(self, desk: Desk, host: Host | None = None, way: Way = "rest") -> None:
        self._node = host or desk.node
        self._way = way

    def ask(self, method: str, request: Any) -> Answer:
        """One call."""
        made = GetMessageClass(METHODS[method].input_type)()
        rpc = spec.rpcs()[f"onward.v1.Exchange.{method}"]
        try:
            # As both transports do: whatever a message holds is checked before it counts.
            raw = isinstance(request, bytes)
            asked = self._read(rpc, request) if raw else ParseDict(request, made)
            validate(asked)
            said = self._node.call(rpc, asked, None)
        except Exception as fault:
            return Answer(problem=self._problem(errors.refusal(fault, method)))
        return Answer(said=MessageToDict(said))

    def _read(self, rpc: spec.Rpc, request: bytes) -> Any:
        if self._way == "grpc":
            return grpc_api.reader(rpc)(request)
        return requests.reader(rpc)(request, {}, b"")

    def _problem(self, refused: Refused) -> Json:
        if self._way == "grpc":
            status = grpc_api.status(refused)
            name = next(one.name for one in StatusCode if one.value[0] == status.code)
            return (read_status(status.SerializeToString()) or {}) | {"_status": name}
        told = problems.response(refused)
        said: Json = json.loads(told.body)
        return said | {"_status": told.status_code, "_type": told.media_type}

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

    def __init__(
        self, folder: Path, profiles: Sequence[str] = PROFILES, ways: Sequence[Way] = ("rest",)
    ) -> None:
        agencies = (AGENCY, BESIDE) if HOSTING in profiles else (AGENCY,)
        self.desks = [self._desk(folder / name, name) for name in agencies]
        self.desk = self.desks[0]
        self.desk.mailbox = "mailbox" in profiles
        entries = [json.loads(to_json(one.agency_entry())) for one in self.desks]
        addresses: dict[Way, str] = {"rest": "http://127.0.0.1:9", "grpc": "127.0.0.1:9"}
        casts = {way: Cast.play(way, addresses[way], AGENCY) for way in ways}
        self.network = Network(entries, casts)
        for one in self.desks:
            one.join(parse(TrustAnchors, json.dumps(self.network.anchors()).encode()))
        # What a withdrawal has sealed is destroyed whenever the pump turns next.
        self.desk.ctx = replace(self.desk.ctx, destroy_after=timedelta(0))
        self.desk.node = (Node if "knocks" in profiles else WithoutKnocks)(self.desk.ctx)
        self.news()
        self.peer = Peer(self.network)

    def _desk(self, folder: Path, agency: str) -> Desk:
        folder.mkdir()
        return Desk(folder, agency, "IN", RealClock())

    def bench(self, way: Way = "rest") -> Bench:
        """What checks work with. Only what is read and written differs by the transport."""
        host = Host({one.agency: one.node for one in self.desks}) if self.desks[1:] else None
        wire, hands = MemoryWire(self.desk, host, way), MemoryHands(self.desk)
        return Bench(
            self.network, way, wire, self.peer, hands, self.pump, self.news, sign=self.sign
        )

    def results(self, checks: Sequence[Check]) -> list[Result]:
        """What comes of the checks. Those for gRPC alone are run as over gRPC."""
        return list(self.each(checks))

    def each(self, checks: Sequence[Check]) -> Iterator[Result]:
        """The same, one after the other as they are asked for."""
        chosen = {way: [one for one in checks if (one.way or "rest") == way] for way in WAYS}
        for way in self.network.casts:
            yield from run(self.bench(way), chosen[way])

    def news(self, signed: Json | None = None) -> None:
        """A trust list, the suite's newest if none is given, and whom the node accepts by now."""
        made = signed or self.network.trust_list()
        for desk in self.desks:
            try:
                desk.trust.offer(json.dumps(made).encode())
            except Refused as fault:
                raise NoHands(fault.reason) from None
            listed = [one.name for cast in self.network.casts.values() for one in cast.listed]
            accept(desk.store, listed, self.network.accepted(desk.agency))

    def sign(self, agreement: Json) -> Json:
        """As the agency's own people sign an agreement."""
        return signed(agreement, AGENCY, self.desk.keys.signing())

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
                self._reach(posted.taker(self.desk.ctx, outgoing.recipient))
                (said,) = self.peer.deliver([MessageToDict(outgoing.envelope)])
                self.desk.answered(outgoing, ParseDict(said, DeliverResult()))
            except (Hung, ParseError, Refused):
                # As adapters/delivery.py: none of these settles it.
                self.desk.answered(outgoing, None)
        return self._recover() or bool(due) or destroyed > 0

    def _recover(self) -> bool:
        """Ask for what the node takes for lost, as adapters/delivery.py does. True if it asked."""
        rows = recovery.due(self.desk.ctx, 1000)
        for row in rows:
            question: recovery.Question | None = recovery.ask(self.desk.ctx, row)
            try:
                while question is not None:
                    self._reach(row.other)
                    given = ParseDict(
                        self.peer.resync(MessageToDict(question.request)), ResyncResponse()
                    )
                    validate(given)
                    question = recovery.take(self.desk.ctx, question, given)
            except (Hung, ParseError, Refused):
                recovery.failed(self.desk.ctx, row)
        return bool(rows)

    def _reach(self, agency: str) -> None:
        """Raises Hung where the agency has no address of its own."""
        found = self.network.member(agency)
        if found is None or "mailbox" in found.endpoint:
            raise Hung

    def _again(self) -> list[Outgoing]:
        """What would be tried again after a pause, without the pause: a few times each."""

        def work(tx: Tx) -> None:
            for row in tx.due_outbox(datetime.max.replace(tzinfo=UTC), 1000):
                if row.attempts <= TRIES:
                    tx.put_outbox(replace(row, next_at=self.desk.clock.now()))
            for lost in tx.due_restored(datetime.max.replace(tzinfo=UTC), 1000, ""):
                if lost.attempts <= TRIES:
                    tx.put_off_restored(replace(lost, next_at=self.desk.clock.now()))
            for post in tx.due_posts(datetime.max.replace(tzinfo=UTC), 1000):
                if post.attempts <= TRIES:
                    tx.put_post(replace(post, next_at=self.desk.clock.now()))

        self.desk.store.write(work)
        return self.desk.due()

    def close(self) -> None:
        """Let go of its files."""
        for one in self.desks:
            one.close()
