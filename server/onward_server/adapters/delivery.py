"""Delivery: takes what waits in the outbox to the other nodes, and destroys what is due.

One thread per node. A message leaves the outbox only on a verified receipt; whatever fails is
tried again later, from the database, so nothing is lost when the node is killed.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Literal

import structlog

from onward.core import spec
from onward.core.refused import Refused
from onward.errors import OnwardError
from onward.transports.base import Transport
from onward.transports.grpc import Grpc
from onward.transports.rest import Rest
from onward.v1.peer_pb2 import DeliverRequest, DeliverResponse, DeliverResult
from onward.v1.trust_pb2 import Agency
from onward_server.service import outbound
from onward_server.service.node import Node
from onward_server.service.outbound import Outgoing

DELIVER = "onward.v1.Exchange.Deliver"
TIMEOUT = 20.0
"""Seconds that one call may take."""

MAX_BYTES = 3 * 1024 * 1024
"""Envelopes that one call carries, in bytes: safely within the 4 MiB of a call."""

PeerTransport = Literal["rest", "grpc"]

log = structlog.get_logger("onward.delivery")


class Delivery:
    """Carries one node's outbox. `prefer` says by which transport, where a partner has both."""

    def __init__(self, node: Node, prefer: PeerTransport = "grpc", every: float = 1.0) -> None:
        self._node = node
        self._prefer = prefer
        self._every = every
        self._wake = threading.Event()
        self._stopped = False
        self._transports: dict[tuple[str, str], Transport] = {}
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)

    def start(self) -> None:
        """Begin, and wake after every change of the node."""
        self._node.subscribe(self._wake.set)
        self._thread.start()

    def stop(self) -> None:
        """Finish the round that is under way, and end."""
        self._stopped = True
        self._wake.set()
        self._thread.join()
        for transport in self._transports.values():
            transport.close()

    def _run(self) -> None:
        while not self._stopped:
            try:
                busy = self.round()
            except Refused as fault:
                log.warning("delivery waits", reason=fault.reason)
                busy = False
            except Exception as fault:
                # The thread must outlive whatever a round meets; the outbox still has it all.
                log.error("delivery failed", fault=type(fault).__name__)
                busy = False
            if not busy:
                self._wake.wait(self._every)
            self._wake.clear()

    def round(self) -> bool:
        """Send all that is due, once. True if something was delivered or destroyed."""
        busy = self._node.erase_due() > 0
        by_recipient: dict[str, list[Outgoing]] = defaultdict(list)
        for outgoing in outbound.due(self._node.ctx, limit=256):
            by_recipient[outgoing.recipient].append(outgoing)
        for recipient, waiting in by_recipient.items():
            for batch in _batches(waiting):
                busy = self._send(recipient, batch) or busy
        if busy:
            self._node.changed()
        return busy

    def _send(self, recipient: str, batch: list[Outgoing]) -> bool:
        request = DeliverRequest(envelopes=[one.envelope for one in batch])
        try:
            answer = self._transport(recipient).call(
                spec.rpcs()[DELIVER], request, token=None, timeout=TIMEOUT
            )
        except (OnwardError, Refused) as fault:
            if len(batch) > 1 and not (isinstance(fault, OnwardError) and fault.transient):
                # One that the other node can't take at all must not hold back the others.
                sent = [self._send(recipient, [one]) for one in batch]
                return any(sent)
            log.info("not delivered", recipient=recipient, fault=type(fault).__name__)
            for one in batch:
                outbound.failed(self._node.ctx, one, None)
            return False
        assert isinstance(answer, DeliverResponse)
        if len(answer.results) != len(batch):
            log.warning("another number of results than of envelopes", recipient=recipient)
            for one in batch:
                outbound.failed(self._node.ctx, one, None)
            return False
        settled = [
            self._settle(one, result) for one, result in zip(batch, answer.results, strict=True)
        ]
        return any(settled)

    def _settle(self, outgoing: Outgoing, result: DeliverResult) -> bool:
        try:
            if result.receipt:
                outbound.settle(self._node.ctx, outgoing, result.receipt)
                return True
            outbound.failed(self._node.ctx, outgoing, result.problem)
            log.info("refused by the other node", recipient=outgoing.recipient)
        except Refused as fault:
            log.warning("a receipt that does not fit", reason=fault.reason)
            outbound.failed(self._node.ctx, outgoing, None)
        return False

    def _transport(self, recipient: str) -> Transport:
        # Also of a removed member: a withdrawal must still reach it.
        member = self._node.ctx.trust.current().agency(recipient)
        if member is None:
            raise Refused("AGENCY_UNKNOWN")
        kind, address = _address(member, self._prefer)
        key = (kind, address)
        if key not in self._transports:
            make: Callable[[str], Transport] = Grpc if kind == "grpc" else Rest
            self._transports[key] = make(address)
        return self._transports[key]


def _address(member: Agency, prefer: PeerTransport) -> tuple[str, str]:
    """How the agency is reached: addresses come from the trust list only."""
    known = {"grpc": member.grpc, "rest": member.rest}
    for kind in (prefer, "grpc", "rest"):
        if known[kind]:
            return kind, known[kind]
    raise Refused("UNAVAILABLE")


def _batches(waiting: list[Outgoing]) -> list[list[Outgoing]]:
    """At most 64 envelopes and a few MiB for each call."""
    batches: list[list[Outgoing]] = [[]]
    size = 0
    for one in waiting:
        length = len(one.envelope.header) + len(one.envelope.sealed)
        if batches[-1] and (len(batches[-1]) == 64 or size + length > MAX_BYTES):
            batches.append([])
            size = 0
        batches[-1].append(one)
        size += length
    return batches
