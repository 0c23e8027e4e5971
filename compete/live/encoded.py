"""A document as it goes over the wire to many viewers: encoded once, compressed once, told apart by its tag."""

import gzip
import hashlib
import json
from functools import lru_cache

import brotli

SMALLEST = 500  # bytes; below, compression costs more than it saves
LARGE = 32_000  # bytes; from here on the quicker setting: such a document changes with every sheet


class Encoded:
    """`raw` is the JSON text in UTF-8; its compressed forms are made when first asked for, then kept.

    `tag` is over the content, so processes and restarts agree on it. Each form has a strong ETag of its own.
    """

    __slots__ = ("_forms", "raw", "tag")

    def __init__(self, raw: bytes):
        self.raw, self.tag = raw, hashlib.blake2b(raw, digest_size=12).hexdigest()
        self._forms = {"": (raw, f'"{self.tag}"')}

    @classmethod
    def of(cls, document) -> "Encoded":
        return cls(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())

    def form(self, accepted: str) -> tuple[str, bytes, str]:
        """(content coding, bytes, ETag) for an Accept-Encoding header."""
        coding = chosen(accepted) if len(self.raw) >= SMALLEST else ""
        if coding not in self._forms:
            self._forms[coding] = _PACK[coding](self.raw), f'"{self.tag}-{coding}"'
        return coding, *self._forms[coding]

    def known_to(self, if_none_match: str) -> bool:
        """Whether the asker holds this content, in whatever form."""
        return bool(if_none_match) and (self.tag in if_none_match or if_none_match.strip() == "*")


_PACK = {
    "br": lambda raw: brotli.compress(raw, quality=5 if len(raw) < LARGE else 2),
    "gzip": lambda raw: gzip.compress(raw, 6 if len(raw) < LARGE else 1, mtime=0),
}


@lru_cache(maxsize=256)
def chosen(accepted: str) -> str:
    """The coding for an Accept-Encoding header: "br", "gzip" or "" (as it is)."""
    wanted = set()
    for one in accepted.lower().split(","):
        name, _, more = one.partition(";")
        quality = more.strip().removeprefix("q=").strip()
        if quality not in ("0", "0.0", "0.00", "0.000"):
            wanted.add(name.strip())
    return next((coding for coding in _PACK if coding in wanted), "")
