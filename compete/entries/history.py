"""An entry's history in words, from its audit records."""

from typing import NamedTuple

import sqlalchemy as sa

from compete.models import ENTRY_STATES, AuditRecord, db

ACTIONS = {
    "entry.add": "录入",
    "entry.edit": "修改",
    "entry.import": "由名单导入",
    "entry.import_change": "由名单更新",
    "entry.import_undo": "撤销导入",
    "entry.approve": "审核通过",
    "entry.return": "退回",
    "entry.withdraw": "退赛",
    "entry.disqualify": "取消资格",
    "entry.reopen": "恢复为待审核",
    "entry.undo": "撤销",
    "entry.counting": "改计奖方式",
    "entry.distinct": "确认不是重复",
    "attachment.add": "上传附件",
    "attachment.remove": "移除附件",
    "attachment.show": "改附件可见范围",
    "entry.summary": "修改简介",
}
FIELDS = {
    "event": "赛项",
    "number": "序号",
    "title": "名称",
    "organization": "单位",
    "delegation": "代表队",
    "summary": "简介",
    "members": "人员",
    "in_competition": "计奖",
    "state": "状态",
    "state_reason": "说明",
    "name": "文件",
    "size": "大小",
    "for_judges": "评委可看",
    "other": "比对的序号",
    "import": "导入批次",
}


class Step(NamedTuple):
    record: AuditRecord
    action: str
    changes: list  # (label, before, after)


def of_entry(contest_id: int, entry_id: int) -> list[Step]:
    """Newest first."""
    rows = db.session.scalars(
        sa.select(AuditRecord)
        .where(AuditRecord.chain == contest_id, AuditRecord.subject == "entry", AuditRecord.subject_id == entry_id)
        .order_by(AuditRecord.number.desc()).limit(200)
    )  # fmt: skip
    return [Step(row, ACTIONS.get(row.action, row.action), changes(row.before, row.after)) for row in rows]


def changes(before: dict | None, after: dict | None) -> list[tuple[str, str, str]]:
    """Lines "label, before, after"; further columns (extras) get a line each."""
    before, after = dict(before or {}), dict(after or {})
    lines = []
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if key == "extras":
            old, new = old or {}, new or {}
            lines += [(name, str(old.get(name, "")), str(new.get(name, ""))) for name in {**old, **new} if old.get(name) != new.get(name)]
        elif old != new:
            lines.append((FIELDS.get(key, key), _words(key, old), _words(key, new)))
    return [line for line in lines if line[1] or line[2]]


def _words(key: str, value) -> str:
    if value is None:
        return ""
    if key == "state":
        return ENTRY_STATES.get(value, value)
    if key == "in_competition":
        return "计入奖次" if value else "不计奖次"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "；".join(str(each) for each in value)
    return str(value)
