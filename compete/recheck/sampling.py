"""抽样: which sheets are looked at again: the best of the standing always, of the rest a share drawn by a recorded seed."""

import secrets
from datetime import datetime
from fractions import Fraction

import sqlalchemy as sa

import scoring
from compete.audit import service as audit
from compete.contests import schemes
from compete.judging import sheets
from compete.marking import locking
from compete.models import Contest, Event, Judge, Part, Recheck, RecheckItem, Sheet, db
from compete.recheck import rules
from compete.recheck.service import SOURCES, current, unsigned
from compete.results import facts
from scoring.problems import Problem


def obstacle(part: Part, chosen: rules.Rules, boards: list) -> Problem | None:
    """Why the part cannot be rechecked now."""
    if not any(board.count(*sheets.DONE) for board in boards):
        return Problem("recheck.empty", part.name, "还没有已提交的评分表", "评分表交齐之后再复核")
    missing = sum(board.missing for board in boards)
    if missing:
        return Problem("recheck.missing", part.name, f"还缺 {missing} 张评分表", "交齐之后再复核")
    if chosen.when == "after" and not part.locked_at:
        return Problem("recheck.early", part.name, "总评委还没有锁定", "本竞赛规定锁定之后复核")
    if chosen.when == "before" and part.locked_at:
        return Problem("recheck.late", part.name, "总评委已经锁定", "本竞赛规定锁定之前复核；请总评委先解锁")
    return None


