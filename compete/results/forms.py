"""The form of a recorded decision on a tie."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from compete.results.service import METHODS
from compete.web import Form


class DecideForm(Form):
    """`order`: entry numbers from best to last, as the organiser speaks of them."""

    method = RadioField("怎样决定", [InputRequired("请选择决定方式")], choices=list(METHODS.items()))
    order = StringField("先后次序", [InputRequired("请按先后填写编号")], description="按先后填写编号，用空格或顿号分开，例如 12、7、3")
    reason = TextAreaField("经过与依据", [InputRequired("请写明经过"), Length(max=500)], description="会写进留痕，并印在成绩单上")
