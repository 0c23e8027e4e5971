"""Backup and restore, on both databases and between them."""

import hashlib
import json
import os
import zipfile

import pytest
import sqlalchemy as sa

from compete.office import backup, restore, rows
from compete.office.folder import Lock
from compete.models import Contest, Entry, Mark, Member, db
from tests.run.helpers import CONTENT, add_private_things, another, contents
from tests.support import NOW


def test_restored_data_is_the_same_to_the_last_row(installation, tmp_path, backend, request):
    add_private_things(installation)
    before = contents()
    report = backup.write(tmp_path / "saved.zip")
    assert report.rows == sum(map(len, before.values())) and report.files == 2
    url = "" if backend == "sqlite" else request.getfixturevalue("postgres")()

    with another(tmp_path / "elsewhere", url) as app:
        assert restore.restore(tmp_path / "saved.zip").aside == ""
        assert contents() == before

    with another(tmp_path / "elsewhere", url) as app:  # a new start reads the restored keys
        assert db.session.query(Member).first().id_number == "11010519491231002X"
        assert next((app.config["DATA"] / "attachments").rglob("*/*")).read_bytes() == CONTENT
        db.session.add(Contest(name="恢复后新建", created_at=NOW))
        db.session.commit()  # numbering goes on above the restored ids


def test_a_backup_moves_to_the_other_database(installation, tmp_path, backend, postgres):
    add_private_things(installation)
    before = contents()
    backup.write(tmp_path / "saved.zip")

    with another(tmp_path / "elsewhere", postgres() if backend == "sqlite" else ""):
        restored = restore.restore(tmp_path / "saved.zip")
        assert contents() == before
    assert {finding.name: finding.problems for finding in restored.findings}["留痕"] == []


def test_a_backup_is_one_moment_while_others_write(installation, tmp_path, monkeypatch):
    """A mark that arrives while the backup runs is in it wholly or not at all: here not at all."""
    really = rows.tables
    marks = db.session.query(Mark).count()
    db.session.remove()

    def write_meanwhile(connection):
        found = really(connection)
        next(rows.lines(connection, next(table for table in found if table.name == "contest")))
        with db.engine.connect() as other, other.begin():
            other.execute(sa.delete(Mark))
        return found

    monkeypatch.setattr(rows, "tables", write_meanwhile)
    backup.write(tmp_path / "saved.zip")
    with zipfile.ZipFile(tmp_path / "saved.zip") as archive:
        assert len(archive.read("tables/mark.jsonl").splitlines()) == marks
    assert db.session.query(Mark).count() == 0


@pytest.mark.sqlite
def test_only_the_owner_may_read_a_backup(installation, tmp_path):
    backup.write(tmp_path / "saved.zip")
    assert os.stat(tmp_path / "saved.zip").st_mode & 0o077 == 0


@pytest.mark.sqlite
def test_a_backup_never_replaces_a_file(installation, tmp_path):
    (tmp_path / "saved.zip").write_text("of last week")
    assert backup.write(tmp_path / "saved.zip").code == "backup.exists"
    assert (tmp_path / "saved.zip").read_text() == "of last week"


@pytest.mark.sqlite
def test_a_failed_backup_leaves_no_file(installation, tmp_path, monkeypatch):
    def fail():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "other_files", fail)
    answer = backup.write(tmp_path / "saved.zip")
    assert answer.code == "backup.unwritable" and "No space left" in answer.message
    assert not list(tmp_path.glob("saved*"))


def test_restore_refuses_data_and_force_keeps_it_aside(installation, tmp_path, backend):
    backup.write(tmp_path / "saved.zip")
    db.session.execute(sa.update(Entry).values(title="后来改过"))
    db.session.commit()

    refused = restore.restore(tmp_path / "saved.zip")
    assert refused.code == "restore.occupied" and "--force" in refused.mend
    assert {row.title for row in db.session.query(Entry)} == {"后来改过"}

    db.session.remove()
    restored = restore.restore(tmp_path / "saved.zip", force=True)
    assert {row.title for row in db.session.query(Entry)} == {"项目1", "项目2", "项目3"}
    assert os.path.exists(os.path.join(restored.aside, "secrets.json"))
    if backend == "sqlite":
        old = sa.create_engine(f"sqlite:///{restored.aside}/compete.db")
        query = "SELECT DISTINCT title FROM entry"
    else:
        old = db.engine
        schema = db.session.scalar(sa.text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%'"))
        query = f"SELECT DISTINCT title FROM {schema}.entry"
    with old.connect() as connection:
        assert connection.exec_driver_sql(query).scalars().all() == ["后来改过"]
    old.dispose()


def test_a_restore_that_fails_changes_nothing(installation, tmp_path, monkeypatch):
    backup.write(tmp_path / "saved.zip")
    before, files = contents(), sorted(path.name for path in installation.config["DATA"].iterdir())

    def fail(*_arguments):
        raise RuntimeError("the power of the disk went")

    monkeypatch.setattr(rows, "load", fail)
    with pytest.raises(RuntimeError):
        restore.restore(tmp_path / "saved.zip", force=True)
    assert contents() == before
    names = {path.name for path in installation.config["DATA"].iterdir()} - {"server.lock"}
    assert names - {"compete.db-wal", "compete.db-shm"} == set(files) - {"compete.db-wal", "compete.db-shm", "server.lock"}


@pytest.mark.sqlite
def test_restore_waits_for_no_running_server(installation, tmp_path):
    backup.write(tmp_path / "saved.zip")
    with Lock(installation.config["DATA"]):
        assert restore.restore(tmp_path / "saved.zip", force=True).code == "data.busy"


def rewritten(path, change):
    """A copy of a backup with its members changed by `change(name, data)`."""
    copy = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return copy


@pytest.mark.sqlite
def test_damaged_backups_are_refused(installation, tmp_path):
    backup.write(tmp_path / "saved.zip")
    (tmp_path / "no.zip").write_text("no backup at all")
    touched = rewritten(tmp_path / "saved.zip", lambda name, data: data.replace("项目1".encode(), "项目9".encode()))
    assert backup.Archive(touched).problem.code == "restore.changed"
    assert backup.Archive(tmp_path / "no.zip").problem.code == "restore.unreadable"
    assert backup.Archive(tmp_path / "none.zip").problem.code == "restore.unreadable"

    def newer(name, data):
        return json.dumps({**json.loads(data), "revision": "9999"}) if name == "manifest.json" else data

    assert backup.Archive(rewritten(tmp_path / "saved.zip", newer)).problem.code == "restore.newer"


@pytest.mark.sqlite
def test_a_path_out_of_the_folder_is_not_followed(installation, tmp_path):
    backup.write(tmp_path / "saved.zip")
    with zipfile.ZipFile(tmp_path / "saved.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["parts"]["files/../../evil"] = {"sha256": hashlib.sha256(b"x").hexdigest()}
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive, zipfile.ZipFile(tmp_path / "saved.zip") as old:
        for name in old.namelist():
            archive.writestr(name, json.dumps(manifest) if name == "manifest.json" else old.read(name))
        archive.writestr("files/../../evil", "x")
    with pytest.raises(ValueError, match="leads out"):
        restore.restore(tmp_path / "evil.zip", force=True)
    assert not (tmp_path / "evil").exists() and not (tmp_path / "data" / "evil").exists()
