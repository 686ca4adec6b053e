"""Access tokens: what a call refuses, and each unsafe default of Authlib that it overrides."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from adapter_world import ANY_HEADER, ISSUER, KEY, World
from onward.core import jose
from onward.core.refused import Refused


def signed(
    world: World, header: dict[str, Any] | None = None, key: Any = KEY, **claims: Any
) -> str:
    """An Authorization header with a token of the node's own key, changed."""
    now = int(world.clock())
    fixed = {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": "case-app",
        "client_id": "case-app",
        "scope": "referrals:read",
        "iat": now,
        "exp": now + 300,
        "jti": "one",
    }
    kept = {name: value for name, value in (fixed | claims).items() if value is not None}
    head = {"alg": "ES256", "typ": "at+jwt"} | (header or {})
    head = {name: value for name, value in head.items() if value is not None}
    return "Bearer " + jwt.encode(head, kept, key, registry=ANY_HEADER, default_type=None)


def test_the_tokens_below_differ_in_one_thing_only(world: World) -> None:
    assert world.tokens.verify(signed(world)).scopes == {"referrals:read"}


@pytest.mark.parametrize(
    "header",
    [{"typ": None}, {"typ": "JWT"}, {"typ": "AT+JWT"}, {"typ": "onward-actor+jws"}],
    ids=str,
)
def test_default_token_type_check_is_overridden(world: World, header: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="TOKEN_INVALID"):
        world.tokens.verify(signed(world, header))


@pytest.mark.parametrize(
    "claims",
    [
        *(
            {name: None}
            for name in ("iss", "aud", "sub", "client_id", "scope", "iat", "exp", "jti")
        ),
        {"iss": "https://other.example"},
        {"aud": "https://other.example"},
        {"aud": [ISSUER]},
        {"sub": "other"},
        {"client_id": 7, "sub": 7},
        {"scope": ["referrals:read"]},
        {"exp": "later"},
        {"exp": 2**40},
        {"exp": True},
        {"iat": 2**40, "exp": 2**40 + 1},
        {"iat": 1, "exp": 2},
    ],
    ids=str,
)
def test_every_claim_of_a_token_is_checked(world: World, claims: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="TOKEN_INVALID"):
        world.tokens.verify(signed(world, **claims))


def test_a_token_of_another_key_or_algorithm_is_refused(world: World) -> None:
    forger = jose.new_key()
    secret = OctKey.import_key(jose.b64(b"k" * 32))
    own = signed(world)
    head, payload, signature = own.removeprefix("Bearer ").split(".")
    none = jose.b64(b'{"alg":"none","typ":"at+jwt"}')
    for header in (
        signed(world, key=forger),
        signed(world, {"jwk": dict(forger.as_dict(private=False))}, key=forger),
        signed(world, {"alg": "HS256"}, key=secret),
        f"Bearer {none}.{payload}.",
        f"Bearer {head}.{payload}.",
        f"Bearer {head}.{payload}.{signature[:-4]}AAAA",
        f"Bearer {head}.{payload}x.{signature}",
    ):
        with pytest.raises(Refused, match="TOKEN_INVALID"):
            world.tokens.verify(header)


@pytest.mark.parametrize(
    "shape",
    [
        "",
        "{}",
        "Basic {}",
        "DPoP {}",
        "Bearer",
        "Bearer  {}",
        " Bearer {}",
        "Bearer {} ",
        "Bearer {}, Bearer {}",
        "Bearer {}\n",
    ],
)
def test_the_header_is_bearer_and_one_token(world: World, shape: str) -> None:
    token = world.bearer().removeprefix("Bearer ")
    with pytest.raises(Refused, match="TOKEN_INVALID"):
        world.tokens.verify(shape.replace("{}", token))
    with pytest.raises(Refused, match="TOKEN_INVALID"):
        world.tokens.verify(None)
    assert world.tokens.verify(f"bearer {token}").client_id == "case-app"


def test_a_client_assertion_is_no_access_token(world: World) -> None:
    with pytest.raises(Refused, match="TOKEN_INVALID"):
        world.tokens.verify(f"Bearer {world.assertion()}")


def test_checked_tokens_are_remembered_up_to_a_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onward_server.adapters.oauth.tokens.CACHED", 2)
    checked: list[str] = []
    verifier = world.tokens._verifier
    check = verifier._check
    monkeypatch.setattr(verifier, "_check", lambda token: checked.append(token) or check(token))
    headers = [world.bearer("referrals:read") for _ in range(3)]
    for header in [*headers, headers[2], headers[1], headers[0]]:
        world.tokens.verify(header)
    assert len(checked) == 4
    assert len(verifier._known) == 2
    world.clock.ahead = 300
    with pytest.raises(Refused, match="TOKEN_INVALID"):
        world.tokens.verify(headers[0])
