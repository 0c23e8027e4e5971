"""The organiser's pages of screens: the remote control, showing scores, taking a showing back; who may do it."""

import re

import pytest
import sqlalchemy as sa

from compete import clock
from compete.awards import service as awards
from compete.contests import schemes
from compete.database import write
from compete.models import EntryCode, Event, Membership, Podium, Poll, Screen, Sheet, Showing, db
from compete.results.facts import board
from tests import support
from tests.judging.hall import ACTOR, text_of, url
from tests.live.stage import body, main_screen, on_stage
from tests.support import NOW, counted_queries

pytestmark = pytest.mark.sqlite


@pytest.fixture
def final(app):
    return support.make_final(entries=3, judges=3, marked=True)


@pytest.fixture
def host(final, people, sign_in):
    """The host of the contest: runs the stage and sees no marks."""
    db.session.add(Membership(contest_id=final.contest.id, user_id=people.dan.id, role="host"))
    db.session.commit()
    return sign_in(people.dan)


def test_a_screen_is_made_directed_renamed_and_removed(final, host):
    assert "还没有屏幕" in text_of(host.get(url(final, "/live/screens")))
    page = host.post(url(final, "/live/screens"), {"name": "主屏", "kind": "hall"}, follow_redirects=True, status=200)
    row = db.session.scalar(sa.select(Screen))
    assert f"/screen/{row.key}" in page.text and "没有打开" in page.text and "<svg" in page.text
    at = url(final, f"/live/screens/{row.id}")
    host.post(f"{at}/direct", {"scene": "message", "text": "请入座", "qr": ""})
    assert body(row) == {"text": "请入座"} and "公告 · 请入座" in text_of(host.get(url(final, "/live/screens")))
    host.post(f"{at}/direct", {"settings": "1", "session_id": final.session.id, "theme": "light", "address": "http://10.0.0.2/screen/x"})
    row = db.session.get(Screen, row.id)
    assert (row.scene, row.theme, row.data["text"], row.data["address"]) == ("message", "light", "请入座", "http://10.0.0.2/screen/x")
    host.post(f"{at}/direct", {"scene": "order"})
    row = db.session.get(Screen, row.id)
    assert row.scene == "order" and row.data == {"address": "http://10.0.0.2/screen/x"}
    page = host.post(f"{at}/direct", {"scene": "message", "text": " "}, follow_redirects=True, status=200)
    assert "没有内容" in page.text and db.session.get(Screen, row.id).scene == "order"
    host.post(f"{at}/rename", {"name": "左屏"})
    host.post(f"{at}/remove")
    assert db.session.get(Screen, row.id).removed_at is not None
    host.get(at, status=404)


def test_a_screen_of_another_contest_cannot_be_directed(final, host):
    other = support.make_final()
    foreign = main_screen(other)
    host.post(url(final, f"/live/screens/{foreign.id}/direct"), {"scene": "order"}, status=404)
    assert db.session.get(Screen, foreign.id).scene == "black"


def test_scores_are_shown_from_the_page_that_tells_no_marks(final, host):
    screen = main_screen(final)
    on_stage(final, 2)
    late = db.session.scalar(sa.select(Sheet).where(Sheet.entry_id == final.entries[2].id))
    late.state = "draft"
    db.session.commit()
    page = host.get(url(final, "/live/scores"))
    assert "已交齐 3" in page.text and "2 / 3" in page.text and "95." not in page.text and "97." not in page.text
    form = {"part": final.part.id, "session": final.session.id, "entry": final.entries[1].id, "screen": [screen.id], "place": "on"}
    assert "正在显示：主屏" in host.post(url(final, "/live/scores/show"), form, follow_redirects=True, status=200).text
    assert body(screen)["place"] == "第 1 名" and body(screen)["showing"] == 1
    form["entry"] = final.entries[2].id
    assert "还差" in host.post(url(final, "/live/scores/show"), form, follow_redirects=True, status=200).text
    assert body(screen)["showing"] == 1
    board_form = {"event": final.event.id, "part": final.part.id, "session": final.session.id, "of": "shown", "screen": [screen.id]}
    host.post(url(final, "/live/scores/standings"), board_form)
    assert len(body(screen)["lines"]) == 1
    assert "第 2 次 · 金成果 · " in host.get(url(final, f"/live/screens/{screen.id}")).text
    first = db.session.scalar(sa.select(Showing).order_by(Showing.number))
    page = host.post(url(final, f"/live/showings/{first.id}/withdraw"), {"reason": "评委改判"}, follow_redirects=True, status=200)
    assert "连同含有它的成绩榜（第 2 次）" in page.text and "评委改判" in page.text and body(screen) == {"waiting": True}


