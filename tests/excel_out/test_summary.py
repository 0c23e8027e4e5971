"""成绩汇总表: every formula, calculated anew by LibreOffice, comes to the engine's exact figure."""

import io
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from openpyxl import load_workbook

import scoring
from compete.excel.book import Book, Formula
from compete.excel.style import Look, Paper
from compete.excel.summary import Title, summary_workbook
from tests.excel_out import office, worlds

PAPER = Paper("安徽省职工技术创新竞赛", "金成果", "决赛路演", "第3号发布", "9f86d081884c7d65" * 4, printed_at="2026年11月22日 09:30")
SHEET = "成绩汇总表"


def wrong_on_purpose() -> bytes:
    book = Book(PAPER, "对照")
    book.sheet("对照", [60.0]).put(1, 1, Formula("1+1", 3), Look())
    return book.to_bytes()


@pytest.fixture(scope="module")
def made():
    return worlds.worlds(), {name: summary_workbook(PAPER, *case) for name, case in worlds.worlds().items()}


@pytest.fixture(scope="module")
def calculated(made, tmp_path_factory):
    return office.recalculated({**made[1], "wrong": wrong_on_purpose()}, tmp_path_factory.mktemp("office"))


NAMES = list(worlds.worlds())


def table(values: dict[str, object]) -> dict[str, dict[str, object]]:
    """{entry number: {heading: value}} of the summary."""
    heads = {}
    for column in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        text = values.get(f"{column}5") or values.get(f"{column}4")
        if text:
            heads[column] = text.replace("\n", "")
    found = {}
    for row in range(6, 400):
        number = values.get(f"B{row}")
        if number is None:
            break
        found[number] = {head: values.get(f"{column}{row}") for column, head in heads.items()}
    return found


def test_libreoffice_calculates_and_does_not_believe_the_stored_values(calculated):
    assert calculated["wrong"]["对照"]["A1"] == 2


@pytest.mark.parametrize("name", NAMES)
def test_every_formula_comes_to_the_stored_figure(made, calculated, name):
    stored, formulas = office.values(made[1][name]), office.formulas(made[1][name])

    off = []
    for sheet, cells in formulas.items():
        for cell in cells:
            ours, theirs = stored[sheet].get(cell), calculated[name][sheet].get(cell)
            same = abs(ours - theirs) < 1e-9 if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)) else ours == theirs
            if not same:
                off.append((sheet, cell, ours, theirs, cells[cell]))

    assert off == []
    assert sum(map(len, formulas.values())) > 150


@pytest.mark.parametrize("name", NAMES)
def test_totals_and_places_are_the_engines(made, calculated, name):
    outcome, rows = made[0][name][2], table(calculated[name][SHEET])

    assert list(rows) == [standing.number for standing in outcome.standings]
    for standing in outcome.standings:
        row = rows[standing.number]
        if standing.score is not None:
            # Written with the figure's own decimals: no residue of binary fractions is left after the rounding.
            assert Decimal(str(row["总分"])) == Decimal(standing.score_text)
        else:
            assert row["总分"] == {"incomplete": "未完成"}.get(standing.status, scoring.STATUSES[standing.status].label_zh)
        assert row["名次"] == (standing.place if standing.place is not None else "—")


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("three_parts", "best_of_two")])  # there one heading stands over two columns
def test_each_judges_total_is_the_exact_one(made, calculated, name):
    scheme, facts, outcome, _ = made[0][name]
    rows = table(calculated[name][SHEET])

    for entry in facts.entries:
        for sheet in entry.sheets[scheme.parts[0].code]:
            shown = rows[entry.number].get(f"评委{sheet.judge}", rows[entry.number].get(f"评委{sheet.judge}（不计入）"))
            if sheet.state == "submitted":
                exact = Fraction(scoring.sheet_total(scheme.parts[0], sheet.marks), scheme.parts[0].denominator)
                assert abs(Fraction(str(shown)) - exact) < Fraction(1, 10**9)
            else:
                assert shown == {"recused": "回避", "absent": "缺席"}.get(sheet.state, "缺分")


def test_the_random_contests_contain_many_exact_halves():
    """Otherwise the test above would prove little."""
    assert sum(worlds.halves(case[2]) for case in worlds.worlds().values()) > 40


