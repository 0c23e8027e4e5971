"""Plain data of the file form → a plain workbook that an organiser can edit; and an example to start from."""

import io
import re
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill

from compete.excel import tally_sheets as sheets
from compete.excel.style import held_text, safe_text
from compete.excel.tally_layout import BLOCK
from compete.excel.tally_scheme import scheme_rows
from compete.excel.tally_read import SCHEME

BANNED = re.compile(r"[\[\]:*?/\\']")
BOLD, HEAD, NOTE = Font(bold=True, size=12), PatternFill("solid", fgColor="FFF2F2F2"), Font(color="FF7F7F7F")


def workbook(data: dict) -> bytes:
    """`data`: as `scoring.form.write` gives it."""
    book = Workbook(write_only=True)
    _sheet(book, SCHEME, scheme_rows(data), freeze=None, widths=(18, 18, 22))
    _sheet(book, sheets.JUDGES, sheets.judge_rows(data))
    _sheet(book, sheets.ENTRIES, sheets.entry_rows(data))
    taken = set()
    for part in data.get("scheme", {}).get("parts", ()):
        rows = sheets.mark_rows(data, part)
        if rows:
            _sheet(book, _name(part["code"], taken), rows, freeze="B3")
    for label, rows in sheets.list_rows(data).items():
        _sheet(book, label, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _name(code, taken):
    """打分 and the part's code, as far as a sheet may be called so; the code stands in the sheet as well."""
    name = f"{sheets.MARKS} {BANNED.sub('', code)}"[:31]
    while name.lower() in taken:
        name = f"{name[:27]} {len(taken)}"
    taken.add(name.lower())
    return name


def _sheet(book, name, rows, freeze="A2", widths=(12, 16)):
    if not rows:
        return
    work = book.create_sheet(name)
    work.freeze_panes = freeze
    longest = max(map(len, rows))
    for at in range(longest):
        work.column_dimensions[_letter(at + 1)].width = widths[at] if at < len(widths) else 13
    head = name != SCHEME
    for row in rows:
        work.append([_cell(work, value, head, at) for at, value in enumerate(row)])
        head = bool(row) and (row[0] == "环节" and name != SCHEME or isinstance(row[0], str) and row[0].startswith(BLOCK))


def _letter(number):
    from openpyxl.utils import get_column_letter

    return get_column_letter(number)


def _cell(work, value, head, at):
    if isinstance(value, (int, Decimal)):
        return value
    if value is None:
        return None
    cell = WriteOnlyCell(work, safe_text(held_text(value)))
    cell.data_type = "s"
    cell.quotePrefix = value[:1] in "=+-@" and value != ""
    if head:
        cell.font, cell.fill = Font(bold=True), HEAD
    elif value.startswith(BLOCK):
        cell.font = BOLD
    cell.alignment = Alignment(vertical="top", wrap_text=False)
    return cell


# --- an example to start from -------------------------------------------------------------------------------------------


def template() -> bytes:
    """A small complete contest with a note to each field: theory 30 %, practice 70 %, two prizes."""
    book = Workbook(write_only=True)
    _sheet(book, "说明", [[line] for line in GUIDE], widths=(110,))
    _sheet(book, SCHEME, scheme_rows(EXAMPLE), freeze=None, widths=(18, 18, 22))
    _sheet(book, sheets.JUDGES, sheets.judge_rows(EXAMPLE))
    _sheet(book, sheets.ENTRIES, sheets.entry_rows(EXAMPLE))
    _sheet(book, f"{sheets.MARKS} practice", sheets.mark_rows(EXAMPLE, EXAMPLE["scheme"]["parts"][1]), freeze="B3")
    for label, rows in sheets.list_rows(EXAMPLE).items():
        _sheet(book, label, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


GUIDE = (
    "评分工作簿：改成您的竞赛，保存后运行 compete tally 文件名.xlsx",
    "“方案”：每一部分以“■ ”开头，下一行是各列的名称。没有写的列按默认；各列的含义见 docs/file-form.md，规则写中文名称或代码都可以。",
    "“参赛对象”：编号不得重复。其余不认识的列都作为录入的数据（导入成绩的环节写环节的代码或名称；用时可写 1:02.5）。",
    "“打分 环节”：一行一个参赛对象，一列一位评委；一个环节有多个评分项时，列名写“评委·评分项”。",
    "　　空格为未评；回避、缺席照写；— 表示这位评委不评这个对象；整行空着表示没有参加这个环节。",
    "“扣分”“决议”“复议分”：没有可以不要这张表。决议的编号按先后写，用顿号隔开。",
)
EXAMPLE = {
    "title": "职工技能竞赛 · 焊工",
    "scheme": {
        "parts": [
            {"code": "theory", "name": "理论考试", "weight": 30, "kind": "figure"},
            {"code": "practice", "name": "实际操作", "weight": 70, "panel": {"rule": "trimmed_mean", "drop_high": 1, "drop_low": 1, "minimum_judges": 5},
             "criteria": [{"code": "quality", "name": "工艺质量", "weight": 60, "maximum": 100, "step": Decimal("0.5")},
                          {"code": "safety", "name": "安全文明", "weight": 40, "maximum": 100, "step": Decimal("0.5")}]}],
        "rounding": {"places": 2},
        "ties": [{"code": "part", "argument": "practice", "label": "实际操作"}, {"code": "shared"}],
        "tiers": [{"code": "first", "name": "一等奖", "count": 1, "prize": 2000}, {"code": "second", "name": "二等奖", "count": 1, "prize": 1000}]},
    "judges": {"J1": "评委一", "J2": "评委二", "J3": "评委三", "J4": "评委四", "J5": "评委五"}, "chief": ["J1"],
    "entries": [
        {"number": number, "name": name, "organization": unit, "figures": {"theory": theory},
         "marks": {"practice": {f"J{judge}": {"quality": quality + judge, "safety": 80 + judge} for judge in range(1, 6)}}, **more}
        for number, name, unit, theory, quality, more in (
            ("01", "王小明", "合肥一建", 86, 84, {}), ("02", "李红", "芜湖造船", 91, 80, {"penalties": [{"points": 1, "reason": "超时 30 秒"}]}),
            ("03", "张伟", "合肥一建", 78, 86, {}))],
    "decisions": [],
}
