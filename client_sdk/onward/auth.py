"""Who calls, and who acts: the client's tokens and the actor's assertions, without any I/O.

A client proves itself to its own node with its key (`private_key_jwt`, RFC 7523) and gets a
short-lived token. Who sits in front of it is a second, separate statement, signed by the
agency's own login.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from joserfc.jwk import ECKey

from onward.core import jose, parse, spec
from onward.core.refused import Refused
from onward.errors import NodeFailed, OnwardError, TokenRefused
from onward.transports.http import HttpAnswer, HttpRequest, checked_base, to_error

CLIENT_ASSERTION = "client-authentication+jwt"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_PATH = "/oauth2/token"

ASSERTION_SECONDS = 60
ACTOR_SECONDS = 300
EARLY_SECONDS = 30
"""A token is not used in its last seconds: it must still hold when it arrives."""

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,8192}=*")
_MAX_TOKEN_ANSWER = 64 * 1024

Clock = Callable[[], float]
"""Seconds since 1970."""


def scopes_of(role: str) -> tuple[str, ...]:
    """The scopes that an actor of this role can use. Raises ValueError for an unknown role."""
    if role not in spec.roles():
        raise ValueError("no such role")
    return spec.roles()[role].scopes


def load_key_file(path: str | os.PathLike[str]) -> ECKey:
    """Read a P-256 private key from a file that holds one JWK. Raises ValueError, which names the
    file.
    """
    try:
        data = json.loads(Path(path).read_bytes())
        key = jose.load_key(data) if isinstance(data, dict) and "d" in data else None
    except ValueError:
        key = None  # The error may quote the file.
    if key is None:
        raise ValueError(f"{os.fspath(path)}: the file must hold one P-256 private key as a JWK")
    return key


def save_key_file(path: str | os.PathLike[str], key: ECKey) -> None:
    """Write a private key as a JWK to a new file that only its owner can read.

    Raises FileExistsError rather than replace a key.
    """
    content = json.dumps(key.as_dict(private=True), sort_keys=True)
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="ascii") as file:
        file.write(content + "\n")


def _compact(claims: dict[str, Any]) -> bytes:
    return json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Login:
    """An agency's login: it says who acts. `key` is the one that the node knows it by."""

    agency: str
    key: ECKey = field(repr=False)
    clock: Clock = field(default=time.time, repr=False)

    def assertion(self, login_id: str, role: str) -> str:
        """A signed statement, for five minutes, that `login_id` acts in `role`."""
        now = int(self.clock())
        claims = {
            "iss": self.agency,
            "aud": self.agency,
            "sub": login_id,
            "role": role,
            "iat": now,
            "exp": now + ACTOR_SECONDS,
        }
        return jose.sign(_compact(claims), jose.ACTOR, self.key)


@dataclass
class ClientCredentials:
    """What gets a client its tokens, and the token it has. Threads may share it.

    `issuer` is the address of the node's authorization server, `scopes` are asked for by name.
    """

    client_id: str
    key: ECKey = field(repr=False)
    issuer: str
    scopes: Iterable[str]
    clock: Clock = field(default=time.time, repr=False)
    _token: str = field(default="", init=False, repr=False)
    _until: float = field(default=0.0, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        """Check what can be checked. Raises ValueError."""
        checked_base(self.issuer)
        self.scopes = tuple(self.scopes)

    def assertion(self) -> str:
        """A signed statement, for one minute and one use, that this client asks."""
        now = int(self.clock())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.issuer,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": secrets.token_urlsafe(16),
        }
        return jose.sign(_compact(claims), CLIENT_ASSERTION, self.key)

    def request(self) -> HttpRequest:
        """The request for a token, each time with an assertion of its own."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion(),
            "scope": " ".join(self.scopes),
        }
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "accept": "application/json",
        }
        url = checked_base(self.issuer) + TOKEN_PATH
        return HttpRequest("POST", url, (), headers, urlencode(form).encode())

    def cached(self) -> str | None:
        """The token, if there is one that will still hold when it arrives."""
        with self._lock:
            return self._token if self._token and self.clock() < self._until else None

    def take(self, answer: HttpAnswer) -> str:
        """Keep and give the token of an answer.

        Raises TokenRefused, TransportFailed, or NodeFailed for what can't be understood.
        """
        if answer.status != 200:
            raise _refusal(answer)
        found = _members(answer)
        token, seconds = found.get("access_token"), found.get("expires_in")
        if (
            not isinstance(token, str)
            or not _TOKEN.fullmatch(token)
            or type(seconds) is not int
            or str(found.get("token_type")).lower() != "bearer"
        ):
            raise NodeFailed
        with self._lock:
            self._token, self._until = token, self.clock() + seconds - EARLY_SECONDS
        return token

    def forget(self, token: str) -> None:
        """Drop a token that the node refused, unless another has taken its place."""
        with self._lock:
            if self._token == token:
                self._token = ""


def _members(answer: HttpAnswer) -> dict[str, Any]:
    try:
        value = parse.load(answer.content, max_bytes=_MAX_TOKEN_ANSWER)
    except Refused:
        value = None
    return value if isinstance(value, dict) else {}


def _refusal(answer: HttpAnswer) -> OnwardError:
    code = _members(answer).get("error")
    if 400 <= answer.status < 500 and isinstance(code, str):
        return TokenRefused(code)
    return to_error(answer)
