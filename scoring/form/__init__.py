"""The public file form, version 1: a scheme and its facts in people's units, as JSON or (in `compete.excel`) a workbook.

`loads` and `dumps` go between text and plain data, `read` and `write` between plain data and a `Tally`.
"""

from .reading import read
from .records import hint
from .result import Worked, result, work_out
from .schema import schema
from .tally import FORMAT, VERSION, Tally
from .text import dumps, loads
from .writing import write

__all__ = ["FORMAT", "VERSION", "Tally", "Worked", "dumps", "hint", "loads", "read", "result", "schema", "work_out", "write"]
