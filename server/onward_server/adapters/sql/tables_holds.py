"""Tables of what is kept from destruction, and of keys that wait for theirs."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from onward_server.adapters.sql.tables import metadata

holds = Table(
    "holds", metadata,
    Column("owner", String(253), nullable=False),
    Column("hold_id", String(64), nullable=False),
    Column("referral_id", String(64), nullable=False),
    Column("until", DateTime, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("owner", "hold_id"),
    Index("holds_referral", "owner", "referral_id"),
)  # fmt: skip

kept = Table(
    "kept", metadata,
    Column("owner", String(253), nullable=False),
    Column("referral_id", String(64), nullable=False),
    Column("withdrawal", String(43), nullable=False),
    Column("category", String(64), nullable=False),
    Column("law", String(32), nullable=False),
    Column("country", String(2), nullable=False),
    Column("until", DateTime, nullable=False),
    PrimaryKeyConstraint("owner", "referral_id", "withdrawal", "category"),
    Index("kept_due", "owner", "until"),
)  # fmt: skip

spent_keys = Table(
    "spent_keys", metadata,
    Column("owner", String(253), nullable=False),
    Column("referral_id", String(64), nullable=False),
    Column("key_id", String(160), nullable=False),
    PrimaryKeyConstraint("owner", "referral_id", "key_id"),
)  # fmt: skip
