"""Cases of the trust list: enough authorities, and how fresh it is."""

from __future__ import annotations

from typing import Any

from vector_files import DESTINATION, NOW, ORIGIN, Case, Cases, b64, compact, sha256
from vector_jose import jwk, jws, kid


def key(name: str, use: str = "sign") -> dict[str, Any]:
    """A key as it stands in a list."""
    point = jwk(name)
    times = {"notBefore": "2026-11-01T00:00:00Z", "notAfter": "2028-11-01T00:00:00Z"}
    return {"kid": kid(name), "use": use, "x": point["x"], "y": point["y"], **times}


def member(agency: str, name: str) -> dict[str, Any]:
    """A member."""
    return {
        "agency": agency,
        "country": agency.split(".")[-2].upper(),
        "kind": "shelter",
        "status": "active",
        "versions": ["1.0"],
        "keys": [key(name), key(f"{name} seal", "seal")],
    }


LIST: dict[str, Any] = {
    "version": "1.0",
    "environment": "test",
    "seq": 7,
    "issuedAt": NOW,
    "expiresAt": "2027-02-21T10:00:00Z",
    "agencies": [member(ORIGIN, "origin"), member(DESTINATION, "destination")],
}
ANCHORS = {
    "environment": "test",
    "threshold": 2,
    "authorities": [key("ministry"), key("network"), key("charity")],
    "stampers": [key("stamper")],
}


def case(
    why: str, expect: Any, by: tuple[str, ...] = ("ministry", "network"), *, now: str = NOW,
    stamp: dict[str, Any] | None = None, stamper: str = "stamper", **changed: Any,
) -> Case:  # fmt: skip
    """A list, and whether it is stale or why it is refused."""
    payload = compact(LIST | changed).encode()
    fresh = {
        "environment": "test",
        "seq": 7,
        "digest": sha256(payload),
        "issuedAt": NOW,
        "expiresAt": "2026-11-23T10:00:00Z",
    } | (stamp or {})
    signatures = []
    for name in by:
        protected, _, signature = jws(payload, "onward-trust+jws", name).split(".")
        signatures.append({"protected": protected, "signature": signature})
    signed = {"payload": b64(payload), "signatures": signatures}
    return {
        "why": why,
        "kind": "trust",
        "now": now,
        "anchors": ANCHORS,
        "signedTrustList": signed | {"stamp": jws(fresh, "onward-stamp+jws", stamper)},
        "expect": {"reason": expect} if isinstance(expect, str) else {"seq": 7, "stale": expect},
    }


INVALID = "TRUST_LIST_INVALID"
TWO_USES = member(ORIGIN, "origin") | {"keys": [key("origin"), key("origin", "seal")]}
RENAMED = member(ORIGIN, "origin") | {"keys": [key("origin") | {"kid": kid("stranger")}]}

CASES: Cases = {
    "trust-good": case("Two of three have signed, and it is fresh.", False),
    "trust-one-signature": case("One is not enough.", INVALID, ("ministry",)),
    "trust-same-authority-twice": case("Twice the same is one.", INVALID, ("ministry",) * 2),
    "trust-stranger": case("A stranger does not count.", INVALID, ("ministry", "stranger")),
    "trust-stamper-is-no-authority": case(
        "Nor does the online key.", INVALID, ("ministry", "stamper")
    ),
    "trust-wrong-environment": case("A live list.", INVALID, environment="live"),
    "trust-kid-not-the-thumbprint": case(
        "A key under another's name.", INVALID, agencies=[RENAMED]
    ),
    "trust-key-with-two-uses": case("No key has two uses.", INVALID, agencies=[TWO_USES]),
    "trust-agency-twice": case(
        "An agency stands once.", INVALID, agencies=[LIST["agencies"][0]] * 2
    ),
    "trust-in-the-grace-period": case(
        "The stamp has ended, the grace has not.", False, now="2026-11-26T09:59:59Z"
    ),
    "trust-after-the-grace-period": case(
        "Three days after its stamp it is stale.", True, now="2026-11-26T10:00:00Z"
    ),
    "trust-stamp-for-another-list": case("The stamp is for another list.", True, stamp={"seq": 6}),
    "trust-stamp-by-another-key": case("Only the online key stamps.", True, stamper="ministry"),
}
