import pytest

from scoring import Decision, EntryFact, Panel, Part, PenaltyFact, Scheme, TieRule, compute, needs_marks
from tests.scoring.build import entry, field, leaf, marked, places, plain, pts, roadshow, sheets

TRIMMED = Panel("trimmed_mean", 1, 1, 5)
PART = roadshow(TRIMMED)
CRITERIA = (leaf("new", 50, 50, name="技术创新性"), leaf("talk", 50, 50, name="现场答辩"))
JUDGED = roadshow(Panel("mean"), criteria=CRITERIA)


def chain(*rules, part=PART):
    return plain(part, ties=tuple(rule if isinstance(rule, TieRule) else TieRule(rule) for rule in rules))


def judged(number, *given, **more):
    return EntryFact(number, str(number), sheets={"roadshow": marked(JUDGED, *given)}, **more)


UNTRIMMED = field(entry(12, PART, 80, 80, 80, 80, 80), entry(7, PART, 70, 80, 80, 80, 95), entry(3, PART, 60, 80, 80, 80, 95))


def test_mean_of_all_judges():
    outcome = compute(chain("untrimmed_mean"), UNTRIMMED)
    assert places(outcome) == {"7": 1, "12": 2, "3": 3}
    assert outcome.standing(12).reason == ("总分 80.00，第 2 名；与 7 号同分，按“全部评委平均分”低者列后（80.00 < 81.00）；"
                                          "与 3 号同分，按“全部评委平均分”高者列前（80.00 > 79.00）")
    assert outcome.standing(12).tie_steps == (("全部评委平均分", "80.00", True),)


def test_a_criterion():
    outcome = compute(chain(TieRule("criterion", "roadshow/talk"), part=JUDGED), field(
        judged(11, {"new": 26, "talk": "24.5"}), judged(12, {"new": "26.5", "talk": "24"})))
    assert outcome.standings[0].reason == "总分 50.50，第 1 名；与 12 号同分，按“现场答辩”高者列前（24.50 > 24.00）"
    assert outcome.standings[1].reason == "总分 50.50，第 2 名；与 11 号同分，按“现场答辩”低者列后（24.00 < 24.50）"


def test_a_criterion_follows_the_panel_rule_and_its_mean_does_not():
    part = roadshow(TRIMMED, criteria=CRITERIA)
    talks = {1: (50, 20, 20, 20, 20), 2: (22, 22, 22, 22, 22)}
    given = field(*[EntryFact(number, str(number), sheets={"roadshow": marked(part, *[
        {"new": 50 - talk, "talk": talk} for talk in marks])}) for number, marks in talks.items()])
    assert places(compute(chain(TieRule("criterion", "talk"), part=part), given)) == {"2": 1, "1": 2}
    assert places(compute(chain(TieRule("criterion_mean", "talk"), part=part), given)) == {"1": 1, "2": 2}


def test_a_part():
    theory = Part("theory", "理论", 500_000, "figure")
    practice = Part("practice", "实操", 500_000, "figure")
    given = field(*[EntryFact(at, str(at), figures={"theory": pts(one), "practice": pts(two)})
                    for at, (one, two) in enumerate(((80, 90), (90, 80)), 1)])
    outcome = compute(Scheme((theory, practice), ties=(TieRule("part", "practice"),)), given)
    assert outcome.standings[0].reason == "总分 85.00，第 1 名；与 2 号同分，按“实操”高者列前（90.00 > 80.00）"


def test_the_chief():
    one, two = sheets(PART, "80", "90"), sheets(PART, "90", "80")
    given = field(*[EntryFact(at, str(at), sheets={"roadshow": (first._replace(chief=True), second)})
                    for at, (first, second) in enumerate((one, two), 1)])
    assert places(compute(chain("chief_mark"), given)) == {"2": 1, "1": 2}


@pytest.mark.parametrize("rule, first", [("highest_judge", "1"), ("lowest_judge", "2")])
def test_single_marks(rule, first):
    given = field(entry(1, PART, "70", "90"), entry(2, PART, "75", "85"))
    assert compute(chain(rule), given).standings[0].number == first


