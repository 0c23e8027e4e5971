"""What must hold for awards that rest on other figures, with ties, lines, gaps and limits at once."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scoring import EntryFact, Facts, Step, Tier, awarded, compute, titles
from tests.scoring.build import pts
from tests.scoring.fields import scheme

# "turned" is good when large although it is made of a time; "time" is good when small since "turned" takes it so.
STEPS = (Step("time", "用时", "sum", ("seconds",), better="low"), Step("turned", "时间分", "linear", ("seconds",), factor="-1", offset="50"))
FIGURES = {"votes": 1, "seconds": -1, "time": -1, "turned": 1}
LINES = st.integers(0, 9).map(pts)
TIER = st.builds(
    Tier, st.just("t"), st.just("奖"), count=st.none() | st.integers(0, 4), minimum_score=LINES,
    tie=st.sampled_from(["chain", "all_in", "all_out", "nearest"]), figure=st.sampled_from(["", *FIGURES]),
    minimums=st.lists(st.tuples(st.sampled_from([*FIGURES]), LINES), max_size=2, unique_by=lambda pair: pair[0]).map(tuple),
    per_organization=st.none() | st.just(1))
FIGURE = st.none() | st.integers(0, 9)
ROWS = st.lists(st.tuples(st.integers(0, 9), FIGURE, FIGURE, st.sampled_from(["甲", "乙", ""]),
                          st.sampled_from(["competing"] * 5 + ["out_of_competition", "absent"])), min_size=1, max_size=10)


@st.composite
def cases(draw):
    tiers = tuple(replace(tier, code=f"t{at}", better="low" if tier.figure == "seconds" else "")
                  for at, tier in enumerate(draw(st.lists(TIER, min_size=1, max_size=3))))
    plan = scheme(tiers=tiers, titles=tuple(replace(tier, code=f"x{tier.code}") for tier in tiers), steps=STEPS, total="total")
    entries = []
    for number, (score, votes, seconds, organization, status) in enumerate(draw(ROWS), 1):
        own = {"total": score, "votes": votes, "seconds": seconds}
        entries.append(EntryFact(number, str(number), status, organization, figures={code: pts(value) for code, value in own.items() if value is not None}))
    return plan, compute(plan, Facts(tuple(entries)))


def both(case):
    """[(tier, its winners in order, allotment)] of awards and titles."""
    plan, outcome = case
    awards = awarded(plan, outcome)
    lists = [(plan.tiers, awards), (plan.titles, titles(plan, outcome, awards))]
    return [(tier, [award.entry for award in found.awards if award.tier == tier.code], found) for tiers, found in lists for tier in tiers]


def worth(outcome, entry, code):
    """The figure in points, larger for the better; None where there is none. Independent of the engine's own directions."""
    figure = outcome.standing(entry).figure(code)
    return None if figure is None else figure * FIGURES[code]


def reaches(outcome, entry, code, line):
    own = worth(outcome, entry, code)
    return own is not None and own * 10_000 >= line * FIGURES[code]


@given(cases())
def test_nobody_gets_an_award_below_a_minimum(case):
    outcome = case[1]
    for tier, winners, found in both(case):
        for entry in winners:
            standing = outcome.standing(entry)
            assert standing.place is not None
            assert all(reaches(outcome, entry, code, line) for code, line in tier.minimums)
            if tier.figure:
                assert reaches(outcome, entry, tier.figure, tier.minimum_score)
            else:
                assert standing.score * 10_000 >= tier.minimum_score * standing.scale


@given(cases())
def test_quotas_are_kept_but_for_the_tie_at_their_end(case):
    outcome = case[1]
    for tier, winners, found in both(case):
        own = next(one for one in found.tiers if one.code == tier.code)
        assert own.planned == own.allotted + own.vacant + own.pending + own.shift
        if tier.count is None:
            continue
        assert own.planned == tier.count
        if tier.tie in ("chain", "all_out"):
            assert own.allotted + own.pending <= tier.count
        elif own.shift < 0:
            worths = [worth(outcome, entry, tier.figure) if tier.figure else outcome.standing(entry).rank for entry in winners]
            assert len(worths) - worths.count(worths[-1]) < tier.count


@given(cases())
def test_winners_are_the_best_of_the_figure_and_others_are_told_why_not(case):
    """Whoever has more than a winner and has not won has a higher award, waits for a decision, or is told a reason."""
    plan, outcome = case
    order = {tier.code: at for at, tier in enumerate(plan.tiers)}
    for tier, winners, found in both(case):
        if not tier.figure:
            continue
        figures = [worth(outcome, entry, tier.figure) for entry in winners]
        assert figures == sorted(figures, reverse=True)
        told = {one.entry for one in found.passed if one.tier == tier.code} | {entry for group in found.pending for entry in group}
        above = {award.entry for award in found.awards if order.get(award.tier, 9) < order.get(tier.code, -1)}
        for standing in outcome.standings:
            own = worth(outcome, standing.entry, tier.figure) if standing.place is not None else None
            if figures and own is not None and own > figures[-1]:
                assert standing.entry in {*winners, *told, *above}
        assert all(one.reason for one in found.passed)


@given(cases())
def test_seats_stay_empty_only_for_a_reason(case):
    """Where a seat is vacant, every placed entry has won, waits, or falls short by a line, a limit, or a tie."""
    plan, outcome = case
    for tier, winners, found in both(case):
        own = next(one for one in found.tiers if one.code == tier.code)
        if not own.vacant or tier.per_organization or tier.tie in ("all_out", "nearest") or found.pending:
            continue
        lines = list(tier.minimums) + ([(tier.figure, tier.minimum_score)] if tier.figure else [])
        taken = {award.entry for award in found.awards} if tier.code in {one.code for one in plan.tiers} else set(winners)
        for standing in outcome.standings:
            if standing.place is not None and standing.entry not in taken:
                short = any(not reaches(outcome, standing.entry, code, line) for code, line in lines)
                assert short or (not tier.figure and standing.score * 10_000 < tier.minimum_score * standing.scale)


@given(cases())
def test_the_order_of_entries_is_irrelevant(case):
    plan, outcome = case
    again = compute(plan, Facts(tuple(reversed(outcome.run.entries))))
    assert [found for *_, found in both((plan, again))] == [found for *_, found in both(case)]


@given(cases())
def test_what_is_sound_is_said_to_be_sound(case):
    assert case[0].check() == ()
