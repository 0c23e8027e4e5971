"""The results page of a large event: computed in columns, shown a page at a time, with the figures of the small path."""

import pytest
import sqlalchemy as sa

from compete.audit import service as audit
from compete.contests import schemes
from compete.models import EntryCode, Sheet, db
from compete.results import big, facts
from tests import support
from tests.results.test_pages import url


@pytest.fixture
def small_pages(monkeypatch):
    """A field of twelve is large, and a page holds five."""
    monkeypatch.setattr(big, "LIMIT", 5)
    monkeypatch.setattr(big, "PER_PAGE", 5)
    monkeypatch.setattr(big, "_latest", big._Latest())


@pytest.fixture
def final(app, small_pages):
    made = support.make_final(entries=12, judges=5, marked=True)
    made.alice = support.make_people(made.contest).alice
    return made


def test_every_row_says_what_the_small_path_says(final):
    event = schemes.load(final.event.id)
    field, board = big.big_board(event), facts.board(event)
    rows = [row for number in (1, 2, 3) for row in big.page(event, field, number)[0]]
    assert [(row.entry, row.place, row.place_text, row.score) for row in rows] == [
        (standing.entry, standing.place, standing.place_text, standing.score_text) for standing in board.outcome.standings
    ]
    assert [row.award for row in rows[:4]] == ["一等奖", "二等奖", "三等奖", ""]


def test_pages_follow_each_other_and_end(final, sign_in):
    alice = sign_in(final.alice)
    first, last = alice.get(url(final)).text, alice.get(url(final, "?page=99")).text
    assert "项目1<" in first and "项目6<" not in first and "第 1–5 条，共 12 条" in first
    assert "项目12<" in last and "3 / 3" in last


def test_search_by_number_title_and_organization(final, sign_in):
    alice = sign_in(final.alice)
    assert "项目7<" in alice.get(url(final, "?q=7")).text
    found = alice.get(url(final, "?q=单位1")).text
    assert "项目1<" in found and "项目12<" in found and "项目2<" not in found
    assert "没有符合条件" in alice.get(url(final, "?q=%25")).text


def test_a_change_is_seen_at_once_and_without_one_nothing_is_computed_again(final):
    event = schemes.load(final.event.id)
    field = big.big_board(event)
    assert big.big_board(event) is field
    sheet = db.session.scalars(sa.select(Sheet).limit(1)).one()
    sheet.state = "returned"
    audit.record(contest_id=final.contest.id, actor=audit.SYSTEM, now=support.NOW, action="sheet.return", subject="sheet", subject_id=sheet.id, reason="x")
    db.session.commit()
    again = big.big_board(event)
    assert again is not field and big.hindrances(again)["incomplete"] == 1


def test_blind_entries_show_their_codes_only(final, sign_in):
    final.event.is_blind = True
    db.session.add_all(EntryCode(entry_id=entry.id, layer=1, code=f"K{entry.number}") for entry in final.entries)
    db.session.commit()
    alice = sign_in(final.alice)
    page = alice.get(url(final)).text
    assert "K1<" in page and "项目1<" not in page and "单位1<" not in page
    assert "未编码" not in page and "K3<" in alice.get(url(final, "?q=K3")).text and "没有符合条件" in alice.get(url(final, "?q=项目3")).text
    db.session.execute(sa.delete(EntryCode).where(EntryCode.code == "K1"))
    db.session.commit()
    page = alice.get(url(final)).text
    assert "未编码<" in page and "项目1<" not in page


def test_a_small_event_keeps_its_page(app, sign_in):
    made = support.make_final(entries=3, marked=True)
    page = sign_in(support.make_people(made.contest).alice).get(url(made)).text
    assert "排在此处的原因" in page and not big.applies(schemes.load(made.event.id))
