"""Pages for what went wrong: they say what to do and lead each person back to their own room."""

import pytest


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
