"""The same entries in many layouts: titles, heading rows, merges, gaps, totals, notes, orders of columns."""

import random

import pytest

from tests.excel_in.sheets import resident_id, roster, told

COLUMNS = {
    "number": ["序号", "编 号", "序　号"],
    "title": ["成果名称", "项目名称", "作品名称*", "申报成果名称（全称）", "成果名称／题目"],
    "organization": ["申报单位", "单 位", "所在单位名称", "工作单位（盖章）", "完成单位"],
    "delegation": ["所在市", "代表队", "赛区", "推荐市"],
    "leader": ["第一完成人", "姓名", "项目负责人", "负责人姓名", "第一完成人\n姓名"],
    "members": ["其他完成人", "团队成员", "其他主要完成人（不超过5人）", "参与人员"],
    "phone": ["联系电话", "手机号码", "联系方式（手机）", "手 机"],
    "id_number": ["身份证号", "身份证号码（18位）", "公民身份号码"],
    "cost": ["节约成本\n（万元）"],
    "remark": ["备注"],
}
GROUPS = {"leader": "完成人情况", "members": "完成人情况", "phone": "联系方式", "id_number": "联系方式", "cost": "应用效果"}
FAMILY = "赵钱孙李周吴郑王冯陈"


def people(chance, count):
    return [chance.choice(FAMILY) + "".join(chance.choices("建国伟芳敏静强磊洋勇", k=chance.choice((1, 2)))) for _ in range(count)]


def entries(chance):
    cities = sorted(chance.sample(["合肥市", "芜湖市", "滁州市", "安庆市"], 2))
    return [{"number": str(n), "title": f"{chance.choice(['面向', '基于'])}{chance.choice(['盾构', '焊缝', '巡检'])}技术（{n}号）",
             "organization": f"{chance.choice(['安徽', '国能'])}{chance.choice('甲乙丙')}公司", "delegation": cities[n * 2 > 8],
             "leader": people(chance, 1)[0], "members": people(chance, chance.choice((0, 1, 3))), "phone": f"138{n:08d}",
             "id_number": resident_id(f"340102198{n % 10}0101{n:03d}"), "cost": chance.choice(["", "446", "1303.25", "56.7"]), "remark": ""}
            for n in range(1, 9)]


def typed(chance, code, entry):
    """The value as somebody might type it."""
    value = entry[code]
    if code == "members":
        return chance.choice(["、", "，", ",", "；", " ", "\n"]).join(value) or None
    if code == "leader" and len(value) == 2:
        return chance.choice([value, f"{value[0]}　{value[1]}", f" {value[0]}  {value[1]} "])
    if code == "phone":
        return chance.choice([value, int(value), f"{value[:3]} {value[3:7]} {value[7:]}", f"+86-{value}"])
    if code == "number":
        return chance.choice([int(value), value, chr(0xFF10 + int(value))])
    if code == "cost" and value:
        return chance.choice([float(value), value, "".join(chr(ord(c) + 0xFEE0) for c in value)])
    if code in ("organization", "title"):
        return chance.choice([value, value + "\n", f" {value} "])
    return value or None


class Layout:
    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.entries = entries(self.chance)
        self.order = ["number", *self.chance.sample(["title", "organization", "leader"], 3)]
        rest = [["members"], ["phone", "id_number"], ["cost"], ["remark"], ["delegation"]]
        self.chance.shuffle(rest)
        at = self.order.index("leader")
        # The leader's other columns stand beside the leader, under one heading.
        self.order[at + 1:at + 1] = rest.pop(next(i for i, block in enumerate(rest) if block == ["members"]))
        self.sections = self.chance.random() < 0.3
        self.order += [code for block in rest for code in block if not (self.sections and code == "delegation")]
        self.rows, self.merges = [], []

    def merge(self, top, left, bottom, right):
        letters = "ABCDEFGHIJKLMNOP"
        if (top, left) != (bottom, right):
            self.merges.append(f"{letters[left]}{top}:{letters[right]}{bottom}")

    def build(self):
        chance, width = self.chance, len(self.order)
        if chance.random() < 0.8:
            self.rows.append(["全省职工技术创新竞赛决赛名单"])
            if chance.random() < 0.7:
                self.merge(1, 0, 1, width - chance.choice((1, 2)))
        for line in chance.sample([["填报单位(盖章)：", None, None, "填报日期：2026年6月15日"], [], ["附件1"], ["说明：请勿改动表头。"]], chance.randrange(4)):
            self.rows.append(line)
        self.header(chance.choice((1, 2, 2)))
        self.body()
        for line in chance.sample([[], ["合计", *[None] * (width - 2), 8], ["注：1.本表由各市总工会汇总填报。"], ["填表人：张某", None, "审核人：李某"],
                                   ["共8项"], [9], [10]], chance.randrange(6)):
            self.rows.append(line)
        return self

    def header(self, depth):
        names = [self.chance.choice(COLUMNS[code]) for code in self.order]
        self.header_rows = (len(self.rows) + 1, len(self.rows) + depth)
        if depth == 1:
            self.rows.append(names)
            return
        top, upper, lower, merged = len(self.rows) + 1, [], [], self.chance.random() < 0.7
        for index, code in enumerate(self.order):
            group = GROUPS.get(code)
            before = GROUPS.get(self.order[index - 1]) if index else None
            upper.append(None if group and group == before else group or names[index])
            lower.append(names[index] if group else None)
            if not group:
                self.merge(top, index, top + 1, index)
            elif merged and group != before:
                last = index
                while last + 1 < len(self.order) and GROUPS.get(self.order[last + 1]) == group:
                    last += 1
                self.merge(top, index, top, last)
        self.rows += [upper, lower]

    def body(self):
        chance, city, merged = self.chance, None, self.chance.random() < 0.3
        start = None
        for entry in self.entries:
            if entry["delegation"] != city:
                city = entry["delegation"]
                start = None
                if self.sections:
                    self.rows.append([chance.choice(["一、", "（二）", ""]) + city])
            elif chance.random() < 0.1 and not merged:
                self.rows.append([])
            line = [typed(chance, code, entry) for code in self.order]
            self.rows.append(line)
            # One merged cell for the city of neighbouring entries.
            if merged and "delegation" in self.order:
                column = self.order.index("delegation")
                if start:
                    line[column] = None
                start = start or len(self.rows)
                if entry is self.entries[-1] or self.entries[self.entries.index(entry) + 1]["delegation"] != city:
                    self.merge(start, column, len(self.rows), column)


def check(seed):
    layout = Layout(seed).build()
    found = roster("projects", layout.rows, layout.merges)
    got = [{"number": row.number, "title": row.title, "organization": row.organization, "delegation": row.delegation,
            "leader": row.leader.name, "members": [m.name for m in row.members[1:]], "phone": row.leader.phone,
            "id_number": row.leader.id_number, "cost": row.extras.get("节约成本万元", ""), "remark": ""} for row in found.rows]
    assert found.sheets[0].table.header_rows == layout.header_rows
    assert got == layout.entries
    assert told(found) == []


@pytest.mark.parametrize("seed", range(24))
def test_the_entries_come_out_of_every_layout(seed):
    check(seed)
