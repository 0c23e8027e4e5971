"""The ranked workbook of `compete tally`: the product's 成绩汇总表 where its live formulas say all that the scheme does,
plain figures for large fields and for rules that no formula can follow."""

from pathlib import Path

import scoring
from compete.excel import quick
from compete.excel.quick import NUMBER, POINTS, WHOLE, Column
from scoring import form
from scoring.numbers import format_exact
from scoring.ranking.order import place_figure

MANY = 1_000  # entries from which figures stand without formulas
MOST_JUDGES = 15
PLACE, NAMES = Column("名次", WHOLE, 8), (Column("编号"), Column("名称", width=22), Column("单位", width=26))
AWARD_COLUMNS = (Column("奖项", width=18), PLACE, *NAMES, Column("奖金", POINTS))
TEAM_COLUMNS = (PLACE, Column("名称", width=26), Column("成绩"), Column("计分成员", width=40), Column("奖项", width=18), Column("备注", width=50))
PROMOTION_COLUMNS = (*NAMES, Column("方式", width=16), Column("赛区"), Column("得分"))


def write_result(worked: form.Worked, path: Path, *, printed_at: str = "") -> None:
    scheme, facts = worked.tally.scheme, worked.tally.facts
    lists = worked.teams or worked.promotion
    if len(facts.entries) < MANY and scheme.to_json()["version"] == 1 and not lists:
        path.write_bytes(_with_formulas(worked, printed_at))
    else:
        quick.write(path, _sheets(worked))


def _with_formulas(worked, printed_at):
    from compete.excel.style import Paper
    from compete.excel.summary import Title, summary_workbook

    tally = worked.tally
    titles = {entry.entry: Title(tally.names.get(entry.entry, ""), entry.organization) for entry in tally.facts.entries}
    awards = {entry: "、".join(names) for entry, names in worked.given.items()} if worked.outcome.releasable else {}
    paper = Paper(tally.title, printed_at=printed_at, note=tally.source)
    return summary_workbook(paper, tally.scheme, tally.facts, worked.outcome, titles, awards)


def _sheets(worked):
    texts = quick.Texts()
    yield "成绩汇总表", *_standings(worked, texts)
    for name, allotment in (("获奖名单", worked.awards), ("称号", worked.titles)):
        if allotment.awards:
            yield name, AWARD_COLUMNS, _awards(worked, allotment, texts)
    for table in worked.teams:
        yield table.team.name, TEAM_COLUMNS, _team(table, texts)
    if worked.promotion:
        yield "晋级", PROMOTION_COLUMNS, _promotion(worked, texts)


def _standings(worked, texts):
    """(columns, rows): judges' totals where one panel has few enough of them, then parts, steps, total."""
    scheme, outcome = worked.tally.scheme, worked.outcome
    judges = _judges(worked)
    parts = [part for part in scheme.parts if len(scheme.parts) > 1 or not judges]
    penalties = any(entry.penalties for entry in worked.tally.facts.entries)
    shown = [step.code for step in scheme.steps if step.code != scheme.total]  # the total has its own column
    given = {entry: texts["、".join(won)] for entry, won in worked.given.items()} if outcome.releasable else {}
    columns = [PLACE, *NAMES, *(Column(judge, NUMBER) for judge in judges.values()), *(Column(part.name, NUMBER) for part in parts),
               *(Column(scheme.step(code).name, NUMBER) for code in shown), *[Column("扣分", NUMBER)] * penalties,
               Column("总分", POINTS if scheme.rounding.places == 2 else NUMBER), *[Column("奖项", width=18)] * bool(given), Column("备注", width=40)]
    left = _left(worked, judges, texts)

    def row(standing):
        entry = standing.entry
        cells, odd = left[entry]
        cells = [place_cell(standing.place), *cells]
        if parts:
            results = standing.parts
            cells += [_part(results.get(part.code)) for part in parts]
        if shown:
            steps = standing.steps
            cells += [steps[step].text or None if steps else None for step in shown]
        if penalties:
            cells.append(scoring.format_points(standing.penalty) if standing.penalty else None)
        cells.append(standing.score_text or None)
        if given:
            cells.append(given.get(entry, texts[""]))
        cells.append(texts[_note(standing)])
        return cells if odd or None in cells else tuple(cells)

    return columns, map(row, outcome.standings)


