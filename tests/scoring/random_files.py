"""Random files in the public form: schemes of many rules, small fields with ties, gaps, recusals, penalties and every status.

Marks lie on a coarse grid so that ties are frequent. What the scheme's own checks refuse is left out (`tallies`).
"""

from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st

from scoring.form import dumps, loads, read

JUDGES = ("J1", "J2", "J3", "J4", "J5")
PER_ENTRY_PANELS = ("mean", "trimmed_mean", "median", "sum", "trimmed_sum", "highest", "lowest", "clamped_mean", "outlier_mean")
FIELD_PANELS = ("rank_sum", "rank_mean", "majority", "pairwise")
PER_ENTRY_STEPS = ("sum", "mean", "best", "best_mean", "worst_discarded", "highest", "lowest", "median", "first", "product", "difference",
                   "quotient", "linear", "cap", "table", "count", "taken")
FIELD_STEPS = ("rank", "points_by_place", "borda", "of_best", "of_rank", "scale_700")
ONE_INPUT = {"linear", "cap", "table", *FIELD_STEPS}
ROUNDINGS = st.sampled_from([None, None, {"places": 0}, {"places": 1, "mode": "floor"}, {"places": 2}, {"places": 1, "mode": "half_even"}])
STATUSES = ("competing",) * 7 + ("out_of_competition", "absent", "disqualified")
CUTS = ("chain", "all_in", "all_out", "extend", "carry", "nearest")
STATES = (None, "recused", "absent")


@st.composite
def panels(draw, field):
    panel = {"rule": draw(st.sampled_from(PER_ENTRY_PANELS + (FIELD_PANELS if field else ()))), "drop_high": draw(st.integers(0, 1)),
             "drop_low": draw(st.integers(0, 1)), "minimum_judges": draw(st.integers(1, 3)), "rounding": draw(ROUNDINGS),
             "below_minimum": draw(st.sampled_from(["mean", "refuse"]))}
    if panel["rule"] in ("clamped_mean", "outlier_mean"):
        panel["clamp"] = 2
    if draw(st.sampled_from([True, False, False])):
        panel["judge_rounding"] = {"places": draw(st.integers(0, 1)), "mode": "half_up"}
    if panel["rule"] in ("trimmed_mean", "trimmed_sum"):
        panel["minimum_judges"] = max(panel["minimum_judges"], panel["drop_high"] + panel["drop_low"] + 1)
    if panel["rule"] == "mean" and field and draw(st.booleans()):
        panel["standard"] = {"rounding": {"places": 2}}
    if panel["rule"] == "mean" and "standard" not in panel and draw(st.booleans()):
        panel["level"] = "criterion"
        panel.pop("judge_rounding", None)
    return panel


@st.composite
def parts(draw, code, field):
    part = {"code": code, "name": f"环节{code}", "required": draw(st.sampled_from([True, True, False])), "rounding": draw(ROUNDINGS)}
    if draw(st.sampled_from([True, False, False])):
        return part | {"kind": "figure"}
    leaves = [{"code": "x", "name": "甲项", "maximum": 10, "step": 1}, {"code": "y", "name": "乙项", "maximum": 5, "step": 1}]
    leaves = leaves[:draw(st.integers(1, 2))]
    if draw(st.booleans()):
        part["scale"] = "raw"
    elif len(leaves) == 2:
        leaves = [leaf | {"weight": weight} for leaf, weight in zip(leaves, (60, 40))]
    if draw(st.sampled_from([True, False, False])):
        part |= draw(st.sampled_from([{"multiple": 3}, {"multiple": "2/3"}, {"factor": "difficulty"}, {"multiple": "0.6", "factor": "difficulty"}]))
    return part | {"criteria": leaves, "panel": draw(panels(field))}


@st.composite
def steps(draw, code, known, field):
    rule = draw(st.sampled_from(PER_ENTRY_STEPS + (FIELD_STEPS if field else ())))
    fewest, most = (2, 2) if rule in ("difference", "quotient") else (1, 1 if rule in ONE_INPUT else 3)
    assume(len(known) >= fewest)
    step = {"code": code, "name": f"计算{code}", "rule": rule, "of": draw(st.lists(st.sampled_from(known), min_size=fewest, max_size=most, unique=True))}
    if rule in ("best", "best_mean"):
        step["keep"] = draw(st.integers(1, 2))
    if rule in ("sum", "mean") and draw(st.booleans()):
        step["weights"] = draw(st.lists(st.sampled_from([50, 100, 30]), min_size=len(step["of"]), max_size=len(step["of"])))
    if rule == "linear":
        step |= {"factor": draw(st.sampled_from([2, "1/3", Decimal("-0.5")])), "offset": draw(st.sampled_from([0, 10]))}
    if rule == "cap":
        step |= {"low": 2, "high": 40}
    if rule in ("table", "points_by_place"):
        step["table"] = [[1, 8], [2, 5], [4, 1]]
    if rule in ("rank", "points_by_place", "borda", "of_rank"):
        step["method"] = draw(st.sampled_from(["standard", "mean", "dense"]))
    if rule in ("best", "best_mean", "worst_discarded", "highest", "lowest") and draw(st.booleans()):
        step["fewest"] = draw(st.integers(1, len(step["of"])))
    if rule in FIELD_STEPS and draw(st.sampled_from([True, False, False])):
        step["within"] = "organization"
    return step | {"rounding": draw(ROUNDINGS)}


