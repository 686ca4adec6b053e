"""What two persons have to approve"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Bases other than consent, emergency openings, and how often each basis was used."""
    op.create_table(
        "approvals",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("approval_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.String(length=43), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("referral_id", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(length=64), nullable=False),
        sa.Column("tell_next", sa.DateTime(), nullable=True),
        sa.Column("told_late", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "approval_id"),
    )
    op.create_index("approvals_subject", "approvals", ["owner", "subject"], unique=False)
    op.create_index("approvals_month", "approvals", ["owner", "kind", "month"], unique=False)
    op.create_table(
        "approval_uses",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("approval_id", sa.String(length=64), nullable=False),
        sa.Column("referral_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("owner", "approval_id", "referral_id"),
    )
    op.create_index(
        "approval_uses_referral", "approval_uses", ["owner", "referral_id"], unique=False
    )
    op.create_table(
        "basis_counts",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "month", "basis"),
    )
