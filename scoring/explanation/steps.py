"""How one derived figure came about, in figures and in one sentence."""

from ..catalogue import ROUNDINGS
from ..numbers import WHOLE, format_exact, format_percent, format_points
from ..ranking.order import place_figure
from ..steps import field as fields
from ..steps.catalogue import STEP_RULES, counting, filled, inputs, policy
from ..steps.functions import number
from ..steps.figures import shown
from ..steps.references import name_of
from .parts import ExplainStep, Figure

CHOSEN = ("best", "best_mean", "worst_discarded", "highest", "lowest", "first")
SIGNS = {"sum": " + ", "product": " × ", "difference": " − ", "quotient": " ÷ "}


def step_step(run, result) -> ExplainStep:
    """`result`: the StepResult of one entry."""
    step, index = result.step, result.index
    given = inputs(run, step, index)
    values = given if STEP_RULES[step.rule].field else filled(step, given, run.competing + 1)
    counted = range(len(given)) if STEP_RULES[step.rule].field else counting(step, values)
    figures = tuple(Figure(name_of(run.scheme, code), shown(run, code, value), _note(step, at, value, values, counted))
                    for at, (code, value) in enumerate(zip(step.of, given)))
    text = result.text or "无"
    return ExplainStep(f"step:{step.code}", step.name, figures, text, f"{step.name}：{_sentence(run, step, index, figures, text)}")


def _note(step, at, value, values, counted):
    if value is None:
        filling = "" if values is None or values[at] is None else f"，计 {format_exact(*values[at].as_integer_ratio(), 0)}"
        return f"缺{filling}" + ("" if at in counted or not filling or step.rule not in CHOSEN else "，未计入")
    if step.rule in CHOSEN:
        return "计入" if at in counted else "未计入"
    return f"× {format_percent(step.weights[at])}%" if step.weights and step.weights[at] != WHOLE else ""


def _sentence(run, step, index, figures, text):
    lacking = [figure.label for figure in figures if figure.text == "无"]
    if text == "无" and step.fewest is not None and len(figures) - len(lacking) < step.fewest:
        return f"只有 {len(figures) - len(lacking)} 项，少于规定的 {step.fewest} 项，没有结果"
    if text == "无":
        return f'缺 {"、".join(lacking)}，没有结果' if lacking else "除数为 0，没有结果"
    rounding = f"（保留 {step.rounding.places} 位小数，{ROUNDINGS[step.rounding.mode].label_zh}）" if step.rounding else ""
    if step.rule in CHOSEN:
        return _chosen(step, figures, text) + rounding
    if step.rule == "skating":
        return f'{"、".join(_called(figure) for figure in figures)}，合起来第 {text} 名'
    if step.rule in FIELD:
        if lacking and policy(step) == "last":
            return f"缺 {lacking[0]}，按末位后一名计 {text}{rounding}"
        return FIELD[step.rule](run, step, index, figures[0], text) + rounding
    return SINGLE.get(step.rule, _terms)(step, figures, text) + rounding


def _called(figure):
    return f"{figure.label} {figure.text}"


def _chosen(step, figures, text):
    """第 2 轮 95.00 计入，第 1 轮 91.00 未计入"""
    counted = [figure for figure in figures if not figure.note.endswith("未计入") and figure.text + figure.note != "无缺"]
    others = [figure for figure in figures if figure not in counted]
    told = "、".join(_called(figure) if figure.text != "无" else f"{figure.label} {figure.note}" for figure in counted) + " 计入"
    left = [f"{_called(figure)} 未计入" if figure.text != "无" else f"{figure.label} {figure.note}" for figure in others]
    found = "，".join([told, *left])
    if len(counted) == 1:
        return found
    return f'{found}，{"平均" if step.rule == "best_mean" else "合计"} {text}'


def _terms(step, figures, text):
    """实操 90.00 × 70% + 理论 80.00 × 30% = 87.00"""
    written = [" ".join(filter(None, (_called(figure) if figure.text != "无" else figure.label, figure.note))) for figure in figures
               if figure.text != "无" or figure.note != "缺"]
    if step.rule in ("mean", "median"):
        return f'{"、".join(written)}，{STEP_RULES[step.rule].label_zh} {text}'
    return SIGNS[step.rule].join(written) + (f" = {text}" if len(written) > 1 or step.weights else "")


