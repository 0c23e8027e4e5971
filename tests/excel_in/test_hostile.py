"""Files made to harm: each is refused, or read, quickly and with little memory."""

import io
import struct
import zipfile

import pytest

from compete.excel import reader
from compete.excel.reader import Workbook, read_workbook
from compete.excel.roster import read_roster
from compete.excel.tables import find_table
from scoring.problems import Problem

from tests.excel_in.raw import package, table
from tests.excel_in.sheets import resident_id, workbook_bytes

CELL = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>序号</t></is></c><c r="B1" t="inlineStr"><is><t>姓名</t></is></c></row>{}</sheetData>'


def code(data, filename="a.xlsx"):
    found = read_workbook(data, filename)
    return found.code if isinstance(found, Problem) else found


def test_ten_thousand_rows_are_read_and_interpreted():
    rows = [["名单"], ["序号", "成果名称", "申报单位", "所在市", "第一完成人", "其他完成人", "联系电话", "身份证号", "节约成本（万元）", "工期/天", "是否应用", "备注"]]
    rows += [[number, f"高速线材自动换卷装置（{number}号）", f"第{number % 900}钢铁集团", "滁州市", "李玉海", "杨永立、曹建、袁文晓",
              f"138{number:08d}", resident_id(f"340102{1960 + number % 40}0101{number % 1000:03d}"), "1303.25", "45→30", "是", ""]
             for number in range(10_000)]
    data = table(rows)
    found = read_roster(read_workbook(data, "名册.xlsx"), "projects")
    assert len(found.rows) == 10_000 and not any(row.problems for row in found.rows)


def test_a_zip_that_inflates_beyond_the_ceiling():
    spaces = b"<worksheet>" + b" " * 150_000_000 + b"</worksheet>"
    assert code(package(spaces)) == "workbook_bomb"


def test_a_size_that_lies_in_the_directory():
    data = bytearray(package(b"<worksheet>" + b" " * 140_000_000 + b"</worksheet>"))
    place = data.rfind(b"xl/worksheets/sheet1.xml") - 46
    assert data[place:place + 4] == b"PK\x01\x02"
    struct.pack_into("<I", data, place + 24, 1000)
    assert code(bytes(data)) in ("workbook_corrupt", "workbook_bomb")


def test_thousands_of_parts():
    assert code(package(CELL.format(""), extra=[(f"xl/media/{n}", b"") for n in range(4000)])) == "workbook_bomb"


def test_entities_are_refused_wherever_they_stand():
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    outside = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
    assert code(package(bomb)) == code(package(outside)) == "workbook_doctype"
    assert code(package(CELL.format(""), strings='<!DOCTYPE sst [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>')) == "workbook_doctype"


def test_one_long_string_used_a_million_times():
    strings = f'<sst xmlns="x"><si><t>{"长" * 30_000}</t></si></sst>'
    rows = "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(2, 60_000))
    assert code(package(CELL.format(rows), strings=strings)) == "workbook_too_large"


def test_more_cells_than_a_roster_can_have():
    row = "<c><v>1</v></c>" * 100
    assert code(package(CELL.format("".join(f"<row>{row}</row>" for _ in range(8_500))))) == "workbook_too_large"


def test_corners_of_the_sheet_cost_nothing():
    found = code(package(CELL.format('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
                         + '<mergeCells><mergeCell ref="A5:XFD1048576"/></mergeCells>'))
    assert find_table(found.sheets[0]).code == "merges"
    assert code(package(CELL.format('<row r="2"><c r="XFE2"><v>1</v></c></row>'))) == "workbook_corrupt"


def test_numbers_beyond_measure():
    row = "".join(f"<c><v>{number}</v></c>" for number in ("1E+999999999", "-1E-999999999", "NaN", "Infinity", "9" * 400, "1E400"))
    found = code(package(CELL.format(f'<row r="2">{row}</row>')))
    assert found.sheets[0].flags == {(2, 1): "error", (2, 3): "error", (2, 4): "error", (2, 5): "destroyed", (2, 6): "destroyed"}
    assert found.sheets[0].cells[2][6] == "1E+400"


def test_an_index_beyond_the_shared_strings():
    assert code(package(CELL.format('<row r="2"><c t="s"><v>7</v></c></row>'), strings="<sst><si><t>a</t></si></sst>")) == "workbook_corrupt"


@pytest.mark.parametrize("data, name, expected", [
    (b"", "a.xlsx", "empty"), (b"\0" * 600, "a.xls", "empty"), ("序号,姓名".encode(), "a.xlsx", "text"),
    ("序号,姓名".encode("gbk"), "a.xls", "text"), (b"<html><table></table></html>", "名单.xls", "web_page"),
    (b"<?xml version='1.0'?><Workbook/>", "a.xls", "web_page"), (b"%PDF-1.7 ...", "a.xlsx", "not_workbook"),
    (b"\x09\x00\x04\x00\x07\x00\x10\x00", "a.xls", "old_excel"), (b"abc", "a.docx", "not_workbook"),
    (b"\x81\xff" * 40, "a.csv", "unknown_text"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "corrupt")])
def test_what_is_no_workbook_is_named(data, name, expected):
    found = read_workbook(data, name)
    assert found.code == f"workbook_{expected}"
    assert found.where == name and found.message and found.mend


def test_a_word_document_and_an_ods_table():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert code(out.getvalue()) == "workbook_ods"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("a.txt", "x")
    assert code(out.getvalue()) == "workbook_not_workbook"


def test_a_workbook_cut_anywhere_is_a_problem_and_no_crash():
    data = workbook_bytes({"一": [["序号", "姓名"], [1, "张三"]]})
    for length in range(1, len(data), len(data) // 12):
        assert isinstance(read_workbook(data[:length], "a.xlsx"), Problem)


def test_bytes_turned_over_are_read_or_refused():
    data = workbook_bytes({"一": [["序号", "姓名"], [1, "张三"]]})
    for place in range(30, len(data), len(data) // 20):
        broken = data[:place] + bytes([data[place] ^ 0x5A]) + data[place + 1:]
        assert isinstance(read_workbook(broken, "a.xlsx"), (Workbook, Problem))


def test_a_child_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(reader, "SECONDS", 0.001)
    assert code(workbook_bytes({"一": [["序号"]]})) == "workbook_slow"


def test_a_file_larger_than_allowed_is_not_looked_at(monkeypatch):
    monkeypatch.setattr(reader, "MAX_BYTES", 1000)
    assert code(workbook_bytes({"一": [["序号"]]})) == "workbook_too_big"


def test_readers_wait_for_their_turn(monkeypatch):
    monkeypatch.setattr(reader, "PATIENCE", 0.01)
    data = workbook_bytes({"一": [["序号"]]})
    with reader._TURNS, reader._TURNS:
        assert code(data) == "workbook_busy"
    assert isinstance(code(data), Workbook)
