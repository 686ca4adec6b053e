"""The HTTP form of calls, answers and events, without any input or output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import Error as JsonError, ParseDict
from google.protobuf.message import Message

from onward.core import parse, spec
from onward.core.refused import Refused
from onward.errors import InvalidField, NodeFailed, OnwardError, TransportFailed, from_reason
from onward.transports.base import answer_class, loopback
from onward.v1.entry_pb2 import Heads

JSON = "application/json"
PROBLEM = "application/problem+json"
EVENTS = "text/event-stream"

# Answers of proxies and balancers that stand for no answer from the node.
GATEWAY = (502, 503, 504)

_NOT_A_MESSAGE = (JsonError, ValueError, TypeError, AttributeError, OverflowError)


@dataclass(frozen=True)
class HttpRequest:
    """One request. Its headers and its content may be secret, and are not shown."""

    verb: str
    url: str
    query: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class HttpAnswer:
    """One answer. `media_type` is without parameters, in lower case."""

    status: int
    media_type: str
    content: bytes = field(repr=False)


def checked_base(url: str) -> str:
    """A base address without its last slash.

    Raises ValueError unless it is https, or http to this machine, without query or fragment.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "https" or (parts.scheme == "http" and loopback(parts.hostname or ""))
    if not secure or not parts.hostname:
        raise ValueError("the address must be https; http is for this machine only")
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("the address must have no user, query or fragment")
    return url.rstrip("/")


def media_type(content_type: str) -> str:
    """A Content-Type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def _text(field_: FieldDescriptor, value: object) -> str:
    if field_.message_type is not None:
        raise ValueError(f"{field_.full_name} can't stand in a path or a query")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _path(rpc: spec.Rpc, request: Message) -> str:
    path = rpc.http_path
    for name in rpc.path_fields:
        field_ = rpc.input.fields_by_name[name]
        value = _text(field_, getattr(request, name))
        # Empty, or with a dot or a slash, it would lead to another route.
        allowed = spec.pattern(spec.rule(field_).format) or "[A-Za-z0-9_-]+"
        if re.fullmatch(allowed, value) is None:
            raise InvalidField(f"/{field_.json_name}")
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return path


def _query(rpc: spec.Rpc, request: Message) -> Iterator[tuple[str, str]]:
    for field_, value in request.ListFields():
        if field_.name in (*rpc.path_fields, rpc.body):
            continue
        for one in value if spec.repeated(field_) else [value]:
            yield field_.json_name, _text(field_, one)


def _body(rpc: spec.Rpc, request: Message) -> bytes | None:
    if not rpc.body:
        return None
    if rpc.body != "*":
        return parse.to_json(getattr(request, rpc.body))
    rest = type(request)()
    rest.CopyFrom(request)
    for name in rpc.path_fields:
        rest.ClearField(name)
    return parse.to_json(rest)


def to_request(rpc: spec.Rpc, request: Message, *, base: str, token: str | None) -> HttpRequest:
    """The HTTP request of a call, by the route that the specification gives it.

    Raises InvalidField if a value can't stand in the path.
    """
    content = _body(rpc, request)
    headers = {"accept": EVENTS if rpc.server_streaming else f"{JSON}, {PROBLEM}"}
    if content is not None:
        headers["content-type"] = JSON
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    query = () if rpc.body == "*" else tuple(_query(rpc, request))
    return HttpRequest(rpc.http_verb.upper(), base + _path(rpc, request), query, headers, content)


def _message(kind: type[Message], content: bytes, max_bytes: int) -> Message | None:
    try:
        value = parse.load(content, max_bytes=max_bytes)
        # ParseDict takes an empty list for an empty message.
        return ParseDict(value, kind()) if isinstance(value, dict) else None
    except (Refused, *_NOT_A_MESSAGE):
        return None


def _heads(value: object) -> Heads | None:
    if not isinstance(value, dict):
        return None
    try:
        return ParseDict(value, Heads())
    except _NOT_A_MESSAGE:
        return None


def _problem(answer: HttpAnswer) -> OnwardError | None:
    try:
        value = parse.load(answer.content) if answer.media_type == PROBLEM else None
    except Refused:
        value = None
    if not isinstance(value, dict):
        return None
    said = (value.get("pointer"), value.get("expected"))
    place, rule = (one if isinstance(one, str) else "" for one in said)
    reason, heads = str(value.get("reason")), _heads(value.get("heads"))
    return from_reason(reason, place, heads, expected=rule)


def to_error(answer: HttpAnswer) -> OnwardError:
    """The exception for an answer that is not 200. Without a known reason, the status decides."""
    found = _problem(answer)
    if found is not None:
        return found
    if answer.status in GATEWAY:
        return TransportFailed(f"HTTP {answer.status}")
    return NodeFailed()


def from_answer(rpc: spec.Rpc, answer: HttpAnswer, *, max_bytes: int) -> Message:
    """The message that answers a call. Raises OnwardError for anything else."""
    if answer.status != 200:
        raise to_error(answer)
    message = None
    if answer.media_type == JSON:
        message = _message(answer_class(rpc), answer.content, max_bytes)
    if message is None:
        raise NodeFailed
    return message


class EventReader:
    """Reads server-sent events from lines: one message from each, comments left out."""

    def __init__(self, rpc: spec.Rpc) -> None:
        self._kind = answer_class(rpc)
        self._data: list[str] = []

    def feed(self, line: str) -> Message | None:
        """Take one line without its end, and give the message that it completes.

        Raises NodeFailed for data that is not such a message.
        """
        if line:
            name, _, value = line.partition(":")
            if name == "data":
                self._data.append(value.removeprefix(" "))
                if sum(map(len, self._data)) > parse.MAX_BYTES:
                    raise NodeFailed
            return None
        if not self._data:
            return None
        content = "\n".join(self._data).encode()
        self._data.clear()
        message = _message(self._kind, content, parse.MAX_BYTES)
        if message is None:
            raise NodeFailed
        return message
