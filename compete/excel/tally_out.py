"""The ranked workbook of `compete tally`: the product's 成绩汇总表 where its live formulas say all that the scheme does,
plain figures from the compiled writer for large fields and for rules that no formula can follow."""

from fractions import Fraction
from pathlib import Path

import scoring
from scoring import form

MANY = 1_000  # entries from which figures stand without formulas
MOST_JUDGES = 15
TITLE_WIDTHS = {"名次": 8, "编号": 10, "名称": 22, "单位": 26, "代表队": 16, "奖项": 18, "备注": 40}


def write_result(worked: form.Worked, path: Path, *, printed_at: str = "") -> None:
    scheme, facts = worked.tally.scheme, worked.tally.facts
    lists = worked.teams or worked.promotion
    if len(facts.entries) < MANY and scheme.to_json()["version"] == 1 and not lists:
        path.write_bytes(_with_formulas(worked, printed_at))
    else:
        _write_plain(worked, path)


def _with_formulas(worked, printed_at):
    from compete.excel.style import Paper
    from compete.excel.summary import Title, summary_workbook

    tally = worked.tally
    titles = {entry.entry: Title(tally.names.get(entry.entry, ""), entry.organization) for entry in tally.facts.entries}
    awards = {entry: "、".join(names) for entry, names in worked.given.items()} if worked.outcome.releasable else {}
    paper = Paper(tally.title, printed_at=printed_at, note=tally.source)
    return summary_workbook(paper, tally.scheme, tally.facts, worked.outcome, titles, awards)


def _write_plain(worked, path):
    from rustpy_xlsxwriter import FastExcel, Format

    head = Format().set_bold().set_background_color("#F2F2F2").set_border("thin").set_align("center").set_text_wrap()
    book = FastExcel(str(path)).freeze(row=1)
    for name, headings, rows in _sheets(worked):
        records = [dict(zip(headings, row)) for row in rows]
        if not records:
            continue
        book.sheet(name, records, header_format=head, column_widths={heading: TITLE_WIDTHS.get(heading, 11) for heading in headings},
                   page_setup={"landscape": True, "paper_size": 9, "fit_to_pages": (1, 0), "repeat_rows": (0, 0)})
    book.save()


def _sheets(worked):
    yield "成绩汇总表", *_standings(worked)
    for name, allotment in (("获奖名单", worked.awards), ("称号", worked.titles)):
        yield name, ("奖项", "名次", "编号", "名称", "单位", "奖金"), _awards(worked, allotment)
    for table in worked.teams:
        yield _sheet_name(table.team.name), ("名次", "名称", "成绩", "计分成员", "奖项", "备注"), _team(table)
    if worked.promotion:
        yield "晋级", ("编号", "名称", "单位", "方式", "赛区", "得分"), _promotion(worked)


def _sheet_name(name):
    return "".join(letter for letter in name if letter not in "[]:*?/\\'")[:31] or "团体"


def _standings(worked):
    """(headings, rows): judges' totals where one panel has few enough of them, then parts, steps, total."""
    scheme, outcome, names = worked.tally.scheme, worked.outcome, worked.tally.names
    judges = _judges(worked)
    parts = [part for part in scheme.parts if len(scheme.parts) > 1 or not judges]
    penalties = any(entry.penalties for entry in worked.tally.facts.entries)
    headings = ["名次", "编号", "名称", "单位", *judges.values(), *(part.name for part in parts), *(step.name for step in scheme.steps)]
    headings += ["扣分"] * penalties + ["总分", "奖项", "备注"]
    given = {entry: "、".join(won) for entry, won in worked.given.items()} if outcome.releasable else {}
    texts, figures, code = _Held(), _Figures(scheme.parts[0]), scheme.parts[0].code

    def row(standing):
        fact = standing.fact
        cells = [_place(standing.place), texts[fact.number], texts[names[fact.entry]], texts[fact.organization]]
        if judges:
            cells += figures.row(fact.sheets.get(code, ()), judges)
        if parts:
            results = standing.parts
            cells += [_quotient(results.get(part.code)) for part in parts]
        if scheme.steps:
            cells += [step.exact and float(Fraction(*step.exact)) for step in standing.steps.values()] or [None] * len(scheme.steps)
        if penalties:
            cells.append(standing.penalty / scoring.UNIT if standing.penalty else None)
        score = standing.score
        cells += (None if score is None else score / standing.scale, given.get(fact.entry, ""), _note(standing))
        return cells

    return _distinct(headings), map(row, outcome.standings)


