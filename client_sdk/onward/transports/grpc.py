"""gRPC: any RPC by its name, through channels that need no generated stub."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Generator, Iterable
from typing import Any

import grpc
import grpc.aio
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2

from onward.core import spec
from onward.errors import NodeFailed, OnwardError, TransportFailed, from_problem, from_reason
from onward.transports.base import MAX_ANSWER, answer_class, loopback
from onward.v1.errors_pb2 import Problem

DOMAIN = spec.PACKAGE
DETAILS = "grpc-status-details-bin"

# Statuses that gRPC itself gives where no answer of the node came.
_NO_ANSWER = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED")

# A server that was not told otherwise ends a connection that is probed more often than this.
_KEEPALIVE_MS = 310_000


def _details(metadata: Iterable[tuple[str, Any]] | None) -> list[Any]:
    status = status_pb2.Status()
    for name, value in metadata or ():
        if name == DETAILS and isinstance(value, bytes):
            try:
                status.ParseFromString(value)
            except DecodeError:
                return []
    return list(status.details)


def _unpacked(detail: Any, kind: Any) -> Any:
    try:
        found = kind()
        return found if detail.Unpack(found) else None
    except DecodeError:
        return None


def to_error(code: str, metadata: Iterable[tuple[str, Any]] | None) -> OnwardError:
    """The exception for a status that is not OK. Without a known reason, the status decides.

    `code` is the status by its name, `metadata` what came with it.
    """
    reasons = []
    for detail in _details(metadata):
        problem = _unpacked(detail, Problem)
        if problem is not None and (found := from_problem(problem)).reason:
            return found
        info = _unpacked(detail, error_details_pb2.ErrorInfo)
        if info is not None and info.domain == DOMAIN:
            place, rule = (info.metadata.get(one, "") for one in ("pointer", "expected"))
            reasons.append(from_reason(info.reason, place, expected=rule))
    for known in reasons:
        if known is not None:
            return known
    return TransportFailed(code) if code in _NO_ANSWER else NodeFailed()


def _error(raised: Any) -> OnwardError:
    # What grpc raises is also the call, in both of its libraries; the stubs do not say so.
    return to_error(raised.code().name, raised.trailing_metadata())


def _path(rpc: spec.Rpc) -> str:
    return f"/{spec.PACKAGE}.{rpc.service}/{rpc.name}"


def _codec(rpc: spec.Rpc) -> dict[str, Any]:
    return {
        "request_serializer": lambda message: message.SerializeToString(),
        "response_deserializer": answer_class(rpc).FromString,
    }


def _metadata(token: str | None) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"),) if token is not None else ()


def _target(authority: str, ca_file: str | None) -> tuple[str, grpc.ChannelCredentials | None]:
    """The target of a channel, and its TLS credentials unless it goes to this machine."""
    host, _, port = authority.rpartition(":")
    if not re.fullmatch(r"[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\]", host) or not port.isdecimal():
        raise ValueError("the authority must be host:port")
    target = f"dns:///{authority}"
    if ca_file is None:
        return target, None if loopback(host) else grpc.ssl_channel_credentials()
    with open(ca_file, "rb") as file:
        return target, grpc.ssl_channel_credentials(file.read())


def _options(max_answer: int) -> list[tuple[str, Any]]:
    return [
        ("grpc.max_receive_message_length", max_answer),
        ("grpc.max_send_message_length", -1),
        ("grpc.keepalive_time_ms", _KEEPALIVE_MS),
        # The client's own retries are the only ones, and nothing is taken from the environment.
        ("grpc.enable_retries", 0),
        ("grpc.enable_http_proxy", 0),
        ("grpc.initial_reconnect_backoff_ms", 200),
        ("grpc.max_reconnect_backoff_ms", 5000),
    ]


class Grpc:
    """Calls a node's gRPC API at `authority`, such as node.a.example:443.

    `ca_file` holds the authorities to trust (PEM; by default gRPC's own), `max_answer` is the
    largest answer in bytes. TLS is used unless the host is this machine and no `ca_file` given.
    """

    def __init__(
        self, authority: str, *, ca_file: str | None = None, max_answer: int = MAX_ANSWER
    ) -> None:
        target, credentials = _target(authority, ca_file)
        options = _options(max_answer)
        self._channel = (
            grpc.secure_channel(target, credentials, options)
            if credentials
            else grpc.insecure_channel(target, options)
        )

    def call(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Message:
        """Ask and wait for the answer, at most `timeout` seconds. Raises OnwardError."""
        method = self._channel.unary_unary(_path(rpc), **_codec(rpc))
        try:
            answer: Message = method(request, timeout=timeout, metadata=_metadata(token))
            return answer
        except grpc.RpcError as raised:
            error = _error(raised)
        # Raised out here so that the error's context does not hold the call.
        raise error

    def stream(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Generator[Message, None, None]:
        """Follow a streaming RPC until the node ends it. Raises OnwardError.

        `timeout` is not used: gRPC has its own limit for connecting.
        """
        method = self._channel.unary_stream(_path(rpc), **_codec(rpc))
        answers: Any = method(request, metadata=_metadata(token))
        failed = None
        try:
            yield from answers
        except grpc.RpcError as raised:
            failed = _error(raised)
        finally:
            answers.cancel()
        if failed:
            raise failed

    def close(self) -> None:
        """End the connections."""
        self._channel.close()


class AsyncGrpc:
    """Grpc for asyncio."""

    def __init__(
        self, authority: str, *, ca_file: str | None = None, max_answer: int = MAX_ANSWER
    ) -> None:
        self._target, self._credentials = _target(authority, ca_file)
        self._options = _options(max_answer)
        self._opened: Any = None

    @property
    def _channel(self) -> Any:
        # A channel belongs to the event loop in which it is made, so not before the first call.
        if self._opened is None:
            self._opened = (
                grpc.aio.secure_channel(self._target, self._credentials, self._options)
                if self._credentials
                else grpc.aio.insecure_channel(self._target, self._options)
            )
        return self._opened

    async def call(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> Message:
        """Ask and wait for the answer, at most `timeout` seconds. Raises OnwardError."""
        method = self._channel.unary_unary(_path(rpc), **_codec(rpc))
        try:
            answer: Message = await method(request, timeout=timeout, metadata=_metadata(token))
            return answer
        except grpc.RpcError as raised:
            error = _error(raised)
        raise error

    async def stream(
        self, rpc: spec.Rpc, request: Message, *, token: str | None, timeout: float
    ) -> AsyncGenerator[Message, None]:
        """Follow a streaming RPC until the node ends it. Raises OnwardError.

        `timeout` is not used: gRPC has its own limit for connecting.
        """
        method = self._channel.unary_stream(_path(rpc), **_codec(rpc))
        answers = method(request, metadata=_metadata(token))
        failed = None
        try:
            async for message in answers:
                yield message
        except grpc.RpcError as raised:
            failed = _error(raised)
        finally:
            answers.cancel()
        if failed:
            raise failed

    async def close(self) -> None:
        """End the connections."""
        if self._opened is not None:
            await self._opened.close()
