"""The token endpoint (RFC 6749, section 4.4) on Authlib's server core."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from authlib.common.security import is_secure_transport
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidClientError,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from joserfc.jwk import ECKey

from onward.core import spec
from onward_server.adapters.oauth.clients import (
    AUTH_METHOD,
    Client,
    ClientAssertion,
    Registered,
    RememberJti,
)
from onward_server.adapters.oauth.tokens import Generator, VerifiedToken, Verifier
from onward_server.service.access import Caller

PATH = "/oauth2/token"
MAX_BODY = 64 * 1024
FORM = "application/x-www-form-urlencoded"

# Authlib would ignore these and answer a token that is wider than what was asked for.
_REFUSED = ("authorization_details", "resource", "audience", "client_secret")


@dataclass(frozen=True)
class TokenResponse:
    """The answer of the token endpoint: a status, and what goes into its JSON."""

    status: int
    body: dict[str, Any]


class _Request(OAuth2Request):  # type: ignore[misc]
    def __init__(self, uri: str, form: dict[str, str]) -> None:
        super().__init__("POST", uri)
        self._form = form
        self.payload = BasicOAuth2Payload(form)

    @property
    def form(self) -> dict[str, str]:
        return self._form


class _Grant(ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = (AUTH_METHOD,)

    def create_token_response(self) -> tuple[int, dict[str, Any], Any]:
        # The parent writes the token itself into its debug log.
        token = self.generate_token(scope=self.request.payload.scope, include_refresh_token=False)
        return 200, token, self.TOKEN_RESPONSE_HEADER


class _Server(AuthorizationServer):  # type: ignore[misc]
    def __init__(self, uri: str, clients: Callable[[str], Client | None]) -> None:
        super().__init__(scopes_supported=scopes())
        self._uri = uri
        self._clients = clients

    def query_client(self, client_id: str) -> Registered | None:
        client = self._clients(client_id)
        return None if client is None else Registered(client)

    def validate_requested_scope(self, scope: str | None) -> None:
        # The parent takes no scope for any scope.
        if not scope or not set(self.scopes_supported).issuperset(scope.split(" ")):
            raise InvalidScopeError()

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: dict[str, str]) -> _Request:
        return _Request(self._uri, request)

    def handle_response(self, status: int, body: dict[str, Any], headers: Any) -> TokenResponse:
        return TokenResponse(status, dict(body))

    def handle_error_response(self, request: Any, error: OAuth2Error) -> TokenResponse:
        # Not error(): some of Authlib's descriptions repeat what the caller sent.
        body = {"error": error.error}
        if error.description:
            body["error_description"] = error.description
        return TokenResponse(401 if isinstance(error, InvalidClientError) else 400, body)


def scopes() -> list[str]:
    """Every scope of the specification."""
    return sorted({rpc.scope for rpc in spec.rpcs().values() if rpc.scope})


def _form(content_type: str, body: bytes) -> dict[str, str]:
    """The parameters, each once (RFC 6749, section 3.2). Raises InvalidRequestError."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise InvalidRequestError("The body must be a form.")
    if len(body) > MAX_BODY:
        raise InvalidRequestError("The body is too large.")
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=32,
        )
    except ValueError:
        raise InvalidRequestError("The body must be a form.") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise InvalidRequestError("A parameter stands twice.")
    if refused := [name for name in _REFUSED if name in form]:
        raise InvalidRequestError(f"This server does not take {refused[0]}.")
    # A parameter without a value is as if it were not there (the same section).
    given = {name: value for name, value in form.items() if value}
    if "grant_type" not in given:
        raise InvalidRequestError("grant_type is missing.")
    return given


class TokenEndpoint:
    """Gives access tokens to the agency's own clients, and checks them.

    `clients` finds a client by its id. `remember_jti` must keep what it is told in the database,
    since another process may see the same assertion again. Raises ValueError for an issuer that
    is neither https nor on this machine.
    """

    def __init__(
        self,
        issuer: str,
        signing_key: ECKey,
        clients: Callable[[str], Client | None],
        remember_jti: RememberJti,
        now: Callable[[], float],
    ) -> None:
        parts = urlsplit(issuer)
        if not is_secure_transport(issuer) or parts.query or parts.fragment or parts.path:
            raise ValueError("the issuer must be https://host, or http on this machine")
        # Its debug log holds assertions' errors and, in other grants, tokens in clear.
        logger = logging.getLogger("authlib")
        logger.setLevel(max(logging.INFO, logger.level))
        self.issuer = issuer
        self.now = now
        self._verifier = Verifier(issuer, signing_key, now)
        self._server = _Server(issuer + PATH, clients)
        assertion = ClientAssertion(issuer, remember_jti, now)
        self._server.register_client_auth_method(AUTH_METHOD, assertion)
        self._server.register_token_generator("default", Generator(issuer, signing_key, now))
        self._server.register_grant(_Grant)

    def issue(self, content_type: str, body: bytes) -> TokenResponse:
        """Answer a token request; a refusal is in the form of RFC 6749, section 5.2. Blocks."""
        try:
            form = _form(content_type, body)
            response: TokenResponse = self._server.create_token_response(form)
        except OAuth2Error as error:
            response = self._server.handle_error_response(None, error)
        return response

    def verified(self, authorization: str | None) -> VerifiedToken:
        """The token in an Authorization header. Raises Refused TOKEN_INVALID."""
        return self._verifier.verify(authorization)

    def verify(self, authorization: str | None) -> Caller:
        """Whose token the Authorization header holds. Raises Refused TOKEN_INVALID."""
        return self.verified(authorization).caller

    def metadata(self) -> dict[str, Any]:
        """The authorization server's metadata (RFC 8414, section 2)."""
        return {
            "issuer": self.issuer,
            "token_endpoint": self.issuer + PATH,
            "scopes_supported": scopes(),
            "response_types_supported": [],
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": [AUTH_METHOD],
            "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
        }
