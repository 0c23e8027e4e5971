"""What must hold for every scheme and every field, searched for by hypothesis."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import (UNIT, WHOLE, EntryFact, Facts, Panel, Part, PenaltyFact, Rounding, Scheme, SheetFact, Tier, TieRule, allot, compute)
from tests.scoring.build import leaf

CRITERIA = (leaf("a", 30, 10), leaf("b", 70, 7))
FACTORS = Part("p", "p", criteria=CRITERIA).factors
RULES = st.builds(Panel, st.sampled_from(["mean", "trimmed_mean", "median"]), st.integers(0, 2), st.integers(0, 2),
                  st.integers(1, 5), st.just("mean"), st.sampled_from(["total", "criterion"]))
CHAINS = st.sampled_from([(), (TieRule("shared"),), (TieRule("untrimmed_mean"), TieRule("shared")),
                          (TieRule("highest_judge"), TieRule("exact_score"))])
STATES = st.sampled_from(["submitted"] * 8 + ["recused", "absent"])


@st.composite
def sheet(draw, judge, states=STATES):
    marks = (("a", draw(st.integers(0, 4)) * 2 * UNIT), ("b", draw(st.integers(0, 7)) * UNIT))
    total = sum(FACTORS[code] * units for code, units in marks)
    return SheetFact(judge, draw(states), total, marks)


@st.composite
def fields(draw, states=STATES, statuses=("competing", "competing", "competing", "out_of_competition", "absent")):
    judges = draw(st.integers(1, 6))
    entries = []
    for number in range(draw(st.integers(1, 9))):
        given_sheets = tuple(draw(sheet(judge, states)) for judge in range(judges))
        penalties = (PenaltyFact(draw(st.integers(0, 3)) * UNIT, "超时"),)
        entries.append(EntryFact(number, str(number), draw(st.sampled_from(statuses)), "", {"p": given_sheets}, penalties,
                                 {"q": draw(st.integers(0, 3)) * 10 * UNIT}))
    return Facts(tuple(entries))


@st.composite
def schemes(draw):
    judged = Part("p", "评审", 600_000, criteria=CRITERIA, panel=draw(RULES))
    theory = Part("q", "理论", WHOLE - 600_000, "figure")
    return Scheme((judged, theory), Rounding(draw(st.integers(0, 2))), draw(CHAINS), rank_by=draw(st.sampled_from(["rounded", "exact"])))


@given(schemes(), fields(), st.randoms(use_true_random=False))
def test_the_order_of_entries_and_sheets_is_irrelevant(scheme, facts, chance):
    entries = [entry._replace(sheets={"p": tuple(chance.sample(entry.sheets["p"], len(entry.sheets["p"])))})
               for entry in facts.entries]
    chance.shuffle(entries)
    assert compute(scheme, Facts(tuple(entries))).to_json() == compute(scheme, facts).to_json()


def oracle(panel, values):
    """The panel rule in plain words, with Fractions."""
    values = sorted(map(Fraction, values))
    enough = len(values) >= panel.minimum_judges
    if panel.rule == "trimmed_mean" and enough and len(values) > panel.drop_high + panel.drop_low:
        values = values[panel.drop_low:len(values) - panel.drop_high]
    if panel.rule == "median" and enough:
        middle = len(values) // 2
        values = [values[middle]] if len(values) % 2 else values[middle - 1:middle + 1]
    return sum(values) / len(values)


def oracle_total(scheme, entry):
    panel = scheme.parts[0].panel
    marks = [dict(sheet.marks) for sheet in entry.sheets["p"] if sheet.state == "submitted"]
    if not marks:
        return None
    value = {"a": Fraction(30, 10 * UNIT), "b": Fraction(70, 7 * UNIT)}
    if panel.level == "criterion":
        judged = sum(value[code] * oracle(panel, [sheet[code] for sheet in marks]) for code in value)
    else:
        judged = oracle(panel, [sum(value[code] * sheet[code] for code in value) for sheet in marks])
    total = judged * 6 / 10 + Fraction(entry.figures["q"], UNIT) * 4 / 10 - Fraction(entry.penalties[0].units, UNIT)
    return max(total, Fraction(0))


@given(schemes(), fields())
def test_scores_and_places_agree_with_fractions(scheme, facts):
    outcome = compute(scheme, facts)
    scale = scheme.rounding.scale
    totals = {entry.entry: oracle_total(scheme, entry) for entry in facts.entries if entry.status == "competing"}
    shown = {entry: int(total * scale + Fraction(1, 2)) for entry, total in totals.items() if total is not None}
    keys = totals if scheme.rank_by == "exact" else shown
    for entry, total in totals.items():
        standing = outcome.standing(entry)
        assert standing.exact_fraction == total
        if total is None:
            assert standing.status == "incomplete" and standing.place is None
            continue
        assert standing.score == shown[entry]
        better = sum(keys[other] > keys[entry] for other in shown)
        level = sum(keys[other] == keys[entry] for other in shown)
        assert better < standing.place <= better + level


@given(schemes(), fields())
def test_the_judges_shown_as_used_make_the_score(scheme, facts):
    """Where totals are trimmed or averaged, the mean of the totals that are not marked as dropped is the part's score."""
    panel = scheme.parts[0].panel
    if panel.level == "criterion" or panel.rule == "median":
        return
    for standing in compute(scheme, facts).standings:
        part = standing.parts.get("p")
        if part and not part.missing:
            used = [judge.total for judge in part.judges if judge.use == "used"]
            assert Fraction(sum(used), len(used) * scheme.parts[0].denominator) == Fraction(part.score_num, part.score_den)
            assert part.used == len(used)


