"""Text as people type it, made fit to store and to compare.

What is stored keeps the look of Chinese text (its full-width punctuation stays); what is compared
does not (see `key`).
"""

import re
import unicodedata

# Full-width letters, digits and the ideographic space have an everyday half-width form. Full-width
# brackets, commas and colons are Chinese punctuation and stay.
_HALF_WIDTH = {0x3000: " ", 0xFF05: "%", 0xFF20: "@"}
for _first, _last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)):
    for _code in range(_first, _last + 1):
        _HALF_WIDTH[_code] = chr(_code - 0xFEE0)

# Dots that input methods put between the parts of a name: 阿依古丽·买买提.
_NAME_DOTS = str.maketrans({dot: "·" for dot in "•・‧∙⋅．."})

_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" *\n[ \n]*")
_FULL_STOP_IN_NUMBER = re.compile(r"(?<=\d)．(?=\d)")
_LIST_MARKS = re.compile(r"[、，,;；/／|\n\t]+")
_BROKEN_WORD = re.compile(r"(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])")
_LATIN = re.compile(r"[A-Za-z]")
# "1.张三" and "（2）李四" carry a list number.
_LIST_NUMBER = re.compile(r"^[（(]?\d{1,2}[)）.、．]\s*")
_ETC = re.compile(r"(等\d*人?|等人)$")
# Nearly all cells hold nothing but these: nothing in them needs to change except runs of spaces.
_PLAIN = re.compile(r"[ -~一-鿿、，。；：？！（）《》“”·—…→√×]*\Z")
_UNWORDED = re.compile(r"[\W_]+")
_BETWEEN_DIGITS = re.compile(r"[\s\-‐‑–—_'’‘`]")


def half_width(text: str) -> str:
    """Full-width letters, digits and spaces become half-width: ３４０１ → 3401, ａ → a."""
    return _FULL_STOP_IN_NUMBER.sub(".", text.translate(_HALF_WIDTH))


def without_controls(text: str) -> str:
    """Control and invisible format characters out; line breaks and tabs stay."""
    if text.isprintable():
        return text
    kept = []
    for letter in text.replace("\r\n", "\n").replace("\r", "\n"):
        kind = unicodedata.category(letter)
        if letter in "\n\t" or kind in ("Zl", "Zp"):
            kept.append("\t" if letter == "\t" else "\n")
        # Cf covers zero-width marks and direction overrides; the joiner holds some emoji together.
        elif kind not in ("Cc", "Cf", "Cs") or letter == "\u200d":
            kept.append(letter)
    return "".join(kept)


def tidy(text: str) -> str:
    """One line of text as it is stored.

    A line break between two Chinese characters was made for the column's width and goes; elsewhere
    it becomes a space.
    """
    text = tidy_lines(text)
    if "\n" not in text:
        return text
    return " ".join(_BROKEN_WORD.sub("", text).split())


def tidy_lines(text: str) -> str:
    """Like `tidy`, but line breaks stay."""
    if _PLAIN.match(text):
        return " ".join(text.split()) if " " in text else text
    text = half_width(without_controls(text))
    text = _SPACES.sub(" ", text.replace("\u00a0", " "))
    return _LINES.sub("\n", text).strip()


def name(text: str) -> str:
    """A person's name: 高　国艳 → 高国艳, 阿依古丽.买买提 → 阿依古丽·买买提, 'Li  Ming' → 'Li Ming'."""
    text = tidy(text)
    if not text or _LATIN.search(text):
        return text
    return text.translate(_NAME_DOTS).replace(" ", "").strip("·、，,;；")


def split_names(text: str, spaces: bool = True) -> tuple[str, ...]:
    """The names of one cell: 马辉，徐永刚；袁 兰、邓兰伟等.

    Marks separate names. Spaces do where they stand between whole names: "张 三" is one name of two
    characters, "张三 李四" are two. In a cell meant for one person (`spaces=False`) they never do: 欧阳 明日.
    """
    text = tidy_lines(text)
    # "1、张三" leaves its list number as a piece of its own.
    pieces = [piece for piece in _LIST_MARKS.split(text) if piece.strip() and not piece.strip().isdigit()]
    names = []
    for piece in pieces:
        names.extend(_split_at_spaces(piece.strip()) if spaces else [piece])
    names = [_ETC.sub("", name(_LIST_NUMBER.sub("", each))) for each in names]
    return tuple(each for each in names if each)


def _split_at_spaces(piece: str) -> list[str]:
    parts = piece.split()
    if len(parts) == 1 or any(_LATIN.search(part) for part in parts):
        return [piece]
    if all(len(part) >= 2 for part in parts):
        return parts
    # "张 三 李四": single characters join their right neighbour, as in a name padded to three cells.
    joined, pending = [], ""
    for part in parts:
        if pending:
            joined.append(pending + part)
            pending = ""
        elif len(part) == 1:
            pending = part
        else:
            joined.append(part)
    if pending:
        joined.append(pending)
    return joined


def key(text: str) -> str:
    """For comparing: width, spaces, punctuation and case do not matter."""
    text = unicodedata.normalize("NFKC", text)
    return _UNWORDED.sub("", text).upper()


def compact(text: str) -> str:
    """A number or code: half-width, without spaces, hyphens and the apostrophe that marks text in a sheet."""
    if text.isascii() and text.isalnum():
        return text
    return _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", without_controls(text)))
