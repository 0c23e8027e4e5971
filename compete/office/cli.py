"""The administrator's command: compete serve | init | demo | user | backup | restore | check | simulate, and for everybody tally | check-scheme.

Every refusal is one Chinese line on stderr and exit code 2; `check` answers 1 when it found something wrong.
"""

import argparse
import os
import sys
from pathlib import Path

from compete.office.terminal import ADDRESS, ADDRESS_HELP, Refused, opened, refuse

FAILED, REFUSED = 1, 2
APART = (["tally"], ["check-scheme"])  # commands that need no installation

# argparse speaks English; these are all its messages that our commands can cause.
TRANSLATIONS = (
    ("the following arguments are required: ", "缺少 "),
    ("unrecognized arguments: ", "没有这样的参数："),
    (": expected one argument", " 后面要有一个值"),
    ("invalid choice: ", "没有 "),
    (" (choose from ", "，可用的有 ("),
    ("argument …: ", ""),
    ("argument ", ""),
)


class Formatter(argparse.HelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    def __init__(self, **settings):
        super().__init__(**settings, formatter_class=Formatter, add_help=False)
        self._optionals.title, self._positionals.title = "选项", "参数"
        self.add_argument("-h", "--help", action="help", help="显示这些说明")

    def error(self, message):
        for english, chinese in TRANSLATIONS:
            message = message.replace(english, chinese)
        raise Refused(f"{message}。用 {self.prog} --help 看用法。")


def main(arguments: list[str] | None = None) -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    arguments = sys.argv[1:] if arguments is None else arguments
    code = run(arguments)
    if arguments[:1] in APART:
        leave(code)
    sys.exit(code)


def leave(code: int) -> None:
    """Ends at once: nothing is open any more, and taking ten thousand entrants apart takes as long as reading them."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # compete tally … | head
        pass
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Runs one command; answers its exit code."""
    if arguments[:1] in APART:
        ConfigError = Refused  # they read no settings
    else:
        from compete.config import ConfigError

    try:
        options = parser(apart=arguments[:1] in APART).parse_args(arguments)
        if not options.apart:
            use_data(options.data)
        return options.run(options) or 0
    except (Refused, ConfigError) as reason:
        print(reason, file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("已停止。", file=sys.stderr)
        return 130


# --- what can be said ----------------------------------------------------------------------------------------------


def parser(*, apart: bool = False) -> Parser:
    """`apart`: only the commands that need no installation, which is quicker."""
    top = Parser(prog="compete", description="赛评的管理命令")
    top.set_defaults(run=lambda _options: top.print_help(), data=None, apart=False)
    commands = top.add_subparsers(title="命令", metavar="…", parser_class=Parser, prog="compete")  # found out otherwise, at some cost
    if not apart:
        _add_commands(commands)
    _add_tally_commands(commands)
    return top


def _add_commands(commands) -> None:
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", help="数据文件夹，默认 $COMPETE_DATA 或 ./data")

    def add(name: str, action, meaning: str, group=commands) -> argparse.ArgumentParser:
        command = group.add_parser(name, parents=[data], help=meaning, description=meaning)
        command.set_defaults(run=action)
        return command

    command = add("serve", serve, "启动网站")
    command.add_argument("--host", default="0.0.0.0", help="监听的地址，默认本机所有网卡")
    command.add_argument("--port", type=_port, default=8000, help="端口，默认 8000")
    command.add_argument("--workers", type=_count, default=1, help="进程数；大于 1 时须用 PostgreSQL")
    command.add_argument("--threads", type=_count, default=8, help="每个进程的线程数，默认 8")
    command.add_argument("--demo", action="store_true", help="数据为空时放入演示竞赛")
    add("init", init, "建立或升级数据库，给出成为管理员的一次性链接").add_argument("--address", default=ADDRESS, help=ADDRESS_HELP)
    add("demo", demo, "在空的数据库里放入演示竞赛")
    add("backup", backup, "把全部数据备份到一个文件").add_argument("file", metavar="文件", type=Path)
    command = add("restore", restore, "从备份文件恢复全部数据")
    command.add_argument("file", metavar="文件", type=Path)
    command.add_argument("--force", action="store_true", help="已有数据时也恢复；原有数据移到一旁保留")
    add("check", check, "核对数据：数据库、留痕、合计、指纹、附件")
    _add_simulation(commands)
    _add_user_commands(commands, add)


def _add_simulation(commands) -> None:
    from compete.office import simulate

    simulate.add_command(commands)


def _add_user_commands(commands, add) -> None:
    from compete.office import people

    group = commands.add_parser("user", help="用户：add、invite、list、reset、disable、enable", description="管理用户")
    group.set_defaults(run=lambda _options: group.print_help(), data=None)
    people.add_commands(group.add_subparsers(title="命令", metavar="…", parser_class=Parser), add)


def _add_tally_commands(commands) -> None:
    """These need no installation: a file goes in, a result comes out."""
    from compete.office import tally

    def add(name: str, action, meaning: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=meaning, description=meaning)
        command.set_defaults(run=action, apart=True)
        return command

    tally.add_commands(add)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} 不对，应是 1 到 65535 之间的整数")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError(f"{text} 不对，应是 1 到 256 之间的整数")
    return int(text)


# --- what is done --------------------------------------------------------------------------------------------------


def use_data(given: str | None) -> None:
    """Settles on the data folder, for this process and those it starts."""
    from compete.office import folder

    path = Path(given or os.environ.get("COMPETE_DATA") or "data").expanduser().absolute()
    refuse(folder.obstacle(path))
    os.environ["COMPETE_DATA"] = str(path)


def serve(options) -> None:
    from compete.office import server

    settings = server.Options(options.host, options.port, options.workers, options.threads, options.demo)
    refuse(server.serve(settings))


def init(options) -> None:
    from compete import create_app
    from compete.office import server

    with create_app().app_context():
        refuse(server.prepare(demo=False))
        path = server.first_admin_path()
    print(f"数据库已就绪：{os.environ['COMPETE_DATA']}")
    if path:
        print(f"成为管理员（链接只能用一次，请勿转发）：\n{options.address.rstrip('/')}{path}")
    else:
        print("已有管理员。忘记密码可运行 compete user reset 登录名")


def demo(_options) -> None:
    from compete import create_app
    from compete.office import server

    with create_app().app_context():
        refuse(server.prepare(demo=False))
        if not server.is_empty():
            raise Refused("数据库里已有竞赛或用户。演示竞赛只放进空的数据库，请用 --data 换一个数据文件夹。")
        server.fill_demo()
    print("演示竞赛已放入。运行 compete serve 启动。")


def backup(options) -> None:
    from compete.office import backup

    with opened():
        report = refuse(backup.write(options.file.absolute()))
    size = f"{report.size / 1024 / 1024:.1f} MB" if report.size > 1024 * 1024 else f"{report.size // 1024} KB"
    print(f"已备份到 {report.path}（{report.rows} 行数据、{report.files} 个文件，{size}）。")
    print("备份里有密钥和个人信息，只有本账户可读，请妥善保管。")


def restore(options) -> int:
    from compete import create_app
    from compete.office import restore

    with create_app().app_context():
        restored = refuse(restore.restore(options.file.absolute(), force=options.force))
    print("已恢复。" + (f"原有数据保留在 {restored.aside}" if restored.aside else ""))
    return report(restored.findings)


def check(_options) -> int:
    from compete import create_app
    from compete.office import checks

    with create_app().app_context():
        return report(checks.run())


def report(findings) -> int:
    for finding in findings:
        print(f"{'✗' if finding.problems else '✓'} {finding.name}{'' if finding.problems else '：正常'}")
        for problem in finding.problems:
            print(f"    {problem}")
    wrong = sum(len(finding.problems) for finding in findings)
    print(f"共发现 {wrong} 处问题。" if wrong else "全部正常。")
    return FAILED if wrong else 0
