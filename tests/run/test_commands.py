"""The administrator's command, in this process: what it does, what it says, its exit codes."""

import os
import re

import pytest
import sqlalchemy as sa

from compete import clock, create_app
from compete.office import cli, server
from compete.accounts import service
from compete.models import AuditRecord, Invitation, Mark, User, db

LINK = re.compile(r"^(http\S+)/claim/(\S+)$", re.MULTILINE)


@pytest.fixture
def run(database_url, tmp_path, monkeypatch, capsys):
    """run("user", "list") -> (exit code, stdout, stderr) of a command on an empty installation of its own."""
    monkeypatch.setenv("COMPETE_DATA", str(tmp_path / "data"))

    def call(*arguments):
        code = cli.run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def ask():
    """ask(query) -> rows of the installation that the commands work on."""

    def answer(query):
        app = create_app()
        with app.app_context():
            found = db.session.scalars(query).all()
            db.session.remove()
            db.engine.dispose()
        return found

    return answer


def test_init_makes_the_database_and_an_administrators_link(run, ask):
    code, out, _ = run("init", "--address", "https://contest.example/")
    address, token = LINK.search(out).groups()
    assert (code, address) == (0, "https://contest.example")
    assert [row.token_hash for row in ask(sa.select(Invitation).where(Invitation.used_at.is_(None)))] == [service._hash(token)]
    assert ask(sa.select(User)) == []  # nobody, and so no default password


def test_init_again_keeps_the_data_and_ends_the_older_link(run, ask):
    run("init")
    run("user", "add", "wang", "王芳")
    code, out, _ = run("init")
    assert code == 0 and LINK.search(out)
    assert [row.login for row in ask(sa.select(User))] == ["wang"]
    live = ask(sa.select(Invitation).where(Invitation.used_at.is_(None), Invitation.purpose == "first_admin"))
    assert len(live) == 1


def claim(token: str) -> None:
    """The person opens the link and sets a password."""
    app = create_app()
    with app.app_context():
        invitation = service.find_link(token, now=clock.now())
        service.claim(invitation=invitation, login="", name="", password="四季常青-2026", device="", now=clock.now())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def test_a_person_from_link_to_disabled(run, ask):
    run("init")
    code, out, _ = run("user", "add", "wang", "王芳", "--admin")
    assert code == 0
    assert ask(sa.select(User.password_hash)) == [None]
    assert "wang\t王芳\t管理员\t未设密码" in run("user", "list")[1]

    claim(LINK.search(out)[2])
    assert "wang\t王芳\t管理员\t正常" in run("user", "list")[1]
    assert "已有管理员" in run("init")[1]
    assert "已有管理员" in run("user", "invite")[2]

    code, _, err = run("user", "disable", "wang")
    assert code == 2 and "最后一位管理员" in err

    _, out, _ = run("user", "add", "li", "李明", "--admin")
    claim(LINK.search(out)[2])
    assert run("user", "disable", "wang")[0] == 0
    assert "wang\t王芳\t管理员\t已停用" in run("user", "list")[1]
    assert run("user", "enable", "wang")[0] == 0
    actors = set(ask(sa.select(AuditRecord.actor_name).where(AuditRecord.action == "account.disable")))
    assert actors == {"命令行"}


def test_reset_ends_sessions_and_gives_a_new_link(run, ask):
    run("init")
    _, first, _ = run("user", "add", "wang", "王芳")
    code, second, _ = run("user", "reset", "wang")
    assert code == 0 and LINK.search(first)[2] != LINK.search(second)[2]
    assert ask(sa.select(User.epoch)) == [1]
    links = ask(sa.select(Invitation.used_at).where(Invitation.purpose == "password").order_by(Invitation.id))
    assert [used is None for used in links] == [False, True]


