"""Text of a file and its plain data: numbers stay exact (int or Decimal), a name never stands twice in one object."""

import json
from decimal import Decimal
from json.encoder import encode_basestring

from ..problems import Problem

WIDTH = 120


class _Wrong(Exception):
    pass


def loads(text: str | bytes) -> dict | Problem:
    """The data of a JSON file, or a Problem with the line at which it cannot be read."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text.removeprefix("\ufeff"), parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_pairs)
    except UnicodeDecodeError:
        return Problem("not_utf8", "文件", "文字编码不是 UTF-8", "请另存为 UTF-8 编码")
    except json.JSONDecodeError as fault:
        return Problem("not_json", f"文件第 {fault.lineno} 行第 {fault.colno} 个字符", "不是正确的 JSON", "请检查附近的引号、逗号和括号")
    except _Wrong as fault:
        return Problem("not_json", "文件", *fault.args)
    except (RecursionError, ValueError):
        return Problem("not_json", "文件", "数字过长或层次过深", "请确认是评分文件")


def _constant(name):
    raise _Wrong(f"“{name}”不是数", "请填写数字，没有打分请写 null")


def _pairs(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Wrong(f"同一组里“{twice}”出现两次", "请只保留一处")
    return found


def dumps(data) -> str:
    """JSON as people like to read it: what fits stands on one line. Ends with a newline; the same data give the same text."""
    return _text(data, 0, 0) + "\n"


def _scalar(value):
    if isinstance(value, str):
        return encode_basestring(value)
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)


def _text(value, depth, used):
    """`used`: how many characters stand before the value on its line."""
    if not isinstance(value, (dict, list, tuple)):
        return _scalar(value)
    table = isinstance(value, dict)
    left, right = "{}" if table else "[]"
    margin, pieces = "  " * (depth + 1), []
    for item in value.items() if table else value:
        head = f"{encode_basestring(item[0])}: " if table else ""
        pieces.append(head + _text(item[1] if table else item, depth + 1, len(margin) + len(head)))
    length = used + sum(map(len, pieces)) + 2 * len(pieces)
    if not pieces or depth and length <= WIDTH and not any("\n" in piece for piece in pieces):
        return left + ", ".join(pieces) + right
    return f"{left}\n{margin}" + f",\n{margin}".join(pieces) + f"\n{margin[2:]}{right}"
