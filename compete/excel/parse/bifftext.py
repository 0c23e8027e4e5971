"""Strings of old workbooks, which may run on from one record into the next ([MS-XLS] 2.5.293)."""

import struct

from compete.excel.parse.rows import Refused


class Text:
    """Strings in one record and its continuations.

    Where characters are cut by the end of a record, the next one begins with a byte that says anew
    whether they take one byte or two.
    """

    def __init__(self, pieces: list[bytes], position: int = 0):
        self.pieces, self.piece, self.at = pieces, 0, position

    def string(self, short: bool = False) -> str:
        length = self._take(1)[0] if short else struct.unpack("<H", self._take(2))[0]
        flags = self._take(1)[0]
        runs = struct.unpack("<H", self._take(2))[0] if flags & 8 else 0
        phonetic = struct.unpack("<I", self._take(4))[0] if flags & 4 else 0
        text = self._characters(length, wide=bool(flags & 1))
        # Formatting runs and the phonetic reading are no part of the text.
        self._skip(runs * 4 + phonetic)
        return text

    def _characters(self, length: int, wide: bool) -> str:
        found = []
        while length:
            left = self._left()
            if left == 0:
                self._next()
                wide = bool(self._take(1)[0] & 1)
                left = self._left()
            size = 2 if wide else 1
            count = min(length, left // size)
            if count == 0:
                raise Refused("corrupt")
            raw = self.pieces[self.piece][self.at:self.at + count * size]
            found.append(raw if wide else b"".join(bytes((byte, 0)) for byte in raw))
            self.at += count * size
            length -= count
        return b"".join(found).decode("utf-16-le", "replace")

    def _left(self) -> int:
        return len(self.pieces[self.piece]) - self.at

    def _next(self) -> None:
        self.piece, self.at = self.piece + 1, 0

    def _take(self, count: int) -> bytes:
        taken = b""
        while len(taken) < count:
            if self._left() == 0:
                self._next()
            part = self.pieces[self.piece][self.at:self.at + count - len(taken)]
            self.at += len(part)
            taken += part
        return taken

    def _skip(self, count: int) -> None:
        while count > 0:
            step = min(count, self._left())
            self.at += step
            count -= step
            if count:
                self._next()
