"""run.py: what it refuses, and that it installs only when it has to."""

import argparse
import ast
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from compete.office import cli
from tests.run.conftest import ROOT


def one_line(capsys) -> str:
    """What was said on stderr: one Chinese line, no traceback."""
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "Traceback" not in said
    return said


def test_old_python_is_told_what_to_install(starter, capsys, monkeypatch):
    monkeypatch.setattr(starter.shutil, "which", lambda name: None)
    assert starter.main([], version=(3, 8, 10)) == 2
    assert one_line(capsys).startswith("需要 Python 3.11 或更新的版本，现在是 3.8。请从 python.org")


def test_old_python_names_a_newer_one_that_is_there(starter, capsys, monkeypatch):
    monkeypatch.setattr(starter.shutil, "which", lambda name: "/usr/bin/python3.12" if name == "python3.12" else None)
    assert starter.main(["test"], version=(3, 9, 2)) == 2
    assert "请改用：python3.12 run.py" in one_line(capsys)


def test_old_python_can_read_the_file():
    ast.parse((ROOT / "run.py").read_text("utf-8"), feature_version=(3, 6))


def test_nothing_but_the_standard_library():
    tree = ast.parse((ROOT / "run.py").read_text("utf-8"))
    names = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))
    assert names <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--port", "0"], "--port: 0 不对，应是 1 到 65535 之间的整数"),
        (["--port", "八千"], "--port: 八千 不对"),
        (["--port"], "--port 后面要有一个值"),
        (["--prot", "1"], "没有这样的参数：--prot 1"),
    ],
)
def test_wrong_arguments(starter, capsys, arguments, part):
    assert starter.main(arguments) == 2
    assert part in one_line(capsys)


