"""The specification's local plane over REST, for targets that have it: tokens, actors, routes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from google.protobuf.descriptor import MethodDescriptor

from google.api import annotations_pb2
from onward.v1 import options_pb2
from onward_conformance.fetch import Fetcher, FetchError
from onward_conformance.hands import NoHands, Refusal, bare
from onward_conformance.jose import Key, b64, compact, sign
from onward_conformance.network import Json
from onward_conformance.referral import identifier
from onward_conformance.said import told
from onward_conformance.shape import files, option

SECONDS = 30.0
"""A call that takes longer is answered nothing."""

LOOKS = 3
"""So often a referral is looked at for one act: the other agency may write between look and act."""

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

NO_TOKEN = "no token from the local plane, see [local] in target.toml"


@dataclass(frozen=True)
class Route:
    """Where a call is over REST."""

    method: MethodDescriptor
    verb: str
    path: str
    body: bool
    scope: str
    kind: str
    unblockable: bool
    fields: frozenset[str]


def routes() -> dict[str, Route]:
    """All calls of the local plane, by names such as Referrals.Decide."""
    found = {}
    for method in methods():
        http, rule = option(method, annotations_pb2.http), option(method, options_pb2.rpc)
        verb = http.WhichOneof("pattern")
        found[f"{method.containing_service.name}.{method.name}"] = Route(
            method, verb, getattr(http, verb), bool(http.body), rule.scope, rule.kind,
            rule.unblockable, frozenset(one.json_name for one in method.input_type.fields),
        )  # fmt: skip
    return found


def methods() -> Iterator[MethodDescriptor]:
    """All calls of the local plane."""
    for file in files():
        for service in file.services_by_name.values():
            for method in service.methods:
                if option(method, options_pb2.rpc).plane == options_pb2.PLANE_LOCAL:
                    yield method


def roles() -> dict[str, list[str]]:
    """What a person of each role may do."""
    return {one.id: sorted(one.scope) for file in files() for one in option(file, options_pb2.role)}


@dataclass
class LocalPlane:
    """Fulfils Hands over the REST interface at `address`.

    `client_key` is that of the client `client_id`; `login_key` signs who acts: somebody in the
    role `role`, and where that can't do something, in one that can.
    """

    address: str
    agency: str
    client_id: str
    client_key: Key
    login_key: Key
    role: str = "caseworker"
    actor: str = "conformance"
    specified: bool = True

    def __post_init__(self) -> None:
        self._http = Fetcher(self.address, SECONDS)
        self._routes = routes()
        self._tokens: dict[str, tuple[str, float]] = {}
        self._roles = roles()

    @classmethod
    def load(cls, folder: Path, agency: str, said: Json) -> LocalPlane:
        """From the table `[local]` of target.toml. Raises KeyError, OSError, ValueError."""
        client, login = (
            Key.load((folder / said[name]).read_text()) for name in ("client_key", "login_key")
        )
        return cls(said["rest"], agency, said["client_id"], client, login)

    def call(self, name: str, request: Json, person: str = "") -> Json:
        """What the node answers. Raises Refusal, or NoHands."""
        route = self._routes[name]
        write = request.get("write", {})
        looked = bool(route.kind) and "referralId" in request and "expectedHeads" not in write
        looks = LOOKS if looked else 1
        while True:
            said, looks = dict(request), looks - 1
            if "write" in route.fields:
                heads = self._heads(request["referralId"]) if looked else {}
                said["write"] = self._write(route, person) | heads | write
            try:
                return told(self._send(name, route, said), route.method.output_type)
            except Refusal as fault:
                if not looks or fault.reason != "HEADS_CHANGED":
                    raise

    def _role(self, route: Route) -> str:
        able = [name for name, scopes in self._roles.items() if route.scope in scopes]
        return self.role if self.role in able else next(iter(able), self.role)

    def _write(self, route: Route, person: str) -> Json:
        return {
            "requestId": identifier(), "purpose": "service_delivery",
            "actor": self._assertion(person or self.actor, self._role(route)),
        }  # fmt: skip

    def _heads(self, referral: str) -> Json:
        """What somebody who acts now is looking at."""
        found = self.call("Referrals.GetReferral", {"referralId": referral})
        return {"expectedHeads": found["heads"]}

    def _send(self, name: str, route: Route, said: Json) -> Json:
        path = route.path
        for member in list(said):
            place = "{" + _snake(member) + "}"
            if place in path:
                path = path.replace(place, str(said.pop(member)))
        more: dict[str, Any] = {"json": said} if route.body else {"params": said}
        headers = {"authorization": f"Bearer {self._bearer(self._role(route))}"}
        try:
            came = self._http.ask(route.verb.upper(), path, headers=headers, **more)
        except FetchError as fault:
            raise NoHands(f"{name} over the local plane: {fault}") from None
        if came.status != httpx.codes.OK:
            raise Refusal(bare(str(told(came.said).get("reason", ""))))
        answer: Json = came.said
        return answer

    def _bearer(self, role: str) -> str:
        token, until = self._tokens.get(role, ("", 0.0))
        if time.time() < until:
            return token
        claims = {
            "iss": self.client_id, "sub": self.client_id, "aud": self.address,
            "jti": b64(compact(identifier())), **_life(),
        }  # fmt: skip
        form = {
            "grant_type": "client_credentials", "client_assertion_type": ASSERTION,
            "client_assertion": sign(
                compact(claims), "client-authentication+jwt", self.client_key
            ),
            "scope": " ".join(self._roles[role]),
        }  # fmt: skip
        try:
            came = self._http.ask("POST", "/oauth2/token", data=form)
        except FetchError as fault:
            raise NoHands(f"{NO_TOKEN}: {fault}") from None
        try:
            answer = came.said
            until = time.time() + float(answer["expires_in"]) - 30
            self._tokens[role] = (str(answer["access_token"]), until)
        except (ValueError, KeyError, TypeError):
            raise NoHands(f"{NO_TOKEN}: status {came.status}") from None
        return self._tokens[role][0]

    def _assertion(self, actor: str, role: str) -> str:
        claims = {"iss": self.agency, "aud": self.agency, "sub": actor, "role": role, **_life()}
        return sign(compact(claims), "onward-actor+jws", self.login_key)

    def close(self) -> None:
        """End the connection."""
        self._http.close()


def _life() -> Json:
    """From when and until when an assertion holds: also where the target's clock is off by as much
    as between nodes.
    """
    here = int(time.time())
    return {"iat": here - 60, "exp": here + 180}


def _snake(name: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name)
