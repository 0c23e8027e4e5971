"""A progress bar on stderr: only on a terminal, and only for work that lasts longer than a second."""

import sys
import threading
import time

PATIENCE = 1.0
WIDTH = 24


class Progress:
    """`with Progress(3) as progress: progress.stage("读取") …` — shows the stage, how many are done and the time gone by."""

    def __init__(self, stages: int, stream=None, patience: float = PATIENCE):
        self.stages, self.stream, self.patience = stages, stream or sys.stderr, patience
        self.at, self.name, self.begun = -1, "", time.monotonic()
        self.shown, self.ended = False, threading.Event()
        self.drawer = None

    def __enter__(self):
        if self.stream.isatty():
            self.drawer = threading.Thread(target=self._draw, daemon=True)
            self.drawer.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        if self.drawer:
            self.drawer.join()
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

    def stage(self, name: str) -> None:
        self.at, self.name = self.at + 1, name

    def reach(self, done: int, name: str) -> None:
        """So many stages are done; for work that counts them itself."""
        self.at, self.name = min(done, self.stages), name

    def _draw(self):
        wait = self.patience
        while not self.ended.wait(wait):
            self.shown, wait = True, 0.2
            done = WIDTH * max(self.at, 0) // self.stages
            seconds = time.monotonic() - self.begun
            self.stream.write(f"\r\x1b[K[{'#' * done}{'·' * (WIDTH - done)}] {self.name}… {seconds:.0f} 秒")
            self.stream.flush()
