"""Legal holds, what is kept, and until when parts may be kept"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("owner", sa.String(253), nullable=False),
        sa.Column("hold_id", sa.String(64), nullable=False),
        sa.Column("referral_id", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("owner", "hold_id"),
    )
    op.create_index("holds_referral", "holds", ["owner", "referral_id"])
    op.create_table(
        "kept",
        sa.Column("owner", sa.String(253), nullable=False),
        sa.Column("referral_id", sa.String(64), nullable=False),
        sa.Column("withdrawal", sa.String(43), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("law", sa.String(32), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("owner", "referral_id", "withdrawal", "category"),
    )
    op.create_index("kept_due", "kept", ["owner", "until"])
    op.create_table(
        "spent_keys",
        sa.Column("owner", sa.String(253), nullable=False),
        sa.Column("referral_id", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(160), nullable=False),
        sa.PrimaryKeyConstraint("owner", "referral_id", "key_id"),
    )
    op.add_column(
        "parts", sa.Column("keep_days", sa.Integer, nullable=False, server_default=sa.text("0"))
    )
    op.add_column("parts", sa.Column("keep_until", sa.BigInteger))
    op.create_index("parts_keep", "parts", ["owner", "keep_until"])
    # When they came is not known: the node finds their time by their grant, at its first sweep.
    op.execute("UPDATE parts SET keep_until = 0 WHERE outcome = 'held' AND category <> 'grant'")
    op.add_column(
        "commits", sa.Column("swept", sa.Boolean, nullable=False, server_default=sa.true())
    )
