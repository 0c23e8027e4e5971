"""`compete simulate`: the simulated day with faults ends with nothing lost and nothing doubled, and its checks see what is wrong."""

import shutil
import sqlite3

import pytest
import sqlalchemy as sa

from compete.models import Mark, db
from compete.office import cli, simulate, simulate_check, simulate_hall, simulate_world

NETWORK = ["--duplicates", "30", "--reorder", "30", "--drop", "20"]
FAULTS = ["--kill", "2", "--kill-workers", "2", "--copies", "3", *NETWORK]
pytestmark = pytest.mark.sqlite


def options(*given):
    return cli.parser().parse_args(["simulate", "--judges", "3", "--entries", "2", "--speed", "0", *given])


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """(folder, report) of a short day with every kind of fault."""
    work = tmp_path_factory.mktemp("simulated")
    return work, simulate_hall.play(work, options(*FAULTS))


def test_a_day_with_faults_loses_nothing_and_doubles_nothing(played):
    _, report = played
    assert report.ok, report.findings
    counts = report.counts
    assert (counts["kills"], counts["workers"], counts["copies"], counts["missing"]) == (2, 2, 3, 0)
    assert min(counts["duplicates"], counts["reorder"], counts["drop"], counts["arrived"]) > 0
    assert counts["arrived"] < counts["retries"]
    assert counts["marks"] == report.world.marks < counts["touches"]
    assert counts["sheets"] == len(report.world.opinions)
    assert len(report.times) > counts["sheets"]


def test_the_same_on_postgresql_with_several_workers(postgres, tmp_path):
    url = postgres()
    report = simulate_hall.play(tmp_path, options("--database-url", url, "--workers", "2", "--kill", "1", "--kill-workers", "3", *NETWORK))
    assert report.ok, report.findings
    counts = report.counts
    assert (counts["kills"], counts["workers"], counts["missing"]) == (1, 3, 0) and counts["duplicates"] > 0
    assert counts["marks"] == report.world.marks and counts["sheets"] == len(report.world.opinions)
    assert not (tmp_path / "data" / simulate_check.DATABASE).exists()  # nothing of it went into SQLite
    with simulate_world.application(tmp_path / "data", url).app_context():
        db.session.execute(sa.update(Mark).values(value=0))
        db.session.commit()
        lost = simulate_check.lost(*report.ledger.promised(), report.ledger.history())
        db.session.remove()
        db.engine.dispose()
    assert len(lost) > counts["marks"] / 2


@pytest.fixture
def spoiled(played, tmp_path):
    """spoiled(statement) -> what the checks say of the same data after that statement."""
    work, report = played
    promised, submitted = report.ledger.promised()
    history = report.ledger.history()

    def check(statement: str) -> dict[str, list[str]]:
        shutil.copytree(work / "data", tmp_path / "data")
        connection = sqlite3.connect(tmp_path / "data" / simulate_check.DATABASE)
        connection.execute(statement)
        connection.commit()
        connection.close()
        copied = simulate_check.opened_copy(tmp_path / "data", promised, submitted, history)
        with simulate_world.application(tmp_path / "data").app_context():
            found = {
                "lost": simulate_check.lost(promised, submitted, history), "doubled": simulate_check.doubled(history),
                "unfinished": simulate_check.unfinished(report.world), "wrong": simulate_check.wrong(), "copy": copied,
            }  # fmt: skip
            db.session.remove()
            db.engine.dispose()
        return {name for name, rows in found.items() if rows}

    return check


# The last record of a sheet, told once more: what a delivery that was taken twice would leave behind.
TWICE = """
    INSERT INTO audit_record (chain, number, at, actor, actor_name, device, action, subject, subject_id, before, after, reason, previous, hash)
    SELECT chain, number + 100000, at, actor, actor_name, device, action, subject, subject_id, before, after, reason, previous, hash || 'x'
    FROM audit_record WHERE action = 'sheet.save' ORDER BY number LIMIT 1
"""


@pytest.mark.parametrize(("statement", "expected"), [
    ("SELECT 1", set()),
    ("UPDATE mark SET value = 0 WHERE id = (SELECT max(id) FROM mark)", {"lost", "wrong", "copy"}),
    ("DELETE FROM mark WHERE id = (SELECT max(id) FROM mark)", {"lost", "wrong", "copy"}),
    ("UPDATE sheet SET revision = revision + 1 WHERE id = 1", {"doubled", "copy"}),
    (TWICE, {"doubled", "wrong", "copy"}),
    ("DELETE FROM signature WHERE id = 1", {"unfinished"}),
    ("UPDATE part SET locked_at = NULL", {"unfinished"}),
    ("UPDATE sheet SET state = 'draft', total = NULL WHERE id = 1", {"lost", "wrong", "copy", "unfinished"}),
])  # fmt: skip
def test_what_is_wrong_is_seen(spoiled, statement, expected):
    assert spoiled(statement) == expected


def test_a_torn_record_at_the_end_of_the_log_does_no_harm(played, tmp_path):
    work, report = played
    simulate_check.copy(work / "data", tmp_path / "copy", bytes(range(256)) * 9)
    assert simulate_check.opened_copy(tmp_path / "copy", *report.ledger.promised(), report.ledger.history()) == []


@pytest.mark.parametrize(("given", "said"), [
    (["--duplicates", "60", "--drop", "60"], "不能超过 100"),
    (["--judges", "1"], "2 到 200"),
    (["--speed", "-1"], "整数"),
])  # fmt: skip
def test_what_cannot_be_is_refused(given, said, capsys):
    assert cli.run(["simulate", *given]) == cli.REFUSED
    assert said in capsys.readouterr().err


@pytest.fixture
def used(postgres):
    """The address of a database that holds a table of somebody's, in a schema of its own."""
    url = postgres()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA accounts CREATE TABLE ledger (amount integer)")
    engine.dispose()
    return url


def test_only_an_empty_postgresql_database_is_taken(used, postgres, capsys):
    def said(*given) -> str:
        assert cli.run(["simulate", *given]) == cli.REFUSED
        return capsys.readouterr().err

    assert "里面已有数据表（ledger 等 1 个）" in said("--database-url", used)
    assert "另建一个空的数据库" in said("--database-url", used)
    assert "连接不上" in said("--database-url", used + "_not_there")
    assert "不是 PostgreSQL" in said("--database-url", "sqlite:///compete.db")
    assert "连接不上" in said("--database-url", "nonsense")
    assert "请去掉 --copies" in said("--database-url", postgres(), "--copies", "1")
    assert "SQLite 只能用一个工作进程" in said("--workers", "2")


def test_a_folder_in_use_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine").write_text("x")
    assert cli.run(["simulate", "--keep", str(tmp_path)]) == cli.REFUSED
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_report_names_every_figure_and_every_check(played):
    _, report = played
    text = "\n".join(simulate.told(report))
    assert "3 位评委，4 个参赛对象，2 场" in text and text.endswith("全部正常。")
    assert f"强行结束服务器 2，只结束一个工作进程 2，重复送达 {report.counts['duplicates']}" in text
    assert all(f"✓ {name}：0" in text for name in report.findings)
    bad = simulate.told(report._replace(findings={"丢失": [f"第 {n} 项" for n in range(12)]}))
    assert bad[-1].startswith("有问题") and "    ……还有 2 条" in bad and "✗ 丢失：12" in bad
