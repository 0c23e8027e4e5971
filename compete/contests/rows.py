"""The rows of the scheme editor, each a small WTForms form with a prefix of its own (s1-, p1-, c1-, …)."""

import json

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.i18n import get_translations
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

import scoring
from compete.contests.fields import CountField, PercentField, PointsField, SecondsField, UnitField, YuanField
from compete.contests.rule_fields import offering, roundings, stripped
from compete.models import ENTRY_KINDS, PART_KINDS
from scoring import UNIT


class Row(PlainForm):
    class Meta(PlainForm.Meta):
        locales = ["zh"]

        def get_translations(self, form):
            return get_translations(self.locales)


class KeptField(HiddenField):
    """What a row holds but does not show for changing, as JSON: rules that only a scheme file can bring."""

    def _value(self):
        return json.dumps(self.data or {}, ensure_ascii=False, separators=(",", ":"))

    def process_formdata(self, valuelist):
        try:
            given = json.loads(valuelist[0]) if valuelist else {}
        except ValueError:
            given = {}
        self.data = given if isinstance(given, dict) else {}


def name_field(label: str, length: int) -> StringField:
    return StringField(label, [DataRequired(f"请填写{label}"), Length(max=length)], filters=[stripped])


def rule_field(label: str, rules: dict, default: str) -> SelectField:
    return SelectField(label, choices=scoring.choices(rules), default=default)


@offering(more=scoring.Scheme, promotion=scoring.Promotion)
class HeadRow(Row):
    """The event itself, and what its scheme says above the parts."""

    kept = KeptField()
    promotes = BooleanField("按名次晋级下一阶段", description="公布名次后列出进入下一阶段的名单")

    name = name_field("赛项名称", 80)
    entry_kind = SelectField("参赛对象", choices=list(ENTRY_KINDS.items()), default="project")
    is_blind = BooleanField("匿名评审（评委只见编码，不见名称和单位）")
    places = SelectField("总分保留", choices=[(n, f"{n} 位小数" if n else "整数") for n in range(5)], coerce=int, default=2)
    mode = rule_field("舍入", scoring.ROUNDINGS, "half_up")
    rank_by = rule_field("排名依据", scoring.RANK_KEYS, "rounded")
    minimum_score = PointsField("获奖最低总分", description="低于此分不评奖，可不填")

    def validate_minimum_score(self, field):
        hundred = not self.more_total.data and "steps" not in (self.kept.data or {})
        if hundred and field.data is not None and field.data > 100 * UNIT:
            raise ValidationError("总分满分为 100，请填写 0 到 100")

    def validate_promotion_name(self, field):
        if self.promotes.data and not field.data:
            raise ValidationError("请填写下一阶段的名称，例如“决赛”")


class StageRow(Row):
    id = HiddenField()
    name = name_field("阶段名称", 40)
    is_ranked = BooleanField("按这一阶段排名评奖", default=True)


@offering(panel=scoring.Panel, more=scoring.Part)
class PartRow(Row):
    id = HiddenField()
    code = HiddenField()
    kept = KeptField()
    name = name_field("环节名称", 40)
    kind = SelectField("形式", choices=list(PART_KINDS.items()), default="roadshow")
    weight = PercentField("权重 %", [InputRequired("请填写权重")])
    speech_minutes = CountField("演讲", [Optional()])
    question_minutes = CountField("提问", [Optional()])
    timing_warnings = SecondsField("剩多少秒时提醒", [Optional()], description="用顿号隔开；不填按 60、30，不提醒填 0")
    timing_grace = CountField("超时多少秒以内不扣", [Optional()], description="不填按 0")
    timing_every = CountField("之后每超多少秒", description="不足一次按一次计；只算陈述时间")
    timing_points = PointsField("扣", description="不填：超时只显示，不扣分")
    timing_maximum = PointsField("最多扣", [Optional()], description="不填：不封顶")
    rule = rule_field("合成规则", scoring.PANEL_RULES, "trimmed_mean")
    drop_high = CountField("去掉最高分", [InputRequired("请填写个数，不去掉填 0")])
    drop_low = CountField("去掉最低分", [InputRequired("请填写个数，不去掉填 0")])
    minimum_judges = CountField("最少评委", [InputRequired("请填写人数")])
    below_minimum = rule_field("评委不足时", scoring.BELOW_MINIMUM, "mean")
    level = rule_field("层次", scoring.LEVELS, "total")
    chief = rule_field("总评委", scoring.CHIEF_ROLES, "counts")
    panel_places = SelectField("合成分舍入", choices=roundings(), default="", validate_choice=False)

    def validate_timing_points(self, field):
        if field.data == 0 or (field.data is None and (self.timing_every.data or self.timing_maximum.data)):
            raise ValidationError("请填写每次扣多少分，例如 1；不扣分时几项都留空")

    def validate_timing_every(self, field):
        if field.data == 0 or (field.data is None and self.timing_points.data):
            raise ValidationError("请填写每超多少秒扣一次，例如 30")

    def validate_timing_maximum(self, field):
        if field.data is not None and field.data < (self.timing_points.data or 1):
            raise ValidationError("最多扣的分不能少于一次扣的分")


