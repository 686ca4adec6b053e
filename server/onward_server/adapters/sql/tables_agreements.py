"""The table of agreements with other agencies. Nothing in it is about a person."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from onward_server.adapters.sql.tables import metadata

agreements = Table(
    "agreements", metadata,
    Column("owner", String(253), nullable=False),
    Column("agreement_id", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("other", String(253), nullable=False),
    Column("signed", LargeBinary, nullable=False),
    Column("proof", LargeBinary, nullable=False),
    Column("ended_at", DateTime),
    PrimaryKeyConstraint("owner", "agreement_id", "version"),
    Index("agreements_other", "owner", "other"),
)  # fmt: skip
