"""The suite's own network: the agencies that it plays, and the trust list that names them.

The target is one more member of it. Its entry comes from the target's own node; its keys are never
the suite's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol

from onward_conformance.jose import Key, b64, compact, sha256, sign

Json = dict[str, Any]
Way = Literal["rest", "grpc"]
"""A transport."""


class News(Protocol):
    """Gives the target a trust list, and whom to accept as partners by now."""

    def __call__(self, signed: Json | None = None) -> None:
        """The suite's newest list, or one that was `signed` otherwise. Raises NoHands."""
        ...


WAYS: tuple[Way, ...] = ("rest", "grpc")

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
    """One agency that the suite plays, with its keys. `endpoint` is where its node listens."""

    name: str
    status: str = "active"
    endpoint: Json = field(default_factory=dict)
    country: str = "NP"
    sign: Key = field(default_factory=Key.new)
    seal: Key = field(default_factory=Key.new)
    retired: Key = field(default_factory=Key.new)
    """A signing key whose last moment of use is over."""
    older: Key = field(default_factory=Key.new)
    """A key for sealing that is in use, and has a newer beside it."""
    coming: Key = field(default_factory=Key.new)
    """A key for sealing whose first moment of use has not come."""

    def entry(self) -> Json:
        """As it stands in the trust list."""
        here = now()
        keys = [
            _key(self.sign, "sign", here - 30 * DAY, here + 300 * DAY),
            _key(self.coming, "seal", here + 30 * DAY, here + 300 * DAY),
            _key(self.seal, "seal", here - 30 * DAY, here + 300 * DAY),
            _key(self.older, "seal", here - 90 * DAY, here + 200 * DAY),
            _key(self.retired, "sign", here - 300 * DAY, here - 40 * DAY),
        ]
        return {
            "agency": self.name, "country": self.country, "kind": "ngo_local",
            "status": self.status, "versions": [VERSION], "purposes": ["service_delivery"],
            "keys": keys,
        } | self.endpoint  # fmt: skip


def _key(key: Key, use: str, first: datetime, last: datetime) -> dict[str, str]:
    public = key.public
    times = {"notBefore": moment(first), "notAfter": moment(last)}
    return {"kid": key.kid, "use": use, "x": public["x"], "y": public["y"]} | times


SUFFIX = ".conformance.example"
LOCATORS: dict[Way, str] = {"rest": "71", "grpc": "72"}
"""With which ways back of the suite's agencies begin, over each transport."""
OWN_LOCATOR = "70"
"""The same for the target, where its entry names none."""
KEYS = ("sign", "seal", "retired", "older", "coming")
ROLES = (
    "partner", "second", "unaccepted", "suspended", "removed", "stranger", "behind", "beside",
    "posted", "signatory",
)  # fmt: skip


def _status(role: str) -> str:
    return role if role in ("suspended", "removed") else "active"


@dataclass
class Cast:
    """The agencies that the suite plays over one transport."""

    partner: Agency
    """The target accepts it."""
    second: Agency
    """Another that it accepts."""
    unaccepted: Agency
    """On the list, and not accepted."""
    suspended: Agency
    removed: Agency
    stranger: Agency
    """Not on the list."""
    behind: Agency
    """Nobody can reach it: the target holds its mail, if it is a mailbox."""
    beside: Agency
    """Another like it."""
    posted: Agency
    """A partner of the target whose mail the suite's partner holds."""
    signatory: Agency
    """Another that it accepts, and the only one with which it ever has an agreement: from then on
    nothing moves between the two without one.
    """

    @classmethod
    def play(cls, way: Way, address: str, target: str) -> Cast:
        """New agencies that listen at one address, or have a mailbox."""
        mailboxes = {"behind": target, "beside": target, "posted": f"partner.{way}{SUFFIX}"}
        return cls(**{
            role: Agency(
                f"{role}.{way}{SUFFIX}",
                _status(role),
                {"mailbox": mailboxes[role]} if role in mailboxes else {way: address},
            )
            for role in ROLES
        })  # fmt: skip

    @property
    def all(self) -> list[Agency]:
        """All of them."""
        return list(vars(self).values())

    @property
    def located(self) -> list[Agency]:
        """Those that have a locator, whatever the list says of them."""
        return [self.partner, self.second, self.unaccepted, self.suspended, self.removed]

    @property
    def bodies(self) -> list[Agency]:
        """Those that look into complaints."""
        return [self.partner, self.second, self.unaccepted]

    @property
    def listed(self) -> list[Agency]:
        """Those that stand on the list."""
        return [one for one in self.all if one is not self.stranger]


@dataclass
class Draft:
    """A trust list before it is signed. Each field can be set to what should be refused."""

    said: Json
    """The list itself."""
    authorities: Sequence[Key]
    """Who signs it."""
    stamper: Key | None
    """Who stamps it. None: it gets no stamp."""
    stamp: Json = field(default_factory=dict)
    """Members of the stamp in place of the right ones."""
    typ: str = "onward-trust+jws"

    def signed(self) -> Json:
        """The list as it travels."""
        payload, here = compact(self.said), now()
        signatures = []
        for key in self.authorities:
            protected, _, signature = sign(payload, self.typ, key).split(".")
            signatures.append({"protected": protected, "signature": signature})
        made: Json = {"payload": b64(payload), "signatures": signatures}
        if self.stamper is None:
            return made
        stamp = {
            "environment": self.said["environment"], "seq": self.said["seq"],
            "digest": sha256(payload), "issuedAt": moment(here), "expiresAt": moment(here + DAY),
        } | self.stamp  # fmt: skip
        return made | {"stamp": sign(compact(stamp), "onward-stamp+jws", self.stamper)}


