"""Which rows belong to a contest: found from the tables' foreign keys, so that a table added later is not forgotten."""

from functools import cache

import sqlalchemy as sa

from compete.models import db

CONTEST, TRAIL = "contest", "audit_record"
# Tables whose rows belong to no contest.
COMMON = {"user", "invitation", "series", "column_memory", "system_chain"}


def tables() -> list[sa.Table]:
    """All tables with rows of contests, those that others refer to first; the contest itself is the first of them."""
    return [table for table in db.metadata.sorted_tables if table.name not in COMMON and not table.name.startswith("alembic")]


@cache
def ways() -> dict[str, tuple[sa.Column, ...]]:
    """{table: its columns that lead to a contest}: one that is never empty and leads there shortest, else all that may be set."""
    found: dict[str, tuple] = {CONTEST: (), TRAIL: ()}
    waiting = [table for table in tables() if table.name not in found]
    while waiting:
        step = {table.name: keys for table in waiting if (keys := _keys(table, found, sure=True)[:1])}
        # What always belongs somewhere is found first; the rest belongs where any of its columns leads.
        step = step or {table.name: keys for table in waiting if (keys := _keys(table, found, sure=False))}
        if not step:
            raise LookupError(f"no way to a contest: {[table.name for table in waiting]}")
        found |= step
        waiting = [table for table in waiting if table.name not in step]
    return found


def _keys(table: sa.Table, found: dict, *, sure: bool) -> tuple[sa.Column, ...]:
    keys = sorted(table.foreign_keys, key=lambda key: key.parent.name)
    return tuple(key.parent for key in keys if key.column.table is not table and key.column.table.name in found and not (sure and key.parent.nullable))


def of_contest(table: sa.Table, contest_id: int) -> sa.ColumnElement:
    """The condition under which a row of the table belongs to the contest."""
    if table.name == CONTEST:
        return table.c.id == contest_id
    if table.name == TRAIL:
        return table.c.chain == contest_id
    return sa.or_(*(_leads(column, contest_id) for column in ways()[table.name]))


def _leads(column: sa.Column, contest_id: int) -> sa.ColumnElement:
    target = next(iter(column.foreign_keys)).column
    if target.table.name == CONTEST:
        return column == contest_id
    return column.in_(sa.select(target).where(of_contest(target.table, contest_id)))


def counts(contest_id: int) -> dict[str, int]:
    """{table: rows of the contest}, where there are any."""
    rows = [sa.select(sa.literal(table.name), sa.func.count()).select_from(table).where(of_contest(table, contest_id)) for table in tables()]
    return {name: number for name, number in db.session.execute(sa.union_all(*rows)) if number}
