"""按姓氏笔画为序: by strokes of the first character, then by the shapes 横竖撇点折 in order of writing, then the next character.

The number of strokes is known of every character (Unihan, from the package `strokes`); the order of strokes of
surnames and of characters frequent in names is kept in strokes.txt. General collation tables get this order wrong
(they put 文 before 王), so where the order of strokes is not known the name stands after the others of the same
number of strokes and `unknown_characters` names it for a check by hand.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import files
from pathlib import Path

# Behind every counted character.
LAST = "99"


@cache
def _orders() -> dict[str, str]:
    text = (Path(__file__).parent / "strokes.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return dict(re.findall(r"(\D)(\d+)", " ".join(lines).replace(" ", "")))


@cache
def _counts() -> dict[str, int]:
    """Of every character of Unihan; the package puts its table beside itself, not inside."""
    table = next(file for file in files("strokes") if file.name == "strokeCount.json")
    return {key: int(value) for key, value in json.loads(Path(table.locate()).read_text("utf-8")).items()}


def _character(character: str, override: Mapping[str, str]) -> str:
    """Count (two digits), then the order of strokes; ~ sorts an unknown order behind the known ones."""
    order = override.get(character) or _orders().get(character)
    if order:
        return f"{len(order):02d}{order}"
    count = _counts().get(character)
    return f"{count:02d}~{ord(character):06x}" if count else f"{LAST}{ord(character):06x}"


def stroke_key(name: str, override: Mapping[str, str] | None = None) -> str:
    """A text that sorts names in the customary order. `override`: {character: order of strokes in digits 1–5}.

    A one-character given name stands before longer ones that begin alike, since its key is a prefix of theirs.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFC", name))
    return "/".join(_character(character, override or {}) for character in plain)


def unknown_characters(name: str, override: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The characters of a name whose place the table cannot vouch for."""
    plain = re.sub(r"\s", "", name)
    return tuple(character for character in plain if character not in (override or {}) and character not in _orders())


def sort_by_strokes(names: Iterable, key=lambda name: name, override: Mapping[str, str] | None = None) -> list:
    return sorted(names, key=lambda item: stroke_key(key(item), override))
