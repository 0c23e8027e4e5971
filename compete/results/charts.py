"""Pictures of an outcome as plain geometry: the templates draw them as SVG with a table beside."""

from fractions import Fraction
from typing import NamedTuple

import scoring
from compete.results.facts import Board

WIDTH, HEIGHT = 720, 260
LEFT, BOTTOM, TOP = 48, 40, 16


class Bar(NamedTuple):
    x: str
    y: str
    width: str
    height: str
    count: int
    label: str


class Box(NamedTuple):
    """A judge's marks: whiskers, quartiles, median as x positions, and the figures themselves."""

    name: str
    y: int
    low: str
    q1: str
    median: str
    q3: str
    high: str
    width: str
    figures: tuple[str, ...]  # sheets, mean, shift, agreement


def text(value: Fraction, places: int = 2) -> str:
    return scoring.format_ratio(value.numerator, value.denominator, places)


def histogram(board: Board) -> tuple[list[Bar], "scoring.Distribution | None"]:
    """How the totals are distributed over ten equal ranges."""
    scale = board.scheme.rounding.scale
    found = scoring.distribution([row.score for row in board.outcome.standings if row.score is not None], over=scale)
    if not found:
        return [], None
    most = max(count for _, _, count in found.bins)
    step = Fraction(WIDTH - LEFT, len(found.bins))
    bars = []
    for n, (low, high, count) in enumerate(found.bins):
        height = Fraction(HEIGHT - TOP - BOTTOM) * count / most
        x, y = LEFT + step * n + 2, HEIGHT - BOTTOM - height
        bars.append(Bar(text(x, 1), text(y, 1), text(step - 4, 1), text(height, 1), count, f"{text(low, 1)}–{text(high, 1)}"))
    return bars, found


def boxes(board: Board, part_code: str) -> tuple[list[Box], list[tuple[str, str]]]:
    """Judges side by side as box plots, and the ticks of their common axis [(x, points)]."""
    part = next(part for part in board.scheme.parts if part.code == part_code)
    bottom = scoring.part_denominator(part)
    totals = {}
    for fact in board.facts.entries:
        for sheet in fact.sheets.get(part_code, ()):
            if sheet.state == "submitted":
                totals.setdefault(sheet.judge, []).append(sheet.total)
    if not totals:
        return [], []
    low = min(map(min, totals.values())) // bottom // 5 * 5
    high = max(-(-max(map(max, totals.values())) // (bottom * 5)) * 5, low + 5)
    left, right = 120, WIDTH - 16

    def x(value) -> str:
        return text(left + (value - low) * (right - left) / (high - low), 1)

    found = []
    for n, shift in enumerate(scoring.judge_shifts(board.scheme, board.facts, part_code)):
        spread = scoring.distribution(totals[shift.judge], over=bottom)
        sign = "+" if shift.shift > 0 else ""
        agreement = "—" if shift.agreement is None else f"{text(shift.agreement * 100, 0)}%"
        width = text((spread.q3 - spread.q1) * (right - left) / (high - low) + 1, 1)
        found.append(Box(shift.name, 24 + n * 34, x(spread.minimum), x(spread.q1), x(spread.median), x(spread.q3), x(spread.maximum),
                         width, (str(shift.sheets), text(shift.mean), f"{sign}{text(shift.shift)}", agreement)))  # fmt: skip
    ticks = [(x(Fraction(value)), str(value)) for value in range(int(low), int(high) + 1, 5 if high - low <= 50 else 10)]
    return found, ticks


class Heat(NamedTuple):
    """The map judges × entries: shade 0 (far below the entry's mean) to 6 (far above), or None."""

    judges: list[str]
    rows: list[tuple[str, str, list[tuple[int | None, str]]]]


def heat(board: Board, part_code: str, limit: int = 60) -> Heat:
    """Each mark against the mean of its entry, for the first `limit` standings."""
    names = board.facts.judges
    by_id = {fact.entry: fact for fact in board.facts.entries}
    part = next(part for part in board.scheme.parts if part.code == part_code)
    bottom = scoring.part_denominator(part)
    rows = []
    for standing in board.outcome.standings[:limit]:
        sheets = {s.judge: Fraction(s.total, bottom) for s in by_id[standing.entry].sheets.get(part_code, ()) if s.state == "submitted"}
        mean = sum(sheets.values()) / len(sheets) if sheets else None
        cells = []
        for judge in names:
            if judge not in sheets:
                cells.append((None, ""))
                continue
            away = sheets[judge] - mean
            cells.append((max(0, min(6, int(away + Fraction(7, 2) if away > Fraction(-7, 2) else 0))), text(sheets[judge])))
        label = board.labels[standing.entry]
        rows.append((label.sign, "" if label.code else label.title, cells))
    return Heat(list(names.values()), rows)
