"""A trust list as an authority reads it: whose keys can sign today (TRST-001 to 011)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onward_conformance.jose import Bad, compact, sha256, unb64, verify

Json = dict[str, Any]
Keys = dict[str, dict[str, str]]
"""Public JWKs, by their ids."""

GRACE = timedelta(days=3)
"""How long a list stays fresh after its stamp's end (TRST-011)."""


class TrustError(Exception):
    """The list can't be used; the text says why, and what to do."""


@dataclass(frozen=True)
class Member:
    """An agency of the list, with its signing keys that are in use."""

    agency: str
    status: str
    keys: Keys


def public(key: Json) -> dict[str, str]:
    """A key of a list or of anchors as a JWK. Raises TrustError if its id is not its thumbprint."""
    jwk = {"crv": "P-256", "kty": "EC", "x": key["x"], "y": key["y"]}
    if sha256(compact(jwk)) != key["kid"]:
        raise TrustError("a key's id is not its thumbprint (TRST-003)")
    return jwk


def in_use(keys: list[Json], now: datetime) -> Keys:
    """Those that can sign at this moment."""
    return {
        one["kid"]: public(one)
        for one in keys
        if one["use"] == "sign"
        and datetime.fromisoformat(one["notBefore"]) <= now
        and now <= datetime.fromisoformat(one["notAfter"])
    }


def members(signed: Json, anchors: Json, now: datetime) -> tuple[str, list[Member]]:
    """The environment of a list and its members, once enough authorities have signed it.

    Raises TrustError, also for files that are no list or no anchors.
    """
    try:
        return _members(signed, anchors, now)
    except (Bad, KeyError, TypeError, ValueError, AttributeError) as fault:
        raise TrustError(f"the trust list or the anchors can't be read: {fault}") from None


def _members(signed: Json, anchors: Json, now: datetime) -> tuple[str, list[Member]]:
    authorities = in_use(anchors["authorities"], now)
    signers = {kid for one in signed["signatures"] if (kid := _signer(signed, one, authorities))}
    needed = max(1, int(anchors["threshold"]))
    if len(signers) < needed:
        raise TrustError(
            f"{len(signers)} of the authorities in the anchors signed the list; {needed} are needed"
        )
    said = json.loads(unb64(signed["payload"]))
    if said["environment"] != anchors["environment"]:
        raise TrustError(
            f"the list is for environment {said['environment']}, the anchors for"
            f" {anchors['environment']}"
        )
    if not _fresh(signed, said, anchors, now):
        raise TrustError("the list is stale: fetch the one in force with its newest stamp")
    names = [one["agency"] for one in said["agencies"]]
    if len(set(names)) != len(names):
        raise TrustError("the list names an agency twice (TRST-003)")
    found = [
        Member(one["agency"], one["status"], in_use(one["keys"], now)) for one in said["agencies"]
    ]
    kids = [kid for one in found for kid in one.keys]
    if len(set(kids)) != len(kids):
        raise TrustError("the list names a key twice (TRST-003)")
    return said["environment"], found


def _signer(signed: Json, one: Json, keys: Keys) -> str:
    """The id of the authority's key that made this signature; empty if none did."""
    token = f"{one['protected']}.{signed['payload']}.{one['signature']}"
    for kid in keys:
        try:
            verify(token, "onward-trust+jws", {kid: keys[kid]})
        except (Bad, KeyError, TypeError, ValueError):
            continue
        return kid
    return ""


def _fresh(signed: Json, said: Json, anchors: Json, now: datetime) -> bool:
    """Whether the list has not ended, and its stamp has not for longer than the grace."""
    if now >= datetime.fromisoformat(said["expiresAt"]):
        return False
    try:
        stamp = json.loads(
            verify(signed["stamp"], "onward-stamp+jws", in_use(anchors["stampers"], now))
        )
    except (Bad, KeyError, TypeError, ValueError):
        return False
    right = (said["environment"], said["seq"], sha256(unb64(signed["payload"])))
    same = (stamp["environment"], stamp["seq"], stamp["digest"]) == right
    return same and now < datetime.fromisoformat(stamp["expiresAt"]) + GRACE
