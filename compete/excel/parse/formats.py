"""Numbers as a person sees them: exact decimals, dates, percentages, leading zeros.

A spreadsheet keeps every number as a binary float and shows 15 digits of it. So do we: 12.100000000000001
is shown, and read, as 12.1.
"""

import datetime
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

# Without traps a number beyond measure becomes Infinity instead of an exception.
_CONTEXT = Context(prec=15, rounding=ROUND_HALF_EVEN, traps=[])
_SHORT_NUMBER = re.compile(r"-?\d{1,10}(\.\d{1,5})?\Z")

# Built-in formats that show a date or a time (ECMA-376 part 1, 18.8.30, with the Chinese additions).
_DATES = {14, 15, 16, 17, 22, *range(27, 32), 34, 35, 36, *range(50, 59)}
_TIMES = {18, 19, 20, 21, 32, 33, 45, 46, 47}
_PERCENTS = {9, 10}

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]", re.IGNORECASE)
_PADDED = re.compile(r"0{2,}\Z")


def kind_of_format(number: int, code: str | None) -> str:
    """'date', 'time', 'percent', 'pad:N' or '' for a built-in number or a custom code."""
    if code is None:
        if number in _DATES:
            return "date"
        if number in _TIMES:
            return "time"
        return "percent" if number in _PERCENTS else ""
    bare = _QUOTED.sub("", _BRACKETS.sub("", code.split(";")[0]))
    if bare.lower() in ("general", "@", "g/通用格式", ""):
        return ""
    letters = bare.lower()
    if re.search(r"[yd年日]", letters) or re.search(r"m{3,}|月", letters):
        return "date"
    if re.search(r"[hs]", letters) and not re.search(r"[0#?]e[+-]", letters):
        return "time"
    # A lone m is a month (m"月") unless it stands beside hours or seconds.
    if "m" in letters and not re.search(r"[0#?]", letters):
        return "date"
    if "%" in bare:
        return "percent"
    if _PADDED.match(bare):
        return f"pad:{len(bare)}"
    return ""


def shown(raw: str, kind: str, from_1904: bool) -> tuple[str, str]:
    """(text, flag) of a stored number under a format."""
    if kind == "" and _SHORT_NUMBER.match(raw):
        return _trimmed(raw), ""
    number = _CONTEXT.create_decimal(raw.strip())
    if not number.is_finite():
        return raw, "error"
    if kind in ("date", "time") and number.adjusted() < 8:
        return _moment(number, kind, from_1904), "date"
    if kind == "percent" and number.adjusted() < 20:
        return plain(number * 100) + "%", ""
    text = plain(number)
    if kind.startswith("pad:") and number >= 0 and text.isdigit():
        text = text.zfill(int(kind[4:]))
    # From 16 digits on a spreadsheet has replaced the last ones by zeros when it was typed.
    destroyed = number.adjusted() >= 15 and number == number.to_integral_value()
    return text, "destroyed" if destroyed else ""


def plain(number: Decimal) -> str:
    """Without exponent and without trailing zeros; far-out magnitudes stay scientific."""
    if not number:
        return "0"
    if not -30 <= number.adjusted() <= 30:
        return str(number)
    return _trimmed(format(number, "f"))


def _trimmed(text: str) -> str:
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    negative, digits = text.startswith("-"), text.lstrip("-")
    digits = digits.lstrip("0") or "0"
    if digits.startswith("."):
        digits = "0" + digits
    return "-" + digits if negative and digits != "0" else digits


def _moment(number: Decimal, kind: str, from_1904: bool) -> str:
    seconds = int((number * 86400).to_integral_value())
    days, rest = divmod(seconds, 86400)
    if kind == "time" and 0 <= seconds < 86400:
        return clock(rest)
    if kind == "time" and seconds >= 0 and days < 400:
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    if from_1904:
        start = datetime.date(1904, 1, 1)
    else:
        # Serial 60 is the 29 February 1900 that never was; before it the count is one off.
        start = datetime.date(1899, 12, 31 if days < 60 else 30)
    if days < 0 or days > 2_958_465:
        return plain(number)
    day = (start + datetime.timedelta(days=days)).isoformat()
    if days == 60 and not from_1904:
        day = "1900-02-29"
    return f"{day} {clock(rest)}" if rest else day


def clock(seconds: int) -> str:
    text = f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
    return f"{text}:{seconds % 60:02d}" if seconds % 60 else text
