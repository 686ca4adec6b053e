"""Errors over HTTP: problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from google.protobuf.json_format import MessageToDict
from starlette.responses import Response

from onward.core.refused import Refused
from onward_server.adapters import errors

BASE = "https://onward.example/errors/"
MEDIA_TYPE = "application/problem+json"
# What a node answers is personal or secret more often than not: no cache may keep any of it.
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def type_uri(reason: str) -> str:
    """The problem type of a reason: STATE_CONFLICT ends in state-conflict."""
    return BASE + reason.lower().replace("_", "-")


def details(refused: Refused, status: int | None = None) -> dict[str, Any]:
    """The refusal as problem details. Without `status`, the reason's own is used."""
    info = errors.info(refused.reason)
    result: dict[str, Any] = {
        "type": type_uri(refused.reason),
        "title": info.text,
        "status": status or info.http,
        "reason": refused.reason,
    }
    if refused.pointer:
        result["pointer"] = refused.pointer
    if refused.expected:
        result["expected"] = refused.expected
    if refused.heads is not None:
        result["heads"] = MessageToDict(refused.heads)
    return result


def response(
    refused: Refused, status: int | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer to a call that is refused."""
    body = details(refused, status)
    extra = {**HEADERS, **(headers or {})}
    if body["status"] == 401:
        # RFC 9110, section 11.6.1: a 401 must name a scheme.
        extra["WWW-Authenticate"] = "Bearer"
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, body["status"], extra, MEDIA_TYPE)
