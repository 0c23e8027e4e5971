"""Pages for what went wrong: they say what to do and lead each person back to their own room."""

import pytest
import sqlalchemy as sa

from compete.models import db


@pytest.mark.parametrize("rest, status", [("/audit", 403), ("/no-such-page", 404)])
def test_a_judge_is_led_back_to_the_tablet(final, sign_in, rest, status):
    judge = sign_in(final.judges[1])
    page = judge.get(f"/contests/{final.contest.id}{rest}", status=status).text
    assert '<a class="btn btn-primary" href="/">回到评分</a>' in page
    assert judge.get("/", status=302).location == "/judge/"


def test_others_are_led_to_their_contests(final, people, sign_in):
    bob = sign_in(people.bob)
    page = bob.get(f"/contests/{final.contest.id}/audit", status=403).text
    assert '<a class="btn btn-primary" href="/">回到首页</a>' in page and "没有权限" in page
    assert bob.get("/", status=302).location == "/contests"
    assert "没有这一页" in sign_in().get("/no-such-page", status=404).text


def test_a_stranger_is_not_told_that_a_contest_exists(final, people, sign_in):
    dan = sign_in(people.dan)
    there, not_there = (dan.get(f"/contests/{number}", status=404).text for number in (final.contest.id, 999_999))
    assert there == not_there


def test_a_message_is_shown_once(final, people, sign_in):
    bob = sign_in(people.bob)
    home = f"/contests/{final.contest.id}/prizes"
    bob.post(f"{home}/draft")
    assert bob.get(home).text.count("每个奖项都已有收款人") == 1
    assert "每个奖项都已有收款人" not in bob.get(home).text


def test_a_number_that_no_table_holds_is_no_page(final, people, sign_in):
    alice, home = sign_in(people.alice), f"/contests/{final.contest.id}"
    for address in (f"/contests/{10**22}", f"/contests/{'9' * 5000}", f"{home}/events/{10**22}"):
        assert "没有这一页" in alice.get(address, status=404).text


def test_what_no_table_can_hold_is_the_fault_of_the_request(final, people, sign_in, backend):
    alice, home = sign_in(people.alice), f"/contests/{final.contest.id}"
    assert "填写的内容存不下" in alice.get(f"{home}/documents/summary?event_id={10**22}", status=400).text
    if backend == "postgresql":  # SQLite keeps a NUL
        alice.get(f"{home}/judges?q=%00", status=400)
    alice.get(home)


def test_an_error_of_the_database_tells_nothing_that_was_to_be_kept(app):
    with pytest.raises(sa.exc.DBAPIError) as caught:
        db.session.execute(sa.text("SELECT * FROM nowhere WHERE name = :name"), {"name": "张三的身份证号"})
    assert "张三" not in str(caught.value)


def test_what_stands_behind_the_question_mark_names_no_other_place(people, final, sign_in):
    alice, home = sign_in(people.alice), f"/contests/{final.contest.id}/entries"
    asked = "?contest_id=77&_external=1&_scheme=javascript&_anchor=x&endpoint=static&q="
    assert f'action="{home}/approve?q="' in alice.get(home + asked).text
    assert alice.post(f"{home}/approve{asked}").location == f"{home}?q="
