"""Consents: found by a keyed digest of the person; previews that people were shown"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """The blind index, and the previews, which say nothing in clear."""
    op.add_column("consents", sa.Column("subject", sa.String(length=43), nullable=True))
    op.create_index("consents_subject", "consents", ["owner", "subject"], unique=False)
    op.create_table(
        "previews",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("preview_id", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=160), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "preview_id"),
    )
