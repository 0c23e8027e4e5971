"""Leave one judge out: what the result would be without each judge. It decides nothing; it shows how much hangs on one person.

The judge's sheets count as if the judge had been absent, so the scheme's own rule for few judges applies.
"""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from ..awards.titles import awarded, titles
from ..facts import EntryFact, Facts, SheetFact
from ..parts.values import team_marks
from ..ranking.order import place_figure
from ..ranking.outcome import Outcome, compute
from ..scheme import Part, Scheme

NAMED = 3  # so many changes are told one by one


class PlaceChange(NamedTuple):
    entry: int
    number: str
    before: int | Fraction
    after: int | Fraction


class AwardChange(NamedTuple):
    """Names of what the entry holds, awards and titles, empty for none."""

    entry: int
    number: str
    before: str
    after: str


class Without(NamedTuple):
    """places: by the former place; lost: numbers of entries that have no score any more; open: an award hangs on a new tie."""

    judge: int
    name: str
    sheets: int
    places: tuple[PlaceChange, ...]
    awards: tuple[AwardChange, ...]
    lost: tuple[str, ...]
    open: bool
    sentence: str

    @property
    def changes(self) -> bool:
        return bool(self.places or self.awards or self.lost or self.open)


def without_judges(scheme: Scheme, facts: Facts, outcome: Outcome | None = None, *, vacancies: Mapping[str, int] | None = None,
                   judges: Collection[int] | None = None) -> tuple[Without, ...]:
    """One line per judge who handed in a sheet, by judge id; costs one `compute` each. judges: only these.

    The facts carry the marks that ties may ask for. outcome: that of the same facts, if it is at hand. Entries that are not
    complete yet take no part: they would seem to come in from nowhere once the judge they wait for is left out.
    """
    outcome, field = outcome or compute(scheme, facts), None
    waiting = {standing.entry for standing in outcome.standings if standing.status == "incomplete"}
    if waiting:
        field = sum(entry.status == "competing" for entry in facts.entries)
        facts = facts._replace(entries=tuple([entry for entry in facts.entries if entry.entry not in waiting]))
        outcome = compute(scheme, facts)

    def result(found):
        awards = awarded(scheme, found, field=field, vacancies=vacancies)
        return _Result(scheme, found, (awards, titles(scheme, found, awards, field=field)) if scheme.titles else (awards,))

    now = result(outcome)
    return tuple(_compared(scheme, facts.judges, judge, count, now, result(compute(scheme, without_judge(scheme, facts, judge))))
                 for judge, count in sorted(_sheets(facts).items()) if judges is None or judge in judges)


def without_judge(scheme: Scheme, facts: Facts, judge: int) -> Facts:
    """The same facts with this judge absent everywhere; what the team marked together stays."""
    shared = {part.code: part for part in scheme.parts if part.team}
    return facts._replace(entries=tuple([_without(entry, judge, shared) for entry in facts.entries]))


def _without(entry: EntryFact, judge: int, shared: Mapping[str, Part]) -> EntryFact:
    sheets = {code: tuple([SheetFact(judge, "absent", None, None, sheet.chief) if sheet.judge == judge else sheet
                           for sheet in (_handed_on(shared[code], row) if code in shared else row)])
              for code, row in entry.sheets.items()}
    replaced = entry.replacements and {code: {who: units for who, units in given.items() if who != judge}
                                       for code, given in entry.replacements.items()}
    return entry._replace(sheets=sheets, replacements=replaced)


def _handed_on(part, row):
    """Sheets that all carry the team's marks, whoever had written them down."""
    team = team_marks(part, row)
    return [sheet._replace(marks=tuple({**dict(sheet.marks or ()), **team}.items())) if sheet.state == "submitted" else sheet
            for sheet in row]


def _sheets(facts: Facts) -> dict[int, int]:
    """{judge: sheets handed in}"""
    found = {}
    for entry in facts.entries:
        for row in entry.sheets.values():
            for sheet in row:
                if sheet.state == "submitted":
                    found[sheet.judge] = found.get(sheet.judge, 0) + 1
    return found


class _Result:
    """What is compared of an outcome: the places, the award of each entry, whoever has none yet."""

    def __init__(self, scheme, outcome, allotments):
        self.standings = outcome.standings
        self.places = {standing.entry: standing.place for standing in outcome.standings if standing.place is not None}
        names = {tier.code: tier.name for tier in (*scheme.tiers, *scheme.titles)}
        held = {}
        for award in (award for allotment in allotments for award in allotment.awards):
            held.setdefault(award.entry, []).append(names[award.tier])
        self.awards = {entry: "、".join(tiers) for entry, tiers in held.items()}
        self.waiting = {entry for allotment in allotments for group in allotment.pending for entry in group}
        self.scored = {standing.entry for standing in outcome.standings if standing.score is not None}


def _compared(scheme, names, judge, count, now, then):
    places, awards, lost = [], [], []
    for standing in now.standings:
        entry, number = standing.entry, standing.number
        if entry in now.scored and entry not in then.scored:
            lost.append(number)
            continue
        if entry in now.places and entry in then.places and now.places[entry] != then.places[entry]:
            places.append(PlaceChange(entry, number, now.places[entry], then.places[entry]))
        if entry not in now.waiting | then.waiting and now.awards.get(entry, "") != then.awards.get(entry, ""):
            awards.append(AwardChange(entry, number, now.awards.get(entry, ""), then.awards.get(entry, "")))
    name = names.get(judge, f"评委{judge}")
    is_open = bool(then.waiting - now.waiting)
    sentence = _sentence(name, places, awards, lost, is_open, bool(scheme.tiers or scheme.titles))
    return Without(judge, name, count, tuple(places), tuple(awards), tuple(lost), is_open, sentence)


def _sentence(name, places, awards, lost, is_open, has_awards):
    head = f"去掉{name}后" if not name[-1:].isascii() else f"去掉{name} 后"
    if lost:
        return f"{head}，{_numbers(lost)}没有足够的评委，算不出成绩，其余名次不作比较"
    told = [_places(places)]
    if has_awards:
        told.append(_awards(awards, is_open))
    if told == ["名次不变", "奖项不变"]:
        return f"{head}，名次和奖项都不变"
    return f"{head}，{'；'.join(told)}"


def _numbers(numbers: Iterable[str]) -> str:
    numbers = list(numbers)
    return "、".join(numbers[:NAMED]) + (f" 等 {len(numbers)} 项" if len(numbers) > NAMED else " 号")


def _places(places):
    if not places:
        return "名次不变"
    if len(places) == 2 and (places[0].before, places[0].after) == (places[1].after, places[1].before):
        return f"第 {place_figure(places[0].before)}、{place_figure(places[0].after)} 名互换"
    if len(places) <= NAMED:
        return "，".join(f"{change.number} 号由第 {place_figure(change.before)} 名变为第 {place_figure(change.after)} 名" for change in places)
    most = max(abs(change.after - change.before) for change in places)
    first = [change.number for change in places if change.after == 1]
    lead = f"，第 1 名变为 {'、'.join(first)} 号" if first else ""
    return f"{len(places)} 项的名次有变，最多相差 {place_figure(most)} 位{lead}"


def _awards(awards, is_open):
    rest = "；另有奖项要看新的同分怎样决定" if is_open else ""
    if not awards:
        return "奖项要看新的同分怎样决定" if is_open else "奖项不变"
    if len(awards) > NAMED:
        return f"{len(awards)} 项的奖项有变{rest}"
    return "，".join(f"{change.number} 号由{change.before or '未获奖'}变为{change.after or '不获奖'}" for change in awards) + rest
