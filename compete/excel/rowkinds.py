"""Telling the rows of a table from what stands between and below them."""

import re

from compete.excel import fields
from compete.excel.header import Block, is_number
from compete.excel.merges import Merges
from compete.excel.reader import Sheet
from compete.texts import clean
from scoring.problems import Problem

_TOTAL = re.compile(r"(?:(?:合|总|小|共|累|本页|本表)\s*计|平均(?:值|分)?)\s*(?:人数|项数|金额|数量|件数|[（(]\S{1,3}[)）])?\s*[:：]?\s*[\d,.]*\s*(?:人|名|项|个|支|队|件|万元|元)?\Z")
_COUNTED = re.compile(r"(?:共|总共|一共|合计|总计|小计)\s*(?:计|有)?\s*[:：]?\s*\d+\s*\D{0,6}")
_NOTE = re.compile(r"[（(]?\s*(?:注|备\s*注|说\s*明|填表说明|填报说明|注意|附注|附)\s*(?:[:：、.\d]|事项|$)|[*※☆]|以上\S{0,12}(?:准确|属实|无误)")
_NOTE_NEXT = re.compile(r"[（(]?\d{1,2}[)）.、．]")
_SIGNED = re.compile(r"(?:填表|填报|制表|审核|复核|审批|批准|经办|联系|负责|单位|领导|主管|部门|日期|时间|电话|盖章|签字|签名)\S{0,6}[:：]|"
                     r"\S{0,10}[(（](?:盖章|签字|签章|公章|签名)[)）]|\d{4}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?\Z")
_ORDINAL = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[)）]?\s*[、.．:：]|[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十\d]{1,3}(?:组|赛区|部分|批|类)")
_EXAMPLE = re.compile(r"(?:填写|填报)?(?:示例|样例|范例|举例|例)\s*\d?\s*(?:[:：]|$)")
_HINT = re.compile(r"必填|选填|可选|非必填|必选|文本|数字|日期|下拉选择|不填")
_HEADING = re.compile(r".{1,12}(?:省|市|县|区|州|盟|旗|代表队|代表团|赛区|赛道|赛项|组别|组)")
_COUNT_BEHIND = re.compile(r"\s*[（(]\s*共?\s*\d+\s*\S{0,3}[)）]$|[:：]$")
_NUMBER_COLUMN = re.compile(r"序号|编号|队号|号|no", re.IGNORECASE)


