"""The forms of the judge's card, of the chief judge, and of paper sheets."""

from wtforms import BooleanField, HiddenField, PasswordField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Regexp

import scoring
from compete.marking.writing import COMMENT_LIMIT
from compete.web import Form
from scoring.problems import Problem


class PinForm(Form):
    pin = PasswordField(
        "密码", filters=[lambda text: (text or "").strip()],
        validators=[DataRequired("请输入 6 位密码"), Regexp(r"\d{6}\Z", message="密码是 6 位数字")],
    )  # fmt: skip


class ReturnForm(Form):
    reason = TextAreaField("退回理由", validators=[DataRequired("请写明哪里需要评委重新考虑"), Length(max=500, message="理由不超过 500 字")])


class LockForm(Form):
    digest = HiddenField(validators=[DataRequired("请刷新页面后再签名")])
    drawing = HiddenField("手写签名")
    name = StringField("或输入您的姓名", validators=[Length(max=60)])
    checked = BooleanField("我已核对本环节的全部评分表", validators=[DataRequired("请先确认已核对")])


class UnlockForm(Form):
    reason = TextAreaField("解锁理由", validators=[DataRequired("请写明为什么要解锁"), Length(max=500, message="理由不超过 500 字")])


class LateForm(Form):
    reason = TextAreaField("理由", validators=[DataRequired("请写明采纳或不采纳的理由，评委会看到"), Length(max=500, message="理由不超过 500 字")])


class KeyingForm(Form):
    """A paper sheet; `keying_form` adds a field for every criterion."""

    rubric = HiddenField()
    comment = TextAreaField("评语（纸面上有才录）", validators=[Length(max=COMMENT_LIMIT, message=f"评语不超过 {COMMENT_LIMIT} 字")])
    written = StringField("纸面上写的合计", description="与各项相加核对；纸面上没有合计就空着")
    trust = BooleanField("纸面的合计加错了，以各项为准")

    def __init__(self, part: scoring.Part, **given):
        self.part = part
        super().__init__(**given)

    @property
    def marks(self) -> dict[str, int]:
        """{criterion code: units} of what was filled in rightly."""
        return {leaf.code: field.units for leaf, field in self.criteria if field.units is not None}

    @property
    def criteria(self) -> list:
        return [(leaf, self[f"m{n}"]) for n, leaf in enumerate(self.part.leaves)]

    def validate(self, extra_validators=None) -> bool:
        right = super().validate(extra_validators)
        wrong = self._written_otherwise() if self.written.data and not self.trust.data else ""
        if wrong:
            self.written.errors = [*self.written.errors, wrong]
        return right and not wrong

    def _written_otherwise(self) -> str:
        """What is wrong with the total on paper; the criteria have been read before."""
        written = scoring.parse_points(self.written.data, where=self.written.label.text)
        if isinstance(written, Problem):
            return f"{written.message}。{written.mend}"
        total = scoring.sheet_total(self.part, self.marks)
        if total is None:
            return ""  # the criterion that lacks its mark says so itself
        counted = scoring.format_ratio(total, self.part.denominator)
        if counted == scoring.format_points(written, 2):
            return ""
        return f"纸面写的是 {scoring.format_points(written)}，各项相加是 {counted}。请逐项核对；确实是纸面加错了，勾选下面一项"


def _mark_of(leaf: scoring.Criterion):
    """A validator that leaves the mark in the field's `units`; None for a blank where one is allowed."""

    def check(_form, field):
        field.units = None
        if not (field.data or "").strip():
            if leaf.team:
                return
            raise ValidationError("没有打分。零分请填 0；纸面上空着的，请评委补上")
        units = scoring.parse_points(field.data, where=leaf.name)
        wrong = units if isinstance(units, Problem) else scoring.check_mark(leaf, units)
        if wrong:
            raise ValidationError(f"{wrong.message}。{wrong.mend}")
        field.units = units

    return check


def keying_form(part: scoring.Part, **given) -> KeyingForm:
    # Numbered names: a criterion's code could be that of another field.
    fields = {f"m{n}": StringField(leaf.name, validators=[_mark_of(leaf)]) for n, leaf in enumerate(part.leaves)}
    return type("SheetForm", (KeyingForm,), fields)(part, **given)
