"""Agreements with other agencies"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Every version that was taken, as it was signed."""
    op.create_table(
        "agreements",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("agreement_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("other", sa.String(length=253), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("owner", "agreement_id", "version"),
    )
    op.create_index("agreements_other", "agreements", ["owner", "other"], unique=False)
