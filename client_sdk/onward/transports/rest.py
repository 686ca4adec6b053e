"""REST over httpx: any RPC by its route, and the plain requests that tokens need.

httpx limits each read and each write, not the whole: a server that sends a byte now and then would
hold its caller for hours. So a call runs in an event loop, where it can be cut off wherever it is,
at its deadline. A blocking call waits for one that runs in a loop of the process's own.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
import time
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import cache
from typing import Any

import httpx
from google.protobuf.message import Message

from onward.core import spec
from onward.errors import NodeFailed, TransportFailed
from onward.transports import http
from onward.transports.base import MAX_ANSWER
from onward.transports.http import HttpAnswer, HttpRequest

IDLE_SECONDS = 90.0
"""A stream on which nothing comes for so long, not even a heartbeat, is given up."""

CUT_OFF_SECONDS = 4.0
"""What a call that is cut off has to tidy up."""


def _trusting(ca_file: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@cache
def _trusting_the_system() -> ssl.SSLContext:
    """Made once: reading all of the system's authorities takes as long as twenty calls."""
    return _trusting(None)


def _options(ca_file: str | None, proxy: str | None) -> dict[str, Any]:
    context = _trusting(ca_file) if ca_file else _trusting_the_system()
    # From the environment, httpx would also take a password for the node from ~/.netrc.
    return {"verify": context, "proxy": proxy, "trust_env": False, "follow_redirects": False}


def _parameters(request: HttpRequest, timeout: float, idle: float | None = None) -> dict[str, Any]:
    return {
        "method": request.verb,
        "url": request.url,
        "params": request.query,
        "headers": request.headers,
        "content": request.content,
        "timeout": httpx.Timeout(timeout, read=idle or timeout),
    }


class _Answer:
    """Collects one answer, up to a size."""

    def __init__(self, response: httpx.Response, max_bytes: int) -> None:
        self.status = response.status_code
        self.media_type = http.media_type(response.headers.get("content-type", ""))
        self.streams = self.status == 200 and self.media_type == http.EVENTS
        self._max = max_bytes
        self._content = bytearray()

    def take(self, chunk: bytes) -> None:
        self._content += chunk
        if len(self._content) > self._max:
            raise NodeFailed

    def done(self) -> HttpAnswer:
        return HttpAnswer(self.status, self.media_type, bytes(self._content))


def _no_stream(answer: HttpAnswer) -> Exception:
    return NodeFailed() if answer.status == 200 else http.to_error(answer)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The loop in which blocking calls run."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="onward-http", daemon=True).start()
    return loop


# A forked child has none of its parent's threads.
os.register_at_fork(after_in_child=_loop.cache_clear)


async def _send(
    client: httpx.AsyncClient, request: HttpRequest, timeout: float, max_answer: int
) -> HttpAnswer:
    answer = None
    try:
        async with (
            asyncio.timeout(timeout),
            client.stream(**_parameters(request, timeout)) as response,
        ):
            answer = await _read(response, max_answer)
    except (httpx.HTTPError, TimeoutError) as error:
        cause = type(error).__name__
    if answer is None:
        # Raised out here so that the error's context does not hold the request.
        raise TransportFailed(cause)
    return answer


async def _read(response: httpx.Response, max_answer: int) -> HttpAnswer:
    answer = _Answer(response, max_answer)
    async for chunk in response.aiter_bytes():
        answer.take(chunk)
    return answer.done()


