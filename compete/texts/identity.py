"""Numbers that stand for a person or a unit: checked, and masked for display.

A check never throws a value away: it returns the number in its usual form together with what is wrong.
An error stops a row; a warning asks a person to look. An organiser may override either with a reason.
"""

import datetime
import functools
import re
from typing import NamedTuple

from stdnum import luhn, numdb
from stdnum.cn import ric, uscc as uscc_number
from stdnum.exceptions import InvalidChecksum, ValidationError

from compete.texts import clean
from scoring.problems import Problem


class Checked(NamedTuple):
    value: str
    error: Problem | None = None
    warning: Problem | None = None


_ID = re.compile(r"\d{17}[\dX]\Z")
_MOBILE = re.compile(r"1[3-9]\d{9}\Z")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}(转?\d{1,6})?\Z")
_ABROAD = re.compile(r"(\+|00)\d{6,15}\Z")
_OTHER_PAPER = re.compile(r"[A-Z]{1,3}\d{7,12}[A-Z]?\Z")


def resident_id(text: str, where: str = "") -> Checked:
    """A number of 18 places: 居民身份证, 港澳台居民居住证 (81/82/83) or 外国人永久居留身份证 (9).

    All of them share the birth date and the check digit (GB 11643). An unknown region is only a warning:
    regions are renamed and abolished, the number stays.
    """
    value = clean.compact(text).upper().replace("×", "X").replace("Х", "X")
    if not value:
        return Checked("")
    if not _ID.match(value):
        return _odd_id(value, where)
    if ric.calc_check_digit(value) != value[-1]:
        return Checked(value, error=Problem(
            "id_check_digit", where, "身份证号校验位不符",
            "请对照证件逐位核对，改正输错的数字后重新导入"))
    if not _born(value):
        return Checked(value, error=Problem(
            "id_birth_date", where, f"身份证号中的出生日期 {value[6:14]} 不存在", "请对照证件核对第7至14位"))
    return Checked(value, warning=_region_warning(value, where))


def _odd_id(value: str, where: str) -> Checked:
    if re.fullmatch(r"\d{15}", value):
        return Checked(value, error=Problem(
            "id_old", where, "身份证号是15位的旧号，已停止使用", "请填写18位新号"))
    if _OTHER_PAPER.match(value):
        return Checked(value, warning=Problem(
            "id_other_paper", where, "不是居民身份证号，无法校验",
            "如为护照或通行证请在备注中写明证件类型，否则请改正"))
    if re.search(r"\dE\+?\d", value):
        return Checked(value, error=Problem(
            "id_destroyed", where, "身份证号是科学记数法，末几位已丢失", "请把该列设为“文本”格式后重新填写"))
    if len(value) != 18:
        message = f"身份证号应为18位，现为{len(value)}位"
    else:
        message = "身份证号含有数字和末位X以外的字符"
    return Checked(value, error=Problem("id_form", where, message, "请对照证件核对后重新填写"))


def _born(value: str) -> bool:
    try:
        return datetime.date(int(value[6:10]), int(value[10:12]), int(value[12:14])).year >= 1900
    except ValueError:
        return False


def _region_warning(value: str, where: str) -> Problem | None:
    if value[:2] in ("81", "82", "83") or value[0] == "9" or _known_region(value[:6]):
        return None
    return Problem("id_region", where, f"身份证号的地区码 {value[:6]} 不在区划目录中",
                   "可能是早年撤销的区划；请核对前6位，确认无误可以保留")


@functools.cache
def _known_region(code: str) -> bool:
    """Now or at any time. `ric.get_birth_place` also asks whether the region existed in the year of
    birth, which is wrong of anyone who got the number later, as all born before 1984 did."""
    return any("county" in found for _, found in numdb.get("cn/loc").info(code))


def phone(text: str, where: str = "") -> Checked:
    """A mobile number of 11 digits; +86, hyphens and spaces go. A landline or a foreign number is a warning."""
    value = clean.compact(text).replace("(", "").replace(")", "").replace(".", "")
    if not value:
        return Checked("")
    for prefix in ("+86", "0086", "86"):
        if value.startswith(prefix) and _MOBILE.match(value[len(prefix):]):
            value = value[len(prefix):]
    if _MOBILE.match(value):
        return Checked(value)
    pieces = re.split(r"[/／、，,;；]", value)
    if len(pieces) > 1 and all(_MOBILE.match(piece) or _LANDLINE.match(piece) for piece in pieces):
        return Checked(pieces[0], warning=Problem(
            "phone_several", where, f"填写了{len(pieces)}个电话，只采用第一个", "如要用另一个，请只保留那一个"))
    if _LANDLINE.match(value):
        return Checked(value, warning=Problem(
            "phone_landline", where, "联系电话是固定电话，收不到短信", "最好改填11位手机号"))
    if _ABROAD.match(value):
        return Checked(value, warning=Problem(
            "phone_abroad", where, "联系电话是境外号码，无法校验", "请核对国家或地区代码和号码"))
    return Checked(value, error=Problem(
        "phone_form", where, "联系电话不是11位手机号", f"现为“{value}”（{len(value)}位），请核对后填写11位手机号"))


def uscc(text: str, where: str = "") -> Checked:
    """统一社会信用代码, 18 places with a check character (GB 32100)."""
    value = clean.compact(text).upper()
    if not value:
        return Checked("")
    try:
        return Checked(uscc_number.validate(value))
    except InvalidChecksum:
        message = "统一社会信用代码校验位不符"
    except ValidationError:
        message = "统一社会信用代码格式不对，应为18位数字和大写字母（不含I、O、S、V、Z）"
    return Checked(value, error=Problem("uscc", where, message, "请对照营业执照或法人证书核对"))


def bank_account(text: str, where: str = "") -> Checked:
    """A person's card (Luhn) or a unit's account, which has no common check: doubts are warnings."""
    value = clean.compact(text).upper()
    if not value:
        return Checked("")
    if not value.isascii() or not value.isalnum() or not any(c.isdigit() for c in value):
        return Checked(value, error=Problem(
            "account_form", where, "银行账号含有数字以外的字符", "请只填写账号本身，开户行另填一列"))
    if not 8 <= len(value) <= 32:
        return Checked(value, error=Problem(
            "account_length", where, f"银行账号长度不对（{len(value)}位）", "请对照银行卡或开户许可证核对"))
    if value.startswith("62") and 16 <= len(value) <= 19 and value.isdigit() and not luhn.is_valid(value):
        return Checked(value, warning=Problem(
            "account_luhn", where, "银行卡号校验位不符", "请对照银行卡逐位核对，确认无误可以保留"))
    return Checked(value)


def mask_id(text: str) -> str:
    """3401**********0008"""
    return _masked(text, 4, 4)


def mask_phone(text: str) -> str:
    """138****5645"""
    return _masked(text, 3, 4)


def mask_account(text: str) -> str:
    """Only the last four places stay."""
    return _masked(text, 0, 4)


def _masked(text: str, first: int, last: int) -> str:
    if not text:
        return ""
    hidden = len(text) - first - last
    # Too short to keep both ends and still hide something: hide it all.
    if hidden < 1:
        return "*" * len(text)
    return text[:first] + "*" * hidden + text[len(text) - last:]
