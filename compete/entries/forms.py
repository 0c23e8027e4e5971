"""Forms of the entries slice."""

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    FieldList,
    Form as PlainForm,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from compete.entries.attachments import ACCEPT
from compete.entries.draft import ROLES, Draft, Person
from compete.texts import clean, identity
from compete.web import Form, Unfit


def _tidy(text):
    return clean.tidy(text) if text else text


def _lines(text):
    return clean.tidy_lines(text) if text else text


class MemberForm(PlainForm):
    name = StringField("姓名", [Length(max=60)], filters=[lambda text: clean.name(text) if text else text])
    role = SelectField("角色", choices=list(ROLES.items()), default="member")
    phone = StringField("联系电话", [Length(max=40)], filters=[_tidy])
    id_number = StringField("身份证号", [Length(max=40)], filters=[_tidy])
    known = HiddenField()  # number of the stored member whose phone and identity number stay when left empty


class ExtraForm(PlainForm):
    name = StringField("名目", [Length(max=40)], filters=[_tidy])
    value = StringField("内容", [Length(max=2000)], filters=[_tidy])


class EntryForm(Form):
    event_id = SelectField("赛项", coerce=int)
    number = IntegerField("序号", [Optional(), NumberRange(1, 999_999, "序号应为 1 到 999999 的整数")])
    title = StringField("名称", [InputRequired("请填写名称"), Length(max=200)], filters=[_tidy])
    organization = StringField("单位", [Length(max=120)], filters=[_tidy])
    delegation = StringField("代表队或所在地", [Length(max=80)], filters=[_tidy])
    summary = TextAreaField("简介", [Length(max=20_000)], filters=[_lines])
    in_competition = BooleanField("计入奖次", default=True)
    members = FieldList(FormField(MemberForm), min_entries=1, max_entries=40)
    extras = FieldList(FormField(ExtraForm), max_entries=60)
    seen = HiddenField()
    checked = BooleanField("号码已核对证件，仍按填写的保存")
    reason = StringField("修改原因", [Length(max=200)], filters=[_tidy])

    def validate_members(self, field):
        """Numbers are checked in their row; a person who checked the papers may keep an unusual number, with a reason."""
        forms = [row.form for row in field.entries]
        for form in forms:
            if not form.name.data and (form.phone.data or form.id_number.data):
                form.name.errors = ["请填写姓名"]
            for cell, check in ((form.phone, identity.phone), (form.id_number, identity.resident_id)):
                problem = check(cell.data or "").error
                if problem and not (self.checked.data and self.reason.data):
                    cell.errors = [f"{problem.message}，请核对"]
        if sum(bool(form.name.data) and form.role.data == "leader" for form in forms) > 1:
            raise ValidationError("负责人（第一完成人、队长）只能有一位")
        if any(cell.errors for form in forms for cell in form):
            raise ValidationError("请改正标出的人员信息")

    @property
    def member_messages(self) -> list[str]:
        return [error for error in self.members.errors if isinstance(error, str)]

    @property
    def has_number_errors(self) -> bool:
        return any(row.form.phone.errors or row.form.id_number.errors for row in self.members.entries)

    def draft(self, entry=None) -> Draft:
        stored = {str(person.id): person for person in entry.members} if entry else {}
        people = []
        for row in self.members.entries:
            form = row.form
            if not form.name.data:
                continue
            known = stored.get(form.known.data or "")
            people.append(Person(
                form.name.data, form.role.data,
                identity.phone(form.phone.data).value if form.phone.data else (known.phone if known else ""),
                identity.resident_id(form.id_number.data).value if form.id_number.data else (known.id_number if known else ""),
                known.account if known else "", known.bank if known else "",
            ))  # fmt: skip
        extras = {row.form.name.data: row.form.value.data or "" for row in self.extras.entries if row.form.name.data}
        return Draft(
            title=self.title.data, number=self.number.data, organization=self.organization.data or "", delegation=self.delegation.data or "",
            summary=self.summary.data or "", extras=extras, members=tuple(people), in_competition=self.in_competition.data,
        )  # fmt: skip


class ReasonForm(Form):
    reason = StringField("理由", [Length(max=300)], filters=[_tidy])

    def checked(self) -> "ReasonForm":
        """Itself; raises Unfit where the reason is too long: its pages have no place of their own to say so."""
        if not self.validate_on_submit():
            raise Unfit("；".join(f"{self[name].label.text}：{'，'.join(errors)}" for name, errors in self.errors.items()))
        return self


class UploadForm(Form):
    """A workbook with entries or judges."""

    file = FileField("名单文件", [FileRequired("请选择一个文件")])
    roster = SelectField("名单的样式", choices=[("projects", "每行一个项目或作品"), ("teams", "团队（一队多行或一行）"), ("individuals", "每行一位选手")])


class AttachmentForm(Form):
    file = FileField("文件", [FileRequired("请选择一个文件")], render_kw={"accept": ACCEPT})
    for_judges = BooleanField("评委可看", default=True)
