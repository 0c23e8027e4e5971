"""Empty rosters to download: headings, an example, notes, lists to choose from, identity numbers as text."""

from io import BytesIO
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from compete.excel.intake import LISTS, SAMPLE_ROW

LAST_ROW = 1004  # ready for a thousand rows


class Column(NamedTuple):
    """`kind`: "" free, "text" digits that must stay text, "event", "role", "number"; `must` is marked with *."""

    label: str
    width: int
    example: str
    note: str = ""
    must: bool = False
    kind: str = ""


class Template(NamedTuple):
    name: str
    title: str
    columns: tuple
    notes: tuple
    roles: tuple = ()


_NUMBER = Column("序号", 8, SAMPLE_ROW, "同一赛项内不重复；留空由系统编号", kind="number")
_EVENT = Column("赛项", 16, "", "与系统中的赛项名称一致", kind="event")
_UNIT = Column("单位", 28, "某某集团有限公司", "全称，评委回避和获奖名单都用它", True)
_CITY = Column("所在地区", 14, "合肥市")
_TEAM = Column("代表队", 18, "某某市代表队")
_PHONE = Column("联系电话", 16, "13800000000", "11位手机号", kind="text")
_ID = Column("身份证号", 24, "110101199001010015", "18位；本列已设为文本，末位X大写", kind="text")
_NOTES = (
    "带 * 的列必填。请不要改动表头；可以增加列，多出的列作为附加信息一并导入。",
    "第 4 行是示例，序号写着“示例”的行不会导入。一行一项，不要合并单元格，不要留空行。",
    "身份证号、电话、账号两列已设为文本格式；从别处粘贴时请用“只粘贴值”，以免末几位被改成 0。",
    "上传后先看预览，确认之前系统不改动任何数据；同一份名单重复上传不会重复增加。",
)

TEMPLATES = {
    "projects": Template("项目名单模板", "参赛项目名单", (
        _NUMBER, _EVENT, Column("项目名称", 40, "某某技术的研究与应用", "", True), _UNIT, _CITY,
        Column("第一完成人", 14, "张三", "上台路演的负责人", True), Column("其他完成人", 28, "李四、王五", "姓名之间用顿号隔开"), _PHONE, _ID,
        Column("项目简介", 40, "用一两句话说明做法和效果"),
    ), _NOTES),
    "teams": Template("团队名单模板", "参赛团队名单", (
        _NUMBER, _EVENT, Column("队名", 24, "某某一队", "", True), _UNIT, _TEAM, Column("姓名", 14, "张三", "一人一行；同队各行的队名相同", True),
        Column("角色", 10, "队长", "队长、队员或指导教师", kind="role"), _PHONE, _ID,
    ), ("一名队员一行，同队各行填写相同的序号、队名和单位，第一行是队长。", *_NOTES[:1], *_NOTES[2:]), ("队长", "队员", "指导教师")),
    "individuals": Template("选手名单模板", "参赛选手名单", (
        _NUMBER, _EVENT, Column("姓名", 14, "张三", "", True), _UNIT, _TEAM, _PHONE, _ID,
    ), _NOTES),
    "judges": Template("评委名单模板", "评委名单", (
        Column("序号", 8, SAMPLE_ROW, kind="number"), Column("姓名", 14, "张三", "", True), Column("单位", 28, "某某大学", "与参赛单位相同时自动回避", True),
        Column("职称", 16, "教授"), Column("角色", 12, "评委", "总评委、评委或监督", kind="role"), _PHONE,
    ), ("总评委一般一位；监督不打分。", *_NOTES[:1], *_NOTES[2:]), ("总评委", "评委", "监督")),
}  # fmt: skip

_EDGE = Border(*(Side("thin", color="BFBFBF") for _ in range(4)))
_HEAD = PatternFill("solid", fgColor="F3E3E3")
_SAMPLE = Font("仿宋", 11, italic=True, color="808080")


def build(roster: str, events: list[str]) -> bytes:
    """The workbook of TEMPLATES[roster]; `events` fill the list of the column 赛项."""
    template = TEMPLATES[roster]
    book = Workbook()
    sheet = book.active
    sheet.title = template.title
    _title(sheet, template)
    for place, column in enumerate(template.columns, 1):
        _column(sheet, place, column, events)
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    _choices(sheet, lists, template, events)
    _notes(book, template)
    sheet.freeze_panes = "A4"
    sheet.sheet_view.showGridLines = False
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _title(sheet, template: Template) -> None:
    sheet["A1"] = template.title
    sheet["A1"].font = Font("黑体", 16, bold=True)
    sheet["A2"] = "填写说明见第二张工作表；带 * 的列必填"
    sheet["A2"].font = Font("仿宋", 11, color="595959")
    sheet.row_dimensions[1].height, sheet.row_dimensions[3].height = 28, 24


def _column(sheet, place: int, column: Column, events: list[str]) -> None:
    letter = get_column_letter(place)
    sheet.column_dimensions[letter].width = column.width
    head = sheet.cell(3, place, column.label + ("*" if column.must else ""))
    head.font, head.fill, head.border = Font("黑体", 11, bold=True), _HEAD, _EDGE
    head.alignment = Alignment("center", "center", wrap_text=True)
    if column.note:
        head.comment = Comment(column.note, "赛评", width=240, height=60)
    example = (events[0] if events else "") if column.kind == "event" else column.example
    sample = sheet.cell(4, place, example)
    sample.font = _SAMPLE
    if column.kind == "text":
        sheet.column_dimensions[letter].number_format = "@"
        for row in range(4, 304):  # a column's own format does not reach cells that exist
            sheet.cell(row, place).number_format = "@"
    sample.data_type = "s"


def _choices(sheet, lists, template: Template, events: list[str]) -> None:
    """Lists to choose from stand on a hidden sheet: a list inside the rule is limited to 255 characters."""
    for place, column in enumerate(template.columns, 1):
        values = {"event": events, "role": template.roles}.get(column.kind)
        letter = get_column_letter(place)
        if values:
            for row, value in enumerate(values, 1):
                lists.cell(row, place, value).data_type = "s"
            rule = DataValidation("list", formula1=f"{LISTS}!${letter}$1:${letter}${len(values)}", allow_blank=True)
            rule.errorTitle, rule.error = column.label, "请从列表中选择"
        elif column.kind == "number":
            rule = DataValidation("whole", operator="between", formula1="1", formula2="999999", allow_blank=True)
            rule.errorTitle, rule.error = "序号", "请填写整数，或留空"
        elif column.label == "身份证号":
            rule = DataValidation("textLength", operator="lessThanOrEqual", formula1="18", allow_blank=True)
            rule.errorTitle, rule.error = "身份证号", "最多18位，请核对"
            rule.errorStyle = "warning"  # passports and permits have other lengths
        else:
            continue
        rule.showErrorMessage = True
        sheet.add_data_validation(rule)
        rule.add(f"{letter}4:{letter}{LAST_ROW}")


def _notes(book, template: Template) -> None:
    sheet = book.create_sheet("填写说明", 1)
    sheet.column_dimensions["A"].width = 100
    sheet["A1"] = "填写说明"
    sheet["A1"].font = Font("黑体", 14, bold=True)
    lines = [*template.notes, *(f"{column.label}：{column.note}。" for column in template.columns if column.note)]
    for row, text in enumerate(lines, 2):
        cell = sheet.cell(row, 1, f"{row - 1}. {text}")
        cell.font, cell.alignment = Font("仿宋", 12), Alignment(wrap_text=True, vertical="top")
    sheet.sheet_view.showGridLines = False
