"""An OpenAPI 3.1 document from the RPCs' routes, rules and messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from onward.core import spec
from onward.core.schema import TIMESTAMP, Builder, Schema, body_message, body_parts, must_stand

PREFIX = "#/components/schemas/"
PLANES = {"PLANE_LOCAL": "Local plane", "PLANE_PEER": "Peer plane"}
PROBLEM = "ProblemDetails"


def _parameter(field: FieldDescriptor, place: str, builder: Builder) -> Schema:
    message = field.message_type
    if message is not None and message.full_name != TIMESTAMP:
        raise ValueError(f"{field.full_name} can't stand in a path or a query")
    schema = builder.field(field)
    result: Schema = {
        "name": field.json_name,
        "in": place,
        "required": place == "path" or must_stand(field),
        "schema": schema,
    }
    if description := schema.pop("description", None):
        result["description"] = description
    return result


def path_template(rpc: spec.Rpc) -> str:
    """The route with its parameters by their JSON names."""
    path = rpc.http_path
    for name in rpc.path_fields:
        path = path.replace(f"{{{name}}}", f"{{{rpc.input.fields_by_name[name].json_name}}}")
    return path


def _parameters(rpc: spec.Rpc, builder: Builder) -> list[Schema]:
    fields = rpc.input.fields_by_name
    result = [_parameter(fields[name], "path", builder) for name in rpc.path_fields]
    if rpc.body != "*":
        elsewhere = {*rpc.path_fields, rpc.body}
        result += [
            _parameter(field, "query", builder)
            for field in rpc.input.fields
            if field.name not in elsewhere
        ]
    return result


def _body(rpc: spec.Rpc, builder: Builder) -> Schema | None:
    message = body_message(rpc)
    if message is None:
        return None
    if rpc.body == "*" and rpc.path_fields:
        # The path's fields are refused in the body, so the body is not the message itself.
        name = f"{message.name}Body"
        builder.defs[name] = body_parts(rpc, builder) or {}
        ref = {"$ref": PREFIX + name}
    else:
        ref = builder.ref(message)
    return {"required": True, "content": {"application/json": {"schema": ref}}}


def _answer(rpc: spec.Rpc, builder: Builder) -> Schema:
    ref = builder.ref(rpc.output)
    if rpc.server_streaming:
        stream = {"schema": {"type": "string", "x-onward-event": ref}}
        return {
            "description": "One message in each event.",
            "content": {"text/event-stream": stream},
        }
    return {"description": "Done.", "content": {"application/json": {"schema": ref}}}


def _operation(rpc: spec.Rpc, builder: Builder) -> Schema:
    result: Schema = {"operationId": f"{rpc.service}.{rpc.name}", "tags": [rpc.service]}
    if comment := builder.comments.get(rpc.full_name):
        result["summary"] = comment.partition(". ")[0].rstrip(".")
        result["description"] = comment
    if parameters := _parameters(rpc, builder):
        result["parameters"] = parameters
    if body := _body(rpc, builder):
        result["requestBody"] = body
    problem = {"schema": {"$ref": PREFIX + PROBLEM}}
    result["responses"] = {
        "200": _answer(rpc, builder),
        "default": {
            "description": "Refused.",
            "content": {"application/problem+json": problem},
        },
    }
    result["security"] = [{"oauth2": [rpc.scope]}] if rpc.scope else []
    result["x-onward-plane"] = rpc.plane
    if rpc.kind:
        result["x-onward-act"] = {"kind": rpc.kind, "author": rpc.author}
    return result


def _problem(builder: Builder) -> Schema:
    """RFC 9457 with the members of the message Problem."""
    texts = [f"{reason.name}: {reason.text}" for reason in spec.reasons().values()]
    result: Schema = {
        "type": "object",
        "description": "An error (RFC 9457). Holds no personal data.",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string"},
            "reason": {
                "type": "string",
                "enum": list(spec.reasons()),
                "description": "\n".join(texts),
            },
        },
        "required": ["type", "title", "status", "reason"],
    }
    message = spec.messages().get(f"{spec.PACKAGE}.Problem")
    for field in message.fields if message else []:
        if field.name != "reason":
            result["properties"][field.json_name] = builder.field(field)
    return result


def _scopes() -> dict[str, str]:
    """Every scope, and the calls that it allows."""
    found: dict[str, list[str]] = {}
    for rpc in spec.rpcs().values():
        if rpc.scope:
            found.setdefault(rpc.scope, []).append(f"{rpc.service}.{rpc.name}")
    return {scope: ", ".join(sorted(calls)) for scope, calls in sorted(found.items())}


def document(version: str, comments: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The OpenAPI document of both planes."""
    builder = Builder(comments, PREFIX)
    paths: dict[str, Schema] = {}
    services: dict[str, str] = {}
    for rpc in spec.rpcs().values():
        if not rpc.http_path or rpc.plane not in PLANES:
            continue
        services[rpc.service] = builder.comments.get(f"{spec.PACKAGE}.{rpc.service}", "")
        operations = paths.setdefault(path_template(rpc), {})
        if rpc.http_verb in operations:
            raise ValueError(f"{rpc.full_name} has the route of another RPC")
        operations[rpc.http_verb] = _operation(rpc, builder)
    builder.defs[PROBLEM] = _problem(builder)
    flow = {"tokenUrl": "/oauth2/token", "scopes": _scopes()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Onward",
            "version": version,
            "description": (
                "Referral of survivors of human trafficking between agencies. Generated from"
                " proto/, which is normative."
            ),
        },
        "tags": [{"name": name, "description": text} for name, text in sorted(services.items())],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(builder.defs.items())),
            "securitySchemes": {"oauth2": {"type": "oauth2", "flows": {"clientCredentials": flow}}},
        },
    }
