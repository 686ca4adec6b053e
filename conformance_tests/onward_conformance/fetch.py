"""Calls over HTTP to a target that may answer anything: none takes longer, or gives more, than it
may.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import httpx

T = TypeVar("T")

LARGEST = 32 * 1024 * 1024
"""Bytes of an answer that are read, after they were decompressed. No message is that long."""

IDLE = 1.0
"""Seconds after which a connection is not used again. Servers end those that are idle, many after
five seconds: a call on its way just then would get no answer, and no node would be at fault.
"""

MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[\w.+-]{1,60}", re.ASCII | re.IGNORECASE)


class FetchError(Exception):
    """No answer that can be read; the text says why.

    It says nothing of what a body holds, which may be about a person.
    """


@dataclass(frozen=True)
class Fetched:
    """An answer that holds JSON."""

    status: int
    kind: str
    """Its media type, without parameters."""
    said: Any


@dataclass
class _Held(Generic[T]):
    """What a thread has come to."""

    found: list[T] = field(default_factory=list)
    fault: Exception | None = None


def within(seconds: float, work: Callable[[], T]) -> T:
    """What the work gives. Raises TimeoutError if it takes longer; it is left to itself then."""
    held: _Held[T] = _Held()

    def run() -> None:
        try:
            held.found.append(work())
        except Exception as fault:
            held.fault = fault

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if held.fault is not None:
        raise held.fault
    if not held.found:
        raise TimeoutError
    return held.found[0]


class Fetcher:
    """An HTTP connection to one address. An answer takes `seconds` at the most, all of it."""

    def __init__(self, address: str, seconds: float) -> None:
        self._address, self._seconds = address, seconds
        self._http = self._new()

    def _new(self) -> httpx.Client:
        limits = httpx.Limits(keepalive_expiry=IDLE)
        return httpx.Client(base_url=self._address, timeout=self._seconds, limits=limits)

    def ask(self, verb: str, path: str, **more: Any) -> Fetched:
        """One call; a redirect is not followed. Raises FetchError."""
        http = self._http
        try:
            status, kind, body = within(self._seconds, lambda: _read(http, verb, path, more))
        except TimeoutError:
            # Its connection belongs to a thread that may go on for ever.
            self._http = self._new()
            raise FetchError(f"nothing whole in {self._seconds:.0f} seconds") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as fault:
            raise FetchError(f"no answer: {type(fault).__name__}") from None
        try:
            return Fetched(status, kind, json.loads(body))
        except (ValueError, RecursionError):
            raise FetchError(_unread(status, kind, body)) from None

    def close(self) -> None:
        """End the connection."""
        self._http.close()


def _unread(status: int, kind: str, body: bytes) -> str:
    """What came in place of JSON, in words that are the suite's own."""
    if not body:
        return f"status {status} and an empty body"
    named = kind if MEDIA_TYPE.fullmatch(kind) else "no media type"
    return f"status {status}, {named}, and no JSON"


def _read(http: httpx.Client, verb: str, path: str, more: Any) -> tuple[int, str, bytes]:
    body = bytearray()
    with http.stream(verb, path, **more) as response:
        for chunk in response.iter_bytes(65536):
            body += chunk
            if len(body) > LARGEST:
                raise FetchError(f"more than {LARGEST} bytes")
    kind = response.headers.get("content-type", "").partition(";")[0].strip()
    return response.status_code, kind, bytes(body)
