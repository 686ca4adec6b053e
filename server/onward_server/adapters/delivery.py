"""Delivery: takes what waits in the outbox to the other nodes, and destroys what is due.

One thread per node finds what is due; each recipient has a worker of its own, so that one that
hangs or answers nonsense delays no other. A message leaves the outbox only on a verified receipt;
whatever fails is tried again later, from the database, so nothing is lost when the node is killed.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Literal

import structlog
from structlog.contextvars import bind_contextvars

from onward.core import spec
from onward.core.clock import moment
from onward.core.parse import validate
from onward.core.refused import Refused
from onward.errors import OnwardError
from onward.transports.base import Transport
from onward.transports.grpc import Grpc
from onward.transports.rest import Rest
from onward.v1.errors_pb2 import Problem
from onward.v1.peer_pb2 import DeliverRequest, DeliverResponse, DeliverResult
from onward.v1.trust_pb2 import Agency
from onward_server.adapters.recovering import Recovering
from onward_server.service import outbound, posted
from onward_server.service.node import Node
from onward_server.service.outbound import Outgoing

DELIVER = "onward.v1.Exchange.Deliver"
TIMEOUT = 20.0
"""Seconds that one call may take."""

MAX_BYTES = 3 * 1024 * 1024
"""Envelopes that one call carries, in bytes: safely within the 4 MiB of a call."""

WORKERS = 16
"""Recipients that are sent to at the same time."""

LIMIT = 256
"""Referrals that are looked at in one go, for all recipients that nothing is under way to."""

GRACE = 2.0
"""Seconds that calls under way get when delivery stops, before they are cut off."""

PeerTransport = Literal["rest", "grpc"]

log = structlog.get_logger("onward.delivery")


class Delivery:
    """Carries one node's outbox. `prefer` says by which transport, where a partner has both."""

    def __init__(self, node: Node, prefer: PeerTransport = "grpc", every: float = 1.0) -> None:
        self._node = node
        self._prefer = prefer
        self._every = every
        self._sweep_at = 0.0
        self._wake = threading.Event()
        self._stopped = False
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._transports: dict[tuple[str, str], Transport] = {}
        # What the threads write into the log says whose it is.
        self._named = partial(bind_contextvars, agency=node.agency)
        self._workers = ThreadPoolExecutor(WORKERS, "delivery", initializer=self._named)
        self._recovering = Recovering(node, self._transport, self._named)
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)

    def start(self) -> None:
        """Begin, and wake after every change of the node."""
        self._node.subscribe(self._wake.set)
        self._thread.start()

    def stop(self) -> None:
        """End, in bounded time: calls under way are cut off after a moment of grace."""
        self._stopped = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._recovering.stop()
        self._workers.shutdown(wait=False, cancel_futures=True)
        waited = threading.Event()
        for _ in range(int(GRACE / 0.05)):
            if not self._busy and not self._recovering.busy:
                break
            waited.wait(0.05)
        with self._lock:
            for transport in self._transports.values():
                transport.close()
        self._workers.shutdown()
        self._recovering.wait()

    def _run(self) -> None:
        self._named()
        while not self._stopped:
            # What only time brings about is looked for at its own pace, not after every change.
            sweep = time.monotonic() >= self._sweep_at
            if sweep:
                self._sweep_at = time.monotonic() + self._every
            self._erase(sweep=sweep)
            # One call for each recipient, then it looks again: a withdrawal that is written
            # meanwhile goes before what was waiting behind that call.
            self._begin(calls=1)
            self._wake.wait(self._every)
            self._wake.clear()

    def round(self) -> bool:
        """Send all that is due, once. True if something was delivered or destroyed."""
        busy = self._erase()
        sent = [worker.result() for worker in self._begin()]
        return any(sent) or busy

    def _erase(self, *, sweep: bool = True) -> bool:
        try:
            return self._node.erase_due(sweep=sweep) > 0
        except Exception as fault:
            # What can't be destroyed now stays due, and does not hold back what is to be sent.
            log.error("destruction failed", fault=type(fault).__name__)
            return False

    def _begin(self, calls: int | None = None) -> list[Future[bool]]:
        """Send to every recipient to which nothing is under way, at most so many calls each."""
        begun = []
        try:
            begun += self._recovering.begin()
            by_recipient = self._due()
        except Exception as fault:
            # The thread must outlive whatever it meets; the outbox still has it all.
            log.error("delivery waits", fault=type(fault).__name__)
            return begun
        for recipient, waiting in by_recipient.items():
            with self._lock:
                # Where no worker is free it would only grow old: it is sealed anew later.
                full = calls is not None and len(self._busy) >= WORKERS
                if self._stopped or full or recipient in self._busy:
                    continue
                self._busy.add(recipient)
            batches = _batches(waiting)[:calls]
            begun.append(self._workers.submit(self._work, recipient, batches))
        return begun

    def _due(self) -> dict[str, list[Outgoing]]:
        with self._lock:
            busy = set(self._busy)
        ctx = self._node.ctx
        by_recipient: dict[str, list[Outgoing]] = defaultdict(list)
        # What is under way is still due, and must not fill the places of the others.
        limit = LIMIT * (1 + len(busy))
        if busy:
            now = ctx.now()
            rows = ctx.store.read(lambda tx: tx.due_outbox(now, limit))
            waiting = {row.recipient for row in rows}
            waiting |= {
                row.recipient for row in ctx.store.read(lambda tx: tx.due_posts(now, limit))
            }
            if waiting <= busy:
                return by_recipient  # Nothing is sealed for nobody.
        for outgoing in outbound.due(ctx, limit=limit):
            if outgoing.recipient in busy:
                continue  # It may just have been receipted: what is left is built anew.
            by_recipient[outgoing.recipient].append(outgoing)
        return by_recipient

    def _work(self, recipient: str, batches: list[list[Outgoing]]) -> bool:
        """All calls to one recipient, one after the other. True if something was delivered."""
        settled = False
        try:
            for batch in batches:
                settled = self._send(recipient, batch) or settled
        except Exception as fault:
            log.error("delivery failed", recipient=recipient, fault=type(fault).__name__)
        finally:
            with self._lock:
                self._busy.discard(recipient)
        if settled:
            self._node.changed()
        return settled

    def _send(self, recipient: str, batch: list[Outgoing]) -> bool:
        if self._stopped:
            return False
        try:
            results = self._ask(recipient, batch)
        except Exception as fault:
            if len(batch) > 1 and not (isinstance(fault, OnwardError) and fault.transient):
                # One that the other node can't take at all must not hold back the others.
                sent = [self._send(recipient, [one]) for one in batch]
                return any(sent)
            log.info("not delivered", recipient=recipient, fault=type(fault).__name__)
            for one in batch:
                self._failed(one, None)
            return False
        settled = [self._settle(one, result) for one, result in zip(batch, results, strict=True)]
        return any(settled)

    def _ask(self, recipient: str, batch: list[Outgoing]) -> list[DeliverResult]:
        """One call: a result for each envelope. Raises whatever came instead of that."""
        request = DeliverRequest(envelopes=[one.envelope for one in batch])
        to = posted.taker(self._node.ctx, recipient)
        answer = self._transport(to).call(
            spec.rpcs()[DELIVER], request, token=None, timeout=TIMEOUT
        )
        assert isinstance(answer, DeliverResponse)
        # A partner may answer anything; what goes on from here has the form that it must have.
        validate(answer)
        if len(answer.results) != len(batch):
            raise Refused("INVALID_FIELD")
        return list(answer.results)

    def _settle(self, outgoing: Outgoing, result: DeliverResult) -> bool:
        try:
            if result.receipt:
                outbound.settle(self._node.ctx, outgoing, result.receipt)
                return True
            if result.HasField("held"):
                outbound.held(self._node.ctx, outgoing, moment(result.held.until))
                return False
        except Exception as fault:
            log.warning(
                "a receipt that does not fit",
                recipient=outgoing.recipient,
                fault=type(fault).__name__,
            )
            self._failed(outgoing, None)
            return False
        log.info("refused by the other node", recipient=outgoing.recipient)
        self._failed(outgoing, result.problem)
        return False

    def _failed(self, outgoing: Outgoing, problem: Problem | None) -> None:
        """Have it tried again later. What can't be noted down stays due."""
        try:
            outbound.failed(self._node.ctx, outgoing, problem)
        except Exception as fault:
            log.error("not put off", recipient=outgoing.recipient, fault=type(fault).__name__)
            if problem is not None:
                # What the partner said may be the cause: it is put off for no reason of its own.
                self._failed(outgoing, None)

    def _transport(self, recipient: str) -> Transport:
        # Also of a removed member: a withdrawal must still reach it.
        member = self._node.ctx.trust.current().agency(recipient)
        if member is None:
            raise Refused("AGENCY_UNKNOWN")
        key = address(member, self._prefer)
        with self._lock:
            if self._stopped:
                raise Refused("UNAVAILABLE")
            if key not in self._transports:
                make: Callable[[str], Transport] = Grpc if key[0] == "grpc" else Rest
                self._transports[key] = make(key[1])
            return self._transports[key]


def address(member: Agency, prefer: PeerTransport) -> tuple[str, str]:
    """How the agency is reached: addresses come from the trust list only.

    Raises Refused UNAVAILABLE if it can't be, as one that has a mailbox.
    """
    known = {"grpc": member.grpc, "rest": member.rest} if not member.mailbox else {}
    for kind in (prefer, "grpc", "rest"):
        if found := known.get(kind):
            return kind, found
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
