"""Every preset must give schemes by which one can judge, within its budget, and be built as it is written."""

import pytest

import scoring
from compete.audit.service import SYSTEM
from compete.contests import building, editing, presets, schemes, service
from compete.models import db
from scoring import UNIT
from tests.support import NOW

CODES = (
    "anhui-innovation", "baoshan-green", "shanghai-smart-craftsman", "shanghai-pioneer", "national-cybersecurity",
    "furniture-national-final", "xingguo-cup", "shouguang-multi", "hicool", "national-calligraphy", "hazmat-emergency",
    "dingsheng-company", "zhoushan-skills", "challenge-board",
)  # fmt: skip


def test_there_is_one_preset_per_contest():
    assert sorted(presets.all_presets()) == sorted(CODES)


@pytest.mark.sqlite
@pytest.mark.parametrize("code", CODES)
def test_preset_can_be_judged_by(app, code):
    preset = presets.all_presets()[code]
    contest = service.create(name=preset.name, plan=preset.plan, preset=code, user=None, actor=SYSTEM, now=NOW)
    total = 0
    for row in contest.events:
        event = schemes.load(row.id)
        assert service.readiness(event) == []
        scheme = schemes.scheme_of(event)
        assert scheme.check(field=preset.fields[event.name]) == ()
        counts = scoring.planned_counts(scheme.tiers, preset.fields[event.name])
        total += sum(counts[tier.code] * tier.prize_fen for tier in scheme.tiers)
    assert total == sum(line["amount_fen"] for line in preset.plan["budgets"] if line["purpose"] == "prize")
    rebuilt = building.plan_of(contest)
    assert [event["name"] for event in rebuilt["events"]] == list(preset.fields)


def test_the_main_job_is_as_given():
    plan = presets.all_presets()["anhui-innovation"].plan
    first, second = plan["events"]
    assert [event["name"] for event in plan["events"]] == ["金成果", "金项目"]
    assert [stage["name"] for stage in first["stages"]] == ["海选", "决赛路演"]
    assert {tier["name"]: tier["prize_fen"] for tier in second["tiers"]} == {"一等奖": 20_000_000, "二等奖": 10_000_000, "三等奖": 5_000_000}
    part = first["stages"][1]["parts"][0]
    assert (part["speech_minutes"], part["question_minutes"], len(part["criteria"])) == (8, 5, 6)
    assert part["panel"]["minimum_judges"] == 5
    assert [units for units, _ in part["criteria"][0]["anchors"]] == [24 * UNIT, 20 * UNIT, 15 * UNIT]


def scheme_of(code, number=0):
    """The scheme of a preset's event, without any table."""
    return schemes.scheme_of(editing.sketch(presets.all_presets()[code].plan["events"][number]))


def test_what_is_known_of_the_winners_is_planned():
    cyber = scheme_of("national-cybersecurity")
    assert sum(tier.count for tier in cyber.tiers) == 100
    assert [(title.name, title.count) for title in cyber.titles] == [("金牌技工", 5), ("银牌技工", 10)]
    assert sum(tier.count for tier in cyber.teams[0].tiers) == 20 and cyber.teams[0].by == "delegation"
    hazmat = [scheme_of("hazmat-emergency", number) for number in range(3)]
    assert sum(tier.count for scheme in hazmat for tier in scheme.tiers) == 71
    assert {tier.name for scheme in hazmat for team in scheme.teams for tier in team.tiers} == {"优秀组织奖"}
    selection = scheme_of("furniture-national-final").promotion
    assert (selection.count, selection.by) == (50, "division")
    vote = scheme_of("baoshan-green", 3)
    assert (vote.total, vote.steps[0].rule, vote.tiers[0].count) == ("share", "of_best", 10)
    assert {leaf.kind for leaf in scheme_of("xingguo-cup").parts[0].leaves} == {"points", "judgement", "yes_no"}


def test_a_copy_has_the_structure_and_nothing_else(app, final):
    final.event.frozen_at = NOW
    copied = service.create(name="第二届", copied_from=final.contest, user=None, actor=SYSTEM, now=NOW)
    assert building.plan_of(copied) == building.plan_of(final.contest)
    event = copied.events[0]
    assert (event.frozen_at, event.scheme_version, copied.copied_from_id) == (None, 0, final.contest.id)
    db.session.rollback()


def test_anchors_stand_on_the_grid_of_marks():
    assert presets.anchor_points(15 * UNIT, 95, UNIT // 2) == 145_000  # 14.25 goes up to 14.5
    assert presets.anchor_points(25 * UNIT, 95, UNIT // 2) == 24 * UNIT  # 23.75 goes up to 24
    assert presets.anchor_points(10 * UNIT, 95, 10 * UNIT) == 10 * UNIT
