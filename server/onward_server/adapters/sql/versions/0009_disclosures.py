"""Who received what"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One row for each entry that brought content to an agency."""
    op.create_table(
        "disclosures",
        sa.Column("n", NUMBER, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("referral_id", sa.String(length=64), nullable=False),
        sa.Column("entry_hash", sa.String(length=43), nullable=False),
        sa.Column("subject", sa.String(length=43), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("owner", "referral_id", "entry_hash"),
    )
    op.create_index("disclosures_subject", "disclosures", ["owner", "subject"], unique=False)