def test_what_was_chosen_for_one_score_stands_chosen_for_the_next(final, host):
    """An organiser who keeps a score from the phones must not have to think of it forty times."""
    hall, phone = main_screen(final), main_screen(final, kind="audience", name="手机")

    def ticked():
        boxes = re.findall(r"<input[^>]*>", host.get(url(final, "/live/scores")).text)
        return {re.search(r'id="([^"]+)"', box)[1] for box in boxes if 'type="checkbox"' in box and " checked" in box}

    assert ticked() == {"place", *(f"{form}-{row.id}" for form in ("score", "board") for row in (hall, phone))}
    form = {"part": final.part.id, "session": final.session.id, "entry": final.entries[0].id, "screen": [hall.id], "names": "on"}
    host.post(url(final, "/live/scores/show"), form)
    assert ticked() == {"names", f"score-{hall.id}", f"board-{hall.id}"}
    other = main_screen(final, name="侧屏")
    assert f"score-{other.id}" in ticked()


def test_the_consoles_button_shows_a_score_as_the_last_one_was_shown(final, host):
    """An organiser who keeps the places for the end must not find them told by the host's phone."""
    screen = main_screen(final)
    on_stage(final, 2, revision=1)
    form = {"part": final.part.id, "session": final.session.id, "entry": final.entries[0].id, "screen": [screen.id], "names": "on"}
    host.post(url(final, "/live/scores/show"), form)
    assert body(screen)["place"] == ""
    press = {"do": f"screen:{screen.id}:score", "seen": 1, "touch": ""}
    host.post(url(final, f"/live/press?session={final.session.id}"), press)
    told = body(screen)
    assert (told["entry"]["number"], told["place"], told["judges"][0]["name"]) == (2, "", "评委1")


def test_a_score_that_no_longer_holds_is_told_on_the_page(final, host):
    host.post(url(final, "/live/scores/show"), {"part": final.part.id, "entry": final.entries[0].id})
    assert "成绩有变动" not in host.get(url(final, "/live/scores")).text
    row = db.session.scalar(sa.select(Sheet).where(Sheet.entry_id == final.entries[0].id))
    assert "不再作数" not in host.get(url(final, "/live")).text
    row.total -= 30 * schemes.part_value(final.part).denominator
    row.updated_at = clock.now()
    db.session.commit()
    assert "第 1 次亮出之后成绩有变动，亮过的分不再作数" in host.get(url(final, "/live")).text
    assert "第 1 次亮出之后成绩有变动" in host.get(url(final, "/live/scores")).text


def test_the_next_step_of_a_ceremony_is_told_to_the_host_alone(final, host):
    final.part.locked_at = NOW
    db.session.commit()
    with write():
        awards.release(board=board(schemes.load(final.event.id)), notice_days=0, **ACTOR)
    screen = main_screen(final)
    at = url(final, f"/live/screens/{screen.id}")
    page = host.post(f"{at}/direct", {"scene": "ceremony", "event": final.event.id, "pace": "entry", "amounts": "on"}, follow_redirects=True, status=200)
    assert "三等奖（只显示奖项名称）" in page.text and "三等奖" not in str(body(screen))
    host.post(f"{at}/step", {"seen": 0, "by": 1})
    host.post(f"{at}/step", {"seen": 0, "by": 1})
    assert body(screen)["phase"] == "group" and body(screen)["prize"] == "50,000 元"
    host.post(f"{at}/step", {"seen": 1, "by": -1})
    assert body(screen)["phase"] == "title"
    host.post(f"{at}/direct", {"scene": "black"})
    assert "颁奖停在： 颁奖开始" in text_of(host.get(at))
    host.post(f"{at}/direct", {"scene": "ceremony", "resume": "1"})
    assert body(screen)["phase"] == "title" and "颁奖 · 颁奖开始" in text_of(host.get(url(final, "/live/screens")))
    host.post(f"{at}/direct", {"scene": "ceremony", "event": final.event.id, "pace": "entry", "step": "3"})
    assert body(screen)["phase"] == "entry" and body(screen)["group"] == "三等奖"  # taken up again
    page = host.post(f"{at}/direct", {"scene": "ceremony", "event": final.event.id, "pace": "entry", "step": "99"}, follow_redirects=True, status=200)
    assert "没有这一步" in page.text and body(screen)["group"] == "三等奖"


