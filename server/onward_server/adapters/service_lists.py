"""Fetches partners' lists of services: all of them, at the start and then by the clock.

Nothing that anybody looks for at this node leads to a call, so no partner learns from one who is
about to be referred. Each partner has a worker and a deadline of its own: one that hangs keeps
nobody else waiting.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import structlog
from structlog.contextvars import bind_contextvars

from onward.core import spec
from onward.core.parse import MAX_BYTES, validate
from onward.core.refused import Refused
from onward.errors import OnwardError
from onward.transports.base import Transport
from onward.transports.grpc import Grpc
from onward.transports.rest import Http, Rest
from onward.v1.peer_pb2 import GetServicesResponse
from onward_server.adapters.delivery import PeerTransport, address
from onward_server.service import service_lists
from onward_server.service.node import Node

GET_SERVICES = "onward.v1.Exchange.GetServices"
TIMEOUT = 20.0
"""Seconds that one call may take."""

WORKERS = 8
"""Partners that are asked at the same time."""

LOOK = 2.0
"""Seconds between two looks at who is due, and at who is a partner."""

AGAIN = timedelta(minutes=1)
"""The first pause after a failure. Each further failure doubles it, up to the interval."""

EVERY = timedelta(hours=1)
"""How often each partner is asked, on average."""

JITTER = 0.2
"""By how much of the pause the next call may come earlier or later: partners that were all
started by the same power cut are not asked at the same moment for ever."""

log = structlog.get_logger("onward.services")


class ServiceLists:
    """Keeps one node's copies of its partners' lists. `prefer` is the transport, of two."""

    def __init__(
        self, node: Node, prefer: PeerTransport = "grpc", every: timedelta = EVERY
    ) -> None:
        self._node = node
        self._prefer = prefer
        self._every = every
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._due: dict[str, float] = {}
        self._failures: dict[str, int] = {}
        self._transports: dict[tuple[str, str], Transport] = {}
        self._random = random.SystemRandom()
        # What the threads write into the log says whose it is.
        self._named = partial(bind_contextvars, agency=node.agency)
        self._workers = ThreadPoolExecutor(WORKERS, "services", initializer=self._named)
        self._thread = threading.Thread(target=self._run, name="services", daemon=True)

    def start(self) -> None:
        """Begin, with all partners at once."""
        self._thread.start()

    def stop(self) -> None:
        """End. Calls under way are cut off."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._workers.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            for transport in self._transports.values():
                transport.close()
        self._workers.shutdown()

    def _run(self) -> None:
        self._named()
        while not self._stop.is_set():
            self._begin()
            self._stop.wait(min(LOOK, self._every.total_seconds()))

    def round(self) -> list[bool]:
        """Ask every partner that is due, once, and wait. True for each that gave a newer list."""
        return [worker.result() for worker in self._begin()]

    def _begin(self) -> list[Future[bool]]:
        try:
            partners = service_lists.partners(self._node.ctx)
        except Exception as fault:
            # The thread must outlive whatever it meets.
            log.error("service lists wait", fault=type(fault).__name__)
            return []
        begun = []
        for agency in partners:
            with self._lock:
                early = time.monotonic() < self._due.get(agency, 0.0)
                if self._stop.is_set() or early or agency in self._busy:
                    continue
                self._busy.add(agency)
            begun.append(self._workers.submit(self._fetch, agency))
        return begun

    def _fetch(self, agency: str) -> bool:
        newer, ok = False, False
        try:
            newer = service_lists.take(self._node.ctx, agency, self._ask(agency))
            ok = True
        except Exception as fault:
            log.info("no list of services", partner=agency, fault=type(fault).__name__)
            self._note(agency, fault)
        finally:
            with self._lock:
                self._busy.discard(agency)
                self._failures[agency] = 0 if ok else self._failures.get(agency, 0) + 1
                self._due[agency] = time.monotonic() + self._pause(self._failures[agency])
        return newer

    def _pause(self, failures: int) -> float:
        """Seconds until the partner is asked again."""
        pause = self._every.total_seconds()
        if failures:
            pause = min(pause, AGAIN.total_seconds() * 2.0 ** min(failures - 1, 16))
        return pause * self._random.uniform(1 - JITTER, 1 + JITTER)

    def _ask(self, agency: str) -> GetServicesResponse:
        request = service_lists.question(self._node.ctx, agency)
        answer = self._transport(agency).call(
            spec.rpcs()[GET_SERVICES], request, token=None, timeout=TIMEOUT
        )
        assert isinstance(answer, GetServicesResponse)
        # A partner may answer anything; what goes on from here has the form that it must have.
        validate(answer)
        return answer

    def _note(self, agency: str, fault: Exception) -> None:
        """Have people see why there is no newer list."""
        reason = fault.reason if isinstance(fault, Refused | OnwardError) else "UNAVAILABLE"
        try:
            service_lists.failed(
                self._node.ctx, agency, reason if reason in spec.reasons() else "UNAVAILABLE"
            )
        except Exception as again:
            log.error("not noted", partner=agency, fault=type(again).__name__)

    def _transport(self, agency: str) -> Transport:
        key = address(self._node.ctx.member(agency), self._prefer)
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
