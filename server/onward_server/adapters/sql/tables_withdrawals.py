"""Tables of withdrawals that reach further than their own referral, or wait for a review."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from onward_server.adapters.sql.tables import Number, _owner, _referral, metadata

relays = Table(
    "relays", metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    _owner(), _referral(),
    Column("entry", String(43), nullable=False),
    Column("at_once", Boolean, nullable=False),
    Column("done", Boolean, nullable=False),
    UniqueConstraint("owner", "referral_id", "entry"),
    Index("relays_due", "owner", "done", "n"),
)  # fmt: skip

passed = Table(
    "passed", metadata,
    _owner(),
    Column("source", String(43), nullable=False),
    Column("target", String(43), nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("owner", "source", "target"),
    Index("passed_target", "owner", "target"),
)  # fmt: skip

suspected = Table(
    "suspected", metadata,
    Column("n", Number, primary_key=True, autoincrement=True),
    _owner(), _referral(),
    Column("withdrawal", String(43), nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("owner", "referral_id", "withdrawal"),
)  # fmt: skip