@offering(more=scoring.Criterion)
class CriterionRow(Row):
    code = HiddenField()
    depth = HiddenField(default="0")
    kept = KeptField()
    name = name_field("评分项名称", 60)
    weight = UnitField("权重 %", unit="percent", description="下级都不填时，按分数相加")
    minimum = UnitField("最低分")
    maximum = PointsField("满分", [InputRequired("请填写满分")])
    step = PointsField("打分间隔", [InputRequired("请填写打分间隔，例如 0.5")])
    description = TextAreaField("评分要点", [Length(max=500)], filters=[stripped])
    anchor_95 = StringField("优秀", [Length(max=200)], filters=[stripped])
    anchor_80 = StringField("良好", [Length(max=200)], filters=[stripped])
    anchor_60 = StringField("合格", [Length(max=200)], filters=[stripped])


class TieRow(Row):
    # The rule and what it looks at, as "criterion roadshow/innovation"; the choices depend on the rest of the scheme.
    rule = SelectField("同分规则", validate_choice=False)
    kept = KeptField()  # {"rule", "label"}: what a file calls this rule


@offering(more=scoring.Tier)
class TierRow(Row):
    """An award, a title, or an award of teams."""

    code = HiddenField()
    kept = KeptField()
    name = name_field("奖项名称", 40)
    quota = StringField("名额", filters=[stripped])
    quota_kind = SelectField("单位", choices=[("count", "个"), ("ratio", "%")], default="count")
    rounding = rule_field("名额舍入", scoring.ROUNDINGS, "half_up")
    prize = YuanField("每个奖金")
    minimum_score = PointsField("最低分")
    tie = rule_field("末位同分", scoring.CUT_TIES, "chain")
    vacant_allowed = BooleanField("可空缺", default=True)

    @property
    def without_quota(self) -> bool:
        """A cut-off score, an exact fraction or a rule by size stands in the place of the quota."""
        return not self.quota.data and (self.minimum_score.data is not None or bool(self.more_fraction.data or self.more_by_size.data))

    def validate_quota(self, field):
        if not field.data and not self.without_quota:
            raise ValidationError("请填写名额或比例；只设分数线时填写最低分")
        if isinstance(self.quota_value, scoring.Problem):
            raise ValidationError(f"{self.quota_value.message}，{self.quota_value.mend}")

    @property
    def quota_value(self):
        """Whole entries, or a ratio in 1/10000, or None, or a Problem."""
        if self.without_quota:
            return None
        is_ratio = self.quota_kind.data == "ratio"
        found = scoring.parse_percent(self.quota.data) if is_ratio else scoring.parse_points(self.quota.data, places=0)
        if isinstance(found, scoring.Problem):
            return found if is_ratio else scoring.Problem(found.code, "", f"“{self.quota.data[:20]}”不是名额", "请填写整数，或把单位改为 %")
        if is_ratio and found % 100:
            return scoring.Problem("ratio", "", "比例最多两位小数", "请改为例如 12.5")
        if not is_ratio and not 0 <= found <= 9999 * UNIT:
            return scoring.Problem("quota", "", "名额不在 0 到 9999 之间", "请填写这个范围内的整数")
        return found // 100 if is_ratio else found // UNIT


@offering(more=scoring.Team)
class TeamRow(Row):
    """A list of teams, ranked by what their members scored."""

    code = HiddenField()
    kept = KeptField()
    name = name_field("团体名单名称", 40)
