"""All workbooks through LibreOffice at once: the prize sheet's figures come out as ours, and what people type survives every writer."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

import scoring
from compete.excel.honours import Honour, honours_list
from compete.excel.lists import MANY, plain_list
from compete.excel.numbers import money_number
from compete.excel.payments import PaymentLine, payment_sheet
from compete.excel.scoresheets import JudgeBook, ScorePage, criterion_lines, score_sheets
from compete.excel.style import Paper
from compete.excel.summary import Title, summary_workbook
from compete.texts.rmb import rmb_words
from scoring.money import split
from tests.excel_out import office, worlds

PAPER = Paper("测试竞赛 & <决赛>", "金成果", release="第1号发布", digest="ab" * 32, printed_at="2026年11月22日 09:30")

# What people type or paste, and what a workbook may keep of it.
TYPED = {
    "=SUM(A1:A9)": None,
    "+8613800138000": None,
    "-1": None,
    '@cmd|"/c calc"!A0': None,
    "䶮㛃𬱖㙟": None,
    "👩‍🔬🏆": None,
    "a\x00b\x07c\x1bd": "abcd",
    "_x000D_不是回车": None,
    "<b>&amp;</b>": None,
    "  前后有空格  ": None,
    "0012345678901234567890": None,
    "1E5": None,
    "长" * 32_767: None,
    "太长" * 20_000: ("太长" * 20_000)[:32_766] + "…",
}
NAMES = {kept or typed for typed, kept in TYPED.items()}


def payment_lines() -> list[PaymentLine]:
    """Teams of up to five whose prize does not divide evenly, and organizations."""
    rng, lines = random.Random(7), []
    for award in range(60):
        amount = rng.choice([20_000_000, 10_000_000, 5_000_000, 333_333, 1])
        if rng.random() < 0.3:
            lines.append(
                PaymentLine("某公司", "某公司", f"项目{award}", "三等奖", amount, 0, 0, amount, kind="organization", group=str(award))
            )
            continue
        for share in split(amount, [1] * rng.randint(1, 5)):
            taxable, tax, net = scoring.tax(share)
            line = PaymentLine("张三", "某公司", f"项目{award}", "三等奖", share, taxable, tax, net, group=str(award))
            lines.append(replace(line, identity="610113197012110008", account="6222020000000000123"))
    return lines


def made() -> dict[str, bytes]:
    scheme, facts, outcome, titles = worlds.world(70, (worlds.part(),), entries=len(TYPED))
    typed = dict(zip(titles, TYPED, strict=True))
    pages = tuple(ScorePage(str(entry), text, comment=text[:200]) for entry, text in typed.items())
    found = {
        "payments": payment_sheet(PAPER, payment_lines()),
        "summary_typed": summary_workbook(PAPER, scheme, facts, outcome, {entry: Title(text, text[:50]) for entry, text in typed.items()}),
        "scores_typed": score_sheets(PAPER, "路演", criterion_lines(scheme.parts[0].criteria), [JudgeBook("甲/乙:[1]", pages=pages)]),
        "honours_typed": honours_list(PAPER, [Honour("金成果", "一等奖", n, str(n), text) for n, text in typed.items()]),
        "payments_typed": payment_sheet(
            PAPER, [PaymentLine(text, "", text[:60], "奖", 100, 100, 20, 80, account=text[:40]) for text in TYPED]
        ),
        "list_typed": plain_list(["甲", "乙"], [[text, 1] for text in TYPED]),
        "long_list_typed": plain_list(["甲", "乙"], [[text, 1] for text in [*TYPED, *["行"] * MANY]]),
    }
    return found


@pytest.fixture(scope="module")
def books():
    return made()


@pytest.fixture(scope="module")
def calculated(books, tmp_path_factory):
    return office.recalculated(books, tmp_path_factory.mktemp("office"))


def test_every_formula_of_the_prize_sheet_comes_to_our_figure(books, calculated):
    stored, formulas = office.values(books["payments"])["奖金发放表"], office.formulas(books["payments"])["奖金发放表"]
    found = calculated["payments"]["奖金发放表"]

    off = [
        (cell, stored[cell], found[cell], text)
        for cell, text in formulas.items()
        if round(Decimal(found[cell]), 6) != round(Decimal(stored[cell]), 6)
    ]

    assert off == []
    assert len(formulas) == len(payment_lines()) + 4


def test_the_totals_of_the_prize_sheet_are_the_lines_to_the_fen(calculated):
    lines, cells = payment_lines(), calculated["payments"]["奖金发放表"]
    foot = 5 + len(lines)

    for column, name in zip("FGHI", ("amount", "taxable", "tax", "net"), strict=True):
        total = sum(getattr(line, name) for line in lines)
        assert round(Decimal(cells[f"{column}{foot}"]), 2) == money_number(total)
        for row, line in enumerate(lines, start=5):
            assert round(Decimal(cells[f"{column}{row}"]), 6) == money_number(getattr(line, name))
    assert rmb_words(sum(line.net for line in lines)) in cells[f"A{foot + 1}"]


def test_digits_stay_text_after_a_round_trip(calculated):
    cells = calculated["payments"]["奖金发放表"]
    assert [cells["J5"], cells["K5"]] == ["610113197012110008", "6222020000000000123"]


@pytest.mark.parametrize("name", ["summary_typed", "scores_typed", "honours_typed", "payments_typed", "list_typed", "long_list_typed"])
@pytest.mark.parametrize("opened", ["as written", "through LibreOffice"])
def test_what_people_type_survives(books, calculated, name, opened):
    found = calculated[name] if opened == "through LibreOffice" else office.values(books[name])

    texts = {value for sheet in found.values() for value in sheet.values() if isinstance(value, str)}

    assert [text[:30] for text in NAMES if text not in texts] == []


@pytest.mark.parametrize("name", ["summary_typed", "scores_typed", "honours_typed", "payments_typed", "list_typed", "long_list_typed"])
def test_nothing_typed_becomes_a_formula(books, name):
    texts = {text.lstrip("=") for sheet in office.formulas(books[name]).values() for text in sheet.values()}
    assert not [text for text in TYPED if text.lstrip("=") in texts]
