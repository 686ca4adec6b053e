"""What proves a client and an actor, and what becomes of tokens."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from joserfc import jws

from onward import auth
from onward.core import jose
from onward.errors import Internal, NodeFailed, TokenRefused, TransportFailed
from onward.transports.http import HttpAnswer

NOW = 1_800_000_000.5
KEY = jose.new_key()
JSON = "application/json"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def made(
    clock: Clock | None = None, issuer: str = "https://node.a.example"
) -> auth.ClientCredentials:
    return auth.ClientCredentials(
        "case-software", KEY, issuer, ["referrals:read", "referrals:offer"], clock or Clock()
    )


def opened(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    public = jose.load_key(dict(KEY.as_dict(private=False)))
    checked = jws.deserialize_compact(token, public, algorithms=["ES256"])
    return dict(checked.headers()), json.loads(checked.payload)


def granted(token: str = "at.1", seconds: Any = 300, kind: str = "Bearer") -> HttpAnswer:
    body = {"access_token": token, "token_type": kind, "expires_in": seconds}
    return HttpAnswer(200, JSON, json.dumps(body).encode())


def test_the_client_assertion_is_what_the_node_asks_for() -> None:
    header, claims = opened(made().assertion())
    assert header == {
        "alg": "ES256",
        "typ": "client-authentication+jwt",
        "kid": KEY.thumbprint(),
    }
    assert len(claims.pop("jti")) >= 16
    assert claims == {
        "iss": "case-software",
        "sub": "case-software",
        "aud": "https://node.a.example",
        "iat": int(NOW),
        "exp": int(NOW) + 60,
    }


def test_the_request_is_a_form_with_a_new_assertion_each_time() -> None:
    credentials = made()
    first, second = credentials.request(), credentials.request()
    assert (first.verb, first.url) == ("POST", "https://node.a.example/oauth2/token")
    form = parse_qs((first.content or b"").decode(), strict_parsing=True)
    (assertion,) = form.pop("client_assertion")
    assert form == {
        "grant_type": ["client_credentials"],
        "client_assertion_type": ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
        "scope": ["referrals:read referrals:offer"],
    }
    again = parse_qs((second.content or b"").decode())["client_assertion"][0]
    assert opened(assertion)[1]["jti"] != opened(again)[1]["jti"]


@pytest.mark.parametrize(
    "issuer",
    ["http://node.a.example", "ftp://node.a.example", "https://", "https://a.example/?x=1"],
)
def test_an_issuer_that_is_not_https_is_refused(issuer: str) -> None:
    with pytest.raises(ValueError, match="address must"):
        made(issuer=issuer)


def test_a_token_is_used_until_shortly_before_its_end() -> None:
    clock = Clock()
    credentials = made(clock)
    assert credentials.cached() is None
    assert credentials.take(granted("at.1")) == "at.1"
    clock.now = NOW + 269
    assert credentials.cached() == "at.1"
    clock.now = NOW + 271
    assert credentials.cached() is None


def test_a_refused_token_is_forgotten_but_not_its_successor() -> None:
    credentials = made()
    credentials.take(granted("at.1"))
    credentials.take(granted("at.2"))
    credentials.forget("at.1")
    assert credentials.cached() == "at.2"
    credentials.forget("at.2")
    assert credentials.cached() is None


@pytest.mark.parametrize(
    "answer",
    [
        granted(kind="mac"),
        granted(seconds="300"),
        granted(seconds=True),
        granted(token="two words"),
        granted(token="line\r\nbreak"),
        granted(token=""),
        HttpAnswer(200, JSON, b"[]"),
        HttpAnswer(200, JSON, b"<html>"),
        HttpAnswer(200, JSON, b'{"access_token":"a","access_token":"b"}'),
        HttpAnswer(302, "text/html", b""),
    ],
)
def test_an_answer_that_is_no_token_is_none(answer: HttpAnswer) -> None:
    credentials = made()
    with pytest.raises(NodeFailed):
        credentials.take(answer)
    assert credentials.cached() is None


def test_refusals_and_failures_are_told_apart() -> None:
    credentials = made()
    with pytest.raises(TokenRefused) as caught:
        credentials.take(HttpAnswer(401, JSON, b'{"error": "invalid_client"}'))
    assert caught.value.code == "invalid_client"
    with pytest.raises(TransportFailed):
        credentials.take(HttpAnswer(503, "text/html", b""))
    body = json.dumps({"reason": "INTERNAL", "status": 500}).encode()
    with pytest.raises(Internal):
        credentials.take(HttpAnswer(500, "application/problem+json", body))


def test_threads_may_share_credentials() -> None:
    credentials = made()

    def work() -> None:
        for _ in range(200):
            token = credentials.cached() or credentials.take(granted())
            credentials.forget(token)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert credentials.cached() is None


def test_the_actor_is_signed_by_the_login() -> None:
    header, claims = opened(auth.Login("a.example", KEY, Clock()).assertion("u-17", "intake"))
    assert header["typ"] == jose.ACTOR
    assert claims == {
        "iss": "a.example",
        "aud": "a.example",
        "sub": "u-17",
        "role": "intake",
        "iat": int(NOW),
        "exp": int(NOW) + 300,
    }


def test_no_secret_is_shown() -> None:
    credentials = made()
    credentials.take(granted("at.secret"))
    login = auth.Login("a.example", KEY)
    secret = str(KEY.as_dict(private=True)["d"])
    shown = f"{credentials!r} {login!r} {credentials.request()!r} {granted('at.secret')!r}"
    assert secret not in shown
    assert "at.secret" not in shown
    assert "client_assertion" not in shown


def test_a_key_file_is_private_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "login.jwk"
    auth.save_key_file(path, KEY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert auth.load_key_file(path).as_dict(private=True) == KEY.as_dict(private=True)
    with pytest.raises(FileExistsError):
        auth.save_key_file(path, jose.new_key())


@pytest.mark.parametrize("content", ["", "[]", '{"kty": "oct", "k": "AA"}', "public"])
def test_a_file_without_a_private_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key.jwk"
    if content == "public":
        content = json.dumps(KEY.as_dict(private=False))
    path.write_text(content)
    with pytest.raises(ValueError, match="one P-256 private key"):
        auth.load_key_file(path)


def test_scopes_come_from_the_role() -> None:
    assert "referrals:offer" in auth.scopes_of("caseworker")
    assert "referrals:open" not in auth.scopes_of("intake")
    with pytest.raises(ValueError, match="no such role"):
        auth.scopes_of("director")