def test_a_figure_where_less_is_better():
    given = field(entry(1, PART, "80", figures={"用时": pts("95.5")}), entry(2, PART, "80", figures={"用时": pts(90)}))
    outcome = compute(chain(TieRule("figure_low", "用时")), given)
    assert outcome.standings[0].reason == "总分 80.00，第 1 名；与 1 号同分，按“用时”低者列前（90.00 < 95.50）"
    assert outcome.standings[1].reason == "总分 80.00，第 2 名；与 2 号同分，按“用时”高者列后（95.50 > 90.00）"
    assert places(compute(chain(TieRule("figure_high", "用时")), given)) == {"1": 1, "2": 2}


def test_fewer_penalties():
    given = field(entry(1, PART, "82", penalties=(PenaltyFact(pts(2), "超时"),)), entry(2, PART, "80"))
    assert places(compute(chain("fewer_penalties"), given)) == {"2": 1, "1": 2}


def test_a_rule_over_missing_figures_is_passed_over_for_the_whole_group():
    given = field(entry(1, PART, "80", figures={"用时": pts(90)}), entry(2, PART, "80"))
    outcome = compute(chain(TieRule("figure_low", "用时"), "shared"), given)
    assert [s.place for s in outcome.standings] == [1, 1]
    assert outcome.standings[0].tie_steps == (("用时", "数据不全，未用", False),)
    assert outcome.standings[0].reason == "总分 80.00，并列第 1 名；与 2 号并列"


def test_a_chain_goes_on_inside_each_group():
    given = field(entry(1, PART, "80", figures={"a": 2, "b": 1}), entry(2, PART, "80", figures={"a": 2, "b": 2}),
                  entry(3, PART, "80", figures={"a": 3, "b": 0}), entry(4, PART, "80", figures={"a": 1, "b": 9}))
    outcome = compute(chain(TieRule("figure_high", "a", "甲"), TieRule("figure_high", "b", "乙")), given)
    assert places(outcome) == {"3": 1, "2": 2, "1": 3, "4": 4}
    assert outcome.standing(3).tie_steps == (("甲", "0.0003", True),)
    assert outcome.standing(2).reason == ("总分 80.00，第 2 名；与 3 号同分，按“甲”低者列后（0.0002 < 0.0003）；"
                                          "与 1 号同分，按“乙”高者列前（0.0002 > 0.0001）")
    assert outcome.standing(1).tie_steps == (("甲", "0.0002", True), ("乙", "0.0001", True))


def test_close_figures_are_shown_with_enough_decimals():
    part = roadshow(Panel("trimmed_mean", 1, 1, 5))
    given = field(entry(1, part, *[80] * 5, "80.0001", "79.9999"), entry(2, part, *[80] * 6, "79.9998"))
    reason = compute(chain("untrimmed_mean"), given).standings[0].reason
    assert "80.00 > 79.99997143" in reason


def test_untrimmed_mean_over_weighted_parts():
    theory = Part("theory", "理论", 500_000, "figure")
    part = roadshow(TRIMMED, weight=500_000)
    given = field(*[EntryFact(at, str(at), figures={"theory": pts(60)}, sheets={"roadshow": sheets(part, *totals)})
                    for at, totals in enumerate(((70, 80, 80, 80, 90), (70, 80, 80, 80, 95)), 1)])
    outcome = compute(Scheme((theory, part), ties=(TieRule("untrimmed_mean"),)), given)
    assert outcome.standings[0].tie_steps == (("全部评委平均分", "70.50", True),)
    only = compute(Scheme((theory, part), ties=(TieRule("untrimmed_mean", "roadshow"),)), given)
    assert only.standings[0].tie_steps == (("现场路演 · 全部评委平均分", "81.00", True),)


def test_exact_score():
    given = field(entry(1, PART, "80.001"), entry(2, PART, "80.002"))
    assert places(compute(chain("exact_score"), given)) == {"2": 1, "1": 2}


def test_a_decision_after_the_chain():
    given = field(entry(1, PART, "80"), entry(2, PART, "80"), decisions=(Decision((2, 1), "抽签"),))
    assert places(compute(chain("untrimmed_mean", "decision"), given)) == {"2": 1, "1": 2}
    assert places(compute(chain("untrimmed_mean", "shared"), given)) == {"1": 1, "2": 1}


def test_what_a_loader_has_to_bring():
    assert needs_marks(chain("untrimmed_mean")) == set()
    assert needs_marks(chain(TieRule("criterion", "talk"), part=JUDGED)) == {"roadshow"}
    assert needs_marks(chain(part=roadshow(Panel(level="criterion")))) == {"roadshow"}
