"""Calls to a function in the same process: for tests, and for a node that calls itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from typing import TypeVar

from google.protobuf.message import Message

from onward.core import spec
from onward.core.refused import Refused
from onward.errors import OnwardError, Unimplemented, from_refused

M = TypeVar("M", bound=Message)

Handler = Callable[[spec.Rpc, Message, str | None], Message]
"""Answers a call, given its request and its token. Raises OnwardError, or the core's Refused."""

StreamHandler = Callable[[spec.Rpc, Message, str | None], Iterable[Message]]
"""The same for a streaming RPC."""


def _copy(message: M) -> M:
    # As over a wire: the two sides never hold the same object.
    return type(message).FromString(message.SerializeToString())


class Memory:
    """Calls `handler`, and `streams` for streaming RPCs. `timeout` is not used."""

    def __init__(self, handler: Handler, streams: StreamHandler | None = None) -> None:
        self._handler = handler
        self._streams = streams

    def call(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Message:
        """Ask and give the answer. Raises OnwardError."""
        error: OnwardError
        try:
            return _copy(self._handler(rpc, _copy(request), token))
        except Refused as refused:
            error = from_refused(refused)
        raise error

    def stream(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Generator[Message, None, None]:
        """Give what the handler gives, one by one. Raises OnwardError."""
        if self._streams is None:
            raise Unimplemented
        error = None
        try:
            for message in self._streams(rpc, _copy(request), token):
                yield _copy(message)
        except Refused as refused:
            error = from_refused(refused)
        if error:
            raise error

    def close(self) -> None:
        """Do nothing: there is no connection."""


class AsyncMemory:
    """Memory for asyncio. The handlers are plain functions, too."""

    def __init__(self, handler: Handler, streams: StreamHandler | None = None) -> None:
        self._memory = Memory(handler, streams)

    async def call(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Message:
        """Ask and give the answer. Raises OnwardError."""
        return self._memory.call(rpc, request, token=token, timeout=timeout)

    async def stream(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> AsyncGenerator[Message, None]:
        """Give what the handler gives, one by one. Raises OnwardError."""
        for message in self._memory.stream(rpc, request, token=token, timeout=timeout):
            yield message

    async def close(self) -> None:
        """Do nothing: there is no connection."""
