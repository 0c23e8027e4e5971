"""`compete simulate`: a whole judging day on this machine, through the same pages and messages that people's devices use.

A contest in a folder of its own, a server as a child process, a host who opens and closes sessions, judges who mark at
tablets, a chief judge who locks. On wish the server is killed, messages arrive twice, late or not at all, and the
database is copied as a power cut would leave it. At the end everything that a tablet was told is looked up.
"""

import shutil
import sys
import tempfile
from argparse import ArgumentTypeError
from pathlib import Path

from compete.office.terminal import Refused, refuse
from scoring.problems import Problem

SHOWN = 10


def add_command(commands) -> None:
    meaning = "模拟一整天的评审：评委、主持、总评委都由程序扮演，可加入断电、断网等故障，结束时逐项核对"
    command = commands.add_parser("simulate", help=meaning, description=meaning)
    command.set_defaults(run=run, apart=True)
    command.add_argument("--judges", type=_number(2, 200), default=7, metavar="人数", help="评委人数（含总评委），默认 7")
    command.add_argument("--entries", type=_number(2, 500), metavar="个数", help="每个赛项的参赛对象数，默认与演示竞赛相同")
    command.add_argument("--speed", type=_number(0, 100_000), default=60, metavar="倍数", help="比真人快多少倍，默认 60；0 表示不停顿")
    command.add_argument("--kill", type=_number(0, 10_000), default=0, metavar="次", help="评分途中把服务器强行结束（kill -9）再启动，共几次")
    command.add_argument("--kill-workers", type=_number(0, 10_000), default=0, metavar="次", help="评分途中只结束一个工作进程（kill -9），由服务器自己补上，共几次")
    command.add_argument("--copies", type=_number(0, 10_000), default=0, metavar="次", help="评分途中按断电那一刻的样子复制数据库并核对，共几次")
    command.add_argument("--duplicates", type=_number(0, 100), default=0, metavar="百分比", help="多少消息送达两次")
    command.add_argument("--reorder", type=_number(0, 100), default=0, metavar="百分比", help="多少消息迟到、乱序")
    command.add_argument("--drop", type=_number(0, 100), default=0, metavar="百分比", help="多少消息或它的回答在路上丢失")
    command.add_argument("--seed", default="1", metavar="种子", help="随机数种子：同一种子，评委给同样的分、改同样的分，服务器在同样多的分数送达之后被结束")
    command.add_argument("--database-url", default="", metavar="地址", help="一个空的 PostgreSQL 数据库（postgresql+psycopg://…），默认用临时文件夹里的 SQLite")
    command.add_argument("--workers", type=_number(1, 256), default=1, metavar="个数", help="服务器的工作进程数，默认 1；大于 1 时须有 --database-url")
    command.add_argument("--keep", type=Path, metavar="文件夹", help="把模拟的数据留在这个（空的）文件夹里，可用 compete serve --data 打开看")


def _number(least: int, most: int):
    def check(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ArgumentTypeError(f"{text} 不对，应是 {least} 到 {most} 之间的整数")
        return int(text)

    return check


def run(options) -> int:
    if options.duplicates + options.reorder + options.drop > 100:
        raise Refused("--duplicates、--reorder、--drop 加起来不能超过 100。")
    if sys.platform == "win32" and (options.copies or options.kill_workers):
        raise Refused("--copies 和 --kill-workers 在 Windows 上做不到，请去掉。")
    if options.workers > 1 and not options.database_url:
        raise Refused("SQLite 只能用一个工作进程。请去掉 --workers，或用 --database-url 指定一个空的 PostgreSQL 数据库。")
    if options.database_url:
        refuse(obstacle(options.database_url, copies=options.copies))
    if options.keep and options.keep.exists() and any(options.keep.iterdir()):
        raise Refused(f"{options.keep} 里已有文件。请给一个空的或不存在的文件夹。")
    from compete.office import simulate_hall

    with tempfile.TemporaryDirectory(prefix="compete-simulate-") as work:
        found = simulate_hall.play(Path(work), options)
        if options.keep:
            shutil.copytree(Path(work) / "data", options.keep, dirs_exist_ok=True)
    print("\n".join(told(found)))
    if options.database_url:
        print("模拟的数据还在 --database-url 的数据库里。再做一次请另建一个空的，不再需要的请删掉。")
    if options.keep:
        from compete.office.simulate_world import LOGIN

        print(f"数据留在 {options.keep}，用登录名 {LOGIN}、密码 {found.world.password} 可以登录。")
    return 0 if found.ok else 1


def obstacle(url: str, *, copies: int) -> Problem | None:
    """Why the simulated day cannot take place in this database: it must be a PostgreSQL database with nothing in it."""
    import sqlalchemy as sa

    try:
        engine = sa.create_engine(url)
        if engine.dialect.name != "postgresql":
            return Problem("database.kind", "--database-url", "不是 PostgreSQL 的地址", "请写成 postgresql+psycopg://用户:密码@主机/数据库，或去掉它而用 SQLite")
        if copies:
            return Problem("database.copies", "--copies", "只能复制 SQLite 的数据库文件", "请去掉 --copies，或去掉 --database-url")
        with engine.connect() as connection:
            tables = [name for schema in sa.inspect(connection).get_schema_names() if schema != "information_schema"
                      for name in sa.inspect(connection).get_table_names(schema)]  # fmt: skip
    except (sa.exc.SQLAlchemyError, ImportError, ValueError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        return Problem("database.unreachable", "--database-url", f"连接不上（{reason}）", "请核对地址、用户和密码，以及数据库是否已建立、已启动")
    if tables:
        return Problem("database.used", "--database-url", f"里面已有数据表（{tables[0]} 等 {len(tables)} 个），模拟不碰已有的数据", "请另建一个空的数据库")
    return None


def told(report) -> list[str]:
    """The report in a few lines."""
    counts, world = report.counts, report.world
    entries = sum(len(turn.entries) for turn in world.turns)
    faults = counts["kills"] + counts["workers"] + counts["duplicates"] + counts["reorder"] + counts["drop"] + counts["copies"]
    lines = [
        f"模拟评审：{len(world.cards)} 位评委，{entries} 个参赛对象，{len(world.turns)} 场，用时 {report.seconds:.0f} 秒",
        f"打分 {counts['touches']} 次（含改分），共 {counts['marks']} 项、{counts['sheets']} 张评分表",
        f"故障 {faults} 次：强行结束服务器 {counts['kills']}，只结束一个工作进程 {counts['workers']}，重复送达 {counts['duplicates']}，迟到乱序 {counts['reorder']}，"
        f"途中丢失 {counts['drop']}，断电副本 {counts['copies']}",
        f"平板重发 {counts['retries']} 次，其中 {counts['arrived']} 次上一次其实已经存下，只是没有收到回答",
    ]
    if report.times:
        lines.append(f"送达用时：一半在 {percentile(report.times, 0.5) * 1000:.1f} 毫秒内，99% 在 {percentile(report.times, 0.99) * 1000:.1f} 毫秒内")
    if counts["missing"]:
        lines.append(f"注意：评分结束得早，有 {counts['missing']} 次强行结束或副本没有来得及做，可把 --speed 调小")
    for name, found in report.findings.items():
        lines.append(f"{'✗' if found else '✓'} {name}：{len(found)}")
        lines += [f"    {text}" for text in found[:SHOWN]] + ([f"    ……还有 {len(found) - SHOWN} 条"] if len(found) > SHOWN else [])
    return [*lines, "全部正常。" if report.ok else "有问题，见上面打 ✗ 的各项。"]


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
