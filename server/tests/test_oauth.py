"""The token endpoint: what it refuses, and each unsafe default of Authlib that it overrides."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from adapter_world import ALL, ANY_HEADER, ISSUER, KEY, World
from onward.core import jose
from onward.core.refused import Refused
from onward_server.adapters.oauth import Client, TokenEndpoint
from onward_server.adapters.oauth.endpoint import FORM


@pytest.fixture
def world() -> World:
    return World()


def refused(world: World, error: str, assertion: str | None = None, **form: Any) -> str:
    """Ask, check that it is refused so, and give the description."""
    response = world.ask(assertion, **form)
    assert response.body.get("error") == error, response
    assert response.status == (401 if error == "invalid_client" else 400)
    return str(response.body.get("error_description", ""))


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


def test_default_assertion_algorithms_are_overridden(world: World) -> None:
    rsa = RSAKey.generate_key(2048)
    world.clients["case-app"] = Client("case-app", (dict(rsa.as_dict(private=False)),), ALL)
    header = {"alg": "RS256", "kid": rsa.thumbprint()}
    refused(world, "invalid_client", world.assertion(header, key=rsa))
    # The public key of the client taken for a shared secret (RFC 8725, section 2.1).
    world = World()
    oct_key = OctKey.import_key(jose.b64(b"k" * 32))
    refused(world, "invalid_client", world.assertion({"alg": "HS256"}, key=oct_key))


def test_no_algorithm_is_refused(world: World) -> None:
    head, payload, _ = world.assertion().split(".")
    none = jose.b64(
        b'{"alg":"none","typ":"client-authentication+jwt","kid":"%s"}' % jose.kid(KEY).encode()
    )
    refused(world, "invalid_client", f"{none}.{payload}.")
    refused(world, "invalid_client", f"{head}.{payload}.")


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 24 * 3600},
        {"exp": 301},
        {"exp": 0},
        {"exp": -1},
        {"iat": 11, "exp": 60},
        {"nbf": 11},
    ],
    ids=str,
)
def test_default_assertion_times_are_overridden(world: World, changes: dict[str, int]) -> None:
    now = int(world.clock())
    moved = {name: now + seconds for name, seconds in changes.items()}
    refused(world, "invalid_client", world.assertion(**moved))


def test_a_clock_ten_seconds_ahead_is_borne(world: World) -> None:
    now = int(world.clock())
    assert world.ask(world.assertion(iat=now + 9, nbf=now + 9, exp=now + 60)).status == 200


@pytest.mark.parametrize("name", ["iss", "aud", "iat", "exp", "jti"])
def test_a_claim_that_is_missing_is_refused(world: World, name: str) -> None:
    refused(world, "invalid_client", world.assertion(**{name: None}))


def test_without_a_subject_nobody_is_found(world: World) -> None:
    refused(world, "invalid_client", world.assertion(sub=None))
    refused(world, "invalid_client", world.assertion(sub=["case-app"]))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other"},
        {"aud": [ISSUER]},
        {"aud": [ISSUER, "https://other.example"]},
        {"aud": f"{ISSUER}/oauth2/token"},
        {"aud": f"{ISSUER}/"},
        {"iat": "now"},
        {"exp": True},
        {"nbf": "now"},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 129},
    ],
    ids=str,
)
def test_default_claim_checks_are_overridden(world: World, changes: dict[str, Any]) -> None:
    refused(world, "invalid_client", world.assertion(**changes))


@pytest.mark.parametrize("typ", [None, "JWT", "dpop+jwt", "at+jwt", "Client-Authentication+JWT"])
def test_default_assertion_type_is_overridden(world: World, typ: str | None) -> None:
    refused(world, "invalid_client", world.assertion({"typ": typ}))


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c", "crit", "b64"])
def test_no_key_comes_in_a_header(world: World, name: str) -> None:
    forger = jose.new_key()
    value: Any = {
        "jwk": dict(forger.as_dict(private=False)),
        "x5c": ["AA=="],
        "crit": ["b64"],
        "b64": True,
    }.get(name, "https://forger.example/keys")
    header = {name: value, "kid": jose.kid(forger)}
    if name in ("crit", "b64"):
        head = jose.b64(
            b'{"alg":"ES256","typ":"client-authentication+jwt","kid":"x","%s":%s}'
            % (name.encode(), b'["b64"]' if name == "crit" else b"true")
        )
        _, payload, signature = world.assertion().split(".")
        refused(world, "invalid_client", f"{head}.{payload}.{signature}")
    else:
        refused(world, "invalid_client", world.assertion(header, key=forger))


def test_the_key_must_be_registered_by_that_client(world: World) -> None:
    other = jose.new_key()
    world.clients["other"] = Client("other", (dict(other.as_dict(private=False)),), ALL)
    refused(world, "invalid_client", world.assertion(key=other))
    refused(world, "invalid_client", world.assertion({"kid": jose.kid(other)}, key=other))
    refused(world, "invalid_client", world.assertion({"kid": None}))
    good = world.assertion({"kid": jose.kid(other)}, key=other, iss="other", sub="other")
    assert world.ask(good).status == 200


def test_an_unknown_client_and_a_foreign_key_are_answered_alike(world: World) -> None:
    unknown = refused(world, "invalid_client", world.assertion(iss="nobody", sub="nobody"))
    foreign = refused(world, "invalid_client", world.assertion(key=jose.new_key()))
    assert unknown == foreign


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "e30.e30.e30", "W10.W10.W10", "é.é.é"])
def test_what_is_no_assertion_is_refused(world: World, text: str) -> None:
    refused(world, "invalid_client", text or None, **({} if text else {"client_assertion": ""}))


def test_an_assertion_is_good_once(world: World) -> None:
    assertion = world.assertion()
    assert world.ask(assertion).status == 200
    assert "before" in refused(world, "invalid_client", assertion)
    # Kept until it ends, and only if everything else was right.
    assert list(world.seen.values()) == [int(world.clock()) + 60]
    refused(world, "invalid_client", world.assertion(aud="x", jti="fresh"))
    assert ("case-app", "fresh") not in world.seen


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
    "form",
    [
        {"client_assertion": None, "client_assertion_type": None, "client_id": "case-app"},
        {"client_assertion": None},
        {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
    ],
    ids=str,
)
def test_there_is_one_way_to_authenticate(world: World, form: dict[str, Any]) -> None:
    refused(world, "invalid_client", **form)


def test_the_client_id_given_beside_is_the_assertions(world: World) -> None:
    refused(world, "invalid_client", client_id="other")
    assert world.ask(client_id="case-app").status == 200


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
