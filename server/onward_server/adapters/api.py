"""What the adapters need of the node: one object that REST and gRPC both stand on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from google.protobuf.message import Message

from onward.core import spec
from onward.v1 import referral_pb2
from onward_server.service.access import Caller


class Answering(Protocol):
    """What answers calls."""

    def call(self, rpc: spec.Rpc, request: Message, caller: Caller | None) -> Message:
        """Do what an RPC asks; the request is already valid. May block. Raises Refused."""


class Api(Answering, Protocol):
    """The service. Adapters convert what comes and goes; what may happen is decided here.

    Every method may block and may be called from any thread.
    """

    @property
    def agency(self) -> str:
        """The agency that the node speaks for."""

    @property
    def environment(self) -> str:
        """test or live."""

    def events(self, after: str, limit: int) -> list[referral_pb2.Event]:
        """Events after a cursor, oldest first; from the beginning for an empty one."""

    def newest_cursor(self) -> str:
        """The cursor of the last event; empty if there was none."""

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Have `wake` called after each commit, from any thread. Returns what ends it."""