class _Held(dict):
    """Texts that a workbook can hold, each looked at once."""

    def __missing__(self, text):
        from compete.excel.style import held_text

        self[text] = found = text if text.isprintable() and len(text) < 1000 else held_text(text)
        return found


class _Figures(dict):
    """A sheet's total → the number in its cell; there are far fewer totals than sheets."""

    def __init__(self, part):
        self.part, self.denominator = part, part.denominator

    def __missing__(self, total):
        self[total] = found = total / self.denominator
        return found

    def row(self, sheets, judges):
        """One cell for each judge."""
        if len(sheets) == len(judges):
            return [self[total] if state == "submitted" and total is not None else self.word(sheet)
                    for sheet in sheets for _, state, total, _, _ in (sheet,)]
        found = {sheet.judge: sheet for sheet in sheets}
        return [self.row((found[judge],), (judge,))[0] if judge in found else None for judge in judges]

    def word(self, sheet):
        """What stands in place of a total: the state, or the total of a sheet that carries its marks only."""
        total = scoring.sheet_total(self.part, sheet.marks or ()) if sheet.state == "submitted" else None
        if total is not None:
            return self[total]
        return scoring.SHEET_STATES["missing" if sheet.state == "submitted" else sheet.state].label_zh


def _judges(worked):
    """{judge: heading} of the only part, where its judges are few; else empty."""
    scheme, facts = worked.tally.scheme, worked.tally.facts
    if len(scheme.parts) != 1 or scheme.parts[0].kind != "judged":
        return {}
    found = {sheet.judge for entry in facts.entries for sheet in entry.sheets.get(scheme.parts[0].code, ())}
    return {judge: facts.judges[judge] for judge in sorted(found)} if len(found) <= MOST_JUDGES else {}


def _place(place):
    return place if place is None or place.__class__ is int else float(place)


def _quotient(part):
    return part.score_num / part.score_den if part is not None and part.score_den else None


def _note(standing):
    """What a reader asks about: why there is no place, what was taken off, what parted a tie."""
    if standing.status == "competing" and not standing.fact.penalties:
        if standing.shared and not standing.undecided:
            return "并列"
        if not standing.is_tied:
            return ""
    notes = [f"{reason}，扣 {scoring.format_points(units)} 分" for units, reason in standing.fact.penalties]
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


def _distinct(headings):
    """The compiled writer knows columns by their heading: the second of a name gets a number."""
    seen, found = {}, []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        found.append(heading if seen[heading] == 1 else f"{heading}（{seen[heading]}）")
    return found


def _awards(worked, allotment):
    names, by_entry = {tier.code: tier.name for tier in allotment.tiers}, worked.outcome.by_entry
    for award in allotment.awards:
        fact = by_entry[award.entry].fact
        yield names[award.tier], _place(award.place), fact.number, worked.tally.names[award.entry], fact.organization, award.prize_fen / 100


def _team(table):
    tiers = {tier.code: tier.name for tier in table.team.tiers}
    won = {award.entry: tiers[award.tier] for award in table.allotment.awards}
    for standing in table.standings:
        members = "、".join(member.standing.number for member in standing.counted)
        yield standing.place, standing.name, standing.score_text, members, won.get(standing.entry, ""), standing.reason


def _promotion(worked):
    by_entry = worked.outcome.by_entry
    for one in worked.promotion.entries:
        fact = by_entry[one.entry].fact
        way = scoring.PROMOTION_WAYS[one.way].label_zh
        yield one.number, worked.tally.names[one.entry], fact.organization, way, one.division, one.score_text
