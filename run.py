#!/usr/bin/env python3
"""Set up and start Compete (赛评) with nothing but Python 3.11 or newer.

    python3 run.py                        install what is needed, start with a ready demo
    python3 run.py --empty                the same without the demo
    python3 run.py --port 8080 --data D   another port, another data folder
    python3 run.py test [pytest options]  install the test tools as well, run the tests
    python3 run.py tally FILE             places, awards and reasons of a contest in a file, without a server
    python3 run.py user|backup|restore|check|check-scheme|simulate|init|demo ...   the other commands (`compete ...`)

The libraries go into `.venv-run`, a folder of its own: a `.venv` that a developer made is never touched.
It is built under a temporary name and renamed when complete, so a broken download leaves nothing half done,
and it is used again as long as the lock files and the Python are the same.

This file imports nothing but the standard library and is parsed by Python 3.6 as well, so that an old
Python can say what is wrong.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
ENVIRONMENT = os.path.join(ROOT, ".venv-run")
STATE = "compete-state.json"
RUN_LOCK = "requirements.lock"
TEST_LOCK = "requirements-test.lock"  # everything of RUN_LOCK and the test tools (three times the download)
OLDEST = (3, 11)
MEMORY = "/dev/shm"  # of Linux


class Stop(Exception):
    """A reason not to go on, in one line that says the way out."""


def main(arguments, version=sys.version_info):
    speak_unicode()
    try:
        check_python(version)
        if arguments[:1] in (["-h"], ["--help"]):
            print(HELP)
            return 0
        if arguments[:1] == ["test"]:
            command = test_command(arguments[1:])
            prepare((RUN_LOCK, TEST_LOCK))
        else:
            command = serve_command(arguments)
            prepare((RUN_LOCK,))
        return hand_over(command)
    except Stop as reason:
        print(reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("已停止。", file=sys.stderr)
        return 130


def speak_unicode():
    """A console that cannot show a character shows "?" instead of a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def check_python(version):
    if tuple(version[:2]) >= OLDEST:
        return
    newer = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if shutil.which(name)]
    mend = "请改用：{} run.py".format(newer[0]) if newer else "请从 python.org 或系统的软件源安装新版后再运行"
    raise Stop("需要 Python 3.11 或更新的版本，现在是 {}.{}。{}。".format(version[0], version[1], mend))


# --- what to run -------------------------------------------------------------------------------------------------


HELP = """用法：
  python3 run.py                     安装所需的库并启动，第一次带演示竞赛
  python3 run.py --empty             不带演示竞赛
  python3 run.py --port 8080         换端口（默认 8000）
  python3 run.py --data 文件夹       换数据文件夹（默认为程序文件夹里的 data）
  python3 run.py test [pytest 参数]  安装测试工具，运行测试
  python3 run.py tally 文件          不开网站，由评分文件算出名次、奖项和理由（check-scheme 只检查方案）
  python3 run.py backup 文件         管理命令：init demo user backup restore check simulate，加 --help 看说明"""

COMMANDS = ("serve", "init", "demo", "user", "backup", "restore", "check", "simulate", "tally", "check-scheme")
REASONS = (("unrecognized arguments: ", "没有这样的参数："), (": expected one argument", " 后面要有一个值"), ("argument ", ""))


class Parser(argparse.ArgumentParser):
    def error(self, message):
        for english, chinese in REASONS:
            message = message.replace(english, chinese)
        raise Stop(message + "。用 python3 run.py --help 看用法。")


def port(text):
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("{} 不对，应是 1 到 65535 之间的整数".format(text))
    return text


def serve_command(arguments):
    """Our three options, or one of the administrator's commands as it stands."""
    os.environ.setdefault("COMPETE_DATA", os.path.join(ROOT, "data"))
    if arguments[:1] and arguments[0] in COMMANDS:
        return ["compete"] + arguments
    parser = Parser(prog="run.py", add_help=False)
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--port", type=port, default="8000")
    parser.add_argument("--data", default=os.environ["COMPETE_DATA"])
    options = parser.parse_args(arguments)
    command = ["compete", "serve", "--port", options.port, "--data", options.data]
    return command if options.empty else command + ["--demo"]


def test_command(arguments):
    """All tests go to several processes; chosen tests, or an own -n, run as asked."""
    chosen = any(a.startswith(("-n", "-k", "-m", "--numprocesses", "--pdb", "--collect", "--lf", "tests")) for a in arguments)
    # One more than there are cores: tests that drive a browser or LibreOffice mostly wait. In the order of the folders:
    # files with few tests are not the quick ones, and the longest of them would be left for the end.
    workers = min((os.cpu_count() or 1) + 1, 4)
    spread = [] if chosen else ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    return ["pytest"] + spread + arguments


def room_in(folder):
    """Whether the tests' data may lie there: in memory they wait for no disk. Containers often have 64 MB of it, or run no programs from it."""
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= 3 << 30 and not found.f_flag & os.ST_NOEXEC


