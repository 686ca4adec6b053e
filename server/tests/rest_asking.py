"""Requests over REST to the application in this process, and the reasons that it answers."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

from adapter_world import World
from onward.core import spec
from onward_server.adapters.rest import rest_app


def send(world: World, method: str, path: str, **given: Any) -> httpx.Response:
    """One request, with a token of every scope unless headers say otherwise."""

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(rest_app(world.node, world.tokens))
        async with httpx.AsyncClient(transport=transport, base_url="https://node.example") as http:
            return await http.request(method, path, **given)

    given.setdefault("headers", {"Authorization": world.bearer()})
    return asyncio.run(go())


def post(world: World, path: str, body: Any, **given: Any) -> httpx.Response:
    """A POST of JSON: a value, or bytes as they are."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Authorization": world.bearer()}
    return send(world, "POST", path, content=raw, headers=headers | given)


def reason(response: httpx.Response) -> tuple[str, str]:
    """The reason and the pointer of a problem, whose form is checked."""
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["type"].startswith("https://onward.example/errors/")
    assert body["title"] == spec.reasons()[body["reason"]].text
    assert set(body) <= {"type", "title", "status", "reason", "pointer", "heads", "expected"}
    return body["reason"], body.get("pointer", "")
