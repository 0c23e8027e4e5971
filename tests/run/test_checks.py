"""What `compete check` finds, and what a start does about the database's revision."""

import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from compete.office import backup, checks, server, upgrade
from compete.models import AuditRecord, Criterion, Mark, Member, Sheet, db
from tests.run.helpers import add_private_things, another


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


def test_a_start_with_other_keys_is_refused_before_anything_is_written(installation):
    add_private_things(installation)
    data = installation.config["DATA"]
    kept = (data / "secrets.json").read_bytes()
    assert server.prepare(demo=False) is None
    (data / "secrets.json").unlink()
    with another(data, installation.config["SQLALCHEMY_DATABASE_URI"]):  # makes fresh keys
        problem = server.prepare(demo=False)
    assert problem.code == "check.key" and "secrets.json" in problem.mend
    (data / "secrets.json").write_bytes(kept)
    with another(data, installation.config["SQLALCHEMY_DATABASE_URI"]):
        assert server.prepare(demo=False) is None
