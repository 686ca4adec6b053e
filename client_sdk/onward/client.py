"""The client of an agency's own node, blocking and asynchronous, over REST or gRPC.

    with Client.rest("https://node.a.example", credentials=credentials, login=login,
                     actor="u-17") as client:
        sent = client.offer(destination="b.example", consent_id=consent.consent_id,
                            items=[Item(number=1, wish="now")], record=record)
        print(sent.referral.phase)

Both clients have the methods of onward.calls. Every one raises onward.errors.OnwardError.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, Unpack

from onward.calls import Calls
from onward.errors import OnwardError
from onward.methods import AwaitedMethods, BlockingMethods
from onward.session import Ask, Call, Emit, Feed, Listen, Next, Pause, Settings, Step, Steps
from onward.transports.base import AsyncTransport, Transport
from onward.transports.grpc import AsyncGrpc, Grpc
from onward.transports.rest import AsyncHttp, AsyncRest, Http, Rest

T = TypeVar("T")
W = TypeVar("W")
H = TypeVar("H")


class _Client(Generic[W, H]):
    """What both clients are made of: a way to the node, and a session."""

    def __init__(
        self, transport: W, *, http: H | None = None, **settings: Unpack[Settings]
    ) -> None:
        """Use a transport; `http` fetches tokens, and is needed only with credentials."""
        if settings.get("credentials") is not None and http is None:
            raise ValueError("credentials need http to fetch tokens")
        self._transport = transport
        self._http = http
        self._calls = Calls(**settings)

    def acting_as(self, actor: str, *, role: str | None = None, purpose: str | None = None) -> Self:
        """A client for another actor, over the same connections, that has seen nothing yet.

        End the connections on either of the two, once.
        """
        other = type(self).__new__(type(self))
        other._transport, other._http = self._transport, self._http
        other._calls = self._calls.for_actor(actor, role, purpose)
        return other


class Client(_Client[Transport, Http], BlockingMethods):
    """A blocking client. Threads may share it; each actor should have one (`acting_as`)."""

    @classmethod
    def rest(
        cls,
        base: str,
        *,
        ca_file: str | None = None,
        proxy: str | None = None,
        **settings: Unpack[Settings],
    ) -> Self:
        """A client over REST; `base` is the node's address, such as https://node.a.example."""
        http = Http(ca_file, proxy)
        return cls(Rest(base, http), http=http, **settings)

    @classmethod
    def grpc(
        cls, authority: str, *, ca_file: str | None = None, **settings: Unpack[Settings]
    ) -> Self:
        """A client over gRPC; `authority` is host:port. Tokens still come over HTTP."""
        return cls(Grpc(authority, ca_file=ca_file), http=Http(ca_file), **settings)

    def _perform(self, step: Step | Emit[Any]) -> Any:
        timeout = self._calls.timeout
        match step:
            case Listen(rpc, request, token):
                return self._transport.stream(rpc, request, token=token, timeout=timeout)
            case Call(rpc, request, token):
                return self._transport.call(rpc, request, token=token, timeout=timeout)
            case Next(stream):
                return next(stream, None)
            case Ask(request) if self._http is not None:
                return self._http.send(request, timeout)
            case Pause(seconds):
                return time.sleep(seconds)
            case _:
                raise TypeError("no such step")

    def _run(self, steps: Steps[T]) -> T:
        try:
            step = next(steps)
            while True:
                try:
                    result = self._perform(step)
                except OnwardError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as stop:
            value: T = stop.value
            return value

    def _list(self, feed: Feed[T]) -> Generator[T, None, None]:
        stream: Any = None
        try:
            step = next(feed)
            while True:
                try:
                    result = None
                    if isinstance(step, Emit):
                        yield step.value
                    else:
                        result = self._perform(step)
                    stream = result if isinstance(step, Listen) else stream
                except OnwardError as error:
                    step = feed.throw(error)
                else:
                    step = feed.send(result)
        except StopIteration:
            return
        finally:
            if stream is not None:
                stream.close()

    def disconnect(self) -> None:
        """End the connections."""
        self._transport.close()
        if self._http is not None:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.disconnect()


class AsyncClient(_Client[AsyncTransport, AsyncHttp], AwaitedMethods):
    """Client for asyncio. Tasks may share it; each actor should have one (`acting_as`)."""

    @classmethod
    def rest(
        cls,
        base: str,
        *,
        ca_file: str | None = None,
        proxy: str | None = None,
        **settings: Unpack[Settings],
    ) -> Self:
        """A client over REST; `base` is the node's address, such as https://node.a.example."""
        http = AsyncHttp(ca_file, proxy)
        return cls(AsyncRest(base, http), http=http, **settings)

    @classmethod
    def grpc(
        cls, authority: str, *, ca_file: str | None = None, **settings: Unpack[Settings]
    ) -> Self:
        """A client over gRPC; `authority` is host:port. Tokens still come over HTTP."""
        return cls(AsyncGrpc(authority, ca_file=ca_file), http=AsyncHttp(ca_file), **settings)

    async def _perform(self, step: Step | Emit[Any]) -> Any:
        timeout = self._calls.timeout
        match step:
            case Listen(rpc, request, token):
                return self._transport.stream(rpc, request, token=token, timeout=timeout)
            case Call(rpc, request, token):
                return await self._transport.call(rpc, request, token=token, timeout=timeout)
            case Next(stream):
                return await anext(stream, None)
            case Ask(request) if self._http is not None:
                return await self._http.send(request, timeout)
            case Pause(seconds):
                return await asyncio.sleep(seconds)
            case _:
                raise TypeError("no such step")

    async def _run(self, steps: Steps[T]) -> T:
        try:
            step = next(steps)
            while True:
                try:
                    result = await self._perform(step)
                except OnwardError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as stop:
            value: T = stop.value
            return value

    async def _list(self, feed: Feed[T]) -> AsyncGenerator[T, None]:
        stream: Any = None
        try:
            step = next(feed)
            while True:
                try:
                    result = None
                    if isinstance(step, Emit):
                        yield step.value
                    else:
                        result = await self._perform(step)
                    stream = result if isinstance(step, Listen) else stream
                except OnwardError as error:
                    step = feed.throw(error)
                else:
                    step = feed.send(result)
        except StopIteration:
            return
        finally:
            if stream is not None:
                await stream.aclose()

    async def disconnect(self) -> None:
        """End the connections."""
        await self._transport.close()
        if self._http is not None:
            await self._http.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.disconnect()
