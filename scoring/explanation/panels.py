"""The sentence of a panel: 7 位评委，去掉最高 96.50（评委3）、最低 88.00（评委6），其余 5 位平均 92.34"""

from ..numbers import UNIT, format_exact, format_points, format_ratio
from ..parts.panels import PANEL_RULES, PLACED, SUMS, falls_back, summed_seats
from ..parts.values import EXCUSED
from ..steps.references import name_of

NOTES = {"used": "", "dropped_high": "最高分，去掉", "dropped_low": "最低分，去掉", "missing": "未提交", "recused": "回避",
         "absent": "缺席", "chief": "总评委，不计入平均", "passed": "未取", "clamped": "超出限差", "outlier": "超出限差，剔除",
         "replaced": "已复议"}
OUTSIDE = ("missing", "recused", "absent", "chief")
STEPS = {"rounded": "舍入为 {}", "standard": "换算 {}", "replaced": "复议后 {}", "place": "第 {} 名", "clamped": "按 {} 计"}


def judge_note(judge) -> str:
    """What became of one sheet: 换算 62.61，第 2 名；最高分，去掉"""
    told = "，".join(STEPS[what].format(text) for what, text in judge.steps)
    return "；".join(filter(None, (told, NOTES[judge.use])))


def counted_text(judge):
    """The figure that the sheet counted for: its total, or what the last step made of it."""
    return judge.steps[-1][1] if judge.steps else judge.text


def panel_text(reader, found):
    return format_ratio(found[0], found[1] * reader.panel_base, reader.rounding.places, reader.rounding.mode)


def times(scheme, result) -> str:
    """，× 3，× 难度系数 3.2"""
    part, clauses = result.reader.part, []
    if result.reader.multiple != 1:
        clauses.append(f"，× {part.multiple}")
    if part.factor:
        clauses.append(f"，× {_factor(scheme, part)} {format_points(result.fact.figures[part.factor])}")
    return "".join(clauses)


def _factor(scheme, part):
    """What people call the figure; a bare code is said to be a factor."""
    name = name_of(scheme, part.factor)
    return f"系数（{name}）" if name.isascii() else name


def untold(scheme, result):
    """Why a part has no score although it may have sheets."""
    part = result.reader.part
    if part.factor and part.factor not in result.fact.figures and result.reader.read_panel(result.fact):
        return f"缺少系数“{name_of(scheme, part.factor)}”"
    return "打分未完成"


def panel_sentence(run, result, judges):
    reader, panel = result.reader, result.reader.part.panel
    counted = [judge for judge in judges if judge.use not in OUTSIDE]
    clauses = [f"{result.name}：{_judges(result, counted, judges)}"]
    team = [f"“{leaf.name}”" for leaf in reader.part.leaves if leaf.team]
    clauses += [f'{"、".join(team)}集体记分'] if team else []
    factor = times(run.scheme, result)
    found = reader.read_panel(result.fact)
    text = panel_text(reader, found) if factor else result.text
    in_proportion = _in_proportion(result, len(counted))
    if reader.by_criterion:
        clauses.append(f"每个评分项按“{PANEL_RULES[panel.rule].label_zh}”合成")
        clauses += [in_proportion] if in_proportion else []
        clauses.append(f"得 {text}")
    else:
        clauses += _preparation(run, reader, counted)
        clauses += _result(run, result, counted, text, in_proportion)
    return "，".join(clauses) + (f"{factor}，得 {result.text}" if factor else "")


def _preparation(run, reader, counted):
    """From each sheet's total to what it counted for."""
    panel, clauses = reader.part.panel, []
    for what, told in (("rounded", "舍入为"), ("standard", "换算")):
        steps = [(judge, dict(judge.steps)[what]) for judge in counted if what in dict(judge.steps)]
        if steps:
            clauses.append("、".join(f"{run.name(judge.judge)} 原始分 {judge.text} {told} {text}" for judge, text in steps))
    clauses += [f"{run.name(judge.judge)} 复议后 {dict(judge.steps)['replaced']} 替代 {_before(judge)}"
                for judge in counted if "replaced" in dict(judge.steps)]
    clauses += [f"{run.name(judge.judge)} 的 {_before(judge)} 偏离平均分超过 {format_points(panel.clamp)}，按 {counted_text(judge)} 计"
                for judge in counted if judge.use == "clamped"]
    return clauses


