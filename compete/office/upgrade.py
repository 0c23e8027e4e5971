"""The database's revision: where it stands, and bringing it to the newest one.

Which revisions exist is read from the files themselves: Alembic is loaded only when there is something to upgrade,
which spares every other start some of its time.
"""

import re
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app

from compete.models import db
from scoring.problems import Problem

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
LOCK = 0x_C0_3B_E7E  # any number, the same in every process: PostgreSQL's advisory lock of an upgrade
SETTING = re.compile(r"""^(revision|down_revision)\b.*?= *(?:None|['"](.*?)['"])""", re.MULTILINE)


@cache
def revisions() -> dict[str, str | None]:
    """Every revision and the one before it."""
    found = {}
    for path in (MIGRATIONS / "versions").glob("*.py"):
        settings = dict(SETTING.findall(path.read_text("utf-8")))
        found[settings["revision"]] = settings["down_revision"] or None
    return found


def newest() -> str:
    (last,) = set(revisions()) - set(revisions().values())
    return last


def current() -> str | None:
    """The revision of the database; None for one without tables of ours."""
    with db.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))


def obstacle() -> Problem | None:
    """Why this database cannot be used by this program, if so."""
    revision = current()
    if revision is None and set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}:
        message = "里面已有别的数据表，不是赛评建立的"
        return Problem("database.foreign", "数据库", message, "请换一个空的数据库或数据文件夹")
    if revision is not None and revision not in revisions():
        message = f"数据由更新版本的赛评建立（{revision}），这个版本读不了"
        return Problem("database.newer", "数据库", message, "请更新赛评后再启动")
    return None


def to(revision: str = "head") -> None:
    """Runs the migrations up to `revision`; processes that start together wait for the first."""
    import flask_migrate

    attach(current_app)
    with _alone():
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision=revision)


def attach(app: Flask) -> Flask:
    """Gives the application Flask-Migrate and its `flask db` commands."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS), compare_type=True)
    return app


def developer() -> Flask:
    """For the one who changes tables: `flask --app compete.office.upgrade:developer db migrate -m "what changes"`."""
    from compete import create_app

    return attach(create_app())


@contextmanager
def _alone():
    if db.engine.dialect.name != "postgresql":
        yield
        return
    with db.engine.connect() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(LOCK)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))
