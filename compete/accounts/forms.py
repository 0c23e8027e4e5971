"""Forms of sign-in and accounts."""

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional, Regexp

from compete.accounts.service import MINIMUM_PASSWORD
from compete.web import Form

LOGIN_RULE = Regexp(r"^[\w.@-]+$", message="只用字母、数字、汉字和 . _ - @，中间不留空格")


def new_password(label: str = "设置密码") -> PasswordField:
    hint = f"至少 {MINIMUM_PASSWORD} 位"
    return PasswordField(label, [InputRequired()], description=hint, render_kw={"autocomplete": "new-password"})


class SignIn(Form):
    login = StringField("登录名", [InputRequired("请填写登录名"), Length(max=64)], render_kw={"autocomplete": "username", "autofocus": True})
    password = PasswordField("密码", [InputRequired("请填写密码")], render_kw={"autocomplete": "current-password"})


class Claim(Form):
    """Sets the password of an existing account."""

    password = new_password()
    again = PasswordField("再输入一次", [InputRequired(), EqualTo("password", "两次输入的密码不一致")], render_kw={"autocomplete": "new-password"})


class ClaimAdmin(Claim):
    """Makes the first administrator."""

    name = StringField("姓名", [InputRequired("请填写姓名"), Length(max=64)], render_kw={"autocomplete": "name", "autofocus": True})
    login = StringField("登录名", [InputRequired("请填写登录名"), Length(max=64), LOGIN_RULE], render_kw={"autocomplete": "username"})


class ChangePassword(Form):
    old = PasswordField("现在的密码", [InputRequired()], render_kw={"autocomplete": "current-password"})
    password = new_password("新密码")
    again = PasswordField("再输入一次", [InputRequired(), EqualTo("password", "两次输入的密码不一致")], render_kw={"autocomplete": "new-password"})


class AddUser(Form):
    name = StringField("姓名", [InputRequired("请填写姓名"), Length(max=64)])
    login = StringField("登录名", [InputRequired("请填写登录名"), Length(max=64), LOGIN_RULE], description="例如姓名拼音")
    is_admin = BooleanField("同时是管理员（可新建竞赛、管理用户）", [Optional()])
