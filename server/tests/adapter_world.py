"""A node that only remembers, and a client of it: what the adapters' tests stand on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from joserfc import jws
from joserfc.jwk import ECKey

from onward.core import jose, spec
from onward.core.refused import Refused
from onward.v1 import referral_pb2
from onward_server.adapters.oauth import Client, TokenEndpoint, TokenResponse
from onward_server.adapters.oauth.endpoint import FORM
from onward_server.service import access

WRITE = {"requestId": "request-0001", "purpose": "service_delivery", "actor": "e30.e30.c2ln"}
ISSUER = "https://node.example"
KEY = jose.new_key()
CLIENT_KEY = jose.new_key()
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALL = frozenset(rpc.scope for rpc in spec.rpcs().values() if rpc.scope)


class Node:
    """The seam that the adapters use. It authorises, remembers the call and answers."""

    agency = "shelter.example"
    environment = "test"

    def __init__(self) -> None:
        self.calls: list[tuple[str, Message, access.Caller | None]] = []
        self.answer: Callable[[spec.Rpc, Message], Message] | None = None
        self.log: list[referral_pb2.Event] = []
        self.wakes: list[Callable[[], None]] = []
        self.threads: set[int] = set()
        self.looked = threading.Event()

    def call(self, rpc: spec.Rpc, request: Message, caller: access.Caller | None) -> Message:
        self.threads.add(threading.get_ident())
        if rpc.plane == "PLANE_LOCAL":
            access.authorise(rpc, caller)
        self.calls.append((rpc.full_name, request, caller))
        return self.answer(rpc, request) if self.answer else GetMessageClass(rpc.output)()

    def events(self, after: str, limit: int) -> list[referral_pb2.Event]:
        cursors = [event.cursor for event in self.log]
        if after and after not in cursors:
            raise Refused("INVALID_FIELD", "/cursor")
        start = cursors.index(after) + 1 if after else 0
        return self.log[start : start + limit]

    def newest_cursor(self) -> str:
        newest = self.log[-1].cursor if self.log else ""
        self.looked.set()
        return newest

    def subscribe(self, wake: Callable[[], None]) -> Callable[[], None]:
        self.wakes.append(wake)
        return lambda: self.wakes.remove(wake)

    def commit(self, kind: str = "entry") -> None:
        """Something happens."""
        number = len(self.log) + 1
        self.log.append(
            referral_pb2.Event(cursor=f"c{number}", kind=kind, referral_id=f"referral-{number:04}")
        )
        for wake in list(self.wakes):
            wake()


class Clock:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.stopped: float | None = None
        """Where it stands still; by itself it goes on."""

    def __call__(self) -> float:
        return (time.time() if self.stopped is None else self.stopped) + self.ahead


class World:
    """A token endpoint with one client, `case-app`."""

    def __init__(self, scopes: frozenset[str] = ALL) -> None:
        self.clock = Clock()
        self.seen: dict[tuple[str, str], int] = {}
        public = CLIENT_KEY.as_dict(private=False)
        self.clients = {"case-app": Client("case-app", (dict(public),), scopes)}
        self.tokens = TokenEndpoint(ISSUER, KEY, self.clients.get, self._remember, self.clock)
        self.node = Node()
        self.count = 0

    def _remember(self, client: str, jti: str, expires: int) -> bool:
        if (client, jti) in self.seen:
            return False
        self.seen[client, jti] = expires
        return True

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Good claims of an assertion; None leaves one out."""
        now = int(self.clock())
        self.count += 1
        claims = {
            "iss": "case-app",
            "sub": "case-app",
            "aud": ISSUER,
            "iat": now,
            "exp": now + 60,
            "jti": f"jti-{self.count}",
        }
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def assertion(
        self, header: dict[str, Any] | None = None, key: ECKey = CLIENT_KEY, **changes: Any
    ) -> str:
        """A signed assertion, with the header and claims changed."""
        fixed = {"alg": "ES256", "typ": "client-authentication+jwt", "kid": jose.kid(CLIENT_KEY)}
        head = {name: value for name, value in (fixed | (header or {})).items() if value}
        return jws.serialize_compact(
            head, json.dumps(self.claims(**changes)), key, registry=ANY_HEADER
        )

    def form(self, assertion: str | None = None, **changes: Any) -> list[tuple[str, str]]:
        """The parameters of a good token request; None leaves one out."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion or self.assertion(),
            "scope": "referrals:read",
        }
        return [(name, value) for name, value in (form | changes).items() if value is not None]

    def ask(self, assertion: str | None = None, **changes: Any) -> TokenResponse:
        """A token request."""
        return self.tokens.issue(FORM, urlencode(self.form(assertion, **changes)).encode())

    def bearer(self, *scopes: str) -> str:
        """An Authorization header with these scopes, or all."""
        response = self.ask(scope=" ".join(scopes or sorted(ALL)))
        return f"Bearer {response.body['access_token']}"


ANY_HEADER = jws.JWSRegistry(algorithms=["ES256", "HS256", "RS256"], strict_check_header=False)


def refused(world: World, error: str, assertion: str | None = None, **form: Any) -> str:
    """Ask for a token, check that it is refused so, and give the description."""
    response = world.ask(assertion, **form)
    assert response.body.get("error") == error, response
    assert response.status == (401 if error == "invalid_client" else 400)
    return str(response.body.get("error_description", ""))
