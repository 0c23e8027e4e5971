"""What the codes of the audit trail are called on pages."""

# group code -> (name of the chip, prefixes of actions)
GROUPS = {
    "marks": ("打分", ("sheet", "signature", "part")),
    "judging": ("评审组织", ("judge", "card", "panel", "session", "slot", "draw", "recusal", "absence", "ruling", "penalty")),
    "entries": ("参赛对象", ("entry", "import", "attachment", "member")),
    "rules": ("规则", ("contest", "event", "scheme", "budget", "membership")),
    "results": ("结果与奖金", ("decision", "release", "award", "objection", "payee", "payment", "prizes")),
}

ACTIONS = {
    "account.claim": "设置密码",
    "scheme.freeze": "冻结评分方案",
    "sheet.save": "打分",
    "sheet.submit": "提交评分表",
    "signature.make": "签名确认清单",
    "part.lock": "锁定环节",
    "part.unlock": "解锁环节",
    "card.enter": "评委登录",
    "card.wrong_pin": "PIN 输错",
}

FIELDS = {
    "name": "名称", "title": "名称", "state": "状态", "total": "总分", "marks": "打分", "comment": "评语", "reason": "原因",
    "version": "版本", "digest": "指纹", "points": "分值", "weight": "权重", "position": "次序", "members": "成员",
    "organization": "单位", "number": "编号", "amount_fen": "金额（分）", "role": "角色",
}  # fmt: skip


def label(action: str) -> str:
    return ACTIONS.get(action, action)


def difference(before: dict | None, after: dict | None) -> list[tuple[str, str, str]]:
    """(field, before, after) of what changed, in words."""
    before, after = before or {}, after or {}
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return [(FIELDS.get(key, key), _text(before.get(key)), _text(after.get(key))) for key in changed]


def _text(value) -> str:
    if value is None:
        return "—"
    if isinstance(value, dict):
        return "，".join(f"{FIELDS.get(key, key)} {_text(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "、".join(_text(item) for item in value)
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)
