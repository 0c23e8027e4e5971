"""Carrying out an import of judges, and taking it back."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.entries import stored
from compete.entries.planning import Plan, differences, draft_of
from compete.judging import roster
from compete.models import JUDGE_ROLES, Contest, Import, Judge, Recusal, Seat, Sheet, db
from compete.texts import clean
from scoring.problems import Problem

ROLES = {label: code for code, label in JUDGE_ROLES.items()}
LIMITS = {"title": ("姓名", 60), "organization": ("单位", 120)}


def _role(row: dict) -> str:
    return row["members"][0]["written_role"] if row["members"] else ""


def _details(row: dict) -> dict:
    """What a row says of a judge, as facts that can be compared."""
    extras = {"角色": _role(row)}
    if row["members"] and row["members"][0]["position"]:
        extras["职称"] = row["members"][0]["position"]
    return extras


def plan(contest: Contest, rows: list[dict], mapping: dict) -> dict[str, Plan]:
    """Judges are the same when name and organization are; a row without organization fits the only one of that name."""
    known = stored.judges(contest.id)
    judged = set(db.session.scalars(sa.select(Sheet.judge_id).join(Judge, Sheet.judge_id == Judge.id).where(Judge.contest_id == contest.id)))
    plans, claimed, position = {}, set(), max((each.number for each in known), default=0)
    for row in rows:
        name, unit = clean.key(row["title"]), clean.key(row["organization"])
        named = [each for each in known if each.id not in claimed and each.keys[0] == name]
        same = [each for each in named if each.keys[1] == unit] or (named if not unit and len(named) == 1 else [])
        if same and not any(problem[0].startswith("same_") for problem in row["errors"]):
            claimed.add(same[0].id)
            plans[row["key"]] = _known(row, same[0], same[0].id in judged)
        else:
            position += 1
            plans[row["key"]] = _fresh(row, position)
    return plans


def _forbidden(row: dict) -> tuple[Problem, ...]:
    where = f"{row['sheet']} 第{row['row']}行"
    found = [
        Problem("too_long", where, f"{label}有{len(row[code])}个字，最多{limit}个", "请缩短后再导入")
        for code, (label, limit) in LIMITS.items() if len(row[code]) > limit
    ]  # fmt: skip
    if len(_details(row).get("职称", "")) > 60:
        found.append(Problem("too_long", where, "职称超过60个字", "请缩短后再导入"))
    if not row["title"] and not row["errors"]:
        found.append(Problem("no_name", where, "没有姓名", "请补填姓名"))
    if _role(row) not in ROLES:
        found.append(Problem("bad_role", where, f"角色“{_role(row)}”不认识", "请填写总评委、评委或监督"))
    return tuple(found)


def _fresh(row: dict, position: int) -> Plan:
    if problems := _forbidden(row):
        return Plan("wrong", problems=problems, forbidden=True)
    if not row["title"]:
        return Plan("wrong", forbidden=True)
    return Plan("wrong" if row["errors"] else "add", number=position)


def _known(row: dict, each: stored.Stored, judged: bool) -> Plan:
    if problems := _forbidden(row):
        return Plan("wrong", each.id, problems=problems, forbidden=True)
    draft = replace(draft_of(row), extras=_details(row), delegation="", summary="")
    diffs = [line for line in differences(each, draft) if line[0] != "人员" and not line[0].endswith(("身份证号", "银行账号", "开户行"))]
    if not diffs:
        return Plan("same", each.id, number=each.number)
    if judged and any(line[0] == "角色" for line in diffs):
        where = f"{row['sheet']} 第{row['row']}行"
        told = Problem("judged", where, f"{each.title}已开始评分，不由名单更改角色", "如确需更换，请在评委页处理")
        return Plan("wrong", each.id, number=each.number, diffs=tuple(diffs), problems=(told,), forbidden=True)
    return Plan("wrong" if row["errors"] else "change", each.id, number=each.number, diffs=tuple(diffs))


def beforehand(_taken: list[dict]) -> dict:
    """Judges are few."""
    return {}


def apply(contest: Contest, row: Import, taken: list[dict], _work: dict, *, actor: audit.Actor, now: datetime) -> dict:
    added, changed = [], {}
    for each in taken:
        planned = Plan(*each["plan"])
        person = each["members"][0]
        where = f"{row.filename} {each['sheet']} 第{each['row']}行"
        if planned.entry_id is None:
            judge = Judge(
                contest_id=contest.id, name=each["title"], organization=each["organization"], organization_key=clean.key(each["organization"]),
                title=person["position"], role=ROLES[_role(each)], position=planned.number, phone=person["phone"] or None, import_id=row.id,
            )  # fmt: skip
            db.session.add(judge)
            db.session.flush()
            added.append(judge.id)
            before, action = None, "judge.import"
        else:
            judge = db.session.get(Judge, planned.entry_id)
            before, action = roster.facts_of(judge), "judge.import_change"
            changed[str(judge.id)] = _values(judge)
            judge.role, judge.title = ROLES[_role(each)], person["position"] or judge.title
            judge.phone = person["phone"] or judge.phone
            db.session.flush()
        audit.record(contest_id=contest.id, actor=actor, now=now, action=action, subject="judge", subject_id=judge.id, before=before,
                     after=roster.facts_of(judge), reason=where)  # fmt: skip
    return {"added": added, "changed": changed}


def _values(judge: Judge) -> dict:
    return {"role": judge.role, "title": judge.title, "phone": judge.phone}


def undo(contest: Contest, row: Import, *, actor: audit.Actor, now: datetime) -> list[Problem]:
    """Judges who sit nowhere are removed; those in a panel leave it and the list, their record stays."""
    added = row.changes["added"]
    touched = [*added, *map(int, row.changes["changed"])]
    if db.session.scalar(sa.select(Sheet.id).where(Sheet.judge_id.in_(touched)).limit(1)):
        return [Problem("judged", row.filename, "其中的评委已开始评分，不能整批撤销", "请在评委页逐位处理")]
    held = set(db.session.scalars(sa.select(Seat.judge_id).where(Seat.judge_id.in_(added))))
    held |= set(db.session.scalars(sa.select(Recusal.judge_id).where(Recusal.judge_id.in_(added))))
    for judge in db.session.scalars(sa.select(Judge).where(Judge.id.in_(added))).all():
        if judge.id in held or judge.card_hash is not None:
            if judge.withdrawn_at is None:
                roster.withdraw(judge, reason="撤销导入", actor=actor, now=now)
            continue
        audit.record(contest_id=contest.id, actor=actor, now=now, action="judge.import_undo", subject="judge", subject_id=judge.id,
                     before=roster.facts_of(judge), reason=f"撤销导入 {row.filename}")  # fmt: skip
        db.session.delete(judge)
    for judge in db.session.scalars(sa.select(Judge).where(Judge.id.in_([int(number) for number in row.changes["changed"]]))).all():
        before = roster.facts_of(judge)
        for name, value in row.changes["changed"][str(judge.id)].items():
            setattr(judge, name, value)
        audit.record(contest_id=contest.id, actor=actor, now=now, action="judge.import_undo", subject="judge", subject_id=judge.id, before=before,
                     after=roster.facts_of(judge), reason=f"撤销导入 {row.filename}")  # fmt: skip
    db.session.flush()
    return []