@given(schemes(), fields())
def test_places_are_1224(scheme, facts):
    placed = [standing.place for standing in compute(scheme, facts).standings if standing.place]
    assert placed == sorted(placed)
    assert all(place == 1 + sum(other < place for other in placed) for place in placed)


@given(schemes(), fields(statuses=("competing",)), st.data())
def test_raising_a_mark_never_lowers_a_place(scheme, facts, data):
    """Over complete fields; mean, trimmed mean and median are monotone in every mark, and so are these tie rules."""
    at = data.draw(st.integers(0, len(facts.entries) - 1))
    entry = facts.entries[at]
    judge = data.draw(st.integers(0, len(entry.sheets["p"]) - 1))
    old = entry.sheets["p"][judge]
    marks = tuple((code, data.draw(st.integers(units // UNIT, {"a": 10, "b": 7}[code])) * UNIT) for code, units in old.marks)
    new = old._replace(marks=marks, total=sum(FACTORS[code] * units for code, units in marks))
    raised = entry._replace(sheets={"p": entry.sheets["p"][:judge] + (new,) + entry.sheets["p"][judge + 1:]})
    before = compute(scheme, facts).standing(entry.entry)
    after = compute(scheme, facts._replace(entries=facts.entries[:at] + (raised,) + facts.entries[at + 1:])).standing(entry.entry)
    if before.place is not None:
        assert after.exact_fraction >= before.exact_fraction
        assert after.place <= before.place


TIERS = st.lists(st.builds(Tier, st.just("t"), st.just("奖"), st.integers(0, 4), st.none(), st.just("half_up"), st.integers(0, 500),
                           st.none() | st.integers(0, 60).map(lambda points: points * UNIT),
                           st.sampled_from(["chain", "all_in", "all_out"])), max_size=4)


@given(schemes(), fields(), TIERS)
def test_awards_keep_to_their_quota(scheme, facts, drawn):
    tiers = tuple(Tier(f"t{at}", tier.name, tier.count, None, "half_up", tier.prize_fen, tier.minimum_score, tier.tie)
                  for at, tier in enumerate(drawn))
    outcome = compute(scheme, facts)
    found = allot(tiers, outcome.standings)
    winners = [award.entry for award in found.awards]
    assert len(set(winners)) == len(winners)
    assert found.total_fen == sum(tier.total_fen for tier in found.tiers)
    for tier, count in zip(tiers, found.tiers):
        if tier.tie == "all_in":
            last = [award.place for award in found.awards if award.tier == tier.code]
            assert sum(place < max(last) for place in last) < max(count.planned, 1) if last else True
        else:
            assert count.allotted + count.pending + count.vacant == count.planned
    assert all(outcome.standing(entry).status == "competing" for entry in winners)
    tier_of = {award.entry: int(award.tier[1:]) for award in found.awards}
    ordered = [tier_of[standing.entry] for standing in outcome.standings if standing.entry in tier_of]
    assert ordered == sorted(ordered)


@settings(max_examples=20)
@given(schemes(), fields(states=st.sampled_from(["submitted", "draft", "missing", "returned", "recused"])))
def test_an_unfinished_sheet_always_keeps_the_entry_from_a_place(scheme, facts):
    outcome = compute(scheme, facts)
    for entry in facts.entries:
        unfinished = any(sheet.state in ("draft", "missing", "returned") for sheet in entry.sheets["p"])
        if entry.status in ("competing", "out_of_competition") and unfinished:
            assert outcome.standing(entry.entry).status == "incomplete" and not outcome.releasable
