"""Who may call what: the client's scopes, cut by the actor's role."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from onward.core import jose, spec
from onward.core.refused import Refused
from onward.v1 import options_pb2

ACTOR_SECONDS = 300
"""Longest life of an actor assertion, in seconds."""


@dataclass(frozen=True)
class Caller:
    """A client of the agency's own, as its access token tells."""

    client_id: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Actor:
    """The person who acts, as the agency's own login tells. Stays in the local audit."""

    login: str
    role: str


NODE = Actor("node", "node")
"""The node itself, where it acts by itself (an erasure that is due)."""

UNVOUCHED = Actor("unvouched", "")
"""Somebody for whom the agency's login does not vouch: disabled, expired, unknown. A withdrawal is
taken all the same; which client brought it stands in the audit.
"""


def authorise(rpc: spec.Rpc, caller: Caller | None) -> Caller:
    """The caller, if its token holds the call's scope. No scope implies another."""
    if caller is None:
        raise Refused("TOKEN_INVALID")
    if rpc.scope not in caller.scopes:
        raise Refused("SCOPE_INSUFFICIENT")
    return caller


def actor(
    token: str, rpc: spec.Rpc, *, agency: str, login_keys: Mapping[str, str], now: datetime
) -> Actor:
    """The actor of a write: signed by the agency's login, alive, and in a role that may do this.

    `login_keys` maps key ids of the login to JWK JSON. Raises Refused ACTOR_INVALID or
    ROLE_INSUFFICIENT.
    """
    try:
        verified = jose.verify(
            token,
            jose.ACTOR,
            lambda kid: jose.load_key(json.loads(login_keys[kid])) if kid in login_keys else None,
        )
        claims = json.loads(verified.payload)
        login, role = claims["sub"], claims["role"]
        issued, expires = int(claims["iat"]), int(claims["exp"])
        names = (claims["iss"], claims["aud"])
    except (Refused, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        # OverflowError: JSON's 1e400 is a float without end, which no integer holds.
        raise Refused("ACTOR_INVALID", "/write/actor") from None
    seconds = now.timestamp()
    alive = issued - 10 <= seconds < expires and expires - issued <= ACTOR_SECONDS
    known = spec.roles().get(role) if isinstance(role, str) else None
    if names != (agency, agency) or not alive or known is None or not _is_login(login):
        raise Refused("ACTOR_INVALID", "/write/actor")
    # Anybody of the staff may take a withdrawal: the client's scope is enough.
    if rpc.scope not in known.scopes and not rpc.unvouched:
        raise Refused("ROLE_INSUFFICIENT", "/write/actor")
    return Actor(login, role)


def _is_login(value: object) -> bool:
    """Whether the audit, and whoever exports it, can hold this name."""
    pattern = spec.pattern(options_pb2.FORMAT_LOGIN)
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None
