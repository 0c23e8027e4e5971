"""Remembered signatures open nothing that the libraries' own check would not open."""

import pytest
from flask import request, session
from flask_wtf.csrf import generate_csrf

from compete import cookies
from compete.access import public
from compete.setup import csrf

pytestmark = pytest.mark.sqlite


@pytest.fixture
def browser(app):
    app.config["WTF_CSRF_ENABLED"] = True

    @public
    def view():
        if request.method == "POST":
            return "taken"
        session.setdefault("seen", []).append("一")
        return {"seen": session["seen"], "token": generate_csrf()}

    app.view_functions["accounts.sign_in"] = view
    return app.test_client()


def test_the_same_cookie_opens_the_same_session_and_a_changed_one_an_empty_one(app, browser):
    browser.get("/sign-in")
    kept = browser.get_cookie("compete").value
    for cookie, expected in ((kept, ["一", "一"]), (kept, ["一", "一"]), (kept[:-1] + ("a" if kept[-1] != "a" else "b"), ["一"])):
        browser.set_cookie("compete", cookie)
        assert browser.get("/sign-in").json["seen"] == expected  # what a request does to its session stays its own


def test_a_token_counts_only_with_the_session_it_was_made_for(app, browser):
    token = browser.get("/sign-in").json["token"]
    for _ in range(2):
        assert browser.post("/sign-in", headers={"X-CSRFToken": token}).status_code == 200
    assert browser.post("/sign-in", headers={"X-CSRFToken": token + "x"}).status_code == 400
    assert browser.post("/sign-in").status_code == 400
    other = app.test_client()
    other.get("/sign-in")
    assert other.post("/sign-in", headers={"X-CSRFToken": token}).status_code == 400


def test_over_https_the_referrer_is_asked_for_every_time(app, browser):
    token = browser.get("/sign-in").json["token"]
    assert browser.post("/sign-in", headers={"X-CSRFToken": token}).status_code == 200
    assert browser.post("/sign-in", base_url="https://localhost", headers={"X-CSRFToken": token}).status_code == 400
    assert csrf._known.get((token, "none")) is None


def test_what_was_checked_is_forgotten_in_time_and_number(monkeypatch):
    known = cookies._Known()
    monkeypatch.setattr(cookies, "MOST", 2)
    for name in "abc":
        known.keep(name, name)
    assert [known.get(name) for name in "abc"] == [None, "b", "c"]
    monkeypatch.setattr(cookies, "FOR", -1.0)
    known.keep("d", "d")
    assert known.get("d") is None
