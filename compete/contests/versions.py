"""A new version of a frozen scheme: what may still change, what it would change, and making it so."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

import scoring
from compete.audit import service as audit
from compete.contests import editing, schemes, wording, writing
from compete.models import Criterion, Event, Mark, Release, SchemeVersion, Session, Sheet, Signature, db
from compete.results import belonging
from compete.results.facts import board, facts_of
from scoring.problems import Problem
from scoring.awards.titles import awarded, titles


class Change(NamedTuple):
    """One entry under the old and the new scheme."""

    label: str
    old_place: str
    new_place: str
    old_score: str
    new_score: str
    old_award: str
    new_award: str
    money_fen: int  # new minus old

    @property
    def differs(self) -> bool:
        return (self.old_place, self.old_score, self.old_award) != (self.new_place, self.new_score, self.new_award)


class Comparison(NamedTuple):
    """`settings`: (path, before, after) of every setting that would change."""

    settings: list[tuple[str, str, str]]
    changes: list[Change]
    old_total_fen: int
    new_total_fen: int
    incomplete: bool


def _shape(plan: dict):
    """What the marks rest on: it stays as it is for good."""

    def criteria(rows):
        # What may be noted on a sheet: the kind of mark, and for choices which there are (not what each is worth).
        rules = [{name: row["rules"].get(name) for name in ("kind", "team")} | {"table": [left for left, _ in row["rules"].get("table", ())]}
                 for row in rows]  # fmt: skip
        return [(row["code"], row["maximum"], row["minimum"], row["step"], more, criteria(row["children"])) for row, more in zip(rows, rules)]

    def part(row):
        # Figures are brought in under the part's name.
        name = row["name"] if row["kind"] in schemes.FIGURE_KINDS else ""
        return row["id"], row["code"], row["kind"], name, criteria(row["criteria"])

    stages = [(stage["id"], stage["is_ranked"], [part(row) for row in stage["parts"]]) for stage in plan["stages"]]
    return plan["entry_kind"], plan["is_blind"], stages


def refusals(event: Event, plan: dict) -> list[Problem]:
    """Why this may not become a version."""
    stored = editing.stored_plan(event)
    if _shape(plan) != _shape(stored):
        return [Problem("rubric_frozen", event.name, "已有打分，不能增删、移动评分项，也不能改满分、最低分、打分间隔和环节形式",
                        "请只改权重、合成规则、同分规则和奖项；确要改评分表，请用“添加赛项”复制本赛项，在新赛项里重新评分")]  # fmt: skip
    number = db.session.scalar(
        sa.select(sa.func.max(Release.number)).where(Release.event_id == event.id, Release.state != "withdrawn")
    )
    if number:
        return [Problem("scheme_released", event.name, f"第 {number} 号结果已经发布", "请先在“公示”页撤回发布并说明原因，再修改评分方案")]
    hard, unfinished = editing.problems(event, plan)
    locked = [part.name for stage in event.stages for part in stage.parts if part.locked_at]
    if locked and _marking(plan) != _marking(stored):
        hard.insert(0, Problem("part_locked", locked[0], "总评委已锁定并签名，不能再改权重和合成规则", "请总评委先解除锁定"))
    return hard + unfinished


def _marking(plan: dict):
    """The settings that turn marks into scores."""

    def criteria(rows):
        return [(row["weight"], row["rules"], criteria(row["children"])) for row in rows]

    return [(row["weight"], row["panel"], row["rules"], criteria(row["criteria"])) for stage in plan["stages"] for row in stage["parts"]]


def compare(event: Event, plan: dict) -> Comparison:
    """Ranks, awards and money under the scheme as it is and as it would be."""
    now, new_scheme = board(event), schemes.scheme_of(editing.sketch(plan))
    # Totals were added up with the old weights; without them the engine adds up the marks anew.
    entries = tuple(
        fact._replace(sheets={code: tuple(sheet._replace(total=None) for sheet in sheets) for code, sheets in fact.sheets.items()})
        for fact in facts_of(event).entries
    )
    then = scoring.compute(new_scheme, belonging.with_all(event, new_scheme, now.facts._replace(entries=entries)))
    old, new = _awards(now.scheme, now.outcome), _awards(new_scheme, then)
    changes = []
    for standing in then.standings:
        before, label = now.outcome.standing(standing.entry), now.labels[standing.entry]
        had, gets = old.get(standing.entry, ("", 0)), new.get(standing.entry, ("", 0))
        name = label.code if event.is_veiled else f"{label.number} {label.title}"
        changes.append(Change(name, before.place_text, standing.place_text, before.score_text, standing.score_text, had[0], gets[0],
                              gets[1] - had[1]))  # fmt: skip
    before, after = wording.difference(editing.stored_plan(event), plan)
    settings = [(path, before.get(path, "—"), after.get(path, "—")) for path in {**before, **after}]
    totals = [sum(prize for _, prize in awards.values()) for awards in (old, new)]
    return Comparison(settings, changes, *totals, now.outcome.incomplete or then.incomplete)


def _awards(scheme: scoring.Scheme, outcome) -> dict[int, tuple[str, int]]:
    names = {tier.code: tier.name for tier in (*scheme.tiers, *scheme.titles)}
    given = awarded(scheme, outcome)
    found: dict[int, tuple[str, int]] = {}
    for award in (*given.awards, *(titles(scheme, outcome, given).awards if scheme.titles else ())):
        before, prize = found.get(award.entry, ("", 0))
        found[award.entry] = (f"{before}、{names[award.tier]}".strip("、"), prize + award.prize_fen)
    return found


def make(event: Event, plan: dict, *, seen: int, reason: str, actor: audit.Actor, now: datetime) -> SchemeVersion | list[Problem]:
    """The new version: rows, totals of all sheets, the kept document and the audit record, in one transaction.

    `seen` is the version the page was made from: of two people who change it at once, the second is told.
    """
    standing = db.session.scalar(sa.select(Event.scheme_version).where(Event.id == event.id).with_for_update())
    if standing != seen:
        return [Problem("version_moved", event.name, f"刚才已有人建了第 {standing} 版", "请看过新的方案后再改")]
    found = refusals(event, plan)
    if not reason.strip():
        found.append(Problem("no_reason", "原因", "没有填写", "请写明为什么要改，例如评委会决议的日期和内容"))
    before = editing.stored_plan(event)
    old, new = wording.difference(before, plan)
    if not old and not new:
        found.append(Problem("no_change", event.name, "没有任何改动", "不需要建新版本"))
    if found:
        return found
    resigned = _marking(plan) != _marking(before)
    writing.write_plan(event, plan)
    fresh = schemes.load(event.id)
    if resigned:
        for part in (part for stage in fresh.stages for part in stage.parts):
            _add_up(part, now)
    version = schemes.keep_version(fresh, reason=reason.strip(), actor=actor, now=now)
    audit.record(
        contest_id=event.contest_id, actor=actor, now=now, action="scheme.change", subject="event", subject_id=event.id,
        before=old, after=new, reason=reason.strip(),
    )  # fmt: skip
    return version


def _add_up(part, now: datetime) -> None:
    """Sheet totals are over the part's denominator, which the weights decide: all of them are added up anew.

    A judge signed totals, so signatures under other totals are void and the judge signs again.
    """
    value = schemes.part_value(part)
    marks: dict[int, dict[str, int]] = {}
    rows = sa.select(Sheet.id, Criterion.code, Mark.value).join(Mark, Mark.sheet_id == Sheet.id).join(
        Criterion, Criterion.id == Mark.criterion_id).where(Sheet.part_id == part.id)  # fmt: skip
    for sheet, code, units in db.session.execute(rows):
        marks.setdefault(sheet, {})[code] = units
    changed = [{"id": sheet, "total": scoring.sheet_total(value, given)} for sheet, given in marks.items()]
    if changed:
        db.session.execute(sa.update(Sheet), changed)
        sessions = sa.select(Session.id).where(Session.part_id == part.id)
        signed = sa.or_(Signature.part_id == part.id, Signature.session_id.in_(sessions))
        void = sa.update(Signature).where(signed, Signature.void_at.is_(None)).values(void_at=now)
        db.session.execute(void.execution_options(synchronize_session=False))


def kept(event_id: int) -> list[SchemeVersion]:
    return list(db.session.scalars(sa.select(SchemeVersion).where(SchemeVersion.event_id == event_id).order_by(SchemeVersion.version.desc())))
