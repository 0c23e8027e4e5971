from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import UNIT, EntryFact, SheetFact, agreement, icc_one_way, icc_two_way, kendall_w
from tests.scoring.build import entry, field, plain, roadshow

PART = roadshow()

# Six targets, four judges: Shrout & Fleiss 1979, table 2.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]

tables = st.tuples(st.integers(2, 8), st.integers(2, 6)).flatmap(
    lambda size: st.lists(st.lists(st.integers(0, 9), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]))


def of(*entries):
    return agreement(plain(PART), field(*entries), "roadshow")


def test_icc_of_the_published_example():
    two, one = icc_two_way(SHROUT_FLEISS), icc_one_way(SHROUT_FLEISS)
    assert [f"{float(figure):.2f}" for figure in (two.single, two.mean, one.single, one.mean)] == ["0.29", "0.62", "0.17", "0.44"]


def test_w_of_three_executives_over_six_applicants():
    """Siegel 1956, p. 230."""
    rows = list(zip([1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]))
    assert kendall_w(rows) == Fraction(51, 315) and f"{float(kendall_w(rows)):.2f}" == "0.16"


def test_w_with_ties():
    """Siegel 1956, p. 234: ten entities, W = 0.828 with the correction for ties."""
    ranks = ["1 4.5 2 4.5 3 7.5 6 9 7.5 10", "2.5 1 2.5 4.5 4.5 8 9 6.5 10 6.5", "2 1 4.5 4.5 4.5 4.5 8 8 8 10"]
    rows = list(zip(*([int(2 * float(rank)) for rank in line.split()] for line in ranks)))
    assert f"{float(kendall_w(rows)):.3f}" == "0.828"


@given(tables)
def test_w_is_a_share(rows):
    w = kendall_w(rows)
    assert w is None or 0 <= w <= 1
    assert (w is None) == all(len(set(column)) == 1 for column in zip(*rows))


@given(tables, st.randoms(use_true_random=False))
def test_w_asks_only_for_the_order(rows, chance):
    stretched = [[(judge + 2) * mark ** 3 - 7 * judge for judge, mark in enumerate(row)] for row in rows]
    chance.shuffle(stretched)
    assert kendall_w(stretched) == kendall_w(rows) == kendall_w([row[::-1] for row in rows])
    assert kendall_w([[-mark for mark in row] for row in rows]) == kendall_w(rows)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=9), st.integers(2, 6))
def test_the_same_ranking_from_all_is_full_agreement(marks, judges):
    assert kendall_w([[mark] * judges for mark in marks]) == (1 if len(set(marks)) > 1 else None)


@given(tables)
def test_w_agrees_with_scipy(rows):
    stats = pytest.importorskip("scipy.stats")
    w = kendall_w(rows)
    if w is not None and len(rows) > 2:
        friedman = stats.friedmanchisquare(*rows).statistic  # over judges as blocks; corrected for ties as W is
        assert float(w) == pytest.approx(friedman / (len(rows[0]) * (len(rows) - 1)))


@given(tables)
def test_icc_agrees_with_analysis_of_variance(rows):
    numpy = pytest.importorskip("numpy")
    marks = numpy.array(rows, float)
    n, k = marks.shape
    whole, by_row, by_column = marks.mean(), marks.mean(axis=1), marks.mean(axis=0)
    between = k * ((by_row - whole) ** 2).sum() / (n - 1)
    judges = n * ((by_column - whole) ** 2).sum() / (k - 1)
    error = ((marks - by_row[:, None] - by_column + whole) ** 2).sum() / ((n - 1) * (k - 1))
    within = ((marks - by_row[:, None]) ** 2).sum() / (n * (k - 1))
    two, one = icc_two_way(rows), icc_one_way(rows)
    if two:
        assert float(two.single) == pytest.approx((between - error) / (between + (k - 1) * error + k * (judges - error) / n))
        assert float(two.mean) == pytest.approx((between - error) / (between + (judges - error) / n))
    if one:
        assert float(one.single) == pytest.approx((between - within) / (between + (k - 1) * within)) and one.size == k


def test_one_way_over_panels_of_unequal_size():
    """n0 = (9 − (4 + 9 + 16) / 9) / 2 = 26/9, means 2, 5, 9: MSB = 37.5, MSW = 20 / 6."""
    found = icc_one_way([[1, 3], [3, 5, 7], [7, 9, 9, 11]])
    within, size = Fraction(2 + 8 + 8, 6), Fraction(26, 9)
    between = (2 * 4 + 3 * 25 + 4 * 81 - Fraction(55 * 55, 9)) / 2
    assert found.size == size and found.single == (between - within) / (between + (size - 1) * within)


