"""A plan in words: what a setting is called, what its value reads, and what differs between two plans."""

import scoring
from compete.contests import minutes, telling

WORDS = {
    "name": "名称", "entry_kind": "参赛对象", "is_blind": "匿名评审", "is_ranked": "排名评奖", "kind": "形式", "weight": "权重",
    "maximum": "满分", "minimum": "最低分", "step": "打分间隔", "description": "评分要点", "speech_minutes": "演讲分钟",
    "question_minutes": "提问分钟", "anchors": "评分说明", "rule": "合成规则", "drop_high": "去掉最高分", "drop_low": "去掉最低分",
    "minimum_judges": "最少评委", "below_minimum": "评委不足时", "level": "层次", "chief": "总评委", "rounding": "舍入", "count": "名额",
    "ratio": "比例", "prize_fen": "奖金（元）", "minimum_score": "最低分", "tie": "末位同分", "vacant_allowed": "可空缺",
    "ties": "同分规则", "rank_by": "排名依据",
}  # fmt: skip
PANEL = ("rule", "drop_high", "drop_low", "minimum_judges", "below_minimum", "level", "chief", "rounding")  # told under these words


def flat(plan: dict) -> dict[str, str]:
    """Every setting under a readable path, so that the audit trail and the compare page can name what changed."""
    found: dict[str, str] = {}

    def values(path: str, row: dict) -> None:
        for name, value in row.items():
            if name in WORDS and name not in ("rules", "panel"):
                found[f"{path}{WORDS[name]}"] = _words(name, value)

    def criteria(path: str, rows: list[dict]) -> None:
        for row in rows:
            values(f"{path}{row['name']}·", row)
            more(f"{path}{row['name']}·", scoring.Criterion, row["rules"])
            criteria(f"{path}{row['name']}·", row["children"])

    awards = [*plan["tiers"], *(plan["rules"] or {}).get("titles", ())]
    names = {row["code"]: row["name"] for row in awards} | {f"!{row['code']}": f"非{row['name']}" for row in awards}

    def more(path: str, kind: type, rules: dict, beside: tuple[str, ...] = ()) -> None:
        for label, text in telling.documents(kind, {name: value for name, value in (rules or {}).items() if name not in beside}, names):
            found[f"{path}{label}"] = text

    values("", plan)
    values("", plan["rules"] or {})
    more("", scoring.Scheme, plan["rules"], ("rounding", "rank_by", "ties", "minimum_score"))
    for stage in plan["stages"]:
        values(f"{stage['name']}·", stage)
        for part in stage["parts"]:
            path = f"{stage['name']}·{part['name']}·"
            values(path, part)
            found |= {f"{path}{name}": text for name, text in minutes.words(part["timing"]).items()}
            values(path, part["panel"] or {})
            more(path, scoring.Panel, part["panel"], PANEL)
            more(path, scoring.Part, part["rules"])
            criteria(path, part["criteria"])
    for tier in plan["tiers"]:
        values(f"{tier['name']}·", tier)
        more(f"{tier['name']}·", scoring.Tier, tier["rules"])
    return found


def _words(name: str, value) -> str:
    if value is None or value == "":
        return "—"
    if name in ("weight", "maximum", "minimum", "step", "minimum_score"):
        return scoring.format_points(value)
    if name == "prize_fen":
        return scoring.format_yuan(value, grouped=True)
    if name == "ratio":
        return f"{scoring.format_percent(value * 100)}%"
    if name == "rounding" and isinstance(value, dict):
        mode = scoring.ROUNDINGS[value["mode"]].label_zh if value["mode"] in scoring.ROUNDINGS else value["mode"]
        return f"{value['places']} 位小数 {mode}"
    if name == "ties":
        return "；".join(f"{scoring.TIE_RULES[tie['code']].label_zh if tie['code'] in scoring.TIE_RULES else tie['code']} {tie.get('argument', '')}".strip() for tie in value) or "—"
    if name == "anchors":
        return "；".join(f"{scoring.format_points(units)} 分 {text}" for units, text in value) or "—"
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def difference(before: dict, after: dict) -> tuple[dict, dict]:
    """Only what differs, as two flat documents."""
    old, new = flat(before), flat(after)
    changed = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    return {path: old[path] for path in changed if path in old}, {path: new[path] for path in changed if path in new}
