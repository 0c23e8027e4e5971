"""An entry as plain values: what a form or a row of a workbook says, before it is stored."""

from dataclasses import dataclass, field
from typing import NamedTuple

from compete.texts import clean, identity
from scoring.problems import Problem

ROLES = {"leader": "负责人", "member": "成员", "adviser": "指导"}
LEADERS = {"project": "第一完成人", "work": "第一作者", "team": "队长", "individual": "选手"}
TITLES = {"project": "项目名称", "work": "作品名称", "team": "队名", "individual": "姓名"}

# Longest text that the tables take.
LIMITS = {"title": 200, "organization": 120, "delegation": 80, "name": 60, "bank": 120}
LABELS = {"title": "名称", "organization": "单位", "delegation": "代表队", "name": "姓名", "bank": "开户行"}


class Person(NamedTuple):
    """A member. `phone`, `id_number`, `account` are in clear; None means "as it stands" when an entry is edited."""

    name: str
    role: str = "member"
    phone: str | None = ""
    id_number: str | None = ""
    account: str | None = ""
    bank: str | None = ""


@dataclass(frozen=True)
class Draft:
    title: str
    number: int | None = None
    organization: str = ""
    delegation: str = ""
    summary: str = ""
    extras: dict = field(default_factory=dict)
    members: tuple[Person, ...] = ()
    in_competition: bool = True

    @property
    def title_key(self) -> str:
        return clean.key(self.title) or self.title

    @property
    def leader(self) -> Person | None:
        return next((person for person in self.members if person.role == "leader"), None)


def too_long(draft: Draft, where: str) -> list[Problem]:
    """Texts that do not fit the tables (a cell of Excel may hold 32,767 characters)."""
    texts = [("title", draft.title), ("organization", draft.organization), ("delegation", draft.delegation)]
    texts += [("name", person.name) for person in draft.members] + [("bank", person.bank or "") for person in draft.members]
    return [
        Problem("too_long", where, f"{LABELS[code]}有{len(text)}个字，最多{LIMITS[code]}个", "请缩短后再导入；较长的说明可放在“简介”列")
        for code, text in texts if len(text) > LIMITS[code]
    ]  # fmt: skip


def mask(person) -> str:
    """A member for the audit trail: "高新立 第一完成人 137****5568 6101**********0008"."""
    numbers = (identity.mask_phone(person.phone or ""), identity.mask_id(person.id_number or ""), identity.mask_account(person.account or ""))
    return " ".join(part for part in (person.name, ROLES[person.role], *numbers) if part)
