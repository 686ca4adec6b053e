"""Alembic's entry: runs the migrations of this folder."""

from alembic import context

from onward_server.adapters.sql.store import engine_for
from onward_server.adapters.sql.tables import metadata

url = context.config.get_main_option("sqlalchemy.url")
assert url is not None
engine = engine_for(url)
with engine.connect().execution_options(writes=True) as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
