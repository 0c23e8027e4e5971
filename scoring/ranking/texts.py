"""How tie rules and their figures are called and written."""

from ..numbers import divide, format_exact
from ..steps.references import leaf_or_node, name_of
from .vectors import Vector


def label_of(scheme, tie, rule):
    """The rule's name as the sentence shows it: the part's, the criterion's or the figure's own name where it has one."""
    if tie.label:
        return tie.label
    if tie.code in ("part", "figure", "figure_high", "figure_low"):
        return name_of(scheme, tie.argument)
    if tie.code.startswith("criterion"):
        name = leaf_or_node(scheme, tie.argument)[1].name
        return name if tie.code == "criterion" else f"{name}（全部评委平均）"
    return f"{name_of(scheme, tie.argument)} · {rule.label_zh}" if tie.argument else rule.label_zh


def differ(one, other):
    if isinstance(one, Vector):
        return one.worth != other.worth
    return one[0] * other[1] != other[0] * one[1]


def texts_of(own, other):
    """Two figures as (numerator, denominator) as texts that differ where the figures do."""
    most = 4
    if differ(own, other):
        while divide(own[0] * 10 ** most, own[1]) == divide(other[0] * 10 ** most, other[1]):
            most += 4
    return format_exact(*own, 2, most), format_exact(*other, 2, most)


def figure_text(figure):
    if isinstance(figure, Vector):
        return "、".join(_element_text(figure, element) for element in figure)
    return format_exact(*figure, 2, 4)


def _element_text(vector, element):
    if element.value is None:
        return "无"
    return format_exact(*element.value.as_integer_ratio(), 0) if vector.places else format_exact(*element.value.as_integer_ratio(), 2, 4)


def compared(own, other, better):
    """(what was compared, own text, other text, high or low) of the first figures that differ; what is "" for single ones."""
    if not isinstance(own, Vector):
        return "", *texts_of(own, other), better
    one, two = next((one, two) for one, two in zip(own, other) if one.worth != two.worth)
    if own.places:
        place = min(element.value for element in (one, two) if element.value is not None)
        counts = [sum(element.value == place for element in vector) for vector in (own, other)]
        return f"第 {format_exact(*place.as_integer_ratio(), 0)} 名", f"{counts[0]} 次", f"{counts[1]} 次", "high"
    if None in (one.value, two.value):
        return one.label, _element_text(own, one), _element_text(other, two), one.better
    return one.label, *texts_of(one.value.as_integer_ratio(), two.value.as_integer_ratio()), one.better
