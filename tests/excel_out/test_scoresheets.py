"""评分表 as Excel opens it: marks are numbers, missing is never zero, one A4 page per entry, and free texts stay texts."""

import io
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from compete.excel.scoresheets import JudgeBook, ScorePage, blank_sheets, criterion_lines, score_sheets
from compete.excel.style import Paper
from scoring import UNIT, Criterion

PAPER = Paper("测试竞赛", event="金成果", stage="决赛", audit_head="ab" * 32, printed_at="2026年11月22日 09:30")
TREE = (
    Criterion("tech", "技术", 600_000, 60 * UNIT, children=(
        Criterion("new", "创新性", maximum=40 * UNIT, anchors=((24 * UNIT, "局部改进"), (38 * UNIT, "原创"))),
        Criterion("level", "先进性", maximum=20 * UNIT),
    )),
    Criterion("effect", "效果", 400_000, 40 * UNIT),
)  # fmt: skip
LINES = criterion_lines(TREE)
MARKS = {"new": 365_000, "level": 0, "effect": 333_333}


def book_of(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data))


def filled(*pages: ScorePage, name="张三"):
    return book_of(score_sheets(PAPER, "路演", LINES, [JudgeBook(name, pages=pages)]))


def values(sheet, column="F"):
    return [cell.value for cell in sheet[column] if cell.value not in (None, "")]


def test_lines_follow_the_tree():
    assert [(line.name, line.depth, line.leaf, line.weight) for line in LINES] == [
        ("技术", 0, False, 600_000), ("创新性", 1, True, None), ("先进性", 1, True, None), ("效果", 0, True, 400_000),
    ]  # fmt: skip
    assert LINES[1].anchors == "24 分：局部改进\n38 分：原创"


def test_marks_are_exact_numbers_and_zero_is_a_mark():
    sheet = filled(ScorePage("01", "项目", marks=MARKS, total="69.83")).worksheets[0]
    assert values(sheet) == ["得分", 36.5, 0, 33.3333, 69.83]


def test_a_mark_not_given_is_an_empty_cell():
    sheet = filled(ScorePage("01", "项目", marks={"new": 0}, state="draft")).worksheets[0]
    assert values(sheet) == ["得分", 0, "未提交"]


@pytest.mark.parametrize(("state", "word"), [("missing", "未评"), ("recused", "回避"), ("absent", "评委缺席")])
def test_no_marks_are_words_on_every_line(state, word):
    sheet = filled(ScorePage("01", "项目", state=state)).worksheets[0]
    assert values(sheet) == ["得分", word, word, word, word]


def test_one_page_per_entry_and_one_sheet_per_judge():
    pages = tuple(ScorePage(f"{n:02d}", f"项目{n}", marks=MARKS, total="70.00") for n in range(1, 4))
    book = book_of(score_sheets(PAPER, "路演", LINES, [JudgeBook("张三", pages=pages), JudgeBook("张三", pages=pages[:1])]))
    assert book.sheetnames == ["张三", "张三(2)"]
    first, second = book.worksheets
    assert len(first.row_breaks.brk) == 2 and len(second.row_breaks.brk) == 0
    assert first.page_setup.paperSize == 9 and first.page_setup.orientation == "portrait"
    for brk in first.row_breaks.brk:
        assert first.cell(brk.id + 2, 1).value == "评  分  表"


def test_a_long_tree_is_scaled_to_its_page():
    tree = tuple(Criterion(f"c{n}", f"评分项{n}", 50_000, 5 * UNIT, description="说明" * 40) for n in range(20))
    data = score_sheets(PAPER, "路演", criterion_lines(tree), [JudgeBook("张三", pages=(ScorePage("1", "项目"),))])
    sheet = book_of(data).worksheets[0]
    height = sum(sheet.row_dimensions[row].height or 15 for row in range(1, sheet.max_row + 1))
    assert sheet.page_setup.scale < 100
    assert height * sheet.page_setup.scale / 100 <= 842 - 1.4 * 72


def test_blank_sheets_have_no_marks_and_tell_how_to_fill_them():
    pages = (ScorePage("01", "项目"), ScorePage("02", "项目二", state="recused"))
    sheet = book_of(blank_sheets(PAPER, "路演", LINES, [JudgeBook("", pages=pages)])).worksheets[0]
    assert sheet.title == "空白评分表"
    assert values(sheet) == ["得分", "得分", "回避", "回避", "回避", "回避"]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert sum("空白视为未评" in text for text in texts) == 2
    assert sum("评委签名" in text and "日期" in text for text in texts) == 2


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+1", "@x", "-2", "_x000D_", "䶮㛃𬱖㙟 😀", "长" * 40_000, "a\x00b\x1fc", "<b>&"])
def test_free_texts_stay_texts(text):
    page = ScorePage("01", text, organization=text, marks=MARKS, comment=text, total="1")
    book = filled(page, name=text[:20])
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
    assert all(cell.data_type != "f" for cell in cells)
    kept = [unescape(str(cell.value)) for cell in cells if cell.column == 3]     # Excel does that, openpyxl does not
    wanted = text.replace("\x00", "").replace("\x1f", "")
    assert (wanted in kept) if len(text) < 100 else any(value.startswith("长") and value.endswith("…") for value in kept)


def test_every_page_says_what_it_is():
    sheet = filled(ScorePage("07", "项目", marks=MARKS, total="70.00", comment="好", submitted_at="2026年11月22日 10:00")).worksheets[0]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {"测试竞赛", "金成果　决赛　路演", "张三", "07", "好", "提交时间：2026年11月22日 10:00"} <= set(texts)
    assert "编号 07　留痕链头 " + "ab" * 8 + "　未发布，仅供核对" in texts
    assert "第 &P 页" in sheet.oddFooter.center.text


def test_the_engines_total_is_shown_to_the_last_decimal():
    sheet = filled(ScorePage("01", "项目", marks=MARKS, total="69.8333")).worksheets[0]
    assert Decimal(str(values(sheet)[-1])) == Decimal("69.8333")
