"""Clients of the node's own API, and how one proves to be who it says: private_key_jwt.

RFC 7523 as narrowed by FAPI 2.0 (section 5.3.2.1) and RFC 10070: ES256 only, of its own type,
for this issuer only, short, and once. Authlib's defaults are wider in each of these.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin, InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from onward.core import jose, parse
from onward.core.refused import Refused

AUTH_METHOD = "private_key_jwt"
TYPE = "client-authentication+jwt"
MAX_SECONDS = 300
"""Longest life of an assertion, in seconds."""
SKEW = 10
"""How far a client's clock may be ahead, in seconds (FAPI 2.0, section 5.3.2.1)."""
MAX_JTI = 128

UNPROVEN = "The client is unknown, or its assertion is not signed with a key that it registered."

RememberJti = Callable[[str, str, int], bool]
"""Keeps (client, jti) until a time in seconds; False if it is kept already."""


@dataclass(frozen=True)
class Client:
    """A client that the agency has registered: its public keys (JWK), and what it may ask for."""

    client_id: str
    keys: tuple[dict[str, Any], ...]
    scopes: frozenset[str]


class Registered(ClientMixin):  # type: ignore[misc]
    """A client as Authlib asks about it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def __repr__(self) -> str:
        return "<client>"

    def get_client_id(self) -> str:
        return self.client.client_id

    def get_allowed_scope(self, scope: str) -> str | None:
        """All of the scope or, where one of it is not the client's, none (None is an error)."""
        asked = scope.split(" ")
        return " ".join(dict.fromkeys(asked)) if self.client.scopes.issuperset(asked) else None

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == AUTH_METHOD

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"

    def keys(self) -> KeySet:
        """Its P-256 keys, under the id that they were registered with, or else their thumbprint."""
        return KeySet([key for data in self.client.keys if (key := _key(data)) is not None])


def _key(data: dict[str, Any]) -> ECKey | None:
    public: dict[str, Any] = {name: data[name] for name in ("kty", "crv", "x", "y") if name in data}
    try:
        key = jose.load_key(public)
    except ValueError:
        return None  # A key that ES256 can't use is none.
    return ECKey.import_key({**public, "kid": data.get("kid") or jose.kid(key)})


class ClaimsRefused(InvalidClientError):  # type: ignore[misc]
    """The signature is the client's, so the answer may say what else is wrong."""


def _number(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ClaimsRefused(description=f"The assertion needs {name}, a number of seconds.")
    return value


class ClientAssertion(JWTBearerClientAssertion):  # type: ignore[misc]
    """Authenticates a client at the token endpoint by a JWT that it has signed."""

    CLIENT_AUTH_METHOD = AUTH_METHOD

    def __init__(self, issuer: str, remember_jti: RememberJti, now: Callable[[], float]) -> None:
        super().__init__(validate_jti=True, leeway=0)
        self._issuer = issuer
        self._remember_jti = remember_jti
        self._now = now

    def __call__(self, query_client: Callable[[str], Registered | None], request: Any) -> Any:
        try:
            client = super().__call__(query_client, request)
        except ClaimsRefused:
            raise
        except InvalidClientError:
            # An unknown client, a foreign key and a bad signature are answered alike.
            raise InvalidClientError(description=UNPROVEN) from None
        # RFC 7521, section 4.2.
        if client and request.form.get("client_id", client.get_client_id()) != (
            client.get_client_id()
        ):
            raise ClaimsRefused(description="client_id is not that of the assertion.")
        return client

    def extract_assertion(self, assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and claims, not verified yet. Only `sub` is taken from them, to find the client.

        A header with anything but alg, typ and kid is refused: with it every way to bring a key
        along (jwk, jku, x5c, x5u).
        """
        try:
            head, payload, _ = assertion.split(".")
            header, claims = (parse.load(jose.unb64(text)) for text in (head, payload))
        except (Refused, ValueError):
            raise InvalidClientError(description=UNPROVEN) from None
        if not isinstance(header, dict) or not isinstance(claims, dict):
            raise InvalidClientError(description=UNPROVEN)
        fixed = {"alg": "ES256", "typ": TYPE, "kid": header.get("kid")}
        if header != fixed or not isinstance(header["kid"], str):
            raise InvalidClientError(description=UNPROVEN)
        return header, claims

    def resolve_client_public_key(self, client: Registered) -> KeySet:
        return client.keys()

    def process_assertion_claims(self, assertion: str, resolve_key: KeySet) -> dict[str, Any]:
        """The claims, once the signature is checked with the client's own key and they hold."""
        try:
            token = jwt.decode(assertion, resolve_key, algorithms=["ES256"])
        except (JoseError, ValueError):
            raise InvalidClientError(description=UNPROVEN) from None
        self.verify_claims(token.claims)
        return token.claims

    def verify_claims(self, claims: dict[str, Any]) -> None:
        """Raise ClaimsRefused unless the claims are as RFC 10070 and FAPI 2.0 have them."""
        now = self._now()
        if claims.get("iss") != claims["sub"]:
            raise ClaimsRefused(description="iss and sub of the assertion must be the client id.")
        if claims.get("aud") != self._issuer:
            raise ClaimsRefused(description="aud of the assertion must be the issuer, as a string.")
        issued, expires = _number(claims, "iat"), _number(claims, "exp")
        if issued > now + SKEW or ("nbf" in claims and _number(claims, "nbf") > now + SKEW):
            raise ClaimsRefused(description="The assertion is not valid yet. Check the clock.")
        if expires <= now:
            raise ClaimsRefused(description="The assertion has expired.")
        if expires - issued > MAX_SECONDS:
            raise ClaimsRefused(description=f"The assertion lives over {MAX_SECONDS} seconds.")
        jti = claims.get("jti")
        if not isinstance(jti, str) or not 0 < len(jti) <= MAX_JTI:
            raise ClaimsRefused(description="The assertion needs jti, a random string.")
        if not self._remember_jti(claims["sub"], jti, math.ceil(expires)):
            raise ClaimsRefused(description="The assertion was used before.")
