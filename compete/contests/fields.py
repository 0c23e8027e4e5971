"""Form fields for exact figures, and for lists of names and pairs: parsed by the engine, never through a float."""

import re

from wtforms import StringField

import scoring
from scoring.form.values import Unreadable, exact, people, units
from scoring.problems import Problem
from scoring.spec import UNITS


class ExactField(StringField):
    """Text that the engine parses; what was typed stays in the field when it is wrong. Empty gives None."""

    unit = ""
    mode = "decimal"

    def __init__(self, label=None, validators=None, **kwargs):
        super().__init__(label, validators, **kwargs)
        self.render_kw = {"inputmode": self.mode, "autocomplete": "off", **(self.render_kw or {})}

    def _value(self):
        if self.raw_data:
            return self.raw_data[0]
        return "" if self.data is None else self.show(self.data)

    def process_formdata(self, valuelist):
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        found = self.parse(valuelist[0])
        if isinstance(found, Problem):
            raise ValueError(f"{found.message}，{found.mend}")
        self.data = found


class PointsField(ExactField):
    """Points, kept in 1/10000."""

    def parse(self, text: str) -> int | Problem:
        found = scoring.parse_points(text)
        if isinstance(found, int) and found < 0:
            return Problem("negative", "", "分数不能为负", "请填写不小于 0 的数")
        return found

    def show(self, value: int) -> str:
        return scoring.format_points(value)


class PercentField(ExactField):
    """A percentage up to 100, kept in 1/10000 percent."""

    def parse(self, text: str) -> int | Problem:
        return scoring.parse_percent(text)

    def show(self, value: int) -> str:
        return scoring.format_percent(value)


class YuanField(ExactField):
    """Money, kept in fen."""

    def parse(self, text: str) -> int | Problem:
        return scoring.parse_yuan(text)

    def show(self, value: int) -> str:
        text = scoring.format_yuan(value)
        return text.removesuffix(".00")


class CountField(ExactField):
    """A whole number, not negative."""

    mode = "numeric"

    def parse(self, text: str) -> int | Problem:
        found = scoring.parse_points(text, places=0)
        if isinstance(found, Problem):
            return Problem(found.code, "", found.message, "请填写整数")
        if not 0 <= found <= 9_999 * scoring.UNIT:
            return Problem("out_of_range", "", "数目不在 0 到 9999 之间", "请填写这个范围内的整数")
        return found // scoring.UNIT

    def show(self, value: int) -> str:
        return str(value)


class SecondsField(ExactField):
    """Several numbers of seconds, "120、60、30", kept as a tuple, the longest first; "0" gives none."""

    mode = "text"

    def parse(self, text: str) -> tuple[int, ...] | Problem:
        found = [word for word in re.split(r"[、,，;；\s]+", text.strip()) if word]
        if len(found) > 6 or not all(word.isascii() and word.isdecimal() and int(word) <= 3600 for word in found):
            return Problem("seconds", "", "看不懂这些秒数", "请填 1 到 3600 的整数，用顿号隔开，例如 60、30；不提醒填 0")
        return tuple(sorted({int(word) for word in found} - {0}, reverse=True))

    def show(self, value: tuple[int, ...]) -> str:
        return "、".join(map(str, value)) or "0"


class UnitField(ExactField):
    """A number in people's units: points (also negative), percent, a ratio."""

    def __init__(self, *args, unit="points", **kwargs):
        super().__init__(*args, **kwargs)
        self.counts = unit

    def parse(self, text: str):
        return _read(lambda: units(text, self.counts))

    def show(self, value: int) -> str:
        return f"{people(value, self.counts):f}" if value % UNITS[self.counts] else str(people(value, self.counts))


class NumberField(ExactField):
    """An exact decimal or fraction, kept as text."""

    def parse(self, text: str):
        return _read(lambda: exact(text))

    def show(self, value: str) -> str:
        return value


class CodesField(ExactField):
    """Several awards or titles, by their names or codes; one with ! or 非 before it must not have been given."""

    mode = ""
    known: dict[str, str] = {}  # {code: name}, given by the draft

    def parse(self, text: str):
        return tuple(re.findall(r"[^\s,，、;；]+", text))

    def show(self, value: tuple) -> str:
        return "、".join(("非" if code[:1] == "!" else "") + (self.known.get(code.lstrip("!")) or code.lstrip("!")) for code in value)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self._code(text) for text in self.data or ())

    def _code(self, text: str) -> str:
        names = {name: code for code, name in self.known.items()}
        if text in names or text in self.known:
            return names.get(text, text)
        bare = text[1:] if text[:1] in "!！非" else text
        return ("!" if bare != text else "") + names.get(bare, bare)


class PairsField(ExactField):
    """“东区：8，西区：6”: pairs of a number or a name and a number."""

    mode = ""

    def __init__(self, *args, kinds=(int, int), unit="", **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds, self.counts = kinds, unit

    def parse(self, text: str):
        found = []
        for pair in re.findall(r"[^,，;；\n]+", text):
            left, colon, right = pair.replace("：", ":").rpartition(":")
            if not colon or not left.strip():
                return Problem("pairs", "", f"“{pair.strip()[:20]}”缺少冒号", "请写成“甲：乙”，各对之间用逗号")
            value = _read(lambda left=left, right=right: (self._one(0, left.strip()), self._one(1, right.strip())))
            if isinstance(value, Problem):
                return value
            found.append(value)
        return tuple(found)

    def _one(self, at: int, text: str):
        return units(text, self.counts) if self.kinds[at] is int else text

    def show(self, value: tuple) -> str:
        words = [[str(people(item, self.counts)) if kind is int else item for kind, item in zip(self.kinds, pair)] for pair in value]
        return "，".join("：".join(pair) for pair in words)


def _read(make):
    try:
        return make()
    except Unreadable as fault:
        message, mend = (*fault.args, "请改正")[:2]
        return Problem("unreadable", "", message, mend)
