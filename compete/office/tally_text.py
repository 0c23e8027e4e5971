"""Standings and explanations as text for a terminal: columns aligned, a Chinese character being two columns wide."""

from functools import lru_cache
from unicodedata import east_asian_width

import scoring
from scoring import form
from scoring.ranking.order import place_figure

MOST_NAME = 30  # columns of a name or an organization


@lru_cache(maxsize=200_000)
def width(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def cut(text: str, most: int) -> str:
    if width(text) <= most:
        return text
    while width(text) > most - 1:
        text = text[:-1]
    return text + "…"


def table(headings: list[str], rows: list[list[str]], right: set[int]) -> str:
    """Lines of text; columns in `right` are set flush right."""
    widths = [max([width(heading), *(width(row[at]) for row in rows)]) for at, heading in enumerate(headings)]
    return "".join(_line(cells, widths, right) for cells in (headings, ["─" * size for size in widths], *rows))


def _line(cells, widths, right):
    pieces = [" " * (size - width(cell)) + cell if at in right else cell + " " * (size - width(cell))
              for at, (cell, size) in enumerate(zip(cells, widths))]
    return "  ".join(pieces).rstrip() + "\n"


def standings(worked: form.Worked, most: int | None = None) -> str:
    """Title, standings (the first `most` of them), then awards, teams and promotion in a line or a table each."""
    tally, outcome = worked.tally, worked.outcome
    title = "　".join(text for text in (tally.title, tally.source and f"来源：{tally.source}") if text)
    lists = [_awards(worked.awards, "奖项", tally), _awards(worked.titles, "称号", tally), *map(_team, worked.teams)]
    if worked.promotion:
        lists.append(_promotion(worked))
    return "\n".join(text for text in (title and title + "\n", _standings(worked, most) if outcome.standings else "没有参赛对象。\n", *lists) if text)


def _standings(worked, most):
    scheme, names, given = worked.tally.scheme, worked.tally.names, worked.given
    parts = scheme.parts if len(scheme.parts) > 1 else ()
    organizations = any(entry.organization for entry in worked.tally.facts.entries)
    penalties = any(entry.penalties for entry in worked.tally.facts.entries)
    headings = ["名次", "编号", "名称"] + ["单位"] * organizations
    first = len(headings)
    shown = [step for step in scheme.steps if step.code != scheme.total]  # the total has its own column
    headings += [part.name for part in parts] + [step.name for step in shown] + ["扣分"] * penalties + ["总分"]
    right = {0, *range(first, len(headings))}
    headings += ["奖项"] * bool(given)
    rows = []
    for standing in worked.outcome.standings[:most]:
        fact, results, steps = standing.fact, standing.parts if parts else {}, standing.steps if shown else {}
        row = [_place(standing), fact.number, cut(names[fact.entry], MOST_NAME)] + [cut(fact.organization, MOST_NAME)] * organizations
        row += [results[part.code].text if part.code in results else "" for part in parts]
        row += [steps[step.code].text if step.code in steps else "" for step in shown]
        row += [scoring.format_points(standing.penalty) if standing.penalty else ""] * penalties
        row += [standing.score_text if standing.score is not None else scoring.STATUSES[standing.status].label_zh]
        rows.append(row + ["、".join(given.get(fact.entry, ()))] * bool(given))
    left = len(worked.outcome.standings) - len(rows)
    return table(headings, rows, right) + (f"……另有 {left} 个，见工作簿\n" if left else "")


def _place(standing):
    if standing.place is None:
        return "-"  # a dash is one column wide on some terminals and two on others
    return place_figure(standing.place) + ("=" if standing.shared else "")


def _awards(allotment, what, tally):
    if not allotment.tiers:
        return ""
    numbers = {entry.entry: entry.number for entry in tally.facts.entries}
    lines = []
    for tier in allotment.tiers:
        won = [numbers[award.entry] for award in allotment.awards if award.tier == tier.code]
        notes = [f"计划 {tier.planned}"] + [f"空缺 {tier.vacant}"] * bool(tier.vacant) + [f"待定 {tier.pending}"] * bool(tier.pending)
        notes += [f"每个 {scoring.format_yuan(tier.prize_fen)} 元"] * bool(tier.prize_fen)
        shown = "、".join(won[:50]) + (" 等" if len(won) > 50 else "")
        lines.append(f"{tier.name}（{'，'.join(notes)}）：{f'{shown}，共 {len(won)} 个' if won else '无'}\n")
    total = f"奖金合计 {scoring.format_yuan(allotment.total_fen, grouped=True)} 元\n" if allotment.total_fen else ""
    return f"{what}\n" + "".join(lines) + total


def _team(table_of):
    rows = [[_place(standing), standing.name, standing.score_text, "、".join(member.standing.number for member in standing.counted)]
            for standing in table_of.standings]
    tiers = {tier.code: tier.name for tier in table_of.team.tiers}
    won = {award.entry: tiers[award.tier] for award in table_of.allotment.awards}
    headings = ["名次", "名称", "成绩", "计分成员"] + ["奖项"] * bool(tiers)
    if tiers:
        rows = [row + [won.get(standing.entry, "")] for row, standing in zip(rows, table_of.standings)]
    return f"{table_of.team.name}\n" + table(headings, rows, {0, 2})


def _promotion(worked):
    promoted, rule = worked.promotion, worked.tally.scheme.promotion
    ways = {}
    for one in promoted.entries:
        ways.setdefault((one.division, one.way), []).append(one.number)
    lines = [f"{division + ' · ' if division else ''}{scoring.PROMOTION_WAYS[way].label_zh}：{'、'.join(numbers)}\n"
             for (division, way), numbers in ways.items()]
    cut_text = f"，最后一名 {promoted.cut} 分" if promoted.cut else ""
    return f"晋级{rule.name}（计划 {promoted.planned}，共 {len(promoted.entries)} 个{cut_text}）\n" + "".join(lines)


def explanation(worked: form.Worked, entry: int, *, as_json: bool) -> str:
    tally = worked.tally
    found = scoring.explain(tally.scheme, tally.facts, worked.outcome, entry)
    if as_json:
        steps = [{**step._asdict(), "figures": [figure._asdict() for figure in step.figures]} for step in found.steps]
        return form.dumps({"number": found.number, "name": tally.names[entry], "steps": steps, "sentence": found.sentence})
    lines = [f"{found.number} 号 {tally.names[entry]}".rstrip() + "\n"]
    for step in found.steps:
        lines.append(f"\n{step.label}  {step.result}".rstrip() + "\n")
        figures = [[figure.label, figure.text, figure.note] for figure in step.figures]
        lines += ["    " + line + "\n" for line in table(["", "", ""], figures, {1}).splitlines()[2:]] if figures else []
        lines += [f"    {step.detail}\n"] if step.detail else []
    return "".join(lines) + f"\n{found.sentence}\n"