def test_nothing_to_correlate():
    assert icc_two_way([[5, 5], [5, 5]]) is None and icc_two_way([[5]]) is None
    assert icc_one_way([[5], [6]]) is None and icc_one_way([]) is None and kendall_w([]) is None


def test_sentences_of_a_panel():
    (found,) = of(*(entry(at, PART, 60 + at * 3, 61 + at * 3, 58 + at * 3) for at in range(1, 11)))
    assert (found.judges, found.entries, found.left_out, found.w) == ((1, 2, 3), 10, 0, 1)
    assert found.w_sentence == "3 位评委对 10 项排出的名次非常一致（W = 1.00），几乎不可能是偶然"
    assert found.correlation_sentence.startswith("分数的可靠性：单个评委很高（ICC(2,1) = 0.97），3 位评委平均之后很高（ICC(2,k) = 0.99）")


def gaps(recused):
    return of(*(entry(at, PART, 60 + at, 61 + at * 2, "recused" if at in recused else 58 + at * 3) for at in range(1, 10)))


def test_an_entry_that_a_judge_did_not_mark_is_left_out():
    (found,) = gaps({3})
    assert (found.entries, found.left_out, found.correlation.kind) == (8, 1, "ICC(2,1)")
    assert "另有 1 项缺某位评委的打分" in found.w_sentence and "按评委都打了分的 8 项、双因素随机模型" in found.correlation_sentence


def test_with_many_gaps_the_model_changes():
    (found,) = gaps({3, 4, 5})
    assert (found.entries, found.left_out, found.correlation.kind) == (6, 3, "ICC(1,1)")
    assert "2.7 位评委平均之后" in found.correlation_sentence and "按单因素模型" in found.correlation_sentence


def test_a_judge_absent_throughout_is_no_judge_of_the_panel():
    (found,) = of(*(entry(at, PART, 60 + at, 61 + at, "absent") for at in range(1, 5)))
    assert found.judges == (1, 2) and found.w == 1 and found.left_out == 0 and found.w_sentence.endswith("项数少，仅供参考")


def test_panels_of_different_judges_are_compared_within_themselves():
    rows = [entry(at, PART, 60 + at, 61 + at) for at in range(1, 5)]
    rows += [EntryFact(at, str(at), sheets={"roadshow": tuple(SheetFact(judge, "submitted", (60 + at + judge) * UNIT) for judge in (7, 8, 9))})
             for at in range(5, 11)]
    over_all, large, small = of(*rows)
    assert over_all.w is None and over_all.correlation.kind == "ICC(1,1)" and "2 种不同的评委组" in over_all.w_sentence
    assert (large.judges, large.entries, small.judges, small.entries) == ((7, 8, 9), 6, (1, 2), 4)


def test_a_panel_for_every_entry_has_only_the_line_over_all():
    rows = [EntryFact(at, str(at), sheets={"roadshow": tuple(SheetFact(at + judge, "submitted", (60 + at) * UNIT) for judge in range(3))})
            for at in range(1, 30)]
    (found,) = of(*rows)
    assert found.correlation.single == 1 and len(found.judges) == 31


@pytest.mark.parametrize("rows, sentence", [
    ([["80"], ["90"], ["70"]], "只有 1 位评委，谈不上是否一致"),
    ([["80", "81"], ["90", "91"]], "2 位评委共同评过的只有 2 项，看不出名次是否一致"),
    ([["80", "80"]] * 4, "2 位评委对 4 项都打了同样的分，排不出名次"),
])
def test_words_instead_of_figures(rows, sentence):
    (found,) = of(*(entry(at, PART, *row) for at, row in enumerate(rows, 1)))
    assert found.w is None and found.correlation is None and found.w_sentence == sentence


def test_no_sheets_no_lines():
    assert of(entry(1, PART, "missing", "missing")) == ()


def test_judges_at_odds_are_told_so():
    (found,) = of(*(entry(at, PART, 60 + at, 80 - at) for at in range(1, 10)))
    assert found.w == 0 and "很不一致（W = 0.00），也可能出于偶然" in found.w_sentence
    assert "几乎没有共同之处" in found.correlation_sentence
