"""Numbers for those who run a node: how many calls, how they ended, how long they took.

A label is never a value that came with a call: names of calls and of reasons only. No partner has
a label either, since who talks to whom, and how often, is a secret of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from google.protobuf.message import Message
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server

from onward.core import spec
from onward.core.refused import Refused
from onward.v1 import referral_pb2
from onward_server.adapters.api import Api
from onward_server.service.access import Caller

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
"""Upper ends of the histogram's buckets, in seconds."""


class Measured:
    """Fulfils onward_server.adapters.api.Api by another one, and counts its calls."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.agency = api.agency
        self.environment = api.environment
        self.registry = CollectorRegistry()
        self._calls = Counter(
            "onward_calls", "Calls, by name and by how they ended", ["call", "outcome"],
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "onward_call_seconds", "How long calls took", ["call"], buckets=BUCKETS,
            registry=self.registry,
        )  # fmt: skip

    def serve(self, address: str) -> Callable[[], None]:
        """Answer scrapes at host:port. Gives the way to end it. Raises OSError if it is taken."""
        host, _, port = address.rpartition(":")
        server, thread = start_http_server(int(port), host.strip("[]"), registry=self.registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop

    def call(self, rpc: spec.Rpc, request: Message, caller: Caller | None) -> Message:
        began = time.perf_counter()
        outcome = "INTERNAL"
        try:
            answer = self._api.call(rpc, request, caller)
            outcome = "OK"
        except Refused as fault:
            outcome = fault.reason if fault.reason in spec.reasons() else "INTERNAL"
            raise
        finally:
            self._calls.labels(rpc.full_name, outcome).inc()
            self._seconds.labels(rpc.full_name).observe(time.perf_counter() - began)
        return answer

    def events(self, after: str, limit: int) -> list[referral_pb2.Event]:
        return self._api.events(after, limit)

    def newest_cursor(self) -> str:
        return self._api.newest_cursor()

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        return self._api.subscribe(wake)