@dataclass
class Network:
    """Everybody on the list, and who signs it.

    `entries` are those of the target's own agencies; the first is the one under test, the others
    share its node. `casts` are the suite's agencies, by transport: each has an address on that
    transport only, so that the target has to use it.
    """

    entries: list[Json]
    casts: dict[Way, Cast]
    environment: str = "test"
    seq: int = 2
    """Number of the newest list. The first has one below it."""
    authorities: list[Key] = field(default_factory=lambda: [Key.new() for _ in range(3)])
    stamper: Key = field(default_factory=Key.new)
    dropped: set[str] = field(default_factory=set)
    """Agencies that the target no longer accepts as partners."""

    @property
    def target(self) -> Json:
        """The entry of the agency under test."""
        return self.entries[0]

    def accepted(self, agency: str) -> list[str]:
        """Whom one of the target's agencies has to accept as partners: of the second of them on,
        the partner only.
        """
        first = agency == self.target["agency"]
        return [
            one.name
            for cast in self.casts.values()
            for one in (
                [cast.partner, cast.second, cast.posted, cast.signatory]
                if first
                else [cast.partner]
            )
            if one.name not in self.dropped
        ]

    def anchors(self) -> Json:
        """What the target's operator gives its node, out of band."""
        here = now()
        times = (here - DAY, here + 300 * DAY)
        return {
            "environment": self.environment, "threshold": 2,
            "authorities": [_key(one, "sign", *times) for one in self.authorities],
            "stampers": [_key(self.stamper, "sign", *times)],
        }  # fmt: skip

    def draft(self) -> Draft:
        """The list before it is signed, right in all."""
        here = now()
        own = [{"locator": OWN_LOCATOR} | one for one in self.entries]
        listed = [
            one.entry() | ({"locator": LOCATORS[way]} if one in cast.located else {})
            for way, cast in self.casts.items()
            for one in cast.listed
        ]
        said: Json = {
            "version": VERSION, "environment": self.environment, "seq": self.seq,
            "issuedAt": moment(here), "expiresAt": moment(here + 90 * DAY),
            "agencies": [*own, *listed],
            "complaintBodies": [one.name for cast in self.casts.values() for one in cast.bodies],
        }  # fmt: skip
        return Draft(said, self.authorities[:2], self.stamper)

    def trust_list(self) -> Json:
        """The list, signed by as many authorities as are needed, with a fresh stamp."""
        return self.draft().signed()

    def member(self, name: str) -> Agency | None:
        """The agency of the suite with this name."""
        everyone = (one for cast in self.casts.values() for one in cast.all)
        return next((one for one in everyone if one.name == name), None)

    def sealing_key(self, name: str) -> dict[str, str]:
        """The key to seal to, of an agency of the suite or of the target."""
        member = self.member(name)
        return member.seal.public if member else list(self.key_of_target("seal", name).values())[-1]

    def key_of_target(self, use: str, agency: str = "") -> dict[str, dict[str, str]]:
        """The public keys of one use, by their ids, of the target or another of its agencies;
        none of an agency that is not its own.
        """
        named = (one for one in self.entries if not agency or one["agency"] == agency)
        keys: list[Json] = next((one["keys"] for one in named), [])
        found = [one for one in keys if one["use"] == use]
        return {
            one["kid"]: {"crv": "P-256", "kty": "EC", "x": one["x"], "y": one["y"]} for one in found
        }

    def save(self) -> str:
        """All of it, to be kept in a file that only the suite reads."""
        return json.dumps({
            "entries": self.entries, "environment": self.environment, "seq": self.seq,
            "authorities": [one.text for one in self.authorities], "stamper": self.stamper.text,
            "casts": {
                way: {role: _saved(one) for role, one in vars(cast).items()}
                for way, cast in self.casts.items()
            },
        })  # fmt: skip

    @classmethod
    def load(cls, text: str) -> Network:
        """What `save` wrote."""
        data = json.loads(text)
        casts = {
            way: Cast(**{role: _loaded(role, one) for role, one in saved.items()})
            for way, saved in data["casts"].items()
        }
        keys = [Key.load(one) for one in data["authorities"]]
        return cls(
            data["entries"], casts, data["environment"], data["seq"], keys,
            Key.load(data["stamper"]),
        )  # fmt: skip


def _saved(one: Agency) -> Json:
    keys = {name: getattr(one, name).text for name in KEYS}
    return keys | {"name": one.name, "endpoint": one.endpoint}


def _loaded(role: str, saved: Json) -> Agency:
    # Whatever a run that was killed had made of it for a while.
    made = Agency(saved["name"], _status(role), saved["endpoint"])
    for name in KEYS:
        setattr(made, name, Key.load(saved[name]))
    return made
