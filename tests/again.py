"""What most tests begin with is made by its function once and then put in as rows: one message, not one for every kind of row."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from types import SimpleNamespace

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached

from compete.models import db

MOST = 500  # rows; more are made anew, for the few tests that want so many


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of each table that was written (on SQLite by the names of columns: migrations order them otherwise), and the kind
    and columns of all that was answered (lists stay lists)."""

    rows: dict[str, list[dict] | str]
    answer: dict


kept: dict[tuple, Kept] = {}


def again(make: Callable[..., SimpleNamespace]) -> Callable[..., SimpleNamespace]:
    """`make` adds rows, commits them and answers a namespace of rows and lists of rows. Called with the same arguments while the
    tables that it writes are empty, it leaves the same rows under the same numbers, and answers rows that know their columns."""

    @wraps(make)
    def made(*given, **named):
        key = make.__name__, db.engine.dialect.name, *(one.id for one in given), *sorted(named.items())
        found = kept.get(key)
        if found and not any(_counts(list(found.rows))):
            _put_in(found.rows)
            answer = SimpleNamespace(**{name: _row(one) for name, one in found.answer.items()})
            db.session.commit()
            return answer
        tables = [table.name for table in db.metadata.sorted_tables]
        before = _counts(tables)
        answer = make(*given, **named)
        written = [(name, was, now) for name, was, now in zip(tables, before, _counts(tables), strict=True) if was != now]
        if not any(was for _, was, _ in written) and sum(now for *_, now in written) <= MOST:
            kept[key] = Kept(_taken([name for name, *_ in written]), {name: _known(one) for name, one in vars(answer).items()})
        db.session.commit()
        return answer

    return made


def _counts(tables: list[str]) -> list[int]:
    return list(_driver().execute("SELECT " + ", ".join(f'(SELECT count(*) FROM "{name}")' for name in tables)).fetchone())


def _driver():
    """The connection of this test's session, as its driver has it."""
    return db.session.connection().connection.driver_connection


def _taken(tables: list[str]) -> dict[str, list[dict] | str]:
    if db.engine.dialect.name == "sqlite":
        found = {name: _driver().execute(f'SELECT * FROM "{name}"') for name in tables}
        return {name: [dict(zip([column[0] for column in cursor.description], row, strict=True)) for row in cursor] for name, cursor in found.items()}
    return {name: _driver().execute(f'SELECT json_agg(one)::text FROM "{name}" one').fetchone()[0] for name in tables}


def _put_in(rows: dict[str, list[dict] | str]) -> None:
    if db.engine.dialect.name == "sqlite":
        _driver().execute("PRAGMA defer_foreign_keys = ON")
        for name, several in rows.items():
            columns = ", ".join(f'"{column}"' for column in several[0])
            _driver().executemany(f'INSERT INTO "{name}" ({columns}) VALUES ({", ".join("?" * len(several[0]))})', [tuple(row.values()) for row in several])
    else:
        work = ["SET LOCAL session_replication_role = replica"]  # the rows refer to each other as they did before
        for name, text in rows.items():
            work.append(f'INSERT INTO "{name}" SELECT * FROM json_populate_recordset(NULL::"{name}", $rows${text}$rows$)')
            work.append(f"SELECT setval('\"{name}_id_seq\"', {max(one['id'] for one in json.loads(text))})")
        _driver().execute("; ".join(work))


def _known(one):
    """(kind, columns) of a row. It forgets what it leads to, so that the first time is as every other."""
    if isinstance(one, list):
        return [_known(row) for row in one]
    mapper = sa.inspect(type(one))
    columns = {column.key: deepcopy(getattr(one, column.key)) for column in mapper.column_attrs}
    db.session.expire(one, list(mapper.relationships.keys()))
    return type(one), columns


def _row(known):
    if isinstance(known, list):
        return [_row(one) for one in known]
    row = known[0](**deepcopy(known[1]))
    make_transient_to_detached(row)
    db.session.add(row)
    return row
