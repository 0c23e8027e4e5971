from fractions import Fraction

import pytest

from scoring import Panel, Rounding, compute
from tests.scoring.build import entry, field, leaf, marked, plain, roadshow
from scoring import EntryFact


def one(panel, *totals, **more):
    part = roadshow(panel, **more)
    return compute(plain(part), field(entry(1, part, *totals))).standings[0]


def uses(standing):
    return [judge.use for judge in standing.parts["roadshow"].judges]


TRIMMED = Panel("trimmed_mean", 1, 1, 5)


def test_mean():
    assert one(Panel("mean"), "80", "90", "85.5").score_text == "85.17"


def test_trimmed_mean():
    standing = one(TRIMMED, "96.5", "88", "92", "92", "93")
    assert standing.score_text == "92.33"
    assert uses(standing) == ["dropped_high", "dropped_low", "used", "used", "used"]
    assert standing.parts["roadshow"].used == 3


def test_nothing_is_called_dropped_before_the_last_sheet_is_in():
    assert uses(one(TRIMMED, 90, 80, 85, 86, 87, "draft")) == ["used"] * 5 + ["missing"]


def test_two_high_and_two_low():
    assert one(Panel("trimmed_mean", 2, 2, 7), 8, 8, 8, 8, "8.5", "8.5", 9).score_text == "8.17"


def test_only_the_highest_is_dropped():
    standing = one(Panel("trimmed_mean", 1, 0, 3), "90", "80", "70")
    assert (standing.score_text, uses(standing)) == ("75.00", ["dropped_high", "used", "used"])


def test_equal_marks_drop_two_different_judges():
    assert uses(one(TRIMMED, 90, 90, 90, 90, 90)) == ["dropped_high", "used", "used", "used", "dropped_low"]


@pytest.mark.parametrize("totals, score", [(("80", "90", "70"), "80.00"), (("80", "90", "70", "85"), "82.50"), (("80",), "80.00")])
def test_median(totals, score):
    assert one(Panel("median", minimum_judges=1), *totals).score_text == score


def test_recusal_and_absence_shrink_the_panel_and_are_not_zero():
    standing = one(Panel("mean"), "80", "recused", "absent", "90")
    assert standing.score_text == "85.00"
    assert uses(standing) == ["used", "recused", "absent", "used"]


def test_a_shrunk_panel_falls_back_to_the_mean():
    standing = one(TRIMMED, "80", "90", "100", "recused", "recused")
    assert (standing.score_text, uses(standing)[:3]) == ("90.00", ["used", "used", "used"])


def test_or_gives_no_score_at_all():
    standing = one(Panel("trimmed_mean", 1, 1, 5, "refuse"), "80", "90", "100", "recused", "recused")
    assert (standing.status, standing.place) == ("incomplete", None)
    assert standing.reason == "现场路演只有 3 位评委的打分，少于规定的 5 位"


def test_trimming_never_takes_everything():
    assert one(Panel("trimmed_mean", 1, 1, 1), "80", "90").score_text == "85.00"


@pytest.mark.parametrize("state", ["missing", "draft", "returned"])
def test_an_unfinished_sheet_is_not_a_zero(state):
    standing = one(Panel("mean"), "80", state)
    assert (standing.status, standing.score, standing.place) == ("incomplete", None, None)
    assert standing.reason == "现场路演缺 评委2 的打分"


@pytest.mark.parametrize("totals", [(), ("recused", "absent")])
def test_no_mark_at_all_is_incomplete(totals):
    assert one(Panel("mean"), *totals).reason == "现场路演没有有效的打分"


CRITERIA = (leaf("new", 50, 50, name="创新"), leaf("use", 50, 50, name="应用"))
MARKS = ({"new": 50, "use": 10}, {"new": 40, "use": 20}, {"new": 30, "use": 30}, {"new": 20, "use": 40}, {"new": 10, "use": 50})


def by_criterion(panel, *given):
    part = roadshow(panel, criteria=CRITERIA)
    facts = field(EntryFact(1, "1", sheets={"roadshow": marked(part, *given)}))
    return compute(plain(part), facts).standings[0]


def test_trimming_per_criterion_differs_from_trimming_totals():
    uneven = MARKS[:4] + ({"new": 50, "use": 50},)
    # Per criterion: (50+40+30)/3 + (20+30+40)/3; per total: 60, 60, 60, 60, 100 without one 60 and the 100.
    assert by_criterion(Panel("trimmed_mean", 1, 1, 5, level="criterion"), *uneven).exact_fraction == 40 + 30
    assert by_criterion(Panel("trimmed_mean", 1, 1, 5), *uneven).exact_fraction == 60


def test_each_criterion_shows_its_own_dropped_marks():
    standing = by_criterion(Panel("trimmed_mean", 1, 1, 5, level="criterion"), *MARKS)
    first, last = standing.parts["roadshow"].judges[0], standing.parts["roadshow"].judges[4]
    assert first.marks == (("new", 500_000, "dropped_high"), ("use", 100_000, "dropped_low"))
    assert last.marks == (("new", 100_000, "dropped_low"), ("use", 500_000, "dropped_high"))
    assert first.use == "used"


def test_rounding_per_criterion_and_per_panel():
    thirds = ({"new": 10, "use": 10}, {"new": 10, "use": 10}, {"new": 11, "use": 11})
    assert by_criterion(Panel("mean"), *thirds).exact_fraction == Fraction(62, 3)
    assert by_criterion(Panel("mean", level="criterion", rounding=Rounding(1)), *thirds).exact_fraction == Fraction("20.6")
    assert by_criterion(Panel("mean", rounding=Rounding(1)), *thirds).exact_fraction == Fraction("20.7")


def test_marks_not_loaded_are_incomplete_not_zero():
    part = roadshow(Panel("mean", level="criterion"), criteria=CRITERIA)
    assert compute(plain(part), field(entry(1, part, "80", "90"))).standings[0].reason == "现场路演缺各评分项的打分明细"


def test_the_chief_apart():
    part = roadshow(Panel("mean", chief="apart"))
    first, second = entry(1, part, "80", "90").sheets["roadshow"]
    facts = field(EntryFact(1, "1", sheets={"roadshow": (first, second._replace(chief=True))}))
    standing = compute(plain(part), facts).standings[0]
    assert (standing.score_text, uses(standing)) == ("80.00", ["used", "chief"])
