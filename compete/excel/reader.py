"""Bytes of a workbook → cells as a person sees them, or one clear Problem.

An uploaded file is untrusted: its size is checked before anything is inflated and it is parsed in a
child process with limits (see `parse/child.py`). What a number, date or merged cell means is decided
here and in `parse/`; what a column means is decided in `tables` and `roster`.
"""

import json
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scoring.problems import Problem

MAX_BYTES = 32 * 1024 * 1024
# Where the child is held to seconds of processor time, a machine that is busy with others may take longer for the same work.
SECONDS = 9.5 if sys.platform == "win32" else 30
# Each child may take its full memory: not more than two at a time, the others wait.
_TURNS = threading.BoundedSemaphore(2)
PATIENCE = 25
_CHILD = Path(__file__).with_name("parse") / "child.py"

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_SAVE_ANEW = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”后重新上传"
REFUSALS = {
    "empty": ("文件是空的", "请重新选择文件"),
    "too_big": ("文件超过 32 MB", "请删去图片和无关的工作表后重新上传"),
    "too_large": ("表格内容过多（超过80万个单元格或20万处合并）", "请只保留需要导入的工作表，删去多余的行列后重新上传"),
    "bomb": ("文件展开后大得异常，为安全起见没有读取", _SAVE_ANEW),
    "doctype": ("文件内含有不该出现的实体定义（可能是恶意文件），没有读取", _SAVE_ANEW),
    "duplicate_parts": ("文件内有两个同名部件，不同软件会读出不同内容，没有读取", _SAVE_ANEW),
    "corrupt": ("文件已损坏或不完整，无法读取", "请确认能用 Excel 或 WPS 打开，另存为新的 .xlsx 文件后重新上传"),
    "encrypted": ("文件设有打开密码", "请去掉打开密码（文件→信息→保护工作簿）后重新上传"),
    "no_sheet": ("文件中没有可读取的工作表", "请确认上传的是填写好的工作簿"),
    "not_workbook": ("不是 Excel 工作簿", "请上传 .xlsx、.xls 或 .csv 文件"),
    "web_page": ("扩展名是 Excel，内容其实是网页或 XML 文本", _SAVE_ANEW),
    "text": ("扩展名是 Excel，内容其实是文本", "如果是逗号分隔的文本，请把扩展名改为 .csv 后重新上传"),
    "ods": ("是 ODS 表格", _SAVE_ANEW),
    "xlsb": ("是 Excel 二进制工作簿（.xlsb）", _SAVE_ANEW),
    "old_excel": ("是 Excel 95 以前的格式，无法读取", _SAVE_ANEW),
    "unknown_text": ("文本的编码无法识别", "请另存为 UTF-8 编码的 CSV，或直接上传 .xlsx 文件"),
    "slow": ("读取用时过长，已停止", "请删去多余的行列、公式和格式后重新上传"),
    "busy": ("正在读取其他人上传的文件", "请过一会儿重新上传"),
    "memory": ("读取需要的内存过多，已停止", "请删去多余的行列和格式后重新上传"),
}


@dataclass(frozen=True)
class Sheet:
    """One sheet. Rows and columns count from 1, as in Excel; only cells that show something are kept.

    flags: 'destroyed' a number of 16 or more digits, its last ones replaced by zeros;
           'formula' a formula whose result was not stored (the cell has no text);
           'error' #N/A and the like; 'date' shown here as 2026-11-22.
    """

    name: str
    hidden: bool
    cells: dict[int, dict[int, str]]
    flags: dict[tuple[int, int], str]
    merges: tuple[tuple[int, int, int, int], ...]
    hidden_columns: tuple[int, ...]
    hidden_rows: frozenset[int]

    @cached_property
    def width(self) -> int:
        return max((max(row) for row in self.cells.values()), default=0)

    @cached_property
    def height(self) -> int:
        return max(self.cells, default=0)


@dataclass(frozen=True)
class Workbook:
    filename: str
    sheets: tuple[Sheet, ...]

    @property
    def visible(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.sheets if not sheet.hidden)


