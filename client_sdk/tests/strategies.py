"""Random messages that obey the options of the specification."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from functools import cache
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies as st

from onward.core import schema, spec
from onward.v1 import options_pb2


def _base64url(least: int, most: int) -> st.SearchStrategy[str]:
    made = st.binary(min_size=least, max_size=most).map(urlsafe_b64encode)
    return made.map(lambda text: text.decode().rstrip("="))


# Patterns that random text rarely fits, or that need a look-ahead.
BY_HAND = {
    "FORMAT_AGENCY": st.sampled_from(["a.bd", "msw.gov.bd.example", "x-1.shelter.example"]),
    "FORMAT_EMAIL": st.from_regex(r"[a-z.+]{1,20}@[a-z]{1,20}\.example", fullmatch=True),
    "FORMAT_JSON_TEXT": st.sampled_from(["{}", '{"a":"\\n"}', '{\n "ü": 1}']),
    "FORMAT_SENTENCE": st.sampled_from(["Try again.", "Fragen Sie die Person.", "é"]),
    "FORMAT_JWS": st.just("e30.e30.c2ln"),
    "FORMAT_JWE": st.just("e30..aXY.c2VhbGVk.dGFn"),
    # Drawn as bytes, since a pattern is drawn letter by letter, which is slow.
    "FORMAT_ID": _base64url(6, 48),
    "FORMAT_DIGEST": _base64url(32, 32),
    "FORMAT_SALT": _base64url(32, 32),
    "FORMAT_COORDINATE": _base64url(32, 32),
    "FORMAT_KEY_ID": _base64url(32, 32),
}
TEXT = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t")
LIST = 3


def _digits(low: int, high: int, width: int = 2) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda number: f"{number:0{width}}")


def _moments() -> st.SearchStrategy[str]:
    fraction = st.sampled_from(["", ".5", ".000000001", ".123456"])
    parts = (_digits(1000, 9999, 4), _digits(1, 12), _digits(1, 28), _digits(0, 23))
    return st.tuples(*parts, _digits(0, 59), _digits(0, 59), fraction).map(
        lambda p: f"{p[0]}-{p[1]}-{p[2]}T{p[3]}:{p[4]}:{p[5]}{p[6]}Z"
    )


def _strings(field: FieldDescriptor) -> st.SearchStrategy[str]:
    rule = spec.rule(field)
    if rule.codes:
        return _coded(rule.codes)
    if rule.text:
        return _text(min(rule.text, 30))
    if known := schema.known_values(rule):
        return st.sampled_from(known)
    return _formatted(rule.format)


# Each is made once for all fields of its kind: hypothesis takes long to prepare one, and then
# draws from it quickly.


@cache
def _coded(registry: str) -> st.SearchStrategy[str]:
    return st.sampled_from(spec.registries()[registry].allowed())


@cache
def _text(most: int) -> st.SearchStrategy[str]:
    return st.text(TEXT, min_size=1, max_size=most)


@cache
def _formatted(number: options_pb2.Format.ValueType) -> st.SearchStrategy[str]:
    name = options_pb2.Format.Name(number)
    if name in BY_HAND:
        return BY_HAND[name]
    bare = re.sub(r"^\^|\$$", "", spec.pattern(number))
    return st.from_regex(f"(?:{bare})", fullmatch=True).filter(bool)


def _value(field: FieldDescriptor, depth: int) -> st.SearchStrategy[Any]:
    least = int(spec.required(field) and not field.has_presence)
    if field.message_type is not None:
        return values(field.message_type, depth + 1)
    if field.enum_type is not None:
        return st.sampled_from([one.name for one in field.enum_type.values if one.number])
    if field.type == FieldDescriptor.TYPE_STRING:
        return _strings(field)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return st.just(True) if least else st.booleans()
    rule = spec.rule(field)
    return st.integers(max(rule.minimum, least), rule.maximum or 2**32 - 1)


@cache
def _field(field: FieldDescriptor, depth: int) -> st.SearchStrategy[Any]:
    one = st.deferred(lambda: _value(field, depth))
    if not spec.repeated(field):
        return one
    rule = spec.rule(field)
    least = max(rule.min_items, int(spec.required(field)))
    most = max(least, min(rule.max_items or LIST, LIST))
    return st.lists(one, min_size=least, max_size=most)


def _choose(draw: st.DrawFn, descriptor: Descriptor, depth: int) -> list[FieldDescriptor]:
    chosen = []
    left_out = set()
    for oneof in descriptor.oneofs:
        keep = draw(st.sampled_from([None, *oneof.fields]))
        left_out |= {field.name for field in oneof.fields if field is not keep}
    for field in descriptor.fields:
        if field.name in left_out:
            continue
        rare = field.message_type is not None and depth > 2
        if schema.must_stand(field) or (not rare and draw(st.booleans())):
            chosen.append(field)
    return chosen


@st.composite
def _object(draw: st.DrawFn, descriptor: Descriptor, depth: int) -> dict[str, Any]:
    chosen = _choose(draw, descriptor, depth)
    value = {field.json_name: draw(_field(field, depth)) for field in chosen}
    if descriptor.full_name == f"{spec.PACKAGE}.Entry":
        fields = spec.act_fields(value["kind"])
        for field in descriptor.fields:
            if field.name in fields.required and field.json_name not in value:
                value[field.json_name] = draw(_field(field, depth))
            elif field.name in set(spec.state_fields()) - set(fields.carried):
                value.pop(field.json_name, None)
        for name in fields.required:  # An empty list is not there.
            field = descriptor.fields_by_name[name]
            if spec.repeated(field) and not value[field.json_name]:
                value[field.json_name] = [draw(_value(field, depth))]
    return value


def values(descriptor: Descriptor, depth: int = 0) -> st.SearchStrategy[Any]:
    """JSON values of the message."""
    if descriptor.full_name == schema.TIMESTAMP:
        return _moments()
    return _object(descriptor, depth)


def messages(descriptor: Descriptor) -> st.SearchStrategy[Message]:
    """Messages of the type, as one would build them."""
    made = GetMessageClass(descriptor)
    return values(descriptor).map(lambda value: ParseDict(value, made()))
