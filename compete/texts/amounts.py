"""How amounts of money are read aloud: 二十万元 of 20000000 fen. On paper amounts stand in 人民币大写, see `rmb`."""

import re

from compete.texts.rmb import LIMIT_FEN


def spoken(fen: int) -> str:
    """两千元, 一万二千五百元, 一千四百零九元五角, 三角五分, 零元.

    两 stands where speakers say it: before 千, and alone before 万 and 亿. Raises ValueError as `rmb_words` does.
    """
    if type(fen) is not int or not 0 <= fen < LIMIT_FEN:
        raise ValueError(f"no amount in words for {fen!r} fen")
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    words = f"{whole(yuan)}元" if yuan or not rest else ""
    if jiao:
        words += f"{whole(jiao)}角"
    elif cents and yuan:
        words += "零"
    return words + (f"{whole(cents)}分" if cents else "")


def whole(number: int) -> str:
    """A whole number as it is read: 12 is 十二, 2000 is 两千, 20_000 is 两万, 120_000 is 十二万."""
    import cn2an  # a tenth of a second, only where an amount is read aloud

    words = cn2an.an2cn(number, "low")
    words = re.sub(r"(?<![十百千零])二(?=[万亿])", "两", words)
    return words.replace("二千", "两千")


def whole_of(number: int, *, unit: str = "") -> str:
    """A count before its word, 两 where one says it: 两项, 两个, 两分钟, 十二项. An order is no count: 第二个."""
    words = "两" if number == 2 else whole(number)
    return words + unit
