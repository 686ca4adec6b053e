"""JSON Schema 2020-12 from protobuf descriptors: the rules that every JSON message is held to.

The committed files in schemas/ are made by these functions, and a node validates with the same
ones, so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import combinations
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from onward.core import spec
from onward.v1 import options_pb2

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BASE = "https://onward.example/schemas/"
TIMESTAMP = "google.protobuf.Timestamp"

# Z only, and only moments that every reader can hold: no leap second, four-digit years from 1000.
TIMESTAMP_SCHEMA: Schema = {
    "type": "string",
    "format": "date-time",
    "pattern": (
        "^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?Z$"
    ),
}
# In some languages $ also matches before a last newline. Said this way, and not with a look-ahead,
# because several validators have none.
NO_LAST_NEWLINE: Schema = {"pattern": "\\n$"}
# Free text may hold line breaks and tabs, and no other control character.
TEXT_PATTERN = "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]*$"

_INTEGERS = {
    FieldDescriptor.TYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.TYPE_INT32: (-(2**31), 2**31 - 1),
}


def short_name(descriptor: Descriptor | EnumDescriptor) -> str:
    """The name within the package: Entry, or Outer.Inner."""
    return descriptor.full_name.removeprefix(f"{spec.PACKAGE}.")


class Builder:
    """Collects the definitions that a schema refers to, under one prefix."""

    def __init__(self, comments: Mapping[str, str] | None = None, prefix: str = "#/$defs/") -> None:
        self.comments = comments or {}
        self.prefix = prefix
        self.defs: dict[str, Schema] = {}

    def ref(self, descriptor: Descriptor) -> Schema:
        """A reference to the message, which is defined if it was not yet."""
        name = short_name(descriptor)
        if name not in self.defs:
            self.defs[name] = {}  # First, so that a message may hold itself.
            self.defs[name] = self.message(descriptor)
        return {"$ref": self.prefix + name}

    def _shared(self, name: str, schema: Schema) -> Schema:
        self.defs.setdefault(name, schema)
        return {"$ref": self.prefix + name}

    def message(self, descriptor: Descriptor, without: Iterable[str] = ()) -> Schema:
        """The schema of one message, if asked for without some of its fields."""
        if descriptor.full_name == TIMESTAMP:
            return TIMESTAMP_SCHEMA | {"not": NO_LAST_NEWLINE}
        if descriptor.file.package != spec.PACKAGE:
            raise ValueError(f"no JSON mapping for {descriptor.full_name}")
        left_out = set(without)
        fields = [field for field in descriptor.fields if field.name not in left_out]
        result: Schema = {"type": "object"}
        self._describe(result, descriptor.full_name)
        if category := spec.category_of(descriptor):
            result["x-onward-category"] = {
                "id": category.id,
                "sensitivity": category.sensitivity,
            }
        result["properties"] = {field.json_name: self.field(field) for field in fields}
        result["required"] = [field.json_name for field in fields if must_stand(field)]
        result["additionalProperties"] = False
        rules = [
            {"not": {"required": [one.json_name, other.json_name]}}
            for oneof in descriptor.oneofs
            for one, other in combinations(
                [field for field in oneof.fields if field.name not in left_out], 2
            )
        ]
        if descriptor.full_name == f"{spec.PACKAGE}.Entry":
            rules += _entry_rules(descriptor)
        if rules:
            result["allOf"] = rules
        return result

    def _describe(self, schema: Schema, full_name: str) -> None:
        if comment := self.comments.get(full_name):
            schema["description"] = comment

    def field(self, field: FieldDescriptor) -> Schema:
        """The schema of one field: a value, or a list of values."""
        rule = spec.rule(field)
        result = self._value(field, rule)
        if spec.repeated(field):
            result = {"type": "array", "items": result}
            if least := max(rule.min_items, int(spec.required(field))):
                result["minItems"] = least
            if rule.max_items:
                result["maxItems"] = rule.max_items
        self._describe(result, field.full_name)
        if rule.htcds:
            result["x-htcds"] = rule.htcds
        return result

    def _value(self, field: FieldDescriptor, rule: options_pb2.FieldRule) -> Schema:
        # Without presence, a 0 or a false is the same as nothing: where the field is required,
        # it must be something else.
        nothing_refused = (
            spec.required(field) and not field.has_presence and not spec.repeated(field)
        )
        if field.message_type is not None:
            if field.message_type.GetOptions().map_entry:
                raise ValueError(f"{field.full_name} is a map, which has no JSON mapping here")
            if field.message_type.full_name == TIMESTAMP:
                return self._shared(TIMESTAMP, self.message(field.message_type))
            return self.ref(field.message_type)
        if field.enum_type is not None:
            names = [value.name for value in field.enum_type.values if value.number]
            return self._shared(short_name(field.enum_type), {"type": "string", "enum": names})
        if field.type == FieldDescriptor.TYPE_STRING:
            return self._string(field, rule)
        if field.type == FieldDescriptor.TYPE_BOOL:
            return {"const": True} if nothing_refused else {"type": "boolean"}
        if field.type in _INTEGERS:
            low, high = _INTEGERS[field.type]
            low = rule.minimum or (1 if nothing_refused else low)
            return {"type": "integer", "minimum": low, "maximum": rule.maximum or high}
        raise ValueError(f"{field.full_name} has a type without a JSON mapping")

    def _string(self, field: FieldDescriptor, rule: options_pb2.FieldRule) -> Schema:
        said = [bool(rule.codes), bool(rule.format), bool(rule.text)]
        if sum(said) != 1:
            raise ValueError(f"{field.full_name} needs one of codes, format and text")
        if rule.codes:
            if rule.codes not in spec.registries():
                raise ValueError(f"{field.full_name}: no registry {rule.codes}")
            codes = spec.registries()[rule.codes].allowed()
            return self._shared(
                f"codes.{rule.codes}",
                {"type": "string", "enum": codes, "x-onward-codes": rule.codes},
            )
        if rule.text:
            return {
                "type": "string",
                "minLength": 1,
                "maxLength": rule.text,
                "pattern": TEXT_PATTERN,
            }
        known = known_values(rule)
        if known:
            name = spec.format_name(rule.format)
            return self._shared(f"format.{name}", {"type": "string", "enum": known})
        return {
            "type": "string",
            "minLength": 1,
            "pattern": spec.pattern(rule.format),
            "not": NO_LAST_NEWLINE,
        }


def known_values(rule: options_pb2.FieldRule) -> list[str]:
    """The values of the two formats that name a thing of this specification."""
    if rule.format == options_pb2.FORMAT_CATEGORY:
        return list(spec.categories())
    if rule.format == options_pb2.FORMAT_KIND:
        return list(spec.acts())
    return []


def must_stand(field: FieldDescriptor) -> bool:
    """Whether a message without the field is refused. An absent list has no items."""
    return spec.required(field) or spec.rule(field).min_items > 0


def _entry_rules(entry: Descriptor) -> list[Schema]:
    """For each act: which of the state fields its entry must have, and may not have."""
    json_name = {field.name: field.json_name for field in entry.fields}
    rules: list[Schema] = []
    for kind in spec.acts():
        fields = spec.act_fields(kind)
        then: Schema = {}
        if fields.required:
            then["required"] = [json_name[name] for name in fields.required]
        if alien := [name for name in spec.state_fields() if name not in fields.carried]:
            then["properties"] = {json_name[name]: False for name in alien}
        if then:
            condition = {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
            rules.append({"if": condition, "then": then})
    return rules


def _document(name: str, body: Schema, defs: dict[str, Schema]) -> Schema:
    result: Schema = {"$schema": DIALECT, "$id": f"{BASE}{name}.json", **body}
    if defs:
        result["$defs"] = dict(sorted(defs.items()))
    return result


def message_schema(descriptor: Descriptor, *, comments: Mapping[str, str] | None = None) -> Schema:
    """The self-contained schema of one message."""
    builder = Builder(comments)
    body = builder.message(descriptor)
    return _document(f"v1/{short_name(descriptor)}", body, builder.defs)


def bundle(descriptors: Iterable[Descriptor], comments: Mapping[str, str] | None = None) -> Schema:
    """One document that defines every message given, and what they refer to."""
    builder = Builder(comments)
    for descriptor in descriptors:
        builder.ref(descriptor)
    return _document("bundle", {}, builder.defs)


def body_message(rpc: spec.Rpc) -> Descriptor | None:
    """The message that the request's body holds: all of the input, one field of it, or none."""
    if not rpc.body:
        return None
    if rpc.body == "*":
        return rpc.input
    inner = rpc.input.fields_by_name[rpc.body].message_type
    if inner is None:
        raise ValueError(f"{rpc.full_name}: the body is not a message")
    return inner


def body_parts(rpc: spec.Rpc, builder: Builder) -> Schema | None:
    """The schema of an RPC's request body within a builder. Path fields stand in the path only."""
    descriptor = body_message(rpc)
    if descriptor is None:
        return None
    return builder.message(descriptor, rpc.path_fields if rpc.body == "*" else ())


@cache
def body_schema(rpc: spec.Rpc) -> Schema | None:
    """The self-contained schema that the raw body of an RPC's HTTP request is held to."""
    builder = Builder()
    body = body_parts(rpc, builder)
    if body is None:
        return None
    return _document(f"v1/{rpc.service}.{rpc.name}.Body", body, builder.defs)
