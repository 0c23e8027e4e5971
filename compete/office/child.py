"""A server in a process of its own on this machine, for simulations and measurements: started, killed, halted, started again."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds until the server must answer, also on a machine that has much else to do


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broken(Exception):
    """The server does not come up."""


class Child:
    """`with Child(folder) as child:` is `compete serve` on that data folder, loopback only, as an administrator starts it.

    `url`: of a PostgreSQL database; only there `workers` may be more than one.
    """

    def __init__(self, folder: Path, log: Path | None = None, *, url: str = "", workers: int = 1):
        self.folder, self.port, self.log, self.process, self._url, self._workers = folder, free_port(), log, None, url, workers

    def __enter__(self) -> "Child":
        self.start()
        return self

    def __exit__(self, *_error):
        self.stop()

    def start(self) -> None:
        settings = {**os.environ, "COMPETE_DATA": str(self.folder), "COMPETE_DATABASE_URL": self._url, "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "compete", "serve", "--host", "127.0.0.1", "--port", str(self.port), "--workers", str(self._workers)]
        log = open(self.log, "ab") if self.log else None
        try:
            # A session of its own: one signal reaches the server and its workers, and Ctrl-C at the terminal does not.
            self.process = subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=log, cwd=ROOT, start_new_session=True)
        finally:
            if log:
                log.close()
        try:
            self._await()
        except BaseException:
            self.kill()
            raise

    def _await(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise Broken(f"服务器没有启动（退出码 {self.process.returncode}）")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("HEAD", "/")
                connection.getresponse()
                connection.close()
                return
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        raise Broken(f"服务器 {PATIENCE} 秒内没有应答")

    def kill(self) -> None:
        """Without warning, workers and all, as when the plug is pulled."""
        self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        self.process.wait()

    def workers(self) -> list[int]:
        """The process ids of the workers that are there now; not on Windows."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 3) for line in listed.splitlines()]
        # Where processes are spawned and not forked, Python keeps a helper of its own beside them.
        return [int(row[0]) for row in rows if row[1] == str(self.process.pid) and row[2][0] != "Z" and "resource_tracker" not in row[-1]]

    def kill_worker(self, chance: random.Random) -> None:
        """One worker alone without warning; returns when the server has put another in its place."""
        before = self.workers()
        os.kill(chance.choice(before), signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while len(set(self.workers()) - set(before)) == 0 or len(self.workers()) < self._workers:
            if self.process.poll() is not None:
                raise Broken(f"一个工作进程结束后，服务器也结束了（退出码 {self.process.returncode}）")
            if time.monotonic() > until:
                raise Broken(f"一个工作进程结束 {PATIENCE} 秒后，还没有新的代替它")
            time.sleep(0.05)
        self._await()

    def halt(self) -> None:
        """The server stands still until `go_on`: nothing is written meanwhile."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if os.name == "nt":
            self.process.kill()
            return
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
