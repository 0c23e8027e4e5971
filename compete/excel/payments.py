"""奖金发放表, to be printed, signed and filed as a voucher, and the batch that the bank pays from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from compete.excel.book import Book, Formula, Sheet
from compete.excel.numbers import money_number
from compete.excel.style import DIGITS, HEAD, LEFT, MONEY, SIGN, SUBTITLE, TITLE, Look, Paper
from compete.texts.rmb import rmb_figures, rmb_words


@dataclass(frozen=True)
class PaymentLine:
    """One payee. Amounts in fen; net = amount − tax. Lines with the same `group` are one prize, shared."""

    payee: str
    organization: str
    title: str
    award: str
    amount: int
    taxable: int
    tax: int
    net: int
    identity: str = ""
    account: str = ""
    bank: str = ""
    phone: str = ""
    kind: str = "person"
    group: str = ""
    bank_code: str = ""
    province: str = ""
    city: str = ""
    note: str = ""


@dataclass(frozen=True)
class BankColumn:
    """A column of the bank's own template: `field` of PaymentLine, or payer_name, payer_account, payer_bank, purpose, serial, or "=text"."""

    title: str
    field: str
    width: float = 90.0


@dataclass(frozen=True)
class Payer:
    name: str = ""
    account: str = ""
    bank: str = ""


DEFAULT_BANK_COLUMNS = (
    BankColumn("序号", "serial", 36), BankColumn("付款账号", "payer_account", 150), BankColumn("付款户名", "payer_name", 120),
    BankColumn("收款账号", "account", 150), BankColumn("收款户名", "payee", 110), BankColumn("收款开户行", "bank", 170),
    BankColumn("收款省份", "province", 60), BankColumn("收款城市", "city", 60), BankColumn("金额（元）", "net", 90),
    BankColumn("用途", "purpose", 90), BankColumn("备注", "award", 110), BankColumn("联系电话", "phone", 90),
)  # fmt: skip

# Title and width in points of the printed sheet's columns: together one landscape A4 page at about 65 %.
COLUMNS = (
    ("序号", 30), ("收款人", 66), ("单位", 104), ("项目", 116), ("奖项", 66), ("奖金（元）", 76), ("应税额（元）", 76), ("税额（元）", 68),
    ("实发（元）", 76), ("身份证号", 124), ("账号", 134), ("开户行", 104), ("联系电话", 82), ("签字", 64),
)  # fmt: skip
MONEY_COLUMNS = {"amount": 6, "taxable": 7, "tax": 8, "net": 9}
FIRST = 5  # the first row of data
BOLD_DIGIT = 8.2  # points of a bold digit in the widest face that may stand in for 仿宋
PAYEE = Look(across="left")
LONG = DIGITS.but(size=10)
NUMBER = DIGITS.but(wrap=False, size=10)  # a number over two lines is misread
BOLD_MONEY = MONEY.but(bold=True)
LOOKS = [Look(), PAYEE, LEFT, LEFT, Look(), MONEY, MONEY, MONEY, MONEY, LONG, LONG, LEFT, LONG, Look()]
SHARED_LOOKS = [look.but(edges="group") if column in (2, 3, 4) else look for column, look in enumerate(LOOKS)]
# The amounts in words are drawn from the frozen figures: a voucher whose words and figures differ is void.
WORDS = Look(across="left", bold=True, wrap=True)


def payment_sheet(
    paper: Paper, lines: Sequence[PaymentLine], payer: Payer | None = None, purpose: str = "竞赛奖金",
    bank_columns: Sequence[BankColumn] = DEFAULT_BANK_COLUMNS,
) -> bytes:  # fmt: skip
    """The workbook. Raises ValueError when a line's tax and net do not agree with its amount."""
    for line in lines:
        if line.net != line.amount - line.tax or not 0 <= line.tax <= line.taxable <= line.amount:
            raise ValueError(f"the figures of {line.award} do not agree")
    book = Book(paper, "奖金发放表")
    _voucher(book, lines)
    _batch(book, lines, payer or Payer(), purpose, bank_columns)
    return book.to_bytes()


