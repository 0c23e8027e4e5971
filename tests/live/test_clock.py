"""The clock as figures: what it shows never depends on how often anyone looked, paused or reloaded."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from compete.live import clock
from scoring import UNIT

STEPS = st.lists(st.tuples(st.sampled_from(["start", "pause", "longer", "shorter", "look"]), st.integers(0, 120_000)), max_size=30)
RULES = st.fixed_dictionaries({
    "grace": st.integers(0, 60), "every": st.integers(1, 90), "points": st.integers(1, 5 * UNIT),
    "maximum": st.one_of(st.none(), st.integers(1, 20 * UNIT)),
})  # fmt: skip


@given(STEPS, st.integers(0, 2**41))
def test_it_ran_as_long_as_it_was_running(steps, now):
    """Against an account of its own: the sum of the stretches between start and pause."""
    shown, ran, since = clock.Clock("speech", 480_000, 0, None), 0, None
    for what, passed in steps:
        now += passed
        if what == "start":
            shown, since = shown.start(now), now if since is None else since
        elif what == "pause":
            shown, ran, since = shown.pause(now), ran + (now - since if since is not None else 0), None
        elif what in ("longer", "shorter"):
            before = shown.ran(now)
            shown = shown.adjust(clock.STEP_MS if what == "longer" else -clock.STEP_MS)
            assert shown.ran(now) == before and clock.STEP_MS <= shown.allotted_ms <= clock.LONGEST_MS
        total = ran + (now - since if since is not None else 0)
        assert shown.ran(now) == total
        assert shown.remaining(now) == shown.allotted_ms - total
        assert shown.over(now) == max(0, total - shown.allotted_ms)


@given(st.integers(0, 10**6), st.integers(0, 10**9), st.integers(-(10**6), 10**6))
def test_a_clock_set_back_never_lets_time_run_backwards(ran, started, shift):
    shown = clock.Clock("speech", 60_000, ran, started)
    assert shown.ran(started + shift) == ran + max(0, shift)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_instants_go_to_milliseconds_and_back(moment):
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert clock.moment_of(clock.epoch_ms(moment)) == moment
    assert clock.epoch_ms(moment + timedelta(seconds=1)) - clock.epoch_ms(moment) == 1000


@given(RULES, st.integers(0, 1_000_000))
def test_overtime_costs_by_the_rule_and_never_less_for_more(rule, over_ms):
    timing = {"overtime": rule}
    found, seconds = clock.charge(over_ms, timing), over_ms // 1000
    steps = 0
    while seconds > rule["grace"] + steps * rule["every"]:
        steps += 1
    owed = steps * rule["points"] if rule["maximum"] is None else min(steps * rule["points"], rule["maximum"])
    assert (found.points if found else 0) == owed
    later = clock.charge(over_ms + 1000, timing)
    assert (later.points if later else 0) >= owed


def test_rules_and_reasons_in_words():
    timing = {"overtime": {"grace": 10, "every": 30, "points": UNIT // 2, "maximum": 5 * UNIT}}
    assert clock.charge(10_999, timing) is None
    found = clock.charge(65_000, timing)
    assert found.points == UNIT
    assert found.reason == "陈述超时 1 分 05 秒（超时 10 秒以内不扣，之后每 30 秒扣 0.5 分，不足按一次计，最多扣 5 分）"
    assert clock.charge(10**9, {}) is None and clock.rule_text({}) == ""


def test_warnings_lie_within_the_time():
    assert clock.warnings({}, 480_000) == (60, 30)
    assert clock.warnings({"warnings": [30, 120, 30, 0]}, 480_000) == (120, 30)
    assert clock.warnings({}, 60_000) == (30,)  # a warning of the whole time is none
    assert clock.warnings({"warnings": []}, 480_000) == ()


def test_phases_are_those_with_minutes():
    assert clock.phases(8, 5) == ("speech", "questions")
    assert clock.phases(None, 5) == ("questions",)
    assert clock.phases(None, None) == ("speech",)  # counts up without limit
    assert clock.Clock("speech", 0, 5_000, None).over(0) == 0
