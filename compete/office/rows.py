"""Rows of any table to lines of JSON and back, as the database itself describes them."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice

import sqlalchemy as sa

REVISIONS = "alembic_version"  # written by the migrations themselves
BATCH = 1000


def tables(connection: sa.Connection) -> list[sa.Table]:
    """The tables of the database, those that others refer to first."""
    described = sa.MetaData()
    described.reflect(connection)
    for table in described.tables.values():
        for column in table.columns:
            if isinstance(column.type, sa.JSON):
                column.type = sa.JSON(none_as_null=True)
    return [table for table in described.sorted_tables if table.name != REVISIONS]


# --- out -----------------------------------------------------------------------------------------------------------


def lines(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    query = sa.select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    for row in connection.execute(query).mappings():
        document = {name: _plain(value) for name, value in row.items()}
        yield json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value):
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    return value


# --- in ------------------------------------------------------------------------------------------------------------


def load(connection: sa.Connection, table: sa.Table, source: Iterable[bytes]) -> None:
    """Inserts the lines. References of a table to itself are set when all its rows are there."""
    readers = {column.name: _reader(column) for column in table.columns}
    own = [column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    waiting = []
    source = iter(source)
    while batch := [_read(line, readers) for line in islice(source, BATCH)]:
        for row in batch:
            later = {name: row[name] for name in own if row[name] is not None}
            if later:
                waiting.append({"row_id": row["id"], **{f"new_{name}": row[name] for name in own}})
                row.update(dict.fromkeys(later))
        connection.execute(sa.insert(table), batch)
    if waiting:
        values = {name: sa.bindparam(f"new_{name}") for name in own}
        connection.execute(sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(values), waiting)
    _continue_numbers(connection, table)


def _read(line: bytes, readers: dict) -> dict:
    return {name: None if value is None else readers[name](value) for name, value in json.loads(line).items()}


def _reader(column: sa.Column):
    kind = column.type
    if isinstance(kind, sa.DateTime):
        # SQLite keeps UTC without saying so.
        return datetime.fromisoformat if kind.timezone else lambda text: datetime.fromisoformat(text).replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    return b64decode if isinstance(kind, sa.LargeBinary) else lambda value: value


def _continue_numbers(connection: sa.Connection, table: sa.Table) -> None:
    """PostgreSQL's counters know nothing of inserted ids: the next one must lie above them."""
    if connection.dialect.name != "postgresql" or "id" not in table.columns:
        return
    name = connection.dialect.identifier_preparer.format_table(table)
    counter = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(name, "id")))
    highest = connection.scalar(sa.select(sa.func.max(table.c.id)))
    if counter and highest is not None:
        connection.execute(sa.select(sa.func.setval(counter, highest)))
