"""`compete tally --judges`: statistics of the judges as text and as JSON; spreads that wait for a re-review."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.run.test_tally import ROOT, run  # noqa: F401  (a fixture)

MARKS = ((90, 80, 88), (82, 90, 70), (86, 82, 80), (70, 72, 60), (75, 74, 66), (65, 60, 58), (60, 61, 50), (50, 52, 41), (40, 45, 33), (30, 30, 20))
FILE = {
    "format": "compete-tally", "version": 1, "title": "演讲比赛",
    "scheme": {"parts": [{"code": "talk", "name": "演讲", "criteria": [{"code": "all", "name": "综合"}],
                          "panel": {"rule": "mean", "minimum_judges": 1, "review": 18}}],
               "tiers": [{"code": "first", "name": "一等奖", "count": 1}]},
    "judges": {"J1": "周评委", "J2": "吴评委", "J3": "郑评委"},
    "entries": [{"number": str(at), "name": f"选手{at}", "marks": {"talk": {f"J{judge}": mark for judge, mark in enumerate(marks, 1)}}}
                for at, marks in enumerate(MARKS, 1)]}
ALARM = "提示：2 号 · 演讲：最低 郑评委 70，最高 吴评委 90，相差 20，达到复议警戒 18。请复议，并把复议后的分数记为“talk”的复议分\n"


def saved(change=None):
    Path("a.json").write_text(json.dumps(FILE | (change or {}), ensure_ascii=False), encoding="utf-8")
    return "a.json"


def judged(run, *more):  # noqa: F811
    return json.loads(run("tally", saved(), "--judges", "--format", "json", *more)[1])["judges"]


def test_sentences_and_tables(run):  # noqa: F811
    code, out, err = run("tally", saved(), "--judges")
    plain = run("tally", "a.json")[1]
    assert (code, err) == (0, ALARM) and out.startswith(plain + "\n评委 · 演讲\n3 位评委对 10 项排出的名次非常一致（W = 0.97），几乎不可能是偶然\n")
    told = out.removeprefix(plain)
    assert """
评委    张数  比其他评委        95% 区间  拉分比  每项变化
──────  ────  ──────────  ──────────────  ──────  ────────
周评委    10       +4.20     3.03 ~ 5.37    1.00         -
吴评委    10       +3.90    -0.66 ~ 8.46    0.90         -
郑评委    10       -8.10  -11.79 ~ -4.41    1.09         -

宽严、拉分、前后（※ 值得留意）
  ※ 周评委平均比其他评委高 4.20 分（95% 区间 3.03 至 5.37），偏宽
""" in told
    assert "没有出场顺序，看不出全体评委的平均分前后是否一致" in told
    assert """
须复议
编号  名称   评分项  最低       最高       相差
────  ─────  ──────  ─────────  ─────────  ────
2     选手2  合计    郑评委 70  吴评委 90    20

去掉一位评委会怎样
  · 去掉周评委后，名次和奖项都不变
""" in told
    assert told.endswith("""
奖项有变
去掉    编号  名称   原名次  新名次  原奖项  新奖项
──────  ────  ─────  ──────  ──────  ──────  ──────
郑评委  1     选手1       1       2  一等奖  -
郑评委  2     选手2       3       1  -       一等奖
""")


def test_the_same_as_data(run):  # noqa: F811
    found = judged(run)
    part, = found["parts"]
    assert (part["code"], part["name"], [one["judge"] for one in part["judges"]]) == ("talk", "演讲", ["J1", "J2", "J3"])
    assert part["judges"][2]["name"] == "郑评委" and part["judges"][2]["shift"] == {
        "value": "-8.1000", "low": "-11.7856", "high": "-4.4144", "stands_out": True,
        "sentence": "郑评委平均比其他评委低 8.10 分（95% 区间 −11.79 至 −4.41），偏严"}
    assert part["agreement"][0]["w"] == "0.9731" and part["agreement"][0]["correlation"] == {
        "kind": "ICC(2,1)", "single": "0.9138", "mean": "0.9695", "size": "3.0000"}
    assert part["alarms"] == [{"number": "2", "criterion": "", "low": "70", "low_judge": "J3", "high": "90", "high_judge": "J2", "apart": "20"}]
    last = found["without"][2]
    assert (last["judge"], last["changes"], last["places"][0], last["awards"][1]) == (
        "J3", True, {"number": "1", "before": 1, "after": 2}, {"number": "2", "before": "", "after": "一等奖"})


def test_the_order_of_the_file_counts_only_where_it_is_said_to_be_the_running_order(run):  # noqa: F811
    assert judged(run)["parts"][0]["drift"]["value"] is None
    drift = judged(run, "--in-order")["parts"][0]["drift"]
    assert drift["value"] == "-6.303030" and drift["stands_out"]  # the entries stand from the best to the last


def test_a_part_without_any_sheet(run):  # noqa: F811
    assert run("tally", saved({"entries": [{"number": "1"}]}), "--judges")[1].endswith("\n评委 · 演讲\n还没有评委交来评分表。\n")


def test_a_re_review_ends_the_notice(run):  # noqa: F811
    first, second, *rest = FILE["entries"]
    again = {"entries": [first, {**second, "replacements": {"talk": {"J3": 80}}}, *rest]}
    assert run("tally", saved(again))[2] == ""


def test_spreads_of_a_criterion_and_marks_of_the_team_that_differ(run):  # noqa: F811
    part = {"code": "m", "name": "模块", "scale": "raw", "panel": {"rule": "mean", "level": "criterion", "minimum_judges": 1},
            "criteria": [{"code": "j", "name": "评判", "kind": "judgement", "maximum": 3, "alarm": 1},
                         {"code": "t", "name": "测量", "kind": "yes_no", "maximum": 1, "team": True}]}
    entry = {"number": "7", "marks": {"m": {"J1": {"j": 3, "t": 1}, "J2": {"j": 1, "t": 0}}}}
    code, _, err = run("tally", saved({"scheme": {"parts": [part]}, "entries": [entry]}))
    assert (code, err) == (0, "提示：7 号 · 模块 · 评判：最低 吴评委 1，最高 周评委 3，相差 2，超过分差警戒 1。请复议，并把复议后的分数记为“m/j”的复议分\n"
                              "提示：7 号 · 模块 · 测量：集体记分应当只有一个数，现有 周评委 1、吴评委 0，按第一个计。请评分组核对，改为同一个数\n")


def test_only_whoever_asks_gets_them(run):  # noqa: F811
    assert "judges" not in json.loads(run("tally", saved(), "--format", "json")[1])


def test_two_processes_print_the_same_bytes(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(FILE, ensure_ascii=False), encoding="utf-8")
    told = {subprocess.run([sys.executable, "-m", "compete", "tally", str(path), "--judges", "--format", "json"], cwd=ROOT, check=True,
                           capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in "12"}
    assert len(told) == 1 and json.loads(told.pop())["judges"]["parts"]
