"""A synthetic trust list with its authorities, for the tests of trust and of exports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from builders import AGENCIES, DAY, NOW, key
from onward.core import jose, trust
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.v1.trust_pb2 import Agency, AgencyKey, SignedTrustList, Stamp, TrustAnchors, TrustList

AUTHORITIES = ("ministry", "network", "charity")


def listed(name: str, use: str = "sign", since: datetime = NOW - DAY, days: int = 90) -> AgencyKey:
    """A key as it stands in a list."""
    return trust.agency_key(key(name), use, since, since + days * DAY)


def members() -> list[Agency]:
    """Two agencies, each with a key to sign and one to seal."""
    return [
        Agency(
            agency=agency,
            country=agency.split(".")[-2].upper(),
            kind="shelter",
            status="active",
            versions=["1.0"],
            keys=[listed(side), listed(f"{side} seal", "seal")],
        )
        for side, agency in AGENCIES.items()
    ]


def trust_list(**changed: Any) -> TrustList:
    """A list of these members."""
    said: dict[str, Any] = {
        "version": "1.0",
        "environment": "test",
        "seq": 7,
        "issued_at": stamp(NOW),
        "expires_at": stamp(NOW + 90 * DAY),
        "agencies": members(),
    }
    return TrustList(**said | changed)


def stamped(payload: bytes, by: str = "stamper", **changed: Any) -> str:
    """A freshness stamp for the list in these bytes."""
    said: dict[str, Any] = {
        "environment": "test",
        "seq": 7,
        "digest": jose.sha256(payload),
        "issued_at": stamp(NOW),
        "expires_at": stamp(NOW + 2 * DAY),
    }
    return trust.sign_stamp(Stamp(**said | changed), key(by))


def signed(
    what: TrustList | bytes, by: Iterable[str] = AUTHORITIES[:2], fresh: str | None = None
) -> SignedTrustList:
    """The list with its signatures and stamp."""
    payload = what if isinstance(what, bytes) else to_json(what)
    return SignedTrustList(
        payload=jose.b64(payload),
        signatures=[trust.sign_list(payload, key(name)) for name in by],
        stamp=stamped(payload) if fresh is None else fresh,
    )


def anchors(threshold: int = 2, environment: str = "test") -> TrustAnchors:
    """What the node was installed with."""
    return TrustAnchors(
        environment=environment,
        threshold=threshold,
        authorities=[listed(name) for name in AUTHORITIES],
        stampers=[listed("stamper")],
    )


def trusted() -> trust.Trusted:
    """The good list, verified."""
    return trust.verify(signed(trust_list()), anchors())
