"""Collects an agency's mail, where its entry in the trust list names a mailbox: by the clock.

Nothing is kept here between two calls. What was collected is taken as if it had been delivered,
and the receipt goes with the next call; should the node die in between, the mailbox gives the same
envelopes again, and the node the same receipts.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from onward.core import jose, spec
from onward.core.parse import MAX_BYTES, validate
from onward.core.refused import Refused
from onward.transports.base import Transport
from onward.transports.grpc import Grpc
from onward.transports.rest import Http, Rest
from onward.v1.peer_pb2 import CollectRequest, CollectResponse, DeliverRequest, DeliverResponse
from onward_server.adapters.delivery import DELIVER, PeerTransport, address
from onward_server.service import collecting
from onward_server.service.node import Node

COLLECT = "onward.v1.Exchange.Collect"
TIMEOUT = 30.0
"""Seconds that one call may take."""

LOOK = 1.0
"""Seconds between two looks at the clock and at the trust list."""

EVERY = timedelta(minutes=1)
"""How often the mailbox is asked, on average."""

LONGEST = timedelta(minutes=15)
"""The longest pause after failures, and until what got no receipt is fetched again."""

JITTER = 0.2
"""By how much of the pause the next call may come earlier or later."""

PAGE = 64
"""Envelopes that one call asks for."""

CALLS = 1000
"""Calls in one go: a mailbox that never comes to an end is asked again later."""

log = structlog.get_logger("onward.collecting")


class Collecting:
    """Collects for one node. `prefer` is the transport, where the mailbox has both."""

    def __init__(
        self, node: Node, prefer: PeerTransport = "grpc", every: timedelta = EVERY
    ) -> None:
        self._node = node
        self._prefer = prefer
        self._every = every.total_seconds()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._transports: dict[tuple[str, str], Transport] = {}
        self._random = random.SystemRandom()
        self._failures = 0
        self._after = ""
        self._from_start = 0.0
        self._left = False
        self._thread = threading.Thread(target=self._run, name="collecting", daemon=True)

    def start(self) -> None:
        """Begin at once."""
        self._thread.start()

    def stop(self) -> None:
        """End. A call under way is cut off."""
        self._stop.set()
        with self._lock:
            for transport in self._transports.values():
                transport.close()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        due = 0.0
        while not self._stop.is_set():
            if time.monotonic() >= due:
                try:
                    self.round()
                    self._failures = 0
                except Exception as fault:
                    # The thread must outlive whatever it meets; the mailbox still has it all.
                    self._failures += 1
                    log.info("nothing collected", fault=type(fault).__name__)
                due = time.monotonic() + self._pause()
            self._stop.wait(min(LOOK, self._every))

    def _pause(self) -> float:
        """Seconds until the mailbox is asked again."""
        longest = max(self._every, LONGEST.total_seconds())
        pause: float = min(self._every * 2.0 ** min(self._failures, 16), longest)
        return pause * self._random.uniform(1 - JITTER, 1 + JITTER)

    def round(self) -> int:
        """Collect all that there is. Gives how many receipts were brought. Raises what came."""
        mailbox = collecting.mailbox(self._node.ctx)
        if not mailbox:
            return 0
        if time.monotonic() >= self._from_start:
            # What got no receipt stays there. It is not fetched at each turn, but now and then.
            self._after, self._left = "", False
            self._from_start = time.monotonic() + LONGEST.total_seconds()
        try:
            return self._collect(mailbox)
        except Exception:
            self._left = False  # Receipts may be under way: what they answer is asked for again.
            raise
        finally:
            if not self._left:
                self._from_start = 0.0

    def _collect(self, mailbox: str) -> int:
        receipts: list[str] = []
        brought = 0
        for _ in range(CALLS):
            page = self._ask(mailbox, receipts)
            brought += len(receipts)
            receipts = []
            if not page.envelopes or self._stop.is_set():
                break
            given = self._node.call(
                spec.rpcs()[DELIVER], DeliverRequest(envelopes=page.envelopes), None
            )
            assert isinstance(given, DeliverResponse)
            receipts = [one.receipt for one in given.results if one.receipt]
            self._left = self._left or len(receipts) < len(page.envelopes)
            self._after = jose.digest(page.envelopes[-1].header)
        return brought

    def _ask(self, mailbox: str, receipts: list[str]) -> CollectResponse:
        request = CollectRequest(
            request=collecting.question(self._node.ctx, mailbox), receipts=receipts, max=PAGE,
            after=self._after,
        )  # fmt: skip
        answer = self._transport(mailbox).call(
            spec.rpcs()[COLLECT], request, token=None, timeout=TIMEOUT
        )
        assert isinstance(answer, CollectResponse)
        # A mailbox may answer anything; what goes on from here has the form that it must have.
        validate(answer)
        return answer

    def _transport(self, mailbox: str) -> Transport:
        key = address(collecting.member(self._node.ctx, mailbox), self._prefer)
        with self._lock:
            if self._stop.is_set():
                raise Refused("UNAVAILABLE")
            if key not in self._transports:
                make: Callable[[str], Transport] = _grpc if key[0] == "grpc" else _rest
                self._transports[key] = make(key[1])
            return self._transports[key]


def _grpc(authority: str) -> Transport:
    return Grpc(authority, max_answer=MAX_BYTES)


def _rest(base: str) -> Transport:
    return Rest(base, Http(max_answer=MAX_BYTES))
