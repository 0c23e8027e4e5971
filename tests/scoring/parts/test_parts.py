"""One part: the raw scale, optional parts, the multiple and the factor of an entry."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring import PANEL_RULES, UNIT, WHOLE, Criterion, EntryFact, Panel, Part, Rounding, Scheme, SheetFact, Standard, sheet_total
from scoring.parts.measures import points as marked_points
from scoring.parts.reader import NOT_TAKEN, PartReader
from tests.scoring.build import entry, pts


def reader(part):
    return PartReader(Scheme((part,)), part)


def points(part, fact):
    found = reader(part).read(fact)
    return found and Fraction(found[0], found[1] * reader(part).base)


def raw(*criteria, panel=Panel("mean"), **more):
    return Part("run", "一轮", criteria=criteria, panel=panel, scale="raw", **more)


DIVE = raw(Criterion("mark", "打分", 0, 10 * UNIT, step=UNIT // 2))


def test_an_imported_figure_is_shown_as_it_is():
    part = Part("sprint", "100 米", kind="figure")
    whole = PartReader(Scheme((part,), Rounding(0)), part)
    assert whole.shown(*whole.read(EntryFact(1, "1", figures={"sprint": pts("10.55")}))) == "10.55"
    assert reader(part).shown(*reader(part).read(EntryFact(1, "1", figures={"sprint": pts(86)}))) == "86.00"


def test_raw_marks_count_as_they_are():
    part = raw(Criterion("a", "甲", 0, 7 * UNIT), Criterion("b", "乙", 2_500_000, 4 * UNIT, -2 * UNIT))
    assert Fraction(sheet_total(part, {"a": pts(5), "b": pts(-1)}), part.denominator) == 5 - Fraction(5, 2)


def test_a_share_is_a_percentage_of_the_most_possible():
    """A dressage test: movements out of 10, some counting twice; each judge's percentage to three decimals."""
    movements = (Criterion("halt", "立定", 0, 10 * UNIT), Criterion("trot", "快步", 2 * WHOLE, 10 * UNIT), Criterion("walk", "慢步", 0, 10 * UNIT))
    part = Part("test", "科目", criteria=movements, panel=Panel("mean", judge_rounding=Rounding(3)), scale="share")
    assert Scheme((part,)).check() == ()
    marks = ((7, "6.5", 8), ("7.5", 7, 6), (8, 7, "6.5"))
    sheets = tuple(SheetFact(judge, "submitted", None, tuple(zip(("halt", "trot", "walk"), map(pts, given))))
                   for judge, given in enumerate(marks, 1))
    # 28, 27.5 and 28.5 of 40 points are 70, 68.75 and 71.25 per cent.
    assert points(part, EntryFact(1, "1", sheets={"test": sheets})) == 70
    odd = replace(part, criteria=(*movements, Criterion("seat", "骑坐", 3 * WHOLE, 10 * UNIT)))
    assert Fraction(sheet_total(odd, {"halt": pts(7), "trot": pts(7), "walk": pts(7), "seat": pts(8)}), odd.denominator) == Fraction(5200, 70)


def test_a_negative_coefficient_is_told():
    part = Part("test", "科目", criteria=(Criterion("halt", "立定", -WHOLE),), panel=Panel("mean"), scale="share")
    assert "weight_not_positive" in {problem.code for problem in Scheme((part,)).check()}


def test_raw_weights_multiply_down_the_tree():
    part = raw(Criterion("all", "全部", 500_000, children=(Criterion("a", "甲", 0), Criterion("b", "乙", 3_000_000))))
    assert Fraction(sheet_total(part, {"a": pts(4), "b": pts(1)}), part.denominator) == Fraction(7, 2)


def test_a_raw_figure():
    part = Part("paper", "卷面", kind="figure", criteria=(Criterion("a", "卷面", 0, 150 * UNIT),), scale="raw")
    assert points(part, EntryFact(1, "1", figures={"paper": pts("120.5")})) == Fraction("120.5")


def test_multiple_and_factor():
    part = raw(*DIVE.criteria, panel=Panel("trimmed_mean", 2, 2), multiple="3", factor="difficulty")
    dive = entry(1, part, 8, "8.5", "8.5", 9, "8.5", 8, "7.5", figures={"difficulty": pts("3.2")})
    assert points(part, dive) == (8 + Fraction(17, 2) * 2) * Fraction("3.2")
    assert reader(part).read(dive._replace(figures={})) is None
    assert points(raw(*DIVE.criteria, multiple="1/3"), entry(1, part, 8)) == Fraction(8, 3)


def test_negative_minimum():
    part = raw(Criterion("a", "加减分", 0, 5 * UNIT, -5 * UNIT))
    assert points(part, entry(1, part, "-2", "1")) == Fraction(-1, 2)
    assert Scheme((part,)).check() == ()


def test_a_part_not_taken():
    optional = raw(*DIVE.criteria, required=False)
    assert reader(optional).read(EntryFact(1, "1")) is NOT_TAKEN
    assert reader(optional).read(entry(1, optional, "missing", "recused")) is NOT_TAKEN
    assert reader(optional).read(entry(1, optional, "missing", "draft")) is None
    assert reader(optional).read(entry(1, optional, 8, "missing")) is None
    assert points(optional, entry(1, optional, 8, 9)) == Fraction(17, 2)
    assert not NOT_TAKEN and repr(NOT_TAKEN) == "NOT_TAKEN"


def test_a_figure_not_taken():
    part = Part("paper", "卷面", kind="figure", required=False)
    assert reader(part).read(EntryFact(1, "1")) is NOT_TAKEN
    assert points(part, EntryFact(1, "1", figures={"paper": 0})) == 0


