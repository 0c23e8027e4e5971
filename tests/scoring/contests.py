"""Random schemes and fields for the property tests: everything that the column-wise path says it can do, gaps and ties included."""

from hypothesis import strategies as st

from scoring import UNIT, Decision, EntryFact, Facts, Panel, Part, PenaltyFact, Rounding, Scheme, SheetFact, Tier, TieRule, sheet_total
from tests.scoring.build import leaf

MODES = ("half_up", "half_even", "floor", "ceil")
STATES = ("missing", "draft", "returned", "recused", "absent")
CHAIN = ("untrimmed_mean", "highest_judge", "lowest_judge", "exact_score", "fewer_penalties")

roundings = st.builds(Rounding, st.integers(0, 4), st.sampled_from(MODES))


@st.composite
def panels(draw):
    return Panel(
        draw(st.sampled_from(("mean", "trimmed_mean", "median"))), drop_high=draw(st.integers(0, 2)), drop_low=draw(st.integers(0, 2)),
        minimum_judges=draw(st.integers(1, 4)), below_minimum=draw(st.sampled_from(("mean", "refuse"))),
        level=draw(st.sampled_from(("total", "criterion"))), rounding=draw(st.none() | roundings),
        chief=draw(st.sampled_from(("counts", "apart"))), better=draw(st.sampled_from(("high", "high", "low"))),
    )


@st.composite
def parts(draw, number):
    kind = draw(st.sampled_from(("judged", "judged", "figure")))
    weights = draw(st.sampled_from(((100,), (40, 60), (25, 35, 40))))
    criteria = tuple(leaf(f"c{number}{at}", weight, draw(st.sampled_from((7, 10, 30, 100))), minimum=draw(st.sampled_from((0, 0, -3 * UNIT))))
                     for at, weight in enumerate(weights))
    return Part(f"p{number}", f"环节{number}", draw(st.sampled_from((30, 40, 100))) * UNIT, kind, criteria if kind == "judged" else (),
                draw(panels()), draw(st.none() | roundings), scale=draw(st.sampled_from(("hundred", "raw"))),
                multiple=draw(st.sampled_from(("1", "1", "3", "10/3"))))


@st.composite
def schemes(draw):
    found = tuple(draw(parts(number)) for number in range(draw(st.integers(1, 3))))
    chain = []
    for _ in range(draw(st.integers(0, 4))):
        chain.append(draw(st.sampled_from([TieRule(code) for code in CHAIN] + [TieRule("part", part.code) for part in found]
                                          + [TieRule("figure_low", "time"), TieRule("figure_high", "time"), TieRule("shared"), TieRule("decision")]
                                          + [TieRule(code, f"{part.code}/{criterion.code}") for part in found for criterion in part.criteria
                                             for code in ("criterion", "criterion_mean")])))
    return Scheme(
        found, draw(roundings), tuple(chain), draw(tiers()), draw(st.none() | st.just(40 * UNIT)), draw(st.sampled_from(("rounded", "exact"))),
        draw(st.none() | st.just(20 * UNIT)), better=draw(st.sampled_from(("high", "high", "low"))),
        ranking=draw(st.sampled_from(("standard", "dense", "modified", "ordinal"))),
    )


@st.composite
def tiers(draw):
    found = []
    for number in range(draw(st.integers(0, 4))):
        size = draw(st.sampled_from(({"count": 1}, {"count": 3}, {"ratio": 1000}, {"ratio": 3333}, {"minimum_score": 55 * UNIT})))
        found.append(Tier(f"t{number}", f"{number}等奖", rounding_mode=draw(st.sampled_from(MODES)), prize_fen=100 * number,
                          tie=draw(st.sampled_from(("chain", "all_in", "all_out"))), cumulative=draw(st.booleans()),
                          base=draw(st.sampled_from(("competing", "ranked", "registered"))), **{"minimum_score": draw(st.none() | st.just(50 * UNIT)), **size}))
    return tuple(found)


@st.composite
def sheet(draw, part, judge, variety):
    """variety: how many different marks there may be; with two, ties abound."""
    chief = judge == 1
    if draw(st.integers(0, 29)) == 29:
        return SheetFact(judge, draw(st.sampled_from(STATES)), chief=chief)
    marks = tuple((criterion.code, criterion.minimum + draw(st.integers(0, variety)) * (criterion.maximum - criterion.minimum) // variety)
                  for criterion in part.leaves)
    return SheetFact(judge, "submitted", sheet_total(part, marks), marks, chief)


@st.composite
def fields(draw, scheme, most=12):
    entries, variety, usual = [], draw(st.sampled_from((1, 2, 5))), draw(st.integers(1, 5))
    for number in range(1, draw(st.integers(0, most)) + 1):
        sheets = {part.code: tuple(draw(sheet(part, judge, variety)) for judge in range(1, draw(st.sampled_from((usual, usual, usual, 2, 5))) + 1))
                  for part in scheme.parts if part.kind == "judged"}
        figures = {part.code: draw(st.integers(-1, 2 * variety)) * UNIT * 15 // 2 for part in scheme.parts if part.kind == "figure" and draw(st.integers(0, 19))}
        if draw(st.integers(0, 5)):
            figures["time"] = draw(st.integers(0, 2)) * UNIT
        penalties = tuple(PenaltyFact(draw(st.sampled_from((UNIT, 5 * UNIT, -UNIT, 70 * UNIT))), "超时") for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))))
        status = draw(st.sampled_from(("competing",) * 8 + ("out_of_competition", "absent", "disqualified")))
        entries.append(EntryFact(number, str(number), status, "", sheets, penalties, figures))
    ids = [entry.entry for entry in entries]
    decisions = tuple(Decision(tuple(draw(st.permutations(ids))), "抽签", draw(st.sampled_from(("", "2026-01-01")))) for _ in range(draw(st.integers(0, 1)) if ids else 0))
    return Facts(tuple(entries), {judge: f"评委{judge}" for judge in range(1, 6)}, decisions)


@st.composite
def contests(draw, most=12):
    """(scheme, facts)."""
    scheme = draw(schemes())
    return scheme, draw(fields(scheme, most))