@st.composite
def chains(draw, codes):
    rules = [{"code": "figure", "argument": draw(st.sampled_from(codes))}, {"code": "figure_low", "argument": "time"}, {"code": "fewer_penalties"},
             {"code": "exact_score"}, {"code": "modules_in_order"}]
    chain = draw(st.lists(st.sampled_from(rules), max_size=2, unique_by=lambda rule: rule["code"]))
    return chain + [{"code": draw(st.sampled_from(["shared", "decision"]))}]


@st.composite
def tiers(draw, prefix, most, codes=()):
    """With codes, tiers may rest on another figure than the total and ask for least figures."""
    found = []
    for at in range(draw(st.integers(0, most))):
        tier = {"code": f"{prefix}{at}", "name": f"奖{at}", "tie": draw(st.sampled_from(CUTS)), "prize": 100 * (most - at)}
        tier |= draw(st.sampled_from([{"count": 1}, {"count": 2}, {"ratio": 30}, {"ratio": 40, "rounding_mode": "ceil"}]))
        if draw(st.booleans()):
            tier["per_organization"] = 1
        if codes and draw(st.booleans()):
            tier |= {"figure": draw(st.sampled_from(codes)), "tie": draw(st.sampled_from(["chain", "all_in", "all_out", "nearest"]))}
        if codes and draw(st.booleans()):
            tier["minimums"] = [["difficulty", Decimal("2.5")]]
        found.append(tier)
    return found


@st.composite
def schemes(draw, field=True):
    """field=False: every entry's score rests on its own marks alone."""
    codes = [f"p{at}" for at in range(draw(st.integers(1, 3)))]
    listed = [draw(parts(code, field)) for code in codes]
    known, more = list(codes), []
    for at in range(draw(st.integers(0, 3))):
        more.append(draw(steps(f"s{at}", known, field)))
        known.append(f"s{at}")
    scheme = {"parts": listed, "steps": more, "rounding": {"places": draw(st.integers(0, 2))}, "rank_by": draw(st.sampled_from(["rounded", "exact"])),
              "better": draw(st.sampled_from(["high", "high", "low"])), "ranking": draw(st.sampled_from(["standard", "dense", "mean", "modified", "ordinal"])),
              "ties": draw(chains(known)), "tiers": draw(tiers("t", 3)), "titles": draw(tiers("h", 2, known)), "floor": draw(st.sampled_from([None, 0]))}
    if more:
        scheme |= {"total": draw(st.sampled_from(known)), "class_by": draw(st.sampled_from(["", "", known[-1]])), "tolerance": draw(st.sampled_from([None, None, 2]))}
    else:
        for part, weight in zip(listed, {1: (100,), 2: (60, 40), 3: (50, 30, 20)}[len(listed)]):
            part["weight"] = weight
    if draw(st.booleans()):
        of = {} if draw(st.booleans()) else {"of": codes}
        scheme["teams"] = [{"code": "team", "name": "团体", "by": "organization", "rule": "best" if of else draw(st.sampled_from(["sum", "mean", "place_sum"])), "keep": 2} | of]
    return scheme


@st.composite
def sheets(draw, part):
    def mark():
        return {"x": draw(st.integers(3, 8)), "y": draw(st.integers(2, 4))} if len(part["criteria"]) == 2 else draw(st.integers(3, 8))
    return {judge: mark() if draw(st.integers(0, 15)) else draw(st.sampled_from(STATES)) for judge in JUDGES[:3 + draw(st.integers(0, 2))]}


@st.composite
def entries(draw, scheme, number):
    entry = {"number": number, "name": f"对象{number}", "organization": draw(st.sampled_from("甲乙丙")), "status": draw(st.sampled_from(STATUSES)),
             "figures": {"time": draw(st.integers(1, 3)), "difficulty": draw(st.sampled_from([2, 3, Decimal("2.5")]))}, "marks": {}}
    for part in scheme["parts"]:
        if not part["required"] and draw(st.integers(0, 3)) == 0:
            continue
        if part.get("kind") == "figure":
            entry["figures"][part["code"]] = 10 * draw(st.integers(2, 6))
        else:
            entry["marks"][part["code"]] = draw(sheets(part))
    if not draw(st.integers(0, 4)):
        entry["penalties"] = [{"points": draw(st.integers(1, 3)), "reason": "超时"}, {"points": 1, "reason": "越界", "part": scheme["parts"][0]["code"]}]
    return entry


@st.composite
def files(draw, field=True, most=7):
    scheme = draw(schemes(field))
    found = [draw(entries(scheme, str(at))) for at in range(1, 1 + draw(st.integers(1, most)))]
    return {"format": "compete-tally", "version": 1, "scheme": scheme, "entries": found}


def tally_of(data):
    """The file as a tally; a scheme that the checks refuse is not looked at."""
    found = read(loads(dumps(data)))
    assume(hasattr(found, "scheme"))
    return found
