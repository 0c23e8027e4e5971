"""Small workbooks for the tests, written with openpyxl as organisers would fill them in."""

import io

import openpyxl

from compete.excel.reader import read_workbook
from compete.excel.roster import read_roster


def workbook_bytes(sheets):
    """{name: rows} or {name: (rows, merges)} → xlsx bytes."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, content in sheets.items():
        rows, merges = content if isinstance(content, tuple) else (content, ())
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in merges:
            sheet.merge_cells(area)
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def roster(kind, rows, merges=(), name="Sheet1", **options):
    """The roster of one sheet."""
    book = read_workbook(workbook_bytes({name: (rows, merges)}), "test.xlsx")
    return read_roster(book, kind, **options)


def told(found):
    """(row's place, message) of every problem of every row."""
    return [(problem.where, problem.message) for row in found.rows for problem in row.problems]


def resident_id(stem):
    """A resident identity number from its first 17 digits."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return stem + "10X98765432"[sum(int(d) * w for d, w in zip(stem, weights)) % 11]
