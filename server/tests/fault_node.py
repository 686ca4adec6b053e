"""A node in a process of its own, and a hostile agency on its trust list that it has accepted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hostile import MALLORY, Case, Hostile
from onward.core import jose, spec
from onward.transports.base import Transport
from onward.transports.grpc import Grpc
from onward.transports.rest import Rest
from onward.v1.envelope_pb2 import Envelope
from onward.v1.errors_pb2 import Reason
from onward.v1.peer_pb2 import DeliverRequest, DeliverResult
from onward_server.adapters.sql import tables
from onward_server.app import provision
from onward_server.demo.world import Site

DELIVER = spec.rpcs()["onward.v1.Exchange.Deliver"]
OTHERS = {"assertions", "service_lists"}
"""Tables that asking alone writes to, the ids of clients' assertions; and those to which the node
writes by its own clock, when it has asked its partners for their services.
"""


@dataclass
class Node:
    """A node in a process of its own, and a hostile agency that it has accepted."""

    site: Site
    entry: Any
    peer: Hostile
    transports: dict[str, Transport]

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        path = self.site.folder / "node.sqlite3"
        names = [name for name in tables.metadata.tables if name not in OTHERS]
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            counts = {n: db.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in names}
        db.close()
        return counts

    def deliver(self, transport: str, *envelopes: Envelope) -> list[DeliverResult]:
        """One call of Deliver."""
        request = DeliverRequest(envelopes=envelopes)
        answer = self.transports[transport].call(DELIVER, request, token=None, timeout=20)
        return list(answer.results)  # type: ignore[attr-defined]

    def refusal(self, transport: str, envelope: Envelope) -> str:
        """Why one envelope is refused."""
        (result,) = self.deliver(transport, envelope)
        return (
            Reason.Name(result.problem.reason).removeprefix("REASON_") if not result.receipt else ""
        )

    def case(self, transport: str) -> Case:
        """A referral whose offer this node has stored."""
        made = self.peer.case(self.entry)
        (result,) = self.deliver(transport, made.envelope(made.offer()))
        assert result.receipt
        return made


@contextmanager
def serving(folder: Path) -> Iterator[Node]:
    """The node, while it serves."""
    site = Site(folder / "node", "msw.gov.bd.example", "BD", "national_government", "grpc")
    entry = site.make(destroy_after=1)
    peer = Hostile()
    partner = Hostile("shelter.ngo.in.example")
    authorities, stamper = [jose.new_key(), jose.new_key()], jose.new_key()
    anchors = provision.anchors("test", 2, authorities, [stamper])
    signed = provision.new_list("test", 1, [entry, peer.entry_in_list(), partner.entry_in_list()])
    for key in authorities:
        provision.sign_list(signed, key)
    provision.stamp_list(signed, stamper)
    site.trust(anchors, signed, [MALLORY, partner.agency])
    site.start()
    transports: dict[str, Transport] = {}
    try:
        site.wait()
        transports = {"rest": Rest(site.issuer), "grpc": Grpc(site.grpc)}
        yield Node(site, entry, peer, transports)
    finally:
        for one in transports.values():
            one.close()
        site.end()