def _before(judge):
    """The figure before the last step that changed it by hand or by a limit."""
    return judge.steps[-2][1] if len(judge.steps) > 1 and judge.steps[-1][0] in ("replaced", "clamped") else judge.text


def _result(run, result, counted, text, in_proportion):
    panel = result.reader.part.panel
    if panel.rule in PLACED:
        return _of_places(result, text, in_proportion)
    dropped = {use: [judge for judge in counted if judge.use == use] for use in ("dropped_high", "dropped_low", "outlier", "passed")}
    left = len(counted) - sum(len(judges) for judges in dropped.values())
    verb = "相加" if panel.rule == "trimmed_sum" else "平均"
    if dropped["dropped_high"] or dropped["dropped_low"]:
        told = [f"{word} {_named(run, dropped[use])}" for use, word in (("dropped_high", "最高"), ("dropped_low", "最低")) if dropped[use]]
        end = [f"其余 {left} 位{verb}", f"{in_proportion} {text}"] if in_proportion else [f"其余 {left} 位{verb} {text}"]
        return [f'去掉{"、".join(told)}', *end]
    if dropped["outlier"]:
        return [f'剔除偏离平均分超过 {format_points(panel.clamp)} 的 {_named(run, dropped["outlier"])}', f"其余 {left} 位平均 {text}"]
    if panel.rule in ("highest", "lowest"):
        used = [judge for judge in counted if judge.use in ("used", "replaced")]
        return [f"{PANEL_RULES[panel.rule].label_zh} {_named(run, used)}"]
    if in_proportion:
        return [f"{in_proportion} {text}"]
    if len(counted) < falls_back(panel) and panel.rule != "mean":
        few = f"少于规定的 {panel.minimum_judges} 位"
        return ["不够去掉最高最低", f"按平均分计 {text}"] if panel.rule in SUMS else [few, f"改用平均 {text}"]
    return [{"median": "中位数", "sum": "相加", "trimmed_sum": "相加"}.get(panel.rule, "平均") + f" {text}"]


def _in_proportion(result, count):
    """按比例折算为 7 位计: what became of a sum although somebody is excused, or there are too few to trim; else nothing."""
    panel, seats = result.reader.part.panel, result.reader.values.seats(result.fact)
    if panel.rule not in SUMS:
        return ""
    times = summed_seats(panel, seats)
    if count < falls_back(panel):
        return f"不够去掉最高最低，按平均分乘以 {times} 计" if times > 1 else ""
    return f"按比例折算为 {times} 位计" if seats > count else ""


def _of_places(result, text, in_proportion):
    """名次分别为 1、1、1、5、2，3 位评委列第 1 名及以前，过半数，列第 1 名"""
    reader, rule = result.reader, result.reader.part.panel.rule
    values = reader.values.values(result.fact)
    places = [value.place for value in values]
    clauses = [f'名次分别为 {"、".join(format_exact(place, UNIT, 0, 4) for place in places)}']
    if rule == "majority":
        column = -(-sorted(places)[len(places) // 2] // UNIT)
        having = sum(place <= column * UNIT for place in places)
        value = format_exact(reader.values.results[result.fact.entry], UNIT, 0, 4)
        return clauses + [f"{having} 位评委列第 {column} 名及以前", "过半数", f"列第 {value} 名"]
    if rule == "pairwise":
        won = format_exact(reader.values.results[result.fact.entry], UNIT, 0, 4)
        return clauses + ["与其余对象两两比较", f"计 {won} 场"]
    return clauses + [f"{in_proportion} {text}" if in_proportion else f'{"名次和" if rule == "rank_sum" else "平均名次"} {text}']


def _judges(result, counted, judges):
    """6 位评委（另有 1 位回避）; of a sum, which is made over the whole panel: 7 位评委中 1 位回避"""
    sheets = result.fact.sheets.get(result.reader.code, ())
    apart = {sheet.judge for sheet in sheets if sheet.chief} if result.reader.apart else ()
    excused = [judge.use for judge in judges if judge.use in EXCUSED and judge.judge not in apart]
    told = "、".join(f"{excused.count(use)} 位{NOTES[use]}" for use in EXCUSED if use in excused)
    if told and result.reader.part.panel.rule in SUMS:
        return f"{len(counted) + len(excused)} 位评委中 {told}"
    return f"{len(counted)} 位评委" + (f"（另有 {told}）" if told else "")


def _named(run, judges):
    return "、".join(f"{counted_text(judge)}（{run.name(judge.judge)}）" for judge in judges)
