"""The quick ways through a part give the figures of the long way, whatever the panel."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring import PANEL_RULES, UNIT, Criterion, EntryFact, Panel, Part, Scheme, SheetFact, sheet_total
from scoring.parts.panels import PLACED
from scoring.parts.reader import PartReader
from scoring.parts.values import Values
from tests.scoring.build import leaf

INNER = Criterion("g", "组", 40 * UNIT, 10 * UNIT, children=(leaf("b", 0, 4), leaf("c", 0, 6)))
CRITERIA = (leaf("a", 60, 7), INNER)
RULES = [rule for rule in PANEL_RULES if rule not in PLACED]
PANELS = st.builds(Panel, st.sampled_from(RULES), st.integers(0, 2), st.integers(0, 2), st.integers(1, 4),
                   st.sampled_from(["mean", "refuse"]), st.sampled_from(["total", "criterion"]), chief=st.sampled_from(["counts", "apart"]), clamp=st.integers(0, 3 * UNIT))
STATES = st.sampled_from(["submitted"] * 9 + ["recused", "absent", "draft"])


@st.composite
def facts(draw, part):
    found = []
    for judge in range(draw(st.integers(0, 6))):
        marks = tuple((code, draw(st.integers(0, most)) * UNIT) for code, most in (("a", 7), ("b", 4), ("c", 6)))
        marks = marks[:draw(st.sampled_from([3, 3, 3, 3, 2]))]
        found.append(SheetFact(judge, draw(STATES), draw(st.sampled_from([None, sheet_total(part, marks)])), marks, judge == 0))
    return EntryFact(1, "1", sheets={"p": tuple(found)})


def score(found, base):
    return Fraction(found[0], found[1] * base) if found else found


@given(st.data())
def test_the_quick_way_is_the_long_way(data):
    part = Part("p", "模块", criteria=CRITERIA, panel=data.draw(PANELS), scale=data.draw(st.sampled_from(["hundred", "raw"])))
    entry = data.draw(facts(part))
    reader = PartReader(Scheme((part,)), part)
    if part.panel.level == "total":
        assert reader.read(entry) == Values.read(_slow(part, None), entry)
    else:
        assert score(reader.read(entry), reader.base) == score(reader._read_special_criteria(entry), reader.base)
    for criterion in (*part.leaves, INNER):
        quick, slow = reader.of(criterion), _slow(part, criterion)
        assert quick.quick and not slow.quick
        assert (quick.read(entry), quick.worths(entry)) == (slow.read(entry), slow.worths(entry))


def _slow(part, criterion):
    values = Values(part, criterion)
    values.quick = False
    return values


def test_a_replacement_that_changes_nothing_changes_nothing():
    part = Part("p", "模块", criteria=CRITERIA, panel=Panel("trimmed_mean", 1, 1, 3))
    sheets = tuple(SheetFact(judge, "submitted", points * part.denominator) for judge, points in enumerate((70, 80, 90, 85)))
    plain, same = EntryFact(1, "1", sheets={"p": sheets}), EntryFact(1, "1", sheets={"p": sheets}, replacements={"p": {2: 90 * UNIT}})
    reader = PartReader(Scheme((part,)), part)
    assert reader.read(plain) == reader.read(same)
    assert reader.read(plain._replace(replacements={"q": {2: 0}})) == reader.read(plain)