def _voucher(book: Book, lines: Sequence[PaymentLine]) -> None:
    sheet = book.sheet("奖金发放表", _widths(lines), landscape=True)
    last = len(COLUMNS)
    sheet.band(1, 1, last, f"{book.paper.contest}奖金发放表", TITLE)
    sheet.height(1, 36)
    about = "　".join(text for text in (book.paper.release, book.paper.printed_at and f"制表时间 {book.paper.printed_at}") if text)
    sheet.band(2, 1, last, about, SUBTITLE)
    sheet.height(2, 22)
    sheet.band(3, 1, last, "单位：元", SUBTITLE.but(across="right", size=10))
    sheet.line(4, [title for title, _ in COLUMNS], [HEAD] * last, least=30)
    sheet.repeat(1, 4, "C5")
    row = FIRST
    for _, shared in groupby(lines, key=lambda line: line.group or id(line)):
        row = _prize(sheet, row, list(shared))
    _totals(sheet, row, lines)


def _widths(lines: Sequence[PaymentLine]) -> list[float]:
    """Columns of money grow with their totals: a figure that does not fit is printed as ###."""
    widths = [width for _, width in COLUMNS]
    for name, column in MONEY_COLUMNS.items():
        total = rmb_figures(sum(getattr(line, name) for line in lines))
        widths[column - 1] = max(widths[column - 1], len(total) * BOLD_DIGIT + 8)
    return widths


def _prize(sheet: Sheet, row: int, shared: list[PaymentLine]) -> int:
    """The payees of one prize. A shared prize is not joined into one cell, which a page break would tear: its rows stand between hair lines."""
    looks = LOOKS if len(shared) == 1 else SHARED_LOOKS
    for line in shared:
        values = [
            row - FIRST + 1, line.payee, line.organization, line.title, line.award, money_number(line.amount), money_number(line.taxable),
            money_number(line.tax), Formula(f"F{row}-H{row}", money_number(line.net)), line.identity, line.account, line.bank, line.phone, "",
        ]  # fmt: skip
        sheet.line(row, values, looks, least=30)
        row += 1
    return row


def _totals(sheet: Sheet, row: int, lines: Sequence[PaymentLine]) -> None:
    last = len(COLUMNS)
    sheet.band(row, 1, 5, "合　　计", HEAD)
    for name, column in MONEY_COLUMNS.items():
        letter = "ABCDEFGHI"[column - 1]
        total = sum(getattr(line, name) for line in lines)
        sheet.put(row, column, Formula(f"SUM({letter}{FIRST}:{letter}{max(row - 1, FIRST)})", money_number(total)), BOLD_MONEY)
    sheet.band(row, 10, last, f"共 {len(lines)} 笔", LEFT)
    sheet.height(row, 28)
    words = f"实发合计（大写）：{rmb_words(sum(line.net for line in lines))}　　应扣个人所得税（大写）：{rmb_words(sum(line.tax for line in lines))}"
    sheet.band(row + 1, 1, last, words, WORDS)
    sheet.height(row + 1, 30)
    notes = "；".join(dict.fromkeys(line.note for line in lines if line.note))
    text = "个人奖金按“偶然所得”以收入全额的 20% 代扣代缴个人所得税，次月 15 日前申报缴纳。" + (f"另：{notes}。" if notes else "")
    sheet.band(row + 2, 1, last, text, LEFT.but(edges="none", size=10))
    sheet.height(row + 2, 24)
    sheet.put(row + 3, 1, "制表：______________　　　　　复核：______________　　　　　审批：______________　　　　　日期：______年____月____日", SIGN)
    sheet.height(row + 3, 40)


def _batch(book: Book, lines: Sequence[PaymentLine], payer: Payer, purpose: str, columns: Sequence[BankColumn]) -> None:
    """The bank's batch: only amounts to be paid, one row per payee, no decoration that an import would trip over."""
    sheet = book.sheet("银行代发", [column.width for column in columns], landscape=True)
    sheet.line(1, [column.title for column in columns], [HEAD] * len(columns), least=24)
    sheet.repeat(1, 1, "A2")
    fixed = {"payer_name": payer.name, "payer_account": payer.account, "payer_bank": payer.bank, "purpose": purpose}
    paid = [line for line in lines if line.net]
    for row, line in enumerate(paid, start=2):
        values, looks = [], []
        for column in columns:
            if column.field == "serial":
                value, look = row - 1, Look()
            elif column.field in ("net", "amount"):
                value, look = money_number(getattr(line, column.field)), MONEY.but(number="0.00")
            elif column.field.startswith("="):
                value, look = column.field[1:], LEFT
            else:
                value = fixed[column.field] if column.field in fixed else getattr(line, column.field)
                look = DIGITS if column.field in ("account", "payer_account", "identity", "phone", "bank_code") else LEFT
            values.append(value)
            looks.append(look)
        sheet.line(row, values, looks)
