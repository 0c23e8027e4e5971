"""The file form: what a person writes becomes values of the engine, or every problem at once, each with its place."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring import UNIT, Panel, Rounding, SheetFact, compute
from scoring.form import Tally, dumps, loads, read, write

PART = {"code": "run", "name": "单轮", "criteria": [{"code": "score", "name": "得分", "step": 1}], "panel": {"minimum_judges": 3}}
ENTRIES = [{"number": "11", "name": "甲", "marks": {"run": {"J1": 89, "J2": 92, "J3": 91}}},
           {"number": "12", "marks": {"run": {"J1": 90, "J2": "recused", "J3": None}}}]


def file(scheme=None, entries=ENTRIES, **more):
    return {"format": "compete-tally", "version": 1, "scheme": scheme or {"parts": [PART]}, "entries": entries, **more}


def told(data):
    """The problems as people read them."""
    found = read(data)
    assert isinstance(found, tuple), found
    return [str(problem) for problem in found]


def scheme(**fields):
    found = read(file({"parts": [PART], **fields}, []))
    assert isinstance(found, Tally), [str(problem) for problem in found]
    return found.scheme


def test_a_file_becomes_scheme_and_facts():
    tally = read(file(title="焊工", judges={"J2": "李评委"}, chief=["J2"]))
    assert (tally.title, tally.names, tally.judges) == ("焊工", {1: "甲", 2: ""}, {1: "J2", 2: "J1", 3: "J3"})
    assert tally.facts.judges == {1: "李评委", 2: "J1", 3: "J3"}
    assert tally.facts.entries[0].sheets["run"] == tuple(
        SheetFact(judge, "submitted", units * UNIT, (("score", units * UNIT),), judge == 1) for judge, units in ((2, 89), (1, 92), (3, 91)))
    assert [sheet.state for sheet in tally.facts.entries[1].sheets["run"]] == ["submitted", "recused", "missing"]
    assert [standing.status for standing in compute(tally.scheme, tally.facts).standings] == ["competing", "incomplete"]


def test_numbers_are_in_the_units_of_people():
    found = scheme(tiers=[{"code": "first", "name": "一等奖", "ratio": Decimal("12.5"), "prize": "2000.50"}],
                   minimum_score="60", rounding={"places": 3})
    assert (found.tiers[0].ratio, found.tiers[0].prize_fen, found.minimum_score, found.rounding) == (1250, 200050, 60 * UNIT, Rounding(3))
    part = read(file({"parts": [PART | {"multiple": Decimal("0.6"), "weight": "100%"}]})).scheme.parts[0]
    assert (part.multiple, part.weight, part.criteria[0].weight) == ("0.6", 100 * UNIT, 100 * UNIT)


@pytest.mark.parametrize("text, units", [("1:02.5", 625_000), ("1:00:00", 3600 * UNIT), ("１２．５", 125_000), ("−3", -3 * UNIT)])
def test_figures_may_be_written_as_people_do(text, units):
    assert read(file(entries=[{"number": 1, "figures": {"time": text}}])).facts.entries[0].figures == {"time": units}


@pytest.mark.parametrize("change, message", [
    ({"titel": "x"}, "文件：没有“titel”这个字段。是否为“title”？"),
    ({"version": 2}, "文件 · 版本：版本“2”不能识别。请使用版本 1，或升级本系统"),
    ({"format": "scheme"}, "文件 · 格式：这不是评分文件。请在开头写明 \"format\": \"compete-tally\""),
    ({"chief": ["J9"]}, "文件 · 总评委：没有评委“J9”。可用的有 J1、J2、J3"),
    ({"decisions": [{"numbers": ["11", "21"]}]}, "文件 · 决议 第 1 条：没有 21 号参赛对象。可用的有 11、12"),
    ({"decisions": [{"numbers": ["11"]}]}, "文件 · 决议 第 1 条：须列出两个以上不同的编号。请按决议的先后列出同分者"),
    ({"vacancies": {"frist": 1}, "scheme": {"parts": [PART], "tiers": [{"code": "first", "name": "一等奖", "count": 1}]}},
     "文件 · 空缺：没有奖项“frist”。是否为“first”？"),
])
def test_problems_of_the_file(change, message):
    assert told(file() | change) == [message]


@pytest.mark.parametrize("fields, message", [
    ({"panel": {"rule": "trimed_mean"}}, "评分方案 · 评分环节 run · 评委组 · 规则：没有“trimed_mean”这条规则。是否为“trimmed_mean”？"),
    ({"panel": {"rule": "平均分"}}, "评分方案 · 评分环节 run · 评委组 · 规则：没有“平均分”这条规则。请写 mean（平均分）"),
    ({"criteria": [{"code": "a", "stp": 1}]}, "评分方案 · 评分环节 run · 评分项 a：没有“stp”这个字段。是否为“step”？"),
    ({"criteria": {}}, "评分方案 · 评分环节 run · 评分项：应为列表，写的是一组字段。请写成 [ … ]"),
    ({"criteria": [{"code": "a", "step": "0.00001"}]}, "评分方案 · 评分环节 run · 评分项 a · 间隔：“0.00001”小数位数过多，最多 4 位。请去掉多余的小数"),
    ({"multiple": "两倍"}, "评分方案 · 评分环节 run · 倍数：“两倍”不是精确的小数或分数。请填写例如 0.3 或 10/3"),
    ({"required": 1}, "评分方案 · 评分环节 run · 必须完成：应为 true 或 false，写的是“1”。是写 true，否写 false"),
    ({"rounding": {"places": Decimal("1.5")}}, "评分方案 · 评分环节 run · 舍入 · 小数位数：“1.5”小数位数过多，应为整数。请去掉多余的小数"),
    ({"criteria": [{"code": "a", "table": [[1, 2, 3]]}]}, "评分方案 · 评分环节 run · 评分项 a · 对照表 · 第 1 个：应有 2 个值，写了 3 个。例如 [[0, 0], [1, 5]]"),
])
def test_problems_of_a_part(fields, message):
    assert told(file({"parts": [PART | fields]}, []))[0] == message


def test_an_exact_fraction_of_the_field_has_its_own_field():
    data = file({"parts": [PART], "tiers": [{"code": "gold", "name": "金牌", "ratio": "1/12"}]}, [])
    assert told(data) == ["评分方案 · 奖项 gold · 比例：“1/12”不能用百分数写准。请不填 ratio，写在 fraction 里"]


@pytest.mark.parametrize("entry, message", [
    ({"marks": {"rum": {}}}, "参赛对象 11：没有“rum”这个评分环节。是否为“run”？"),
    ({"marks": {"run": {"J3": 101}}}, "参赛对象 11 · run · J3：得分：101 分超出范围，应在 0 到 100 之间。请改为 0 到 100 之间的分数"),
    ({"marks": {"run": {"J3": "recusd"}}}, "参赛对象 11 · run · J3：“recusd”既不是分数，也不是评分表的状态。是否为“recused”？"),
    ({"marks": {"run": {"J3": "回避"}}}, "参赛对象 11 · run · J3：“回避”既不是分数，也不是评分表的状态。请写 recused"),
    ({"marks": {"run": {"J3": {"scor": 1}}}}, "参赛对象 11 · run · J3：没有“scor”这个评分项。是否为“score”？"),
    ({"marks": {"run": {"J3": [1]}}}, "参赛对象 11 · run · J3：应为数，写的是列表。请填写数字"),
    ({"status": "缺考"}, "参赛对象 11 · 状态：没有“缺考”这条规则。请写 absent（缺考）"),
    ({"status": "incomplete"}, "参赛对象 11 · 状态：没有“incomplete”这条规则。是否为“competing”？"),
    ({"figures": {"run": 5}}, "参赛对象 11 · 数据 · run：这个环节由评委打分。请写在 marks 里"),
    ({"replacements": {"run": {"J8": 5}}}, "参赛对象 11 · 复议分 · run：评委“J8”没有给这个对象打分。请改正评委代码"),
    ({"name": Decimal("3.5")}, "参赛对象 11 · 名称：应为文字，写的是“3.5”。请写在引号里"),
])
def test_problems_of_an_entry(entry, message):
    assert told(file(entries=[{"number": "11", **entry}])) == [message]


def test_all_problems_come_at_once():
    entries = [{"number": "11", "marks": {"run": {"J1": 200}}}, {"number": "11"}, {"name": "丁"}, 5]
    found = told(file({"parts": [PART | {"wieght": 5}]}, entries))
    assert [problem.split("：")[0] for problem in found] == [
        "评分方案 · 评分环节 run", "参赛对象 11 · run · J1", "参赛对象 11", "参赛对象 第 3 个", "参赛对象 第 4 个"]


def test_problems_of_the_scheme_are_those_of_its_check():
    parts = [PART | {"code": code, "weight": weight} for code, weight in (("a", 30), ("b", 60))]
    assert told(file({"parts": parts}, [])) == [str(problem) for problem in replace_parts(parts).check()]


def replace_parts(parts):
    """A scheme whose weights do not add up, read part by part."""
    base = read(file(entries=[])).scheme
    return replace(base, parts=tuple(replace(base.parts[0], code=part["code"], weight=part["weight"] * UNIT) for part in parts))


def test_a_float_is_a_fault_of_the_program():
    with pytest.raises(TypeError):
        read(file(entries=[{"number": 1, "figures": {"time": 1.5}}]))


@pytest.mark.parametrize("text, message", [
    ("{", "文件第 1 行第 2 个字符：不是正确的 JSON。请检查附近的引号、逗号和括号"),
    ('{"a": 1, "a": 2}', "文件：同一组里“a”出现两次。请只保留一处"),
    ('{"a": NaN}', "文件：“NaN”不是数。请填写数字，没有打分请写 null"),
    ("[" * 100_000, "文件：数字过长或层次过深。请确认是评分文件"),
    (b"\xff\xff", "文件：文字编码不是 UTF-8。请另存为 UTF-8 编码"),
    ("9" * 5000, "文件：数字过长或层次过深。请确认是评分文件"),
])
def test_text_that_is_no_file(text, message):
    assert str(loads(text)) == message


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999999", "123456789012345", "-1e40"])
def test_outsized_numbers_cost_nothing(number):
    data = loads(dumps(file(entries=[{"number": 1}])).replace('"number": 1', f'"number": 1, "figures": {{"x": {number}}}'))
    assert len(told(data)) == 1


def test_written_and_read_again_it_is_the_same():
    rich = file({"parts": [PART | {"panel": {"minimum_judges": 3, "rounding": {"places": 1, "mode": "floor"}}, "multiple": "10/3"}],
                 "ties": [{"code": "shared"}], "tiers": [{"code": "gold", "name": "金牌", "ratio": 10, "prize": "1234.5"}]},
                [*ENTRIES, {"number": "A1", "name": "丙", "organization": "一建", "delegation": "合肥", "division": "东", "persons": ["丙"],
                            "status": "absent", "seeded": True, "figures": {"time": Decimal("61.25")},
                            "penalties": [{"points": Decimal("0.5"), "reason": "超时", "part": PART["code"]}, {"points": -1}]}],
                title="题", source="源", judges={"J3": "三"}, chief=["J1"],
                decisions=[{"numbers": ["12", "11"], "reason": "加赛"}], vacancies={"gold": 1})
    tally = read(rich)
    assert isinstance(tally, Tally), [str(problem) for problem in tally]
    text = dumps(write(tally))
    assert read(loads(text)) == tally
    assert dumps(write(read(loads(text)))) == text


def test_a_penalty_names_a_part_of_the_scheme():
    said = told(file(entries=[{"number": "1", "penalties": [{"points": 1, "part": "skil"}]}]))
    assert len(said) == 1 and "参赛对象 1 · 扣分" in said[0] and "没有“skil”这个评分环节" in said[0]


def test_defaults_are_left_out():
    usual = {name: value for name, value in PART.items() if name != "panel"}
    assert write(read(file())) == {"format": "compete-tally", "version": 1, "scheme": {"parts": [usual]}, "entries": ENTRIES}


def panel_of(given):
    part = {name: value for name, value in PART.items() if name != "panel"} | ({} if given is None else {"panel": given})
    return read(file({"parts": [part]}))


@pytest.mark.parametrize("given, fewest", [
    ({"rule": "median"}, 1), ({"rule": "sum"}, 1), ({"rule": "trimmed_mean"}, 3), ({"rule": "trimmed_sum", "drop_high": 2, "drop_low": 2}, 5),
    ({"drop_low": 0}, 2), ({}, 3), (None, 3), ({"rule": "median", "minimum_judges": 5}, 5), ({"minimum_judges": 4}, 4)])
def test_a_panel_needs_the_judges_that_its_rule_needs_unless_the_file_says_more(given, fewest):
    tally = panel_of(given)
    assert tally.scheme.parts[0].panel.minimum_judges == fewest
    assert read(loads(dumps(write(tally)))) == tally
    said = write(tally)["scheme"]["parts"][0].get("panel", {})
    assert said.get("minimum_judges") == (fewest if fewest > 3 and given.get("rule") != "trimmed_sum" else None)


def test_a_panel_made_with_the_engines_own_default_keeps_it():
    tally = panel_of({"rule": "median"})
    part = replace(tally.scheme.parts[0], panel=Panel("median"), weight=50 * UNIT)
    tally = replace(tally, scheme=replace(tally.scheme, parts=(part, replace(part, code="imported", kind="figure", panel=Panel()))))
    written = write(tally)["scheme"]["parts"]
    assert written[0]["panel"] == {"rule": "median", "minimum_judges": 5} and "panel" not in written[1]
    assert read(loads(dumps(write(tally)))).scheme == tally.scheme


@pytest.mark.parametrize("rule, marks, score", [
    ("median", (1, 2, 9), "2.00"), ("sum", (1, 2, 9), "12.00"), ("trimmed_mean", (1, 2, 3, 9), "2.50"), ("trimmed_sum", (1, 2, 9), "2.00"),
    ("sum", (1, 2, "recused"), "4.50")])
def test_a_rule_is_what_it_says_with_three_or_four_judges(rule, marks, score):
    part = PART | {"panel": {"rule": rule}, "scale": "raw"}
    tally = read(file({"parts": [part]}, [{"number": 1, "marks": {"run": {f"J{at}": mark for at, mark in enumerate(marks, 1)}}}]))
    assert compute(tally.scheme, tally.facts).standings[0].score_text == score
    assert not tally.notices
