"""One referral as the suite writes it: its own log, parts with their grants, and envelopes."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from onward_conformance.jose import b64, compact, digest, pad, seal, sha256, sign, unb64
from onward_conformance.network import VERSION, Agency, Network, moment, now

Json = dict[str, Any]
AGE: Json = {"band": "a24_26", "ageClass": "adult"}
"""A category that an offer can carry."""


def identifier() -> str:
    """128 random bits."""
    return b64(os.urandom(16))


def part(category: str, content: Json, *, salt: bytes = b"") -> Json:
    """A part of one category, with a random salt."""
    text = compact(content).decode()
    return {"category": category, "salt": b64(salt or os.urandom(32)), "content": text}


def part_digest(one: Json) -> str:
    """What binds a part: its category, its salt and its text."""
    said = b"onward-part\0" + one["category"].encode() + b"\0"
    return sha256(said + unb64(one["salt"]) + one["content"].encode())


@dataclass
class Referral:
    """A referral that an agency of the suite offers to the target."""

    network: Network
    author: Agency
    referral_id: str = field(default_factory=identifier)
    log: list[str] = field(default_factory=list)
    seen: Json = field(default_factory=dict)
    """Head of the target's log, as the suite has it."""

    @property
    def target(self) -> str:
        """The target's agency."""
        name: str = self.network.target["agency"]
        return name

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
            "recipient": self.target, "round": 1, "seq": len(self.log) + 1,
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

    def bundle(self, entries: list[str], parts: list[Json] | None = None) -> Json:
        """What an envelope holds of this referral."""
        found: Json = {"referralId": self.referral_id, "entries": entries}
        return {"bundle": found | ({"parts": parts} if parts else {})}

    def envelope(self, content: Json | bytes, **changed: Any) -> Envelope:
        """An envelope around it, to be changed by whoever is hostile."""
        return Envelope(self.network, self.author, content, **changed)


@dataclass
class Envelope:
    """One envelope before it is sent. Each field can be set to what should be refused."""

    network: Network
    sender: Agency
    content: Json | bytes
    header: Json = field(default_factory=dict)
    """Members of the header in place of the right ones; None leaves one out."""
    token: Json = field(default_factory=dict)
    """Members of the JWS around it, its `key`, or `twin`."""
    sealing: Json = field(default_factory=dict)
    """Members of the JWE's header."""
    padded: bytes = b""
    mid: str = field(default_factory=identifier)

    def sealed(self) -> str:
        """The inside."""
        plain = self.content if isinstance(self.content, bytes) else compact(self.content)
        (to,) = list(self.network.key_of_target("seal").values())[-1:]
        target = self.network.target["agency"]
        return seal(self.padded or pad(plain), to, self.sender.name, target, **self.sealing)

    def made(self) -> Json:
        """The bytes that travel."""
        inside = self.sealed()
        here = now()
        said = {
            "version": VERSION, "mid": self.mid, "iss": self.sender.name,
            "aud": self.network.target["agency"], "iat": moment(here),
            "exp": moment(here + timedelta(days=14)), "environment": self.network.environment,
            "digest": sha256(inside.encode()),
        } | self.header  # fmt: skip
        said = {name: one for name, one in said.items() if one is not None}
        token = dict(self.token)
        key = token.pop("key", self.sender.sign)
        payload = json.dumps(said, separators=(",", ":")).encode()
        return {"header": sign(payload, "onward-envelope+jws", key, **token), "sealed": inside}