class RowReader:
    """Walks the rows below a header once; fills `rows`, `skipped`, `notices` and `used` columns."""

    def __init__(self, sheet: Sheet, merges: Merges, block: Block):
        self.sheet, self.merges, self.block = sheet, merges, block
        self.rows, self.skipped, self.notices, self.used = [], [], [], set()
        self.section, self.pending, self.noting = "", None, False
        self.header = [self._own(row) for row in range(block.first, block.last + 1)]
        self.header = [texts for texts in self.header if texts]
        self.fills = self._fills()
        self.number_column = self._find_number_column()

    def walk(self) -> None:
        below = [row for row in sorted(self.sheet.cells) if row > self.block.last]
        usual = self._usual(below)
        for row in below:
            own = self._own(row)
            if not own:
                continue
            if self._second_table(row, own):
                break
            kind = self._kind(row, own, usual)
            if kind == "section":
                self._drop_pending()
                self.pending = (row, next(iter(own.values())))
            elif kind:
                self._drop_pending()
                self.noting = kind == "note"
                self.skipped.append((row, kind, "　".join(own.values())))
            else:
                self._take(row, own)
        self._drop_pending("note")

    def _take(self, row: int, own: dict[int, str]) -> None:
        self.noting = False
        if self.pending:
            self.section = _COUNT_BEHIND.sub("", _ORDINAL.sub("", self.pending[1], count=1)).strip()
            self.skipped.append((self.pending[0], "section", self.pending[1]))
            self.pending = None
        cells, merged = dict(own), {}
        for column, top in self.fills.get(row, {}).items():
            text = clean.tidy_lines(self.sheet.cells.get(top, {}).get(column, ""))
            if text and column not in cells:
                cells[column] = text
                merged[column] = top
        flags = {}
        if self.sheet.flags:
            for column in range(self.block.left, self.block.right + 1):
                flag = self.sheet.flags.get((merged.get(column, row), column))
                if flag:
                    flags[column] = flag
        self.used.update(cells)
        self.rows.append((row, cells, self.section, row in self.sheet.hidden_rows, merged, flags))

    def _drop_pending(self, reason: str = "section") -> None:
        if self.pending:
            self.skipped.append((self.pending[0], reason, self.pending[1]))
            self.pending = None

    def _own(self, row: int) -> dict[int, str]:
        found = {}
        left, right = self.block.left, self.block.right
        for column, text in self.sheet.cells.get(row, {}).items():
            if left <= column <= right:
                text = clean.tidy_lines(text)
                if text:
                    found[column] = text
        return found

    def _fills(self) -> dict[int, dict[int, int]]:
        """row → column → the row above whose merged value counts here too."""
        fills = {}
        for (top, left), (bottom, _) in self.merges.span.items():
            if top > self.block.last and self.block.left <= left <= self.block.right:
                for row in range(top + 1, min(bottom, self.sheet.height) + 1):
                    fills.setdefault(row, {})[left] = top
        return fills

    def _find_number_column(self) -> int | None:
        first = self.block.left
        names = [fields.bare(texts[first]) for texts in self.header if first in texts]
        return first if any(_NUMBER_COLUMN.search(name) for name in names) else None

    def _usual(self, rows: list[int]) -> int:
        """How many cells a row usually has, merged ones counted."""
        counts = sorted(len(self.sheet.cells[row].keys() | self.fills.get(row, {}).keys()) for row in rows[:500])
        return counts[len(counts) // 2] if counts else 0

    def _kind(self, row: int, own: dict[int, str], usual: int) -> str:
        """'' for a row of data, else why it is none."""
        first = next(iter(own.values()))
        few = len(own) <= max(2, usual // 3)
        if _TOTAL.match(first) or (few and _COUNTED.match(first)):
            return "total"
        if self._is_header_again(own):
            return "header"
        if _EXAMPLE.match(first):
            return "example"
        if all(_HINT.fullmatch(text) for text in own.values()):
            return "hint"
        if few and (_NOTE.match(first) or (self.noting and len(own) == 1 and _NOTE_NEXT.match(first))):
            return "note"
        if all(_SIGNED.match(text) for text in own.values()) and not is_number(first):
            return "signature"
        seen = len(own.keys() | self.fills.get(row, {}).keys())
        if self.number_column in own and seen == 1 and is_number(first):
            return "blank"
        if len(own) == 1 and seen == 1:
            return self._lone(row, own, usual)
        return ""

    def _lone(self, row: int, own: dict[int, str], usual: int) -> str:
        """A row of one cell: a heading between groups, a remark, or an entry with nothing but a name."""
        column, text = next(iter(own.items()))
        if is_number(text) or usual < 2:
            return ""
        wide = self.merges.width(row, column) > 1
        if wide or _ORDINAL.match(text) or column == self.number_column or _HEADING.fullmatch(_COUNT_BEHIND.sub("", text)):
            return "section"
        return "fragment" if usual >= 4 else ""

    def _is_header_again(self, own: dict[int, str]) -> bool:
        """Printed lists repeat their header on every page."""
        for texts in self.header:
            same = sum(1 for column, text in own.items() if texts.get(column) == text)
            if same >= 2 and same * 5 >= max(len(texts), len(own)) * 4:
                return True
        return False

    def _second_table(self, row: int, own: dict[int, str]) -> bool:
        """A row of header words that is not our own header: another table begins."""
        if len(own) < 3 or not self.rows or any(is_number(text) for text in own.values()):
            return False
        words = sum(1 for text in own.values() if fields.is_header_word(text))
        if words < 3 or words * 3 < len(own) * 2 or self._is_header_again(own):
            return False
        self.notices.append(Problem(
            "second_table", self.sheet.name, f"第{row}行起还有一张表，没有读入",
            "一张工作表只读第一张表；请把另一张表移到新的工作表后重新上传"))
        return True
