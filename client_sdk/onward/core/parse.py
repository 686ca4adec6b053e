"""Strict reading of messages: one verdict, one reason, whichever transport they came by.

JSON is held to the schema before it becomes a message; a message that came as protobuf binary
is held to the same schema afterwards.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, TypeVar, cast

import jsonschema_rs
from google.protobuf.descriptor import Descriptor
from google.protobuf.json_format import Error as JsonError, MessageToDict, ParseDict
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet

from onward.core import expected, schema as schemas, spec
from onward.core.expected import Path
from onward.core.refused import Refused

M = TypeVar("M", bound=Message)

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 32

# Where a message has several faults against its schema, the first of these is answered, so that
# both transports and every implementation say the same.
PRECEDENCE = ("UNKNOWN_FIELD", "FORBIDDEN_CODE", "UNKNOWN_CODE", "INVALID_FIELD")


class Invalid(Refused):
    """A message was refused.

    `pointer` (RFC 6901) is made of field names of the specification and of indices only, and
    `expected` is its rule for that place, so the error can be shown and logged: no value and no
    name that the sender chose is in it.
    """


class _Duplicate(Exception):
    """A member name stood twice in one object."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise _Duplicate
    return result


def _no_constant(name: str) -> Any:
    raise ValueError("not a JSON number")


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("not a number that every reader can hold")
    return value


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        if not level:
            return False
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner += one.values()
            elif isinstance(one, list):
                inner += one
        level = [one for one in inner if isinstance(one, dict | list)]
    return True


def _load(raw: bytes | str) -> Any:
    text = raw if isinstance(raw, str) else raw.decode("utf-8")
    text.encode("utf-8")  # A str may hold half a surrogate pair; no UTF-8 text can.
    value = json.loads(
        text, object_pairs_hook=_members, parse_constant=_no_constant, parse_float=_float
    )
    if text.count("{") + text.count("[") > MAX_DEPTH and _too_deep(value):
        raise ValueError("too deep")
    if "\\ud" in text or "\\uD" in text:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def load(raw: bytes | str, *, max_bytes: int = MAX_BYTES) -> Any:
    """Read JSON as every reader must understand it: refuse what two readers may take differently.

    Refused: other bytes than UTF-8, a byte order mark, one name twice in an object, NaN and
    numbers without end, half a surrogate pair, more than MAX_DEPTH levels.
    """
    if len(raw) > max_bytes:
        raise Invalid("TOO_LARGE")
    try:
        return _load(raw)
    except _Duplicate:
        reason = "DUPLICATE_MEMBER"
    except (ValueError, RecursionError):
        reason = "INVALID_JSON"
    # Raised out here so that the error's context does not hold the text.
    raise Invalid(reason)


@cache
def _validator(descriptor: Descriptor) -> jsonschema_rs.Draft202012Validator:
    return compiled(schemas.message_schema(descriptor))


@cache
def body_validator(rpc: spec.Rpc) -> jsonschema_rs.Draft202012Validator | None:
    """The compiled schema of an RPC's request body, to give to `parse`."""
    found = schemas.body_schema(rpc)
    return None if found is None else compiled(found)


def compiled(schema: schemas.Schema) -> jsonschema_rs.Draft202012Validator:
    """Compile a schema made by onward.core.schema."""
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)


def _code_reason(descriptor: Descriptor, path: Path, value: Any) -> str:
    """Why a value is not one of a list: the code is unknown, or known and forbidden."""
    field = expected.field_at(descriptor, path)
    if field is None or not isinstance(value, str) or not value:
        return "INVALID_FIELD"
    rule = spec.rule(field)
    if rule.codes:
        code = spec.registries()[rule.codes].codes.get(value)
        return "FORBIDDEN_CODE" if code and code.forbidden else "UNKNOWN_CODE"
    return "UNKNOWN_CODE" if schemas.known_values(rule) else "INVALID_FIELD"


def _fault(descriptor: Descriptor, error: jsonschema_rs.ValidationError) -> Invalid:
    path: Path = tuple(error.instance_path)
    kind = error.kind
    reason, rule = "INVALID_FIELD", ""
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
        reason, rule = "UNKNOWN_FIELD", expected.fields(descriptor, path)
    elif isinstance(kind, jsonschema_rs.ValidationErrorKind.Enum):
        reason = _code_reason(descriptor, path, error.instance)
    elif isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
        path = (*path, kind.property)
        if not expected.at(descriptor, path).startswith("required"):
            rule = "required in an entry of this kind"
    elif isinstance(kind, jsonschema_rs.ValidationErrorKind.FalseSchema):
        rule = "absent from an entry of this kind"
    elif isinstance(kind, jsonschema_rs.ValidationErrorKind.Not):
        both = kind.schema.get("required") if isinstance(kind.schema, dict) else None
        rule = f"only one of {', '.join(map(str, both))}" if isinstance(both, list) else ""
    return Invalid(reason, _pointer(path), expected=rule or expected.at(descriptor, path))


def _pointer(path: Path) -> str:
    return "".join(f"/{step}" for step in path)


def _descriptor(message: Message) -> Descriptor:
    # The stubs name two classes here, which are one at run time.
    return cast(Descriptor, message.DESCRIPTOR)


def _check(
    descriptor: Descriptor, value: Any, validator: jsonschema_rs.Draft202012Validator
) -> None:
    if validator.is_valid(value):
        return
    faults = [_fault(descriptor, error) for error in validator.iter_errors(value)]
    # The rule is part of the order, so that one of several at the same place is always the same.
    raise min(faults, key=lambda one: (PRECEDENCE.index(one.reason), one.pointer, one.expected))


def parse(
    message_class: type[M],
    raw: bytes | str,
    *,
    schema: schemas.Schema | jsonschema_rs.Draft202012Validator | None = None,
    max_bytes: int = MAX_BYTES,
) -> M:
    """Read one message from raw JSON, or raise Invalid.

    Without `schema`, the message's own is used. The body of an HTTP request has another, since
    its path fields stand elsewhere: give `body_validator(rpc)`, then fill them in and `validate`.
    """
    value = load(raw, max_bytes=max_bytes)
    message = message_class()
    if isinstance(schema, dict):
        schema = compiled(schema)
    descriptor = _descriptor(message)
    _check(descriptor, value, schema or _validator(descriptor))
    try:
        return ParseDict(value, message)
    except (JsonError, ValueError, TypeError, OverflowError):
        pass  # Its text may quote values.
    raise Invalid("INVALID_FIELD")


def _unknown_at(message: Message, path: Path) -> Path | None:
    if len(UnknownFieldSet(message)):
        return path
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        inside = enumerate(value) if spec.repeated(field) else [(None, value)]
        for index, one in inside:
            step = (field.json_name,) if index is None else (field.json_name, index)
            found = _unknown_at(one, (*path, *step))
            if found is not None:
                return found
    return None


def validate(message: Message) -> None:
    """Hold a message that came as protobuf binary to the schema, or raise Invalid."""
    unknown = _unknown_at(message, ())
    if unknown is not None:
        rule = expected.fields(_descriptor(message), unknown)
        raise Invalid("UNKNOWN_FIELD", _pointer(unknown), expected=rule)
    try:
        value = MessageToDict(message)
    except (JsonError, ValueError, TypeError, OverflowError):
        value = None  # A moment out of range has no JSON.
    if value is None:
        raise Invalid("INVALID_FIELD")
    descriptor = _descriptor(message)
    _check(descriptor, value, _validator(descriptor))


def to_json(message: Message) -> bytes:
    """The message as compact ProtoJSON in UTF-8, fields in the order of their numbers."""
    value = MessageToDict(message)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
