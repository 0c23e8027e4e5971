"""The right end of a line of the 成绩汇总表, and the place it leads to."""

from fractions import Fraction

import scoring
from compete.excel import formulas, scope
from compete.excel.book import LETTERS, Formula, Sheet
from compete.excel.numbers import decimal_number, points_number
from compete.excel.style import LEFT, Look, row_height

EXACT = Look(number="0.00##", wrap=False)
TOTAL = Look(number="0.00", wrap=False, bold=True, size=12)
PLACE = Look(number="0", bold=True, wrap=False)
WORD = Look(size=10, color="7F7F7F")
CENTER, SHORT = Look(), LEFT.but(size=10)


def write_tail(sheet: Sheet, row: int, tail: int, scheme, standing, scores: list[str], area: str, tie: int | None, award: str) -> None:
    """Penalty, total, order inside a tie, award and note from column `tail` on, and the place in the first column."""
    penalty, total = f"{LETTERS[tail]}{row}", f"{LETTERS[tail + 1]}{row}"
    sheet.put(row, tail, points_number(standing.penalty) if standing.penalty else None, EXACT)
    places = scheme.rounding.places
    look = TOTAL if places == 2 else TOTAL.but(number="0" + ("." + "0" * places if places else ""))
    if standing.status in ("competing", "out_of_competition", "incomplete"):
        text = _total(scheme, scores, penalty) if scope.of_total(scheme) else ""
        value = formulas.INCOMPLETE if standing.score is None else decimal_number(Fraction(standing.score, scheme.rounding.scale))
        sheet.put(row, tail + 1, Formula(text, value) if text else value, look)
    else:
        sheet.put(row, tail + 1, scoring.STATUSES[standing.status].label_zh, WORD)
    sheet.put(row, tail + 2, tie, CENTER)
    sheet.put(row, tail + 3, award, CENTER)
    note = _note(standing)
    sheet.put(row, tail + 4, note, SHORT)
    sheet.height(row, max(sheet.heights[row], row_height([(note, sheet.widths[tail + 3], 10), (award, sheet.widths[tail + 2], 11)])))
    if standing.place is None:
        sheet.put(row, 1, "—", WORD)
    elif not scope.of_place(scheme):
        sheet.put(row, 1, decimal_number(Fraction(standing.place)), PLACE.but(number="General"))
    else:
        upward = 1 if scheme.better == "low" else 0
        order = f"+N({LETTERS[tail + 2]}{row})"
        sheet.put(row, 1, Formula(f'IF(ISNUMBER({total}),RANK({total},{area},{upward}){order},"—")', standing.place), PLACE)


def _total(scheme, scores: list[str], penalty: str) -> str:
    terms = [formulas.term(cell, formulas.weight_share(part)) for cell, part in zip(scores, scheme.parts, strict=True)]
    text = "+".join(terms) + ("+" if scheme.better == "low" else "-") + f"N({penalty})"
    if scheme.floor is not None:
        text = f"MAX({scoring.format_points(scheme.floor)},{text})"
    return f'IF(COUNT({",".join(scores)})={len(scores)},{formulas.rounded(text, scheme.rounding)},"{formulas.INCOMPLETE}")'


def tie_offsets(standings) -> dict[int, int]:
    """{entry: how many entries of the same score stand before it by the rules for ties}; none outside a tie."""
    found: dict[int, list] = {}
    for standing in standings:
        if standing.place is not None:
            found.setdefault(standing.score, []).append(standing)
    return {one.entry: one.rank - same[0].rank for same in found.values() if len(same) > 1 for one in same}


def _note(standing) -> str:
    notes = [f"{words}，{'扣' if units >= 0 else '加'}{scoring.format_points(abs(units))}分" for units, words in standing.penalties]
    if standing.status == "out_of_competition":
        notes.append(standing.place_text)
    if standing.undecided:
        notes.append("同分待决议")
    elif standing.shared:
        notes.append("并列")
    notes += [f"同分按{label}" for label, _, parting in standing.tie_steps if parting][-1:]
    return "；".join(notes)
