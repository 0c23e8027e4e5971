"""Starts the web server: upgrade the database, fill the demo, print the addresses, serve until Ctrl-C.

Granian runs the application in worker processes with threads. SQLite gets one worker: its writes go through
one in-process lock. PostgreSQL may have several.
"""

import gc
import http.client
import multiprocessing
import os
import signal
import sys
import threading
import time
from typing import NamedTuple

from compete import clock, create_app
from compete.office import backup, checks, network, upgrade
from compete.accounts import service as accounts
from compete.audit.service import SYSTEM
from compete.database import is_sqlite, write
from compete.office.folder import Busy, Lock
from compete.models import Contest, User, db
from scoring.problems import Problem

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None

THREADS = 8
# A hall of phones keeps its connections open; an open one that asks nothing costs no thread.
CONNECTIONS, WAITING = 16_000, 4_096
# Seconds a thread may compute while others wait. With Python's 5 ms, whoever holds the write lock would wait that long
# after each statement whenever other threads are busy.
SWITCH_AFTER = 0.0005
COLLECT_AFTER = (50_000, 20, 20)  # of Python's garbage collector: a page of 1,000 standings makes some 10,000 objects


class Options(NamedTuple):
    host: str = "0.0.0.0"
    port: int = 8000
    workers: int = 1
    threads: int = THREADS
    demo: bool = False


def application():
    """What a worker loads. It ends with its supervisor, even when that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    app = create_app()
    quiet_collector()
    sys.setswitchinterval(SWITCH_AFTER)
    return app


def quiet_collector() -> None:
    """What is loaded now stays for good: without this, every full collection walks through it, tens of ms in the midst of a page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _end_with(parent) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def serve(options: Options) -> Problem | None:
    """Serves until it is told to stop; answers what stood in the way, if anything."""
    if not network.port_is_free(options.port, options.host):
        return _port_problem(options.port)
    app = create_app()
    try:
        with Lock(app.config["DATA"]):
            with app.app_context():
                problem = prepare(demo=options.demo) or _workers_problem(options.workers)
                link = None if problem else first_admin_path()
                db.session.remove()
                db.engine.dispose()  # no connection crosses the fork
            if problem is None:
                _run(options, link)
            return problem
    except Busy:
        return Problem("data.busy", str(app.config["DATA"]), "另一个赛评正在使用这个数据文件夹", "请先停止它，或用 --data 换一个")


def _port_problem(port: int) -> Problem:
    other = network.free_port(port)
    mend = f"请停止占用它的程序，或换一个端口：--port {other}" if other else "请用 --port 换一个端口"
    return Problem("port.taken", f"端口 {port}", "已被别的程序占用，或系统不允许使用", mend)


def _workers_problem(workers: int) -> Problem | None:
    if workers == 1 or not is_sqlite():
        return None
    return Problem("workers.sqlite", f"--workers {workers}", "SQLite 只能用一个进程", "请设置 COMPETE_DATABASE_URL 使用 PostgreSQL，或去掉 --workers")


def prepare(*, demo: bool) -> Problem | None:
    """Brings the database to the newest revision; an older one that holds data is backed up first."""
    problem = upgrade.obstacle()
    if problem:
        return problem
    revision = upgrade.current()
    if revision != upgrade.newest():
        if revision is not None:
            kept = backup.before_upgrade()
            if isinstance(kept, Problem):
                return kept
            print(f"数据库需要升级，升级前的数据已备份到 {kept.path}", flush=True)
        upgrade.to()
    for problem in checks.keys():  # with other keys nobody signs in, and what is written now could not be read beside the rest
        return problem
    if demo and is_empty():
        fill_demo()
    return None


def is_empty() -> bool:
    """Neither a contest nor a person: nothing of anybody's work is here."""
    return db.session.query(Contest.id).first() is None and db.session.query(User.id).first() is None


def fill_demo() -> None:
    from compete.office import demo

    print("正在准备演示竞赛……", flush=True)
    demo.fill(now=clock.now())


def first_admin_path() -> str | None:
    """The path of a new one-time link while nobody administers this installation yet."""
    with write():
        token = accounts.first_admin_link(actor=SYSTEM, now=clock.now())
    return f"/claim/{token}" if token else None


def allow_connections() -> None:
    """As many open connections as the system lets this process have: many begin with 256 or 1024."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + 1000 if hard == resource.RLIM_INFINITY else min(CONNECTIONS + 1000, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError):
            pass  # fewer viewers at once, and nothing worse


def _run(options: Options, link: str | None) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    class Announcing(Granian):
        def startup(self, *arguments):
            super().startup(*arguments)
            # Only now: a worker that is forked while another thread runs may inherit a lock that nobody frees.
            threading.Thread(target=_announce, args=(options, link), daemon=True).start()

        def _respawn_workers(self, workers, *given, **named):
            super()._respawn_workers(workers, *given, **named)
            # Granian takes a second death within seconds for a loop and ends: in a hall only a worker that never answered is one.
            while not self.interrupt_signal and all(self.wrks[number].is_alive() for number in workers):
                if _answers(_here(options), options.port):
                    return self.respawned_wrks.clear()
                time.sleep(0.05)

    allow_connections()
    server = Announcing(
        "compete.office.server:application", factory=True, interface=Interfaces.WSGI, address=options.host, port=options.port,
        workers=options.workers, blocking_threads=options.threads, respawn_failed_workers=True, workers_kill_timeout=10,
        websockets=False, log_level=LogLevels.error, backlog=WAITING, backpressure=CONNECTIONS, runtime_blocking_threads=512,
    )  # fmt: skip
    server.serve()
    print("\n赛评已停止，数据都已保存。", flush=True)


def _here(options: Options) -> str:
    return "127.0.0.1" if options.host in ("0.0.0.0", "::") else options.host


def _announce(options: Options, link: str | None) -> None:
    """Prints where to go as soon as the server answers."""
    here = _here(options)
    while not _answers(here, options.port):
        time.sleep(0.05)
    outside = network.local_addresses() if options.host == "0.0.0.0" else []
    lines = ["", "赛评已启动。按 Ctrl-C 停止。", "", f"  本机：    http://{here}:{options.port}/"]
    lines += [f"  局域网：  http://{address}:{options.port}/" for address in outside]
    if outside:
        lines += ["", "平板和手机连同一个网络后扫码打开：", _qr(f"http://{outside[0]}:{options.port}/")]
    if link:
        lines += ["", "成为管理员（链接只能用一次，请勿转发）：", f"  http://{here}:{options.port}{link}"]
    print("\n".join(lines), flush=True)


def _answers(host: str, port: int) -> bool:
    try:
        connection = http.client.HTTPConnection(host, port, timeout=5)
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    connection.close()
    return True


def _qr(text: str) -> str:
    drawn = network.qr(text, colour=sys.stdout.isatty())
    try:
        drawn.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return "（这个终端不能显示二维码，请输入上面的地址）"
    if sys.platform == "win32":
        os.system("")  # switches the console's colour codes on
    return drawn
