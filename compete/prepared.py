"""Statements on the shortest way to the database: turned into SQL once, run by the driver itself.

For what happens at every touch of every tablet. Of the time that such a statement takes through SQLAlchemy's execution,
four fifths go into the same preparations again and again; the statements and their types stay SQLAlchemy's.
"""

from collections import namedtuple
from functools import cached_property

import sqlalchemy as sa


class Prepared:
    """`Prepared(statement)` of plain tables; every parameter a `bindparam`, no lists (IN) among them.

    Runs on the connection's own transaction. With somebody listening to the engine (tests that count queries), it takes the
    long way, so that nothing is hidden from them.
    """

    def __init__(self, statement):
        self._statement, self._made = statement, {}

    def one(self, connection, params: dict):
        """The first row, as a named tuple, or None."""
        rows = self.all(connection, params)
        return rows[0] if rows else None

    def all(self, connection, params: dict) -> list:
        if _listened(connection):
            return connection.execute(self._statement, params).all()
        made = self._on(connection)
        cursor = _run(connection, "execute", made.sql, made.bound(params))
        return made.rows(cursor.fetchall())

    def run(self, connection, params: dict) -> None:
        if _listened(connection):
            connection.execute(self._statement, params)
            return
        made = self._on(connection)
        _run(connection, "execute", made.sql, made.bound(params))

    def many(self, connection, params: list[dict]) -> None:
        if _listened(connection):
            connection.execute(self._statement, params)
            return
        made = self._on(connection)
        _run(connection, "executemany", made.sql, [made.bound(one) for one in params])

    def _on(self, connection) -> "_Made":
        dialect = connection.dialect
        if dialect.name not in self._made:
            self._made[dialect.name] = _Made(self._statement, dialect)
        return self._made[dialect.name]


class _Made:
    """The statement in the words of one kind of database."""

    def __init__(self, statement, dialect):
        compiled = statement.compile(dialect=dialect)
        self.sql, self._statement, self._dialect = str(compiled), statement, dialect
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        self._positional = compiled.positional
        fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        self._binds = [(name, compiled.binds[name].key, fixed.get(name), _into(compiled.binds[name].type, dialect)) for name in names]

    def bound(self, params: dict):
        values = [into(value) if into else value for value, into in
                  ((params.get(key, params.get(name, fixed)), into) for name, key, fixed, into in self._binds)]  # fmt: skip
        return values if self._positional else dict(zip((name for name, *_ in self._binds), values, strict=True))

    def rows(self, found: list) -> list:
        row, outs = self._row
        if not outs:
            return [row(*values) for values in found]
        shown = []
        for values in found:
            values = list(values)
            for at, out in outs:
                values[at] = out(values[at])
            shown.append(row(*values))
        return shown

    @cached_property
    def _row(self):
        """(what makes a row, [(place of a column, what reads it), …])."""
        columns = list(self._statement.exported_columns)
        names = [column.key for column in columns]
        outs = [(at, out) for at, column in enumerate(columns) if (out := column.type.dialect_impl(self._dialect).result_processor(self._dialect, None))]
        return namedtuple("Row", names, rename=True), outs


def _into(kind, dialect):
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _listened(connection) -> bool:
    return bool(connection.engine.dispatch.before_cursor_execute)


def _run(connection, how: str, sql: str, params):
    link, dialect = connection.connection, connection.dialect
    cursor = link.driver_connection.cursor()
    try:
        getattr(cursor, how)(sql, params)
    except dialect.loaded_dbapi.Error as error:
        if dialect.is_disconnect(error, link, cursor):
            connection.invalidate(error)
        raise sa.exc.DBAPIError.instance(sql, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect) from error
    return cursor
