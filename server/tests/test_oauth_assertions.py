"""Assertions of clients: each unsafe default of Authlib is overridden, and each is good once."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey

from adapter_world import ALL, ISSUER, KEY, World, refused
from onward.core import jose
from onward_server.adapters.oauth import Client


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
