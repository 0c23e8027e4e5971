"""按姓氏笔画为序: by strokes of the surname's first character, then by the shapes 横竖撇点折 in order of writing.

Of one surname, one-character given names stand first (王毅 before 王小洪), then the given name's characters count in the same way;
compound surnames stand behind the single ones that begin alike.

The number of strokes is known of every character (Unihan, from the package `strokes`); the order of strokes of
surnames and of characters frequent in names is kept in strokes.txt. General collation tables get this order wrong
(they put 文 before 王), so where the order of strokes is not known the name stands after the others of the same
number of strokes and `unknown_characters` names it for a check by hand.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import files
from pathlib import Path

COMPOUND = frozenset(
    "欧阳 司马 上官 诸葛 尉迟 皇甫 令狐 慕容 司徒 端木 东方 夏侯 公孙 轩辕 宇文 长孙 司空 鲜于 闾丘 南宫 独孤 澹台 公冶 太史 申屠 钟离 东郭 百里 呼延 赫连 西门 拓跋".split()
)
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


def _plain(name: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFC", name))


def stroke_key(name: str, override: Mapping[str, str] | None = None) -> str:
    """A text that sorts names in the customary order. `override`: {character: order of strokes in digits 1–5}."""
    plain = _plain(name)
    keys = [_character(character, override or {}) for character in plain]
    if plain[:2] in COMPOUND:
        keys[1:2] = ["3" + keys[1], "1" if len(plain) == 3 else "2"]
    else:
        keys[1:1] = ["1" if len(plain) == 2 else "2"]
    return "/".join(keys)


def doubtful(names: Iterable[str], override: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The names whose place among these the table cannot vouch for.

    A character it does not know matters only where another name, alike up to there, has another character of as many strokes.
    """
    override, names = override or {}, list(dict.fromkeys(names))
    rivals, asked = defaultdict(set), []
    for name in names:
        keys = stroke_key(name, override).split("/")
        for at, key in enumerate(keys):
            rivals["/".join(keys[:at]), key[:2]].add(key)
            if "~" in key or key.startswith(LAST):
                asked.append((name, "/".join(keys[:at]), key))
    found = {name for name, before, key in asked if key.startswith(LAST) or len(rivals[before, key[:2]]) > 1}
    return tuple(name for name in names if name in found)


def unknown_characters(name: str, override: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The characters of a name whose place the table cannot vouch for."""
    return tuple(character for character in _plain(name) if character not in (override or {}) and character not in _orders())


def sort_by_strokes(names: Iterable, key=lambda name: name, override: Mapping[str, str] | None = None) -> list:
    return sorted(names, key=lambda item: stroke_key(key(item), override))
