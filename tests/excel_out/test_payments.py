"""奖金发放表: what is printed, what is a number and what is text, and figures that recalculate to the engine's."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from compete.excel.payments import BankColumn, Payer, PaymentLine, payment_sheet
from compete.excel.style import Paper

PAPER = Paper(contest="测试竞赛", release="第1号发布", digest="ab" * 32, printed_at="2026年11月22日 09:30")
LEADER = PaymentLine("高新立", "淮南矿业集团", "地铁道岔在线监测", "金成果一等奖", 12_345_678, 12_345_678, 2_469_136, 9_876_542,
                     identity="610113197012110008", account="6222020000000000123", bank="工商银行", phone="13753645568", group="1")  # fmt: skip
MEMBER = replace(LEADER, payee="曾明伟", amount=7_654_322, taxable=7_654_322, tax=1_530_864, net=6_123_458)
UNIT = PaymentLine("合肥水务集团", "合肥水务集团", "叉车防撞预警", "金成果三等奖", 5_000_000, 0, 0, 5_000_000, account="34001", kind="organization")


def rows(data, sheet="奖金发放表", **how):
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(data), **how)[sheet].iter_rows()]


def find(table, text):
    return next(row for row in table if any(isinstance(value, str) and text in value for value in row))


def test_amounts_are_numbers_and_digits_are_text():
    book = load_workbook(BytesIO(payment_sheet(PAPER, [LEADER])))
    sheet = book["奖金发放表"]
    assert [sheet.cell(5, column).value for column in (6, 7, 8)] == [123456.78, 123456.78, 24691.36]
    assert [sheet.cell(5, column).data_type for column in (6, 10, 11, 13)] == ["n", "s", "s", "s"]
    assert (sheet.cell(5, 10).value, sheet.cell(5, 11).value) == ("610113197012110008", "6222020000000000123")
    assert sheet.cell(5, 6).number_format == "#,##0.00"


def test_totals_are_formulas_beside_their_values_and_words():
    data = payment_sheet(PAPER, [LEADER, MEMBER, UNIT])
    formulas, values = find(rows(data), "合　　计"), find(rows(data, data_only=True), "合　　计")
    assert formulas[5:9] == ["=SUM(F5:F7)", "=SUM(G5:G7)", "=SUM(H5:H7)", "=SUM(I5:I7)"]
    assert [Decimal(str(value)) for value in values[5:9]] == [Decimal("250000"), Decimal("200000"), Decimal("40000"), Decimal("210000")]
    assert "人民币贰拾壹万元整" in str(find(rows(data), "大写"))


def test_a_shared_prize_stands_between_hair_lines_and_every_row_is_whole():
    sheet = load_workbook(BytesIO(payment_sheet(PAPER, [LEADER, MEMBER, UNIT])))["奖金发放表"]
    assert [sheet.cell(row, 4).value for row in (5, 6, 7)] == ["地铁道岔在线监测", "地铁道岔在线监测", "叉车防撞预警"]
    assert [sheet.cell(row, 4).border.bottom.style for row in (5, 6, 7)] == ["hair", "hair", "thin"]
    assert not [area for area in sheet.merged_cells.ranges if area.max_row > area.min_row]


def test_money_columns_are_as_wide_as_their_totals():
    many = [replace(UNIT, amount=99_999_999_99, net=99_999_999_99)] * 20  # 1,999,999,999.80 in all
    few, wide = (load_workbook(BytesIO(payment_sheet(PAPER, lines)))["奖金发放表"].column_dimensions["F"].width for lines in ([UNIT], many))
    assert wide > few
    assert wide >= len("1,999,999,999.80")


def test_page_is_fit_to_be_printed_and_signed():
    sheet = load_workbook(BytesIO(payment_sheet(PAPER, [LEADER])))["奖金发放表"]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.print_title_rows) == ("landscape", 1, "$1:$4")
    assert "复核" in str(find([[cell.value for cell in row] for row in sheet.iter_rows()], "制表："))


def test_bank_batch_follows_the_banks_template():
    columns = (BankColumn("序", "serial"), BankColumn("账号", "account"), BankColumn("金额", "net"), BankColumn("用途", "purpose"), BankColumn("类", "=对私"))
    table = rows(payment_sheet(PAPER, [LEADER, replace(UNIT, amount=0, net=0)], Payer("省总工会"), "奖金", columns), "银行代发")
    assert table == [["序", "账号", "金额", "用途", "类"], [1, "6222020000000000123", 98765.42, "奖金", "对私"]]


@pytest.mark.parametrize("wrong", [{"net": 1}, {"tax": 12_345_679}, {"taxable": 12_345_679}])
def test_figures_that_do_not_agree_are_refused(wrong):
    with pytest.raises(ValueError):
        payment_sheet(PAPER, [replace(LEADER, **wrong)])


def test_formula_like_text_and_rare_characters_stay_as_typed():
    odd = replace(LEADER, payee="=1+1", title="䶮㛃𬱖㙟😀\x01", bank="+86")
    table = rows(payment_sheet(PAPER, [odd]))
    assert table[4][1] == "=1+1" and table[4][3] == "䶮㛃𬱖㙟😀" and table[4][11] == "+86"
