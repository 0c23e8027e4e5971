"""Runs the migrations on the application's own engine. Migrations name plain column types, never the code of today."""

from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import DateTime, LargeBinary

from compete.models import db
from compete.models.base import Encrypted, UtcDateTime


def plain_type(kind, item, autogen_context):
    """How our own column types are written into a migration."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return repr(DateTime(timezone=True)).replace("DateTime", "sa.DateTime")
    if kind == "type" and isinstance(item, Encrypted):
        return repr(LargeBinary()).replace("LargeBinary", "sa.LargeBinary")
    return False


def run() -> None:
    given = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection, _references_rest(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=plain_type,
            **{**given, "compare_type": True, "render_as_batch": True},
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


@contextmanager
def _references_rest(connection):
    """SQLite changes a column by making its table anew; meanwhile rows that refer to the old one must not stop it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # without effect inside a transaction, so before the first
    try:
        yield
        if broken := driver.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"rows that refer to nothing after the upgrade: {broken[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


run()
