"""Form fields for exact figures: points, percentages and money are parsed by the engine, never through a float."""

import re

from wtforms import StringField

import scoring
from scoring.problems import Problem


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
