"""The real server in processes of its own: start, stop, kill, second start, taken port, several workers."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing

import pytest

from compete.office import network
from tests.run.conftest import ROOT, load_starter

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


held = []  # ports given out stay bound here, without listening: nobody else gets them before the server does, or between two starts


def free_port() -> int:
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
    if sys.platform == "linux":
        held.append(probe)
    else:  # elsewhere that would keep the server out as well
        probe.close()
    return port


class Server:
    """`compete serve` as a user starts it. `ready` waits for the addresses and answers what was printed so far."""

    def __init__(self, folder, *options, url="", port=None):
        self.port = port or free_port()
        command = [sys.executable, "-m", "compete", "serve", "--data", str(folder / "data"), "--port", str(self.port), *options]
        self.process = subprocess.Popen(
            command, cwd=folder, env={**ENVIRONMENT, "COMPETE_DATABASE_URL": url}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.watchdog = threading.Timer(90, self.process.kill)  # a server that hangs fails the test, not the whole run
        self.watchdog.start()

    def ready(self) -> str:
        printed = ""
        for line in self.process.stdout:
            printed += line
            if "/claim/" in line:
                break
        return printed

    def status(self, path="/") -> int:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10).status
        except urllib.error.HTTPError as error:
            return error.code

    def workers(self) -> list[int]:
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True).stdout
        return [int(number) for number in found.split()]

    def stop(self, with_signal=signal.SIGINT) -> str:
        self.process.send_signal(with_signal)
        return self.said()

    def said(self) -> str:
        """What it printed until it ended."""
        rest = self.process.communicate(timeout=90)[0]
        self.watchdog.cancel()
        return rest


@pytest.fixture
def start(tmp_path):
    servers = []

    def begin(*options, **settings):
        servers.append(Server(tmp_path, *options, **settings))
        return servers[-1]

    yield begin
    for server in servers:
        server.watchdog.cancel()
        if server.process.poll() is None:
            server.stop(signal.SIGTERM)


def test_the_first_start_prints_all_and_the_second_makes_a_new_link(start, tmp_path):
    server = start()
    printed = server.ready()
    assert f"http://127.0.0.1:{server.port}/" in printed
    for address in network.local_addresses():
        assert f"局域网：  http://{address}:{server.port}/" in printed
    token = re.search(r"/claim/(\S+)", printed)[1]
    assert server.status(f"/claim/{token}") == 200
    assert server.status("/no-such-page") == 404
    assert "赛评已停止" in server.stop() and server.process.returncode == 0

    again = start()
    assert "/claim/" in again.ready()
    assert again.status(f"/claim/{token}") != 200  # the new link ended the old one
    assert "赛评已停止" in again.stop()


def test_qr_code_is_printed_and_right():
    text = "http://192.168.1.20:8000/"
    drawn = network.qr(text, colour=False)
    light = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
    modules = [[light[sign][half] for sign in line] for line in drawn.splitlines() for half in (0, 1)]
    expected = [[int(not dark) for dark in row] for row in network.segno.make_qr(text, error="m").matrix_iter(border=2)]
    assert modules[: len(expected)] == expected
    assert {line[:8] for line in network.qr(text, colour=True).splitlines()} == {network.WHITE_ON_BLACK}


def test_taken_port_names_a_free_one(start, tmp_path):
    with closing(socket.socket()) as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        port = other.getsockname()[1]
        server = start(port=port)
        said = server.said()
    assert server.process.returncode == 2
    assert said.count("\n") == 1 and said.startswith(f"端口 {port}：已被别的程序占用")
    free = int(re.search(r"--port (\d+)", said)[1])
    assert network.port_is_free(free)


def test_one_server_per_data_folder(start):
    start().ready()
    second = start()
    said = second.said()
    assert second.process.returncode == 2
    assert said.count("\n") == 1 and "另一个赛评正在使用这个数据文件夹" in said


def test_several_workers_need_postgresql(start):
    server = start("--workers", "2")
    said = server.said()
    assert server.process.returncode == 2 and "SQLite 只能用一个进程" in said


def test_several_workers_on_postgresql(start, postgres):
    server = start("--workers", "2", url=postgres())
    server.ready()
    assert len(server.workers()) == 2 and server.status("/sign-in") == 200
    assert "赛评已停止" in server.stop()


def eventually(true) -> bool:
    """Whether `true()` comes true within half a minute."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if true():
                return True
        except OSError:
            pass  # nobody listens yet
        time.sleep(0.05)
    return False


def gone(number: int) -> bool:
    """Whether a process ends; one that ended but was not waited for by its parent counts."""

    def ended():
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True).stdout
        return not state or state.startswith("Z")

    return eventually(ended)


def test_a_killed_server_leaves_no_worker_and_starts_again(start):
    server = start()
    server.ready()
    (worker,) = server.workers()
    server.stop(signal.SIGKILL)
    assert gone(worker)
    again = start(port=server.port)
    again.ready()
    assert again.status("/sign-in") == 200


def test_a_killed_worker_is_replaced(start):
    server = start()
    server.ready()
    (worker,) = server.workers()
    os.kill(worker, signal.SIGKILL)
    assert gone(worker)
    assert eventually(lambda: server.status("/sign-in") == 200)
    assert server.workers() != [worker]


def test_workers_that_die_again_and_again_are_replaced_as_long_as_they_answer(start):
    server = start()
    server.ready()
    for _ in range(3):
        (worker,) = server.workers()
        os.kill(worker, signal.SIGKILL)
        assert gone(worker)
        assert eventually(lambda: server.status("/sign-in") == 200), server.process.poll()
    assert "赛评已停止" in server.stop()


def test_run_py_starts_the_same(tmp_path):
    """The whole way of the README, unless that would build an environment first (CI has built it)."""
    starter = load_starter()
    if starter.installed_state() != starter.wanted_state((starter.RUN_LOCK, starter.TEST_LOCK)):
        pytest.skip("python3 run.py has not set this folder up; CI has")
    port = free_port()
    command = [sys.executable, str(ROOT / "run.py"), "--empty", "--port", str(port), "--data", "kept"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    printed = ""
    while "/claim/" not in printed and process.poll() is None:
        printed += process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert "赛评已停止" in process.communicate(timeout=90)[0]
    assert (tmp_path / "kept" / "compete.db").exists()