def read_workbook(data: bytes, filename: str) -> Workbook | Problem:
    kind = _kind(data, filename)
    if kind in REFUSALS:
        return _refusal(kind, filename)
    if not _TURNS.acquire(timeout=PATIENCE):
        return _refusal("busy", filename)
    try:
        done = subprocess.run([sys.executable, "-I", str(_CHILD), kind], input=data, capture_output=True,
                              timeout=SECONDS, check=False, **_quietly())
    except subprocess.TimeoutExpired:
        return _refusal("slow", filename)
    finally:
        _TURNS.release()
    lines = done.stdout.split(b"\n")
    if done.returncode == 0 and lines[0].startswith(b'{"refused"'):
        return _refusal(json.loads(lines[0])["refused"], filename)
    if done.returncode != 0 or lines[-2:] != [b'{"end": true}', b""]:
        return _refusal(_cause(done.returncode, done.stderr), filename)
    return Workbook(filename, tuple(_sheets(lines[:-2], filename)))


def column_letter(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _kind(data: bytes, filename: str) -> str:
    """What the bytes are, whatever the name says: a parser, or the reason for a refusal."""
    if not data.strip(b"\0 \r\n\t"):
        return "empty"
    if len(data) > MAX_BYTES:
        return "too_big"
    if data.startswith(_ZIP):
        return "xlsx"
    if data.startswith(_OLE):
        # An encrypted xlsx is a package inside the old container.
        return "encrypted" if "EncryptedPackage".encode("utf-16-le") in data or _locked(data) else "xls"
    if data[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08"):
        return "old_excel"
    head = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta", b"mime-version")):
        return "web_page"
    if head.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"rar!", b"7z")):
        return "not_workbook"
    extension = filename.lower().rpartition(".")[2]
    if extension in ("csv", "txt", "tsv"):
        return "csv"
    if extension in ("xls", "xlsx", "xlsm", "et"):
        return "corrupt" if b"\0" in data[:2048] or not _is_text(data[:2048]) else "text"
    return "not_workbook"


def _locked(data: bytes) -> bool:
    """A FILEPASS record among the first ones of an old workbook: it is encrypted."""
    start = data.find(b"\x09\x08", 512)
    while start >= 0 and start % 512:
        start = data.find(b"\x09\x08", start + 1)
    for _ in range(8):
        if not 0 <= start <= len(data) - 4:
            return False
        code, length = struct.unpack_from("<HH", data, start)
        if code == 0x2F:
            return True
        start += 4 + length
    return False


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            # A cut in the middle of a character is no fault of the text.
            return data.decode(encoding, errors="strict").isprintable() or True
        except UnicodeDecodeError as wrong:
            if wrong.start > len(data) - 5:
                return True
    return False


def _quietly() -> dict:
    """On Windows a child of a windowless server would flash a console."""
    return {"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else {}


def _cause(returncode: int, stderr: bytes) -> str:
    if b"MemoryError" in stderr or b"memory allocation" in stderr or b"capacity overflow" in stderr:
        return "memory"
    # SIGXCPU and SIGKILL are how the limits strike.
    return "slow" if returncode in (-24, -9) else "corrupt"


def _sheets(lines: list[bytes], filename: str):
    position = 0
    while position < len(lines):
        head = json.loads(lines[position])
        first, position = position + 1, position + 1 + head["rows"]
        cells = {}
        # One call for many rows: a call for each costs more than the rows themselves.
        for row in json.loads(b"[" + b",".join(lines[first:position]) + b"]"):
            cells[row[0]] = dict(zip(row[1::2], row[2::2]))
        yield Sheet(
            name=head["name"] or Path(filename).stem,
            hidden=head["hidden"],
            cells=cells,
            flags={(row, column): flag for row, column, flag in head["flags"]},
            merges=tuple(map(tuple, head["merges"])),
            hidden_columns=tuple(head["hidden_columns"]),
            hidden_rows=frozenset(head["hidden_rows"]),
        )


def _refusal(code: str, filename: str) -> Problem:
    message, mend = REFUSALS[code]
    return Problem(f"workbook_{code}", filename, message, mend)
