"""The child process: a file on stdin, lines of JSON on stdout, limits on memory and time.

Run by path (`python -I child.py xlsx`). It puts an empty package in place of the product, so that the
parsers are importable under their usual names without starting the web application.
"""

import json
import sys
import types
from pathlib import Path

MEMORY = 450 * 1024 * 1024
SECONDS = 9


def limit() -> None:
    """Where the system can: no more memory, processor time or files. The parent's timeout holds everywhere."""
    try:
        import resource
    except ImportError:
        return
    for name, value in (("RLIMIT_AS", MEMORY), ("RLIMIT_CPU", SECONDS), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0)):
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (AttributeError, ValueError, OSError):
            continue


def main() -> None:
    package = types.ModuleType("compete")
    package.__path__ = [str(Path(__file__).resolve().parents[2])]
    sys.modules["compete"] = package
    data = sys.stdin.buffer.read()
    from compete.excel.parse.rows import Refused
    if sys.argv[1] == "xlsx":
        from compete.excel.parse.xlsx import read
    elif sys.argv[1] == "xls":
        from compete.excel.parse.xls import read
    else:
        from compete.excel.parse.delimited import read
    limit()
    out = sys.stdout
    try:
        sheets = read(data)
    except Refused as refused:
        out.write(json.dumps({"refused": refused.code}))
        return
    except MemoryError:
        out.write('{"refused": "memory"}')
        return
    for sheet in sheets:
        rows = sheet.rows
        head = {name: value for name, value in vars(sheet).items() if name != "rows"}
        out.write(json.dumps({**head, "rows": len(rows)}) + "\n")
        for row in rows:
            out.write(json.dumps(row) + "\n")
    out.write('{"end": true}\n')


main()