def hand_over(command):
    """Become the program inside the environment. Windows cannot replace a process: there we wait for it."""
    if command[0] == "pytest":
        os.chdir(ROOT)
    command = [python_of(ENVIRONMENT), "-m"] + command
    # The program is found from any folder, and nothing in that folder is taken for a module.
    os.environ.update(PYTHONUTF8="1", PYTHONPATH=ROOT, PYTHONSAFEPATH="1")
    if "pytest" in command:
        # The tests start many processes; each would compile the whole program again where no bytecode may be kept.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        if room_in(MEMORY):
            os.environ.setdefault("TMPDIR", MEMORY)
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    child = subprocess.Popen(command)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            pass  # the child got the same Ctrl-C and is stopping


# --- the environment ---------------------------------------------------------------------------------------------


def python_of(folder):
    return os.path.join(folder, "Scripts", "python.exe") if os.name == "nt" else os.path.join(folder, "bin", "python")


def wanted_state(locks):
    state = {"python": "{}.{}".format(*sys.version_info[:2]), "base": sys.base_prefix}
    for lock in locks:
        try:
            with open(os.path.join(ROOT, lock), "rb") as file:
                state[lock] = hashlib.sha256(file.read()).hexdigest()
        except OSError:
            raise Stop("缺少文件 {}：请重新取得完整的程序文件夹。".format(lock))
    return state


def installed_state():
    if not os.path.exists(python_of(ENVIRONMENT)):
        return {}
    try:
        with open(os.path.join(ENVIRONMENT, STATE), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def prepare(locks):
    """Make the environment hold the locked libraries. Nothing is installed while the locks are unchanged."""
    wanted, installed = wanted_state(locks), installed_state()
    missing = [key for key in wanted if installed.get(key) != wanted[key]]
    if not missing:
        return
    try:
        if missing == [TEST_LOCK] and TEST_LOCK not in installed:
            # The test lock repeats the run lock (a test compares them): adding to the environment is enough.
            install(pip_of(ENVIRONMENT), TEST_LOCK)
            write_state(ENVIRONMENT, wanted)
        else:
            build(wanted, locks[-1])
    except OSError as error:
        raise Stop("不能写入 {}（{}）。请把整个程序文件夹放到可以写入的位置再运行。".format(ROOT, error.strerror or error))


def build(wanted, lock):
    began = time.time()
    folder = "{}.new-{}".format(ENVIRONMENT, os.getpid())
    try:
        install(make_environment(folder), lock)
        write_state(folder, wanted)
        if installed_state() != wanted:  # a second start at the same moment may have been faster
            replace(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("安装完成，用时 {:.0f} 秒。".format(time.time() - began))


def replace(folder):
    old = "{}.old-{}".format(ENVIRONMENT, os.getpid())
    if os.path.exists(ENVIRONMENT):
        os.rename(ENVIRONMENT, old)
    os.rename(folder, ENVIRONMENT)
    shutil.rmtree(old, ignore_errors=True)


def write_state(folder, state):
    with open(os.path.join(folder, STATE), "w", encoding="utf-8") as file:
        json.dump(state, file, indent=1)


def make_environment(folder):
    """A new virtual environment; answers the command that installs into it."""
    os.mkdir(folder)
    made = quietly([sys.executable, "-m", "venv", folder])
    if made.returncode == 0:
        return pip_of(folder)
    # Debian and Ubuntu keep ensurepip in a package of its own; their pip can install into an environment without pip.
    shutil.rmtree(folder)
    made = quietly([sys.executable, "-m", "venv", "--without-pip", folder])
    if made.returncode != 0:
        raise Stop("不能建立 Python 环境：{}。{}".format(last_line(made), how_to_get_venv()))
    return pip_of(folder)


def pip_of(folder):
    """pip inside the environment, else the pip of this Python pointed at it (pip 22.3 and newer can)."""
    inside = [python_of(folder), "-m", "pip"]
    if quietly(inside + ["--version"]).returncode == 0:
        return inside
    outside = [sys.executable, "-m", "pip", "--python", python_of(folder)]
    if quietly(outside + ["--version"]).returncode != 0:
        raise Stop("这个 Python 没有可用的 pip。" + how_to_get_venv())
    return outside


def how_to_get_venv():
    if shutil.which("apt-get"):
        return "请先运行：apt-get install -y python3-venv（需要管理员权限），然后重试。"
    return "请安装带有 venv 和 pip 的 Python（python.org 的安装包都有），然后重试。"


def install(pip, lock):
    print("正在安装所需的库（只有第一次或版本更新时需要，约一分钟）……", flush=True)
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    done = quietly(pip + ["install"] + options + ["-r", os.path.join(ROOT, lock)])
    if done.returncode != 0:
        sys.stderr.write(done.stderr.decode("utf-8", "replace"))
        raise Stop("安装没有成功（原因见上）。请检查网络，或用 pip config 设置可用的软件源，然后重试；没有留下半成品。")


def quietly(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def last_line(done):
    lines = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "没有说明"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
