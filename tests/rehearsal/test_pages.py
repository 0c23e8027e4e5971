"""The pages of a rehearsal, and the way of a card into it and out again."""

import pytest
import sqlalchemy as sa

from compete.audit import service as audit
from compete.database import write
from compete.models import AuditRecord, Contest, Event, Judge, Membership, Release, Session, Sheet, db
from compete.rehearsal import service, twins
from tests.judging.hall import text_of
from tests.rehearsal.conftest import ORGANISER
from tests.support import NOW, counted_queries

BAND = "彩排 · 分数不作数"


@pytest.fixture
def alice(people, sign_in):
    return sign_in(people.alice)


def home(contest, path=""):
    return f"/contests/{contest.id}{path}"


def came_in(sign_in, final, n=1):
    """A tablet on which judge n came in by the real card."""
    tablet, card = sign_in(), final.cards[n]
    page = tablet.get(f"/card/{card.token}")
    tablet.post(f"/card/{card.token}", {"pin": card.pin})
    return tablet, page


def test_the_organiser_starts_plays_and_clears(waiting, alice):
    real = waiting.contest
    assert "开始彩排" in text_of(alice.get(home(real, "/rehearsal")))
    assert alice.post(home(real, "/rehearsal/start")).location != home(real, "/rehearsal")
    rehearsal = twins.running(real.id)
    copy = home(rehearsal)
    page = text_of(alice.get(home(rehearsal, "/rehearsal")))
    assert BAND in page and "未试" in page and "已试 0" in page
    told = text_of(alice.get(home(real)))
    assert BAND not in told and "正在彩排" in told
    session = db.session.scalar(sa.select(Session.id).where(Session.contest_id == rehearsal.id))
    assert alice.post(home(rehearsal, "/rehearsal/play"), status=200).get_json() == {"done": 0, "problems": []}
    alice.post(home(rehearsal, f"/sessions/{session}/open"))
    assert alice.post(home(rehearsal, "/rehearsal/play"), status=200).get_json() == {"done": 3, "problems": []}
    assert ">已试</span>" in alice.get(home(rehearsal, "/rehearsal?part=1")).get_json()["html"]
    gone = alice.post(home(rehearsal, "/rehearsal/clear"))
    assert gone.location == home(real, "/rehearsal")
    assert "3 张评分表" in text_of(alice.get(gone.location)) and twins.running(real.id) is None
    alice.get(copy, status=404)


def test_a_rehearsal_stands_under_its_contest_with_the_roles_of_the_contest(waiting, rehearsal, people, sign_in, alice):
    assert "彩排" not in text_of(alice.get("/contests"))
    assert alice.get(home(waiting.contest, "/rehearsal"), status=302).location == home(rehearsal, "/rehearsal")
    assert BAND in text_of(sign_in(people.carol).get(home(rehearsal)))
    sign_in(people.dan).get(home(rehearsal), status=404)
    sign_in(people.carol).get(home(rehearsal, "/rehearsal"), status=403)
    for path in ("/edit", "/prizes", "/budget"):  # neither money nor the contest's own data
        assert sign_in(people.eve).get(home(rehearsal, path), status=302).location == home(rehearsal)
    sign_in(people.bob).get(home(rehearsal, "/prizes"), status=302)
    assert "发放" not in text_of(sign_in(people.bob).get(home(rehearsal))).split("彩排里不改")[0]


def test_what_is_released_in_a_rehearsal_is_no_public_notice(waiting, rehearsal, sign_in):
    frozen = {"number": 1, "state": "provisional", "document": {}, "digest": "d", "scheme_digest": "s", "audit_head": "h", "made_by": "x", "made_at": NOW}
    for contest in (rehearsal, waiting.contest):
        db.session.add(Release(contest_id=contest.id, event_id=waiting.event.id, **frozen | {"state": "withdrawn", "withdrawn_at": NOW}))
    db.session.commit()
    sign_in().get(f"/r/{rehearsal.id}/1", status=404)
    assert "撤回" in text_of(sign_in().get(f"/r/{waiting.contest.id}/1"))


