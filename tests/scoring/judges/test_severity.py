import random
import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import Panel, judge_profiles, panel_drift
from tests.scoring.build import entry, field, plain, roadshow

PART = roadshow()


def profiles(rows, runs=(), part=PART):
    facts = field(*(entry(at, part, *row) for at, row in enumerate(rows, 1)))
    return judge_profiles(plain(part), facts, "roadshow", runs)


def test_a_judge_is_measured_against_the_others_only():
    first, second, third = profiles([["80", "90", "85"], ["70", "80", "75"], ["60", "72", "66"]])
    assert first.shift.figure.value == Fraction(-15 - 15 - 18, 6) and second.shift.figure.value == Fraction(15 + 15 + 18, 6)
    assert third.shift.figure.value == 0 and third.shift.sentence.startswith("评委3 平均与其他评委一样高")


def test_the_worth_of_the_entries_falls_out():
    """Judge 1 marks the good entries only, as severely as judge 2; without adjustment that judge would look lenient."""
    rows = [["90", "90", "92"], ["88", "89", "89"], ["91", "90", "91"], ["absent", "60", "61"], ["absent", "62", "61"], ["absent", "58", "59"]]
    first, second, third = profiles(rows)
    assert first.sheets == 3 and abs(first.shift.figure.value) <= 1


def test_the_interval_is_students():
    stats = pytest.importorskip("scipy.stats")
    rows = [["80", "90", "85"], ["70", "82", "75"], ["60", "72", "69"], ["65", "70", "66"], ["88", "90", "91"]]
    away = [float(row[0]) - (float(row[1]) + float(row[2])) / 2 for row in rows]
    half = stats.t.ppf(0.975, 4) * statistics.stdev(away) / 5 ** 0.5
    figure = profiles(rows)[0].shift.figure
    assert (figure.low, figure.high) == pytest.approx((statistics.mean(away) - half, statistics.mean(away) + half), abs=1e-9)


def test_sentences_about_severity():
    chance = random.Random(7)
    rows = [[f"{base + chance.gauss(0, 1):.1f}" for _ in range(3)] for base in range(60, 90, 2)]
    hard = [[row[0], row[1], f"{float(row[2]) - 2:.1f}"] for row in rows]
    found = profiles(hard)[2].shift
    low, high = f"{found.figure.low:.2f}".replace("-", "−"), f"{found.figure.high:.2f}".replace("-", "−")
    assert found.sentence == f"评委3 平均比其他评委低 {-float(found.figure.value):.2f} 分（95% 区间 {low} 至 {high}），偏严" and found.stands_out
    assert profiles(rows)[2].shift.sentence.endswith("看不出偏严或偏宽")
    assert profiles(hard[:2])[2].shift.sentence.endswith("只有 2 项，不足以下结论")
    assert profiles([[mark, f"{float(mark) + 1:.1f}", mark] for mark, *_ in rows])[1].shift.sentence.endswith("偏宽")


def test_a_shift_that_moves_nobody_is_called_small():
    found = profiles([[f"{base}", f"{base}.1"] for base in range(50, 90, 4)])[1].shift
    assert found.sentence.endswith("，偏宽，但幅度很小") and not found.stands_out


def test_where_low_is_good_there_is_no_severity():
    part = roadshow(Panel("mean", better="low"))
    assert profiles([[f"{at}", f"{at + 2}"] for at in range(1, 12)], part=part)[1].shift.sentence.endswith("偏高")


def test_one_judge_is_compared_with_nobody():
    (only,) = profiles([["80"], ["90"], ["70"]], [[1, 2, 3]])
    assert only.shift.figure is None and only.spread.figure is None and only.drift.figure is None
    assert only.shift.sentence == "评委1 评的各项没有别的评委，无从比较"


def test_use_of_the_range():
    rows = [[str(70 + at), str(60 + 3 * at), str(61 + 3 * at)] for at in range(10)]
    first, second, third = profiles(rows)
    assert first.spread.figure.value == pytest.approx(1 / 3) and first.spread.stands_out
    assert first.spread.sentence == "评委1 的分数拉得不开（标准差 3.03，其他评委 9.08），对名次的影响比别人小"
    assert second.spread.figure.value == pytest.approx((9 / 5) ** 0.5) and "相近" in second.spread.sentence
    wide = profiles([[str(60 + 4 * at), str(70 + at), str(70 + at)] for at in range(10)])[0]
    assert "拉得很开" in wide.spread.sentence and wide.spread.stands_out