class Http:
    """Sends requests: no redirects, nothing taken from the environment.

    `ca_file` holds the authorities to trust (PEM; by default the system's), `proxy` is the
    address of a proxy, `max_answer` the largest answer in bytes.
    """

    def __init__(
        self, ca_file: str | None = None, proxy: str | None = None, max_answer: int = MAX_ANSWER
    ) -> None:
        self.max_answer = max_answer
        options = _options(ca_file, proxy)
        self.client = httpx.Client(**options)
        """For streams, which have no deadline."""
        self._calls = httpx.AsyncClient(**options)
        self._loop = _loop()
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    def send(self, request: HttpRequest, timeout: float) -> HttpAnswer:
        """Send and read the answer, whatever its status, in `timeout` seconds from first to last.

        Raises TransportFailed.
        """
        waiting = asyncio.run_coroutine_threadsafe(self._call(request, timeout), self._loop)
        answer = None
        try:
            answer = waiting.result()
        except CancelledError:
            pass  # Closed meanwhile.
        finally:
            waiting.cancel()
        if answer is None:
            raise TransportFailed("closed")
        return answer

    async def _call(self, request: HttpRequest, timeout: float) -> HttpAnswer | None:
        if self._closed:
            return None
        task = asyncio.current_task()
        assert task
        self._running.add(task)
        try:
            return await _send(self._calls, request, timeout, self.max_answer)
        finally:
            self._running.discard(task)

    def read(self, response: httpx.Response, deadline: float) -> HttpAnswer:
        """Read all of an answer until `deadline` (time.monotonic)."""
        answer = _Answer(response, self.max_answer)
        for chunk in response.iter_bytes():
            answer.take(chunk)
            if time.monotonic() > deadline:
                raise TransportFailed("timeout")
        return answer.done()

    def close(self) -> None:
        """Cut off the calls under way, and end the connections."""
        self.client.close()
        with suppress(TimeoutError, CancelledError):
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)

    async def _end(self) -> None:
        self._closed = True
        for one in self._running:
            one.cancel()
        if self._running:
            # A connection that is just being made is nobody's yet: its call ends it.
            await asyncio.wait(self._running, timeout=CUT_OFF_SECONDS)
        await self._calls.aclose()


class Rest:
    """Calls a node's REST API at `base`, such as https://node.a.example."""

    def __init__(self, base: str, http_: Http | None = None) -> None:
        self._base = http.checked_base(base)
        self._http = http_ or Http()

    def call(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Message:
        """Ask and wait for the answer, at most `timeout` seconds. Raises OnwardError."""
        sent = http.to_request(rpc, request, base=self._base, token=token)
        answer = self._http.send(sent, timeout)
        return http.from_answer(rpc, answer, max_bytes=self._http.max_answer)

    def stream(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Generator[Message, None, None]:
        """Follow server-sent events until the node ends them. Raises OnwardError."""
        sent = http.to_request(rpc, request, base=self._base, token=token)
        reader = http.EventReader(rpc)
        cause = ""
        try:
            with self._http.client.stream(**_parameters(sent, timeout, IDLE_SECONDS)) as response:
                if not _Answer(response, 0).streams:
                    raise _no_stream(self._http.read(response, time.monotonic() + timeout))
                for line in response.iter_lines():
                    if (message := reader.feed(line)) is not None:
                        yield message
        except httpx.HTTPError as error:
            cause = type(error).__name__
        if cause:
            raise TransportFailed(cause)

    def close(self) -> None:
        """End the connections."""
        self._http.close()


class AsyncHttp:
    """Http for asyncio."""

    def __init__(
        self, ca_file: str | None = None, proxy: str | None = None, max_answer: int = MAX_ANSWER
    ) -> None:
        self.max_answer = max_answer
        self.client = httpx.AsyncClient(**_options(ca_file, proxy))

    async def send(self, request: HttpRequest, timeout: float) -> HttpAnswer:
        """Send and read the answer, whatever its status, in `timeout` seconds.

        Raises TransportFailed.
        """
        return await _send(self.client, request, timeout, self.max_answer)

    async def read(self, response: httpx.Response) -> HttpAnswer:
        """Read all of an answer."""
        return await _read(response, self.max_answer)

    async def close(self) -> None:
        """End the connections."""
        await self.client.aclose()


class AsyncRest:
    """Rest for asyncio."""

    def __init__(self, base: str, http_: AsyncHttp | None = None) -> None:
        self._base = http.checked_base(base)
        self._http = http_ or AsyncHttp()

    async def call(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Message:
        """Ask and wait for the answer, at most `timeout` seconds. Raises OnwardError."""
        sent = http.to_request(rpc, request, base=self._base, token=token)
        answer = await self._http.send(sent, timeout)
        return http.from_answer(rpc, answer, max_bytes=self._http.max_answer)

    async def stream(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> AsyncGenerator[Message, None]:
        """Follow server-sent events until the node ends them. Raises OnwardError."""
        sent = http.to_request(rpc, request, base=self._base, token=token)
        reader = http.EventReader(rpc)
        options = _parameters(sent, timeout, IDLE_SECONDS)
        cause = ""
        try:
            async with self._http.client.stream(**options) as response:
                if not _Answer(response, 0).streams:
                    raise _no_stream(await self._http.read(response))
                async for line in response.aiter_lines():
                    if (message := reader.feed(line)) is not None:
                        yield message
        except httpx.HTTPError as error:
            cause = type(error).__name__
        if cause:
            raise TransportFailed(cause)

    async def close(self) -> None:
        """End the connections."""
        await self._http.close()
