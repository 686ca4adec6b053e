"""Mail: what a node holds for others, and what others hold of its own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("n", NUMBER, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(253), nullable=False),
        sa.Column("iss", sa.String(253), nullable=False),
        sa.Column("mid", sa.String(64), nullable=False),
        sa.Column("aud", sa.String(253), nullable=False),
        sa.Column("digest", sa.String(43), nullable=False),
        sa.Column("header", sa.Text, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
        sa.Column("barred", sa.Boolean, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("owner", "iss", "mid"),
    )
    op.create_index("mail_recipient", "mail", ["owner", "aud", "n"])
    op.create_index("mail_until", "mail", ["owner", "until"])
    op.create_table(
        "posted",
        sa.Column("owner", sa.String(253), nullable=False),
        sa.Column("mid", sa.String(64), nullable=False),
        sa.Column("recipient", sa.String(253), nullable=False),
        sa.Column("header", sa.Text, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
        sa.Column("referral_id", sa.String(64), nullable=False),
        sa.Column("wire_id", sa.String(64), nullable=False),
        sa.Column("upto", sa.Integer, nullable=False),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("owner", "mid"),
    )
    op.create_index("posted_referral", "posted", ["owner", "referral_id"])
    op.create_index("posted_knock", "posted", ["owner", "wire_id"])
