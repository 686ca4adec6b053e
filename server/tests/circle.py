"""Several agencies on one trust list, none of them anybody's partner unless a test says so.

Like nodes.Pair: real nodes with real stores and keys; envelopes are carried by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from desk import Clock, Desk
from onward.core import entries, envelopes, jose
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.v1.knocks_pb2 import Knock
from onward.v1.peer_pb2 import DeliverResult
from onward.v1.trust_pb2 import SignedTrustList, TrustList
from onward_server.app import provision
from onward_server.service.outbound import Outgoing


class Circle:
    """Desks by a short name; `locators` gives each its locator."""

    def __init__(self, folder: Path, locators: dict[str, str], complaints: Iterable[str] = ()):
        self.clock = Clock()
        self.desks: dict[str, Desk] = {}
        for name in locators:
            place = folder / name
            place.mkdir()
            self.desks[name] = Desk(place, agency(name), "BD", self.clock)
        self.authorities = [jose.new_key() for _ in range(2)]
        self.stamper = jose.new_key()
        anchors = provision.anchors("test", 2, self.authorities, [self.stamper])
        self.agencies = {name: desk.agency_entry() for name, desk in self.desks.items()}
        for name, locator in locators.items():
            self.agencies[name].locator = locator
        self.complaints = [agency(name) for name in complaints]
        self.seq = 0
        for desk in self.desks.values():
            desk.join(anchors)
        self.publish()
        self.wire: list[tuple[str, str, Any]] = []

    def publish(self, *, stamped: bool = True) -> None:
        """A new list, to all."""
        self.seq += 1
        new = TrustList(
            version=entries.VERSION, environment="test", seq=self.seq,
            issued_at=stamp(self.clock.now()),
            expires_at=stamp(self.clock.now() + provision.LIST_LIFE),
            agencies=self.agencies.values(), complaint_bodies=self.complaints,
        )  # fmt: skip
        signed = SignedTrustList(payload=jose.b64(to_json(new)))
        for key in self.authorities:
            provision.sign_list(signed, key)
        if stamped:
            provision.stamp_list(signed, self.stamper)
        for desk in self.desks.values():
            desk.trust.offer(to_json(signed))

    def status(self, name: str, status: str) -> None:
        """Another standing of an agency, in a new list."""
        self.agencies[name].status = status
        self.publish()

    def partners(self, one: str, other: str) -> None:
        """Two that accept each other."""
        self.desks[one].store.accept_peer(agency(other))
        self.desks[other].store.accept_peer(agency(one))

    def __getitem__(self, name: str) -> Desk:
        return self.desks[name]

    def named(self, agency_id: str) -> Desk:
        return next(desk for desk in self.desks.values() if desk.agency == agency_id)

    def carry(self, sender: Desk, *, to: Iterable[str] | None = None) -> int:
        """Carry all that is due, or what goes to some. What is not carried counts as failed."""
        count = 0
        for outgoing in sender.due():
            there = self.named(outgoing.recipient)
            if to is not None and there.agency not in [agency(name) for name in to]:
                sender.answered(outgoing, None)
                continue
            sender.answered(outgoing, self.deliver(outgoing, there))
            count += 1
        return count

    def deliver(self, outgoing: Outgoing, there: Desk) -> DeliverResult:
        self.wire.append((outgoing.header.iss, outgoing.header.aud, outgoing.envelope))
        (result,) = there.receive(outgoing.envelope)
        return result

    def settle(self, *, jump: timedelta = timedelta(0)) -> None:
        """Carry everything until nothing is due."""
        self.clock.advance(jump)
        for _ in range(30):
            if not sum(self.carry(desk) for desk in list(self.desks.values())):
                return
        raise AssertionError("delivery does not come to an end")

    def opened(self) -> list[tuple[str, str, Knock]]:
        """Every knock that was on the wire, opened with its recipient's keys."""
        found = []
        for iss, aud, envelope in self.wire:
            header = envelopes.peek(envelope)
            sealed = envelopes.unseal(envelope, header, self.named(aud).keys.unsealing)
            if sealed.WhichOneof("content") == "knock":
                found.append((iss, aud, sealed.knock))
        return found

    def close(self) -> None:
        for desk in self.desks.values():
            desk.close()


def agency(name: str) -> str:
    return f"{name}.ngo.example"
