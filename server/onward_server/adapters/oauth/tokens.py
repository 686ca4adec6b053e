"""Access tokens (RFC 9068): made by Authlib's generator, verified strictly by ourselves.

Authlib's validator accepts a token without a type, which could be any other JWT of this key.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from onward.core.refused import Refused
from onward_server.service.access import Caller

TYPE = "at+jwt"
SECONDS = 300
"""Life of a token (SMART Backend Services, section 2.2)."""
SKEW = 10
CACHED = 10_000

# RFC 6750, section 2.1. The scheme's name has no case (RFC 9110, section 11.1).
_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] ([A-Za-z0-9._~+/-]{1,8192}=*)")


@dataclass(frozen=True)
class VerifiedToken:
    """Whose token it is, and when it ends (seconds)."""

    caller: Caller
    expires: float


class Generator(JWTBearerTokenGenerator):  # type: ignore[misc]
    """Signs access tokens of SECONDS for this node alone."""

    def __init__(self, issuer: str, key: ECKey, now: Callable[[], float]) -> None:
        super().__init__(issuer, alg="ES256", expires_generator=lambda client, grant: SECONDS)
        self._key = key
        self._now = now

    def get_jwks(self) -> ECKey:
        return self._key

    def get_audiences(self, client: Any, user: Any, scope: str) -> str:
        return str(self.issuer)

    def get_extra_claims(self, client: Any, grant: str, user: Any, scope: str) -> dict[str, int]:
        # The parent reads the system's clock; these replace what it read.
        now = int(self._now())
        return {"iat": now, "exp": now + SECONDS}


class Verifier:
    """Checks access tokens, and remembers those that it has checked until they end."""

    def __init__(self, issuer: str, key: ECKey, now: Callable[[], float]) -> None:
        self._issuer = issuer
        self._key = key
        self._now = now
        self._known: OrderedDict[bytes, VerifiedToken] = OrderedDict()
        self._lock = Lock()

    def verify(self, authorization: str | None) -> VerifiedToken:
        """The token of an Authorization header. Raises Refused TOKEN_INVALID, whatever is wrong."""
        match = _BEARER.fullmatch(authorization or "")
        if match is None:
            raise Refused("TOKEN_INVALID")
        token = match[1]
        # By hash, so that the process holds no usable token.
        name = hashlib.sha256(token.encode("ascii")).digest()
        with self._lock:
            found = self._known.get(name)
            if found is not None:
                self._known.move_to_end(name)
        if found is None:
            found = self._check(token)
            with self._lock:
                self._known[name] = found
                if len(self._known) > CACHED:
                    self._known.popitem(last=False)
        if self._now() >= found.expires:
            with self._lock:
                self._known.pop(name, None)
            raise Refused("TOKEN_INVALID")
        return found

    def _check(self, token: str) -> VerifiedToken:
        try:
            decoded = jwt.decode(token, self._key, algorithms=["ES256"])
        except (JoseError, ValueError, TypeError):
            raise Refused("TOKEN_INVALID") from None
        claims = decoded.claims
        issued, expires = claims.get("iat"), claims.get("exp")
        client, scope = claims.get("client_id"), claims.get("scope")
        fits = (
            decoded.header.get("typ") == TYPE
            and claims.get("iss") == self._issuer
            and claims.get("aud") == self._issuer
            and isinstance(client, str)
            and claims.get("sub") == client
            and isinstance(scope, str)
            and isinstance(claims.get("jti"), str)
        )
        if not fits or type(issued) is not int or type(expires) is not int:
            raise Refused("TOKEN_INVALID")
        if issued > self._now() + SKEW or not 0 < expires - issued <= SECONDS:
            raise Refused("TOKEN_INVALID")
        return VerifiedToken(Caller(str(client), frozenset(str(scope).split(" "))), expires)
