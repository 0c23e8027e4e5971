"""What the rules of a draft may look at: the parts, criteria and steps as they stand in it; and what a new row starts with."""

import scoring
from compete.contests.building import PANEL
from compete.contests.schemes import FIGURE_KINDS
from scoring import UNIT, WHOLE
from scoring.parts.measures import MARK_KINDS

TIES_OF_PART = ("part",)
TIES_OF_CRITERION = ("criterion", "criterion_mean")
# Rules that look at something by name: offered for each, and as they came where a file brought them.
NAMING = (*TIES_OF_PART, *TIES_OF_CRITERION)


def offer(draft) -> None:
    """Gives every row its code, and the fields that name a figure their choices."""
    draft.give_codes()
    parts = [part for stage in draft.stages if stage.row.is_ranked.data for part in stage.children]
    steps = [(step["code"], step.get("name", step["code"])) for step in _steps(draft)]
    _offer_ties(draft, parts, steps)
    for node in (node for stage in draft.stages for part in stage.children for node in draft.codes(part)):
        kind = node.row.more_kind
        if kind.data in MARK_KINDS and kind.data not in dict(kind.choices):
            kind.choices = [*kind.choices, (kind.data, MARK_KINDS[kind.data].label_zh)]
    tiers = [*draft.tiers, *draft.titles, *(tier for team in draft.teams for tier in team.children)]
    awards = {node.row.code.data: node.row.name.data or "" for node in (*draft.tiers, *draft.titles)}
    for node in tiers:
        node.row.more_requires.known = awards
    figures = [(part.row.code.data, part.row.name.data or "未命名环节") for part in parts] + steps
    for name in ("total", "key", "class_by"):
        field = draft.head[f"more_{name}"]
        own = [] if not field.data or field.data in dict(figures) else [(field.data, field.data)]
        field.choices = [*field.choices[:1], *figures, *own]


def _steps(draft) -> list[dict]:
    kept = (draft.head.kept.data or {}).get("rules")
    rows = kept.get("steps", ()) if isinstance(kept, dict) else ()
    return [row for row in rows if isinstance(row, dict) and isinstance(row.get("code"), str)] if isinstance(rows, list) else []


def _offer_ties(draft, parts, steps) -> None:
    rules, choices = scoring.TIE_RULES, []
    for part in parts:
        name = part.row.name.data or "未命名环节"
        if len(parts) > 1:
            choices += [(f"{code} {part.row.code.data}", f"{rules[code].label_zh}：{name}") for code in TIES_OF_PART]
        for node in draft.codes(part) if part.row.kind.data not in FIGURE_KINDS else ():
            label = f"{name} · {node.row.name.data}" if len(parts) > 1 else node.row.name.data
            target = f"{part.row.code.data}/{node.row.code.data}"
            choices += [(f"{code} {target}", f"{rules[code].label_zh}：{label or '未命名'}") for code in TIES_OF_CRITERION]
    choices += [(f"{code} {step}", f"{rules[code].label_zh}：{name}") for step, name in steps for code in _of_figures()]
    choices += [(code, rule.label_zh) for code, rule in rules.items() if code not in NAMING and code not in _of_figures()]
    known = {value for value, _ in choices}
    names = {node.row.code.data for part in parts for node in (part, *draft.codes(part))} | {step for step, _ in steps}
    for node in draft.ties:
        value = node.row.rule.data or ""
        node.row.rule.choices = ([] if value in known else [(value, _strange(value, names))]) + choices


def _of_figures() -> list[str]:
    return [code for code in scoring.TIE_RULES if code.startswith("figure")]


def _strange(value: str, names: set[str]) -> str:
    """How a rule reads that the draft does not offer: brought by a file, or left behind by a criterion taken away."""
    code, _, argument = value.partition(" ")
    if not value:
        return "请选择"
    gone = code in NAMING and not set(argument.split("/")) <= names
    if code not in scoring.TIE_RULES or gone:
        return "（所指的评分项已删去，请另选）"
    return f"{scoring.TIE_RULES[code].label_zh}：{argument}"


def fresh(letter: str, nodes: list, upper) -> dict:
    """What a new row beside `nodes`, below `upper`, starts with: whatever is left of the whole, so that one row alone is right at once."""
    if letter == "c":
        if upper.key[0] == "c":
            left = (upper.row.maximum.data or 10 * UNIT) - sum(node.row.maximum.data or 0 for node in nodes)
            return {"maximum": max(left, UNIT), "minimum": 0, "step": upper.row.step.data or UNIT // 2}
        left = WHOLE - sum(node.row.weight.data or 0 for node in nodes)
        return {"weight": max(left, 0), "maximum": left if left > 0 else 10 * UNIT, "minimum": 0, "step": UNIT // 2}
    if letter == "p":
        left = WHOLE - sum(node.row.weight.data or 0 for node in nodes)
        return {**PANEL, "weight": max(left, 0), "name": ""}
    tier = {"quota": "1", "prize": 0}
    return {"r": {"rule": ""}, "t": tier, "u": tier, "h": tier, "g": {"name": "团体总分"}, "s": {"name": ""}}[letter]
