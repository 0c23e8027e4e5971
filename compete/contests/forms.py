"""Forms of the contest's own pages."""

from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from compete.contests.budgets import PURPOSES
from compete.contests.fields import YuanField
from compete.contests.service import HOST_KINDS
from compete.models import ENTRY_KINDS, LEVELS, ROLES
from compete.web import Form, plausible


def lines(text: str | None) -> list[str]:
    """One name per line; blank lines and doubles fall out, the order stays."""
    return list(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))


def stripped(text: str | None) -> str:
    return (text or "").strip()


class ContestForm(Form):
    """What stands on a contest's cover."""

    name = StringField("竞赛名称", [DataRequired("请填写竞赛名称，例如“安徽省职工技术创新竞赛”"), Length(max=120)], filters=[stripped])
    level = SelectField("级别", choices=[("", "未定"), *((level, level) for level in LEVELS)])
    series = StringField("所属系列赛（杯）", [Length(max=120)], filters=[stripped], description="属于同一个“杯”的竞赛填同样的名字，可不填")
    starts_on = DateField("开始日期", [Optional(), plausible])
    ends_on = DateField("结束日期", [Optional(), plausible])
    venue = StringField("地点", [Length(max=200)], filters=[stripped])
    host_main = TextAreaField("主办单位", description="每行一个单位")
    host_undertaker = TextAreaField("承办单位", description="每行一个单位")
    host_helper = TextAreaField("协办单位", description="每行一个单位")

    def validate_ends_on(self, field):
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError("结束日期早于开始日期，请核对")

    @property
    def hosts(self) -> dict[str, list[str]]:
        fields = (self.host_main, self.host_undertaker, self.host_helper)
        return {kind: lines(field.data) for kind, field in zip(HOST_KINDS, fields, strict=True)}

    def show_hosts(self, hosts: dict) -> None:
        for kind, field in zip(HOST_KINDS, (self.host_main, self.host_undertaker, self.host_helper), strict=True):
            field.data = "\n".join(hosts.get(kind, ()))

    @property
    def details(self) -> dict:
        names = ("level", "series", "starts_on", "ends_on", "venue")
        return {**{name: self[name].data for name in names}, "hosts": self.hosts}


class RoleForm(Form):
    user_id = SelectField("人员", coerce=int, validators=[InputRequired("请选择人员")])
    role = SelectField("角色", choices=list(ROLES.items()))


class BudgetForm(Form):
    """One line of the budget; the amount is kept in fen."""

    name = StringField("名称", [DataRequired("请填写名称，例如“决赛奖金”"), Length(max=60)], filters=[stripped])
    purpose = SelectField("用途", choices=list(PURPOSES.items()))
    amount = YuanField("金额", [InputRequired("请填写金额")])
    basis = StringField("依据", [Length(max=200)], filters=[stripped], description="例如文件号、算法")


class EventForm(Form):
    """A new event; the rest is filled in on the page of its scheme."""

    name = StringField("赛项名称", [DataRequired("请填写赛项名称，例如“金成果”"), Length(max=80)], filters=[stripped])
    entry_kind = SelectField("参赛对象", choices=list(ENTRY_KINDS.items()), default="project")
    source = SelectField("评分方案", description="可从本竞赛的另一个赛项或预设复制，再修改")
