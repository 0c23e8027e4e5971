"""Forms of the public vote."""

from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from compete.web import Form


class RulesForm(Form):
    name = StringField("名称", validators=[DataRequired("请填写名称，例如“现场人气奖”"), Length(max=60, message="名称不超过 60 字")])
    most = IntegerField("每人最多选几项", default=1, validators=[InputRequired("请填写几项"), NumberRange(1, 50, message="应在 1 到 50 之间")])
    changeable = BooleanField("投票结束前可以改票", default=True)
    ticketed = BooleanField("凭投票券投票：一券一票（推荐）", default=True)
    live = BooleanField("投票中在大屏显示实时票数")

    @property
    def settings(self) -> dict:
        names = ("most", "changeable", "ticketed", "live")
        return {"name": self.name.data.strip(), **{name: self[name].data for name in names}}


class PollForm(RulesForm):
    subject = SelectField("投给谁")


class TicketForm(Form):
    count = IntegerField("张数", validators=[InputRequired("请填写张数"), NumberRange(1, 3000, message="应在 1 到 3000 之间")])
