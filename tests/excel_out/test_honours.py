"""获奖名单: tiers in order, places or strokes, vacancies said."""

from io import BytesIO

from openpyxl import load_workbook

from compete.excel.honours import Honour, honours_list
from compete.excel.style import Paper

PAPER = Paper(contest="测试竞赛", release="第3号发布", digest="cd" * 32)
FOUND = (
    Honour("金成果", "一等奖", 1, "12", "项目甲", "单位甲", ("方明", "王一")),
    Honour("金成果", "一等奖", 2, "7", "项目乙", "单位乙", ("王伟",)),
    Honour("金成果", "二等奖", 3, "3", "项目丙", "单位丙", ("𬱖文",)),
    Honour("金成果", "二等奖", 4, "4", "项目丁", "单位丁", ("黄敏",)),  # as many strokes as 𬱖, whose order is not known
)
TIERS = [("金成果", "一等奖"), ("金成果", "二等奖"), ("金成果", "三等奖")]


def texts(order):
    data = honours_list(PAPER, FOUND, order, tiers=TIERS, vacant={("金成果", "三等奖"): 2})
    sheet = load_workbook(BytesIO(data))["获奖名单"]
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None], sheet


def test_by_place():
    found, sheet = texts("place")
    assert found.index("项目甲") < found.index("项目乙") < found.index("项目丙")
    assert "方明、王一" in found
    assert "第3号发布" in sheet.oddFooter.left.text and "cd" * 8 in sheet.oddFooter.left.text


def test_by_strokes_with_the_unknown_named():
    found, _ = texts("strokes")
    assert found.index("项目乙") < found.index("项目甲")  # 王 before 方
    assert any("𬱖文" in text and "核对" in text for text in found)


def test_vacant_tier_is_printed():
    found, _ = texts("place")
    assert any("三等奖" in text and "空缺 2 项" in text for text in found)
    assert "空缺" in found


def test_no_heading_stands_alone_at_the_foot_of_a_page():
    many = [Honour("金成果", f"第{tier}等奖", n, str(n), "很长的项目名称" * 6, "单位", ("王伟",)) for tier in range(6) for n in range(1, 8)]
    sheet = load_workbook(BytesIO(honours_list(PAPER, many)))["获奖名单"]
    headings = [row for row in range(3, sheet.max_row) if "等奖" in str(sheet.cell(row, 1).value)]
    starts = {brk.id + 1 for brk in sheet.row_breaks.brk}
    used = 0
    assert starts and starts <= set(headings)
    for row in range(1, sheet.max_row + 1):
        height = sheet.row_dimensions[row].height or 15
        used = height if row in starts or used + height > 735 else used + height
        if row in headings:
            assert used - height + sum(sheet.row_dimensions[row + down].height for down in range(3)) <= 735
