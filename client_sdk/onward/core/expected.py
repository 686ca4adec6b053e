"""What a place in a message must hold, in the words of its JSON schema.

A refusal tells it, so that the caller can mend the request without the value being repeated to
anybody. It is made of the specification alone: keywords, numbers, names of lists and patterns.
"""

from __future__ import annotations

from functools import lru_cache

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from onward.core import spec
from onward.core.schema import Builder, Schema, must_stand, short_name

Path = tuple[str | int, ...]

LIMITS = ("const", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum")
"""Keywords whose value is told with them."""


def field_at(descriptor: Descriptor, path: Path) -> FieldDescriptor | None:
    """The field that a place in a message belongs to, or None."""
    found: FieldDescriptor | None = None
    inside: Descriptor | None = descriptor
    for step in path:
        if isinstance(step, int):
            continue
        fields = inside.fields if inside else []
        found = next((field for field in fields if field.json_name == step), None)
        inside = found.message_type if found else None
    return found


@lru_cache(maxsize=1024)
def at(descriptor: Descriptor, path: Path) -> str:
    """The rule of a place, such as `required, array, minItems 1`; empty where there is none.

    All of the rule is told, and not only the keyword that failed: an absent text and an empty one
    are the same in protobuf binary, and both transports say the same.
    """
    field = field_at(descriptor, path)
    if field is None:
        return ""
    builder = Builder()
    schema = builder.field(field)
    item = isinstance(path[-1], int)
    if item:
        schema = schema["items"]
    said = ["required"] if must_stand(field) and not item else []
    if "$ref" in schema:
        schema = builder.defs[schema["$ref"].removeprefix(builder.prefix)]
    return ", ".join(said + _said(schema, field))


def _said(schema: Schema, field: FieldDescriptor) -> list[str]:
    said = [schema["type"]] if "type" in schema else []
    if schema.get("type") == "object" and field.message_type is not None:
        said = [f"object {short_name(field.message_type)}"]
    if "enum" in schema:
        said.append(_list(schema, field))
    said += [f"{one} {str(schema[one]).lower()}" for one in LIMITS if one in schema]
    if "format" in schema:
        said.append(f"format {schema['format']}")
    if "pattern" in schema:
        rule = spec.rule(field)
        name = f"format {spec.format_name(rule.format)}, " if rule.format else ""
        said.append(f"{name}pattern {schema['pattern']}")
    return said


def _list(schema: Schema, field: FieldDescriptor) -> str:
    """The list that the value must be one of, by its name: the list itself may be long."""
    rule = spec.rule(field)
    if rule.codes:
        return f"codes {rule.codes}"
    if field.enum_type is not None:
        return f"enum {short_name(field.enum_type)}"
    return f"format {spec.format_name(rule.format)}"


def fields(descriptor: Descriptor, path: Path) -> str:
    """What the object at a place may hold: the fields of a message, by its name."""
    field = field_at(descriptor, path)
    inside = field.message_type if field is not None else descriptor
    return f"fields of {short_name(inside)}" if inside is not None else ""
