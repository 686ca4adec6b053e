"""The suite's own network: the agencies that it plays, and the trust list that names them.

The target is one more member of it. Its entry comes from the target's own node; its keys are never
the suite's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from onward_conformance.jose import Key, b64, compact, sha256, sign

VERSION = "1.0"
DAY = timedelta(days=1)


def moment(at: datetime) -> str:
    """A time as the specification writes it."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def now() -> datetime:
    """The suite's clock."""
    return datetime.now(UTC)


@dataclass
class Agency:
    """One agency that the suite plays, with its keys."""

    name: str
    status: str = "active"
    country: str = "NP"
    sign: Key = field(default_factory=Key.new)
    seal: Key = field(default_factory=Key.new)
    retired: Key = field(default_factory=Key.new)
    """A signing key whose last moment of use is over."""

    def entry(self) -> dict[str, Any]:
        """As it stands in the trust list."""
        here = now()
        keys = [
            _key(self.sign, "sign", here - 30 * DAY, here + 300 * DAY),
            _key(self.seal, "seal", here - 30 * DAY, here + 300 * DAY),
            _key(self.retired, "sign", here - 300 * DAY, here - 40 * DAY),
        ]
        return {
            "agency": self.name, "country": self.country, "kind": "ngo_local",
            "status": self.status, "versions": [VERSION], "purposes": ["service_delivery"],
            "rest": "http://127.0.0.1:9", "keys": keys,
        }  # fmt: skip


def _key(key: Key, use: str, first: datetime, last: datetime) -> dict[str, str]:
    public = key.public
    times = {"notBefore": moment(first), "notAfter": moment(last)}
    return {"kid": key.kid, "use": use, "x": public["x"], "y": public["y"]} | times


@dataclass
class Network:
    """Everybody on the list, and who signs it. `target` is the target's own entry."""

    target: dict[str, Any]
    environment: str = "test"
    seq: int = 1
    authorities: list[Key] = field(default_factory=lambda: [Key.new() for _ in range(3)])
    stamper: Key = field(default_factory=Key.new)
    partner: Agency = field(default_factory=lambda: Agency("partner.conformance.example"))
    unaccepted: Agency = field(default_factory=lambda: Agency("unaccepted.conformance.example"))
    suspended: Agency = field(
        default_factory=lambda: Agency("suspended.conformance.example", "suspended")
    )
    second: Agency = field(default_factory=lambda: Agency("second.conformance.example"))
    """Another partner of the target."""
    removed: Agency = field(
        default_factory=lambda: Agency("removed.conformance.example", "removed")
    )
    stranger: Agency = field(default_factory=lambda: Agency("stranger.conformance.example"))
    """Not on the list."""

    @property
    def members(self) -> list[Agency]:
        """The agencies on the list that the suite plays."""
        return [self.partner, self.second, self.unaccepted, self.suspended, self.removed]

    def anchors(self) -> dict[str, Any]:
        """What the target's operator gives its node, out of band."""
        here = now()
        times = (here - DAY, here + 300 * DAY)
        return {
            "environment": self.environment, "threshold": 2,
            "authorities": [_key(one, "sign", *times) for one in self.authorities],
            "stampers": [_key(self.stamper, "sign", *times)],
        }  # fmt: skip

    def trust_list(self) -> dict[str, Any]:
        """The list, signed by as many authorities as are needed, with a fresh stamp."""
        here = now()
        payload = compact({
            "version": VERSION, "environment": self.environment, "seq": self.seq,
            "issuedAt": moment(here), "expiresAt": moment(here + 90 * DAY),
            "agencies": [self.target, *(one.entry() for one in self.members)],
        })  # fmt: skip
        stamp = {
            "environment": self.environment, "seq": self.seq, "digest": sha256(payload),
            "issuedAt": moment(here), "expiresAt": moment(here + DAY),
        }  # fmt: skip
        signatures = []
        for key in self.authorities[:2]:
            protected, _, signature = sign(payload, "onward-trust+jws", key).split(".")
            signatures.append({"protected": protected, "signature": signature})
        stamped = sign(compact(stamp), "onward-stamp+jws", self.stamper)
        return {"payload": b64(payload), "signatures": signatures, "stamp": stamped}

    def key_of_target(self, use: str) -> dict[str, dict[str, str]]:
        """The target's public keys of one use, by their ids."""
        found = [one for one in self.target["keys"] if one["use"] == use]
        return {
            one["kid"]: {"crv": "P-256", "kty": "EC", "x": one["x"], "y": one["y"]} for one in found
        }

    def save(self) -> str:
        """All of it, to be kept in a file that only the suite reads."""
        agencies = {
            name: [
                agency.name,
                agency.status,
                agency.sign.text,
                agency.seal.text,
                agency.retired.text,
            ]
            for name, agency in vars(self).items()
            if isinstance(agency, Agency)
        }
        return json.dumps({
            "target": self.target, "environment": self.environment, "seq": self.seq,
            "authorities": [one.text for one in self.authorities], "stamper": self.stamper.text,
            "agencies": agencies,
        })  # fmt: skip

    @classmethod
    def load(cls, text: str) -> Network:
        """What `save` wrote."""
        data = json.loads(text)
        agencies = {
            name: Agency(known, status, sign=Key.load(a), seal=Key.load(b), retired=Key.load(c))
            for name, (known, status, a, b, c) in data["agencies"].items()
        }
        keys = [Key.load(one) for one in data["authorities"]]
        return cls(
            data["target"], data["environment"], data["seq"], keys, Key.load(data["stamper"]),
            **agencies,
        )  # fmt: skip
