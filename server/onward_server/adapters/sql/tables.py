"""The tables. Every row belongs to one agency (`owner`), so that a node may host several.

No column holds anything of a person in clear: what is personal stands in `content`, encrypted.
Migrations stand in versions/; a test holds them equal to this.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

# SQLite numbers rows by itself only in a column of exactly this type.
Number = BigInteger().with_variant(Integer, "sqlite")


def _owner() -> Column[str]:
    return Column("owner", String(253), nullable=False)


def _referral() -> Column[str]:
    return Column("referral_id", String(64), nullable=False)


referrals = Table(
    "referrals", metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    _owner(), _referral(),
    Column("origin", String(253), nullable=False),
    Column("destination", String(253), nullable=False),
    Column("consent_id", String(64), nullable=False),
    UniqueConstraint("owner", "referral_id"),
    Index("referrals_consent", "owner", "consent_id"),
)  # fmt: skip

entries = Table(
    "entries", metadata,
    _owner(), _referral(),
    Column("side", String(11), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(43), nullable=False),
    Column("jws", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("delivered", Boolean, nullable=False),
    PrimaryKeyConstraint("owner", "referral_id", "side", "seq"),
)  # fmt: skip

parts = Table(
    "parts", metadata,
    _owner(), _referral(),
    Column("digest", String(43), nullable=False),
    Column("category", String(64), nullable=False),
    Column("side", String(11), nullable=False),
    Column("entry_hash", String(43), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("key_id", String(160), nullable=False),
    Column("content", LargeBinary),
    Column("reported", Boolean, nullable=False),
    Column("delivered", Boolean, nullable=False),
    PrimaryKeyConstraint("owner", "referral_id", "digest"),
)  # fmt: skip

links = Table(
    "links", metadata,
    _owner(), _referral(),
    Column("target", String(43), nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("owner", "referral_id", "target"),
    Index("links_target", "owner", "target"),
)  # fmt: skip

journal = Table(
    "journal", metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    _owner(), _referral(),
    Column("note", LargeBinary, nullable=False),
    Index("journal_referral", "owner", "referral_id"),
)  # fmt: skip

journal_content = Table(
    "journal_content", metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    Column("note", Number, nullable=False),
    Column("key_id", String(160), nullable=False),
    Column("content", LargeBinary, nullable=False),
    ForeignKeyConstraint(["note"], ["journal.n"]),
)  # fmt: skip

consents = Table(
    "consents", metadata,
    _owner(),
    Column("consent_id", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("key_id", String(160), nullable=False),
    Column("content", LargeBinary, nullable=False),
    # A keyed digest of the person: what the agency has of one is found by it. Absent in versions
    # that are older than the index.
    Column("subject", String(43), nullable=True),
    PrimaryKeyConstraint("owner", "consent_id", "version"),
    Index("consents_subject", "owner", "subject"),
)  # fmt: skip

answers = Table(
    "answers", metadata,
    _owner(),
    Column("client", String(128), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("asked", String(43), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    PrimaryKeyConstraint("owner", "client", "request_id"),
)  # fmt: skip

events = Table(
    "events", metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    _owner(), _referral(),
    Column("kind", String(16), nullable=False),
)  # fmt: skip

audit = Table(
    "audit", metadata,
    _owner(),
    Column("seq", Number, nullable=False),
    Column("record", LargeBinary, nullable=False),
    PrimaryKeyConstraint("owner", "seq"),
)  # fmt: skip

outbox = Table(
    "outbox", metadata,
    _owner(), _referral(),
    Column("recipient", String(253), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", DateTime, nullable=False),
    Column("reason", String(32), nullable=False),
    PrimaryKeyConstraint("owner", "referral_id"),
    Index("outbox_due", "owner", "next_at"),
)  # fmt: skip

receipts = Table(
    "receipts", metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    _owner(), _referral(),
    Column("mid", String(64), nullable=False),
    Column("header", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    UniqueConstraint("owner", "mid"),
    Index("receipts_referral", "owner", "referral_id"),
)  # fmt: skip

deliveries = Table(
    "deliveries", metadata,
    _owner(),
    Column("iss", String(253), nullable=False),
    Column("mid", String(64), nullable=False),
    Column("header", String(43), nullable=False),
    Column("receipt", Text, nullable=False),
    PrimaryKeyConstraint("owner", "iss", "mid"),
)  # fmt: skip

erasures = Table(
    "erasures", metadata,
    _owner(), _referral(),
    Column("withdrawal", String(43), nullable=False),
    Column("due_at", DateTime, nullable=False),
    Column("done", Boolean, nullable=False),
    PrimaryKeyConstraint("owner", "referral_id", "withdrawal"),
)  # fmt: skip

peers = Table(
    "peers", metadata,
    _owner(),
    Column("agency", String(253), nullable=False),
    PrimaryKeyConstraint("owner", "agency"),
)  # fmt: skip

service_lists = Table(
    "service_lists", metadata,
    _owner(),
    Column("agency", String(253), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("jws", Text, nullable=False),
    Column("confirmed_at", DateTime),
    Column("failed", String(32), nullable=False),
    PrimaryKeyConstraint("owner", "agency"),
)  # fmt: skip

trust_lists = Table(
    "trust_lists", metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("signed", LargeBinary, nullable=False),
)  # fmt: skip

assertions = Table(
    "assertions", metadata,
    Column("client", String(128), nullable=False),
    Column("jti", String(128), nullable=False),
    Column("expires", Number, nullable=False),
    PrimaryKeyConstraint("client", "jti"),
)  # fmt: skip

standing_offers = Table(
    "standing_offers", metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    _owner(),
    Column("offer_id", String(64), nullable=False),
    Column("serial", String(3), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("proof_key", LargeBinary),
    UniqueConstraint("owner", "offer_id"),
    Index("standing_serial", "owner", "serial"),
)  # fmt: skip

knocks = Table(
    "knocks", metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    _owner(),
    Column("knock_id", String(64), nullable=False),
    Column("sender", String(253), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("waits", Boolean, nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("times", Integer, nullable=False),
    Column("content", LargeBinary),
    UniqueConstraint("owner", "knock_id"),
    Index("knocks_sender", "owner", "sender", "made_at"),
    Index("knocks_waiting", "owner", "waits"),
)  # fmt: skip

knock_posts = Table(
    "knock_posts", metadata,
    _owner(),
    Column("wire_id", String(64), nullable=False),
    Column("knock_id", String(64), nullable=False),
    Column("recipient", String(253), nullable=False),
    Column("passes", Boolean, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("content", LargeBinary),
    Column("expects", LargeBinary),
    PrimaryKeyConstraint("owner", "wire_id"),
    Index("knock_posts_due", "owner", "state", "next_at"),
    Index("knock_posts_knock", "owner", "knock_id"),
)  # fmt: skip

guesses = Table(
    "guesses", metadata,
    _owner(),
    Column("agency", String(253), nullable=False),
    Column("serial", String(3), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_at", DateTime, nullable=False),
    Column("until", DateTime, nullable=False),
    PrimaryKeyConstraint("owner", "agency", "serial"),
)  # fmt: skip

commits = Table(
    "commits", metadata,
    Column("owner", String(253), primary_key=True),
    Column("line", String(43), nullable=False),
    Column("number", Number, nullable=False),
    Column("restores", Integer, nullable=False),
)  # fmt: skip

restored = Table(
    "restored", metadata,
    _owner(),
    Column("other", String(253), nullable=False),
    _referral(),
    Column("attempts", Integer, nullable=False),
    Column("next_at", DateTime, nullable=False),
    PrimaryKeyConstraint("owner", "other", "referral_id"),
)  # fmt: skip

set_aside = Table(
    "set_aside", metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    _owner(), _referral(),
    Column("jws", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("again", Boolean, nullable=False),
    Column("at_once", Boolean, nullable=False),
    Index("set_aside_referral", "owner", "referral_id"),
)  # fmt: skip

nonces = Table(
    "nonces", metadata,
    _owner(),
    Column("iss", String(253), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("expires", DateTime, nullable=False),
    PrimaryKeyConstraint("owner", "iss", "nonce"),
)  # fmt: skip
