"""The zip container and the XML in it, read piece by piece and never beyond a ceiling."""

import io
import posixpath
import re
import zipfile
import zlib
from xml.parsers import expat

from compete.excel.parse.rows import Refused

MAX_PART = 128_000_000
MAX_INFLATED = 200_000_000
MAX_PARTS = 3_000
_CHUNK = 1 << 18
_ENCRYPTED = 0x1
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Package:
    """An OOXML file; parts are found without regard to case, as spreadsheet programs do."""

    def __init__(self, data: bytes):
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise Refused("corrupt") from None
        infos = self._zip.infolist()
        if len(infos) > MAX_PARTS:
            raise Refused("bomb")
        self._parts = {}
        self._left = MAX_INFLATED
        for info in infos:
            name = info.filename.replace("\\", "/").lstrip("/").lower()
            if info.flag_bits & _ENCRYPTED:
                raise Refused("encrypted")
            if name in self._parts and not name.endswith("/"):
                # Two parts of one name: programs disagree about which one counts.
                raise Refused("duplicate_parts")
            self._parts[name] = info
        if sum(info.file_size for info in infos) > 4 * MAX_INFLATED:
            raise Refused("bomb")

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def chunks(self, name: str):
        info = self._parts.get(name.lower())
        if info is None:
            raise Refused("corrupt")
        if info.file_size > min(MAX_PART, self._left):
            raise Refused("bomb")
        self._left -= info.file_size
        try:
            with self._zip.open(info) as part:
                while chunk := part.read(_CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
            raise Refused("corrupt") from None

    def parse(self, name: str, *, start, end=None, text=None) -> None:
        """Drive the handlers over one part. Names come without their namespace prefix."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.ordered_attributes = False
        # No DTD, hence no entity, hence no entity bomb and no reach outside the file.
        parser.StartDoctypeDeclHandler = _refuse_doctype
        local = _LocalNames()
        parser.StartElementHandler = lambda tag, attributes: start(local[tag], attributes)
        if end:
            parser.EndElementHandler = lambda tag: end(local[tag])
        if text:
            parser.CharacterDataHandler = text
        try:
            for chunk in self.chunks(name):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError):
            raise Refused("corrupt") from None

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """id → (last word of the type, full path of the target) of one part."""
        folder, base = posixpath.split(part)
        found = {}

        def start(tag, attributes):
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = attributes.get("Type", "").rsplit("/", 1)[-1]
                found[attributes.get("Id", "")] = (kind, posixpath.normpath(path))

        name = posixpath.join(folder, "_rels", base + ".rels")
        if name in self:
            self.parse(name, start=start)
        return found


class _LocalNames(dict):
    def __missing__(self, tag: str) -> str:
        self[tag] = tag.rsplit(":", 1)[-1]
        return self[tag]


def _refuse_doctype(*_):
    raise Refused("doctype")


def unescape(text: str) -> str:
    """_x000D_ stands for a character that XML cannot hold."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
