"""What the host's console sends: one press, with the revision that the page showed."""

from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, Optional

from compete.texts import clean
from compete.web import Form


def tidy(text: str | None) -> str:
    return clean.tidy(text or "")


class Press(Form):
    """`do`: what the button says, "call:12"; `seen`: the podium's revision on the page; `touch`: the press's own mark."""

    do = StringField(validators=[InputRequired("请用页面上的按钮"), Length(max=80)])
    seen = IntegerField(validators=[InputRequired("请刷新页面")])
    touch = HiddenField(validators=[Optional(), Length(max=40)])
    reason = StringField("原因", [Length(max=300)], filters=[tidy])
    text = StringField("通知", [Length(max=200, message="最多 200 字，请缩短")], filters=[tidy])
