"""The token endpoint: what it gives, and what it refuses of a request."""

from __future__ import annotations

import logging
from urllib.parse import urlencode

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt

from adapter_world import ALL, ISSUER, KEY, World, refused
from onward.core.refused import Refused
from onward_server.adapters.oauth import TokenEndpoint
from onward_server.adapters.oauth.endpoint import FORM


def test_a_token_is_given_and_verifies(world: World) -> None:
    response = world.ask(scope="referrals:read referrals:offer")
    assert response.status == 200
    assert set(response.body) == {"access_token", "token_type", "expires_in", "scope"}
    assert response.body["token_type"] == "Bearer"
    caller = world.tokens.verify(f"Bearer {response.body['access_token']}")
    assert caller.client_id == "case-app"
    assert caller.scopes == {"referrals:read", "referrals:offer"}


def test_the_token_is_as_rfc_9068_has_it(world: World) -> None:
    token = jwt.decode(world.ask().body["access_token"], KEY, algorithms=["ES256"])
    assert token.header == {"alg": "ES256", "typ": "at+jwt"}
    assert set(token.claims) == {
        "iss",
        "aud",
        "sub",
        "client_id",
        "scope",
        "iat",
        "exp",
        "jti",
    }
    assert token.claims["iss"] == token.claims["aud"] == ISSUER
    assert token.claims["sub"] == token.claims["client_id"] == "case-app"


def test_default_token_life_of_ten_days_is_overridden(world: World) -> None:
    response = world.ask()
    assert response.body["expires_in"] == 300
    claims = jwt.decode(response.body["access_token"], KEY, algorithms=["ES256"]).claims
    assert claims["exp"] - claims["iat"] == 300
    world.clock.ahead = 301
    with pytest.raises(Refused, match="TOKEN_INVALID"):
        world.tokens.verify(f"Bearer {response.body['access_token']}")


def test_parameters_stand_once(world: World) -> None:
    body = urlencode([*world.form(), ("scope", "referrals:offer")]).encode()
    assert world.tokens.issue(FORM, body).body["error"] == "invalid_request"


@pytest.mark.parametrize("name", ["authorization_details", "resource", "audience", "client_secret"])
def test_what_would_be_ignored_is_refused(world: World, name: str) -> None:
    refused(world, "invalid_request", **{name: "[]"})


@pytest.mark.parametrize(
    "scope",
    [
        None,
        "",
        " ",
        "referrals",
        "referrals:*",
        "*",
        "referrals:read  referrals:offer",
        "referrals:read,referrals:offer",
        "Referrals:read",
        "referrals:read unknown:scope",
    ],
)
def test_a_scope_is_named_exactly(world: World, scope: str | None) -> None:
    refused(world, "invalid_scope", scope=scope)


def test_a_scope_beyond_the_client_is_refused_and_not_narrowed() -> None:
    world = World(scopes=frozenset({"referrals:read"}))
    refused(world, "invalid_scope", scope="referrals:read referrals:offer")
    assert world.ask(scope="referrals:read referrals:read").body["scope"] == "referrals:read"


@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "password", "username": "a", "password": "b"},
        {"grant_type": "authorization_code", "code": "x"},
        {"grant_type": "refresh_token", "refresh_token": "x"},
        {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "x"},
        {"grant_type": 'é"\\'},
    ],
    ids=str,
)
def test_there_is_one_grant(world: World, form: dict[str, str]) -> None:
    description = refused(world, "unsupported_grant_type", **form)
    assert form["grant_type"] not in description


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("", b"grant_type=client_credentials"),
        (FORM, b""),
        (FORM, b"grant_type"),
        (FORM, b"grant_type=%ff"),
        (FORM, b"\xff=a"),
        (FORM, b"grant_type="),
        (FORM, b"&".join(b"a%d=1" % number for number in range(33))),
        (FORM, b"a=" + b"x" * 70_000),
    ],
    ids=str,
)
def test_what_is_no_form_is_refused(world: World, content_type: str, body: bytes) -> None:
    response = world.tokens.issue(content_type, body[:70_100])
    assert (response.status, response.body["error"]) == (400, "invalid_request")


def test_no_token_and_no_assertion_is_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    assert logging.getLogger("authlib").level >= logging.INFO
    # Also where somebody turns the pinned logger up again.
    for logger in (None, "authlib", "joserfc"):
        caplog.set_level(logging.DEBUG, logger)
    good, bad = world.assertion(), world.assertion(aud="x")
    token = world.ask(good).body["access_token"]
    world.ask(bad)
    world.tokens.verify(f"Bearer {token}")
    for secret in (good, bad, token):
        assert secret not in caplog.text
        assert secret.rpartition(".")[2] not in caplog.text


def test_the_logger_is_pinned_again_by_every_endpoint() -> None:
    logging.getLogger("authlib").setLevel(logging.DEBUG)
    World()
    assert logging.getLogger("authlib").level == logging.INFO


@pytest.mark.parametrize(
    "issuer", ["http://node.example", "https://node.example/", "https://node.example?a", "node"]
)
def test_the_issuer_is_https_and_bare(issuer: str) -> None:
    with pytest.raises(ValueError, match="issuer"):
        TokenEndpoint(issuer, KEY, {}.get, lambda *told: True, lambda: 0)


def test_an_issuer_on_this_machine_may_be_http() -> None:
    endpoint = TokenEndpoint("http://127.0.0.1:8000", KEY, {}.get, lambda *told: True, lambda: 0)
    assert endpoint.metadata()["token_endpoint"] == "http://127.0.0.1:8000/oauth2/token"


def test_the_metadata_are_as_rfc_8414_has_them(world: World) -> None:
    metadata = world.tokens.metadata()
    AuthorizationServerMetadata(metadata).validate_token_endpoint()
    AuthorizationServerMetadata(metadata).validate_issuer()
    assert metadata["grant_types_supported"] == ["client_credentials"]
    assert set(metadata["scopes_supported"]) == ALL
