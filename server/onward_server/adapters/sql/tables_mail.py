"""Tables of mail: what this node holds for others, and what others hold of its own."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from onward_server.adapters.sql.tables import Number, metadata

mail = Table(
    "mail", metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    Column("owner", String(253), nullable=False),
    Column("iss", String(253), nullable=False),
    Column("mid", String(64), nullable=False),
    Column("aud", String(253), nullable=False),
    Column("digest", String(43), nullable=False),
    Column("header", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("until", DateTime, nullable=False),
    Column("barred", Boolean, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("size", Integer, nullable=False),
    UniqueConstraint("owner", "iss", "mid"),
    Index("mail_recipient", "owner", "aud", "n"),
    Index("mail_until", "owner", "until"),
)  # fmt: skip

posted = Table(
    "posted", metadata,
    Column("owner", String(253), nullable=False),
    Column("mid", String(64), nullable=False),
    Column("recipient", String(253), nullable=False),
    Column("header", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("since", DateTime, nullable=False),
    Column("until", DateTime, nullable=False),
    Column("referral_id", String(64), nullable=False),
    Column("wire_id", String(64), nullable=False),
    Column("upto", Integer, nullable=False),
    Column("parts", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    PrimaryKeyConstraint("owner", "mid"),
    Index("posted_referral", "owner", "referral_id"),
    Index("posted_knock", "owner", "wire_id"),
)  # fmt: skip
