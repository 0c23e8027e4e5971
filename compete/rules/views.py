"""规则目录: every rule that the engine knows, for organisers to read, search and print."""

import unicodedata
from typing import NamedTuple

from flask import Blueprint, render_template, request

import scoring
from compete.access import public

blueprint = Blueprint("rules", __name__, url_prefix="/rules")
blueprints = [blueprint]


class Group(NamedTuple):
    code: str
    title: str
    rules: list[scoring.Rule]


# The order follows the way from a mark to the list of winners.
AREAS = {
    "打分": {"mark_kind": "打分方式", "side": "差值的方向", "sheet_state": "评分表的状态"},
    "评委组": {"panel": "合成规则", "level": "合成的层次", "below_minimum": "评委不足时", "chief": "总评委的打分", "deviation": "标准分的标准差"},
    "环节与总分": {"part_kind": "环节的来源", "scale": "计分制", "step": "计算项", "missing": "缺项", "rounding": "舍入"},
    "名次": {"rank_by": "排名依据", "better": "优劣", "ranking": "并列名次", "tie": "同分规则", "within": "在谁之中排名", "status": "参赛状态"},
    "奖项": {"award_rule": "授奖办法", "ratio_base": "比例基数", "cut_tie": "末位同分"},
    "团体与晋级": {"team": "团体成绩", "team_by": "谁是一个团体", "team_tie": "团体同分", "promotion_by": "名额的分配", "apportion": "名额分配法",
              "promotion_way": "晋级的方式"},
}


@blueprint.get("")
@public
def index():
    asked = unicodedata.normalize("NFKC", request.args.get("q", "")).strip()[:40]
    areas = [(area, [Group(code, title, _found(code, asked)) for code, title in names.items()]) for area, names in _areas().items()]
    areas = [(area, [group for group in groups if group.rules]) for area, groups in areas]
    areas = [(area, groups) for area, groups in areas if groups]
    count = sum(len(group.rules) for _, groups in areas for group in groups)
    return render_template("rules/index.html", areas=areas, asked=asked, count=count)


def _areas() -> dict[str, dict[str, str]]:
    """The areas, with whatever catalogue the engine has beside those named here."""
    named = {code for names in AREAS.values() for code in names}
    others = {code: code for code in scoring.CATALOGUES if code not in named}
    return {**AREAS, **({"其他": others} if others else {})}


def _found(code: str, asked: str) -> list[scoring.Rule]:
    rules = scoring.CATALOGUES.get(code, {}).values()
    return [rule for rule in rules if asked.lower() in " ".join((rule.code, rule.label_zh, rule.label_en, rule.meaning, rule.source, rule.needs)).lower()]