def test_the_console_says_what_the_hall_sees_and_where_it_is_not_of_the_entry_on_stage(final, host):
    screen = main_screen(final)
    on_stage(final, 1)
    screen.last_seen_at = clock.now()
    db.session.commit()
    press = url(final, f"/live/press?session={final.session.id}")
    host.post(press, {"do": f"screen:{screen.id}:score", "seen": 0})
    told = text_of(host.get(url(final, "/live")))
    assert told.count("亮分 · 01（第 1 次亮出）") == 2 and "不是台上的" not in told and "换成台上的" not in told
    db.session.scalar(sa.select(Podium)).slot_id = final.session.slots[1].id
    db.session.commit()
    assert "亮分 · 01（第 1 次亮出） 不是台上的 02 换成台上的" in text_of(host.get(url(final, "/live")))
    host.post(press, {"do": f"screen:{screen.id}:current", "seen": 0})
    assert "当前参赛对象 · 第一场" in text_of(host.get(url(final, "/live")))


def test_the_score_of_a_blind_entry_is_named_by_its_code_alone(final, host):
    db.session.get(Event, final.event.id).is_blind = True
    db.session.add_all(EntryCode(entry_id=entry.id, layer=1, code=f"K{9 - entry.number}") for entry in final.entries)
    db.session.commit()
    screen = main_screen(final)
    on_stage(final, 1)
    host.post(url(final, f"/live/press?session={final.session.id}"), {"do": f"screen:{screen.id}:score", "seen": 0})
    for path in ("/live", "/live/screens", f"/live/screens/{screen.id}"):
        told = text_of(host.get(url(final, path)))
        assert "亮分 · K8（第 1 次亮出）" in told and "项目1" not in told and "亮分 · 01" not in told, path


def test_only_organiser_and_host_have_the_remote_control(final, people, sign_in):
    screen = main_screen(final)
    for person in (people.bob, people.carol):
        client = sign_in(person)
        client.get(url(final, "/live/screens"), status=403)
        client.get(url(final, "/live/scores"), status=403)
        client.post(url(final, f"/live/screens/{screen.id}/direct"), {"scene": "order"}, status=403)
    assert db.session.get(Screen, screen.id).scene == "black"


def test_the_pages_ask_the_database_no_more_for_more_rows(app, sign_in):
    counts = []
    for entries in (1, 3):
        final = support.make_final(entries=entries, marked=True)
        alice = sign_in(support.make_people(final.contest).alice) if entries == 1 else sign_in(db.session.scalar(sa.select(support.User).where(support.User.login == "eve")))
        for n in range(entries):
            main_screen(final, name=f"屏{n}")
            alice.post(url(final, "/live/scores/show"), {"part": final.part.id, "entry": final.entries[n].id})
        for path in ("/live/screens", "/live/scores", "/live/showings"):
            with counted_queries() as statements:
                alice.get(url(final, path))
            counts.append(len(statements))
    assert all(more <= few for few, more in zip(counts[:3], counts[3:], strict=True)), counts


def test_a_vote_is_put_on_a_screen_and_its_counts_only_when_it_is_over(final, host):
    poll = Poll(contest_id=final.contest.id, event_id=final.event.id, name="人气奖", key="k" * 20, state="open", created_at=NOW)
    db.session.add(poll)
    db.session.commit()
    screen = main_screen(final)
    at = url(final, f"/live/screens/{screen.id}")
    assert "人气奖（进行中）" in host.get(at).text
    page = host.post(f"{at}/direct", {"scene": "vote", "poll": poll.id, "counts": "on"}, follow_redirects=True, status=200)
    assert "投票还没有结束" in page.text and body(screen)["lines"] is None
    assert body(screen)["qr"]["address"].endswith(f"/vote/{poll.key}")
    poll.state = "closed"
    db.session.commit()
    host.post(f"{at}/direct", {"scene": "vote", "poll": poll.id, "counts": "on"})
    assert [line["votes"] for line in body(screen)["lines"]] == [0, 0, 0] and "qr" not in body(screen)