def test_folder_that_cannot_be_written(starter, capsys, monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("a file stands where a folder is needed, so not even root can write")
    monkeypatch.setattr(starter, "ENVIRONMENT", str(blocked / "environment"))
    assert starter.main(["--empty"]) == 2
    assert "请把整个程序文件夹放到可以写入的位置再运行" in one_line(capsys)


def test_missing_lock(starter, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(starter, "ROOT", str(tmp_path))
    assert starter.main([]) == 2
    assert "缺少文件 requirements.lock" in one_line(capsys)


@pytest.fixture
def fake_tree(starter, monkeypatch, tmp_path):
    """A program folder with its locks, and an environment that only pretends to install; `calls` tells what was installed."""
    calls = []
    for name in (starter.RUN_LOCK, starter.TEST_LOCK):
        (tmp_path / name).write_text(f"{name} of today")

    def make_environment(folder):
        python = starter.python_of(folder)
        os.makedirs(os.path.dirname(python))
        open(python, "w").close()
        return ["pip"]

    monkeypatch.setattr(starter, "ROOT", str(tmp_path))
    monkeypatch.setattr(starter, "ENVIRONMENT", str(tmp_path / ".venv-run"))
    monkeypatch.setattr(starter, "make_environment", make_environment)
    monkeypatch.setattr(starter, "pip_of", lambda folder: ["pip"])
    monkeypatch.setattr(starter, "install", lambda pip, lock: calls.append(lock))
    return SimpleNamespace(folder=tmp_path, calls=calls)


def test_unchanged_locks_install_nothing(starter, fake_tree):
    starter.prepare((starter.RUN_LOCK,))
    starter.prepare((starter.RUN_LOCK,))
    assert fake_tree.calls == [starter.RUN_LOCK]


def test_test_tools_are_added_to_what_is_there(starter, fake_tree):
    starter.prepare((starter.RUN_LOCK,))
    kept = fake_tree.folder / ".venv-run" / "kept"
    kept.touch()
    starter.prepare((starter.RUN_LOCK, starter.TEST_LOCK))
    starter.prepare((starter.RUN_LOCK,))
    assert fake_tree.calls == [starter.RUN_LOCK, starter.TEST_LOCK] and kept.exists()


def test_a_changed_lock_builds_a_new_environment(starter, fake_tree):
    starter.prepare((starter.RUN_LOCK,))
    stale = fake_tree.folder / ".venv-run" / "stale"
    stale.touch()
    (fake_tree.folder / starter.RUN_LOCK).write_text("of tomorrow")
    starter.prepare((starter.RUN_LOCK,))
    assert fake_tree.calls == [starter.RUN_LOCK] * 2 and not stale.exists()


def test_another_python_builds_a_new_environment(starter, fake_tree):
    starter.prepare((starter.RUN_LOCK,))
    state = fake_tree.folder / ".venv-run" / starter.STATE
    state.write_text(json.dumps({**json.loads(state.read_text()), "python": "3.10"}))
    starter.prepare((starter.RUN_LOCK,))
    assert len(fake_tree.calls) == 2


def test_a_failed_download_leaves_nothing_behind(starter, fake_tree, monkeypatch):
    def fail(pip, lock):
        raise starter.Stop("安装没有成功")

    starter.prepare((starter.RUN_LOCK,))
    (fake_tree.folder / starter.RUN_LOCK).write_text("of tomorrow")
    monkeypatch.setattr(starter, "install", fail)
    with pytest.raises(starter.Stop):
        starter.prepare((starter.RUN_LOCK,))
    assert sorted(path.name for path in fake_tree.folder.iterdir()) == [".venv-run", starter.TEST_LOCK, starter.RUN_LOCK]
    assert starter.installed_state()["python"]  # the old environment still works


def test_a_developers_environment_is_not_touched(starter):
    assert os.path.basename(starter.ENVIRONMENT) == ".venv-run"


def test_without_ensurepip_the_pip_outside_is_used(starter, monkeypatch, tmp_path):
    """Bare Debian: `venv` fails and leaves half a folder."""
    really = starter.quietly

    def debian(command):
        if command[1:3] == ["-m", "venv"] and "--without-pip" not in command:
            os.makedirs(os.path.join(command[-1], "half"))
            return subprocess.CompletedProcess(command, 1, b"ensurepip is not available", b"")
        return really(command)

    monkeypatch.setattr(starter, "quietly", debian)
    folder = str(tmp_path / "environment")
    pip = starter.make_environment(folder)
    assert not os.path.exists(os.path.join(folder, "half"))
    assert pip == [sys.executable, "-m", "pip", "--python", starter.python_of(folder)]


def test_no_pip_at_all_says_what_to_install(starter, monkeypatch, tmp_path):
    done = {"venv": 0, "pip": 1}
    monkeypatch.setattr(starter, "quietly", lambda command: SimpleNamespace(returncode=done[command[2]], stdout=b"", stderr=b""))
    monkeypatch.setattr(starter.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    with pytest.raises(starter.Stop, match="apt-get install -y python3-venv"):
        starter.make_environment(str(tmp_path / "environment"))


@pytest.mark.parametrize(
    ("arguments", "spread"), [([], True), (["-x"], True), (["tests/run"], False), (["-k", "word"], False), (["-n0"], False)]
)
def test_all_tests_go_to_several_processes(starter, monkeypatch, arguments, spread):
    monkeypatch.setattr(starter.os, "cpu_count", lambda: 2)
    command = starter.test_command(arguments)
    assert command == ["pytest", *(["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"] if spread else []), *arguments]


def test_the_data_of_the_tests_lie_in_memory_only_where_there_is_room(starter, monkeypatch, tmp_path):
    disk = SimpleNamespace(f_bavail=1 << 20, f_frsize=4096, f_flag=0)
    monkeypatch.setattr(starter.os, "statvfs", lambda folder: disk, raising=False)
    monkeypatch.setattr(starter.os, "ST_NOEXEC", 8, raising=False)
    assert starter.room_in(str(tmp_path)) and not starter.room_in(str(tmp_path / "none"))
    disk.f_flag = 8
    assert not starter.room_in(str(tmp_path))
    disk.f_flag, disk.f_bavail = 0, 1 << 14  # 64 MB, as in a container
    assert not starter.room_in(str(tmp_path))


def test_the_demo_comes_unless_empty(starter, monkeypatch):
    monkeypatch.setenv("COMPETE_DATA", "/somewhere")
    assert starter.serve_command([]) == ["compete", "serve", "--port", "8000", "--data", "/somewhere", "--demo"]
    assert starter.serve_command(["--empty", "--port", "81", "--data", "d"]) == ["compete", "serve", "--port", "81", "--data", "d"]
    assert starter.serve_command(["backup", "x.zip"]) == ["compete", "backup", "x.zip"]


def test_every_command_of_the_product_can_be_given(starter):
    commands = next(action for action in cli.parser()._actions if isinstance(action, argparse._SubParsersAction)).choices
    assert set(commands) == set(starter.COMMANDS)
