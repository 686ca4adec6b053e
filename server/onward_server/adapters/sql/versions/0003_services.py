"""Lists of services"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "service_lists",
        sa.Column("owner", sa.String(length=253), nullable=False),
        sa.Column("agency", sa.String(length=253), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("failed", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("owner", "agency"),
    )