def _linear(step, figures, text):
    by = f" × {step.factor}" if number(step.factor) != 1 else ""
    offset = number(step.offset)
    plus = f' {"−" if offset < 0 else "+"} {step.offset.lstrip("-")}' if offset else ""
    return f"{_called(figures[0])}{by}{plus} = {text}"


def _map(step, figures, text):
    ends = [format_points(units) for units in (step.low, step.high, step.to_low, step.to_high)]
    return "{}，由 {}～{} 换算为 {}～{}，得 {}".format(_called(figures[0]), *ends, text)


def _cap(step, figures, text):
    bounds = [f"{word} {format_points(units)}" for word, units in (("不低于", step.low), ("不高于", step.high)) if units is not None]
    return f'{_called(figures[0])}，{"、".join(bounds)}，计 {text}'


def _power(step, figures, text):
    inner = f"{step.offset} − {figures[0].text}" if step.better == "low" else f"{figures[0].text} − {step.offset}"
    return f"{_called(figures[0])}，{step.factor} × ({inner}) 的 {step.exponent} 次方，得 {text}"


def _table(step, figures, text):
    return f"{_called(figures[0])}，查表得 {text}"


def _count(step, figures, text):
    return f"{len(figures)} 项中有 {text.removesuffix('.00')} 项"


def _taken(step, figures, text):
    lacking = [figure.label for figure in figures if figure.text == "无"]
    return f'未参加{"、".join(lacking)}' if lacking else "已参加"


SINGLE = {"linear": _linear, "map": _map, "cap": _cap, "power": _power, "table": _table, "count": _count, "taken": _taken}


def _field(run, step, index):
    """(figures of the entry's field, seats of all in it) for a step over the whole field or the entry's own group."""
    group = getattr(run.entries[index], step.within) if step.within else ""
    return run.once(_field_once, run, (step.code, group))


def _field_once(run, named):
    code, group = named
    step = run.scheme.step(code)
    column = run.figures.of(step.of[0])
    figures = {index: column[index] for index in fields.apart(run, step, run.results)[group] if column[index] is not None}
    return fields.competing(run, figures), fields.seats(run, step, figures)


def _placed(run, step, index, figure):
    field, seats = _field(run, step, index)
    seat = seats.get(index)
    if seat is None:
        return f"缺 {figure.label}"
    competes = run.entries[index].status == "competing"
    shared = f"（{seat.count} 个并列）" if seat.count > 1 and competes else ""
    place = place_figure(seat.place(step.method))
    return f'{_called(figure)}，在{_scope(run, step, index)} {len(field)} 个参赛对象中{"列" if competes else "相当于"}第 {place} 名{shared}'


def _scope(run, step, index):
    return f"“{getattr(run.entries[index], step.within)}”" if step.within else ""


def _rank(run, step, index, figure, text):
    return _placed(run, step, index, figure)


def _by_place(run, step, index, figure, text):
    return f"{_placed(run, step, index, figure)}，得 {text}"


def _of_best(run, step, index, figure, text):
    """得票 120，最高 300，折算 40.00"""
    field, _ = _field(run, step, index)
    best = (max if step.better == "high" else min)(field.values(), default=None)
    word = "最高" if step.better == "high" else "最低"
    return f"{_called(figure)}，{_scope(run, step, index)}{word} {shown(run, step.of[0], best)}，折算 {text}"


def _scaled(run, step, index, figure, text):
    field, _ = _field(run, step, index)
    word, middle = ("中位数", fields.middle) if step.rule == "scale_700" else ("全体平均", fields.average)
    center = shown(run, step.of[0], middle(list(field.values()))) if field else "无"
    return f"{_called(figure)}，{_scope(run, step, index)}{word} {center}，换算 {text}"


FIELD = {"rank": _rank, "points_by_place": _by_place, "borda": _by_place, "of_rank": _by_place, "of_best": _of_best,
         "scale_700": _scaled, "standard": _scaled}
