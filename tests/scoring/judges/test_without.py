from hypothesis import given
from hypothesis import strategies as st

from scoring import Facts, Panel, Tier, TieRule, awarded, compute, judge_profiles, without_judge, without_judges
from tests.scoring.build import entry, field, leaf, marked, places, plain, roadshow

PART = roadshow(Panel("mean", below_minimum="mean", minimum_judges=1))
TIERS = (Tier("first", "一等奖", 1), Tier("second", "二等奖", 1))


SCHEME = plain(PART, ties=(TieRule("shared"),), tiers=TIERS)


def found(rows, scheme=SCHEME):
    facts = field(*(entry(at, PART, *row) for at, row in enumerate(rows, 1)))
    return without_judges(scheme, facts)


def test_two_places_change_hands():
    rows = [["90", "90", "90"], ["80", "80", "86"], ["82", "82", "70"], ["60", "60", "60"]]
    one, two, three = found(rows)
    assert [line.sentence for line in (one, two)] == [f"去掉评委{judge} 后，名次和奖项都不变" for judge in (1, 2)]
    assert three.sentence == "去掉评委3 后，第 2、3 名互换；2 号由二等奖变为不获奖，3 号由未获奖变为二等奖"
    assert [tuple(change) for change in three.places] == [(2, "2", 2, 3), (3, "3", 3, 2)]
    assert [tuple(change) for change in three.awards] == [(2, "2", "二等奖", ""), (3, "3", "", "二等奖")]
    assert three.changes and not one.changes


def test_titles_are_told_with_the_awards():
    rows = [["90", "90", "90"], ["80", "80", "86"], ["82", "82", "70"], ["60", "60", "60"]]
    scheme = plain(PART, ties=(TieRule("shared"),), tiers=TIERS, titles=(Tier("expert", "技术能手", 2),))
    assert found(rows, scheme)[2].sentence == "去掉评委3 后，第 2、3 名互换；2 号由二等奖、技术能手变为不获奖，3 号由未获奖变为二等奖、技术能手"


def test_without_awards_nothing_is_said_of_them():
    rows = [["90", "80"], ["80", "95"]]
    assert found(rows, plain(PART))[1].sentence == "去掉评委2 后，第 1、2 名互换"


def test_many_changes_are_counted():
    rows = [[str(90 - at), str(60 + 4 * at)] for at in range(6)]
    line = found(rows, plain(PART, ties=(TieRule("shared"),), tiers=(Tier("first", "一等奖", 3),)))[1]
    assert line.sentence == "去掉评委2 后，6 项的名次有变，最多相差 5 位，第 1 名变为 1 号；6 项的奖项有变"
    three = found(rows[:2] + [["70", "70"], ["90", "71"]], plain(PART))[1]
    assert three.sentence == "去掉评委2 后，2 号由第 2 名变为第 3 名，1 号由第 3 名变为第 1 名"


def test_the_only_judge_cannot_be_left_out():
    lines = found([["90", "recused"], ["80", "81"]])
    assert lines[0].lost == ("1",) and lines[0].sentence == "去掉评委1 后，1 号没有足够的评委，算不出成绩，其余名次不作比较"
    assert lines[1].lost == ()
    assert found([["90"]] * 5)[0].sentence.startswith("去掉评委1 后，1、2、3 等 5 项没有足够的评委")


def test_entries_still_waited_for_take_no_part():
    rows = [["90", "91", "missing"], ["80", "80", "86"], ["82", "82", "70"], ["60", "60", "60"]]
    scheme = plain(PART, ties=(TieRule("shared"),), tiers=(Tier("first", "一等奖", ratio=5000),))
    facts = field(*(entry(at, PART, *row) for at, row in enumerate(rows, 1)))
    third = without_judges(scheme, facts)[2]
    assert third.sentence == "去掉评委3 后，第 1、2 名互换；奖项不变"  # two seats: half of the four who compete


def test_an_award_may_hang_on_a_new_tie():
    rows = [["90", "91"], ["80", "90"], ["80", "85"]]
    lines = found(rows, plain(PART, tiers=(Tier("first", "一等奖", 2),)))
    assert lines[1].open and lines[1].sentence.endswith("奖项要看新的同分怎样决定")


def test_replacements_of_the_judge_go_too():
    facts = field(entry(1, PART, "90", "80")._replace(replacements={"roadshow": {1: 700_000, 2: 600_000}}))
    left = without_judge(SCHEME, facts, 1).entries[0]
    assert left.replacements == {"roadshow": {2: 600_000}} and [sheet.state for sheet in left.sheets["roadshow"]] == ["absent", "submitted"]


def test_only_the_judges_asked_for():
    facts = field(*(entry(at, PART, "80", "81", "82") for at in range(1, 4)))
    assert [line.judge for line in without_judges(SCHEME, facts, judges=[2, 9])] == [2]


def test_what_the_team_marked_together_stays():
    """Judge 1 wrote the machine's time down for all three; leaving that judge out does not lose it."""
    part = roadshow(Panel("mean", minimum_judges=1), (leaf("own", 60), leaf("time", 40, team=True)))
    rows = [entry(at, part)._replace(sheets={part.code: marked(part, {"own": own, "time": 90 - at}, {"own": 70})}) for at, own in ((1, 60), (2, 95))]
    facts = field(*rows)
    first, second = without_judges(plain(part), facts)
    assert [line.lost for line in (first, second)] == [(), ()] and first.sentence == "去掉评委1 后，第 1、2 名互换"
    assert [profile.sheets for profile in judge_profiles(plain(part), facts, part.code)] == [2, 2]


def test_nobody_judged():
    assert found([["missing"]]) == () and without_judges(plain(PART), Facts(())) == ()


@given(st.lists(st.lists(st.integers(60, 70), min_size=3, max_size=3), min_size=1, max_size=6))
def test_it_is_the_outcome_of_a_panel_without_that_judge(rows):
    scheme = plain(PART, ties=(TieRule("shared"),), tiers=TIERS)
    facts = field(*(entry(at, PART, *map(str, row)) for at, row in enumerate(rows, 1)))
    then = compute(scheme, field(*(entry(at, PART, *map(str, row[:2])) for at, row in enumerate(rows, 1))))
    now, third = compute(scheme, facts), without_judges(scheme, facts)[2]
    moved = {number: (place, places(then)[number]) for number, place in places(now).items() if places(then)[number] != place}
    assert {change.number: (change.before, change.after) for change in third.places} == moved
    names = {"first": "一等奖", "second": "二等奖"}
    held = [{award.entry: names[award.tier] for award in awarded(scheme, outcome).awards} for outcome in (now, then)]
    settled = {entry for outcome in (now, then) for group in awarded(scheme, outcome).pending for entry in group}
    assert {change.entry: (change.before, change.after) for change in third.awards} == {
        entry: (held[0].get(entry, ""), held[1].get(entry, "")) for entry in range(1, len(rows) + 1)
        if entry not in settled and held[0].get(entry) != held[1].get(entry)}
