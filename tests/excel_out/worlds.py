"""Random contests for the workbooks: every rule of the engine, marks chosen so that exact halves are frequent, all from a seed."""

import random
from dataclasses import replace
from fractions import Fraction
from functools import cache

import scoring
from compete.excel.summary import Title
from scoring import UNIT, Criterion, EntryFact, Facts, Panel, Part, PenaltyFact, Rounding, Scheme, SheetFact, TieRule


def criteria(kind: str) -> tuple[Criterion, ...]:
    """points: maximum = weight. weighted: every maximum 100. thirds: shares that never end as decimals. tree: an inner node."""
    if kind == "points":
        return tuple(
            Criterion(f"c{n}", f"项{n}", weight * UNIT, weight * UNIT, step=100) for n, weight in enumerate((25, 20, 20, 15, 10, 10))
        )
    if kind == "weighted":
        return tuple(Criterion(f"c{n}", f"项{n}", weight * UNIT, 100 * UNIT, step=5000) for n, weight in enumerate((40, 35, 25)))
    if kind == "thirds":
        return tuple(Criterion(f"c{n}", f"项{n}", weight, 30 * UNIT, step=5000) for n, weight in enumerate((333_333, 333_333, 333_334)))
    leaves = tuple(Criterion(f"l{n}", f"叶{n}", 0, 20 * UNIT, step=1000) for n in range(2))
    return (Criterion("c0", "总项", 600_000, 40 * UNIT, children=leaves), Criterion("c1", "另一项", 400_000, 50 * UNIT, step=2500))


