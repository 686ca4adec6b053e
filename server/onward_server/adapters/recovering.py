"""Asks other nodes for what this one has lost, beside whatever is sent to them.

A node that is slow to answer, or does not, holds back nothing else: least of all a withdrawal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from onward.core import spec
from onward.core.parse import validate
from onward.transports.base import Transport
from onward.v1.peer_pb2 import ResyncResponse
from onward_server.ports import RestoredRow
from onward_server.service import recovery
from onward_server.service.node import Node

RESYNC = "onward.v1.Exchange.Resync"
TIMEOUT = 20.0
"""Seconds that one call may take."""

WORKERS = 16
"""Agencies that are asked at the same time."""

LIMIT = 256
"""Referrals that are asked for in one go."""

log = structlog.get_logger("onward.delivery")


class Recovering:
    """Asks for one node. `transport` is the way to an agency, `named` what each thread does
    first.
    """

    def __init__(
        self, node: Node, transport: Callable[[str], Transport], named: Callable[[], object]
    ) -> None:
        self._node = node
        self._transport = transport
        self._stopped = False
        self._lock = threading.Lock()
        self._asking: set[str] = set()
        self._workers = ThreadPoolExecutor(WORKERS, "recovering", initializer=named)

    @property
    def busy(self) -> bool:
        """Whether a call is under way."""
        return bool(self._asking)

    def begin(self) -> list[Future[bool]]:
        """Ask every agency that something is due from, and that is not being asked."""
        begun = []
        for agency in sorted({one.other for one in recovery.due(self._node.ctx, LIMIT)}):
            with self._lock:
                if self._stopped or agency in self._asking:
                    continue
                self._asking.add(agency)
            begun.append(self._workers.submit(self._ask, agency))
        return begun

    def stop(self) -> None:
        """Begin nothing more. What is under way ends with its transport."""
        self._stopped = True
        self._workers.shutdown(wait=False, cancel_futures=True)

    def wait(self) -> None:
        """Until all have ended."""
        self._workers.shutdown()

    def _ask(self, agency: str) -> bool:
        """All that is due from one agency, one after the other. True if anything came."""
        came = False
        try:
            for row in recovery.due(self._node.ctx, LIMIT, agency):
                came = self._take(row) or came
        except Exception as fault:
            log.error("recovery failed", recipient=agency, fault=type(fault).__name__)
        finally:
            with self._lock:
                self._asking.discard(agency)
        if came:
            self._node.changed()
        return came

    def _take(self, row: RestoredRow) -> bool:
        """Ask until all of it has come. True if anything did."""
        came = False
        question: recovery.Question | None = recovery.ask(self._node.ctx, row)
        try:
            while question is not None and not self._stopped:
                answer = self._transport(row.other).call(
                    spec.rpcs()[RESYNC], question.request, token=None, timeout=TIMEOUT
                )
                assert isinstance(answer, ResyncResponse)
                validate(answer)
                question = recovery.take(self._node.ctx, question, answer)
                came = True
        except Exception as fault:
            log.info("nothing given back", recipient=row.other, fault=type(fault).__name__)
            recovery.failed(self._node.ctx, row)
        return came
