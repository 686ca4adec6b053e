"""The table of previews that people were shown. Consents stand in tables.py."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, PrimaryKeyConstraint, String, Table

from onward_server.adapters.sql.tables import metadata

previews = Table(
    "previews", metadata,
    Column("owner", String(253), nullable=False),
    Column("preview_id", String(64), nullable=False),
    Column("key_id", String(160), nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("owner", "preview_id"),
)  # fmt: skip
