from fractions import Fraction

import pytest

from scoring import (UNIT, WHOLE, Criterion, Decision, EntryFact, Panel, Part, PenaltyFact, Rounding, Scheme, SheetFact, TieRule, compute)
from tests.scoring.build import entry, field, leaf, marked, places, plain, pts, roadshow, sheets

PART = roadshow()
SHARED = (TieRule("shared"),)


def test_order_and_places_1224():
    outcome = compute(plain(PART, ties=SHARED), field(*[entry(at, PART, total) for at, total in
                                                        enumerate(("80", "90", "90", "70"), 1)]))
    assert [(s.number, s.place, s.shared) for s in outcome.standings] == [
        ("2", 1, True), ("3", 1, True), ("1", 3, False), ("4", 4, False)]
    assert outcome.standings[0].place_text == "并列第 1 名"
    assert outcome.releasable and outcome.problems == ()


def test_tied_entries_stand_by_number_as_people_count():
    outcome = compute(plain(PART, ties=SHARED), field(*[EntryFact(at, number, sheets={"roadshow": sheets(PART, "80")})
                                                        for at, number in enumerate(("A10", "A9", "A2"))]))
    assert [standing.number for standing in outcome.standings] == ["A2", "A9", "A10"]


def test_every_status_has_its_place_in_the_list():
    given = [entry(1, PART, "80", status="disqualified"), entry(2, PART, "99", status="vetoed"),
             entry(3, PART, status="withdrawn"), entry(4, PART, status="absent"), entry(5, PART, "missing"),
             entry(6, PART, "90", status="out_of_competition"), entry(7, PART, "0"), entry(8, PART, "95"),
             entry(9, PART, "draft", status="out_of_competition")]
    outcome = compute(plain(PART), field(*given))
    assert [(s.number, s.status, s.place_text) for s in outcome.standings] == [
        ("8", "competing", "第 1 名"), ("7", "competing", "第 2 名"),
        ("6", "out_of_competition", "不计名次（相当于第 2 名）"), ("5", "incomplete", "未完成"),
        ("9", "incomplete", "未完成"), ("4", "absent", "缺考"), ("3", "withdrawn", "弃权"), ("2", "vetoed", "一票否决"),
        ("1", "disqualified", "取消资格")]
    assert outcome.incomplete and not outcome.releasable
    assert [s.score for s in outcome.standings] == [9500, 0, 9000] + [None] * 6
    assert outcome.standing(9).entry_status == "out_of_competition"
    assert [problem.where for problem in outcome.problems] == ["5 号 · 现场路演", "9 号 · 现场路演"]


def test_an_unknown_status_is_a_bug():
    with pytest.raises(ValueError):
        compute(plain(PART), field(entry(1, PART, "80", status="ghost")))


def test_an_empty_field():
    outcome = compute(plain(PART), field())
    assert (outcome.standings, outcome.incomplete, outcome.problems) == ([], False, ())


THEORY = Part("theory", "理论考试", 300_000, "figure")
PRACTICE = Part("practice", "实操", 700_000, criteria=(leaf("all", 100),), panel=Panel("mean"))


def two(number, theory, *totals, **more):
    figures = {} if theory is None else {"theory": pts(theory)}
    return EntryFact(number, str(number), sheets={"practice": sheets(PRACTICE, *totals)}, figures=figures, **more)


def test_parts_are_weighted():
    outcome = compute(Scheme((THEORY, PRACTICE)), field(two(1, "80", "90", "91"), two(2, "100", "85")))
    assert [(s.number, s.score_text) for s in outcome.standings] == [("2", "89.50"), ("1", "87.35")]
    assert [part.text for part in outcome.standing(1).parts.values()] == ["80.00", "90.50"]


def test_a_missing_figure_is_incomplete():
    outcome = compute(Scheme((THEORY, PRACTICE)), field(two(1, None, "90")))
    assert outcome.standings[0].reason == "理论考试没有成绩"
    assert [(part.text, part.missing) for part in outcome.standings[0].parts.values()] == [("", True), ("90.00", False)]


def test_a_figure_on_its_own_scale():
    part = Part("theory", "理论", kind="figure", criteria=(Criterion("paper", "试卷", WHOLE, 150 * UNIT),))
    facts = field(EntryFact(1, "1", figures={"theory": pts(120)}))
    assert compute(plain(part), facts).standings[0].score_text == "80.00"