def _left(worked, judges, texts):
    """{entry: (number, name, organization and judges' cells, whether any of them is a word)}, made in the order of the facts:
    they lie in memory as they were read, and thousands of them looked up in the order of places cost three times as much."""
    tally, found = worked.tally, {}
    figures, code, names = _Figures(tally.scheme.parts[0]), tally.scheme.parts[0].code, tally.names
    for fact in tally.facts.entries:
        cells = [texts[fact.number], texts[names[fact.entry]], texts[fact.organization]]
        if judges:
            cells += figures.row(fact.sheets.get(code, ()), judges)
        found[fact.entry] = cells, figures.odd
    return found


class _Figures(dict):
    """A sheet's total → the number in its cell; there are far fewer totals than sheets."""

    def __init__(self, part):
        self.part, self.denominator, self.odd = part, part.denominator, False

    def __missing__(self, total):
        self[total] = found = None if total is None else format_exact(total, self.denominator, 0, 6)
        return found

    def row(self, sheets, judges):
        """One cell for each judge; `odd` tells whether any of them is a word. Only sheets handed in carry a total."""
        self.odd = False
        if len(sheets) == len(judges):
            cells = [self[sheet[2]] for sheet in sheets]
            if None not in cells:
                return cells
        found = {sheet.judge: sheet for sheet in sheets}
        self.odd = True
        return [self.word(found[judge]) if judge in found else None for judge in judges]

    def word(self, sheet):
        """A sheet that may carry its marks only, or a state in place of a total."""
        total = (scoring.sheet_total(self.part, sheet.marks or ()) if sheet.total is None else sheet.total) if sheet.state == "submitted" else None
        if total is not None:
            return self[total]
        return quick.Word(scoring.SHEET_STATES["missing" if sheet.state == "submitted" else sheet.state].label_zh)


def _judges(worked):
    """{judge: heading} of the only part, where its judges are few; else empty."""
    scheme, facts = worked.tally.scheme, worked.tally.facts
    if len(scheme.parts) != 1 or scheme.parts[0].kind != "judged":
        return {}
    found = {sheet.judge for entry in facts.entries for sheet in entry.sheets.get(scheme.parts[0].code, ())}
    return {judge: facts.judges[judge] for judge in sorted(found)} if len(found) <= MOST_JUDGES else {}


def place_cell(place):
    return place if place is None or place.__class__ is int else place_figure(place)


def _part(part):
    return format_exact(part.score_num, part.score_den, 0, 6) if part is not None and part.score_den else None


def _note(standing):
    """What a reader asks about: why there is no place, what was taken off, what parted a tie."""
    if standing.status == "competing" and not standing.fact.penalties:
        if standing.shared and not standing.undecided:
            return "并列"
        if not standing.is_tied:
            return ""
    notes = [f"{words}，扣 {scoring.format_points(units)} 分" for units, words in standing.penalties]
    if standing.status == "incomplete":
        notes.append(standing.reason)
    elif standing.place is None:
        notes.append(standing.place_text)
    elif standing.undecided:
        notes.append("同分待决议")
    elif standing.shared:
        notes.append("并列")
    elif standing.is_tied:
        notes += [f"同分按{label}" for label, _, parting in standing.tie_steps if parting][-1:]
    return "；".join(notes)


def _awards(worked, allotment, texts):
    names, by_entry = {tier.code: tier.name for tier in allotment.tiers}, worked.outcome.by_entry
    for award in allotment.awards:
        fact = by_entry[award.entry].fact
        yield (texts[names[award.tier]], place_cell(award.place), texts[fact.number], texts[worked.tally.names[award.entry]], texts[fact.organization],
               scoring.format_yuan(award.prize_fen))


def _team(table, texts):
    tiers = {tier.code: tier.name for tier in table.team.tiers}
    won = {award.entry: tiers[award.tier] for award in table.allotment.awards}
    for standing in table.standings:
        members = "、".join(member.standing.number for member in standing.counted)
        words = (standing.name, standing.score_text, members, won.get(standing.entry, ""), standing.reason)
        yield [standing.place, *(texts[word] for word in words)]


def _promotion(worked, texts):
    by_entry = worked.outcome.by_entry
    for one in worked.promotion.entries:
        fact = by_entry[one.entry].fact
        words = (one.number, worked.tally.names[one.entry], fact.organization, scoring.PROMOTION_WAYS[one.way].label_zh, one.division, one.score_text)
        yield tuple(texts[word] for word in words)
