"""Who may do what: one guard per power. Every route carries exactly one of the decorators below; a test checks it."""

from functools import wraps

import sqlalchemy as sa
from flask import abort, current_app, flash, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user

from compete.audit.service import Actor
from compete.judging import veil
from compete.models import Contest, Judge, Membership, User, db

# power -> roles that hold it. An administrator holds the organiser's powers in every contest.
POWERS = {
    "contest.view": {"organiser", "chief", "supervisor", "host", "finance", "coder", "recorder"},
    "contest.edit": {"organiser"},
    "entries.view": {"organiser", "chief", "supervisor"},
    "entries.edit": {"organiser"},
    "entries.files": {"organiser", "chief", "supervisor", "judge"},  # a judge: only files of the own sessions' entries
    "paper.key": {"organiser", "recorder"},  # keying in paper sheets
    "judging.watch": {"organiser", "chief", "supervisor"},
    "judging.manage": {"organiser"},
    "judging.review": {"chief"},  # return, lock and sign
    "judging.return": {"organiser", "chief"},
    "live.run": {"organiser", "host"},  # the stage, its clock, the screens; no marks before they are shown
    "script.view": {"organiser", "host", "supervisor"},  # 主持词: released awards and the running order
    "results.view": {"organiser", "chief", "supervisor"},
    "results.decide": {"organiser", "chief"},
    "release.make": {"organiser"},
    "rehearsal.run": {"organiser"},
    "votes.manage": {"organiser"},
    "votes.run": {"organiser", "host"},  # open, close, show
    "awards.view": {"organiser", "chief", "supervisor", "finance", "host"},
    "prizes.view": {"finance", "supervisor", "organiser"},  # amounts; numbers of identity masked
    "prizes.edit": {"finance"},
    "prizes.approve": {"organiser"},
    "prizes.export": {"finance"},  # the only place with full identity and account numbers
    "audit.view": {"supervisor", "organiser"},
    "codes.keep": {"coder", "organiser", "supervisor"},  # see how far coding is; a table only its keeper reads
    "codes.open": {"coder", "supervisor"},
    "recheck.view": {"recorder", "supervisor", "organiser", "chief"},
    "recheck.make": {"recorder", "supervisor", "organiser"},
    "recheck.sign": {"chief"},
}

# What a rehearsal does not have: a copy that is cleared is no place to change what the contest is, nor to pay anybody.
REAL_ONLY = {"contest.edit", "entries.edit", "prizes.view", "prizes.edit", "prizes.approve", "prizes.export"}

logins = LoginManager()
logins.login_view = "accounts.sign_in"
logins.login_message = "请先登录"
logins.session_protection = "basic"


@logins.user_loader
def load_principal(key: str):
    """"user:3:0" or "judge:7:2"; None when the epoch moved on (signed out everywhere, card revoked)."""
    try:
        kind, number, epoch = key.split(":")
        model = {"user": User, "judge": Judge}[kind]
        principal = db.session.get(model, int(number))
    except (ValueError, KeyError):
        return None
    if principal is None or principal.epoch != int(epoch):
        return None
    if kind == "user":
        return principal if principal.disabled_at is None else None
    return principal if principal.card_revoked_at is None and principal.withdrawn_at is None else None


def enter(person: User | Judge) -> None:
    """A fresh session for the person; only the name of the device is carried over."""
    kept = session.get("device")
    session.clear()
    session["device"] = kept
    session.permanent = True
    login_user(person)


def depart() -> None:
    """Signed out; of the session only the name of the device is left."""
    logout_user()
    kept = session.get("device")
    session.clear()
    session["device"], session.permanent = kept, True


def actor() -> Actor:
    """The person behind this request, for services and the audit trail."""
    kind = "judge" if isinstance(current_user._get_current_object(), Judge) else "user"
    return Actor(f"{kind}:{current_user.id}", current_user.name, device())


def device() -> str:
    """A short name of the device: an id kept in its cookie and what kind of machine it is."""
    agent = request.headers.get("User-Agent", "")
    kinds = (("iPad", "iPad"), ("iPhone", "iPhone"), ("Android", "安卓"), ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"))
    kind = next((name for mark, name in kinds if mark in agent), "其他设备")
    return f"{kind} {session.get('device', '')}".strip()


def roles_in(contest: Contest) -> frozenset[str]:
    person = current_user._get_current_object()
    if isinstance(person, Judge):
        return frozenset({person.role}) if person.contest_id == contest.id else frozenset()
    number = contest.rehearsal_of_id or contest.id  # in a rehearsal everybody has the role of the real contest
    found = set(db.session.scalars(sa.select(Membership.role).where(Membership.contest_id == number, Membership.user_id == person.id)))
    return frozenset(found | {"organiser"} if person.is_admin else found)


def allows(power: str) -> bool:
    """For templates: may the person at this page use that power in the page's contest?"""
    return bool(POWERS[power] & g.get("roles", frozenset())) and not _not_in_rehearsal(power, g.get("contest"))


def _not_in_rehearsal(power: str, contest: Contest | None) -> bool:
    return contest is not None and contest.rehearsal_of_id is not None and power in REAL_ONLY


def guard(power: str):
    """Loads the contest of the URL into `g.contest`, the person's roles into `g.roles`, refuses without the power."""
    holders = POWERS[power]

    def decorate(view):
        @wraps(view)
        def guarded(*args, contest_id: int, **kwargs):
            if not current_user.is_authenticated:
                return logins.unauthorized()
            contest = db.session.get(Contest, contest_id)
            roles = roles_in(contest) if contest else frozenset()
            if not roles:
                abort(404)  # a stranger is not told that the contest exists
            if not roles & holders:
                abort(403)
            g.contest, g.roles = contest, roles
            if _not_in_rehearsal(power, contest):
                flash("彩排里不改竞赛资料、报名名单和奖金发放。请回到正式竞赛操作", "problem")
                return redirect(url_for("contests.overview", contest_id=contest.id))
            return view(*args, **kwargs)

        guarded.guard = power
        return guarded

    return decorate


def reveals(view):
    """For pages that show the marks of several judges: a chief who also judges sees them once the own sheets are in."""

    @wraps(view)
    def veiled(*args, **kwargs):
        person = current_user._get_current_object()
        if isinstance(person, Judge) and veil.covers(person.id):
            flash("您还有评分表没有提交。全部提交之后，才能看其他评委的打分和名次", "problem")
            return redirect(url_for("review.index", contest_id=g.contest.id))
        return view(*args, **kwargs)

    veiled.reveals = True
    return veiled


def _plain_guard(name: str, allowed):
    def decorate(view):
        @wraps(view)
        def guarded(*args, **kwargs):
            if not current_user.is_authenticated:
                return logins.unauthorized()
            if not allowed(current_user._get_current_object()):
                abort(403)
            return view(*args, **kwargs)

        guarded.guard = name
        return guarded

    return decorate


account_only = _plain_guard("account", lambda person: isinstance(person, User))
admin_only = _plain_guard("admin", lambda person: isinstance(person, User) and person.is_admin)
judge_only = _plain_guard("judge", lambda person: isinstance(person, Judge) and person.role in ("judge", "chief"))


def public(view):
    """Open to everybody: sign-in, static files, releases."""
    view.guard = "public"
    return view


def vault():
    return current_app.extensions["vault"]
