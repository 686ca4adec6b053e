"""A node that the suite plays for a client under test: its local plane, without a transport.

It answers well unless a check has said otherwise, and looks at everything that the client sends.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

from onward.v1 import errors_pb2, options_pb2
from onward_conformance.jose import Bad, Key, sha256, verify
from onward_conformance.local import Route, routes
from onward_conformance.network import Json
from onward_conformance.referral import identifier
from onward_conformance.results import Failed, spelled
from onward_conformance.said import Row, claims, told
from onward_conformance.shape import fault, message, option

CLIENT = "conformance-client"
AGENCY = "agency.conformance.example"
OTHER = "partner.conformance.example"

LATEST = 2**40
"""Seconds since 1970 beyond which nothing is a time."""


@dataclass
class Reply:
    """One answer, before a transport writes it."""

    body: Json | bytes = field(default_factory=dict)
    """The message as JSON; bytes are written as they are (REST only)."""
    reason: str = ""
    """Of a problem."""
    status: int = 200
    """Over REST, where it is not that of the reason."""
    location: str = ""
    """Where a redirect leads (REST only)."""
    cut: bool = False
    """The connection ends without an answer."""
    more: Json = field(default_factory=dict)
    """Further members of the problem."""


@dataclass(frozen=True)
class Asked:
    """One call as the client sent it."""

    name: str
    request: Json
    token: str


def problem(reason: str) -> Json:
    """The problem details of a reason, from the options of the specification."""
    from_enum = errors_pb2.DESCRIPTOR.enum_types_by_name["Reason"]
    value = from_enum.values_by_name[f"REASON_{reason}"]
    rule = option(value, options_pb2.reason)
    slug = reason.lower().replace("_", "-")
    return {
        "type": f"https://onward.example/errors/{slug}", "title": rule.text, "status": rule.http,
        "reason": f"REASON_{reason}", "grpc": rule.grpc,
    }  # fmt: skip


def transient(reason: str) -> bool:
    """Whether the same request may be sent again after this reason."""
    value = errors_pb2.DESCRIPTOR.enum_types_by_name["Reason"].values_by_name[f"REASON_{reason}"]
    return bool(option(value, options_pb2.reason).retry)


@dataclass
class Played:
    """The node: one agency's, with one referral that another agency offered."""

    address: str = ""
    """Its REST address, which is the issuer, too."""
    authority: str = ""
    """Its gRPC address."""
    client_key: Key = field(default_factory=Key.new)
    login_key: Key = field(default_factory=Key.new)
    routes: dict[str, Route] = field(default_factory=routes)
    script: dict[str, list[Reply]] = field(default_factory=lambda: defaultdict(list))
    """What is answered next to a call, before it is answered well again."""
    asked: list[Asked] = field(default_factory=list)
    token_replies: list[Reply] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    """Each token that was given, and until when it holds."""
    assertions: set[str] = field(default_factory=set)
    faults: list[Exception] = field(default_factory=list)
    """What was wrong with what the client sent, until a check looks; or a fault of the suite."""
    heads: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))
    """The heads that the client was given, by referral."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def begin(self) -> None:
        """A new check: everything is answered well, and nothing has been asked."""
        with self.lock:
            self.script.clear()
            self.asked.clear()
            self.faults.clear()
            self.token_replies.clear()

    def referral(self) -> str:
        """The id of a referral that the client can read and act on."""
        referral_id = identifier()
        self._advance(referral_id)
        return referral_id

    def _advance(self, referral_id: str) -> Json:
        seq = len(self.heads[referral_id]) + 1
        heads = {
            "origin": {"seq": seq, "hash": sha256(f"{referral_id}{seq}".encode())},
            "destination": {},
        }
        self.heads[referral_id].append(heads)
        return heads

    def view(self, referral_id: str) -> Json:
        """The referral as the node shows it."""
        return {
            "referralId": referral_id, "origin": OTHER, "destination": AGENCY,
            "phase": "acknowledged", "round": 1, "heads": self.heads[referral_id][-1],
            "items": [{"number": 1, "wish": "now", "state": "requested"}],
        }  # fmt: skip

    def blame(self, fault: Exception, by: str = "CLNT-010") -> None:
        """Keep what is wrong, for the check that is being made. `by` is the requirement, where the
        fault names none.
        """
        if isinstance(fault, Failed):
            fault.by = fault.by or by
        with self.lock:
            self.faults.append(fault)

    def call(self, name: str, request: object, token: str) -> Reply:
        """What is answered to one call, whatever the request is."""
        with self.lock:
            route = self.routes[name]
            try:
                asked = Asked(name, told(request), token)
                self.asked.append(asked)
                self._judge(asked, route)
            except Failed as failed:
                self.blame(failed)
                return Reply(reason="INVALID_FIELD")
            request = asked.request
            if self.tokens.get(token, 0) < time.time():
                return Reply(reason="TOKEN_INVALID")
            if self.script[name]:
                return self.script[name].pop(0)
            return self._well(name, route, request)

    def _well(self, name: str, route: Route, request: Json) -> Reply:
        referral_id = request.get("referralId", "")
        if referral_id and referral_id not in self.heads:
            return Reply(reason="NOT_FOUND")
        if route.kind:
            referral_id = referral_id or self.referral()
            self._advance(referral_id)
            done = {"referral": self.view(referral_id), "entry": sha256(identifier().encode())}
            return Reply({"recorded": done} if name == "Referrals.Open" else done)
        if name == "Referrals.GetReferral":
            return Reply(self.view(referral_id))
        return Reply({})

    def _judge(self, asked: Asked, route: Route) -> None:
        descriptor = message(f"{asked.name.rpartition('.')[2]}Request")
        if wrong := fault(descriptor, asked.request):
            raise Failed("a request of its schema", wrong, by="CLNT-010")
        write = asked.request.get("write")
        if write is None:
            return
        self._judge_actor(write["actor"])
        named = write.get("expectedHeads")
        referral_id = asked.request.get("referralId")
        if route.kind and referral_id and named is None and not route.unblockable:
            raise Failed("expected_heads", "none", by="LOC-013")
        if named is not None and named not in self.heads.get(referral_id or "", []):
            raise Failed("heads that the node gave", named, by="CLNT-003")

    def _judge_actor(self, token: str) -> None:
        keys = {self.login_key.kid: self.login_key.public}
        try:
            said = claims(verify(token, "onward-actor+jws", keys))
        except Bad as bad:
            raise Failed("an actor assertion of the login", str(bad), by="AUTH-020") from None
        here = time.time()
        begins, ends = (_time(said, name, "AUTH-021") for name in ("iat", "exp"))
        good = said.get("iss") == said.get("aud") == AGENCY and ends > here
        if not good or ends - begins > 300 or begins > here + 10:
            raise Failed("an actor assertion that holds", said, by="AUTH-021")

    def token(self, form: dict[str, list[str]], headers: dict[str, str]) -> tuple[int, Json]:
        """The token endpoint: status and body."""
        with self.lock:
            if self.token_replies:
                return self.token_replies.pop(0).status, {"error": "temporarily_unavailable"}
            try:
                scope = self._judge_token(form, headers)
            except Failed as failed:
                self.blame(failed, "AUTH-001")
                return 400, {"error": "invalid_request"}
            token = secrets.token_urlsafe(24)
            self.tokens[token] = time.time() + 300
            return 200, {
                "access_token": token, "token_type": "Bearer", "expires_in": 300, "scope": scope,
            }  # fmt: skip

    def _judge_token(self, form: dict[str, list[str]], headers: dict[str, str]) -> str:
        if any(len(values) > 1 for values in form.values()) or "authorization" in headers:
            raise Failed("each parameter once, no Authorization", sorted(form), by="AUTH-001")
        said = {name: values[0] for name, values in form.items()}
        strange = {"authorization_details", "resource", "audience", "client_secret"} & set(said)
        if strange or said.get("grant_type") != "client_credentials":
            raise Failed("grant_type client_credentials", sorted(said), by="AUTH-001")
        token = said.get("client_assertion", "")
        keys = {self.client_key.kid: self.client_key.public}
        try:
            asserted = claims(verify(token, "client-authentication+jwt", keys))
        except Bad as bad:
            raise Failed("an assertion of the client", str(bad), by="AUTH-002") from None
        named = [asserted.get(name) for name in ("iss", "sub", "aud")]
        if named != [CLIENT, CLIENT, self.address]:
            raise Failed(f"iss and sub {CLIENT}, aud {self.address}", named, by="AUTH-003")
        here = time.time()
        begins, ends = (_time(asserted, name, "AUTH-004") for name in ("iat", "exp"))
        if not 0 < ends - begins <= 300 or begins > here + 10:
            raise Failed("at most 300 seconds", asserted, by="AUTH-004")
        own = spelled(asserted.get("jti", ""))
        if own in self.assertions | {""}:
            raise Failed("an assertion with a jti of its own", "one used before", by="CLNT-008")
        self.assertions.add(own)
        known = {one.scope for one in self.routes.values()}
        if not said.get("scope") or not set(said["scope"].split()) <= known:
            raise Failed("scopes by name", said.get("scope", "none"), by="AUTH-007")
        if said.get("client_id", CLIENT) != CLIENT:
            raise Failed(f"client_id {CLIENT}", said["client_id"], by="AUTH-013")
        return said["scope"]

    def sent(self, name: str) -> Row:
        """The calls of one name, in order, each Asked."""
        with self.lock:
            return Row(one for one in self.asked if one.name == name)


def _time(said: Json, name: str, by: str) -> float:
    """When a token begins or ends, in seconds. Raises Failed where it says no such time."""
    found = said.get(name)
    if not isinstance(found, (int, float)) or isinstance(found, bool) or not 0 < found < LATEST:
        raise Failed(f"a time in {name}", found, by=by)
    return found
