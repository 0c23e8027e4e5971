"""The least that can be called a saved sheet: Flask behind the same server with the same settings, a validated JSON body,
one upsert, one row of a log, one durable commit. `python -m benchmarks.bare PORT FILE` serves it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, request

from benchmarks.wire import Client
from compete.database import PRAGMAS
from compete.office.child import ROOT, free_port
from compete.office.server import CONNECTIONS, SWITCH_AFTER, THREADS, WAITING, quiet_collector

MOST = 100 * 10_000


def application() -> Flask:
    app, here, lock = Flask("bare"), threading.local(), threading.Lock()

    def connection() -> sqlite3.Connection:
        if not hasattr(here, "connection"):
            here.connection = sqlite3.connect(os.environ["BARE_FILE"], isolation_level=None)
            for pragma in PRAGMAS:
                here.connection.execute(f"PRAGMA {pragma}")
        return here.connection

    @app.post("/sheet")
    def sheet():
        sent = request.get_json()
        marks = sent.get("marks")
        if type(sent.get("sheet")) is not int or not isinstance(marks, dict) or any(type(mark) is not int or not 0 <= mark <= MOST for mark in marks.values()):
            return {"error": "malformed"}, 400
        text, at = json.dumps(marks), datetime.now(UTC).isoformat()
        with lock:
            database = connection()
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO sheet VALUES (?, ?) ON CONFLICT DO UPDATE SET marks = excluded.marks", (sent["sheet"], text))
            database.execute("INSERT INTO log (at, text) VALUES (?, ?)", (at, text))
            database.execute("COMMIT")
        return {"saved": True}

    return app


def loaded():
    """What the server's worker runs: set up as the product is."""
    app = application()
    quiet_collector()
    sys.setswitchinterval(SWITCH_AFTER)
    return app


@contextmanager
def serving(folder: Path):
    """The bound in a process of its own; answers the port."""
    file, port = folder / "bare.db", free_port()
    database = sqlite3.connect(file)
    database.executescript("PRAGMA journal_mode=WAL; CREATE TABLE sheet (id INTEGER PRIMARY KEY, marks TEXT); CREATE TABLE log (id INTEGER PRIMARY KEY, at TEXT, text TEXT)")
    database.close()
    command = [sys.executable, "-m", "benchmarks.bare", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "BARE_FILE": str(file)}, cwd=ROOT, start_new_session=True)
    try:
        for _ in range(600):
            try:
                Client(port).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def main() -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "benchmarks.bare:loaded", factory=True, interface=Interfaces.WSGI, address="127.0.0.1", port=int(sys.argv[1]), workers=1,
        blocking_threads=THREADS, websockets=False, log_level=LogLevels.error, backlog=WAITING, backpressure=CONNECTIONS, runtime_blocking_threads=512,
    ).serve()  # fmt: skip


if __name__ == "__main__":
    main()
