"""The board as judging happens, one sheet, returning it, absences, rulings and penalties."""

import re

import pytest
import sqlalchemy as sa

from compete.contests import schemes
from compete.judging import board, recusals, sheets
from compete.models import AuditRecord, JudgeAbsence, Mark, Penalty, Recusal, Ruling, Sheet, Signature, db
from compete.results.facts import board as results_of
from scoring import UNIT
from tests import support
from tests.support import NOW, counted_queries

ACTOR = {"actor": schemes.audit.SYSTEM, "now": NOW}


@pytest.fixture
def alice(people, sign_in):
    return sign_in(people.alice)


def url(final, path):
    return f"/contests/{final.contest.id}{path}"


def here(final, path=""):
    return url(final, f"/sessions/{final.session.id}{path}")


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def sheet_of(final, entry, judge):
    return db.session.scalars(
        sa.select(Sheet).where(Sheet.entry_id == final.entries[entry].id, Sheet.judge_id == final.judges[judge].id)
    ).one_or_none()


def add_sheet(final, entry, judge, state, **more):
    row = Sheet(part_id=final.part.id, session_id=final.session.id, entry_id=final.entries[entry].id,
                judge_id=final.judges[judge].id, state=state, updated_at=NOW, **more)  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def mixed(final):
    """A session with a cell of every state."""
    one, two, three = final.judges
    points = board.part_of(final.part.id).denominator
    add_sheet(final, 0, 0, "submitted", total=90 * points)
    add_sheet(final, 0, 1, "draft")
    add_sheet(final, 1, 0, "returned", return_reason="再看第二项", returned_at=NOW)
    add_sheet(final, 1, 1, "locked", total=85 * points)
    recusals.recuse(one, final.entries[2], reason="师徒", **ACTOR)
    db.session.add(JudgeAbsence(session_id=final.session.id, judge_id=three.id, reason="生病", made_by="x", made_at=NOW))
    db.session.add(Ruling(entry_id=final.entries[2].id, kind="absence", reason="未到", made_by="x", made_at=NOW))
    db.session.commit()


# the board


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


def test_304_costs_three_queries(alice, final):
    address = url(final, f"/board/live?session_id={final.session.id}")
    tag = alice._client.get(address).headers["ETag"]

    with counted_queries() as statements:
        alice._client.get(address, headers={"If-None-Match": tag})

    assert len(statements) <= 3


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


# one sheet


def test_sheet_shows_marks_comment_and_history(alice, final):
    support.mark_all(final)
    row = sheet_of(final, 0, 0)
    row.comment = "思路清楚"
    db.session.commit()
    alice.post(url(final, f"/sheets/{row.id}/return"), {"reason": "第二项请复核"})

    page = text_of(alice.get(url(final, f"/sheets/{row.id}")))

    assert "评分项1" in page
    assert "思路清楚" in page
    assert "第二项请复核" in page
    assert "Alice" in page


def test_zero_and_blank_look_different(alice, final):
    row = add_sheet(final, 0, 0, "draft")
    db.session.add(Mark(sheet_id=row.id, criterion_id=final.criteria[0].id, value=0))
    db.session.commit()

    page = text_of(alice.get(url(final, f"/sheets/{row.id}")))

    assert "评分项1 50% 50 0 评分项2 50% 50 未打分" in page


def test_returned_sheet_is_re_entered_by_its_judge_only(alice, final):
    support.mark_all(final)
    row = sheet_of(final, 0, 0)
    marks = list(db.session.scalars(sa.select(Mark.value).where(Mark.sheet_id == row.id)))
    db.session.add(Signature(session_id=final.session.id, judge_id=row.judge_id, name="评委1", digest="0", signed_at=NOW))
    db.session.commit()

    alice.post(url(final, f"/sheets/{row.id}/return"), {"reason": ""})
    assert sheet_of(final, 0, 0).state == "submitted"
    alice.post(url(final, f"/sheets/{row.id}/return"), {"reason": "第二项请复核"})

    assert sheet_of(final, 0, 0).state == "returned"
    assert list(db.session.scalars(sa.select(Mark.value).where(Mark.sheet_id == row.id))) == marks
    assert db.session.scalars(sa.select(Signature.void_at)).one() is not None
    again = text_of(alice.post(url(final, f"/sheets/{row.id}/return"), {"reason": "又一次"}, follow_redirects=True, status=200))
    assert "不是已提交状态" in again