def marks(rng: random.Random, part: Part, narrow: bool) -> tuple[tuple[str, int], ...]:
    """Narrow marks make equal totals, and so ties, frequent."""
    found = []
    for leaf in part.leaves:
        steps = leaf.maximum // leaf.step
        found.append((leaf.code, leaf.step * rng.randint(steps - 3 if narrow else steps // 2, steps)))
    return tuple(found)


def sheets(rng: random.Random, part: Part, judges: range, complete: bool, narrow: bool) -> tuple[SheetFact, ...]:
    found = []
    for judge in judges:
        chance = rng.random()
        state = "submitted" if chance < 0.9 else rng.choice(["recused", "absent"])
        if not complete and chance > 0.97:
            state = rng.choice(["missing", "draft", "returned"])
        given = marks(rng, part, narrow) if state == "submitted" else None
        found.append(SheetFact(judge, state, scoring.sheet_total(part, given) if given else None, given, chief=judge == judges[0]))
    return tuple(found)


def world(seed: int, parts: tuple[Part, ...], *, entries: int = 14, judges: int = 7, complete: bool = True, narrow: bool = False, **scheme):
    """(scheme, facts, outcome, titles)"""
    rng = random.Random(seed)
    scheme = Scheme(parts, ties=(TieRule("untrimmed_mean"), TieRule("shared")), **{"rounding": Rounding(2), **scheme})
    found = []
    for entry in range(1, entries + 1):
        status = "competing" if rng.random() < 0.85 else rng.choice(["out_of_competition", "absent", "disqualified", "withdrawn", "vetoed"])
        given = {part.code: sheets(rng, part, range(1, judges + 1), complete, narrow) for part in parts if part.kind == "judged"}
        figures = {
            part.code: rng.randint(60 * 20, 100 * 20) * UNIT // 20 for part in parts if part.kind != "judged" and rng.random() < 0.95
        }
        penalties = (PenaltyFact(rng.choice([5000, 10000, 2500]), "超时"),) if rng.random() < 0.2 else ()
        found.append(EntryFact(entry, f"{entry:02d}", status, "单位", given, penalties, figures))
    facts = Facts(tuple(found), {judge: f"评委{judge}" for judge in range(1, judges + 1)})
    titles = {entry: Title(f"=SUM(A1)项目{entry}" if entry % 5 == 0 else f"项目{entry}", "某某公司") for entry in range(1, entries + 1)}
    return scheme, facts, scoring.compute(scheme, facts), titles


def part(kind: str = "points", code: str = "p", weight: int = scoring.WHOLE, rounding: Rounding | None = None, **panel) -> Part:
    return Part(code, f"环节{code}", weight, criteria=criteria(kind), panel=Panel(**{"minimum_judges": 3, **panel}), rounding=rounding)


@cache
def worlds() -> dict[str, tuple]:
    """All that the summary must calculate right."""
    found = {
        "trimmed": world(1, (part(),), narrow=True, entries=30),
        "trimmed_six_judges": world(2, (part(),), judges=6, narrow=True, entries=100),
        "trimmed_two": world(3, (part("weighted", drop_high=2, drop_low=2, minimum_judges=5),), judges=9),
        "trimmed_unequal": world(4, (part("weighted", drop_high=0, drop_low=2),), judges=6),
        "falls_back": world(5, (part(minimum_judges=7),), judges=7),
        "refuses": world(6, (part(minimum_judges=7, below_minimum="refuse", rounding=Rounding(1)),), judges=7),
        "mean": world(7, (part("weighted", rule="mean"),), judges=8, rounding=Rounding(1)),
        "mean_of_thirds": world(8, (part("thirds", rule="mean"),), judges=6, rounding=Rounding(3)),
        "median": world(9, (part("tree", rule="median"),), judges=6, narrow=True),
        "criterion": world(10, (part(level="criterion"),), judges=7, narrow=True),
        "criterion_rounded": world(11, (part("weighted", level="criterion", rounding=Rounding(1)),), judges=6),
        "criterion_refuses": world(12, (part("tree", level="criterion", minimum_judges=7, below_minimum="refuse"),), judges=7),
        "criterion_median": world(13, (part("thirds", level="criterion", rule="median"),), judges=6),
        "panel_rounded": world(14, (part("weighted", rounding=Rounding(1)), ), judges=7, rounding=Rounding(0)),
        "part_rounded": world(15, (Part("p", "路演", criteria=criteria("weighted"), panel=Panel(minimum_judges=3), rounding=Rounding(1)),)),
        "incomplete": world(16, (part(),), complete=False, entries=40),
        "incomplete_criterion": world(17, (part(level="criterion"),), complete=False, entries=40),
        "chief_apart": world(18, (part(chief="apart"),), judges=6),
        "chief_apart_criterion": world(19, (part("weighted", chief="apart", level="criterion"),), judges=6),
        "only_a_chief_apart": world(22, (part(chief="apart", level="criterion"),), judges=1, entries=100),
        "a_chief_apart_is_late": world(
            23, (part("tree", rule="median", level="criterion", chief="apart", minimum_judges=4, below_minimum="refuse"),),
            judges=4, entries=60, complete=False,
        ),
        "no_floor": world(20, (part(),), floor=None),
        "exact_ranks": world(21, (part(),), rank_by="exact", narrow=True, rounding=Rounding(0), entries=40),
    }  # fmt: skip
    for seed, rule in enumerate(("sum", "trimmed_sum", "highest", "lowest"), start=50):
        found[rule] = world(seed, (part("weighted", rule=rule, minimum_judges=6),), judges=7, narrow=True, entries=40)
        found[f"{rule}_refuses"] = world(seed + 10, (part(rule=rule, minimum_judges=7, below_minimum="refuse"),), judges=7, entries=40)
    found["sums_of_few"] = world(80, (part("weighted", rule="trimmed_sum"),), judges=4, entries=60)
    found["sums_without_a_chief"] = world(81, (part(rule="sum", chief="apart"),), judges=4, entries=40)
    found["sums_trimmed_by_two"] = world(82, (part(rule="trimmed_sum", drop_high=2),), judges=6, entries=40)
    found["low_is_better"] = world(70, (part("weighted", rule="mean"),), judges=6, better="low", narrow=True, entries=40)
    found["raw_marks"] = world(71, (replace(part("points", rule="mean"), scale="raw"),), judges=5)
    for seed, mode in enumerate(("half_even", "floor", "ceil"), start=30):
        found[mode] = world(seed, (part("weighted", rule="mean"),), judges=4, rounding=Rounding(1, mode), entries=40)
    theory = Part("t", "理论", 300_000, "figure", criteria=(Criterion("paper", "试卷", scoring.WHOLE, 150 * UNIT),), rounding=Rounding(1))
    found["three_parts"] = world(40, (part("points", "a", 333_300), part("weighted", "b", 366_700, rule="mean"), theory), narrow=True)
    found["figure_plain"] = world(41, (part("points", "a", 700_000), Part("v", "投票", 300_000, "figure")))
    return found | beyond()


def beyond() -> dict[str, tuple]:
    """Rules without a formula: their figures are stored, and the sheet says which."""
    steps = (scoring.Step("best", "较好一轮", "best", ("a", "b"), missing="skip"),)
    two = (replace(part("points", "a", 500_000), required=False), replace(part("weighted", "b", 500_000), required=False))
    return {
        "clamped": world(80, (part(rule="clamped_mean", clamp=2 * UNIT),), entries=30),
        "standard": world(81, (part("weighted", rule="mean", standard=scoring.Standard()),), entries=30),
        "judge_rounded": world(82, (part("weighted", judge_rounding=Rounding(0)),), entries=30),
        "multiplied": world(83, (replace(part(rule="mean"), multiple="3"),), entries=20),
        "best_of_two": world(84, two, steps=steps, total="best", entries=20),
        "dense": world(85, (part(),), ranking="dense", narrow=True, entries=40),
        "half_places": world(86, (part(),), ranking="mean", narrow=True, entries=40),
        "tolerance": world(87, (part(),), tolerance=UNIT, narrow=True, entries=20),
    }  # fmt: skip


def halves(outcome) -> int:
    """How many totals lie exactly between two figures of the scheme's rounding: the cases a spreadsheet gets wrong."""
    scale = outcome.run.scale
    exact = [standing.exact_fraction for standing in outcome.standings if standing.exact]
    return sum((total * scale * 2).denominator == 1 and (total * scale).denominator == 2 for total in map(Fraction, exact))
