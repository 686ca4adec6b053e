"""What a target said, so that a check can read it: whatever is not as it should be is the target's
failure, and never the suite's.

A member that a check looks for and that is not there, or is of another kind than its message says,
raises Failed by itself.
"""

from __future__ import annotations

import json
from typing import Any, SupportsIndex, overload

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from onward_conformance.jose import Bad
from onward_conformance.network import Json
from onward_conformance.results import Failed, spelled
from onward_conformance.shape import repeated

TIMESTAMP = "google.protobuf.Timestamp"


class Missing(Failed, KeyError, IndexError):
    """A member, or an item, that has to be in what the target said."""


class Said(dict[str, Any]):
    """An object of the target."""

    def __missing__(self, name: str) -> Any:
        raise Missing(f"the member {name}", f"an object with {spelled(sorted(self))}")


class Row(list[Any]):
    """A list of the target."""

    @overload
    def __getitem__(self, at: SupportsIndex) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> list[Any]: ...
    def __getitem__(self, at: Any) -> Any:
        try:
            return super().__getitem__(at)
        except IndexError:
            raise Missing(f"an item {at}", f"a list of {len(self)}") from None


def told(value: Any, descriptor: Descriptor | None = None) -> Json:
    """The object, ready to be read. Raises Failed if it is none, or not of its message's kinds."""
    try:
        if not isinstance(value, dict):
            raise Failed("an object", _kind(value))
        if descriptor is not None and (wrong := _object(descriptor, value, "")):
            raise Failed(f"a {descriptor.name}", wrong)
        json.dumps(value, ensure_ascii=False).encode()
        found: Json = _ready(value)
    except UnicodeEncodeError:
        raise Failed("text in UTF-8", "half of a surrogate pair") from None
    except RecursionError:
        raise Failed("a message", "one within another without an end") from None
    return found


def claims(payload: bytes) -> Json:
    """The object in a token. Raises Bad where there is none."""
    try:
        return told(json.loads(payload))
    except (Failed, ValueError, RecursionError):
        raise Bad("a payload that is no JSON object") from None


def _kind(value: Any) -> str:
    """What JSON calls a value that is no object."""
    if value is None or isinstance(value, bool):
        return spelled(value)
    return "a list" if isinstance(value, list) else "text" if isinstance(value, str) else "a number"


def _ready(value: Any) -> Any:
    if isinstance(value, dict):
        # ProtoJSON reads null as absent.
        return Said({name: _ready(one) for name, one in value.items() if one is not None})
    if isinstance(value, list):
        return Row(_ready(one) for one in value)
    return value


def _object(descriptor: Descriptor, value: Any, at: str) -> str:
    if not isinstance(value, dict):
        return f"{at or '/'} is no object"
    for field in descriptor.fields:
        one, here = value.get(field.json_name), f"{at}/{field.json_name}"
        if one is None:
            continue
        if not repeated(field):
            wrong = _one(field, one, here)
        elif isinstance(one, list):
            found = (_one(field, each, f"{here}/{n}") for n, each in enumerate(one))
            wrong = next((each for each in found if each), "")
        else:
            wrong = f"{here} is no list"
        if wrong:
            return wrong
    return ""


def _one(field: FieldDescriptor, value: Any, at: str) -> str:
    if field.message_type is not None and field.message_type.full_name != TIMESTAMP:
        return _object(field.message_type, value, at)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return "" if isinstance(value, bool) else f"{at} is neither true nor false"
    if field.cpp_type in (FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_UINT32):
        good = isinstance(value, int) and not isinstance(value, bool)
        return "" if good else f"{at} is no number"
    return "" if isinstance(value, str) else f"{at} is no text"
