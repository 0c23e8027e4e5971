"""`compete user …`: accounts from the command line. No password is ever set here; people set their own by a one-time link."""

from compete.office.terminal import ADDRESS, ADDRESS_HELP, Refused, opened, refuse


def add_commands(group, add) -> None:
    command = add("add", _add, "新建用户，给出设置密码的一次性链接", group)
    command.add_argument("login", metavar="登录名")
    command.add_argument("name", metavar="姓名")
    command.add_argument("--admin", action="store_true", help="同时是管理员")
    _address(command)
    command = add("invite", _invite, "再给一个一次性链接；不写登录名则是成为第一位管理员的链接", group)
    command.add_argument("login", metavar="登录名", nargs="?")
    _address(command)
    add("list", _list, "列出用户", group)
    command = add("reset", _reset, "结束此人的所有登录，给出重设密码的一次性链接", group)
    command.add_argument("login", metavar="登录名")
    _address(command)
    for name, action, meaning in (("disable", _disable, "停用此人"), ("enable", _enable, "恢复此人")):
        add(name, action, meaning, group).add_argument("login", metavar="登录名")


def _address(command) -> None:
    command.add_argument("--address", default=ADDRESS, help=ADDRESS_HELP)


def _find(login: str):
    from compete.models import User, db

    user = db.session.scalar(db.select(User).where(User.login == login))
    if user is None:
        raise Refused(f"没有登录名为“{login}”的用户。用 compete user list 看有哪些。")
    return user


def _act():
    """What every service asks for: who acts, and when."""
    from compete import clock
    from compete.audit.service import Actor

    return {"actor": Actor("system", "命令行", "服务器命令行"), "now": clock.now()}


def _print_link(options, token: str, text: str) -> None:
    print(f"{text}（链接只能用一次）：\n{options.address.rstrip('/')}/claim/{token}")


def _add(options) -> None:
    from compete.accounts import service
    from compete.database import write

    with opened(), write():
        _, token = refuse(service.add_user(login=options.login, name=options.name, is_admin=options.admin, **_act()))
    _print_link(options, token, f"已新建用户 {options.login}，请把设置密码的链接交给本人")


def _invite(options) -> None:
    from compete.accounts import service
    from compete.database import write

    with opened(), write():
        if options.login:
            token = service.password_link(user=_find(options.login), **_act())
        else:
            token = service.first_admin_link(**_act())
    if token is None:
        raise Refused("已有管理员，不再需要第一位管理员的链接。忘记密码可运行 compete user reset 登录名")
    _print_link(options, token, "请把设置密码的链接交给本人" if options.login else "成为管理员")


def _list(_options) -> None:
    from compete.models import User, db

    with opened():
        users = db.session.scalars(db.select(User).order_by(User.login)).all()
    for user in users:
        state = "已停用" if user.disabled_at else "正常" if user.password_hash else "未设密码"
        print(f"{user.login}\t{user.name}\t{'管理员' if user.is_admin else '用户'}\t{state}")
    print(f"共 {len(users)} 人。")


def _reset(options) -> None:
    from compete.accounts import service
    from compete.database import write

    with opened(), write():
        user, act = _find(options.login), _act()
        service.sign_out_everywhere(user=user, **act)
        token = service.password_link(user=user, **act)
    _print_link(options, token, f"{options.login} 已在所有设备上退出，请把重设密码的链接交给本人")


def _disable(options) -> None:
    _set_disabled(options, True, "已停用")


def _enable(options) -> None:
    _set_disabled(options, False, "已恢复")


def _set_disabled(options, disabled: bool, done: str) -> None:
    from compete.accounts import service
    from compete.database import write

    with opened(), write():
        refuse(service.set_disabled(user=_find(options.login), disabled=disabled, **_act()))
    print(f"{done} {options.login}。")