def test_the_range_of_few_or_equal_marks():
    assert profiles([["80", "81"], ["82", "88"]])[0].spread.sentence == "评委1 与别人共同评的不足 3 项，看不出拉分的幅度"
    assert profiles([["80", "81"], ["82", "81"], ["90", "81"]])[0].spread.sentence.startswith("其他评委对各项打分相同")
    assert "项数少" in profiles([["80", "81"], ["82", "88"], ["90", "85"]])[0].spread.sentence


def test_drift_over_the_running_order():
    stats = pytest.importorskip("scipy.stats")
    chance, order = random.Random(5), list(range(1, 21))
    chance.shuffle(order)
    turn = {number: at for at, number in enumerate(order, 1)}
    rows = []
    for number in range(1, 21):
        base = 70 + chance.gauss(0, 5)
        rows.append([f"{base + turn[number] / 2 + chance.gauss(0, 1):.1f}", *(f"{base + chance.gauss(0, 1):.1f}" for _ in range(3))])
    first, second, *_ = profiles(rows, [order])
    away = [float(row[0]) - sum(map(float, row[1:])) / 3 for row in rows]
    line = stats.linregress([turn[number] for number in range(1, 21)], away)
    half = stats.t.ppf(0.975, 18) * line.stderr
    assert (float(first.drift.figure.value), first.drift.figure.low) == pytest.approx((line.slope, line.slope - half), abs=1e-9)
    whole = f"{line.slope * 19:.2f}"
    assert first.drift.stands_out and first.drift.sentence.startswith(f"评委1 相对其他评委越往后打得越高，从第一项到最后一项约高 {whole} 分（95% 区间 ")
    assert profiles(rows)[0].drift.sentence == "没有出场顺序，看不出评委1 前后是否一致"


def test_sessions_are_taken_apart():
    rows = [[str(80 + at % 4), "80", "80"] for at in range(8)]
    together, apart = profiles(rows, [range(1, 9)])[0], profiles(rows, [range(1, 5), range(5, 9)])[0]
    assert apart.drift.figure.value == 1 and together.drift.figure.value < 1


def test_too_few_turns():
    assert profiles([["80", "81"]] * 3, [[1, 2, 3]])[0].drift.sentence == "评委1 有出场顺序的只有 3 项，看不出前后是否一致"


def test_the_whole_panel_may_drift():
    facts = field(*(entry(at, PART, str(70 + 2 * at), str(75 + 2 * at), "absent") for at in range(1, 9)))
    found = panel_drift(plain(PART), facts, "roadshow", [range(1, 9)])
    assert found.figure.value == 2 and found.sentence.startswith("全体评委的平均分越往后打得越高，从第一项到最后一项约高 14.00 分")
    assert panel_drift(plain(PART), facts, "roadshow", []).sentence == "没有出场顺序，看不出全体评委的平均分前后是否一致"


def test_a_substitute_is_no_drift_of_the_panel():
    """A lenient judge takes the place of a severe one half-way; nobody's own marks rise."""
    rows = [[str(70 + at % 2), str(60 + at % 2), "missing"] for at in range(4)] + [[str(70 + at % 2), "missing", str(90 + at % 2)] for at in range(4)]
    found = panel_drift(plain(PART), field(*(entry(at, PART, *row) for at, row in enumerate(rows, 1))), "roadshow", [range(1, 9)])
    assert abs(found.figure.value) < Fraction(1, 10) and not found.stands_out


@given(st.lists(st.lists(st.integers(0, 100), min_size=3, max_size=3), min_size=1, max_size=8), st.integers(-20, 20))
def test_raising_one_judge_raises_that_figure_alone(rows, by):
    before = profiles([[str(mark) for mark in row] for row in rows])
    after = profiles([[str(row[0] + by), *map(str, row[1:])] for row in rows])
    assert after[0].shift.figure.value - before[0].shift.figure.value == by
    assert after[1].shift.figure.value - before[1].shift.figure.value == Fraction(-by, 2)
    assert sum(profile.shift.figure.value for profile in before) == 0


def test_a_chinese_name_is_not_set_off():
    facts = field(*(entry(at, PART, *row) for at, row in enumerate([["80", "82"]] * 4, 1)))._replace(judges={1: "沈其昌", 2: "王 5"})
    first, second = judge_profiles(plain(PART), facts, "roadshow")
    assert first.shift.sentence.startswith("沈其昌平均比") and second.shift.sentence.startswith("王 5 平均比")
