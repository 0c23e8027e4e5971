"""Forms of judging: judges, panels, sessions, draws, rulings."""

import re
from datetime import datetime

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

import scoring
from compete import clock
from compete.judging.draws import METHODS
from compete.judging.rulings import KINDS
from compete.models import JUDGE_ROLES
from compete.texts import clean, identity
from compete.web import Form, plausible
from scoring.problems import Problem


def tidy(text: str | None) -> str:
    return clean.tidy(text or "")


def reason_field(label: str, hint: str, *, required: bool = True) -> TextAreaField:
    rules = [DataRequired(f"请填写{label}，它会写入留痕")] if required else [Optional()]
    return TextAreaField(label, [*rules, Length(max=500)], description=hint, filters=[tidy], render_kw={"rows": 2})


class JudgeForm(Form):
    name = StringField("姓名", [DataRequired("请填写姓名"), Length(max=60)], filters=[lambda text: clean.name(text or "")])
    organization = StringField("单位", [Length(max=120)], filters=[tidy], description="与参赛单位相同时自动回避")
    title = StringField("职务或职称", [Length(max=60)], filters=[tidy])
    role = SelectField("角色", choices=list(JUDGE_ROLES.items()), default="judge", description="监督也用卡进入，只看不评")
    phone = StringField("手机号", [Length(max=30)], description="加密保存，页面上只显示首尾几位", render_kw={"autocomplete": "off", "inputmode": "tel"})

    def validate_phone(self, field):
        checked = identity.phone(field.data or "", "手机号")
        if checked.error:
            raise ValidationError(f"{checked.error.message}，{checked.error.mend}")
        field.data = checked.value

    def details(self, *, kept_phone: str | None = None) -> dict:
        """`kept_phone` stays when the field is left empty: the number is never sent back to the browser."""
        names = ("name", "organization", "title", "role")
        return {**{name: self[name].data for name in names}, "phone": self.phone.data or kept_phone}


class Reason(Form):
    reason = reason_field("理由", "会写入留痕")


class CardReason(Form):
    reason = reason_field("原因", "例如：卡片遗失、换人", required=False)


class SeatForm(PlainForm):
    judge_id = HiddenField()
    place = IntegerField("座次", [Optional(), NumberRange(1, 999, "座次请填 1 到 999")], render_kw={"inputmode": "numeric"})

    def validate_place(self, field):
        # A number that cannot be read must not silently unseat the judge.
        if field.raw_data and field.raw_data[0].strip() and field.data is None:
            raise ValidationError("座次请填整数")


class PanelForm(Form):
    name = StringField("名称", [DataRequired("请填写评委组名称，例如“决赛评委组”"), Length(max=60)], filters=[tidy])
    chief = SelectField("总评委", coerce=int, choices=[], description="主持本组评审，可退回评分表、锁定并签名")
    seats = FieldList(FormField(SeatForm))

    @property
    def judge_ids(self) -> list[int]:
        rows = [(row.form.place.data, int(row.form.judge_id.data)) for row in self.seats if row.form.place.data]
        return [number for _, number in sorted(rows)]

    def validate_chief(self, field):
        if field.data and field.data not in self.judge_ids:
            raise ValidationError("总评委要在本组中：请为这位评委填写座次")


class LocalTime(DateTimeLocalField):
    """A time on the wall in China; the data is an aware instant."""

    def __init__(self, label, validators=None, **kwargs):
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)

    def process_data(self, value):
        self.data = clock.local(value) if value is not None else None

    def process_formdata(self, valuelist):
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("时间请按 2026-11-22 09:30 填写") from None
        if isinstance(self.data, datetime):
            self.data = self.data.replace(tzinfo=clock.CHINA)