def test_panels_of_different_size_share_one_exact_scale():
    given = field(entry(1, PART, "80", "80", "81"), entry(2, PART, "80", "81"), entry(3, PART, *["80"] * 6, "82"))
    outcome = compute(plain(PART), given)
    exact = {s.number: s.exact_fraction for s in outcome.standings}
    assert exact == {"1": Fraction(241, 3), "2": Fraction(161, 2), "3": Fraction(562, 7)}
    assert places(outcome) == {"2": 1, "1": 2, "3": 3}


def test_rounding_decides_what_a_tie_is():
    given = field(entry(1, PART, "80.001"), entry(2, PART, "80.002"))
    assert places(compute(plain(PART, ties=SHARED), given)) == {"1": 1, "2": 1}
    assert places(compute(plain(PART, ties=SHARED, rank_by="exact"), given)) == {"2": 1, "1": 2}
    assert compute(plain(PART, rank_by="exact"), given).standings[0].score_text == "80.00"


def test_part_rounding_comes_before_the_weights():
    part = roadshow(rounding=Rounding(0))
    assert compute(plain(part), field(entry(1, part, "80", "81"))).standings[0].score_text == "81.00"


def test_penalties_are_taken_off_the_total_but_not_below_the_floor():
    given = field(entry(1, PART, "80", penalties=(PenaltyFact(pts("2.5"), "超时"), PenaltyFact(pts(1), "违规"))),
                  entry(2, PART, "1", penalties=(PenaltyFact(pts(5), "违规"),)))
    outcome = compute(plain(PART), given)
    assert [(s.score_text, s.penalty) for s in outcome.standings] == [("76.50", 35_000), ("0.00", 50_000)]
    assert compute(plain(PART, floor=None), given).standing(2).score_text == "-4.00"


def test_recorded_decisions_break_a_tie():
    given = field(entry(1, PART, "80"), entry(2, PART, "80"), entry(3, PART, "70"))
    undecided = compute(plain(PART), given)
    assert undecided.undecided_ties == ((1, 2),) and not undecided.releasable and not undecided.incomplete
    assert undecided.standings[0].reason == "总分 80.00，并列第 1 名；与 2 号同分，规则不能区分，待集体决议"
    assert [problem.code for problem in undecided.problems] == ["undecided_tie"]
    decisions = (Decision((1, 2), "表决", "2026-11-22T01:00"), Decision((2, 1), "加赛", "2026-11-22T02:00"))
    decided = compute(plain(PART), given._replace(decisions=decisions))
    assert places(decided) == {"2": 1, "1": 2, "3": 3} and decided.releasable
    assert decided.standings[0].reason == "总分 80.00，第 1 名；与 1 号同分，按集体决议列前（加赛）"


def test_of_decisions_without_a_time_the_last_one_counts():
    given = field(entry(1, PART, "80"), entry(2, PART, "80"))
    for last in ((1, 2), (2, 1)):
        decisions = (Decision(last[::-1], "表决"), Decision(last, "抽签"))
        assert compute(plain(PART), given._replace(decisions=decisions)).standings[0].entry == last[0]


def test_a_decision_about_others_does_not_apply():
    given = field(entry(1, PART, "80"), entry(2, PART, "80"), decisions=(Decision((1, 3), "表决"),))
    assert compute(plain(PART), given).undecided_ties == ((1, 2),)


def test_a_total_may_be_left_to_the_engine():
    part = roadshow(criteria=(leaf("new", 40, 40), leaf("use", 60, 60)))
    sheet = marked(part, {"new": "30", "use": "50"})[0]._replace(total=None)
    half = SheetFact(2, "submitted", None, (("new", pts(30)),))
    facts = field(EntryFact(1, "1", sheets={"roadshow": (sheet,)}), EntryFact(2, "2", sheets={"roadshow": (sheet, half)}))
    outcome = compute(plain(part), facts)
    assert [s.score_text for s in outcome.standings] == ["80.00", ""]
    assert outcome.standing(2).reason == "现场路演缺 评委2 的打分"


def test_json_form_of_an_outcome():
    found = compute(plain(PART), field(entry(1, PART, "80", "81"))).to_json()
    assert found["standings"] == [{
        "entry": 1, "number": "1", "status": "competing", "place": 1, "shared": False, "outside_place": None,
        "score": "80.50", "exact": [161, 2], "penalty": 0, "reason": "总分 80.50，第 1 名",
        "parts": {"roadshow": {"score": "80.50", "exact": [161, 2],
                               "judges": [[1, 80 * PART.denominator, "used"], [2, 81 * PART.denominator, "used"]]}}}]
