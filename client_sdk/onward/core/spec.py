"""What the specification says, read at run time from the options in its descriptors.

This is the one place that reads options. Schemas, routes, scopes, consent and the fold ask
here, so that a fact stands once, in proto/.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import google.api.annotations_pb2 as annotations_pb2
import google.api.field_behavior_pb2 as field_behavior_pb2
from google.protobuf.descriptor import (
    Descriptor,
    EnumDescriptor,
    FieldDescriptor,
    FileDescriptor,
    MethodDescriptor,
    ServiceDescriptor,
)

import onward.v1
from onward.core.facts import (
    FIRST_VERSION as FIRST_VERSION,
    ActFields as ActFields,
    Category as Category,
    Code as Code,
    ReasonInfo as ReasonInfo,
    Registry as Registry,
    Role as Role,
    Rpc as Rpc,
)
from onward.v1 import options_pb2

PACKAGE = "onward.v1"


@cache
def files() -> tuple[FileDescriptor, ...]:
    """Every file of the package, by name.

    They are found, not listed: a file that a list forgot would be a part of the specification
    that no rule applies to.
    """
    found = []
    for module in pkgutil.iter_modules(onward.v1.__path__):
        if module.name.endswith("_pb2"):
            found.append(importlib.import_module(f"{PACKAGE}.{module.name}").DESCRIPTOR)
    return tuple(sorted(found, key=lambda file: file.name))


def _nested(descriptor: Descriptor) -> Iterator[Descriptor]:
    yield descriptor
    for inner in descriptor.nested_types:
        yield from _nested(inner)


@cache
def messages() -> dict[str, Descriptor]:
    """Every message of the package by its full name, but not the vocabulary of the options."""
    wire = [file for file in files() if file is not options_pb2.DESCRIPTOR]
    tops = [top for file in wire for top in file.message_types_by_name.values()]
    return {one.full_name: one for top in tops for one in _nested(top)}


def _option(owner: Any, extension: Any) -> Any:
    # The stubs of Extensions cannot follow a generated extension, hence Any.
    return owner.GetOptions().Extensions[extension]


def rule(field: FieldDescriptor) -> options_pb2.FieldRule:
    """What the field may hold."""
    value: options_pb2.FieldRule = _option(field, options_pb2.field)
    return value


def required(field: FieldDescriptor) -> bool:
    """Whether the field must be present."""
    return field_behavior_pb2.REQUIRED in _option(field, field_behavior_pb2.field_behavior)


def repeated(field: FieldDescriptor) -> bool:
    """Whether the field is a list. Older and newer protobuf name it differently."""
    flag = getattr(field, "is_repeated", None)
    if flag is None:
        return bool(getattr(field, "label") == FieldDescriptor.LABEL_REPEATED)  # noqa: B009  # untyped
    return bool(flag)


def pattern(format_number: int) -> str:
    """The regular expression of a format."""
    value: str = _option(
        options_pb2.Format.DESCRIPTOR.values_by_number[format_number], options_pb2.pattern
    )
    return value


def format_name(format_number: int) -> str:
    """The name of a format: FORMAT_AGENCY is agency."""
    return options_pb2.Format.Name(format_number).removeprefix("FORMAT_").lower()


@cache
def category_of(descriptor: Descriptor) -> Category | None:
    """The category that the message is, or None."""
    found = _option(descriptor, options_pb2.category)
    if not found.id:
        return None
    return Category(
        found.id,
        descriptor,
        found.sensitivity,
        found.offer,
        found.protocol,
        tuple(found.touches),
        found.feedback,
        found.free_text,
        found.trafficking,
        found.emergency,
        frozenset(found.bases),
    )


@cache
def categories() -> dict[str, Category]:
    """Every category by its id."""
    result: dict[str, Category] = {}
    for descriptor in messages().values():
        if found := category_of(descriptor):
            _once(result, found.id, found)
    return dict(sorted(result.items()))


def _once(table: dict[str, Any], key: str, value: Any) -> None:
    if key in table:
        raise ValueError(f"the specification declares {key} twice")
    table[key] = value


@cache
def registries() -> dict[str, Registry]:
    """Every registry of codes by its name."""
    result: dict[str, Registry] = {}
    for file in files():
        for one in _option(file, options_pb2.registry):
            codes: dict[str, Code] = {}
            for code in one.code:
                text = (code.parent, code.htcds, code.source, code.forbidden, code.next_step)
                grown = (code.status, code.days, code.since or FIRST_VERSION, code.replaced_by)
                traits = tuple(code.trait)
                _once(
                    codes,
                    code.id,
                    Code(
                        code.id,
                        code.label,
                        *text,
                        *grown,
                        traits,
                        code.trafficking,
                        tuple(code.follows),
                        code.group,
                        code.unasked,
                        tuple(code.follows_her_wish),
                    ),
                )
            fallback = options_pb2.Fallback.Name(one.fallback).removeprefix("FALLBACK_").lower()
            left = {value.value: value.why for value in one.unmapped}
            said = (fallback, tuple(one.htcds), one.reversible, left, one.groups)
            _once(result, one.name, Registry(one.name, one.about, one.source, codes, *said))
    return dict(sorted(result.items()))


@cache
def roles() -> dict[str, Role]:
    """Every role by its id."""
    result: dict[str, Role] = {}
    for file in files():
        for one in _option(file, options_pb2.role):
            _once(result, one.id, Role(one.id, one.about, tuple(one.scope)))
    return dict(sorted(result.items()))


def _rpc(service: ServiceDescriptor, method: MethodDescriptor) -> Rpc:
    rule_ = _option(method, options_pb2.rpc)
    http = _option(method, annotations_pb2.http)
    verb = http.WhichOneof("pattern") or ""
    return Rpc(
        full_name=method.full_name,
        service=service.name,
        name=method.name,
        input=method.input_type,
        output=method.output_type,
        plane=options_pb2.Plane.Name(rule_.plane),
        scope=rule_.scope,
        kind=rule_.kind,
        author=options_pb2.Author.Name(rule_.author),
        always=rule_.always,
        unblockable=rule_.unblockable,
        carries=tuple(rule_.carries),
        urgent=rule_.urgent,
        passes=rule_.passes,
        needs_feedback=rule_.needs_feedback,
        unvouched=rule_.unvouched,
        http_verb=verb,
        http_path=getattr(http, verb) if verb else "",
        body=http.body,
        server_streaming=bool(method.server_streaming),
    )


@cache
def rpcs() -> dict[str, Rpc]:
    """Every RPC by its full name, such as onward.v1.Referrals.Decide."""
    services = [one for file in files() for one in file.services_by_name.values()]
    found = [_rpc(service, method) for service in services for method in service.methods]
    return {rpc.full_name: rpc for rpc in sorted(found, key=lambda rpc: rpc.full_name)}


@cache
def acts() -> dict[str, Rpc]:
    """The RPC of every act by its kind."""
    result: dict[str, Rpc] = {}
    for rpc in rpcs().values():
        if rpc.kind:
            _once(result, rpc.kind, rpc)
    return dict(sorted(result.items()))


@cache
def reasons() -> dict[str, ReasonInfo]:
    """Every reason by its name without the prefix REASON_."""
    result: dict[str, ReasonInfo] = {}
    for file in files():
        enum: EnumDescriptor | None = file.enum_types_by_name.get("Reason")
        for value in enum.values if enum else ():
            found = _option(value, options_pb2.reason)
            name = value.name.removeprefix("REASON_")
            if value.number:
                result[name] = ReasonInfo(name, found.http, found.grpc, found.text, found.retry)
    return result


def _same(one: FieldDescriptor, other: FieldDescriptor) -> bool:
    return (
        one.type == other.type
        and repeated(one) == repeated(other)
        and one.message_type is other.message_type
        and one.enum_type is other.enum_type
    )


@lru_cache(maxsize=256)
def act_fields(kind: str) -> ActFields:
    """Which state fields an entry of this kind may carry.

    A field of the request is carried if Entry has one of the same name and type. What every
    entry must have (author, seq, ...) is not state, even if a request names it too.
    """
    rpc = acts()[kind]
    entry = {
        name: field
        for name, field in messages()[f"{PACKAGE}.Entry"].fields_by_name.items()
        if not required(field)
    }
    if unknown := set(rpc.carries) - set(entry):
        raise ValueError(f"{rpc.full_name} carries what Entry lacks: {sorted(unknown)}")
    given = [
        field
        for field in rpc.input.fields
        if field.name in entry and _same(entry[field.name], field)
    ]
    names = tuple(field.name for field in given)
    return ActFields(
        given=names,
        required=tuple(field.name for field in given if required(field)),
        carried=names + tuple(name for name in rpc.carries if name not in names),
    )


@cache
def binds_parts(kind: str) -> bool:
    """Whether an act brings content: its request holds a record. No other act may bind parts."""
    return "record" in acts()[kind].input.fields_by_name


@cache
def state_fields() -> tuple[str, ...]:
    """Fields of Entry that at least one act carries: the others may stand in any entry."""
    carried = {name for kind in acts() for name in act_fields(kind).carried}
    return tuple(sorted(carried))
