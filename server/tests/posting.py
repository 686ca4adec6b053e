"""A ministry, an NGO whose node nobody can reach, and a hub that holds its mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from desk import Desk
from nodes import Pair
from onward.core import jose
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.v1.envelope_pb2 import Envelope, PeerRequest
from onward.v1.peer_pb2 import CollectRequest, DeliverResult
from onward_server.adapters.collecting import EVERY, Collecting
from onward_server.adapters.delivery import Delivery
from people import DESTINATION
from serving import Serving, Way

HUB, OTHER = "hub.ngo.in.example", "other.ngo.in.example"
FAR = timedelta(days=1000)


class Posts(Pair):
    """The destination has a mailbox, and so has one more agency. With a `way`, over real wires."""

    def __init__(self, folder: Path, way: Way | None = None) -> None:
        super().__init__(folder)
        self.hub = self._desk(HUB, "IN")
        self.other_one = self._desk(OTHER, "IN")
        self.hub.mailbox = True
        for desk in (self.hub, self.other_one):
            desk.join(self.anchors)
            self.agencies[desk.agency] = desk.agency_entry()
            self.desks.append(desk)
        for agency in (DESTINATION, OTHER):
            self.agencies[agency].mailbox = HUB
        self.way = way
        self.serving = Serving(*self.desks) if way else None
        self.carriers: list[Delivery | Collecting] = []
        if self.serving:
            for desk in (self.origin, self.hub):
                at = self.serving.at(desk)
                self.agencies[desk.agency].rest = at["rest"]
                self.agencies[desk.agency].grpc = at["grpc"]
        self.publish()

    def delivery(self, desk: Desk) -> Delivery:
        """What carries the desk's outbox over the wire."""
        assert self.way
        made = Delivery(desk.node, self.way)
        self.carriers.append(made)
        return made

    def collecting(self, desk: Desk, every: timedelta = EVERY) -> Collecting:
        """What collects the desk's mail over the wire."""
        assert self.way
        made = Collecting(desk.node, self.way, every)
        self.carriers.append(made)
        return made

    def question(self, desk: Desk, aud: str = HUB, method: str = "collect") -> str:
        asked = PeerRequest(
            iss=desk.agency, aud=aud, method=method, iat=stamp(self.clock.now()),
            nonce=desk.ctx.new_id(),
        )  # fmt: skip
        return jose.sign(to_json(asked), jose.REQUEST, desk.keys.signing())

    def collect(
        self, desk: Desk, receipts: Iterable[str] = (), limit: int = 64, after: str = ""
    ) -> list[Envelope]:
        """One Collect of the desk at the hub. Raises Refused."""
        request = CollectRequest(
            request=self.question(desk), receipts=receipts, max=limit, after=after
        )
        return list(self.hub.call("Exchange.Collect", request).envelopes)

    def post(self, desk: Desk) -> list[DeliverResult]:
        """Carry what is due by hand: to the hub what is for the destination."""
        results = []
        for outgoing in desk.due():
            there = self.hub if outgoing.recipient == DESTINATION else self.origin
            (result,) = there.receive(outgoing.envelope)
            desk.answered(outgoing, result)
            results.append(result)
        return results

    def fetch(self, desk: Desk) -> list[DeliverResult]:
        """The desk collects and takes all, and brings its receipts."""
        found = self.collect(desk)
        if not found:
            return []
        results = desk.receive(*found)
        self.collect(desk, [one.receipt for one in results if one.receipt])
        return results

    def settle(self, *, jump: timedelta = timedelta(0)) -> None:
        """Until both outboxes are empty; time goes on meanwhile."""
        self.clock.advance(jump)
        for _ in range(30):
            self.post(self.origin)
            self.fetch(self.destination)
            self.post(self.destination)
            if not self.waiting():
                return
            self.clock.advance(timedelta(hours=1))
        raise AssertionError("delivery does not come to an end")

    def waiting(self) -> int:
        """Referrals of the two that wait for a receipt."""
        later = self.clock.now() + FAR
        both = (self.origin, self.destination)
        return sum(len(one.store.read(lambda tx: tx.due_outbox(later, 99))) for one in both)

    def close(self) -> None:
        for carrier in self.carriers:
            carrier.stop()
        if self.serving:
            self.serving.close()
        super().close()
