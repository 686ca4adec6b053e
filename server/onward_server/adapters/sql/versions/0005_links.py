"""How referrals belong together"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Links, which are found by keyed digests and say nothing in clear."""
    op.create_table(
        "links",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("referral_id", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=43), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "referral_id", "target"),
    )
    op.create_index("links_target", "links", ["owner", "target"], unique=False)
    op.create_index("referrals_consent", "referrals", ["owner", "consent_id"], unique=False)
