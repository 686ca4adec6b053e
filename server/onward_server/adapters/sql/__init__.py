"""The store on a database, through SQLAlchemy: SQLite embedded, PostgreSQL in production."""
