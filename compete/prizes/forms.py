"""Forms of payees and payments."""

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from compete.texts import identity
from compete.web import Form


class PayeeForm(Form):
    """Numbers are typed anew: the page never sends the kept ones out; an empty field keeps what there is."""

    name = StringField("收款人 / 户名", [InputRequired("请填写收款人"), Length(max=120)])
    id_number = StringField("身份证号", [Optional(), Length(max=30)], render_kw={"autocomplete": "off", "inputmode": "text"})
    account = StringField("收款账号", [Optional(), Length(max=40)], render_kw={"autocomplete": "off", "inputmode": "numeric"})
    bank = StringField("开户行", [Optional(), Length(max=120)], description="写到支行，例如 中国银行合肥分行营业部")
    phone = StringField("联系电话", [Optional(), Length(max=30)], render_kw={"autocomplete": "off", "inputmode": "tel"})
    tax_rate = SelectField("个人所得税", choices=[("2000", "偶然所得 20%"), ("0", "免税或不由本单位代扣")])
    tax_basis = StringField("税务依据", [Length(max=200)], description="免税须写明文件，例如 省政府颁发的科技奖（文号）")
    override = StringField("校验不符仍保留的原因", [Optional(), Length(max=100)], description="证件校验不通过但经核实无误时填写")

    def checked(self) -> dict | None:
        """The values to keep, or None with messages on the fields."""
        values = {"name": self.name.data.strip(), "account_name": self.name.data.strip(), "bank": (self.bank.data or "").strip() or None,
                  "tax_rate": int(self.tax_rate.data), "tax_basis": self.tax_basis.data.strip()}  # fmt: skip
        checks = ((self.id_number, identity.resident_id), (self.account, identity.bank_account), (self.phone, identity.phone))
        sound = True
        for field, check in checks:
            if not (field.data or "").strip():
                continue
            found = check(field.data, field.label.text)
            if found.error and not (self.override.data or "").strip():
                field.errors = [f"{found.error.message}。{found.error.mend}"]
                sound = False
            values[field.name] = found.value
        if values["tax_rate"] == 0 and not values["tax_basis"]:
            self.tax_basis.errors = ["免税或不代扣须写明依据"]
            sound = False
        return values if sound else None


class ReasonForm(Form):
    reason = StringField("原因", [InputRequired("请写明原因"), Length(max=200)])
