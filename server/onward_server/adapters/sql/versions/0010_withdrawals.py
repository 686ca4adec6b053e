"""Withdrawals that are relayed and reviewed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """What is still to be passed on, what belongs together for that, and marks of withdrawals."""
    op.create_table(
        "relays",
        sa.Column("n", NUMBER, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("referral_id", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.String(length=43), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("owner", "referral_id", "entry"),
    )
    op.create_index("relays_due", "relays", ["owner", "done", "n"], unique=False)
    op.create_table(
        "passed",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("source", sa.String(length=43), nullable=False),
        sa.Column("target", sa.String(length=43), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "source", "target"),
    )
    op.create_index("passed_target", "passed", ["owner", "target"], unique=False)
    op.create_table(
        "suspected",
        sa.Column("n", NUMBER, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("referral_id", sa.String(length=64), nullable=False),
        sa.Column("withdrawal", sa.String(length=43), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("owner", "referral_id", "withdrawal"),
    )
