"""REST: what is open to anybody: the token endpoint, metadata, health, and the pages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from adapter_world import World
from onward.core import spec
from onward_server.adapters import pages
from onward_server.adapters.oauth.endpoint import FORM
from rest_asking import send

ROOT = Path(__file__).resolve().parents[2]


def test_the_token_endpoint(world: World) -> None:
    headers = {"Content-Type": FORM}
    body = urlencode(world.form())
    response = send(world, "POST", "/oauth2/token", content=body, headers=headers)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["pragma"] == "no-cache"
    bearer = {"Authorization": f"Bearer {response.json()['access_token']}"}
    assert send(world, "GET", "/v1/referrals", headers=bearer).status_code == 200

    again = send(world, "POST", "/oauth2/token", content=body, headers=headers)
    assert again.status_code == 401
    assert again.json()["error"] == "invalid_client"
    assert again.headers["www-authenticate"] == "Bearer"

    body = urlencode(world.form())
    response = send(world, "POST", f"/oauth2/token?{body}", headers=headers)
    assert (response.status_code, response.json()) == (400, {"error": "invalid_request"})
    basic = {**headers, "Authorization": "Basic YTpi"}
    response = send(world, "POST", "/oauth2/token", content=body, headers=basic)
    assert (response.status_code, response.json()) == (400, {"error": "invalid_request"})
    response = send(world, "POST", "/oauth2/token", content=b"a" * 70_000, headers=headers)
    assert response.status_code == 413


def test_the_metadata_and_health_are_open(world: World) -> None:
    response = send(world, "GET", "/.well-known/oauth-authorization-server", headers={})
    assert response.json()["token_endpoint"] == "https://node.example/oauth2/token"
    assert send(world, "GET", "/healthz", headers={}).json() == {"status": "ok"}


def _bare(value: Any) -> Any:
    """A document without the words that descriptors do not hold."""
    if isinstance(value, dict):
        return {
            name: _bare(one)
            for name, one in value.items()
            if not (name in ("description", "summary") and isinstance(one, str))
        }
    return [_bare(one) for one in value] if isinstance(value, list) else value


def test_the_document_is_the_committed_one(world: World) -> None:
    served = send(world, "GET", "/openapi.json", headers={}).json()
    committed = json.loads((ROOT / "schemas/openapi.json").read_text())
    assert _bare(served) == _bare(committed)


def test_the_page_needs_nothing_from_outside(world: World) -> None:
    response = send(world, "GET", "/docs", headers={})
    text = response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"<(script|img|link|iframe|object|form|base)\b", text)
    assert not re.search(r"\b(src|style|on[a-z]+)=", text.replace(" content=", ""))
    assert all(link.startswith(("#", "/")) for link in re.findall(r'href="([^"]*)', text))
    assert "url(" not in text
    assert "@import" not in text
    for rpc in spec.rpcs().values():
        assert f'id="{rpc.service}.{rpc.name}"' in text
    for name in spec.reasons():
        assert f"<code>{name}</code>" in text
    targets = set(re.findall(r'id="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= targets


def test_what_the_page_shows_is_escaped() -> None:
    document = json.loads((ROOT / "schemas/openapi.json").read_text())
    document["tags"][0]["description"] = "<script>alert(1)</script>"
    assert "<script>" not in pages.render(document)
