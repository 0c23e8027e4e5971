"""The public file form, version 1: a scheme and its facts in people's units, as JSON or (in `compete.excel`) a workbook.

`loads` and `dumps` go between text and plain data, `read` and `write` between plain data and a `Tally`.
"""

from .reading import read
from .records import hint
from .result import Worked, result, work_out
from .tally import FORMAT, VERSION, Tally
from .text import dumps, loads
from .writing import write

__all__ = ["FORMAT", "VERSION", "Tally", "Worked", "dumps", "hint", "loads", "read", "result", "schema", "work_out", "write"]


def __getattr__(name):
    """The schema is made for whoever asks; a tally does without."""
    if name == "schema":
        from .json_schema import schema
        return schema
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