def test_no_page_of_judging_changes_a_mark(app, alice, final):
    """Every route of the slice that takes a POST is tried with marks in its form; no mark and no total moves."""
    support.mark_all(final)
    db.session.commit()
    row = sheet_of(final, 0, 0)
    before = db.session.execute(sa.select(Mark.sheet_id, Mark.criterion_id, Mark.value).order_by(Mark.id)).all()
    totals = db.session.execute(sa.select(Sheet.id, Sheet.total).order_by(Sheet.id)).all()
    numbers = {"contest_id": final.contest.id, "session_id": final.session.id, "entry_id": row.entry_id, "judge_id": row.judge_id,
               "sheet_id": row.id, "panel_id": final.panel.id, "recusal_id": 1, "ruling_id": 1, "penalty_id": 1}  # fmt: skip
    form = {"reason": "试", "total": 0, "mark": 0, "value": 0, "c1": 0, "kind": "veto", "points": "1", "penalty_reason": "试", "confirmed": "yes"}
    tried = 0
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("judging.") and "POST" in rule.methods]
    adapter = app.url_map.bind("localhost")
    addresses = [adapter.build(rule.endpoint, {name: numbers[name] for name in rule.arguments}, method="POST") for rule in rules]
    for address in addresses:
        alice._client.post(address, data=form)
        tried += 1

    db.session.rollback()
    assert tried >= 20
    assert db.session.execute(sa.select(Mark.sheet_id, Mark.criterion_id, Mark.value).order_by(Mark.id)).all() == before
    assert db.session.execute(sa.select(Sheet.id, Sheet.total).order_by(Sheet.id)).all() == totals


def test_cell_without_a_sheet_offers_recusal(alice, final):
    address = here(final, f"/entries/{final.entries[0].id}/judges/{final.judges[0].id}")
    assert "还没有打开这张评分表" in text_of(alice.get(address))

    alice.post(address + "/recuse", {"reason": "师徒关系"})

    assert db.session.scalars(sa.select(Recusal.reason)).one() == "师徒关系"
    assert "师徒关系" in text_of(alice.get(address))


def test_cell_with_a_sheet_leads_to_it(alice, final):
    row = add_sheet(final, 0, 0, "draft")

    answer = alice.get(here(final, f"/entries/{final.entries[0].id}/judges/{final.judges[0].id}"), status=302)

    assert answer.headers["Location"].endswith(f"/sheets/{row.id}")


def test_sheet_of_another_contest_is_not_found(alice, final, app):
    other = support.make_final(marked=True)

    alice.get(url(final, f"/sheets/{sheet_of(other, 0, 0).id}"), status=404)
    alice.post(url(final, f"/sheets/{sheet_of(other, 0, 0).id}/return"), {"reason": "x"}, status=404)
    alice.get(here(final, f"/entries/{other.entries[0].id}/judges/{final.judges[0].id}"), status=404)
    alice.get(here(final, f"/entries/{other.entries[0].id}"), status=404)


def test_supervisor_sees_marks_and_returns_nothing(people, final, sign_in):
    support.mark_all(final)
    db.session.commit()
    row = sheet_of(final, 0, 0)
    carol = sign_in(people.carol)

    assert "退回给" not in text_of(carol.get(url(final, f"/sheets/{row.id}")))
    for path in (f"/sheets/{row.id}/return", "/board/limit"):
        carol.post(url(final, path), {"reason": "x", "limit": "3"}, status=403)
    for path in (f"/entries/{row.entry_id}/ruling", f"/entries/{row.entry_id}/penalty", f"/judges/{row.judge_id}/absence"):
        carol.post(here(final, path), {"reason": "x"}, status=403)


def test_judge_of_the_panel_does_not_see_the_board(final, sign_in):
    judge = final.judges[1]
    client = sign_in(judge)

    client.get(url(final, "/board"), status=403)
    client.get(here(final, f"/entries/{final.entries[0].id}/judges/{final.judges[0].id}"), status=403)


# absence of a judge


def test_absence_is_shown_before_and_lifted_after(alice, final):
    add_sheet(final, 0, 2, "submitted", total=1)
    address = here(final, f"/judges/{final.judges[2].id}")

    page = text_of(alice.get(address))
    assert "已交的 1 张照常计入；未交的 2 张不再等待" in page
    assert "只剩 2 位评委，少于评分规则要求的 3 位" in page
    alice.post(address + "/absence", {"reason": ""})
    assert db.session.scalar(sa.select(sa.func.count(JudgeAbsence.id))) == 0
    alice.post(address + "/absence", {"reason": "临时出差"})

    cells = sheets.matrix(final.session, sheets.slots(final.session.id), sheets.seats(final.session))
    assert [cells[entry.id, final.judges[2].id].state for entry in final.entries] == ["submitted", "absent", "absent"]
    assert "已登记缺席" in text_of(alice.post(address + "/absence", {"reason": "又"}, follow_redirects=True, status=200))

    alice.post(address + "/absence/lift")
    assert sheets.absences(final.session.id) == {}
    assert list(db.session.scalars(sa.select(AuditRecord.action).where(AuditRecord.subject == "absence"))) == ["absence.make", "absence.lift"]


# rulings and penalties on an entry


