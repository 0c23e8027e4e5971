"""`compete tally` and `compete check-scheme`: the engine on a file, without a server or a database.

Answers 0 when the result may be released (the scheme has no fault), 1 when something is open (a fault was found), and 2
when the file cannot be worked out at all.
"""

import argparse
import gc
import sys
from pathlib import Path

from compete.office.progress import Progress
from compete.office.terminal import Refused, refuse

FAILED = 1
MOST_TOLD = 50
MOST_SHOWN = 100  # on the terminal, where the whole list goes into a workbook


def add_commands(add) -> None:
    command = add("tally", tally, "计算一个评分文件（JSON 或工作簿），列出名次")
    command.add_argument("file", metavar="文件", type=Path, nargs="?", help="评分文件；工作簿也可以只有一张打分表")
    command.add_argument("--explain", metavar="编号", help="说明这个编号从打分到名次的全过程")
    command.add_argument("--judges", action="store_true", help="附上评委的一致性、宽严、复议警戒，以及去掉每位评委的结果")
    command.add_argument("--in-order", action="store_true", help="文件按出场先后列出参赛对象：--judges 据此看前后尺度是否变化")
    command.add_argument("--format", choices=("text", "json"), default="text", help="输出 text 表格（默认）或 json")
    command.add_argument("-o", "--output", metavar="工作簿", type=Path, help="把成绩汇总表写入这个 .xlsx 文件")
    command.add_argument("--convert", metavar="文件", type=Path, help="不计算，转换为另一种形式：.json 或 .xlsx")
    command.add_argument("--template", metavar="工作簿", type=Path, help="写出一个带说明的空白工作簿")
    rules = command.add_argument_group("只有一张打分表时的规则")
    rules.add_argument("--rule", help="合成规则，如 mean、trimmed_mean、median；默认评委 5 位以上去高去低，否则平均")
    rules.add_argument("--drop-high", type=_few, metavar="个", help="去掉几个最高分，默认 1")
    rules.add_argument("--drop-low", type=_few, metavar="个", help="去掉几个最低分，默认 1")
    rules.add_argument("--places", type=_few, default=2, metavar="位", help="总分保留几位小数，默认 2")
    rules.add_argument("--maximum", type=_few, default=100, metavar="分", help="满分，默认 100")
    rules.add_argument("--better", choices=("high", "low"), default="high", help="high 高者列前（默认）或 low 低者列前")
    command = add("check-scheme", check_scheme, "检查评分文件里的方案，列出问题和提示")
    command.add_argument("file", metavar="文件", type=Path, nargs="?", help="评分文件（JSON 或工作簿）")
    command.add_argument("--schema", action="store_true", help="印出文件格式的 JSON Schema")


