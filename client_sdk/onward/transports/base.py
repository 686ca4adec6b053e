"""What a transport is, and what all of them hold to."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncGenerator, Generator
from typing import Protocol

from google.protobuf import message_factory
from google.protobuf.message import Message

from onward.core import spec

MAX_ANSWER = 64 * 1024 * 1024
"""Largest answer that is read, in bytes. An exported log is the largest there is."""


class Transport(Protocol):
    """Carries one call to a node and its answer back."""

    def call(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Message:
        """Ask and wait for the answer, at most `timeout` seconds. Raises OnwardError."""

    def stream(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Generator[Message, None, None]:
        """Follow a streaming RPC until the node ends it, with `timeout` seconds to connect.

        Raises OnwardError.
        """

    def close(self) -> None:
        """End the connections."""


class AsyncTransport(Protocol):
    """The same for asyncio."""

    async def call(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Message:
        """Ask and wait for the answer, at most `timeout` seconds. Raises OnwardError."""

    def stream(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> AsyncGenerator[Message, None]:
        """Follow a streaming RPC until the node ends it, with `timeout` seconds to connect.

        Raises OnwardError.
        """

    async def close(self) -> None:
        """End the connections."""


def answer_class(rpc: spec.Rpc) -> type[Message]:
    """The class of what an RPC answers."""
    return message_factory.GetMessageClass(rpc.output)


def loopback(host: str) -> bool:
    """Whether a host is this machine, so that nothing crosses a network in clear."""
    bare = host.removeprefix("[").removesuffix("]")
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return bare == "localhost"
