"""What `compete tally --judges` prints: the statistics of each judged part as sentences and small tables."""

from fractions import Fraction

from compete.office.tally_text import MOST_NAME, cut, table
from scoring.form import Worked
from scoring.form.alarmed import apart, figure_text
from scoring.form.judges import JudgedPart, Judges, decimal
from scoring.ranking.order import place_figure

NONE = "-"  # one column wide on every terminal
MOST_CHANGES = 50


def report(worked: Worked, found: Judges) -> str:
    """One block for each judged part, then the result without each judge."""
    return "\n".join([*(_part(worked, part) for part in found.parts), *([_without(worked, found)] if found.without else [])])


def _part(worked, found: JudgedPart) -> str:
    head = f"评委 · {found.part.name}\n"
    if not found.profiles:
        return head + "还没有评委交来评分表。\n"
    striking = [finding for one in found.profiles for finding in (one.shift, one.spread, one.drift)] + [found.drift]
    sentences = [f"  {'※' if one.stands_out else '·'} {one.sentence}\n" for one in striking if one.figure]
    marked = "（※ 值得留意）" if any(one.stands_out for one in striking) else ""
    silent = "" if found.drift.figure else f"  · {found.drift.sentence}\n"
    return "".join([head, *_agreement(worked, found), "\n", _profiles(found), f"\n宽严、拉分、前后{marked}\n", *sentences, silent,
                    *(["\n", _alarms(worked, found)] if found.alarms else [])])


def _agreement(worked, found):
    """Each panel's sentences; of several panels each says who sits in it."""
    for one in found.agreement:
        who = "、".join(worked.tally.judges[judge] for judge in one.judges) if len(found.agreement) > 1 and one.entries else ""
        yield f"{who + '：' if who else ''}{one.w_sentence}\n{one.correlation_sentence}\n"


def _profiles(found):
    rows = [[one.name, str(one.sheets), _signed(one.shift.figure, 2), _range(one.shift.figure), _signed(one.spread.figure, 2).lstrip("+"),
             _signed(one.drift.figure, 3)] for one in found.profiles]
    return table(["评委", "张数", "比其他评委", "95% 区间", "拉分比", "每项变化"], rows, {1, 2, 3, 4, 5})


def _signed(figure, places):
    if figure is None:
        return NONE
    shown = decimal(figure.value, places)
    return f"+{shown}" if figure.value > 0 and Fraction(shown) else shown


def _range(figure):
    return NONE if figure is None or figure.low is None else f"{decimal(figure.low, 2)} ~ {decimal(figure.high, 2)}"


def _alarms(worked, found):
    names, judges = worked.tally.names, worked.tally.facts.judges
    rows = [[one.number, cut(names[one.entry], MOST_NAME), found.part.criterion(one.criterion).name if one.criterion else "合计",
             f"{judges[one.low_judge]} {figure_text(Fraction(*one.low))}", f"{judges[one.high_judge]} {figure_text(Fraction(*one.high))}",
             figure_text(apart(one))] for one in found.alarms]
    return "须复议\n" + table(["编号", "名称", "评分项", "最低", "最高", "相差"], rows, {5})


def _without(worked, found):
    names, rows = worked.tally.names, []
    for line in found.without:
        awards = {one.entry: (one.before or NONE, one.after or NONE) for one in line.awards}
        places = {one.entry: (place_figure(one.before), place_figure(one.after)) for one in line.places}
        for entry, award in awards.items():
            place = places.get(entry, (NONE, NONE))
            number = next(one.number for one in line.awards if one.entry == entry)
            rows.append([line.name, number, cut(names[entry], MOST_NAME), *place, *award])
    told = "去掉一位评委会怎样\n" + "".join(f"  · {line.sentence}\n" for line in found.without)
    if not rows:
        return told
    headings = ["去掉", "编号", "名称", "原名次", "新名次", "原奖项", "新奖项"]
    left = len(rows) - MOST_CHANGES
    return told + "\n奖项有变\n" + table(headings, rows[:MOST_CHANGES], {3, 4}) + (f"……另有 {left} 处，见 --format json\n" if left > 0 else "")
