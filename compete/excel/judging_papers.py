"""评分表 and 成绩汇总表 of an event, from its board."""

from collections.abc import Mapping
from datetime import datetime

import scoring
from compete.clock import show_time
from compete.excel.scoresheets import JudgeBook, ScorePage, blank_sheets, criterion_lines, score_sheets
from compete.excel.style import Paper
from compete.excel.summary import Title, summary_workbook
from compete.judging.sheets import SeatRow, SlotRow
from compete.results.facts import Board, Label


def summary(paper: Paper, board: Board, allotment: scoring.Allotment) -> bytes:
    """All marks, places and awards of a board read with `full_board`."""
    blind = board.event.is_veiled
    titles = {entry: Title("", number=label.code) if blind else Title(label.title, label.organization) for entry, label in board.labels.items()}
    tiers = {tier.code: tier.name for tier in board.scheme.tiers}
    # While marks are missing or a tie is open, an award on paper would be a guess.
    awards = {award.entry: tiers[award.tier] for award in allotment.awards} if board.outcome.releasable else {}
    return summary_workbook(paper, board.scheme, board.facts, board.outcome, titles, awards)


def filled(paper: Paper, board: Board, code: str, remarks: Mapping[tuple[int, int], tuple[str, datetime | None]], signed: Mapping) -> bytes:
    """One sheet per judge of the part, one page per entry; marks only of sheets that were handed in.

    `signed` {(entry, judge): (name, by hand, when, digest)}: what was signed on the tablet is printed in place of the empty line.
    """
    reader = board.outcome.run.reader(code)
    pages: dict[int, list[ScorePage]] = {judge: [] for judge in board.facts.judges}
    for fact in board.facts.entries:
        texts = {result.judge: result.text for result in reader.judges(fact)}
        for sheet in fact.sheets.get(code, ()):
            comment, at = remarks.get((fact.entry, sheet.judge), ("", None))
            done = sheet.state == "submitted"
            page = ScorePage(
                *_names(board.labels[fact.entry], board.event.is_veiled), marks=dict(sheet.marks or ()), total=texts[sheet.judge] if done else "",
                comment=comment if done else "", state=sheet.state, submitted_at=show_time(at) if done else "",
                signed=_signed(signed.get((fact.entry, sheet.judge))) if done else "",
            )  # fmt: skip
            pages.setdefault(sheet.judge, []).append(page)
    books = [JudgeBook(board.facts.judges.get(judge, f"评委{judge}"), pages=tuple(found)) for judge, found in pages.items() if found]
    return score_sheets(paper, reader.part.name, criterion_lines(reader.part.criteria), books)


def _signed(found) -> str:
    if not found:
        return ""
    name, by_hand, at, digest = found
    return f"评委签名：{name}（平板{'手写签名' if by_hand else '输入姓名签名'}）　{show_time(at)}　指纹 {digest[:16]}"


def _names(label: Label, blind: bool) -> tuple[str, str, str]:
    if blind:
        return label.code, "", ""
    return f"{label.number:02d}", label.title, label.organization


def blank(paper: Paper, part: scoring.Part, slots: list[SlotRow], seats: list[SeatRow], recused: set[tuple[int, int]], *, blind: bool) -> bytes:
    """Pages for paper in the running order: a sheet for each judge of the panel, or one without a name where no panel is set."""
    books = []
    for seat in seats or [None]:
        judge = seat.judge_id if seat else None
        pages = [
            ScorePage(*_slot_names(slot, turn, blind), state="recused" if (slot.entry_id, judge) in recused else "submitted")
            for turn, slot in enumerate(slots, 1)
        ]
        books.append(JudgeBook(seat.name if seat else "", pages=tuple(pages)))
    return blank_sheets(paper, part.name, criterion_lines(part.criteria), books)


def _slot_names(slot: SlotRow, turn: int, blind: bool) -> tuple[str, str, str]:
    """As the judges' tablets call it."""
    if blind:
        return slot.code or f"第{turn}项", "", ""
    return f"{slot.number:02d}", slot.title, slot.organization