def test_no_formula_compares_a_truth_with_a_number(made):
    """In LibreOffice TRUE=1 holds, in Excel it does not."""
    for data in made[1].values():
        for cells in office.formulas(data).values():
            assert not [text for text in cells.values() if re.search(r"(ISNUMBER|ISTEXT|ISBLANK)\([^()]*\)\s*=", text)]


def test_dropped_marks_are_struck_through_and_say_so(made):
    scheme, facts, outcome, _ = made[0]["trimmed"]
    sheet = load_workbook(io.BytesIO(made[1]["trimmed"]))[SHEET]
    standing = outcome.standings[0]

    struck = [column for column in range(5, 12) if sheet.cell(6, column).font.strike]

    dropped = [place for place, judge in enumerate(standing.parts["p"].judges) if judge.use.startswith("dropped")]
    assert struck == [5 + place for place in dropped]
    assert all(sheet.cell(6, column).number_format.endswith('"去"') for column in struck)


def test_a_title_that_looks_like_a_formula_stays_text(made):
    assert "=SUM(A1)项目5" in office.values(made[1]["trimmed"])[SHEET].values()
    assert all(not text.startswith("=SUM(A1)项目") for text in office.formulas(made[1]["trimmed"])[SHEET].values())


def test_blind_titles_show_codes_only(made):
    scheme, facts, outcome, _ = made[0]["trimmed"]
    data = summary_workbook(PAPER, scheme, facts, outcome, {fact.entry: Title("", number=f"K{fact.entry:03d}") for fact in facts.entries})

    found = office.values(data)
    assert set(table(found[SHEET])) == {f"K{fact.entry:03d}" for fact in facts.entries}
    assert {value for cell, value in found["明细-环节p"].items() if re.fullmatch(r"A\d+", cell) and str(value).isdecimal()} == set()
    assert not any("项目" in str(value) for sheet in found.values() for value in sheet.values())


def test_many_panels_share_columns_by_position():
    first, second = (worlds.world(seed, (worlds.part(),), judges=9, entries=6) for seed in (50, 51))
    moved = tuple(
        fact._replace(entry=fact.entry + 100, number=f"{fact.entry + 100}", sheets={
            code: tuple(sheet._replace(judge=sheet.judge + 100) for sheet in sheets) for code, sheets in fact.sheets.items()
        })
        for fact in second[1].entries
    )  # fmt: skip
    facts = scoring.Facts(first[1].entries + moved, first[1].judges)
    titles = {fact.entry: Title(f"项目{fact.entry}") for fact in facts.entries}

    rows = table(office.values(summary_workbook(PAPER, first[0], facts, scoring.compute(first[0], facts), titles))[SHEET])

    assert sum(head.startswith("评委") for head in rows["101"]) == 9


@pytest.mark.parametrize("name,words,column", [
    ("clamped", "“环节p”的得分", "环节得分"), ("standard", "“环节p”的得分", "环节得分"), ("judge_rounded", "“环节p”的得分", "环节得分"),
    ("multiplied", "“环节p”的得分", "环节得分"), ("best_of_two", "“较好一轮”、总分", "总分"), ("dense", "名次", "名次"),
    ("half_places", "名次", "名次"), ("tolerance", "名次", "名次"),
])  # fmt: skip
def test_a_rule_without_a_formula_is_stored_and_the_sheet_says_so(made, name, words, column):
    sheet = load_workbook(io.BytesIO(made[1][name]))[SHEET]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(f"{words}没有等价的表格公式" in text for text in texts)
    heads = {str(sheet.cell(row, at).value): at for row in (4, 5) for at in range(1, sheet.max_column + 1) if sheet.cell(row, at).value}
    values = [sheet.cell(row, heads[column]).value for row in range(6, 16)]
    assert not any(str(value).startswith("=") for value in values) and any(isinstance(value, (int, float)) for value in values)


def test_a_plain_scheme_is_all_formulas(made):
    texts = [str(cell.value) for row in load_workbook(io.BytesIO(made[1]["trimmed"]))[SHEET].iter_rows() for cell in row]
    assert any("表内得分、总分和名次都是公式" in text for text in texts) and not any("没有等价的表格公式" in text for text in texts)
