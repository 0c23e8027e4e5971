"""`compete tally` and `compete check-scheme`: what they say, what they write, their exit codes; no installation is needed."""

import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from compete.office import cli, progress
from scoring import form

ROOT = Path(__file__).resolve().parents[2]
FILE = {
    "format": "compete-tally", "version": 1, "title": "职工技能竞赛 · 焊工",
    "scheme": {"parts": [{"code": "skill", "name": "实操", "criteria": [{"code": "all", "name": "综合"}], "panel": {"rule": "mean", "minimum_judges": 1}}],
               "tiers": [{"code": "first", "name": "一等奖", "count": 1, "prize": 2000}]},
    "entries": [{"number": "1", "name": "王小明", "organization": "合肥一建", "marks": {"skill": {"J1": 90, "J2": 91}}},
                {"number": "2", "name": "Li", "organization": "芜湖造船", "marks": {"skill": {"J1": 95, "J2": "recused"}}, "penalties": [{"points": 1, "reason": "超时"}]},
                {"number": "3", "name": "张伟", "status": "absent"}]}
TABLE = """职工技能竞赛 · 焊工

名次  编号  名称    单位      扣分   总分  奖项
────  ────  ──────  ────────  ────  ─────  ──────
   1  2     Li      芜湖造船     1  94.00  一等奖
   2  1     王小明  合肥一建        90.50
   -  3     张伟                     缺考

奖项
一等奖（计划 1，每个 2000.00 元）：2，共 1 个
奖金合计 2,000.00 元
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """run("tally", file) -> (exit code, stdout, stderr), in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMPETE_DATA", "/nowhere/at/all")

    def call(*arguments):
        code = cli.run([str(one) for one in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def saved(change=None, name="a.json"):
    Path(name).write_text(json.dumps(FILE | (change or {}), ensure_ascii=False), encoding="utf-8")
    return name


def entries(*given):
    return {"entries": [{"number": str(at), "marks": {"skill": marks}} for at, marks in enumerate(given, 1)]}


def test_standings_are_a_table(run):
    assert run("tally", saved()) == (0, TABLE, "")


def test_json_is_the_result(run):
    code, out, _ = run("tally", saved(), "--format", "json")
    found = json.loads(out)
    assert (code, found["format"], found["version"], found["releasable"]) == (0, "compete-result", 1, True)
    assert [(one["place"], one["number"], one["score"], one["exact"], one["awards"]) for one in found["standings"]] == [
        (1, "2", "94.00", "94", ["一等奖"]), (2, "1", "90.50", "181/2", []), (None, "3", "", None, [])]
    assert found == json.loads(form.dumps(form.result(form.read(FILE))))


def test_the_way_of_one_entry(run):
    code, out, _ = run("tally", saved(), "--explain", "2")
    assert code == 0 and out.startswith("2 号 Li\n\n实操  95.00\n") and "回避" in out and out.endswith("。\n")
    code, out, _ = run("tally", saved(), "--explain", "2", "--format", "json")
    found = json.loads(out)
    assert (list(found), found["number"], found["name"]) == (["number", "name", "steps", "sentence"], "2", "Li")
    assert [step["code"] for step in found["steps"]] == ["part:skill", "penalty", "total", "place"]
    assert found["steps"][0] == {"code": "part:skill", "label": "实操", "result": "95.00", "detail": found["steps"][0]["detail"],
                                 "figures": [{"label": "J1", "text": "95.00", "note": ""}, {"label": "J2", "text": "—", "note": "回避"}]}
    assert "95.00" in found["steps"][0]["detail"] and found["sentence"].endswith("总分 94.00，第 1 名。")
    assert run("tally", saved(), "--explain", "9") == (2, "", "没有编号 9。请用 compete tally 列出全部编号。\n")


@pytest.mark.parametrize("change, told", [
    (entries({"J1": 90}, {"J1": None}), "问题：2 号 · 实操：实操缺 J1 的打分。请补齐打分或成绩；评委不能打分的请登记回避或缺席\n"),
    (entries({"J1": 90}, {"J1": 90}), "问题：第 1 名：1、2 号总分同为 90.00，同分规则不能区分。"),
])
def test_an_open_result_answers_1_and_says_why(run, change, told):
    code, out, err = run("tally", saved(change))
    assert code == 1 and told in err and "名次" in out


def test_all_problems_of_a_file_are_told_and_answer_2(run):
    bad = {"entries": [{"number": "1", "marks": {"skill": {"J1": 101}}}, {"number": "1"}], "titel": "x"}
    code, out, err = run("tally", saved(bad))
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "文件有 3 处问题，请改正后再算：", "  文件：没有“titel”这个字段。是否为“title”？",
        "  参赛对象 1 · skill · J1：综合：101 分超出范围，应在 0 到 100 之间。请改为 0 到 100 之间的分数",
        "  参赛对象 1：第 2 个与第 1 个编号相同。请为每个参赛对象取不同的编号"]


@pytest.mark.parametrize("arguments, told", [
    (("tally",), "缺少 文件。"), (("tally", "无.json"), "不能打开 无.json"), (("tally", "a.json", "-o", "a.txt"), "a.txt 应以 .xlsx 结尾。"),
    (("tally", "a.json", "--convert", "a.txt"), "a.txt 应以 .json 或 .xlsx 结尾。"), (("tally", "bad.json"), "文件第 1 行第 2 个字符：不是正确的 JSON。"),
    (("tally", "junk.xlsx"), "junk.xlsx："), (("tally", "a.json", "--places", "x"), "x 不对，应是不小于 0 的整数"),
    (("tally", "a.json", "-o", "nowhere/a.xlsx"), "不能写入 nowhere/a.xlsx"), (("check-scheme",), "缺少 文件。")])
def test_refusals_are_one_line(run, arguments, told):
    saved()
    Path("bad.json").write_text("{")
    Path("junk.xlsx").write_bytes(b"PK\x03\x04junk")
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and told in err and err.count("\n") == 1


def test_json_and_workbook_are_converted_both_ways(run):
    assert run("tally", saved(), "--convert", "b.xlsx") == (0, "已写入 b.xlsx\n", "")
    assert run("tally", "b.xlsx", "--convert", "c.json") == (0, "已写入 c.json\n", "")
    assert form.read(form.loads(Path("c.json").read_bytes())) == form.read(form.loads(Path("a.json").read_bytes()))
    assert run("tally", "b.xlsx")[1] == TABLE


def test_the_template_is_ready_to_be_computed(run):
    assert run("tally", "--template", "样表.xlsx")[0] == 0
    code, out, err = run("tally", "样表.xlsx", "-o", "成绩.xlsx")
    assert (code, err) == (0, "成绩汇总表已写入 成绩.xlsx\n") and "王小明" in out
    assert openpyxl.load_workbook("成绩.xlsx").sheetnames[0] == "成绩汇总表"


def test_one_sheet_of_marks_with_the_rule_in_the_command(run):
    book = openpyxl.Workbook()
    for row in (["编号", "姓名", "评委1", "评委2", "评委3"], [1, "甲", 90, 80, 70], [2, "乙", 60, 60, 90]):
        book.active.append(row)
    book.save("marks.xlsx")
    code, out, err = run("tally", "marks.xlsx", "--rule", "median", "--places", "1")
    assert (code, err) == (0, "规则：中位数，保留 1 位小数，同分并列。可用 --rule 等选项更改\n")
    assert out.splitlines()[-2:] == ["   1  1     甲    80.0", "   2  2     乙    60.0"]
    code, out, err = run("tally", "marks.xlsx", "--rule", "medain")
    assert code == 2 and "没有“medain”这条规则。是否为“median”？" in err


def test_a_scheme_is_checked(run):
    assert run("check-scheme", saved()) == (0, "方案没有问题：1 个环节，3 个参赛对象。\n", "")
    parts = [{**FILE["scheme"]["parts"][0], "code": code, "weight": 30} for code in "ab"]
    code, out, err = run("check-scheme", saved({"scheme": {"parts": parts}, "entries": []}))
    assert (code, err) == (1, "") and out.startswith("问题：评分环节：权重合计 60，还差 40。") and out.endswith("共发现 1 处问题。\n")


def test_the_schema_is_printed(run):
    code, out, _ = run("check-scheme", "--schema")
    assert code == 0 and json.loads(out) == json.loads(form.dumps(form.schema()))


HEAVY = ("flask", "sqlalchemy", "openpyxl", "numpy", "compete.models", "compete.excel", "compete.office.tally_judges", "scoring.form.judges")


def test_the_command_loads_no_server_and_no_database(tmp_path):
    """It starts in a moment, and two processes print the same bytes."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps(FILE, ensure_ascii=False), encoding="utf-8")
    script = f"import sys; from compete.office import cli; cli.run(['tally', {str(path)!r}, '--format', 'json']); " \
             f"print([name for name in {HEAVY!r} if name in sys.modules])"
    told = {subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8",
                           env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}).stdout for seed in "12"}
    assert len(told) == 1 and told.pop().endswith("}\n[]\n")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_is_drawn_on_a_terminal_when_it_lasts():
    drawn, half = Terminal(), re.compile(r"\[#{12}·{12}\] 计算… \d+ 秒")
    until = time.monotonic() + 60
    with progress.Progress(2, drawn, patience=0.01) as bar:
        bar.stage("读取")
        bar.stage("计算")
        while not half.search(drawn.getvalue()) and time.monotonic() < until:
            bar.ended.wait(0.01)
    assert half.search(drawn.getvalue()) and drawn.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("stream, patience", [(io.StringIO(), 0.0), (Terminal(), 5.0)])
def test_no_bar_elsewhere_or_for_a_moment(stream, patience):
    with progress.Progress(1, stream, patience=patience) as bar:
        bar.stage("读取")
    assert stream.getvalue() == ""
