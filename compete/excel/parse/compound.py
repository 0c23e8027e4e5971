"""The compound file of old Office formats: a small file system of sectors and chains ([MS-CFB])."""

import struct

from compete.excel.parse.rows import Refused

_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF


def stream(data: bytes, *names: str) -> bytes | None:
    """The first of the named streams that the file holds."""
    entries = _Container(data)
    for name in names:
        found = entries.read(name)
        if found is not None:
            return found
    return None


class _Container:
    def __init__(self, data: bytes):
        if len(data) < 512:
            raise Refused("corrupt")
        self.data = data
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise Refused("corrupt")
        self.size = 1 << shift
        self.table = self._table()
        directory_start, = struct.unpack_from("<I", data, 48)
        self.cutoff, small_start = struct.unpack_from("<II", data, 56)
        self.entries = self._directory(self._chain(directory_start))
        self.small_table = _words(self._chain(small_start)) if small_start < _END else ()
        root = self.entries.get("root entry", (_END, 0))
        self.small = self._chain(root[0]) if root[0] < _END else b""

    def read(self, name: str) -> bytes | None:
        found = self.entries.get(name.lower())
        if found is None:
            return None
        start, size = found
        if size >= self.cutoff:
            return self._chain(start)[:size]
        pieces, seen = [], 0
        while start < _END and start < len(self.small_table) and seen <= len(self.small_table):
            pieces.append(self.small[start * 64:start * 64 + 64])
            start, seen = self.small_table[start], seen + 1
        return b"".join(pieces)[:size]

    def _sector(self, number: int) -> bytes:
        return self.data[(number + 1) * self.size:(number + 2) * self.size]

    def _table(self) -> tuple[int, ...]:
        """The chain table: its own sectors are listed in the header, and beyond it in further sectors."""
        listed = list(struct.unpack_from("<109I", self.data, 76))
        further, count = struct.unpack_from("<II", self.data, 68)
        most = len(self.data) // self.size + 1
        for _ in range(min(count, most)):
            if further >= _END:
                break
            words = _words(self._sector(further))
            if not words:
                raise Refused("corrupt")
            listed += words[:-1]
            further = words[-1]
        return _words(b"".join(self._sector(number) for number in listed[:most] if number < _END))

    def _chain(self, start: int) -> bytes:
        pieces, seen = [], 0
        while start < _END:
            # A chain longer than the table runs in a circle.
            if start >= len(self.table) or seen > len(self.table):
                raise Refused("corrupt")
            pieces.append(self._sector(start))
            start, seen = self.table[start], seen + 1
        return b"".join(pieces)

    def _directory(self, data: bytes) -> dict[str, tuple[int, int]]:
        entries = {}
        for offset in range(0, len(data) - 127, 128):
            length, kind = struct.unpack_from("<HB", data, offset + 64)
            if kind in (2, 5) and 2 <= length <= 64:
                name = data[offset:offset + length - 2].decode("utf-16-le", "replace")
                entries.setdefault(name.lower(), struct.unpack_from("<II", data, offset + 116))
        return entries


def _words(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[:len(data) // 4 * 4])
