"""`compete tally`: a workbook of 10,000 entrants × 7 judges in, a ranked workbook out, beside a polars script and LibreOffice.

Each is a process of its own, from its start to the written file, in turn. LibreOffice works out the same workbook with
SUM − MAX − MIN and RANK in its cells.
"""

import importlib.util
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from python_calamine import CalamineWorkbook

from benchmarks.measure import Figure
from compete.excel import quick

ENTRANTS, JUDGES, RUNS = 10_000, 7, 5
MOST_POLARS, MOST_OFFICE = 1 / 3, 1 / 20
ROOT = Path(__file__).resolve().parent.parent
# As on a machine of its users: modules are compiled once, not in every process.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
HEADS = ["编号", "姓名", "单位", *(f"评委{judge}" for judge in range(1, JUDGES + 1))]

POLARS = """
import sys, polars as pl
table = pl.read_excel(sys.argv[1])
judges = [name for name in table.columns if name.startswith("评委")]
total = (pl.sum_horizontal(judges) - pl.max_horizontal(judges) - pl.min_horizontal(judges)) / (len(judges) - 2)
table = table.with_columns(total.round(2).alias("总分"))
table = table.with_columns(pl.col("总分").rank("min", descending=True).alias("名次")).sort("名次", maintain_order=True)
table.write_excel(sys.argv[2])
"""
# Calculate on loading whatever values stand beside the formulas.
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def run(_options) -> list[Figure]:
    print("\ntally")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        marks = _marks()
        _plain(folder / "in.xlsx", marks)
        jobs = {"compete tally": _ours(folder)}
        if all(importlib.util.find_spec(one) for one in ("polars", "fastexcel", "xlsxwriter")):
            jobs["polars"] = _polars(folder)
        else:
            print("polars, fastexcel or xlsxwriter is not installed (the extra “benchmarks”): not compared")
        took = {job: [] for job in jobs}
        for command in jobs.values():
            _timed(command)  # so that nobody compiles its modules while the clock runs
        for _ in range(RUNS):
            for job, command in jobs.items():
                took[job].append(_timed(command))
        middle = {job: _tell(job, times) for job, times in took.items()}
        _same(folder, marks)
        office = _office(folder, marks)
    return _figures(middle, office)


def _marks():
    """Hundredths, as ints; the field is the same in every run."""
    dice = random.Random(20261122)
    return [[dice.randint(6000, 9999) for _ in range(JUDGES)] for _ in range(ENTRANTS)]


def _hundredths(value):
    return f"{value // 100}.{value % 100:02d}"


def _plain(path, marks):
    texts = quick.Texts()
    columns = [*(quick.Column(head) for head in HEADS[:3]), *(quick.Column(head, quick.NUMBER) for head in HEADS[3:])]
    rows = ((texts[f"{at:05d}"], texts[f"选手{at}"], texts[f"单位{at % 311}"], *map(_hundredths, row)) for at, row in enumerate(marks, 1))
    quick.write(path, [("打分", columns, rows)])


def _ours(folder):
    return [sys.executable, "-m", "compete", "tally", str(folder / "in.xlsx"), "-o", str(folder / "out.xlsx")]


def _polars(folder):
    script = folder / "rank.py"
    script.write_text(POLARS, encoding="utf-8")
    return [sys.executable, str(script), str(folder / "in.xlsx"), str(folder / "polars.xlsx")]


def _timed(command) -> tuple[float, float]:
    """(seconds on the clock, seconds of the processor) of one process."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=ENVIRONMENT)
    clock, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _tell(job, times):
    clock, processor = (median(column) for column in zip(*times, strict=True))
    print(f"{job}: {clock:.2f} s on the clock (fastest {min(one for one, _ in times):.2f}), {processor:.2f} s of the processor")
    return clock, processor


def _same(folder, marks):
    """Our places are those of exact arithmetic: totals in hundredths half up, 1224."""
    totals = [(2 * (sum(row) - max(row) - min(row)) + JUDGES - 2) // (2 * (JUDGES - 2)) for row in marks]
    first = {}
    for place, total in enumerate(sorted(totals, reverse=True), 1):
        first.setdefault(total, place)
    rows = CalamineWorkbook.from_path(str(folder / "out.xlsx")).get_sheet_by_index(0).to_python()[1:]
    found = {int(row[1]): (int(row[0]), round(row[-2] * 100)) for row in rows}
    assert found == {at: (first[total], total) for at, total in enumerate(totals, 1)}, "a place is not that of exact arithmetic"


def _office(folder, marks) -> float | None:
    """Seconds that LibreOffice takes, or None where it is not installed."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if not program:
        print("LibreOffice is not installed: not compared")
        return None
    _with_formulas(folder / "formulas.xlsx", marks)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    clock, processor = _timed([program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
                               "--outdir", str(folder / "office"), str(folder / "formulas.xlsx")])
    row = CalamineWorkbook.from_path(str(folder / "office" / "formulas.xlsx")).get_sheet_by_index(0).to_python()[1]
    assert row[-1] >= 1, "LibreOffice did not calculate"
    print(f"LibreOffice: {clock:.1f} s on the clock, {processor:.1f} s of the processor")
    return clock


def _with_formulas(path, marks):
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("打分")
    sheet.append([*HEADS, "总分", "名次"])
    for row, given in enumerate(marks, 2):
        area = f"D{row}:J{row}"
        total = f"=ROUND((SUM({area})-MAX({area})-MIN({area}))/{JUDGES - 2},2)"
        sheet.append([f"{row - 1:05d}", f"选手{row - 1}", f"单位{(row - 1) % 311}", *(mark / 100 for mark in given), total,
                      f"=RANK(K{row},K$2:K${ENTRANTS + 1},0)"])
    book.save(path)


def _figures(middle, office):
    clock, processor = middle["compete tally"]
    found, name = [], f"tally of {ENTRANTS:,} × {JUDGES}, workbook to workbook"
    if "polars" in middle:
        share = clock / middle["polars"][0]
        found.append(Figure(f"{name}: share of polars' time", "≤ 0.33", f"{share:.2f}", share <= MOST_POLARS, 0.0,
                            f"{clock:.2f} s to {middle['polars'][0]:.2f} s; of the processor {processor / middle['polars'][1]:.2f}"))
    if office:
        share = clock / office
        found.append(Figure(f"{name}: share of LibreOffice's time", "≤ 0.05", f"{share:.3f}", share <= MOST_OFFICE, 0.0, f"{clock:.2f} s to {office:.1f} s"))
    return found
