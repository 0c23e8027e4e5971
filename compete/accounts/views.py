"""Sign-in, one-time links, one's own account, and the administrator's list of people."""

from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user

from compete import clock
from compete.access import account_only, actor, admin_only, depart, device, enter, public
from compete.accounts import service
from compete.accounts.forms import AddUser, ChangePassword, Claim, ClaimAdmin, SignIn
from compete.database import write
from compete.models import Judge, User, db
from compete.setup import limiter
from compete.web import page_of, say, tell
from scoring.problems import Problem

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/")
@public
def root():
    if isinstance(current_user._get_current_object(), Judge):
        if current_user.role == "supervisor":
            return redirect(url_for("contests.overview", contest_id=current_user.contest_id))
        return redirect(url_for("marking.home"))
    return redirect(url_for("contests.index" if current_user.is_authenticated else "accounts.sign_in"))


def _next_page() -> str:
    """Where sign-in leads: only a path of this site is followed."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    safe = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if safe else url_for("accounts.root")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute", methods=["POST"])
@limiter.limit("5 per minute", methods=["POST"], key_func=lambda: "login:" + request.form.get("login", "").strip().lower())
def sign_in():
    if current_user.is_authenticated and request.method == "GET":
        return redirect(_next_page())
    form = SignIn()
    if form.validate_on_submit():
        user = service.check(login=form.login.data.strip(), password=form.password.data)
        if user:
            enter(user)
            return redirect(_next_page())
        form.password.errors = ["登录名或密码不正确，请核对后再试"]
    return render_template("accounts/sign_in.html", form=form)


@blueprint.post("/sign-out")
@public
def sign_out():
    depart()
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/claim/<token>", methods=["GET", "POST"])
@public
@limiter.limit("20 per minute")
def claim(token):
    now = clock.now()
    invitation = service.find_link(token, now=now)
    if invitation is None:
        return render_template("accounts/link_ended.html"), 410
    user = db.session.get(User, invitation.user_id) if invitation.user_id else None
    form = Claim() if user else ClaimAdmin()
    if form.validate_on_submit():
        name = "" if user else form.name.data.strip()
        login = "" if user else form.login.data.strip()
        with write():
            made = service.claim(invitation=service.find_link(token, now=now) or abort(410), login=login, name=name,
                                 password=form.password.data, device=device(), now=now)  # fmt: skip
        if isinstance(made, Problem):
            tell(made)
        else:
            enter(made)
            say(f"{made.name}，欢迎使用赛评")
            return redirect(url_for("accounts.root"))
    return render_template("accounts/claim.html", form=form, user=user)


@blueprint.route("/me", methods=["GET", "POST"])
@account_only
@limiter.limit("10 per minute", methods=["POST"])
def me():
    form = ChangePassword()
    if form.validate_on_submit():
        with write():
            user = db.session.get(User, current_user.id)
            problem = service.change_password(user=user, old=form.old.data, new=form.password.data, actor=actor(), now=clock.now())
        if problem:
            tell(problem)
        else:
            enter(user)
            say("密码已更换，其他设备上的登录都已失效")
            return redirect(url_for("accounts.me"))
    return render_template("accounts/me.html", form=form)


@blueprint.post("/me/sign-out-everywhere")
@account_only
def sign_out_everywhere():
    with write():
        service.sign_out_everywhere(user=db.session.get(User, current_user.id), actor=actor(), now=clock.now())
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/people", methods=["GET", "POST"])
@admin_only
def people():
    form = AddUser()
    link = None
    if form.validate_on_submit():
        with write():
            made = service.add_user(login=form.login.data.strip(), name=form.name.data.strip(), is_admin=form.is_admin.data,
                                    actor=actor(), now=clock.now())  # fmt: skip
        if isinstance(made, Problem):
            form.login.errors = [f"{made.message}。{made.mend}"]
        else:
            link = (made[0], url_for("accounts.claim", token=made[1], _external=True))
            form = AddUser(formdata=None)
    return _people_page(form, link)


def _people_page(form, link):
    wanted = request.args.get("q", "").strip()
    query = sa.select(User).order_by(User.disabled_at.is_not(None), User.login)
    if wanted:
        query = query.where(User.login.contains(wanted, autoescape=True) | User.name.contains(wanted, autoescape=True))
    return render_template("accounts/people.html", form=form, link=link, page=page_of(query), wanted=wanted)


@blueprint.post("/people/<int:user_id>/link")
@admin_only
def new_link(user_id):
    with write():
        user = db.session.get(User, user_id) or abort(404)
        token = service.password_link(user=user, actor=actor(), now=clock.now())
    return _people_page(AddUser(formdata=None), (user, url_for("accounts.claim", token=token, _external=True)))


@blueprint.post("/people/<int:user_id>/<any(disable, enable):verb>")
@admin_only
def set_disabled(user_id, verb):
    with write():
        user = db.session.get(User, user_id) or abort(404)
        problem = service.set_disabled(user=user, disabled=verb == "disable", actor=actor(), now=clock.now())
    if problem:
        tell(problem)
    else:
        other = "enable" if verb == "disable" else "disable"
        undo = url_for("accounts.set_disabled", user_id=user_id, verb=other)
        say(f"{user.name} 已{'停用' if verb == 'disable' else '恢复'}", undo=undo)
    return redirect(url_for("accounts.people"))


blueprints = (blueprint,)
