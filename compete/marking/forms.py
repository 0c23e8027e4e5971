"""The forms of the judge's card and of the chief judge."""

from wtforms import BooleanField, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from compete.web import Form


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
