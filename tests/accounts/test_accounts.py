"""One-time links, sign-in, and the administrator's list."""

import re

import pytest

from compete.accounts import service
from compete.audit.service import SYSTEM
from compete.models import User, db
from tests.support import NOW, counted_queries


@pytest.fixture
def admin_token(app):
    token = service.first_admin_link(actor=SYSTEM, now=NOW)
    db.session.commit()
    return token


def claim(client, token, **changes):
    data = {"name": "王主席", "login": "wang", "password": "long enough 1", "again": "long enough 1", **changes}
    return client.post(f"/claim/{token}", data, status=changes and 200 or 302)


def test_first_admin_link_makes_an_administrator_once(app, sign_in, admin_token):
    claim(sign_in(), admin_token)
    user = db.session.query(User).one()
    assert (user.login, user.is_admin) == ("wang", True)
    sign_in().get(f"/claim/{admin_token}", status=410)
    assert service.first_admin_link(actor=SYSTEM, now=NOW) is None


def test_weak_password_is_refused_with_the_mend(app, sign_in, admin_token):
    page = claim(sign_in(), admin_token, password="aaaaaaaa", again="aaaaaaaa")
    assert "太容易被猜到" in page.text
    assert db.session.query(User).count() == 0


def test_sign_in_and_out(app, sign_in, admin_token):
    claim(sign_in(), admin_token)
    client = sign_in()
    assert "登录名或密码不正确" in client.post("/sign-in", {"login": "wang", "password": "wrong"}, status=200).text
    answer = client.post("/sign-in?next=https://example.org/", {"login": "wang", "password": "long enough 1"})
    assert answer.location == "/"
    client.get("/me")
    client.post("/sign-out")
    assert "/sign-in" in client.get("/me", status=302).location


def test_disabled_person_is_out_at_once_and_last_admin_stays(app, people, sign_in):
    people.eve.password_hash = "set"
    db.session.commit()
    alice, eve = sign_in(people.alice), sign_in(people.eve)
    alice.get("/me")
    eve.post(f"/people/{people.alice.id}/disable")
    alice.get("/me", status=302)
    page = eve.post(f"/people/{people.eve.id}/disable", follow_redirects=True, status=200)
    assert "最后一位管理员" in page.text


def test_added_person_gets_a_link_and_no_password(app, people, sign_in):
    page = sign_in(people.eve).post("/people", {"name": "李会计", "login": "li"}, status=200)
    token = re.search(r"/claim/([\w-]+)", page.text)[1]
    assert db.session.query(User).filter_by(login="li").one().password_hash is None
    sign_in().post(f"/claim/{token}", {"password": "another good 1", "again": "another good 1"})
    assert service.check(login="li", password="another good 1").name == "李会计"


def test_only_administrators_see_people(app, people, sign_in):
    sign_in(people.alice).get("/people", status=403)
    assert "/sign-in" in sign_in().get("/people", status=302).location


def test_people_page_needs_the_same_queries_for_one_and_three(app, people, sign_in):
    client = sign_in(people.eve)
    with counted_queries() as few:
        client.get("/people?q=alice")
    with counted_queries() as many:
        client.get("/people")
    assert len(few) == len(many) <= 12


@pytest.mark.sqlite
def test_sign_in_is_rate_limited(tmp_path):
    from compete import create_app

    app = create_app({"DATA": str(tmp_path), "TESTING": True, "WTF_CSRF_ENABLED": False})
    with app.app_context():
        db.create_all()
    client = app.test_client()
    codes = [client.post("/sign-in", data={"login": "x", "password": "y"}).status_code for _ in range(7)]
    assert codes[0] == 200 and codes[-1] == 429


@pytest.mark.parametrize("ended", ["changed", "disabled", "everywhere"])
def test_a_link_that_was_handed_out_ends_with_the_sessions(app, people, sign_in, ended):
    """Whoever holds an old link would else be in again after the password was changed because of them."""
    made = {"actor": SYSTEM, "now": NOW}
    service.claim(invitation=service.find_link(service.password_link(user=people.bob, **made), now=NOW), login="", name="", password="long enough 1", device="", now=NOW)
    other, link = sign_in(people.bob), service.password_link(user=people.bob, **made)
    db.session.commit()
    other.get("/me")
    if ended == "changed":
        assert service.change_password(user=people.bob, old="long enough 1", new="another one 2", **made) is None
    elif ended == "disabled":
        service.set_disabled(user=people.bob, disabled=True, **made)
    else:
        service.sign_out_everywhere(user=people.bob, **made)
    db.session.commit()
    other.get("/me", status=302)
    sign_in().get(f"/claim/{link}", status=410)


def test_signing_out_leaves_nothing_but_the_name_of_the_device(app, people, sign_in):
    bob = sign_in(people.bob)
    with bob._client.session_transaction() as session:
        session.update({"hall": 3, "card_of": 4, "csrf_token": "x"})
    bob.post("/sign-out")
    with bob._client.session_transaction() as session:
        assert {name: value for name, value in session.items() if name != "_permanent"} == {"device": "TEST01"}
