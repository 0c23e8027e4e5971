"""Backup and restore on both databases and between them, and what `check` finds."""

import hashlib
import json
import os
import sqlite3
import zipfile
from contextlib import closing, contextmanager

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from compete import backup, checks, create_app, restore, rows, server, upgrade
from compete.folder import Lock
from compete.models import Attachment, AuditRecord, Contest, Criterion, Entry, Mark, Member, Sheet, db
from tests.support import NOW

CONTENT = "路演材料 𬱖".encode()


@contextmanager
def another(folder, url=""):
    """An empty installation elsewhere."""
    app = create_app({"DATA": str(folder), "SQLALCHEMY_DATABASE_URI": url})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def contents() -> dict[str, list[bytes]]:
    with db.engine.connect() as connection:
        return {table.name: list(rows.lines(connection, table)) for table in rows.tables(connection)}


def add_private_things(app) -> None:
    """Encrypted data, an attachment, and a criterion that refers to a later row of its own table."""
    member = db.session.query(Member).first()
    member.phone, member.id_number = "13800138000", "11010519491231002X"
    digest = hashlib.sha256(CONTENT).hexdigest()
    path = app.config["DATA"] / "attachments" / digest[:2] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    db.session.add(Attachment(entry_id=member.entry_id, name="路演.pdf", media_type="application/pdf", size=len(CONTENT),
                              sha256=digest, uploaded_by="甲", uploaded_at=NOW))  # fmt: skip
    first = db.session.query(Criterion).order_by(Criterion.id).first()
    parent = Criterion(part_id=first.part_id, code="later", name="后加的父项", weight=1, maximum=1)
    db.session.add(parent)
    db.session.flush()
    first.parent_id = parent.id
    db.session.commit()
    db.session.remove()


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


# --- check ---------------------------------------------------------------------------------------------------------


def found() -> dict[str, list[str]]:
    db.session.remove()
    return {finding.name: [problem.code for problem in finding.problems] for finding in checks.run() if finding.problems}


def test_a_judged_final_is_sound(installation):
    assert [finding.name for finding in checks.run()] == ["数据库完整", "数据库版本", *checks.CHECKS]
    assert found() == {}


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (sa.update(Mark).values(value=Mark.value - 5000), {"评分表合计": ["check.total"] * 9}),
        (sa.update(Sheet).where(Sheet.id == 1).values(total=None), {"评分表合计": ["check.total"]}),
        (sa.update(AuditRecord).values(reason="改过"), {"留痕": ["audit.changed"]}),
        (sa.delete(AuditRecord), {"留痕": ["audit.head"]}),
    ],
)
def test_quiet_changes_in_the_database_are_found(installation, damage, expected):
    db.session.execute(damage)
    db.session.commit()
    assert found() == expected


@pytest.mark.sqlite
def test_lost_and_changed_files_are_found(installation):
    add_private_things(installation)
    db.session.execute(sa.update(Criterion).values(parent_id=None))
    db.session.execute(sa.delete(Criterion).where(Criterion.code == "later"))
    db.session.commit()
    assert found() == {}
    path = next((installation.config["DATA"] / "attachments").rglob("*/*"))
    path.write_bytes(b"changed")
    assert found() == {"附件": ["check.file_changed"]}
    path.unlink()
    assert found() == {"附件": ["check.file_missing"]}


@pytest.mark.sqlite
def test_foreign_keys_are_found(installation):
    db.session.query(Member).first().phone = "13800138000"
    db.session.commit()
    data = installation.config["DATA"]
    (data / "secrets.json").unlink()
    with another(data):
        assert found() == {"密钥": ["check.key"]}


@pytest.mark.sqlite
def test_a_broken_reference_is_found(installation):
    with closing(sqlite3.connect(installation.config["DATA"] / "compete.db")) as connection:  # keeps no references by itself
        connection.execute("UPDATE mark SET sheet_id = 999 WHERE id = 1")
        connection.commit()
    assert found()["数据库完整"] == ["check.reference"]


@pytest.mark.sqlite
def test_an_old_revision_is_named_and_the_rest_waits(installation):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    assert [finding.name for finding in checks.run()] == ["数据库完整", "数据库版本"]
    assert found() == {"数据库版本": ["database.foreign"]}


# --- upgrade -------------------------------------------------------------------------------------------------------


@pytest.mark.sqlite
def test_data_is_backed_up_before_an_upgrade(installation, monkeypatch, capsys):
    monkeypatch.setattr(upgrade, "newest", lambda: "later")
    monkeypatch.setattr(upgrade, "to", lambda: None)
    assert server.prepare(demo=False) is None
    kept = list((installation.config["DATA"] / "backups").glob("upgrade-*.zip"))
    assert len(kept) == 1 and backup.Archive(kept[0]).problem is None
    assert str(kept[0]) in capsys.readouterr().out


def test_a_database_of_a_newer_program_is_left_alone(installation):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    answer = server.prepare(demo=False)
    assert answer.code == "database.newer"


def test_a_foreign_database_is_left_alone(database_url, tmp_path):
    with another(tmp_path / "data", database_url):
        with db.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE theirs (id INTEGER)")
        assert server.prepare(demo=False).code == "database.foreign"


def test_revisions_read_from_files_are_those_of_alembic():
    settings = Config()
    settings.set_main_option("script_location", str(upgrade.MIGRATIONS))
    scripts = ScriptDirectory.from_config(settings)
    assert upgrade.revisions() == {script.revision: script.down_revision for script in scripts.walk_revisions()}
    assert upgrade.newest() == scripts.get_current_head()
