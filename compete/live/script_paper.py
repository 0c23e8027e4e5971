"""主持词 as a Word document on A4: large type, one block per person called, the release at every page's foot."""

import io

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from compete.live.script import Awarding, Order, called_out, foot, said

BODY, HEADING = "仿宋", "黑体"
QUIET = RGBColor(0x66, 0x66, 0x66)


def awarding_paper(contest: str, awardings: list[Awarding]) -> bytes:
    """The awards of all events whose release is in force."""
    released = [one for one in awardings if one.release]
    paper = _paper(f"{contest}颁奖主持词", "；".join(f"{one.event}：{foot(one)}" for one in released))
    for one in released:
        _line(paper, one.event, HEADING, 18, before=18)
        for section in one.sections:
            _line(paper, section.name, HEADING, 16, before=14, keep=True)
            _line(paper, section.opening, BODY, 16)
            for block in section.blocks:
                _line(paper, said(block, section.unit), BODY, 16, before=8)
                readings = [f"{name}（{told}）" for winner in block for name, told in winner.people if told]
                if readings:
                    _line(paper, f"读音：{'、'.join(readings)}", BODY, 12, color=QUIET)
            if section.closing:
                _line(paper, section.closing, BODY, 16, before=8)
    return _bytes(paper)


def order_paper(contest: str, orders: list[Order]) -> bytes:
    """The running order of every session, with what is said when a turn begins."""
    paper = _paper(f"{contest}评审主持词", "出场顺序以现场抽签为准")
    for order in orders:
        _line(paper, f"{order.event} · {order.session}", HEADING, 18, before=18, keep=True)
        if not order.drawn:
            _line(paper, "尚未抽签，以下按编号排列。", BODY, 12, color=QUIET)
        for at, turn in enumerate(order.turns):
            _line(paper, f"{called_out(order, at)}{f'（{turn.out}）' if turn.out else ''}", BODY, 16, before=8)
            if turn.reading:
                _line(paper, f"读音：{turn.title}（{turn.reading}）", BODY, 12, color=QUIET)
    return _bytes(paper)


def _paper(title: str, sealed: str):
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    paper.core_properties.title, paper.core_properties.author = title, "赛评"
    _line(paper, title, HEADING, 22, center=True)
    _run(section.footer.paragraphs[0], sealed, BODY, 9, QUIET)
    return paper


def _line(paper, text: str, font: str, size: int, *, before: int = 0, center: bool = False, keep: bool = False, color=None):
    paragraph = paper.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(2)
    paragraph.paragraph_format.line_spacing, paragraph.paragraph_format.keep_with_next = 1.4, keep
    paragraph.paragraph_format.keep_together = True
    if center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, font, size, color)


def _run(paragraph, text: str, font: str, size: int, color=None) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)  # Word takes the font of Chinese text from here
    if color is not None:
        run.font.color.rgb = color


def _bytes(paper) -> bytes:
    kept = io.BytesIO()
    paper.save(kept)
    return kept.getvalue()