def test_backup_restore_check(run, ask, tmp_path):
    run("init")
    run("user", "add", "wang", "王芳")
    code, out, _ = run("backup", str(tmp_path / "saved.zip"))
    assert code == 0 and "已备份到" in out and "妥善保管" in out
    run("user", "add", "li", "李明")

    code, _, err = run("restore", str(tmp_path / "saved.zip"))
    assert code == 2 and "--force" in err
    code, out, _ = run("restore", str(tmp_path / "saved.zip"), "--force")
    assert code == 0 and "原有数据保留在" in out and "全部正常" in out
    assert ask(sa.select(User.login)) == ["wang"]

    assert run("check") [:2] == (0, "".join(f"✓ {name}：正常\n" for name in (
        "数据库完整", "数据库版本", "密钥", "留痕", "评分表合计", "发布与评分方案", "选票", "封存的代号", "附件")) + "全部正常。\n")  # fmt: skip


def test_check_answers_one_when_something_is_wrong(installation, capsys):
    db.session.execute(sa.update(Mark).where(Mark.id == 1).values(value=0))
    db.session.commit()
    assert cli.run(["check"]) == 1
    said = capsys.readouterr().out
    assert "✗ 评分表合计\n    路演 第 1 张评分表：总分与各项打分不符。请从备份恢复并核对\n" in said
    assert said.endswith("共发现 1 处问题。\n")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["user", "list"], "数据库还没有建立"),
        (["backup", "x.zip"], "数据库还没有建立"),
        (["restore", "x.zip"], "No such file"),
        (["serve", "--port", "99999"], "--port: 99999 不对，应是 1 到 65535 之间的整数"),
        (["serve", "--threads", "0"], "--threads: 0 不对"),
        (["nix"], "没有 'nix'，可用的有"),
        (["user", "add", "wang"], "缺少 姓名"),
        (["check", "--data"], "--data 后面要有一个值"),
    ],
)
def test_refusals_are_one_line(run, arguments, part):
    code, out, err = run(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert part in err


@pytest.mark.sqlite
def test_data_folder_that_cannot_be_used(run, tmp_path):
    (tmp_path / "file").write_text("no folder")
    code, _, err = run("init", "--data", str(tmp_path / "file" / "data"))
    assert code == 2 and "请用 --data 指定一个可以写入的文件夹" in err


@pytest.mark.sqlite
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_reads_the_data(run, tmp_path):
    run("init")
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    assert (tmp_path / "data" / "secrets.json").stat().st_mode & 0o077 == 0


@pytest.mark.sqlite
def test_a_setting_that_cannot_be_used_names_itself(run, monkeypatch):
    monkeypatch.setenv("COMPETE_PROXIES", "many")
    code, _, err = run("init")
    assert code == 2 and err.startswith("COMPETE_PROXIES='many' 不是整数")


@pytest.mark.sqlite
def test_unknown_person(run):
    run("init")
    code, _, err = run("user", "reset", "nobody")
    assert code == 2 and "没有登录名为“nobody”的用户" in err


@pytest.mark.sqlite
def test_the_demo_goes_only_into_an_empty_database(run, monkeypatch):
    run("init")
    run("user", "add", "wang", "王芳")
    monkeypatch.setattr(server, "fill_demo", lambda: pytest.fail("the demo was put between somebody's data"))
    code, _, err = run("demo")
    assert code == 2 and "数据库里已有竞赛或用户" in err


@pytest.mark.sqlite
@pytest.mark.parametrize("arguments", [[], ["--help"], ["serve", "--help"], ["user", "add", "--help"]])
def test_help_is_chinese(run, arguments, capsys):
    try:
        code, out, _ = run(*arguments)
    except SystemExit as end:
        code, out = end.code, capsys.readouterr().out
    assert (code or 0) == 0 and out.startswith("用法：compete")
    assert not re.search(r"usage|options:|arguments:|show this", out)


def test_the_demo_is_sound_and_survives_a_backup(run, ask, tmp_path):
    code, out, err = run("demo")
    assert code == 0, err
    assert "演示竞赛已放入" in out
    assert ask(sa.select(User.password_hash).where(User.password_hash.is_not(None))) == []  # no default password
    marks = len(ask(sa.select(Mark.id)))
    assert marks > 500
    assert run("check")[0] == 0

    run("backup", str(tmp_path / "demo.zip"))
    code, out, _ = run("restore", str(tmp_path / "demo.zip"), "--force")
    assert code == 0 and "全部正常" in out
    assert len(ask(sa.select(Mark.id))) == marks
