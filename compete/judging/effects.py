"""What a ruling, a penalty or an absence would change in the standings, computed before anything is stored."""

from collections.abc import Callable
from typing import NamedTuple

import scoring
from compete.contests import schemes
from compete.judging.cells import RULINGS
from compete.results.facts import facts_of


class Move(NamedTuple):
    entry: int
    number: str
    before: str
    after: str


class Effect(NamedTuple):
    """`moves`: the entry itself first, then the others whose place or score changes; `further` more are not listed. `stage`:
    the earlier one that the places are of, "" for the ranked one."""

    moves: list[Move]
    further: int
    incomplete: bool
    stage: str = ""


SHOWN = 12


def of_ruling(event_id: int, entry_id: int, kind: str) -> Effect:
    """As it stands, and with the entry ruled out."""
    return _compare(event_id, entry_id, lambda fact: fact._replace(status=RULINGS[kind][0]))


def of_penalty(event_id: int, entry_id: int, points: int, part_id: int | None) -> Effect:
    """In the stage of the part where one is named, else in the ranked one."""
    return _compare(event_id, entry_id, lambda fact: fact._replace(penalties=(*fact.penalties, scoring.PenaltyFact(points))), part_id)


def _compare(event_id: int, entry_id: int, change: Callable, part_id: int | None = None) -> Effect:
    event = schemes.load(event_id)
    stage = next((stage for stage in event.stages if any(part.id == part_id for part in stage.parts)), None)
    stage = None if stage is schemes.ranked_stage(event) else stage
    scheme, facts = schemes.scheme_of(event, stage), facts_of(event, stage)
    changed = facts._replace(entries=tuple(change(fact) if fact.entry == entry_id else fact for fact in facts.entries))
    before, after = scoring.compute(scheme, facts), scoring.compute(scheme, changed)
    old = {row.entry: row for row in before.standings}
    moves = [
        Move(row.entry, row.number, _say(old[row.entry]), _say(row))
        for row in after.standings if _say(old[row.entry]) != _say(row)
    ]  # fmt: skip
    moves.sort(key=lambda move: move.entry != entry_id)
    return Effect(moves[:SHOWN], max(0, len(moves) - SHOWN), after.incomplete, stage.name if stage else "")


def _say(row) -> str:
    """ "第 3 名，92.35 分" or what stands in the way of a place."""
    score = f"{row.score_text} 分" if row.score is not None else "暂无总分"
    if row.place is None:
        return scoring.STATUSES[row.status].label_zh if row.score is None else f"{scoring.STATUSES[row.status].label_zh}，{score}"
    return f"{row.place_text}，{score}"