def test_ruling_shows_its_effect_before_it_is_made(alice, final):
    support.mark_all(final)
    db.session.commit()
    address = here(final, f"/entries/{final.entries[0].id}")
    form = {"kind": "veto", "reason": "与主题不符"}

    page = text_of(alice.post(address + "/ruling", form, status=200))
    assert db.session.scalar(sa.select(sa.func.count(Ruling.id))) == 0
    assert "确认前请看会改变什么" in page
    assert re.search(r"01 号 项目1 第 1 名，[\d.]+ 分 一票否决", page)
    assert re.search(r"02 号 项目2 第 2 名，([\d.]+) 分 第 1 名，\1 分", page)

    alice.post(address + "/ruling", {**form, "confirmed": "yes"})
    made = db.session.scalars(sa.select(Ruling)).one()
    assert (made.kind, made.reason, made.made_by) == ("veto", "与主题不符", "Alice")
    outcome = results_of(schemes.load(final.event.id)).outcome
    assert outcome.standing(final.entries[1].id).place == 1

    alice.post(address + f"/rulings/{made.id}/revoke", {"reason": ""})
    assert db.session.get(Ruling, made.id).revoked_at is None
    alice.post(address + f"/rulings/{made.id}/revoke", {"reason": "复议"})
    assert db.session.get(Ruling, made.id).revoked_reason == "复议"
    assert results_of(schemes.load(final.event.id)).outcome.standing(final.entries[0].id).place == 1


@pytest.mark.parametrize(("kind", "word"), [("absence", "缺考"), ("disqualification", "取消资格"), ("veto", "一票否决")])
def test_ruled_entry_awaits_no_sheets(alice, final, kind, word):
    address = here(final, f"/entries/{final.entries[0].id}")
    alice.post(address + "/ruling", {"kind": kind, "reason": "理由", "confirmed": "yes"})

    slot = sheets.slots(final.session.id)[0]
    cells = sheets.matrix(final.session, [slot], sheets.seats(final.session))

    assert {cell.state for cell in cells.values()} == {"ruled"}
    assert word in slot.status_text
    assert "无需重复登记" in text_of(
        alice.post(address + "/ruling", {"kind": kind, "reason": "理由", "confirmed": "yes"}, follow_redirects=True, status=200)
    )


def test_penalty_is_previewed_made_and_revoked(alice, final):
    support.mark_all(final)
    db.session.commit()
    address = here(final, f"/entries/{final.entries[0].id}")
    before = results_of(schemes.load(final.event.id)).outcome.standing(final.entries[0].id).score
    form = {"points": "１．５", "penalty_reason": "超时"}

    assert "确认扣分" in text_of(alice.post(address + "/penalty", form, status=200))
    alice.post(address + "/penalty", {**form, "confirmed": "yes"})

    made = db.session.scalars(sa.select(Penalty)).one()
    assert (made.points, made.reason) == (15_000, "超时")
    assert results_of(schemes.load(final.event.id)).outcome.standing(final.entries[0].id).score == before - 150
    alice.post(address + f"/penalties/{made.id}/revoke", {"reason": "误记"})
    assert results_of(schemes.load(final.event.id)).outcome.standing(final.entries[0].id).score == before
    actions = list(db.session.scalars(sa.select(AuditRecord.action).where(AuditRecord.subject == "entry")))
    assert actions == ["penalty.make", "penalty.revoke"]


@pytest.mark.parametrize(("points", "message"), [("0", "大于 0"), ("-1", ""), ("abc", ""), ("101", "不能超过 100"), ("", "请填写扣几分")])
def test_penalty_must_be_a_sensible_number(alice, final, points, message):
    address = here(final, f"/entries/{final.entries[0].id}/penalty")

    page = text_of(alice.post(address, {"points": points, "penalty_reason": "x", "confirmed": "yes"}, status=200))

    assert message in page
    assert db.session.scalar(sa.select(sa.func.count(Penalty.id))) == 0


def test_nothing_is_ruled_once_the_part_is_locked(alice, final):
    final.part.locked_at = NOW
    db.session.commit()
    address = here(final, f"/entries/{final.entries[0].id}")

    page = alice.post(address + "/penalty", {"points": "1", "penalty_reason": "x", "confirmed": "yes"}, follow_redirects=True, status=200)

    assert "总评委已锁定成绩" in text_of(page)
    assert db.session.scalar(sa.select(sa.func.count(Penalty.id))) == 0


def test_blind_board_shows_codes_only(alice, final):
    from compete.models import EntryCode

    final.event.is_blind = True
    db.session.add_all(EntryCode(entry_id=entry.id, code=f"K{entry.number}7") for entry in final.entries)
    db.session.commit()
    pages = [url(final, "/board"), here(final, f"/entries/{final.entries[0].id}"), here(final, f"/judges/{final.judges[0].id}"),
             here(final), here(final, f"/entries/{final.entries[0].id}/judges/{final.judges[0].id}")]  # fmt: skip

    for address in pages:
        page = text_of(alice.get(address)).replace("评委单位", "")
        assert "K17" in page, address
        assert not re.search("项目[123]|单位[123]|完成人", page), address
