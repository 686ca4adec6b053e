"""One referral between an agency of the suite and the target: both logs, parts and envelopes."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from onward_conformance.jose import (
    b64,
    compact,
    digest,
    pad,
    part_digest,
    seal,
    sha256,
    sign,
)
from onward_conformance.network import VERSION, Agency, Json, Network, moment, now

Side = Literal["origin", "destination"]
AGE: Json = {"band": "a24_26", "ageClass": "adult"}
"""A category that an offer can carry."""


def identifier() -> str:
    """128 random bits."""
    return b64(os.urandom(16))


def part(category: str, content: Json, *, salt: bytes = b"") -> Json:
    """A part of one category, with a random salt."""
    text = compact(content).decode()
    return {"category": category, "salt": b64(salt or os.urandom(32)), "content": text}


@dataclass
class Referral:
    """A referral between an agency of the suite and one of the target's.

    `side` is the suite's: `origin` where the suite offers, `destination` where the target does.
    """

    network: Network
    author: Agency
    target: str
    side: Side = "origin"
    referral_id: str = field(default_factory=identifier)
    log: list[str] = field(default_factory=list)
    """What the suite wrote, as it travels."""
    theirs: list[str] = field(default_factory=list)
    """What the target wrote, as it came."""
    came: list[Json] = field(default_factory=list)
    """Their entries, read."""
    parts: list[Json] = field(default_factory=list)
    """The target's parts, as they came."""
    round: int = 1

    @property
    def seen(self) -> Json:
        """The head of the target's log, as the suite has it."""
        return _head(self.theirs)

    @property
    def heads(self) -> Json:
        """Both heads, as the suite has them."""
        mine, theirs = _head(self.log), _head(self.theirs)
        origin, destination = (mine, theirs) if self.side == "origin" else (theirs, mine)
        return {"origin": origin, "destination": destination}

    def kinds(self) -> list[str]:
        """The kinds of the target's entries, in order."""
        return [one["kind"] for one in self.came]

    def last(self, kind: str) -> Json | None:
        """The target's last entry of a kind."""
        return next((one for one in reversed(self.came) if one["kind"] == kind), None)

    def grant(self, categories: list[str], **changed: Any) -> Json:
        """A grant of these categories from this author."""
        return {
            "grantId": identifier(), "referralId": self.referral_id, "basis": "consent",
            "grantor": self.author.name, "grantee": self.target,
            "purposes": ["service_delivery"], "categories": categories,
            "issuedAt": moment(now()), "onwardSharing": "none",
            "feedback": "status_and_outcome", "retentionDays": 365,
            "validUntil": moment(now() + timedelta(days=90)),
        } | changed  # fmt: skip

    def entry(self, kind: str, parts: list[Json] | None = None, **changed: Any) -> Json:
        """The next entry of this log, not signed."""
        bound = [{"category": p["category"], "digest": part_digest(p)} for p in parts or []]
        said: Json = {
            "version": VERSION, "referralId": self.referral_id, "author": self.author.name,
            "recipient": self.target, "round": self.round, "seq": len(self.log) + 1,
            "seen": self.seen, "kind": kind, "time": moment(now()),
        }  # fmt: skip
        if self.log:
            said["prev"] = digest(self.log[-1])
        if bound:
            said["parts"] = bound
        return {name: one for name, one in (said | changed).items() if one is not None}

    def signed(self, entry: Json, **header: Any) -> str:
        """An entry as it travels."""
        return sign(
            compact(entry), "onward-entry+jws", header.pop("key", self.author.sign), **header
        )

    def offer(self, **changed: Any) -> tuple[str, list[Json]]:
        """The first entry, with an age band under its grant, and the parts that it binds."""
        grant = self.grant(["age_band"])
        parts = [part("grant", grant), part("age_band", AGE)]
        items = [{"number": 1, "wish": "now"}]
        made = self.entry("offer", parts, **{"items": items, "grantId": grant["grantId"]} | changed)
        token = self.signed(made)
        self.log.append(token)
        return token, parts

    def write(self, kind: str, parts: list[Json] | None = None, **changed: Any) -> str:
        """The next entry of the suite's log, signed and kept."""
        token = self.signed(self.entry(kind, parts, **changed))
        self.log.append(token)
        return token

    def bundle(self, entries: list[str], parts: list[Json] | None = None) -> Json:
        """What an envelope holds of this referral."""
        found: Json = {"referralId": self.referral_id, "entries": entries}
        return {"bundle": found | ({"parts": parts} if parts else {})}

    def envelope(self, content: Json | bytes, **changed: Any) -> Envelope:
        """An envelope around it, to be changed by whoever is hostile."""
        return Envelope(self.network, self.author, self.target, content, **changed)


def _head(log: list[str]) -> Json:
    return {"seq": len(log), "hash": digest(log[-1])} if log else {}


@dataclass
class Envelope:
    """One envelope before it is sent. Each field can be set to what should be refused."""

    network: Network
    sender: Agency
    recipient: str
    content: Json | bytes
    header: Json = field(default_factory=dict)
    """Members of the header in place of the right ones; None leaves one out."""
    token: Json = field(default_factory=dict)
    """Members of the JWS around it, its `key`, or `twin`."""
    sealing: Json = field(default_factory=dict)
    """Members of the JWE's header."""
    padded: bytes = b""
    mid: str = field(default_factory=identifier)
    seal_to: str = ""
    """Whose key it is sealed to, if not the recipient's."""

    instead: str = ""
    """What goes in place of the sealed text."""

    def sealed(self) -> str:
        """The inside."""
        if self.instead:
            return self.instead
        plain = self.content if isinstance(self.content, bytes) else compact(self.content)
        to = self.network.sealing_key(self.seal_to or self.recipient)
        return seal(self.padded or pad(plain), to, self.sender.name, self.recipient, **self.sealing)

    def made(self) -> Json:
        """The bytes that travel."""
        inside = self.sealed()
        here = now()
        said = {
            "version": VERSION, "mid": self.mid, "iss": self.sender.name,
            "aud": self.recipient, "iat": moment(here),
            "exp": moment(here + timedelta(days=14)), "environment": self.network.environment,
            "digest": sha256(inside.encode()),
        } | self.header  # fmt: skip
        said = {name: one for name, one in said.items() if one is not None}
        token = dict(self.token)
        key = token.pop("key", self.sender.sign)
        payload = json.dumps(said, separators=(",", ":")).encode()
        return {"header": sign(payload, "onward-envelope+jws", key, **token), "sealed": inside}
