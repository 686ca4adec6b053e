"""Standing offers and knocks"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "standing_offers",
        sa.Column("n", NUMBER, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("offer_id", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=3), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("proof_key", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("owner", "offer_id"),
    )
    op.create_index("standing_serial", "standing_offers", ["owner", "serial"])
    op.create_table(
        "knocks",
        sa.Column("n", NUMBER, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("knock_id", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=253), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("owner", "knock_id"),
    )
    op.create_index("knocks_sender", "knocks", ["owner", "sender", "made_at"])
    op.create_index("knocks_waiting", "knocks", ["owner", "waits"])
    op.create_table(
        "knock_posts",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("wire_id", sa.String(length=64), nullable=False),
        sa.Column("knock_id", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.String(length=253), nullable=False),
        sa.Column("passes", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("expects", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("owner", "wire_id"),
    )
    op.create_index("knock_posts_due", "knock_posts", ["owner", "state", "next_at"])
    op.create_index("knock_posts_knock", "knock_posts", ["owner", "knock_id"])
    op.create_table(
        "guesses",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("agency", sa.String(length=253), nullable=False),
        sa.Column("serial", sa.String(length=3), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "agency", "serial"),
    )
