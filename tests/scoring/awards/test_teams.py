"""Team scores: who counts, by which rule, what parts equal teams, what teams win."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import Part, Rounding, Scheme, Step, Team, TeamTie, Tier, TieRule, compute, team_standings
from tests.scoring.build import pts
from tests.scoring.fields import field, outcome_of, scheme, won

# Points by place as in domain.md: 1–6 → 10 … 5, 7–10 → 4, the others 1.
POINTS = tuple((pts(place), pts(points)) for place, points in ((1, 10), (2, 9), (3, 8), (4, 7), (5, 6), (6, 5), (7, 4), (11, 1)))


def table_of(team, *scores, plan=None, **more):
    plan = plan or scheme()
    return team_standings(plan, team, outcome_of(plan, *scores, **more))


def lines(table):
    return [(standing.name, standing.place, standing.score_text) for standing in table.standings]


THREE = {"organization": ("甲", "甲", "甲", "乙", "乙", "丙")}
SCORES = (95, 90, 70, 92, 91, 99)


@pytest.mark.parametrize("team, expected", [
    (Team("t", "团体", rule="sum"), [("甲", 1, "255.00"), ("乙", 2, "183.00"), ("丙", 3, "99.00")]),
    (Team("t", "团体", rule="best", keep=2), [("甲", 1, "185.00"), ("乙", 2, "183.00"), ("丙", 3, "99.00")]),
    (Team("t", "团体", rule="mean"), [("丙", 1, "99.00"), ("乙", 2, "91.50"), ("甲", 3, "85.00")]),
    (Team("t", "团体", rule="mean", keep=2), [("丙", 1, "99.00"), ("甲", 2, "92.50"), ("乙", 3, "91.50")]),
    (Team("t", "团体", rule="places", table=POINTS), [("甲", 1, "20.00"), ("乙", 2, "15.00"), ("丙", 3, "10.00")])])
def test_rules(team, expected):
    """Places are 丙 1, 甲 2, 乙 3, 乙 4, 甲 5, 甲 6."""
    assert lines(table_of(team, *SCORES, **THREE)) == expected


def test_points_of_the_row_not_beyond_the_place():
    found = table_of(Team("t", "团体", rule="places", table=POINTS), *range(100, 86, -1), organization=[f"{at:02}" for at in range(1, 15)])
    assert [int(standing.exact) for standing in found.standings] == [10, 9, 8, 7, 6, 5, 4, 4, 4, 4, 1, 1, 1, 1]


def test_too_few_members_are_listed_without_a_place():
    found = table_of(Team("t", "团体", rule="sum", fewest=2), *SCORES, **THREE)
    assert lines(found)[-1] == ("丙", None, "99.00")
    assert found.standing("丙").reason == "成员不足 2 人，不排名次（1 人）"


def test_a_sum_of_places_wants_all_who_count():
    found = table_of(Team("t", "团体", rule="place_sum", keep=2, rounding=Rounding(0)), *SCORES, **THREE)
    assert lines(found) == [("乙", 1, "7"), ("甲", 1, "7"), ("丙", None, "1")]
    parted = table_of(Team("t", "团体", rule="place_sum", keep=2, ties=(TeamTie("better_places"),)), *SCORES, **THREE)
    assert [standing.name for standing in parted.standings] == ["甲", "乙", "丙"]
    assert parted.standing("乙").reason == "7.00，第 2 名；与“甲”同分，按“好名次多者”列后（第 3 名 1 个、第 4 名 1 个；对方 第 2 名 1 个、第 5 名 1 个）"


def test_times_count_low():
    plan = scheme(better="low")
    found = table_of(Team("t", "团体", rule="best", keep=2), 10, 20, 30, 12, 13, plan=plan, organization=("甲", "甲", "甲", "乙", "乙"))
    assert lines(found) == [("乙", 1, "25.00"), ("甲", 2, "30.00")]


AWARDS = tuple(Tier(code, name, count=count) for code, name, count in (("g", "金", 1), ("s", "银", 2), ("b", "铜", 2)))


def test_medal_table_and_award_points():
    plan = scheme(tiers=AWARDS)
    owners = {"delegation": ("北", "南", "南", "南", "东", "北")}
    scores = (99, 98, 97, 96, 95, 94)
    medals = table_of(Team("m", "奖牌榜", by="delegation", rule="medals"), *scores, plan=plan, **owners)
    assert lines(medals) == [("北", 1, "金 1 个、银 0 个、铜 0 个"), ("南", 2, "金 0 个、银 2 个、铜 1 个"), ("东", 3, "金 0 个、银 0 个、铜 1 个")]
    points = Team("p", "奖项分", by="delegation", rule="award_points", table=((pts(1), pts(5)), (pts(2), pts(3)), (pts(3), pts(1))))
    assert lines(table_of(points, *scores, plan=plan, **owners)) == [("南", 1, "7.00"), ("北", 2, "5.00"), ("东", 3, "1.00")]
    number = Team("n", "获奖数", by="delegation", rule="awards")
    assert lines(table_of(number, *scores, plan=plan, **owners)) == [("南", 1, "3"), ("东", 2, "1"), ("北", 2, "1")]


@pytest.mark.parametrize("tie, first", [("best_member", "甲"), ("all_members", "乙"), ("medals", "甲"), ("part", "乙")])
def test_ties_of_teams(tie, first):
    """甲 90 + 60 (+ 10), 乙 80 + 70 (+ 50): 150 each by the best two."""
    theory, practice = Part("theory", "理论", 500_000, "figure"), Part("practice", "实操", 500_000, "figure")
    plan = Scheme((theory, practice), ties=(TieRule("shared"),), tiers=(Tier("g", "金", count=1),))
    parts = {1: (100, 80), 2: (70, 50), 3: (10, 10), 4: (70, 90), 5: (50, 90), 6: (50, 50)}
    facts = field(*[None] * 6, organization=("甲", "甲", "甲", "乙", "乙", "乙"),
                  figures={number: {"theory": pts(one), "practice": pts(two)} for number, (one, two) in parts.items()})
    team = Team("t", "团体", rule="best", keep=2, ties=(TeamTie(tie, "practice" if tie == "part" else ""),))
    found = team_standings(plan, team, compute(plan, facts))
    assert [standing.score_text for standing in found.standings] == ["150.00", "150.00"]
    assert found.standings[0].name == first and found.standings[1].place == 2
    assert f"与“{first}”同分" in found.standings[1].reason


@pytest.mark.parametrize("tie, order, last", [
    (TeamTie("figure_low", "time"), ["甲", "乙", "丙"], "数据不全"), (TeamTie("figure_high", "time"), ["乙", "甲", "丙"], "数据不全"),
    (TeamTie("decision", "丙、乙"), ["丙", "乙", "甲"], "决议未列")])
def test_ties_of_teams_by_a_figure_or_a_decision(tie, order, last):
    found = table_of(Team("t", "团体", ties=(tie,)), 80, 80, 80, organization=("甲", "乙", "丙"),
                     figures=({"time": pts("12.5")}, {"time": pts("12.6")}, {}))
    assert [standing.name for standing in found.standings] == order
    assert last in found.standings[2].reason


def test_equal_in_everything_is_a_shared_place():
    found = table_of(Team("t", "团体", ties=(TeamTie("better_places"),), tiers=(Tier("g", "优秀组织奖", count=1),)),
                     90, 90, 80, organization=("甲", "乙", "丙"))
    assert [(standing.place, standing.shared, standing.place_text) for standing in found.standings] == [
        (1, True, "并列第 1 名"), (1, True, "并列第 1 名"), (3, False, "第 3 名")]
    assert found.allotment.pending == (("乙", "甲"),)
    assert [problem.code for problem in found.problems] == ["tie_at_cutoff"]


def test_team_awards_share_the_rules_of_awards():
    tiers = (Tier("group", "优秀组织奖", ratio=5000, rounding_mode="floor", minimum_score=pts(100)), Tier("kind", "组织奖", count=1))
    found = table_of(Team("t", "团体", tiers=tiers), *SCORES, **THREE)
    assert won(found.allotment) == {"group": ["甲"], "kind": ["乙"]}


def test_who_has_no_place_brings_nothing_and_is_listed():
    found = table_of(Team("t", "团体"), 95, 90, None, 99, organization=("甲", "甲", "甲", ""), status={2: "out_of_competition", 3: "absent"})
    assert lines(found) == [("甲", 1, "95.00")]
    assert found.standings[0].lines == ("计分成员 1 人：1 号 95", "无名次：2 号（不计名次（相当于第 3 名））、3 号（缺考）", "成员总分之和：95.00")


def test_exact_means_are_rounded_once():
    found = table_of(Team("t", "团体", rule="mean"), 90, 90, 91, organization=("甲",) * 3)
    assert found.standings[0].exact == Fraction(271, 3)
    assert found.standings[0].score_text == "90.33"
    assert found.standings[0].lines[1] == "成员平均分：90.33"


def test_exact_scores_add_up_where_the_scheme_ranks_by_them():
    """Two scores of 33.335 are 33.34 each as published, and 66.67 together before rounding."""
    team = Team("t", "团体")
    shown = table_of(team, "33.335", "33.335", organization=("甲", "甲"))
    exact = table_of(team, "33.335", "33.335", plan=scheme(rank_by="exact"), organization=("甲", "甲"))
    assert (shown.standings[0].score_text, exact.standings[0].score_text) == ("66.68", "66.67")


def test_spare_members_are_named():
    found = table_of(Team("t", "团体", rule="best", keep=2), *SCORES, **THREE)
    assert found.standing("甲").lines == ("计分成员 2 人：1 号 95、2 号 90", "未计入：3 号 70", "最好几名之和：185.00")


def test_the_cybersecurity_final():
    """48 teams of 153 contestants; 20 teams and 100 persons win, and the same people score for both lists."""
    plan = scheme(ties=(TieRule("figure_low", "time"), TieRule("shared")), rounding=Rounding(2), tiers=(
        Tier("first", "一等奖", count=15), Tier("second", "二等奖", count=30), Tier("third", "三等奖", count=55)),
        titles=(Tier("gold", "金牌技工", count=5), Tier("silver", "银牌技工", count=10, requires=("!gold",))))
    teams = [f"第 {at % 48 + 1} 队" for at in range(153)]
    scores = [40 + at * 37 % 59 for at in range(153)]
    outcome = outcome_of(plan, *scores, delegation=teams, figures=[{"time": pts(at)} for at in range(153)])
    team = Team("team", "团体", by="delegation", rule="best", keep=3, fewest=3, ties=(TeamTie("better_places"), TeamTie("best_member")),
                tiers=(Tier("t1", "团体一等奖", count=4), Tier("t2", "团体二等奖", count=6), Tier("t3", "团体三等奖", count=10)))
    found = team_standings(plan, team, outcome)
    assert len(found.standings) == 48 and found.problems == ()
    assert len(found.allotment.awards) == 20
    assert sum(len(standing.members) for standing in found.standings) == 153
    for standing in found.standings:
        own = sorted((score for score, name in zip(scores, teams) if name == standing.name), reverse=True)
        assert standing.exact == sum(own[:3])


TEAMS = st.builds(Team, st.just("t"), st.just("团体"), rule=st.sampled_from(["sum", "best", "mean", "places", "place_sum", "awards", "medals"]),
                  keep=st.none() | st.integers(1, 3), fewest=st.integers(1, 3), table=st.just(POINTS), rounding=st.just(Rounding(4)),
                  ties=st.lists(st.sampled_from(["better_places", "best_member", "all_members", "medals"]).map(TeamTie), max_size=3).map(tuple))
ROWS = st.lists(st.tuples(st.integers(50, 60), st.sampled_from("甲乙丙丁"), st.sampled_from(["competing"] * 4 + ["absent", "out_of_competition"])),
                min_size=1, max_size=14)


def drawn(team, rows, better="high"):
    plan = scheme(better=better, tiers=tuple(Tier(tier.code, tier.name, count=tier.count, tie="all_in") for tier in AWARDS))
    scores, names, status = zip(*rows)
    return table_of(team, *scores, plan=plan, organization=names, status=status)


@given(TEAMS, ROWS, st.sampled_from(["high", "low"]))
def test_every_team_is_the_sum_of_its_counted_members(team, rows, better):
    found = drawn(team, rows, better)
    for standing in found.standings:
        own = [member.brought for member in standing.counted]
        assert len(own) == min(len(standing.members), len(standing.members) if team.keep is None else team.keep)
        assert standing.exact == (sum(own) / max(len(own), 1) if team.rule == "mean" else sum(own))
        best = sorted((member.brought for member in standing.members), reverse=team.rule != "place_sum" and (
            better == "high" or team.rule in ("places", "awards", "medals")))
        assert own == best[:len(own)]
    placed = [number for number, (score, name, status) in enumerate(rows, 1) if status == "competing"]
    assert sorted(member.standing.entry for standing in found.standings for member in standing.members) == placed
    assert {standing.name for standing in found.standings} == {name for score, name, status in rows}


@given(TEAMS, ROWS)
def test_places_of_teams_are_1224_and_follow_the_score(team, rows):
    found = drawn(team, rows)
    ranked = [standing for standing in found.standings if standing.place is not None]
    assert all(standing.place == 1 + sum(other.place < standing.place for other in ranked) for standing in ranked)
    assert all(standing.shared == (sum(other.place == standing.place for other in ranked) > 1) for standing in ranked)
    for one, other in zip(ranked, ranked[1:]):
        assert one.sort_key >= other.sort_key and (one.place == other.place) == (one.sort_key == other.sort_key)
        if team.rule not in ("medals", "place_sum"):
            assert one.score >= other.score
    assert all(len(standing.members) < max(team.fewest, team.keep or 0) for standing in found.standings if standing.place is None)
    assert all(standing.reason and standing.lines for standing in found.standings)


@given(TEAMS, ROWS, st.randoms(use_true_random=False))
def test_the_order_of_entries_is_irrelevant_for_teams(team, rows, chance):
    shuffled = chance.sample(rows, len(rows))
    assert [(one.name, one.place, one.exact) for one in drawn(team, shuffled).standings] == [
        (one.name, one.place, one.exact) for one in drawn(team, rows).standings]


# --- the best of each part ------------------------------------------------------------------------------------------------

APPARATUS = ("vault", "bars")
GYM = Team("gym", "团体", rule="best", keep=2, of=APPARATUS)


def gymnasts(*pairs):
    """Per entry its vault and bars; None where it did not start."""
    return {number: {code: pts(value) for code, value in zip(APPARATUS, pair) if value is not None} for number, pair in enumerate(pairs, 1)}


def test_the_best_of_each_part_whoever_they_are():
    """甲: vault 15 + 14, bars 13 + 12 = 54; 乙: 14 + 13 + 14 + 13 = 54; by totals alone 甲 would have 15 + 10 + 13 + 14 = 52."""
    found = table_of(GYM, 25, 27, 24, 28, 26, organization=("甲", "甲", "甲", "乙", "乙"),
                     figures=gymnasts((15, 10), (14, 13), (12, 12), (14, 14), (13, 13)))
    assert lines(found) == [("乙", 1, "54.00"), ("甲", 1, "54.00")]
    assert found.standing("甲").lines == (
        "vault：1 号 15、2 号 14（未计入 3 号 12）", "bars：2 号 13、3 号 12（未计入 1 号 10）", "最好几名之和：54.00")
    assert [(member.standing.number, member.brought, member.counted) for member in found.standing("甲").members] == [
        ("2", 27, True), ("1", 15, True), ("3", 12, True)]


def test_a_specialist_without_a_total_counts_in_his_part():
    """Entry 1 started on one apparatus only and has no all-around total."""
    parts = tuple(Part(code, name, kind="figure", required=False) for code, name in zip(APPARATUS, ("跳马", "高低杠")))
    plan = Scheme(parts, ties=(TieRule("shared"),), steps=(Step("sum", "总分", "sum", APPARATUS, missing="none"),), total="sum")
    team = replace(GYM, keep=1, ties=(TeamTie("better_places"), TeamTie("best_member"), TeamTie("all_members")))
    facts = field(None, None, None, organization=("甲", "甲", "乙"), figures=gymnasts((15, None), (12, 13), (14, 14)))
    outcome = compute(plan, facts)
    assert [standing.status for standing in outcome.standings] == ["competing", "competing", "no_score"]
    assert plan.check() == () and replace(plan, teams=(team,)).check() == ()
    found = team_standings(plan, team, outcome)
    assert lines(found) == [("乙", 1, "28.00"), ("甲", 2, "28.00")]
    assert found.standing("甲").lines[0] == "跳马：1 号 15.00（未计入 2 号 12.00）"


def test_where_less_is_better_a_team_must_bring_all_who_count_in_every_part():
    plan = scheme(better="low", steps=(Step("total2", "合计", "sum", APPARATUS, better="low"),))
    team = replace(GYM, keep=2)
    found = table_of(team, 1, 2, 3, 4, plan=plan, organization=("甲", "甲", "乙", "乙"), figures=gymnasts((10, 20), (11, 21), (1, 1), (2, None)))
    assert lines(found) == [("甲", 1, "62.00"), ("乙", None, "4.00")]


def test_a_team_out_of_every_part_is_not_ranked():
    found = table_of(GYM, 90, 80, organization=("甲", "乙"), figures=gymnasts((9, 9), (None, None)))
    assert lines(found) == [("甲", 1, "18.00"), ("乙", None, "0.00")]


@pytest.mark.parametrize("team, code", [
    (replace(GYM, rule="mean"), "team_parts"), (replace(GYM, of=("vault", "vault")), "repeated_code"),
    (replace(GYM, of=("total/ghost",)), "reference"), (replace(GYM, of=("vault", "place")), "team_directions"), (replace(GYM, keep=None), "team_keep")])
def test_faulty_parts_of_a_team(team, code):
    plan = scheme(teams=(team,), steps=(Step("place", "名次", "rank", ("vault",)),))
    assert [problem.code for problem in plan.check()] == [code]


@given(st.lists(st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9), st.sampled_from("甲乙丙")), min_size=1, max_size=12),
       st.integers(1, 4))
def test_the_best_of_each_part_add_up(rows, keep):
    """The score is the sum of the largest few of every part, and never less than that of the same members together."""
    names = [row[2] for row in rows]
    found = table_of(replace(GYM, keep=keep), *[0] * len(rows), organization=names, figures=gymnasts(*[row[:2] for row in rows]))
    for standing in found.standings:
        own = [row for row in rows if row[2] == standing.name]
        columns = [sorted((row[at] for row in own if row[at] is not None), reverse=True) for at in (0, 1)]
        assert standing.exact == sum(sum(column[:keep]) for column in columns)
        together = sorted((sum(value for value in row[:2] if value is not None) for row in own), reverse=True)
        assert standing.exact >= sum(together[:keep])
        assert all(len(share.counted) <= keep for share in standing.shares)
    scores = [standing.exact for standing in found.standings if standing.place is not None]
    assert scores == sorted(scores, reverse=True)