def begin(part: Part, *, spoken: str = "", reason: str = "", actor: audit.Actor, now: datetime) -> Recheck | Problem:
    """Draws the sample: the best of the standing, and of the rest as many as the rules say by a recorded seed."""
    db.session.execute(sa.select(Part.id).where(Part.id == part.id).with_for_update())
    event = schemes.load(locking.event_of(part).id)
    chosen = rules.of(db.session.get(Contest, event.contest_id))
    problem = obstacle(part, chosen, locking.boards(part.id))
    earlier = current(part.id)
    if problem is None and earlier is not None and not reason.strip():
        problem = Problem("recheck.reason", part.name, "已经抽过样本", "重新抽取请写明理由，原来的样本和结果会保留")
    if problem is None and earlier is not None and unsigned(earlier.id):
        problem = Problem("recheck.unsigned", part.name, "还有更正没有签字", "请总评委先签字或认定无误")
    if problem:
        return problem
    order, labels = ranking(part, event)
    best, rest = _best(order, chosen.top)
    seed, count = spoken or secrets.token_hex(6), rules.drawn_count(len(rest), chosen.percent)
    by_label = {labels[entry]: entry for entry in rest}
    drawn = [by_label[label] for label in scoring.draw_order(seed, list(by_label)).order[:count]]
    if earlier is not None:
        earlier.superseded_at = now
        db.session.flush()
    row = Recheck(
        part_id=part.id, top=chosen.top, percent=chosen.percent, threshold=chosen.threshold, seed=seed, source="hall" if spoken else "system",
        drawn_from=sorted(by_label), drawn_count=count, made_by=actor.name, made_at=now, reason=reason.strip(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    sample = _add(row, [*((entry, "top") for entry in best), *((entry, "drawn") for entry in drawn)])
    audit.record(
        contest_id=event.contest_id, actor=actor, now=now, action="recheck.begin" if earlier is None else "recheck.again", subject="part",
        subject_id=part.id, after={"seed": seed, "method": SOURCES[row.source], "top": len(best), "count": count, "sample": sample}, reason=row.reason,
    )  # fmt: skip
    return row


def ranking(part: Part, event: Event) -> tuple[list[tuple[int, int | None]], dict[int, str]]:
    """([(entry, rank or None)] of the entries with sheets in the part, best first, {entry: what the draw calls it}).

    The standing of the event where it rests on this part, else the order of the mean totals.
    """
    judged = set(db.session.scalars(sa.select(Sheet.entry_id).where(Sheet.part_id == part.id, Sheet.state.in_(sheets.DONE))))
    found = facts.board(event)
    labels = {entry: found.labels[entry].code or f"{found.labels[entry].number:02d}" for entry in judged if entry in found.labels}
    labels |= {entry: sheets.called(entry) for entry in judged - set(labels)}
    # Entries without a code yet are told apart all the same.
    names = list(labels.values())
    labels = {entry: name if names.count(name) == 1 else f"{name}-{entry}" for entry, name in labels.items()}
    stage = schemes.ranked_stage(event)
    if stage and part.id in {row.id for row in stage.parts}:
        ranked = [(standing.entry, standing.rank) for standing in found.outcome.standings if standing.entry in judged and standing.place is not None]
    else:
        totals = db.session.execute(
            sa.select(Sheet.entry_id, sa.func.sum(Sheet.total), sa.func.count()).where(Sheet.part_id == part.id, Sheet.state.in_(sheets.DONE)).group_by(Sheet.entry_id)
        ).all()
        means = {entry: Fraction(int(total or 0), count) for entry, total, count in totals}
        better = sorted(means, key=lambda entry: (-means[entry], labels[entry]))
        ranked = [(entry, 1 + sum(other > means[entry] for other in means.values())) for entry in better]
    known = {entry for entry, _ in ranked}
    return ranked + [(entry, None) for entry in sorted(judged - known, key=labels.get)], labels


def _best(order: list[tuple[int, int | None]], top: int) -> tuple[list[int], list[int]]:
    """(the best `top` with whoever shares the last of these places, the rest)."""
    best = [entry for entry, rank in order if rank is not None and rank <= top]
    return best, [entry for entry, _ in order if entry not in set(best)]


def _add(row: Recheck, wanted: list[tuple[int, str]]) -> int:
    """Puts the sheets of these entries on the list, entry by entry in this order, judges by their place."""
    why = dict(wanted)
    place = {entry: at for at, (entry, _) in enumerate(wanted)}
    known = set(db.session.scalars(sa.select(RecheckItem.sheet_id).where(RecheckItem.recheck_id == row.id)))
    rows = db.session.execute(
        sa.select(Sheet.id, Sheet.entry_id).join(Judge, Judge.id == Sheet.judge_id)
        .where(Sheet.part_id == row.part_id, Sheet.state.in_(sheets.DONE), Sheet.entry_id.in_(list(why))).order_by(Judge.position, Judge.id)
    ).all()  # fmt: skip
    rows = sorted((row for row in rows if row.id not in known), key=lambda row: place[row.entry_id])
    fresh = [
        {"recheck_id": row.id, "sheet_id": one.id, "position": len(known) + at, "why": why[one.entry_id], "state": "open", "revision": 0, "note": "",
         "checked_by": "", "checked_name": "", "settled_name": "", "settled_reason": ""}
        for at, one in enumerate(rows, 1)
    ]  # fmt: skip
    if fresh:
        db.session.execute(sa.insert(RecheckItem), fresh)
    return len(fresh)


def widen(row: Recheck, *, actor: audit.Actor, now: datetime) -> int | Problem:
    """Every other sheet of the part comes on the list, in one step."""
    db.session.refresh(row, with_for_update=True)
    if row.full_at is not None:
        return Problem("recheck.full", "复核", "已经扩大到全部", "请刷新页面")
    part = db.session.get(Part, row.part_id)
    order, _ = ranking(part, schemes.load(locking.event_of(part).id))
    added = _add(row, [(entry, "full") for entry, _ in order])
    row.full_at, row.full_by = now, actor.name
    db.session.flush()
    audit.record(contest_id=locking.event_of(part).contest_id, actor=actor, now=now, action="recheck.full", subject="part", subject_id=part.id,
                 after={"sheets": added})  # fmt: skip
    return added
