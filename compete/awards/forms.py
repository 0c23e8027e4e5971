"""Forms of releasing, withdrawing and vacancies."""

from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from compete.web import Form


class ReleaseForm(Form):
    notice_days = IntegerField("公示天数", [InputRequired("请填写公示天数"), NumberRange(0, 60, "请填 0 到 60 之间的天数")], default=5,
                               description="填 0 表示不公示，直接生效")  # fmt: skip
    digest = HiddenField()


class WithdrawForm(Form):
    reason = TextAreaField("撤回原因", [InputRequired("请写明原因"), Length(max=500)], description="会显示在公示页上")


class VacancyForm(Form):
    tier = HiddenField(validators=[InputRequired()])
    count = IntegerField("空缺名额", [InputRequired("请填写名额"), NumberRange(0, 999, "请填 0 以上的整数")])
    reason = TextAreaField("原因", [Length(max=500)])
