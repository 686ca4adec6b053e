"""From an HTTP request to the message that the RPC takes: strictly, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from starlette.requests import Request

from onward.core import parse, spec
from onward.core.refused import Refused

_NUMBER = re.compile(r"0|[1-9][0-9]{0,9}")
_JSON = re.compile(r"application/json(\s*;\s*charset=\"?utf-8\"?)?", re.IGNORECASE)

Reader = Callable[[bytes, Mapping[str, str], bytes], Message]
"""Makes the request message of a body, the path's parameters and the raw query."""


def authorization(request: Request) -> str | None:
    """The one Authorization header, or None: with two, nobody can say which one counts."""
    found = request.headers.getlist("authorization")
    return found[0] if len(found) == 1 else None


async def body(request: Request, limit: int) -> bytes:
    """The body, which is given up as soon as it is over the limit. Raises Refused TOO_LARGE."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > limit:
        raise Refused("TOO_LARGE")
    chunks: list[bytes] = []
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
        if total > limit:
            raise Refused("TOO_LARGE")
        chunks.append(chunk)
    return b"".join(chunks)


async def json_body(request: Request) -> bytes:
    """The body of a call, which must say that it is JSON."""
    if not _JSON.fullmatch(request.headers.get("content-type", "").strip()):
        raise Refused("INVALID_JSON")
    return await body(request, parse.MAX_BYTES)


def query(raw: bytes) -> dict[str, str]:
    """The query's parameters, each once. Raises Refused."""
    if not raw:
        return {}
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=32,
        )
    except ValueError:
        raise Refused("INVALID_FIELD") from None
    if len(dict(pairs)) != len(pairs):
        raise Refused("DUPLICATE_MEMBER")
    return dict(pairs)


def _value(field: FieldDescriptor, text: str) -> Any:
    """A parameter as JSON has it; what does not fit stays text, and the schema refuses it."""
    if field.type in (FieldDescriptor.TYPE_UINT32, FieldDescriptor.TYPE_INT32):
        return int(text) if _NUMBER.fullmatch(text) else text
    if field.type == FieldDescriptor.TYPE_BOOL:
        return {"true": True, "false": False}.get(text, text)
    return text


def _of_query(rpc: spec.Rpc) -> Reader:
    cls = GetMessageClass(rpc.input)
    fields = {field.json_name: field for field in rpc.input.fields}
    in_path = {rpc.input.fields_by_name[name].json_name for name in rpc.path_fields}
    if lists := [name for name, field in fields.items() if spec.repeated(field)]:
        raise ValueError(f"{rpc.full_name}: a list can't stand in a query: {lists}")

    def read(raw: bytes, path: Mapping[str, str], raw_query: bytes) -> Message:
        asked = query(raw_query)
        if set(asked) - (set(fields) - in_path):
            raise Refused("UNKNOWN_FIELD")
        given = {rpc.input.fields_by_name[name].json_name: value for name, value in path.items()}
        values = {name: _value(fields[name], text) for name, text in (given | asked).items()}
        return parse.parse(cls, json.dumps(values))

    return read


def _of_body(rpc: spec.Rpc) -> Reader:
    cls = GetMessageClass(rpc.input)
    validator = parse.body_validator(rpc)

    def read(raw: bytes, path: Mapping[str, str], raw_query: bytes) -> Message:
        if raw_query:
            raise Refused("UNKNOWN_FIELD")
        message = parse.parse(cls, raw, schema=validator)
        for name, value in path.items():
            setattr(message, name, value)
        if path:
            parse.validate(message)
        return message

    return read


def reader(rpc: spec.Rpc) -> Reader:
    """What reads the RPC's requests. Raises ValueError for a route that has no such reader."""
    if rpc.body not in ("", "*"):
        raise ValueError(f"{rpc.full_name}: a body must be all of the request, or none")
    return _of_body(rpc) if rpc.body else _of_query(rpc)
