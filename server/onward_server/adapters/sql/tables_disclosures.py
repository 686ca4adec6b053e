"""The table of who received what. It holds no content, and outlives what it speaks of."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    DateTime,
    Index,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from onward_server.adapters.sql.tables import Number, metadata

disclosures = Table(
    "disclosures", metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    Column("owner", String(253), nullable=False),
    Column("referral_id", String(64), nullable=False),
    Column("entry_hash", String(43), nullable=False),
    Column("subject", String(43), nullable=False),
    Column("received_at", DateTime),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("owner", "referral_id", "entry_hash"),
    Index("disclosures_subject", "owner", "subject"),
)  # fmt: skip
