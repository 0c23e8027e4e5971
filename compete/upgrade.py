"""The database's revision: where it stands, and bringing it to the newest one."""

from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from compete.models import db
from scoring.problems import Problem

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x_C0_3B_E7E  # any number, the same in every process: PostgreSQL's advisory lock of an upgrade


def scripts() -> ScriptDirectory:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return ScriptDirectory.from_config(settings)


def newest() -> str:
    return scripts().get_current_head()


def is_known(revision: str) -> bool:
    return revision in {script.revision for script in scripts().walk_revisions()}


def current() -> str | None:
    """The revision of the database; None for one without tables of ours."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def obstacle() -> Problem | None:
    """Why this database cannot be used by this program, if so."""
    revision = current()
    if revision is None and sa.inspect(db.engine).get_table_names():
        message = "里面已有别的数据表，不是赛评建立的"
        return Problem("database.foreign", "数据库", message, "请换一个空的数据库或数据文件夹")
    if revision is not None and not is_known(revision):
        message = f"数据由更新版本的赛评建立（{revision}），这个版本读不了"
        return Problem("database.newer", "数据库", message, "请更新赛评后再启动")
    return None


def to(revision: str = "head") -> None:
    """Runs the migrations up to `revision`; processes that start together wait for the first."""
    with _alone():
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision=revision)


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
