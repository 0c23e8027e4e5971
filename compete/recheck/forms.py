"""Forms of rechecking: the contest's rules, drawing a sample, one sheet, the chief judge's signature."""

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp, ValidationError

import scoring
from compete.judging.forms import spoken_seed, tidy
from compete.recheck.rules import WHENS, WHOLE, Rules
from compete.recheck.service import SOURCES
from compete.web import Form
from scoring.problems import Problem


class Percent(StringField):
    """A share as typed, "15" or "7.5%"; `units` in 1/10000 percent."""

    units = 0

    def pre_validate(self, form):
        found = scoring.parse_percent(self.data or "", where=self.label.text)
        if isinstance(found, Problem):
            raise ValidationError(f"{found.message}，{found.mend}")
        if not 0 <= found <= WHOLE:
            raise ValidationError("请填 0 到 100 之间的数，例如 15")
        self.units = found


class RulesForm(Form):
    top = IntegerField("前几名必查", [InputRequired("请填名次，例如 10"), NumberRange(0, 1000, "请填 0 到 1000")])
    percent = Percent("其余抽查不少于", render_kw={"inputmode": "decimal"})
    threshold = Percent("错误率超过多少须全部复核", render_kw={"inputmode": "decimal"})
    when = SelectField("何时复核", choices=list(WHENS.items()))
    required = BooleanField("复核完才能发布结果")

    @property
    def rules(self) -> Rules:
        return Rules(self.top.data, self.percent.units, self.threshold.units, self.when.data, self.required.data)


class BeginForm(Form):
    method = RadioField("种子", choices=list(SOURCES.items()), default="hall")
    seed = StringField("现场报出的种子", [Length(max=100), spoken_seed], filters=[tidy], description="请监督或来宾当场报一串数字，记在复核记录表上")
    reason = TextAreaField("重新抽取的理由", [Length(max=500)], filters=[tidy], render_kw={"rows": 2})


class CheckForm(Form):
    """The marks of the paper come as `mark-<criterion>`; see `found_in`."""

    seen = HiddenField(validators=[Regexp(r"^[0-9]{1,9}$", message="请刷新页面后再核对")])
    note = TextAreaField("说明", [Length(max=500)], filters=[tidy], description="有误时写明看到什么，例如“纸上第二项为 18.5，系统记成 13.5”", render_kw={"rows": 2})


class SignForm(Form):
    digest = HiddenField(validators=[DataRequired("请刷新页面后再签名")])
    drawing = HiddenField("手写签名")
    name = StringField("或输入您的姓名", validators=[Length(max=60)])
    checked = BooleanField("我已核对全部更正，同意更正", validators=[DataRequired("请先确认已核对")])


class DismissForm(Form):
    reason = TextAreaField("理由", [DataRequired("请写明为什么认定无误"), Length(max=500)], filters=[tidy], render_kw={"rows": 2})
