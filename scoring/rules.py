"""The parts of a scheme beside its parts: rounding of judges, derived figures, ties, awards, promotion, team scores."""

from dataclasses import dataclass

from .numbers import UNIT, Rounding
from .spec import spec


@dataclass(frozen=True)
class TieRule:
    code: str = spec("规则", "同分时比较什么", "part", rules="tie")
    argument: str = spec("对象", "所比较的环节、评分项、计算项或数据", "theory", "")
    label: str = spec("名称", "在说明中怎样称呼这条规则", "理论成绩", "")


@dataclass(frozen=True)
class Standard:
    """Standard scores: mean + deviation × (x − the judge's mean) / the judge's standard deviation, always rounded."""

    deviation: str = spec("标准差", "用样本标准差（n−1）还是总体标准差（n）", "sample", "sample", since=2, rules="deviation")
    mean: int = spec("均值", "换算后的平均分", 50, 50 * UNIT, unit="points", since=2)
    spread: int = spec("标准差取值", "换算后的标准差", 10, 10 * UNIT, unit="points", since=2)
    rounding: Rounding = spec("舍入", "标准分是无理数，必须舍入；默认 12 位小数", {"places": 2}, Rounding(12), since=2)
    moments: Rounding | None = spec("均值与标准差的舍入", "每位评委的平均分和标准差先行舍入，再算标准分", {"places": 3}, None, since=2)


@dataclass(frozen=True)
class Step:
    """A figure worked out from others: a part, another step, or an imported figure, named by their codes."""

    code: str = spec("代码", "其他规则用它指称这个数", "best", since=2)
    name: str = spec("名称", "在表格和说明中的名称", "最好一轮", since=2)
    rule: str = spec("规则", "怎样算", "best", since=2, rules="step")
    of: tuple[str, ...] = spec("取自", "用哪些数来算：环节、计算项或录入数据的代码，“环节/评分项”亦可", ["run1", "run2"], (), since=2)
    weights: tuple[int, ...] = spec("权重", "与“取自”一一对应的百分数；不填即各按 100%", [40, 60], (), unit="percent", since=2)
    keep: int | None = spec("取几个", "取最好的几个", 1, None, since=2)
    drop: int | None = spec("去几个", "去掉最差的几个", 1, None, since=2)
    better: str = spec("优劣", "所取的数以高为优还是以低为优", "high", "high", since=2, rules="better")
    method: str = spec("并列名次", "名次相同时怎样记：1224、1223、平均名次", "standard", "standard", since=2, rules="ranking")
    ties: tuple[TieRule, ...] = spec("同分", "名次相同时依次比较", [{"code": "figure_low", "argument": "televote"}], (), since=2)
    table: tuple[tuple[int, int], ...] = spec("对照表", "（数，得分）各一对", [[1, 12], [2, 10]], (), unit="points", since=2)
    low: int | None = spec("下限", "不低于此数，或换算前的下端", 0, None, unit="points", since=2)
    high: int | None = spec("上限", "不高于此数，或换算前的上端", 100, None, unit="points", since=2)
    to_low: int | None = spec("换算下端", "换算后的下端", 60, None, unit="points", since=2)
    to_high: int | None = spec("换算上端", "换算后的上端", 100, None, unit="points", since=2)
    whole: int = spec("满分", "按最好成绩或名次折算时的满分", 100, 100 * UNIT, unit="points", since=2)
    factor: str = spec("乘数", "精确的小数或分数", "0.3", "1", unit="number", since=2)
    offset: str = spec("加数", "精确的小数或分数", "10", "0", unit="number", since=2)
    exponent: str = spec("指数", "幂函数计分的指数", "1.81", "1", unit="number", since=2)
    standard: Standard | None = spec("标准分", "换算为标准分或 700 分制时的均值、标准差取值和舍入；不填即按惯例", {"mean": 700, "spread": 30},
                                     None, since=2)
    within: str = spec("范围", "名次、最好成绩、标准分在全体中算，还是在同组之内算（如分组评审）", "division", "", since=2, rules="within")
    fewest: int | None = spec("最少几个", "所取的数少于此数即无此项成绩", 2, None, since=2)
    missing: str = spec("缺项", "所取的数缺项时怎样办；不填即按规则的惯例", "skip", "", since=2, rules="missing")
    rounding: Rounding | None = spec("舍入", "算出后是否舍入", {"places": 2}, None, since=2)


