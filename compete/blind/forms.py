"""Forms of coding: the layers of an event, the keeper's seed, openings."""

import re

from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from compete.blind.planning import DEFAULT, MOST_LAYERS, LayerPlan
from compete.blind.sealing import SOURCES
from compete.judging.forms import spoken_seed, tidy
from compete.models import CONFIRMERS
from compete.web import Form

BETWEEN = re.compile(r"[\s、，,;；]+")
SPAN = re.compile(r"(\d{1,4})\s*[-–~至]\s*(\d{1,4})")
MOST_LABELS = 5000


def labels_of(text: str) -> tuple[str, ...]:
    """"01-30" or "甲、乙、丙" as single labels; a span keeps its leading zeros."""
    found = []
    for word in BETWEEN.split(SPAN.sub(lambda span: f"{span[1]}-{span[2]}", text.strip())):
        span = SPAN.fullmatch(word)
        if span and int(span[1]) <= int(span[2]):
            found += [f"{n:0{len(span[1])}d}" for n in range(int(span[1]), min(int(span[2]), int(span[1]) + MOST_LABELS) + 1)]
        elif word:
            found.append(word)
    return tuple(found[:MOST_LABELS])


class LayerRow(PlainForm):
    name = StringField("名称", [Length(max=40)], filters=[tidy])
    prefix = StringField("代号开头", [Length(max=6)], filters=[tidy], render_kw={"placeholder": "如 C"})
    digits = IntegerField("位数", [Optional(), NumberRange(3, 9, "请填 3 到 9，或留空由系统定")])
    labels = TextAreaField("现成的号牌", [Length(max=20000)], render_kw={"rows": 1, "placeholder": "如 01-30；留空则编代号"})
    keeper = SelectField("保管人", coerce=int, validate_choice=False)


class PlanForm(Form):
    layers = FieldList(FormField(LayerRow), min_entries=MOST_LAYERS, max_entries=MOST_LAYERS)
    confirmers = RadioField("启封由谁", choices=list(CONFIRMERS.items()), default="supervisor")
    minutes = IntegerField("另一位在多少分钟内确认", [InputRequired("请填分钟数"), NumberRange(1, 240, "请填 1 到 240")], default=15)

    def offer(self, people, plan=None):
        """Fills the choices, and the rows with the plan or the usual three layers."""
        for row in self.layers:
            row.keeper.choices = [(0, "请选择")] + [(user.id, user.name) for user in people]
        if self.is_submitted():
            return self
        if plan is None:
            for row, name in zip(self.layers, DEFAULT, strict=False):
                row.form.name.data = name
            return self
        self.confirmers.data, self.minutes.data = plan.confirmers, plan.minutes
        for row, layer in zip(self.layers, plan.layers, strict=False):
            form = row.form
            form.name.data, form.prefix.data, form.digits.data = layer.name, layer.prefix, layer.digits
            form.labels.data, form.keeper.data = "、".join(layer.labels), layer.keeper_id or 0
        return self

    def validate_layers(self, field):
        rows = [row.form for row in field if row.form.name.data]
        if not rows:
            raise ValidationError("至少要有一层，请填写名称")
        for form in rows:
            if not form.keeper.data:
                form.keeper.errors = ["请选择这一层的保管人"]
                raise ValidationError(f"“{form.name.data}”还没有保管人")

    def plans(self) -> list[LayerPlan]:
        return [
            LayerPlan(form.name.data, form.prefix.data, form.digits.data, labels_of(form.labels.data or ""), form.keeper.data)
            for form in (row.form for row in self.layers) if form.name.data
        ]  # fmt: skip


class SealForm(Form):
    method = RadioField("种子", choices=list(SOURCES.items()), default="system")
    spoken = StringField("现场报出的种子", [Length(max=60), spoken_seed], filters=[tidy], description="请来宾当众报一串数字或一句话；系统再接上随机数，封存到启封")
    reason = TextAreaField("重新编码的理由", [Length(max=500)], filters=[tidy], render_kw={"rows": 2})


class AskForm(Form):
    emergency = HiddenField()
    reason = TextAreaField("理由", [Length(max=500)], filters=[tidy], description="会写入留痕，并写在发布里", render_kw={"rows": 2})


class KeeperForm(Form):
    keeper = SelectField("交给", coerce=int, validate_choice=False)
    reason = TextAreaField("理由", [DataRequired("请写明交接的理由"), Length(max=500)], filters=[tidy], render_kw={"rows": 2})


class SimpleForm(Form):
    agreed = BooleanField("我知道这样编的代号，编码的人能对上姓名", [DataRequired("请先确认")])
