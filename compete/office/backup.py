"""Backup and restore in one portable format, for SQLite and PostgreSQL alike.

A backup is a zip file:
    manifest.json          format, program version, database revision, time, digest and row count of every part
    tables/<table>.jsonl   one JSON object per row, as one consistent snapshot of the database
    files/...              the rest of the data folder: attachments, and secrets.json with the keys

Rows are written as they are stored: encrypted fields stay encrypted (as base64), and the keys travel in the same
file, which therefore is readable by its owner only. What was saved on SQLite can be restored on PostgreSQL and the
other way round. Tables are read and written as the database itself describes them, not as today's models do, so a
backup of an older revision is restored at that revision and then upgraded.
"""

import json
import os
import shutil
import zipfile
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from flask import current_app

from compete import __version__, clock
from compete.office import rows, upgrade
from compete.database import is_sqlite
from compete.office.folder import LOCK
from compete.models import db
from scoring.problems import Problem

FORMAT = 1
MANIFEST = "manifest.json"
BACKUPS = "backups"  # kept inside the data folder, never part of a backup
ASIDE = "before-restore-"
CHUNK = 1 << 20


class Report(NamedTuple):
    path: Path
    size: int
    rows: int
    files: int


def write(target: Path) -> Report | Problem:
    """Saves everything into `target`, which appears only when it is complete."""
    if target.exists():
        return Problem("backup.exists", str(target), "已经存在", "请换一个文件名，以免盖掉以前的备份")
    partial = target.with_name(f"{target.name}.part-{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # The owner alone may read it from the first byte on: the keys are inside.
        with open(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            manifest = _fill(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
    except OSError as error:
        return Problem("backup.unwritable", str(target), f"不能写入（{error.strerror or error}）", "请换一个可以写入、空间足够的位置")
    finally:
        partial.unlink(missing_ok=True)
    parts = manifest["parts"]
    count = sum(part.get("rows", 0) for part in parts.values())
    return Report(target, target.stat().st_size, count, sum(name.startswith("files/") for name in parts))


def _fill(file) -> dict:
    parts = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with snapshot() as connection:
            for table in rows.tables(connection):
                count, add = 0, _Part(archive, f"tables/{table.name}.jsonl", parts)
                with add:
                    for line in rows.lines(connection, table):
                        add.write(line)
                        count += 1
                parts[add.name]["rows"] = count
        # Files come second: those that the snapshot speaks of are all there by now, and none is ever removed.
        for path in other_files():
            add = _Part(archive, f"files/{path.relative_to(current_app.config['DATA']).as_posix()}", parts)
            with add, open(path, "rb") as source:
                while chunk := source.read(CHUNK):
                    add.write(chunk)
        manifest = {
            "format": FORMAT, "program": __version__, "revision": upgrade.current(),
            "made_at": clock.now().isoformat(timespec="seconds"), "parts": parts,
        }  # fmt: skip
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


class _Part:
    """One member of the archive, with its digest."""

    def __init__(self, archive: zipfile.ZipFile, name: str, parts: dict):
        self._archive, self.name, self._parts, self._digest = archive, name, parts, sha256()

    def __enter__(self):
        self._file = self._archive.open(self.name, "w", force_zip64=True)
        return self

    def write(self, data: bytes) -> None:
        self._digest.update(data)
        self._file.write(data)

    def __exit__(self, *_error):
        self._file.close()
        self._parts[self.name] = {"sha256": self._digest.hexdigest()}


@contextmanager
def snapshot():
    """A connection that sees the database as of one moment, whatever is written meanwhile."""
    with db.engine.connect() as connection:
        if not is_sqlite():
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def other_files() -> list[Path]:
    """What belongs to the installation beside the database."""
    data = current_app.config["DATA"]
    own = ("compete.db", LOCK, BACKUPS, ASIDE, "restore-", "probe-")
    kept = [path for path in sorted(data.iterdir()) if not path.name.startswith(own)]
    return [path for top in kept for path in (sorted(top.rglob("*")) if top.is_dir() else [top]) if path.is_file()]


def before_upgrade() -> Report | Problem:
    """A backup in the data folder itself, made before migrations touch data."""
    stamp = f"{clock.local(clock.now()):%Y%m%d-%H%M%S}"
    return write(current_app.config["DATA"] / BACKUPS / f"upgrade-{upgrade.current()}-{stamp}.zip")


# --- reading a backup ----------------------------------------------------------------------------------------------


class Archive:
    """An opened backup. `problem` says why it cannot be restored, if so."""

    def __init__(self, path: Path):
        self.path, self.problem, self.manifest = path, None, {}
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = json.loads(self._zip.read(MANIFEST))
            self.problem = self._check()
        except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "不是赛评的备份文件，或者已经损坏"
            self.problem = Problem("restore.unreadable", str(path), reason, "请换一份备份")

    @property
    def revision(self) -> str:
        return self.manifest["revision"]

    def _check(self) -> Problem | None:
        if self.manifest["format"] > FORMAT or self.revision not in upgrade.revisions():
            return Problem("restore.newer", str(self.path), "由更新版本的赛评备份", "请先更新赛评，再恢复")
        if set(self._zip.namelist()) != {MANIFEST, *self.manifest["parts"]}:
            return Problem("restore.incomplete", str(self.path), "里面的文件与清单不符", "请换一份备份")
        for name, part in self.manifest["parts"].items():
            digest = sha256()
            with self._zip.open(name) as source:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
            if digest.hexdigest() != part["sha256"]:
                return Problem("restore.changed", f"{self.path} 里的 {name}", "内容与清单的指纹不符", "文件已损坏或被改动，请换一份备份")
        return None

    def unpack_files(self, folder: Path) -> None:
        for name in self.manifest["parts"]:
            if not name.startswith("files/"):
                continue
            target = (folder / name.removeprefix("files/")).resolve()
            if not target.is_relative_to(folder.resolve()):
                raise ValueError(f"{name} leads out of the data folder")
            target.parent.mkdir(parents=True, exist_ok=True)
            with self._zip.open(name) as source, open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                shutil.copyfileobj(source, file, CHUNK)

    def load_tables(self) -> None:
        """Fills the empty tables of the current database, all or nothing."""
        with db.engine.begin() as connection:
            for table in rows.tables(connection):
                name = f"tables/{table.name}.jsonl"
                if name in self.manifest["parts"]:
                    with self._zip.open(name) as source:
                        rows.load(connection, table, source)