@dataclass(frozen=True)
class Tier:
    """An award tier or a title: a count, a ratio of the field, or everyone above a cut-off score."""

    code: str = spec("代码", "奖项的代码", "first")
    name: str = spec("名称", "奖项的名称", "一等奖")
    count: int | None = spec("名额", "名额（与比例只填一项）", 3, None)
    ratio: int | None = spec("比例", "占参赛对象的百分数", 10, None, unit="ratio")
    rounding_mode: str = spec("舍入", "比例算出的名额怎样取整", "half_up", "half_up", rules="rounding")
    prize_fen: int = spec("奖金", "每个奖的奖金（元）", 200000, 0, unit="yuan")
    minimum_score: int | None = spec("最低分", "低于此分不授；不填名额和比例时即为分数线", 60, None, unit="points")
    tie: str = spec("末位同分", "末位同分而名额不足时怎样办", "chain", "chain", rules="cut_tie")
    vacant_allowed: bool = spec("可空缺", "名额可否空缺", True, True)
    cumulative: bool = spec("累计", "名额是否含前面各等（如金牌不超过 1/12，金银牌合计不超过 1/4）", False, False, since=2)
    base: str = spec("比例基数", "比例以谁为基数", "competing", "competing", since=2, rules="ratio_base")
    per_organization: int | None = spec("每单位限", "一个单位最多几个，超出者由后面的递补", 2, None, since=2)
    per_person: int | None = spec("每人限", "一个人最多几个，超出者由后面的递补", 1, None, since=2)
    requires: tuple[str, ...] = spec("前提", "须已获其中之一的奖项或称号，代码前加 ! 表示不得已获", ["first"], (), since=2)
    by_size: tuple[tuple[int, int], ...] = spec("按人数", "（人数，名次）：几人的对象前几名可得", [[1, 5], [2, 3]], (), since=2)
    fraction: str = spec("分数比例", "不能用百分数写准的比例，如十二分之一（与名额、比例只填一项）", "1/12", "", unit="number", since=2)
    shared_prize: bool = spec("平分奖金", "同分使获奖者多于名额时，由他们平分本等的奖金总额（精确到分），不另增奖金", False, False, since=2)
    limits_above: bool = spec("合并限额", "每单位限、每人限是否连同前面各等一起计算", False, False, since=2)
    figure: str = spec("依据", "不按总分授奖，而按另一个数：环节、计算项或录入数据的代码；名额、最低分都就这个数而言，名额不与其他奖等相连；"
                       "末位同分时“按同分规则分先后”指名次在前者先得", "votes", "", since=2)
    better: str = spec("依据优劣", "所依据的数以高为优还是以低为优；不填即依方案中这个数的用法", "low", "", since=2, rules="better")
    minimums: tuple[tuple[str, int], ...] = spec("各项最低分", "（环节、计算项或录入数据的代码，最低分）各一对：有一项不到即不授，由后面的递补；以低为优的数不得高于此数",
                                                 [["theory", 60]], (), unit="points", since=2)


@dataclass(frozen=True)
class TeamTie:
    code: str = spec("规则", "团体同分时比较什么", "better_places", rules="team_tie", since=2)
    argument: str = spec("对象", "所比较的环节、数据，或集体决议中依次写出的团体名称", "practice", "", since=2)
    label: str = spec("名称", "在说明中怎样称呼这条规则", "实操成绩之和", "", since=2)


@dataclass(frozen=True)
class Team:
    """团体成绩: the score of an organization, a delegation or a team from its members' results."""

    code: str = spec("代码", "团体名单的代码", "team", since=2)
    name: str = spec("名称", "团体名单的名称", "团体总分", since=2)
    by: str = spec("按", "谁是一个团体", "organization", "organization", since=2, rules="team_by")
    rule: str = spec("规则", "由成员成绩怎样得出团体成绩", "best", "sum", since=2, rules="team")
    keep: int | None = spec("取几个", "取最好的几名成员", 3, None, since=2)
    fewest: int = spec("最少人数", "成员少于此数的团体不排名次", 3, 1, since=2)
    table: tuple[tuple[int, int], ...] = spec("名次得分", "（名次，得分）各一对；名次介于其间者取较前一档", [[1, 10], [2, 9]], (), unit="points", since=2)
    ties: tuple[TeamTie, ...] = spec("同分", "团体同分时依次比较；都相同者并列", [{"code": "better_places"}], (), since=2)
    rounding: Rounding = spec("舍入", "团体成绩的舍入", {"places": 2}, Rounding(), since=2)
    of: tuple[str, ...] = spec("分项", "环节、计算项或录入数据的代码：每项各取最好的几名成员再相加（如体操团体每项四人上场取三人）；不填即按成员总分",
                               ["vault", "bars"], (), since=2)
    tiers: tuple[Tier, ...] = spec("奖项", "团体奖项", [{"code": "group", "name": "优秀组织奖", "count": 3}], (), since=2)


@dataclass(frozen=True)
class Promotion:
    """晋级: who goes on to the next stage."""

    name: str = spec("名称", "下一阶段", "决赛", since=2)
    count: int | None = spec("名额", "晋级总名额（与比例只填一项）", 24, None, since=2)
    ratio: int | None = spec("比例", "晋级的百分数", 30, None, unit="ratio", since=2)
    rounding_mode: str = spec("舍入", "名额怎样取整", "half_up", "half_up", since=2, rules="rounding")
    by: str = spec("分配到", "名额是否分配到单位、代表队或赛区", "division", "", since=2, rules="promotion_by")
    quotas: tuple[tuple[str, int], ...] = spec("各区名额", "（赛区，名额）；不填即按比例分配", [["东区", 8]], (), since=2)
    least: int = spec("至少", "每个赛区至少几名", 1, 0, since=2)
    runners_up: int = spec("递补", "各区名额之外，按成绩再取几名最好的", 2, 0, since=2)
    minimum_score: int | None = spec("最低分", "低于此分不晋级", 60, None, unit="points", since=2)
    tie: str = spec("末位同分", "末位同分而名额不足时怎样办", "all_in", "chain", since=2, rules="cut_tie")
    fraction: str = spec("分数比例", "不能用百分数写准的比例，如三分之一（与名额、比例只填一项）", "1/3", "", unit="number", since=2)
    base: str = spec("比例基数", "比例以谁为基数", "competing", "competing", since=2, rules="ratio_base")
    apportion: str = spec("分配法", "名额怎样分到各区", "remainder", "remainder", since=2, rules="apportion")
    refill: bool = spec("空额递补", "各区用不完的名额是否由其他区成绩最好的递补", True, True, since=2)
    seeds_inside: bool = spec("直接晋级占名额", "直接晋级者是否占用晋级名额", False, True, since=2)
    per_organization: int | None = spec("每单位限", "一个单位最多几个晋级，超出者由后面的递补（直接晋级者也计入）", 2, None, since=2)

