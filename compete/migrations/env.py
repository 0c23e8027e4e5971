"""Runs the migrations on the application's own engine. Migrations name plain column types, never the code of today."""

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
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=plain_type,
            **{**given, "compare_type": True, "render_as_batch": True},
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
