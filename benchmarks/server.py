"""A real server process on a folder of its own, loopback only, and a proxy that counts what goes over the wire."""

import socket
import threading
from contextlib import contextmanager
from pathlib import Path

from compete.office.child import Broken, Child


@contextmanager
def serving(folder: Path):
    """`compete serve` as an administrator starts it; answers the port."""
    try:
        with Child(folder) as child:
            yield child.port
    except Broken as reason:
        raise SystemExit(str(reason)) from reason


class Wire:
    """Stands between a browser and the server; `sent` and `received` are the bytes as the browser's radio would see them."""

    def __init__(self, port: int):
        self._target, self.sent, self.received = port, 0, 0
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def total(self) -> int:
        return self.sent + self.received

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            threading.Thread(target=self._pump, args=(near, far, "sent"), daemon=True).start()
            threading.Thread(target=self._pump, args=(far, near, "received"), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, counter: str) -> None:
        try:
            while data := source.recv(65536):
                with self._lock:
                    setattr(self, counter, getattr(self, counter) + len(data))
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # either side closed first; what was counted stays

    def close(self) -> None:
        self._door.close()
