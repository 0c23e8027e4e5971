"""The 68 real workbooks of the shared folder: read as a person sees them, or refused with a clear message."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from compete.excel.reader import read_workbook
from compete.excel.roster import read_roster
from compete.excel.tables import find_table

from tests.excel_in.places import SHARED, shared

FOLDER = SHARED / "cases" / "spreadsheets"
FILES = sorted(path.name for path in FOLDER.glob("*.xls*")) if FOLDER.exists() else ["(the shared folder is absent)"]

REFUSED = {
    "calamine__pass_protected.xlsx": "workbook_encrypted",
    "calamine__too_small.xls": "workbook_text",
    "poi__clusterfuzz-testcase-minimized-POIXSSFFuzzer-6419366255919104.xlsx": "workbook_corrupt",
    "poi__clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5542865479270400.xlsx": "workbook_corrupt",
    "poi__duplicate-filename-case-insensitive.xlsx": "workbook_duplicate_parts",
    "poi__duplicate-filename.xlsx": "workbook_duplicate_parts",
    "poi__password.xls": "workbook_encrypted",
    "poi__poc-xmlbomb-empty.xlsx": "workbook_doctype",
    "poi__poc-xmlbomb.xlsx": "workbook_doctype",
    "poi__xlsx-corrupted.xlsx": "workbook_corrupt",
    "poi__xor-encryption-abc.xls": "workbook_encrypted",
}


@pytest.fixture(scope="module")
def outcomes():
    folder = shared("cases/spreadsheets")
    done = subprocess.run([sys.executable, "-m", "tests.excel_in.measure", str(folder)], capture_output=True, text=True,
                          cwd=Path(__file__).resolve().parents[2], timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return {line["file"]: line for line in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", FILES)
def test_every_workbook_is_read_or_refused_within_bounds(outcomes, name):
    found = outcomes[name]
    # The figure only grows from file to file, so this holds for each of them.
    assert found["megabytes"] <= 500
    assert found.get("code") == REFUSED.get(name)
    if name in REFUSED:
        assert found["message"] and found["mend"]
    else:
        assert found["sheets"]


def test_the_manifest_and_the_folder_agree():
    with (shared("cases/spreadsheets") / "manifest.csv").open(encoding="utf-8-sig") as file:
        assert {line["file"] for line in csv.DictReader(file)} == set(FILES)


def book(name):
    return read_workbook((shared("cases/spreadsheets") / name).read_bytes(), name)


def column(name, index, sheet=0):
    return [row[index] for _, row in sorted(book(name).sheets[sheet].cells.items()) if index in row]


def test_a_title_row_is_skipped_and_codes_keep_their_zeros():
    table = find_table(book("easyexcel__t02.xlsx").sheets[0])
    assert table.header_rows == (2, 2)
    assert [c.label for c in table.columns][:3] == ["序号", "原料编号", "厂定名称"]
    assert [row.cells[2] for row in table.rows] == ["01502200"]
    assert table.columns[6].label == "原料中成分含量（%）"


def test_merged_groups_are_filled_down():
    table = find_table(book("easyexcel__t04.xlsx").sheets[0])
    assert len(table.rows) == 56
    assert [row.cells.get(1) for row in table.rows][:9] == ["1"] * 8 + ["2"]


def test_hidden_sheets_are_not_read_silently():
    for name in ("poi__TwoSheetsOneHidden.xlsx", "poi__TwoSheetsOneHidden.xls"):
        found = read_roster(book(name), "projects")
        assert [sheet.name for sheet in found.sheets] == ["Sheet2"]
        assert [(p.code, p.where) for p in found.problems] == [("hidden_sheet", "Sheet1")]


def test_both_date_systems_and_the_leap_day_that_never_was():
    assert book("calamine__date_1904.xlsx").sheets[0].cells[1][1] == "2021-01-01"
    assert set(book("readxl__dates-1904.xls").sheets[0].cells[1].values()) == {"2000-01-01"}
    assert column("readxl__dates-leap-year-1900-xlsx.xlsx", 1)[1:5] == [
        "1900-01-01 08:00", "1900-01-02 08:00", "1900-02-28 08:00", "1900-02-29 08:00"]


def test_errors_are_errors_and_formulas_without_result_are_flagged():
    errors = book("calamine__errors.xlsx").sheets[0]
    assert set(errors.flags.values()) == {"error"} and len(errors.flags) == 7
    olympiad = book("ipho2012_pseudonymised.xlsx").sheets[0]
    assert len(olympiad.flags) == 5670 and set(olympiad.flags.values()) == {"formula"}
    assert not any(place[1] in olympiad.cells[place[0]] for place in olympiad.flags)
    assert {p.code for p in find_table(olympiad).notices} == {"blank_header", "repeated_header"}


def test_numbers_are_exact_decimals():
    assert book("calamine__xls_wrong_decimals.xls").sheets[0].cells[1][1] == "0.525625"
    assert column("readxl__big-texty-numbers-xls.xls", 1) == column("readxl__big-texty-numbers-xlsx.xlsx", 1)
    assert column("readxl__big-texty-numbers-xls.xls", 1)[2:] == ["2147483647", "2147483648", "2147483649", "-2147483648", "-2147483649"]


def test_old_and_new_format_of_one_workbook_say_the_same():
    old, new = (book(f"easyexcel__dataformat.{kind}").sheets[0] for kind in ("xls", "xlsx"))
    for row in range(2, 29):
        assert old.cells[row].get(1) == new.cells[row].get(1)
        assert old.cells[row].get(5) == new.cells[row].get(5)


def test_text_is_what_is_shown():
    assert column("calamine__rph.xlsx", 1) == ["課きく\u3000毛こ"]
    assert find_table(book("calamine__whitespace_trim.xlsx").sheets[0]).rows[0].cells[1] == "line1\nline2"
    assert book("calamine__encoded_entities.xlsx").sheets[0].name
    assert column("readxl__nonstandard-xml-ns-prefix.xlsx", 1) == ["a", "1", "2"]
    assert column("poi__51535.xls", 256) == ["Top Right Cell", "Bottom Right Cell"]


def test_remarks_around_a_table_are_no_rows_of_it():
    table = find_table(book("readxl__deaths.xlsx").sheets[0])
    assert table.header_rows == (5, 5)
    assert [table.rows[0].cells[1], table.rows[9].cells[1]] == ["David Bowie", "George Michael"]
    assert {line.row for line in table.skipped} == {16, 17, 19}


def test_styled_but_empty_cells_make_no_rows():
    assert len(find_table(book("readxl__style-only-cells.xlsx").sheets[0]).rows) == 3


def test_a_real_award_list():
    found = read_roster(book("cn_award_list_2015_pseudonymised.xls"), "teams")
    assert [len(found.sheets[index].rows) for index in (0, 1, 4)] == [46, 106, 1]
    first = found.sheets[1].rows[0]
    assert (first.number, first.title, first.organization) == ("1", "微笑园", "大连大学")
    assert first.extras["编号"] == "教CXDS-MIAC-2015002-001"
    assert [m.name for m in first.members] == ["周某丁1", "吴某丁1", "郑某丁1", "王某丁1"]
    # On the first sheet a column stands without its heading and the prizes are in the wrong one.
    assert "blank_header" in [p.code for p in found.sheets[0].problems]
