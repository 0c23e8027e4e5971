"""The standings as the body of an HTML table.

A whole field stands on one page: 1,000 entries × 5 judges are 12,000 cells. Escaping each of them in the template
costs more than all the computing before it, so cells of digits and fixed words are joined here and only the
free texts (title, organization, reason) are escaped.
"""

from html import escape

from markupsafe import Markup

import scoring
from compete.judging import masks
from compete.results.facts import Board
from scoring import format_points

# What became of a judge's sheet -> opening of its cell, and the word where there is no figure.
USES = {
    "used": ('<td class="num">', ""),
    "dropped_high": ('<td class="num cut" title="最高分，去掉">', ""),
    "dropped_low": ('<td class="num cut" title="最低分，去掉">', ""),
    "chief": ('<td class="num apart" title="总评委，不计入平均">', ""),
    "recused": ('<td class="num none">', "回避"),
    "absent": ('<td class="num none">', "缺席"),
    "clamped": ('<td class="num apart" title="超出限差，按限差计">', ""),
    "outlier": ('<td class="num cut" title="超出限差，剔除">', ""),
    "passed": ('<td class="num apart" title="未取">', ""),
    "replaced": ('<td class="num apart" title="复议分替代原分">', ""),
    "missing": ('<td class="num gap">', "未交"),
}
NOBODY = '<td class="num none">—</td>'
UNPLACED = 999_999


def columns(scheme: scoring.Scheme, facts: scoring.Facts) -> list[tuple[str, str, list[tuple[int, str]]]]:
    """[(part code, part name, [(judge, name), …]), …] in the panel's order."""
    names = facts.judges
    seen = {part.code: set() for part in scheme.parts}
    for fact in facts.entries:
        for code, sheets in fact.sheets.items():
            if len(seen[code]) < len(names):
                seen[code].update(sheet.judge for sheet in sheets)
    return [
        (part.code, part.name, [(judge, name) for judge, name in names.items() if judge in seen[part.code]])
        for part in scheme.parts
    ]


def rows(board: Board, heads, link: str) -> Markup:
    """All `<tr>` of the standings in order; `link` + entry id leads to the explanation."""
    written = Rows(board.labels, heads, link)
    return Markup("\n".join([written.of(standing) for standing in board.outcome.standings]))


class Rows:
    """Writes the `<tr>` of single standings under these heads."""

    def __init__(self, labels, heads, link: str):
        self._labels, self._link = labels, link
        self._seats = [(code, [judge for judge, _ in judges]) for code, _, judges in heads]

    def of(self, standing) -> str:
        return _row(self._labels[standing.entry], standing, self._seats, self._link)


def _row(label, standing, seats, link) -> str:
    results, cells = standing.parts, []
    for code, judges in seats:
        result = results.get(code)
        found = {}
        for judge, total, use, text, *_ in result.judges if result else ():
            opening, word = USES.get(use, USES["used"])
            found[judge] = f"{opening}{word if total is None else text}</td>"
        cells += [found.get(judge, NOBODY) for judge in judges]
        cells.append(f'<td class="num">{result.text if result else ""}</td>')
    if standing.run.scheme.steps:
        cells += [f'<td class="num step">{step.text}</td>' for step in standing.steps.values()] or ['<td class="num"></td>'] * len(standing.run.scheme.steps)
    kind = "tie" if standing.undecided or standing.shared else ("" if standing.place else "out")
    penalty = _penalty(standing) if standing.fact.penalties else ""
    # Judged blind the code is all there is, and leads to the explanation.
    number, named, organization = label.number, f'<a href="{link}{standing.entry}">{escape(label.title)}</a>', label.organization
    if label.code:
        number, named, organization = f'<a href="{link}{masks.mask(standing.entry)}">{escape(label.code)}</a>', "", ""
    place, score = standing.place_text, standing.score_text
    reason = escape(standing.reason) if kind or standing.is_tied else f"总分 {score}，{place}"
    return (
        f'<tr class="{kind}"><td data-value="{float(standing.place or UNPLACED):g}">{place}</td><td class="num">{number}</td>'
        f'<td>{named}</td><td>{escape(organization)}</td>{"".join(cells)}'
        f'<td class="num">{penalty}</td><td class="num total">{score}</td><td class="why">{reason}</td></tr>'
    )


def _penalty(standing) -> str:
    """What penalties take, or a bonus gives."""
    taken = standing.penalty
    return f"−{format_points(taken)}" if taken >= 0 else f"+{format_points(-taken)}"
