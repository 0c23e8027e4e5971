"""Schemes with steps of every rule, drawn at random, and a small field with gaps for them."""

from dataclasses import replace

from hypothesis import strategies as st

from scoring import RANKINGS, STEP_RULES, TIE_RULES, EntryFact, Panel, Part, Rounding, Scheme, Step, TieRule
from tests.scoring.build import field, leaf, pts, roadshow

PARTS = (*(Part(code, code, kind="figure", required=False) for code in ("a", "b")),
         roadshow(criteria=(leaf("talk", 100, name="答辩"),)))
CODES = ("a", "b", "roadshow", "roadshow/talk", "votes")
UNITS = st.integers(-3, 3).map(lambda value: value * 10_000)


@st.composite
def steps(draw, code, known):
    """A step of any rule over known codes; most are sound, the checks sort out the others."""
    rule = draw(st.sampled_from(list(STEP_RULES.values())))
    of = tuple(draw(st.lists(st.sampled_from(known), min_size=rule.least, max_size=rule.most or 3)))
    step = Step(code, code.upper(), rule.code, of, low=draw(UNITS), high=draw(UNITS), to_low=draw(UNITS), to_high=draw(UNITS),
                table=draw(st.sampled_from((((10_000, 50_000), (20_000, 0)), ((20_000, -10_000),)))),
                better=draw(st.sampled_from(("high", "low"))), missing=draw(st.sampled_from(("", *rule.policies))),
                rounding=draw(st.sampled_from((None, Rounding(1)))), factor=draw(st.sampled_from(("1", "0.3", "10/3"))),
                offset=draw(st.sampled_from(("0", "2.5", "-1"))), exponent=draw(st.sampled_from(("1", "1.81"))),
                method=draw(st.sampled_from(("standard", "dense", "mean", "modified"))))
    if "weights" in rule.optional and draw(st.booleans()):
        step = replace(step, weights=tuple(draw(st.lists(st.integers(0, 1_000_000), min_size=len(of), max_size=len(of)))))
    if "keep" in rule.optional:
        step = replace(step, keep=draw(st.one_of(st.none(), st.integers(1, len(of)))))
    if "drop" in rule.optional:
        step = replace(step, drop=draw(st.one_of(st.none(), st.integers(0, len(of) - 1))))
    if "ties" in rule.optional and draw(st.booleans()):
        step = replace(step, ties=(draw(ties_over(known)),))
    return step


def ties_over(known):
    return st.builds(TieRule, st.sampled_from(sorted(TIE_RULES)), st.sampled_from(("", *known)))


@st.composite
def schemes(draw):
    given, known = [], CODES
    for code in ("t", "u", "v"):
        given.append(draw(steps(code, known)))
        known = (*known, code)
    draw_code = st.sampled_from(("", *known))
    parts = (*PARTS[:2], replace(PARTS[2], required=False, panel=Panel("majority", minimum_judges=1)))
    return Scheme(parts, steps=tuple(draw(st.permutations(given))), total=draw(draw_code), key=draw(draw_code), class_by=draw(draw_code),
                  ties=(draw(ties_over(known)),), ranking=draw(st.sampled_from(sorted(RANKINGS))), better=draw(st.sampled_from(("high", "low"))))


ENTRIES = field(*[EntryFact(number, str(number), status, figures={code: pts(value) for code, value in (("a", one), ("b", two), ("votes", 7)) if value})
                  for number, (one, two, status) in enumerate(((1, 2, "competing"), (2, 0, "competing"), (0, 0, "competing"), (2, 2, "competing"),
                                                               (3, 1, "out_of_competition"), (1, 1, "absent")), 1)])
