"""Accounts: one-time links, passwords, people. No password exists before its owner has set it."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from werkzeug.security import check_password_hash, generate_password_hash

from compete.audit.service import Actor, record
from compete.models import Invitation, User, db
from scoring.problems import Problem

LINK_DAYS = 7
MINIMUM_PASSWORD = 8

# Checked against when the login is unknown, so that the answer takes as long as for a known one.
_DUMMY = f"scrypt:32768:8:1${secrets.token_hex(8)}${secrets.token_hex(64)}"  # made, not computed: that would slow every start


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _link(*, purpose: str, user: User | None, now: datetime) -> str:
    """Makes a one-time token; older unused ones of the same person and purpose end."""
    user_id = user.id if user else None
    _end_links(user_id, now=now)
    token = secrets.token_urlsafe(24)
    expires = now + timedelta(days=LINK_DAYS) if user else None
    db.session.add(Invitation(token_hash=_hash(token), purpose=purpose, user_id=user_id, created_at=now, expires_at=expires))
    db.session.flush()
    return token


def _end_links(user_id: int | None, *, now: datetime) -> None:
    """Unused links of this person, or of the first administrator to come, open nothing from now on."""
    whose = Invitation.user_id == user_id if user_id else Invitation.user_id.is_(None)
    db.session.execute(sa.update(Invitation).where(whose, Invitation.used_at.is_(None)).values(used_at=now))


def has_admin() -> bool:
    return db.session.scalar(sa.select(sa.exists().where(User.is_admin, User.disabled_at.is_(None), User.password_hash.is_not(None))))


def first_admin_link(*, actor: Actor, now: datetime) -> str | None:
    """The token by which the first administrator signs up; None when there is one already."""
    if has_admin():
        return None
    token = _link(purpose="first_admin", user=None, now=now)
    record(contest_id=None, actor=actor, now=now, action="account.first_admin_link", subject="user")
    return token


def password_link(*, user: User, actor: Actor, now: datetime) -> str:
    """A token by which this person sets a new password."""
    token = _link(purpose="password", user=user, now=now)
    record(contest_id=None, actor=actor, now=now, action="account.link", subject="user", subject_id=user.id)
    return token


def find_link(token: str, *, now: datetime) -> Invitation | None:
    """The invitation of a token that still works."""
    found = db.session.scalar(sa.select(Invitation).where(Invitation.token_hash == _hash(token)))
    if found is None or found.used_at or (found.expires_at and found.expires_at < now):
        return None
    return found


def login_problem(login: str) -> Problem | None:
    if db.session.scalar(sa.select(sa.exists().where(User.login == login))):
        return Problem("account.login_taken", "登录名", f"“{login}”已有人使用", "请换一个，例如加上单位简称")
    return None


def password_problem(password: str, login: str) -> Problem | None:
    if len(password) < MINIMUM_PASSWORD:
        return Problem("account.password_short", "密码", f"只有 {len(password)} 位", f"请至少用 {MINIMUM_PASSWORD} 位")
    if password.lower() == login.lower() or len(set(password)) < 4:
        return Problem("account.password_weak", "密码", "太容易被猜到", "请用几个不相关的词或字母与数字的组合")
    return None


def add_user(*, login: str, name: str, is_admin: bool, actor: Actor, now: datetime) -> tuple[User, str] | Problem:
    """A person without a password yet, and the token by which it is set."""
    if problem := login_problem(login):
        return problem
    user = User(login=login, name=name, is_admin=is_admin, created_at=now)
    db.session.add(user)
    db.session.flush()
    record(contest_id=None, actor=actor, now=now, action="account.add", subject="user", subject_id=user.id,
           after={"login": login, "name": name, "is_admin": is_admin})  # fmt: skip
    return user, password_link(user=user, actor=actor, now=now)


def claim(*, invitation: Invitation, login: str, name: str, password: str, device: str, now: datetime) -> User | Problem:
    """Uses a link: makes the first administrator, or sets a password. Works once, also for two clicks at once."""
    user = db.session.get(User, invitation.user_id) if invitation.user_id else None
    login = user.login if user else login
    problem = password_problem(password, login) or (None if user else login_problem(login))
    if problem:
        return problem
    used = sa.update(Invitation).where(Invitation.id == invitation.id, Invitation.used_at.is_(None)).values(used_at=now)
    if db.session.execute(used.execution_options(synchronize_session=False)).rowcount != 1:
        return Problem("account.link_used", "链接", "已经用过", "请向管理员要一个新的链接")
    if user is None:
        user = User(login=login, name=name, is_admin=True, created_at=now)
        db.session.add(user)
        db.session.flush()
    _set_password(user, password)
    record(contest_id=None, actor=Actor(f"user:{user.id}", user.name, device), now=now, action="account.claim",
           subject="user", subject_id=user.id)  # fmt: skip
    return user


def _set_password(user: User, password: str) -> None:
    user.password_hash = generate_password_hash(password)
    user.epoch = (user.epoch or 0) + 1
    db.session.flush()


def change_password(*, user: User, old: str, new: str, actor: Actor, now: datetime) -> Problem | None:
    if not user.password_hash or not check_password_hash(user.password_hash, old):
        return Problem("account.password_wrong", "现在的密码", "不正确", "请重新输入")
    if problem := password_problem(new, user.login):
        return problem
    _set_password(user, new)
    _end_links(user.id, now=now)
    record(contest_id=None, actor=actor, now=now, action="account.password", subject="user", subject_id=user.id)
    return None


def check(*, login: str, password: str) -> User | None:
    """The person of a login and password, else None; takes the same time either way."""
    user = db.session.scalar(sa.select(User).where(User.login == login))
    usable = user is not None and user.password_hash and user.disabled_at is None
    correct = check_password_hash(user.password_hash if usable else _DUMMY, password)
    return user if usable and correct else None


def set_disabled(*, user: User, disabled: bool, actor: Actor, now: datetime) -> Problem | None:
    """Ends or restores a person's access. The last administrator stays."""
    others = sa.select(sa.func.count()).where(User.is_admin, User.disabled_at.is_(None), User.id != user.id, User.password_hash.is_not(None))
    if disabled and user.is_admin and not db.session.scalar(others):
        return Problem("account.last_admin", user.name, "是最后一位管理员，停用后谁也管不了系统", "请先让另一位用户成为管理员")
    user.disabled_at = now if disabled else None
    user.epoch += 1
    _end_links(user.id, now=now)
    action = "account.disable" if disabled else "account.enable"
    record(contest_id=None, actor=actor, now=now, action=action, subject="user", subject_id=user.id)
    return None


def sign_out_everywhere(*, user: User, actor: Actor, now: datetime) -> None:
    user.epoch += 1
    _end_links(user.id, now=now)
    record(contest_id=None, actor=actor, now=now, action="account.sign_out_everywhere", subject="user", subject_id=user.id)
