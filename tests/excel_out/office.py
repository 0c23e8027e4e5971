"""LibreOffice as the judge of our formulas: it calculates every workbook anew, whatever values stand beside the formulas."""

import io
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from compete.excel.book import LETTERS
from tests.conftest import lacks

# "0": always calculate on loading. The default trusts values of files that call themselves Microsoft Excel's, as openpyxl's do.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def soffice() -> str:
    """The program; without it the test skips loudly on a user's machine and fails in CI."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or lacks("LibreOffice (soffice)")


def recalculated(workbooks: Mapping[str, bytes], folder: Path) -> dict[str, dict[str, dict[str, object]]]:
    """{workbook: {sheet: {cell: value}}} after LibreOffice calculated everything; one run for all."""
    program, source, target, profile = soffice(), folder / "in", folder / "out", folder / "profile"
    source.mkdir()
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS, "utf-8")
    for name, data in workbooks.items():
        (source / f"{name}.xlsx").write_bytes(data)
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
               "--outdir", str(target), *(str(source / f"{name}.xlsx") for name in workbooks)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    made = {name: target / f"{name}.xlsx" for name in workbooks}
    assert all(path.exists() for path in made.values()), done.stderr or done.stdout
    return {name: values(path.read_bytes()) for name, path in made.items()}


def values(data: bytes) -> dict[str, dict[str, object]]:
    """{sheet: {cell: value}} as stored beside the formulas."""
    found = {}
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        found[name] = {
            f"{LETTERS[column]}{row}": value for row, line in enumerate(rows, 1) for column, value in enumerate(line, 1) if value != ""
        }
    return found


@cache
def formulas(data: bytes) -> dict[str, dict[str, str]]:
    """{sheet: {cell: formula}}; read once, however many tests look at a workbook."""
    book = load_workbook(io.BytesIO(data))
    return {
        sheet.title: {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"} for sheet in book
    }
