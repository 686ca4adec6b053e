"""Another agency with keys of its own on the trust list, and software that keeps no rules."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.message import Message

from onward.core import entries, envelopes, jose, parts, spec, trust
from onward.core.acts import Act
from onward.core.clock import stamp
from onward.core.parse import to_json
from onward.v1.consent_pb2 import Grant
from onward.v1.entry_pb2 import Entry, Item, PartRef
from onward.v1.envelope_pb2 import Bundle, Envelope, EnvelopeHeader, Part, Sealed
from onward.v1.trust_pb2 import Agency
from onward_server.app import provision

MALLORY = "mallory.example"
LIFE = timedelta(hours=1)


class Hostile:
    """Builds whatever it likes out of the protocol's own pieces, well signed."""

    def __init__(self, agency: str = MALLORY) -> None:
        self.agency = agency
        self.signing, self.sealing = jose.new_key(), jose.new_key()

    def entry_in_list(self) -> Agency:
        """As it stands in the trust list."""
        now = datetime.now(UTC) - timedelta(days=1)
        made = Agency(
            agency=self.agency, country="IN", kind="ngo_local", status="active",
            versions=[entries.VERSION], rest="http://127.0.0.1:9", grpc="127.0.0.1:9",
            purposes=spec.registries()["consent_purpose"].allowed(),
        )  # fmt: skip
        for use, key in (("sign", self.signing), ("seal", self.sealing)):
            made.keys.append(trust.agency_key(key, use, now, now + provision.KEY_LIFE))
        return made

    def case(self, target: Agency) -> Case:
        """A referral to another agency."""
        return Case(self, target)

    def envelope(
        self, target: Agency, bundle: Bundle, *, mid: str = "", sealed_for: str = "", **header: Any
    ) -> Envelope:
        """An envelope whose header says what it is told to say."""
        key = next(one for one in target.keys if one.use == "seal")
        text = jose.seal(
            envelopes.pad(to_json(Sealed(bundle=bundle))), jose.public_key(key.x, key.y),
            self.agency, sealed_for or target.agency,
        )  # fmt: skip
        now = datetime.now(UTC)
        says = {
            "version": entries.VERSION, "mid": mid or secrets.token_urlsafe(16),
            "iss": self.agency, "aud": target.agency, "iat": stamp(now), "exp": stamp(now + LIFE),
            "environment": "test", "digest": jose.sha256(text.encode()),
        }  # fmt: skip
        made = EnvelopeHeader(**{**says, **header})
        return Envelope(header=jose.sign(to_json(made), jose.ENVELOPE, self.signing), sealed=text)


class Case:
    """One referral of the hostile agency, with its log."""

    def __init__(self, peer: Hostile, target: Agency) -> None:
        self.peer, self.target = peer, target
        self.referral_id = secrets.token_urlsafe(16)
        self.log: list[Act] = []
        self.tokens: list[str] = []
        self.sent: list[Part] = []

    def write(self, kind: str, *, content: list[Message] | None = None, **fields: Any) -> str:
        """The next entry, allowed or not. Gives its JWS; its parts wait in `sent`."""
        self.sent = [parts.make(one, secrets.token_bytes(32)) for one in content or []]
        entry = Entry(
            version=entries.VERSION, referral_id=self.referral_id, author=self.peer.agency,
            recipient=self.target.agency, round=1, seq=len(self.log) + 1,
            prev=self.log[-1].hash if self.log else "", seen=entries.head([]), kind=kind,
            time=stamp(datetime.now(UTC)),
            parts=[PartRef(category=p.category, digest=parts.digest(p)) for p in self.sent],
        )  # fmt: skip
        for name, value in fields.items():
            if isinstance(value, Message):
                getattr(entry, name).CopyFrom(value)
            elif isinstance(value, list):
                del getattr(entry, name)[:]
                getattr(entry, name).extend(value)
            else:
                setattr(entry, name, value)
        token = entries.sign(entry, self.peer.signing)
        self.log.append(entries.act(token, "origin", entry))
        self.tokens.append(token)
        return token

    def offer(self) -> str:
        """A proper beginning."""
        return self.write("offer", items=[Item(number=1, wish="now")])

    def grant(self, *categories: str, **changes: Any) -> Grant:
        """A grant for these categories."""
        now = datetime.now(UTC)
        given = {
            "grant_id": secrets.token_urlsafe(16), "referral_id": self.referral_id,
            "grantor": self.peer.agency, "grantee": self.target.agency, "basis": "consent",
            "purposes": ["service_delivery"], "categories": categories, "onward_sharing": "none",
            "feedback": "status_only", "issued_at": stamp(now), "valid_until": stamp(now + LIFE),
            "retention_days": 30,
        }  # fmt: skip
        return Grant(**{**given, **changes})

    def envelope(self, *tokens: str, content: list[Part] | None = None, **header: Any) -> Envelope:
        """These entries, and the parts of the last one that was written."""
        bundle = Bundle(
            referral_id=self.referral_id, entries=tokens,
            parts=self.sent if content is None else content,
        )  # fmt: skip
        return self.peer.envelope(self.target, bundle, **header)
