"""Tables of what two persons have to approve, and how often each basis was used."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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

approvals = Table(
    "approvals", metadata,
    Column("owner", String(253), nullable=False),
    Column("approval_id", String(64), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("version", Integer, nullable=False),
    Column("stage", String(8), nullable=False),
    Column("until", DateTime, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("subject", String(43), nullable=False),
    Column("basis", String(64), nullable=False),
    Column("referral_id", String(64), nullable=False),
    Column("month", String(7), nullable=False),
    Column("uses", Integer, nullable=False),
    Column("finding", String(64), nullable=False),
    Column("tell_next", DateTime),
    Column("told_late", Boolean, nullable=False),
    PrimaryKeyConstraint("owner", "approval_id"),
    Index("approvals_subject", "owner", "subject"),
    Index("approvals_month", "owner", "kind", "month"),
)  # fmt: skip

approval_uses = Table(
    "approval_uses", metadata,
    Column("owner", String(253), nullable=False),
    Column("approval_id", String(64), nullable=False),
    Column("referral_id", String(64), nullable=False),
    PrimaryKeyConstraint("owner", "approval_id", "referral_id"),
    Index("approval_uses_referral", "owner", "referral_id"),
)  # fmt: skip

basis_counts = Table(
    "basis_counts", metadata,
    Column("owner", String(253), nullable=False),
    Column("month", String(7), nullable=False),
    Column("basis", String(64), nullable=False),
    Column("uses", Integer, nullable=False),
    PrimaryKeyConstraint("owner", "month", "basis"),
)  # fmt: skip
