"""A scheme: how an event is judged. Immutable values; what they mean is in the catalogues."""

from dataclasses import dataclass
from functools import cached_property
from math import lcm

from .awards.shares import shares
from .numbers import UNIT, WHOLE, Rounding
from .parts.measures import is_plain
from .problems import Problem
from .rules import Promotion, Standard, Step, Team, Tier, TieRule
from .spec import spec


@dataclass(frozen=True)
class Criterion:
    """A leaf takes marks; an inner node adds up its children (see `Part.factors`)."""

    code: str = spec("代码", "评分项的代码", "skill")
    name: str = spec("名称", "评分项的名称", "操作技能")
    weight: int = spec("权重", "百分数；环节按原始分计时为乘数，不填即 100", 40, 0, unit="percent")
    maximum: int = spec("满分", "最高分", 10, 100 * UNIT, unit="points")
    minimum: int = spec("最低分", "最低分", 0, 0, unit="points")
    step: int = spec("间隔", "打分的间隔", "0.5", UNIT // 10, unit="points")
    anchors: tuple[tuple[int, str], ...] = spec("评分说明", "（分数，说明）各一对", [[8, "优秀"]], (), unit="points")
    description: str = spec("说明", "给评委看的说明", "按工艺要求", "")
    children: tuple["Criterion", ...] = spec("下级", "下级评分项；有下级者不直接打分", [], ())
    kind: str = spec("打分方式", "评委怎样打这一项", "points", "points", since=2, rules="mark_kind")
    table: tuple[tuple[int, int], ...] = spec("对照表", "（所记的数，得分）各一对：选项、分级基准", [[0, 0], [1, 5]], (), unit="points", since=2)
    target: int | None = spec("目标值", "测量的目标值；差多少扣多少", 50, None, unit="points", since=2)
    tolerance: int = spec("允差", "差值在此以内不扣分", "0.1", 0, unit="points", since=2)
    per: int | None = spec("每差", "每差多少扣一次；计数时每几个计一次", "0.1", None, unit="points", since=2)
    deduct: int | None = spec("每次分值", "每次扣几分；计数时每次计几分（可为负）", "0.5", None, unit="points", since=2)
    side: str = spec("方向", "差值算哪一侧：两侧、只算超出、只算不足", "both", "both", since=2, rules="side")
    cap: int | None = spec("上限", "下级合计不超过此分", 10, None, unit="points", since=2)
    team: bool = spec("集体记分", "由评分组共同记一次，取任一评委所记", False, False, since=2)
    alarm: int | None = spec("分差警戒", "评委间最高与最低之差超过此数须复议", 1, None, unit="points", since=2)

    @property
    def is_leaf(self):
        return not self.children

    def leaves(self) -> tuple["Criterion", ...]:
        if not self.children:
            return (self,)
        return tuple(leaf for child in self.children for leaf in child.leaves())


@dataclass(frozen=True)
class Panel:
    """How the sheets of one entry become one score."""

    rule: str = spec("规则", "多位评委的分数怎样合成一个", "trimmed_mean", "trimmed_mean", rules="panel")
    drop_high: int = spec("去最高", "去掉几个最高分", 1, 1)
    drop_low: int = spec("去最低", "去掉几个最低分", 1, 1)
    minimum_judges: int = spec("最少评委", "评委少于此数时按下一条处理；文件中不填，去高去低者为去掉的个数加 1，其余为 1", 5, 5)
    below_minimum: str = spec("评委不足时", "评委不足时怎样办", "mean", "mean", rules="below_minimum")
    level: str = spec("层次", "按评委总分合成，还是按评分项合成", "total", "total", rules="level")
    rounding: Rounding | None = spec("舍入", "合成后是否舍入", {"places": 2}, None)
    chief: str = spec("总评委", "总评委的打分是否计入", "counts", "counts", rules="chief")
    clamp: int | None = spec("限差", "偏离平均分超过此数者按平均分加减此数计", 5, None, unit="points", since=2)
    standard: Standard | None = spec("标准分", "先把每位评委的打分换算为标准分", {"deviation": "sample"}, None, since=2)
    judge_rounding: Rounding | None = spec("单评委舍入", "每位评委的总分先行舍入", {"places": 1}, None, since=2)
    review: int | None = spec("复议警戒", "同一对象各评委最高与最低之差达到此数时，复议分替代原分；不填则有复议分即替代", 20, None, unit="points", since=2)
    better: str = spec("优劣", "打分以高为优还是以低为优（如名次、用时）", "high", "high", since=2, rules="better")
    ranks: str = spec("名次换算", "由打分排名次时，同分怎样记", "mean", "mean", since=2, rules="ranking")


@dataclass(frozen=True)
class Part:
    """A part is worth 100 points (each top criterion gives its weight in percent times mark / maximum), or, with the
    scale "raw", the sum of the marks as they are, each times its weight, or, with "share", that sum as a percentage of the
    most it can be."""

    code: str = spec("代码", "环节的代码", "theory")
    name: str = spec("名称", "环节的名称", "理论考试")
    weight: int = spec("权重", "占总分的百分数", 30, WHOLE, unit="percent")
    kind: str = spec("来源", "由评委打分，还是导入已有成绩", "judged", "judged", rules="part_kind")
    criteria: tuple[Criterion, ...] = spec("评分项", "评分项", [{"code": "skill", "name": "操作技能", "weight": 100}], ())
    panel: Panel = spec("评委组", "多位评委的分数怎样合成", {"rule": "mean"}, Panel())
    rounding: Rounding | None = spec("舍入", "环节得分是否舍入", {"places": 2}, None)
    scale: str = spec("计分制", "折成百分制、按得分率，还是按原始分相加", "hundred", "hundred", since=2, rules="scale")
    required: bool = spec("必须完成", "否：没有任何打分即为未参加该环节，不算缺分", True, True, since=2)
    factor: str = spec("系数", "乘以对象的哪一项录入数据（如难度系数）", "difficulty", "", since=2)
    multiple: str = spec("倍数", "合成后再乘以此数（如三名评委的和）", "3", "1", unit="number", since=2)

    @cached_property
    def leaves(self) -> tuple[Criterion, ...]:
        return tuple(leaf for criterion in self.criteria for leaf in criterion.leaves())

    @cached_property
    def _shares(self):
        return shares(self)

    @cached_property
    def denominator(self) -> int:
        """Sheet totals of this part are ints; divided by this they are points."""
        return UNIT * lcm(*(bottom for found in self._shares for top, bottom in found.values()))

    @cached_property
    def factors(self) -> dict[str, int]:
        """A sheet's total is the sum of factor × mark over the leaves; where a kind of mark is converted (see
        `measures.convert`), of factor × points, and `caps` limit the nodes."""
        common = self.denominator // UNIT
        return {code: top * (common // bottom) for code, (top, bottom) in self._shares[0].items()}

    @cached_property
    def caps(self) -> dict[str, int]:
        """For each inner node with a cap, what its share of a sheet's total may not go beyond."""
        common = self.denominator // UNIT
        return {code: top * (common // bottom) for code, (top, bottom) in self._shares[1].items()}

    @cached_property
    def plain(self) -> bool:
        """Whether factors times marks are all there is to a sheet: no caps, no converted kinds of marks."""
        return not self.caps and all(is_plain(leaf) for leaf in self.leaves)

    @cached_property
    def team(self) -> frozenset[str]:
        """Codes of the leaves that are marked once for all judges."""
        return frozenset(leaf.code for leaf in self.leaves if leaf.team)

    def criterion(self, code: str) -> Criterion | None:
        """The criterion of that code anywhere in the tree, or None."""
        waiting = list(self.criteria)
        while waiting:
            found = waiting.pop()
            if found.code == code:
                return found
            waiting.extend(found.children)
        return None


@dataclass(frozen=True)
class Scheme:
    parts: tuple[Part, ...] = spec("评分环节", "评分环节", [{"code": "theory", "name": "理论考试"}])
    rounding: Rounding = spec("舍入", "总分的舍入", {"places": 2}, Rounding())
    ties: tuple[TieRule, ...] = spec("同分规则", "同分时依次比较", [{"code": "shared"}], ())
    tiers: tuple[Tier, ...] = spec("奖项", "由高到低的奖等", [{"code": "first", "name": "一等奖", "count": 1}], ())
    minimum_score: int | None = spec("获奖最低分", "低于此分不授任何奖", 60, None, unit="points")
    rank_by: str = spec("排名依据", "按公布的分数还是未舍入的分数排名", "rounded", "rounded", rules="rank_by")
    floor: int | None = spec("扣分下限", "扣分后不低于此分；不填即可扣到负分", 0, 0, unit="points")
    steps: tuple[Step, ...] = spec("计算项", "由环节得分算出的其他数", [{"code": "best", "name": "最好一轮", "rule": "best", "of": ["run1"]}], (), since=2)
    total: str = spec("总分", "以哪一个数为总分；不填即各环节按权重相加", "best", "", since=2)
    key: str = spec("排名用数", "以另一个数排名次（与所示总分不同时）", "rank_key", "", since=2)
    better: str = spec("优劣", "总分以高为优还是以低为优", "high", "high", since=2, rules="better")
    ranking: str = spec("并列名次", "并列时的名次写法", "standard", "standard", since=2, rules="ranking")
    tolerance: int | None = spec("同分范围", "与本组最好者相差不超过此数即为同分", 2, None, unit="points", since=2)
    class_by: str = spec("先分档", "先按这个数分档（高者在前），档内再按总分", "final_taken", "", since=2)
    awards: str = spec("授奖办法", "按名额授奖，或按 700 分制奖牌规则", "quota", "quota", since=2, rules="award_rule")
    titles: tuple[Tier, ...] = spec("称号", "与奖等并行的称号，各自独立", [{"code": "expert", "name": "技术能手", "count": 5}], (), since=2)
    teams: tuple[Team, ...] = spec("团体", "团体成绩与团体奖", [{"code": "team", "name": "团体总分"}], (), since=2)
    labels: tuple[tuple[str, str], ...] = spec("数据名称", "录入数据的名称：（代码，名称）各一对", [["difficulty", "难度系数"]], (), since=2)
    promotion: Promotion | None = spec("晋级", "进入下一阶段的办法", {"name": "决赛", "count": 24}, None, since=2)

    def step(self, code: str) -> Step | None:
        return next((step for step in self.steps if step.code == code), None)

    def part(self, code: str) -> Part | None:
        return next((part for part in self.parts if part.code == code), None)

    def check(
        self, *, field: int | None = None, judges: dict[str, int] | None = None, budget_fen: int | None = None
    ) -> tuple[Problem, ...]:
        """Everything wrong with the scheme, as problems; empty means that judging may begin."""
        from .checks.scheme import check_scheme
        return check_scheme(self, field=field, judges=judges or {}, budget_fen=budget_fen)

    def to_json(self) -> dict:
        from .document import to_json
        return to_json(self)

    @staticmethod
    def from_json(data: dict) -> "Scheme | Problem":
        from .document import from_json
        return from_json(data)
