"""What tells that a database was restored from a backup"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "commits",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("line", sa.String(length=43), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("restores", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("owner"),
    )
    op.create_table(
        "restored",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("other", sa.String(length=253), nullable=False),
        sa.Column("referral_id", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "other", "referral_id"),
    )
    op.create_table(
        "set_aside",
        sa.Column("n", NUMBER, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("referral_id", sa.String(length=64), nullable=False),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("n"),
    )
    op.create_index("set_aside_referral", "set_aside", ["owner", "referral_id"], unique=False)
    op.create_table(
        "nonces",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("iss", sa.String(length=253), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "iss", "nonce"),
    )


def downgrade() -> None:
    op.drop_table("nonces")
    op.drop_index("set_aside_referral", table_name="set_aside")
    op.drop_table("set_aside")
    op.drop_table("restored")
    op.drop_table("commits")