def _few(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise argparse.ArgumentTypeError(f"{text} 不对，应是不小于 0 的整数")
    return int(text)


def tally(options) -> int:
    gc.disable()  # the command ends before there is anything to collect, and collecting costs a fifth of its time
    if options.template:
        from compete.excel.tally_write import template

        options.template.write_bytes(template())
        print(f"已写出 {options.template}，填好后运行 compete tally {options.template}")
        return 0
    with Progress(3) as progress:
        progress.stage("读取")
        found, note = _read(_given(options.file), options)
        if options.convert:
            return _convert(found, options.convert)
        progress.stage("计算")
        from scoring import form

        worked = form.work_out(found)
        answer = _answer(worked, options)
        if options.output:
            progress.stage("写出")
            _write(worked, options.output)
    sys.stdout.write(answer)
    for line in (*([note] if note else []), *_told(worked)):
        print(line, file=sys.stderr)
    if options.output:
        print(f"成绩汇总表已写入 {options.output}", file=sys.stderr)
    return 0 if worked.outcome.releasable and not worked.problems else FAILED


def _answer(worked, options):
    from compete.office import tally_text
    from scoring import form

    if options.explain:
        return tally_text.explanation(worked, _entry(worked, options.explain), as_json=options.format == "json")
    found = None
    if options.judges:
        from scoring.form import judges

        found = judges.statistics(worked, in_order=options.in_order)
    if options.format == "json":
        result = form.result(worked.tally, worked)
        return form.dumps(result | {"judges": judges.judges(worked, found)} if found else result)
    told = tally_text.standings(worked, MOST_SHOWN if options.output else None)
    if found:
        from compete.office import tally_judges

        told += "\n" + tally_judges.report(worked, found)
    return told


def _entry(worked, number):
    found = next((entry.entry for entry in worked.tally.facts.entries if entry.number == number.strip()), None)
    if found is None:
        raise Refused(f"没有编号 {number}。请用 compete tally 列出全部编号。")
    return found


def _told(worked):
    """Problems and notices, each a line; of many only the first ones."""
    for word, found in (("问题", worked.problems), ("提示", worked.notices)):
        for problem in found[:MOST_TOLD]:
            yield f"{word}：{problem}"
        if len(found) > MOST_TOLD:
            yield f"{word}：另有 {len(found) - MOST_TOLD} 处"


def _write(worked, path):
    from compete.excel.tally_out import write_result

    if path.suffix.lower() != ".xlsx":
        raise Refused(f"{path} 应以 .xlsx 结尾。")
    try:
        write_result(worked, path)
    except OSError as fault:
        raise Refused(f"不能写入 {path}（{fault.strerror or fault}）。") from None


def _given(path):
    if path is None:
        raise Refused("缺少 文件。用 compete tally --help 看用法。")
    return path


def _read(path: Path, options):
    """(tally, what to say of the rule that was supposed); refuses with every problem of the file."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as fault:
        raise Refused(f"不能打开 {path}（{fault.strerror}）。请核对文件名。") from None
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        from scoring import form

        return _usable(form.read(refuse(form.loads(path.read_bytes())))), ""
    from compete.excel.tally_cells import Ahead, is_large

    ahead = Ahead(path) if is_large(path) else None
    from compete.excel.tally_read import Rule, read_workbook

    rule = Rule(options.rule, options.drop_high, options.drop_low, options.places, options.maximum, options.better)
    found = read_workbook(path, rule, ahead)
    return _usable(refuse(found.tally)), found.note


class Faults(Refused):
    """The file can be read, and what is in it is wrong."""

    def __init__(self, problems):
        self.problems = problems
        lines = "\n".join(f"  {problem}" for problem in problems[:MOST_TOLD])
        more = f"\n  ……另有 {len(problems) - MOST_TOLD} 处" if len(problems) > MOST_TOLD else ""
        super().__init__(f"文件有 {len(problems)} 处问题，请改正后再算：\n{lines}{more}")


def _usable(found):
    if isinstance(found, tuple):
        raise Faults(found)
    return found


def _convert(found, path):
    from scoring import form

    if path.suffix.lower() == ".json":
        path.write_text(form.dumps(form.write(found)), encoding="utf-8")
    elif path.suffix.lower() == ".xlsx":
        from compete.excel.tally_write import workbook

        path.write_bytes(workbook(form.write(found)))
    else:
        raise Refused(f"{path} 应以 .json 或 .xlsx 结尾。")
    print(f"已写入 {path}")
    return 0


def check_scheme(options) -> int:
    from scoring import form

    if options.schema:
        sys.stdout.write(form.dumps(form.schema()))
        return 0
    options = argparse.Namespace(**vars(options), rule=None, drop_high=None, drop_low=None, places=2, maximum=100, better="high")
    try:
        found, note = _read(_given(options.file), options)
    except Faults as faults:
        for problem in faults.problems:
            print(f"问题：{problem}")
        print(f"共发现 {len(faults.problems)} 处问题。")
        return FAILED
    for line in (note, *(f"提示：{notice}" for notice in found.notices)):
        if line:
            print(line)
    print(f"方案没有问题：{len(found.scheme.parts)} 个环节，{len(found.facts.entries)} 个参赛对象。")
    return 0
