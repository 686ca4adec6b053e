"""Whether a JSON value has the shape of a message: the suite's own reading of the options in the
messages, for what the target writes. It is not the code that the target may have validated with.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor

import onward.v1
from onward.v1 import entry_pb2, options_pb2
from onward.v1.options_pb2 import FieldRule

REQUIRED = 2
"""google.api.FieldBehavior.REQUIRED."""

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")


@cache
def message(name: str) -> Descriptor:
    """The message of this name in onward.v1."""
    pool = entry_pb2.DESCRIPTOR.pool
    return pool.FindMessageTypeByName(f"onward.v1.{name}")


@cache
def files() -> tuple[FileDescriptor, ...]:
    """All files of the specification."""
    names = [one.name for one in iter_modules(onward.v1.__path__) if one.name.endswith("_pb2")]
    return tuple(import_module(f"onward.v1.{name}").DESCRIPTOR for name in names)


@cache
def registries() -> dict[str, frozenset[str]]:
    """The codes of each registry that may be used."""
    return {
        registry.name: frozenset(code.id for code in registry.code if not code.forbidden)
        for file in files()
        for registry in option(file, options_pb2.registry)
    }


def option(owner: Any, extension: Any) -> Any:
    """One of the specification's own options of a file, message, field, method or value."""
    return owner.GetOptions().Extensions[extension]


@cache
def _pattern(number: int) -> re.Pattern[str]:
    value = options_pb2.DESCRIPTOR.enum_types_by_name["Format"].values_by_number[number]
    return re.compile(option(value, options_pb2.pattern))


def fault(descriptor: Descriptor, value: Any, at: str = "") -> str:
    """Where and how a value is not this message; empty if it is."""
    if not isinstance(value, dict):
        return f"{at or '/'} is no object"
    fields = {one.json_name: one for one in descriptor.fields}
    if strange := sorted(set(value) - set(fields)):
        return (
            f"{at or '/'} has the member {json.dumps(strange[0])}, which {descriptor.name} has not"
        )
    for name, one in fields.items():
        from_field = _field(one, value.get(name), f"{at}/{name}")
        if from_field:
            return from_field
    for choice in descriptor.oneofs:
        named = [one.json_name for one in choice.fields if one.json_name in value]
        if len(named) > 1 and not named[0].startswith("_"):
            return f"{at or '/'} has both {' and '.join(named)}"
    return ""


def _field(field: FieldDescriptor, value: Any, at: str) -> str:
    rule = option(field, options_pb2.field)
    needed = REQUIRED in _behaviour(field.GetOptions())
    if value is None:
        return f"{at} is missing" if needed else ""
    if not repeated(field):
        return _value(field, rule, value, at, needed)
    if not isinstance(value, list):
        return f"{at} is no list"
    if rule.max_items and not rule.min_items <= len(value) <= rule.max_items:
        return f"{at} has {len(value)} items"
    found = (_value(field, rule, one, f"{at}/{n}", True) for n, one in enumerate(value))
    return next((one for one in found if one), "")


def repeated(field: FieldDescriptor) -> bool:
    """Whether it holds a list."""
    flag = getattr(field, "is_repeated", None)
    if flag is None:  # protobuf before 6.31
        return bool(getattr(field, "label") == FieldDescriptor.LABEL_REPEATED)  # noqa: B009  # untyped
    return bool(flag)


def _behaviour(options: Any) -> list[int]:
    return next(
        (list(value) for known, value in options.ListFields() if known.name == "field_behavior"), []
    )


def _value(field: FieldDescriptor, rule: FieldRule, value: Any, at: str, needed: bool) -> str:
    if field.message_type is not None:
        if field.message_type.full_name == "google.protobuf.Timestamp":
            good = isinstance(value, str) and TIME.fullmatch(value)
            return "" if good else f"{at} is no time in UTC"
        return fault(field.message_type, value, at)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return "" if isinstance(value, bool) else f"{at} is neither true nor false"
    if field.type == FieldDescriptor.TYPE_STRING:
        return _text(rule, value, at, needed)
    if not isinstance(value, int) or isinstance(value, bool):
        return "" if field.enum_type and isinstance(value, str) else f"{at} is no number"
    if (value < rule.minimum and (value or needed)) or (rule.maximum and value > rule.maximum):
        return f"{at} is {value}"
    return ""


def _text(rule: FieldRule, value: Any, at: str, needed: bool) -> str:
    if not isinstance(value, str):
        return f"{at} is no text"
    if not value:
        return f"{at} is empty" if needed else ""
    if rule.codes and value not in registries()[rule.codes]:
        return f"{at} is no code of {rule.codes}"
    if rule.format and not _pattern(rule.format).fullmatch(value):
        return f"{at} does not have its format"
    if rule.text and len(value) > rule.text:
        return f"{at} is longer than {rule.text} characters"
    return ""
