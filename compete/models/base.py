"""The database handle, naming of constraints, and column types shared by all tables."""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMES)


# Objects stay readable after a commit: a page is rendered from what the transaction saw.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class UtcDateTime(TypeDecorator):
    """An aware UTC instant; SQLite keeps it naive, so the zone is added on the way out, and PostgreSQL tells it in its own zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time was about to be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(bytes):
    """What was encrypted before the transaction that stores it (see `sealed`)."""


class Encrypted(TypeDecorator):
    """Text that is encrypted at rest (PIPL); the key lives outside the database."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect):
        return value if value is None or isinstance(value, Sealed) else current_app.extensions["vault"].seal(value)

    def process_result_value(self, value, dialect):
        return None if value is None else current_app.extensions["vault"].open(bytes(value))


class EncryptedJson(Encrypted):
    """A JSON document with personal data in it (an import's rows, a payee's papers)."""

    cache_ok = True

    def process_bind_param(self, value, dialect):
        return super().process_bind_param(value if value is None or isinstance(value, Sealed) else json.dumps(value, ensure_ascii=False), dialect)

    def process_result_value(self, value, dialect):
        text = super().process_result_value(value, dialect)
        return None if text is None else json.loads(text)


def sealed(value):
    """A text or a document for an encrypted column: ten thousand rows of an import keep no lock while they are encrypted."""
    return None if value is None else Sealed(current_app.extensions["vault"].seal(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))


# Points and money may pass 2**31 (units of 1/10000 over a common denominator, fen).
Whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Id = Whole
Document = sa.JSON(none_as_null=True)


def identity():
    """A surrogate key."""
    return mapped_column(Id, primary_key=True, autoincrement=True)


def choice(column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def only_one(name: str, column: str, condition: str) -> sa.Index:
    """At most one row per `column` for which the condition holds: one draw in force, one standing release."""
    return sa.Index(name, column, unique=True, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))
