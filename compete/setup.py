"""Puts the application together: libraries, slices, headers, error pages, template helpers."""

import hashlib
import secrets
from functools import cache
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, g, jsonify, render_template, request, session, url_for
from flask_bootstrap import Bootstrap5
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFError
from werkzeug.middleware.proxy_fix import ProxyFix

from compete import access, clock, database, vault
from compete.cookies import Csrf, Sessions
from compete.live.kept import Kept
from compete.live.pulse import Pulse
from compete.models import Judge, db
from compete.web import EntryKey, Number, Unfit, asked

SLICES = (
    "accounts", "contests", "entries", "judging", "marking", "live", "votes", "blind", "recheck", "rehearsal",
    "results", "awards", "prizes", "documents", "audit", "rules",
)  # fmt: skip

class Limits(Limiter):
    def _check_request_limit(self, callable_name=None, in_middleware=True):
        """The tablet's messages carry no limit of their own: the limiter need not look for one at every touch."""
        if not in_middleware or request.blueprint != "marking_api":
            super()._check_request_limit(callable_name, in_middleware)


limiter = Limits(get_remote_address, default_limits=[])
csrf = Csrf()

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; worker-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), microphone=(), geolocation=()"),
)

ERRORS = {
    400: ("请求有误", "页面可能停留太久，请返回上一页刷新后再试。"),
    403: ("没有权限", "您的身份不能打开这一页。如需要，请联系本竞赛的组织者。"),
    404: ("没有这一页", "地址可能有误，或内容已被移走。"),
    405: ("请求方式不对", "请返回上一页，用页面上的按钮操作。"),
    413: ("文件太大", "请压缩后再上传，或联系管理员调整上限。"),
    429: ("尝试过于频繁", "请稍等一分钟再试。"),
    500: ("系统出错", "刚才的操作没有保存。请再试一次；若仍出错，请把时间告诉管理员。"),
}


UNKEPT = ("填写的内容存不下", "有一处的数字太长，或含有看不见的特殊符号；这一次什么都没有保存。请返回上一页，改短、改正后再提交。")
OURS = ("SQLite", "integer string conversion")  # of an int for the database, of thousands of digits for Python


def install(app: Flask, data: Path) -> None:
    kept = vault.load(data)
    app.config.setdefault("SECRET_KEY", None)
    app.config.setdefault("RATELIMIT_ENABLED", True)
    app.config.setdefault("PULSE_EVERY", 0.25)  # seconds between two looks whether a screen's document is still right
    app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or kept["session"]
    app.config.update(
        SESSION_COOKIE_NAME="compete", SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # the cookie is sent when something in it changed, not with every answer
        WTF_CSRF_TIME_LIMIT=None, BOOTSTRAP_SERVE_LOCAL=True, SEND_FILE_MAX_AGE_DEFAULT=31536000,
        COMPRESS_MIN_SIZE=500, COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=3,
    )  # fmt: skip
    app.extensions["vault"] = vault.Vault(kept["vault"])
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=app.config["PROXIES"], x_proto=1, x_host=1)
    db.init_app(app)
    database.set_up(app)
    app.session_interface = Sessions()
    csrf.init_app(app)
    access.logins.init_app(app)
    limiter.init_app(app)
    app.url_map.converters |= {"entry": EntryKey, "int": Number}
    Bootstrap5(app)
    Compress(app)
    _add_slices(app)
    _add_hooks(app)
    _add_errors(app)
    _add_template_helpers(app)
    app.wsgi_app = Pulse(app, Kept(app, app.wsgi_app, _headers(app)), _headers(app))


def _add_slices(app: Flask) -> None:
    for name in SLICES:
        for blueprint in import_module(f"compete.{name}.views").blueprints:
            app.register_blueprint(blueprint)


def _add_hooks(app: Flask) -> None:
    @app.before_request
    def name_device():
        # What a tablet asks for without its cookies is refused: the answer, on its way for long, must not take the place of the
        # session of a card that is being scanned meanwhile.
        if request.endpoint != "static" and "device" not in session and not request.path.startswith("/judge/"):
            session["device"] = secrets.token_hex(3).upper()
            session.permanent = True

    @app.after_request
    def protect(response):
        for name, value in _headers(app):
            response.headers.setdefault(name, value)
        if request.endpoint not in ("static", "bootstrap.static"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _headers(app: Flask) -> tuple[tuple[str, str], ...]:
    """The security headers of every answer."""
    return (*HEADERS, ("Strict-Transport-Security", "max-age=31536000")) if app.config["SESSION_COOKIE_SECURE"] else HEADERS


def _add_errors(app: Flask) -> None:
    def show(code: int, words: tuple[str, str] = ()):
        if code >= 500:
            db.session.rollback()
        title, advice = words or ERRORS[code]
        if request.path.startswith("/judge/api/"):
            return jsonify(error=title, advice=advice), code
        judge = code < 500 and isinstance(access.current_user._get_current_object(), Judge)
        return render_template("shared/error.html", code=code, title=title, advice=advice, home="回到评分" if judge else "回到首页"), code

    for code in ERRORS:
        app.register_error_handler(code, lambda error, code=code: show(code))
    app.register_error_handler(Unfit, lambda error: show(400, ("填写有误", error.description)))
    app.register_error_handler(CSRFError, lambda error: show(400))

    def unkept(error):
        """A number too long or a sign that no table can hold: the request is at fault, whatever Python or the database calls it."""
        if not isinstance(error, sa.exc.DataError) and not any(word in str(error) for word in OURS):
            raise error
        db.session.rollback()
        return show(400, UNKEPT)

    for kind in (OverflowError, ValueError, sa.exc.DataError):
        app.register_error_handler(kind, unkept)


def _add_template_helpers(app: Flask) -> None:
    from compete.contests import progress
    from scoring.numbers import format_points

    @cache
    def stamp(filename: str) -> str:
        return hashlib.sha256((Path(app.static_folder) / filename).read_bytes()).hexdigest()[:12]

    def asset(filename: str) -> str:
        """The URL of a static file with its digest: cached for a year, renewed when it changes."""
        return url_for("static", filename=filename, v=stamp(filename))

    def money(fen: int | None) -> str:
        return "" if fen is None else f"{fen // 100:,}.{fen % 100:02d}"

    app.jinja_env.globals.update(asset=asset, asked=asked, allows=access.allows, clock=clock, steps=lambda: progress.steps(g.contest, g.get("counts")))
    app.jinja_env.filters.update(
        money=money, points=lambda units: "" if units is None else format_points(units),
        time=clock.show_time, date=clock.show_date,
    )  # fmt: skip
