"""The data folder: whether it can be used, and the lock that keeps it to one server at a time."""

import os
from pathlib import Path

from scoring.problems import Problem

if os.name == "nt":
    import msvcrt
else:
    import fcntl

LOCK = "server.lock"


def obstacle(folder: Path) -> Problem | None:
    """Why nothing can be kept in this folder, if so. Makes the folder."""
    probe = folder / f"probe-{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # personal data: nobody else on this machine reads it
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        reason = "是一个文件，不是文件夹" if isinstance(error, FileExistsError | NotADirectoryError) else f"不能写入（{error.strerror}）"
        return Problem("data.unwritable", f"数据文件夹 {folder}", reason, "请用 --data 指定一个可以写入的文件夹")
    return None


class Busy(Exception):
    """Another process holds the data folder."""


class Lock:
    """`with Lock(folder):` the operating system frees it when the process ends, however it ends."""

    def __init__(self, folder: Path):
        self._path = Path(folder) / LOCK

    def __enter__(self):
        self._file = open(self._path, "a+b")
        try:
            if os.name == "nt":
                self._file.seek(0)
                msvcrt.locking(self._file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise Busy(str(self._path)) from error
        return self

    def __exit__(self, *_error):
        self._file.close()
