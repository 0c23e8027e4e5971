"""The board as judging happens."""

import re

import pytest
import sqlalchemy as sa

from compete.contests import schemes
from compete.judging import board, masks, sheets
from compete.models import EntryCode, db
from compete.results.facts import board as results_of
from scoring import UNIT
from tests import support
from tests.judging.hall import add_sheet, here, mixed, text_of, url
from tests.support import counted_queries


def test_every_state_has_its_word_shape_and_class(alice, final):
    mixed(final)

    page = alice.get(url(final, "/board")).get_data(as_text=True)

    table = page[page.index('<table class="board"') : page.index("</table>")]
    assert sorted(re.findall(r'<td class="c-(\w+)"', table)) == sorted(
        ["submitted", "draft", "absent", "returned", "locked", "absent", "recused", "ruled", "ruled"]
    )
    for word in ("草稿", "已退回", "回避", "缺席", "不评", "90.00", "85.00"):
        assert word in table
    assert all(shape in table for state, shape in board.SHAPES.items() if state != "none")


def test_board_says_who_is_missing(alice, final):
    mixed(final)

    page = text_of(alice.get(url(final, "/board")))

    assert re.search(r"还缺 评委1 → 02 号 评委2 → 01 号", page)


def test_board_without_sessions_or_sheets(alice, final):
    assert "未开始" in text_of(alice.get(url(final, "/board")))
    db.session.execute(sa.text("DELETE FROM slot"))
    db.session.execute(sa.text("DELETE FROM session"))
    db.session.commit()
    assert "还没有场次" in text_of(alice.get(url(final, "/board")))


@pytest.mark.parametrize("arrange", [mixed, support.mark_all, lambda final: None])
def test_counts_in_the_database_equal_those_of_the_cells(final, arrange):
    arrange(final)
    seats = sheets.seats(final.session)
    slots = sheets.slots(final.session.id)

    assert sheets.tally(final.session, seats) == board.tallies_of(sheets.matrix(final.session, slots, seats), seats)


def test_results_read_the_cells_as_the_board_does(final):
    mixed(final)
    slots, seats = sheets.slots(final.session.id), sheets.seats(final.session)
    cells = sheets.matrix(final.session, slots, seats)
    said = {"locked": "submitted", "none": "missing", "ruled": "missing"}

    facts = results_of(schemes.load(final.event.id)).facts
    for fact in facts.entries:
        for sheet in fact.sheets["roadshow"]:
            cell = cells[fact.entry, sheet.judge]
            if cell.state == "ruled":
                continue  # an entry that is out has no awaited sheets; its status says so
            assert sheet.state == said.get(cell.state, cell.state)
    assert next(fact for fact in facts.entries if fact.entry == final.entries[2].id).status == "absent"


def test_spread_above_the_limit_raises_an_alarm(alice, final):
    points = board.part_of(final.part.id).denominator
    add_sheet(final, 0, 0, "submitted", total=90 * points)
    add_sheet(final, 0, 1, "submitted", total=75 * points)
    add_sheet(final, 1, 0, "submitted", total=90 * points)
    add_sheet(final, 1, 1, "submitted", total=75 * points - 1)

    made = board.make(final.session, 3, limit=15 * UNIT)

    assert [(row.slot.number, row.alarm, row.spread) for row in made.rows] == [(1, False, "15.00"), (2, True, "15.00"), (3, False, "")]
    assert made.alarms == 1
    filtered = board.make(final.session, 3, limit=15 * UNIT, show="alarm")
    assert [row.slot.number for row in filtered.rows] == [2]


def test_limit_of_the_alarm_is_kept_and_recorded(alice, final):
    alice.post(url(final, "/board/limit"), {"limit": "８．５"})

    db.session.expire_all()
    assert final.contest.settings["spread_limit"] == 85_000
    assert "8.5 分" in text_of(alice.get(url(final, "/board")))
    alice.post(url(final, "/board/limit"), {"limit": "很多"})
    assert final.contest.settings["spread_limit"] == 85_000


def test_filters_keep_what_they_name(alice, final):
    mixed(final)

    missing = board.make(final.session, 3, limit=UNIT, show="missing")
    returned = board.make(final.session, 3, limit=UNIT, show="returned")

    assert [row.slot.number for row in missing.rows] == [1, 2]
    assert [row.slot.number for row in returned.rows] == [2]
    alice.get(url(final, "/board?show=returned"))


def test_scores_can_be_hidden(alice, final):
    mixed(final)

    page = text_of(alice.get(url(final, "/board?marks=0")))

    assert "90.00" not in page
    assert "已提交" in page


def test_live_board_answers_304_until_a_fact_changes(alice, final):
    mixed(final)
    address = url(final, f"/board/live?session_id={final.session.id}")
    client = alice._client
    answer = client.get(address)
    assert answer.status_code == 200
    tag = answer.headers["ETag"]

    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(address, headers={"If-None-Match": tag[:-1] + ':br"'}).status_code == 304
    assert client.get(address + "&marks=0", headers={"If-None-Match": tag}).status_code == 200

    alice.post(here(final, f"/judges/{final.judges[1].id}/absence"), {"reason": "发烧"})
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_304_costs_one_query(alice, final):
    address = url(final, f"/board/live?session_id={final.session.id}")
    alice._client.get(address)
    tag = alice._client.get(address).headers["ETag"]

    with counted_queries() as statements:
        assert alice._client.get(address, headers={"If-None-Match": tag}).status_code == 304

    assert len(statements) == 1


@pytest.mark.parametrize(("entries", "judges"), [(3, 3), (60, 4)])
def test_board_needs_the_same_few_queries_at_any_size(app, sign_in, entries, judges):
    made = support.make_final(entries=entries, judges=judges, marked=True)
    client = sign_in(support.make_people(made.contest).alice)
    address = url(made, "/board")

    with counted_queries() as statements:
        page = client.get(address).get_data(as_text=True)

    assert len(statements) <= 12
    assert page.count("<tr") == min(entries, 50) + 1


def test_long_board_is_paged(app, sign_in):
    made = support.make_final(entries=60, judges=3, marked=True)
    client = sign_in(support.make_people(made.contest).alice)

    second = text_of(client.get(url(made, "/board?page=2")))

    assert "第 51–60 项，共 60 项" in second
    assert "项目60" in second
    assert "项目50 " not in second
    assert "180" in second  # all sheets, not only those of this page


def test_blind_board_shows_codes_only(alice, final):
    final.event.is_blind = True
    db.session.add_all(EntryCode(entry_id=entry.id, code=f"K{entry.number}7") for entry in final.entries)
    db.session.commit()
    first = masks.mask(final.entries[0].id)
    pages = [url(final, "/board"), here(final, f"/entries/{first}"), here(final, f"/judges/{final.judges[0].id}"),
             here(final), here(final, f"/entries/{first}/judges/{final.judges[0].id}")]  # fmt: skip

    for address in pages:
        page = text_of(alice.get(address)).replace("评委单位", "")
        assert "K17" in page, address
        assert not re.search("项目[123]|单位[123]|完成人", page), address
