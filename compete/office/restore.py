"""Puts a backup back. The new data is built beside the old; the old is moved aside, never deleted."""

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app

from compete import clock, create_app
from compete.office import checks, upgrade
from compete.office.backup import ASIDE, BACKUPS, Archive, other_files
from compete.database import is_sqlite
from compete.office.folder import LOCK, Busy, Lock
from compete.models import Contest, User, db
from compete.vault import FILE as SECRETS
from scoring.problems import Problem


class Restored(NamedTuple):
    aside: str  # where the old data is now; empty when there was none
    findings: list[checks.Finding]  # what `compete check` says of the restored data


def restore(source: Path, *, force: bool = False) -> Restored | Problem:
    """Replaces the data of this installation by a backup. What is there already stays unless `force`."""
    data = current_app.config["DATA"]
    archive = Archive(source)
    if archive.problem:
        return archive.problem
    try:
        with Lock(data):
            occupied = is_occupied()
            if occupied and not force:
                mend = "请换一个数据文件夹（--data），或加上 --force：原有数据会移到一旁保留"
                return Problem("restore.occupied", str(data), "里面已经有数据", mend)
            return _replace(archive, data, f"{clock.local(clock.now()):%Y%m%d-%H%M%S}", occupied)
    except Busy:
        return Problem("data.busy", str(data), "另一个赛评正在使用这个数据文件夹", "请先停止它")


def is_occupied() -> bool:
    """Whether anybody's work is here: rows, or files other than the fresh keys."""
    if any(path.name != SECRETS for path in other_files()):
        return True
    names = sa.inspect(db.engine).get_table_names()
    if "contest" not in names:
        return bool(names)
    return any(db.session.query(model.id).first() for model in (Contest, User))


def _replace(archive: Archive, data: Path, stamp: str, occupied: bool) -> Restored:
    stage, aside = data / f"restore-{stamp}", data / f"{ASIDE}{stamp}"
    stage.mkdir()
    try:
        archive.unpack_files(stage)
        db.session.remove()
        with _room_in_database(f"before_restore_{stamp.replace('-', '_')}", keep=occupied):
            findings = _fill(archive, stage)
        db.engine.dispose()
        _swap(data, stage, aside)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    if not occupied:
        shutil.rmtree(aside)
    return Restored(str(aside) if occupied else "", findings)


def _fill(archive: Archive, stage: Path) -> list[checks.Finding]:
    """Builds the database in `stage` (SQLite) or in the emptied schema (PostgreSQL), with the keys of the backup."""
    url = "" if is_sqlite() else current_app.config["SQLALCHEMY_DATABASE_URI"]
    app = create_app({"DATA": str(stage), "SQLALCHEMY_DATABASE_URI": url})
    with app.app_context():
        upgrade.to(archive.revision)
        archive.load_tables()
        upgrade.to()
        findings = checks.run()
        db.session.remove()
        db.engine.dispose()
    return findings


@contextmanager
def _room_in_database(name: str, *, keep: bool):
    """PostgreSQL: the present schema gets another name, and its own again should anything fail. SQLite: a new file."""
    if is_sqlite():
        yield
        return
    with db.engine.connect() as connection:
        schema = connection.scalar(sa.select(sa.func.current_schema()))
    _run(f"ALTER SCHEMA {schema} RENAME TO {name}", f"CREATE SCHEMA {schema}")
    try:
        yield
    except BaseException:
        _run(f"DROP SCHEMA {schema} CASCADE", f"ALTER SCHEMA {name} RENAME TO {schema}")
        raise
    if not keep:
        _run(f"DROP SCHEMA {name} CASCADE")


def _run(*statements: str) -> None:
    with db.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _swap(data: Path, stage: Path, aside: Path) -> None:
    aside.mkdir()
    stay = (stage.name, aside.name, LOCK, BACKUPS)
    for path in list(data.iterdir()):
        if path.name not in stay and not path.name.startswith(ASIDE):
            path.rename(aside / path.name)
    for path in list(stage.iterdir()):
        path.rename(data / path.name)
