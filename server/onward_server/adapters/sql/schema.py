"""Which schema a database has, and bringing it to the newest.

Alembic is loaded by whoever changes a schema. Whoever only asks for one does without: a node that
starts, and every command that opens a database, would load it for half a second.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Engine, column, inspect, select, table

HERE = Path(__file__).parent

_VERSION = table("alembic_version", column("version_num"))
"""Alembic's own, in each database."""


def migrate(url: str) -> str:
    """Bring the database to the newest schema. Gives its revision."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")
    return newest_schema()


@cache
def newest_schema() -> str:
    """The revision of the schema that this code needs: the files' names begin with theirs."""
    return max(one.name for one in (HERE / "versions").glob("[0-9]*_*.py")).partition("_")[0]


def schema_of(engine: Engine) -> str:
    """The revision that a database has; an empty string if it has none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(_VERSION.name):
            return ""
        return connection.execute(select(_VERSION.c.version_num)).scalar() or ""
