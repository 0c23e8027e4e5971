"""The card and its PIN: who comes in, who does not, and what they are told."""

from datetime import timedelta

import pytest

from compete import clock
from compete.audit.service import SYSTEM
from compete.database import write
from compete.judging import cards
from compete.models import AuditRecord, Judge, db
from tests.support import NOW


@pytest.fixture
def card(final):
    """The second judge's card, issued a while ago."""
    with write():
        return cards.issue_card(db.session.get(Judge, final.judges[1].id), actor=SYSTEM, now=clock.now() - timedelta(hours=1))


def wrong(card):
    return "000000" if card.pin != "000000" else "111111"


def text(answer):
    return answer.get_data(as_text=True)


def test_the_right_pin_opens_the_tablet(final, card, sign_in):
    visitor = sign_in()
    page = visitor.get(f"/card/{card.token}")
    assert "评委2" in text(page)

    answer = visitor.post(f"/card/{card.token}", {"pin": card.pin})

    assert answer.headers["Location"] == "/judge/"
    assert "评委2" in text(visitor.get("/judge/"))
    judge = db.session.get(Judge, final.judges[1].id)
    assert judge.last_seen_at is not None
    record = db.session.scalar(db.select(AuditRecord).where(AuditRecord.action == "card.enter"))
    assert (record.subject, record.subject_id) == ("judge", judge.id)
    # The card is not asked for twice.
    assert visitor.get(f"/card/{card.token}", status=302).headers["Location"] == "/judge/"


def test_wrong_pins_count_down_and_then_wait(card, sign_in):
    visitor = sign_in()

    said = [text(visitor.post(f"/card/{card.token}", {"pin": wrong(card)}, status=422)) for _ in range(5)]

    assert "还可以试 4 次" in said[0]
    assert "还可以试 1 次" in said[3]
    assert "已连续输错 5 次，请等 10 分钟再试" in said[4]
    # Now even the right one waits.
    assert "请等 10 分钟" in text(visitor.post(f"/card/{card.token}", {"pin": card.pin}, status=422))


def test_the_right_pin_starts_the_count_anew(card, sign_in):
    sign_in().post(f"/card/{card.token}", {"pin": wrong(card)}, status=422)
    sign_in().post(f"/card/{card.token}", {"pin": card.pin})

    assert "还可以试 4 次" in text(sign_in().post(f"/card/{card.token}", {"pin": wrong(card)}, status=422))


def test_after_the_pause_the_card_works_again(final, card, sign_in, monkeypatch):
    visitor = sign_in()
    for _ in range(5):
        visitor.post(f"/card/{card.token}", {"pin": wrong(card)}, status=422)
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)

    visitor.post(f"/card/{card.token}", {"pin": card.pin})


@pytest.mark.parametrize(("pin", "words"), [("", "请输入 6 位密码"), ("12", "密码是 6 位数字"), ("abcdef", "密码是 6 位数字")])
def test_what_is_no_pin_does_not_count_as_a_try(card, sign_in, pin, words):
    assert words in text(sign_in().post(f"/card/{card.token}", {"pin": pin}, status=422))
    assert db.session.scalar(db.select(db.func.count(AuditRecord.id)).where(AuditRecord.action == "card.wrong_pin")) == 0


def test_unknown_and_revoked_cards_say_so(final, card, sign_in):
    assert "这张卡无效" in text(sign_in().get("/card/nonsense", status=404))
    judge = db.session.get(Judge, final.judges[1].id)
    with write():
        cards.revoke(judge, reason="遗失", actor=SYSTEM, now=NOW)

    assert "已注销" in text(sign_in().get(f"/card/{card.token}", status=404))
    assert "已注销" in text(sign_in().post(f"/card/{card.token}", {"pin": card.pin}, status=404))


def test_a_supervisor_goes_to_the_contest(final, sign_in):
    watcher = Judge(contest_id=final.contest.id, name="监督员", role="supervisor")
    db.session.add(watcher)
    db.session.commit()
    with write():
        card = cards.issue_card(watcher, actor=SYSTEM, now=NOW)

    answer = sign_in().post(f"/card/{card.token}", {"pin": card.pin})

    assert answer.headers["Location"] == f"/contests/{final.contest.id}"


def test_another_person_takes_the_tablet_over(final, card, sign_in):
    first = sign_in(final.judges[2])
    assert "这台设备现在由 评委3 使用" in text(first.get(f"/card/{card.token}"))

    first.post(f"/card/{card.token}", {"pin": card.pin})

    assert '"name":"评委2"' in text(first.get("/judge/"))


def test_leaving_ends_the_sign_in(final, sign_in):
    tablet = sign_in(final.judges[1])
    assert "请扫描您自己的评委卡" in text(tablet.post("/judge/leave", status=200))

    assert "登录已失效" in text(tablet.get("/judge/", status=401))


def test_only_judges_see_the_tablet(final, people, sign_in):
    sign_in(people.alice).get("/judge/", status=401)
    sign_in(final.judges[1]).get("/judge/chief", status=403)
    assert sign_in(final.judges[0]).get("/judge/chief", status=302).headers["Location"] == f"/contests/{final.contest.id}/review"