def test_the_real_card_leads_to_the_rehearsal_and_back(waiting, rehearsal, sign_in, people):
    real = waiting.judges[1]
    before = (real.last_seen_at, real.epoch)
    tablet, door = came_in(sign_in, waiting)
    assert BAND in text_of(door)
    page = tablet.get("/judge/").get_data(as_text=True)
    assert BAND in page and "rehearse.js" in page
    desk = tablet.get("/judge/api/desk").get_json()
    twin = twins.judge_of(real)
    assert (desk["judge"]["id"], desk["rehearsal"]) == (twin.id, {"key": twins.key_of(rehearsal), "waits": False})
    db.session.refresh(real)
    assert (real.last_seen_at, real.epoch) == before
    assert db.session.scalar(sa.select(AuditRecord.chain).where(AuditRecord.action == "card.enter")) == rehearsal.id
    with write():
        service.clear(db.session.get(Contest, rehearsal.id), actor=ORGANISER, now=NOW)
    assert tablet.get("/judge/api/desk", status=401).get_json()["code"] == "rehearsal_over"
    assert "彩排已结束" in text_of(tablet.get("/judge/", status=401))
    for _ in range(2):  # another tab, or a tablet whose first answer was lost
        assert tablet.get("/judge/rehearsal-over", status=302).location == f"/card/{waiting.cards[1].token}"
    assert "彩排已结束" in text_of(sign_in().get("/judge/rehearsal-over"))
    assert BAND not in text_of(tablet.get(f"/card/{waiting.cards[1].token}"))


def test_wrong_pins_are_counted_in_the_rehearsal(waiting, rehearsal, sign_in):
    tablet, token = sign_in(), waiting.cards[1].token
    wrong = "000000" if waiting.cards[1].pin != "000000" else "111111"
    assert "还可以试 4 次" in text_of(tablet.post(f"/card/{token}", {"pin": wrong}, status=422))
    assert db.session.scalar(sa.select(AuditRecord.chain).where(AuditRecord.action == "card.wrong_pin")) == rehearsal.id


def test_a_judge_who_is_in_moves_over_when_the_rehearsal_begins(waiting, sign_in):
    tablet, _ = came_in(sign_in, waiting)
    assert tablet.get("/judge/api/desk").get_json()["rehearsal"] == {"key": "", "waits": False}
    with write():
        made = service.start(db.session.get(Contest, waiting.contest.id), actor=ORGANISER, now=NOW)
    assert tablet.get("/judge/api/desk").get_json()["rehearsal"]["waits"]
    assert tablet.get("/judge/", status=302).location == "/judge/"
    assert BAND in text_of(tablet.get("/judge/")) and twins.running(waiting.contest.id).id == made.id


def test_a_paper_downloaded_in_a_rehearsal_says_so_and_is_ticked(waiting, rehearsal, alice):
    session = db.session.scalar(sa.select(Session.id).where(Session.contest_id == rehearsal.id))
    answer = alice.get(home(rehearsal, f"/documents/blank?session_id={session}"))
    assert "%E5%BD%A9%E6%8E%92" in answer.headers["Content-Disposition"]  # 彩排
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditRecord.chain == rehearsal.id, AuditRecord.action == "rehearsal.paper")) == 1


def test_the_check_list_asks_no_more_for_more_judges(waiting, rehearsal, alice):
    page = home(rehearsal, "/rehearsal")
    alice.get(page)
    with counted_queries() as statements:
        alice.get(page)
    assert len(statements) <= 12
    assert db.session.scalar(sa.select(sa.func.count(Judge.id)).where(Judge.contest_id == rehearsal.id)) == 3
    assert db.session.scalar(sa.select(sa.func.count(Sheet.id))) == 0


def test_who_loses_a_role_in_the_real_contest_no_longer_sees_its_rehearsal_from_memory(rehearsal, people, alice):
    url = home(rehearsal, f"/results/{db.session.scalar(sa.select(Event.id).where(Event.contest_id == rehearsal.id))}/live")
    for _ in range(2):
        alice.get(url)
    with write():
        db.session.execute(sa.delete(Membership).where(Membership.user_id == people.alice.id))
        audit.record(contest_id=rehearsal.rehearsal_of_id, action="membership.take", subject="user", actor=ORGANISER, now=NOW)
    alice.get(url, status=404)
