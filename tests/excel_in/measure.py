"""Reads every workbook of a folder as the import pages do; prints one line of JSON for each.

A process of its own, so that its memory and that of the parsing child can be told from the test run's.
"""

import json
import sys
import time
from pathlib import Path

from compete.excel.reader import read_workbook
from compete.excel.roster import KINDS, read_roster
from scoring.problems import Problem


def peak():
    """Megabytes: the most this process has used plus the most any one child has."""
    try:
        import resource
    except ImportError:
        return 0
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // unit
    try:
        # getrusage would count the process that started this one: Linux carries its peak over the exec.
        told = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return children + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
    return children + int(told.partition("VmHWM:")[2].split()[0]) // 1024


def outcome(path):
    started = time.perf_counter()
    book = read_workbook(path.read_bytes(), path.name)
    found = {"file": path.name}
    if isinstance(book, Problem):
        found |= {"code": book.code, "message": book.message, "mend": book.mend}
    else:
        rosters = [read_roster(book, kind) for kind in KINDS]
        found |= {"sheets": [sheet.name for sheet in book.visible], "hidden": len(book.sheets) - len(book.visible),
                  "rows": [len(sheet.table.rows) if sheet.table else 0 for sheet in rosters[0].sheets],
                  "told": [problem.code for sheet in rosters[0].sheets for problem in sheet.problems]}
    return found | {"seconds": time.perf_counter() - started, "megabytes": peak()}


if __name__ == "__main__":
    for file in sorted(Path(sys.argv[1]).iterdir()):
        if file.suffix in (".xls", ".xlsx"):
            print(json.dumps(outcome(file)), flush=True)
