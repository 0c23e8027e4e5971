"""What the commands of the terminal share: refusing in one line, opening the installation they work on."""

ADDRESS = "http://127.0.0.1:8000"
ADDRESS_HELP = f"别人打开网站的地址，用来拼出完整的链接，默认 {ADDRESS}"


class Refused(Exception):
    """What the user asked for cannot be done; the text says why and what to do."""


def refuse(answer):
    """Passes an answer on, unless it is a problem."""
    from scoring.problems import Problem

    if isinstance(answer, Problem):
        raise Refused(str(answer))
    return answer


def opened():
    """The application context of this installation, its database at the newest revision."""
    from compete import create_app
    from compete.office import upgrade

    context = create_app().app_context()
    context.push()
    refuse(upgrade.obstacle())
    if upgrade.current() != upgrade.newest():
        raise Refused("数据库还没有建立，或版本较旧。请先运行 compete init（或 python3 run.py init）。")
    return context