def test_a_sheet_of_an_optional_part_without_marks_is_not_zero():
    optional = raw(*DIVE.criteria, required=False)
    assert reader(optional).read(EntryFact(1, "1", sheets={"run": (SheetFact(1, "submitted"),)})) is None


def test_a_figure_may_be_a_time_or_a_choice():
    time = Criterion("t", "用时", 0, 10 * UNIT, kind="time", table=((60 * UNIT, 10 * UNIT), (90 * UNIT, 6 * UNIT)))
    part = Part("run", "操作用时", kind="figure", criteria=(time,), scale="raw")
    assert points(part, EntryFact(1, "1", figures={"run": pts(75)})) == 6
    choice = replace(part, criteria=(replace(time, kind="choice"),))
    assert points(choice, EntryFact(1, "1", figures={"run": pts(75)})) is None


LEAVES = st.builds(lambda most, kind, weight, low: dict(maximum=most * UNIT, kind=kind, weight=weight * 10_000, minimum=-low * UNIT),
                   st.integers(1, 9), st.sampled_from(["points", "points", "judgement", "yes_no", "count", "deviation"]), st.integers(-3, 3),
                   st.integers(0, 2))
TREES = st.recursive(LEAVES, lambda children: st.builds(
    lambda below, cap, weight, most: dict(children=below, cap=cap and cap * UNIT, weight=weight * 10_000, maximum=most * UNIT),
    st.lists(children, min_size=1, max_size=3), st.none() | st.integers(1, 6), st.integers(-2, 3), st.integers(1, 20)), max_leaves=6)


def grown(given_tree, path="c"):
    """A criterion from its drawn fields, with codes by its way down the tree."""
    below = tuple(grown(child, f"{path}{at}") for at, child in enumerate(given_tree.get("children", ())))
    return Criterion(path, path, **{**given_tree, "children": below})


def worth_of(criterion, marks, scale):
    """The points of a criterion in plain words."""
    if criterion.is_leaf:
        return Fraction(*marked_points(criterion, marks[criterion.code]))
    found = [(child, worth_of(child, marks, scale)) for child in criterion.children]
    if scale == "raw":
        total = sum(Fraction(child.weight or WHOLE, WHOLE) * own for child, own in found)
    elif any(child.weight for child in criterion.children):
        total = sum(Fraction(child.weight, WHOLE) * own / child.maximum for child, own in found) * criterion.maximum
    else:
        whole = criterion.maximum if criterion.cap is not None else sum(child.maximum for child in criterion.children)
        total = sum(own for child, own in found) * criterion.maximum / whole
    return total if criterion.cap is None else min(total, Fraction(criterion.cap, UNIT))


@given(st.lists(TREES, min_size=1, max_size=3), st.sampled_from(["raw", "hundred"]), st.data())
def test_trees_of_kinds_weights_and_caps_in_fractions(trees, scale, data):
    part = Part("p", "模块", criteria=tuple(grown(tree, "abc"[at]) for at, tree in enumerate(trees)), scale=scale)
    most = {"judgement": 3, "yes_no": 1}
    marks = {leaf.code: data.draw(st.integers(0, most.get(leaf.kind, 9))) * UNIT for leaf in part.leaves}
    each = [(criterion, worth_of(criterion, marks, scale)) for criterion in part.criteria]
    if scale == "raw":
        expected = sum(Fraction(criterion.weight or WHOLE, WHOLE) * own for criterion, own in each)
    else:
        expected = sum(Fraction(criterion.weight, WHOLE) * own * 100 * UNIT / criterion.maximum for criterion, own in each)
    assert Fraction(sheet_total(part, marks), part.denominator) == expected


ROUNDINGS = st.none() | st.builds(Rounding, st.integers(0, 2), st.sampled_from(["half_up", "half_even", "floor", "ceil"]))


@given(st.sampled_from(sorted(PANEL_RULES)), ROUNDINGS, ROUNDINGS, st.sampled_from(["1", "3", "10/3", "0.6"]),
       st.none() | st.integers(-30_000, 30_000), st.sampled_from([None, Standard(rounding=Rounding(3))]),
       st.lists(st.lists(st.integers(0, 7), min_size=3, max_size=3), min_size=1, max_size=4))
def test_roundings_multiple_and_factor_in_their_order(rule, of_panel, of_part, multiple, factor, standard, rows):
    """Panel, its rounding, the multiple, the factor, the part's rounding."""
    panel = Panel(rule, minimum_judges=1, drop_high=1, drop_low=1, clamp=UNIT, standard=standard)
    bare = Part("p", "模块", criteria=(Criterion("a", "甲", WHOLE, 7 * UNIT),), panel=panel)
    dressed = replace(bare, panel=replace(panel, rounding=of_panel), rounding=of_part, multiple=multiple, factor="" if factor is None else "f")
    entries = [entry(number, bare, *row)._replace(figures={"f": factor or 0}) for number, row in enumerate(rows, 1)]
    found = []
    for part in (bare, dressed):
        worked = reader(part)
        worked.prepare(entries)
        values = [worked.read(fact) for fact in entries]
        found.append([Fraction(top, count * worked.base) for top, count in values])
    for value, final in zip(*found):
        value = rounded(value, of_panel) * Fraction(multiple) * (1 if factor is None else Fraction(factor, UNIT))
        assert final == rounded(value, of_part)


def rounded(value, rounding):
    return value if rounding is None else Fraction(rounding.round(*value.as_integer_ratio()), rounding.scale)
