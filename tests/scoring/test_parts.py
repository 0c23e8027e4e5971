"""One part: the raw scale, optional parts, the multiple and the factor of an entry."""

from fractions import Fraction

from scoring import UNIT, Criterion, EntryFact, Panel, Part, Scheme, SheetFact, sheet_total
from scoring.parts import NOT_TAKEN, PartReader
from tests.scoring.build import entry, leaf, pts


def reader(part):
    return PartReader(Scheme((part,)), part)


def points(part, fact):
    found = reader(part).read(fact)
    return found and Fraction(found[0], found[1] * reader(part).base)


def raw(*criteria, panel=Panel("mean"), **more):
    return Part("run", "一轮", criteria=criteria, panel=panel, scale="raw", **more)


DIVE = raw(Criterion("mark", "打分", 0, 10 * UNIT, step=UNIT // 2))


def test_raw_marks_count_as_they_are():
    part = raw(Criterion("a", "甲", 0, 7 * UNIT), Criterion("b", "乙", 2_500_000, 4 * UNIT, -2 * UNIT))
    assert Fraction(sheet_total(part, {"a": pts(5), "b": pts(-1)}), part.denominator) == 5 - Fraction(5, 2)


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