class SessionForm(Form):
    name = StringField("场次名称", [DataRequired("请填写场次名称，例如“上午场”"), Length(max=60)], filters=[tidy])
    part_id = SelectField("评分环节", coerce=int, choices=[], validators=[InputRequired("请选择评分环节")])
    panel_id = SelectField("评委组", coerce=int, choices=[])
    starts_at = LocalTime("开始时间", [Optional(), plausible])
    deadline = LocalTime("评分截止", [Optional(), plausible], description="过时不再收分；退回重评的除外。可留空")

    def validate_deadline(self, field):
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError("截止时间应晚于开始时间")

    def details(self) -> dict:
        names = ("name", "part_id", "starts_at", "deadline")
        return {**{name: self[name].data for name in names}, "panel_id": self.panel_id.data or None}


def spoken_seed(form, field) -> None:
    """A validator: the seed called out in the hall, where that is how it comes about."""
    if form.method.data == "hall" and not field.data:
        raise ValidationError("请填写现场报出的种子，或改用系统随机种子")


class DrawForm(Form):
    method = RadioField("种子从哪里来", choices=list(METHODS.items()), default="hall")
    seed = StringField("种子", [Length(max=120), spoken_seed], filters=[tidy], render_kw={"autocomplete": "off", "spellcheck": "false"},
                       description="请在现场公开得出，例如掷骰子的点数、当天彩票号码、来宾依次报的数字")  # fmt: skip
    apart = BooleanField("同单位的不连续出场", default=True)
    not_again = BooleanField("在别的场次抽到第一的，这一场不再排第一")
    not_first = StringField("不排第一的编号", [Length(max=200)], filters=[tidy], render_kw={"autocomplete": "off"},
                            description="可不填。须在报出种子之前定下，并记在记录表上；例如 3、12")  # fmt: skip
    reason = reason_field("重新抽签的理由", "原来的结果会保留备查", required=False)

    def validate_not_first(self, field):
        if field.data and not re.fullmatch(r"[A-Za-z\u4e00-\u9fff]{0,6}[0-9]{1,9}([、，,;； ]+[A-Za-z\u4e00-\u9fff]{0,6}[0-9]{1,9})*", field.data):
            raise ValidationError("请只填编号（盲评填代号），用顿号隔开，例如 3、12")

    @property
    def barred(self) -> list[str]:
        return re.findall(r"[^、，,;； ]+", self.not_first.data or "")


class AbsenceForm(Form):
    reason = reason_field("缺席原因", "例如：临时出差、身体不适")


class RulingForm(Form):
    kind = RadioField("裁定", choices=list(KINDS.items()), validators=[InputRequired("请选择一种裁定")])
    reason = reason_field("理由", "例如：三次点名未到场；作品与主题不符")
    confirmed = HiddenField()


class PenaltyForm(Form):
    points = StringField("扣分", [DataRequired("请填写扣几分")], render_kw={"inputmode": "decimal", "autocomplete": "off"})
    part = SelectField("在哪个环节", coerce=int, choices=[], description="计入这个环节所在阶段的总分；选“整个赛项”，计入最后的总分")
    penalty_reason = reason_field("扣分理由", "例如：路演超时 1 分钟")
    confirmed = HiddenField()
    units = 0

    def validate_points(self, field):
        found = scoring.parse_points(field.data, where="扣分")
        if isinstance(found, Problem):
            raise ValidationError(f"{found.message}，{found.mend}")
        if found <= 0:
            raise ValidationError("扣分应大于 0，例如 2 或 0.5")
        if found > 100 * scoring.UNIT:
            raise ValidationError("扣分不能超过 100 分")
        self.units = found


class LimitForm(Form):
    limit = StringField("离散预警线", [DataRequired("请填写分数")], render_kw={"inputmode": "decimal"})
    units = 0

    def validate_limit(self, field):
        found = scoring.parse_points(field.data, where="离散预警线")
        if isinstance(found, Problem):
            raise ValidationError(f"{found.message}，{found.mend}")
        if not 0 < found <= 100 * scoring.UNIT:
            raise ValidationError("请填 0 到 100 之间的分数，例如 15")
        self.units = found
