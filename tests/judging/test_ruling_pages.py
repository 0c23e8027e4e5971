"""Absences of judges; rulings and penalties on an entry."""

import re

import pytest
import sqlalchemy as sa

from compete.contests import schemes
from compete.judging import sheets
from compete.models import AuditRecord, JudgeAbsence, Part, Penalty, Ruling, Stage, db
from compete.results.facts import board as results_of
from tests import support
from tests.judging.hall import add_sheet, here, text_of
from tests.support import NOW

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


def test_a_penalty_belongs_to_the_part_being_judged_unless_another_is_chosen(alice, final):
    """A semi-final on stage, a final behind it: what is taken off in the one does not count in the other."""
    support.mark_all(final)
    db.session.commit()
    first, address = final.entries[0].id, here(final, f"/entries/{final.entries[0].id}")
    assert "整个赛项" not in text_of(alice.get(address))  # one part: nothing to choose
    final.stage.name, final.stage.is_ranked = "初赛", False
    last = Stage(event_id=final.event.id, name="决赛", position=1)
    db.session.add(last)
    db.session.flush()
    db.session.add(Part(stage_id=last.id, code="defence", name="答辩", kind="theory", panel=final.part.panel))
    db.session.commit()

    page = alice.get(address).get_data(as_text=True)
    assert [re.sub(" selected", "", option) for option in re.findall(r"<option[^>]*>[^<]*", page)] == [
        f'<option value="{final.part.id}">初赛 · 路演', f'<option value="{final.part.id + 1}">决赛 · 答辩', '<option value="0">整个赛项']
    assert f'<option selected value="{final.part.id}">' in page
    form = {"points": "2", "penalty_reason": "超时"}
    page = text_of(alice.post(address + "/penalty", form, status=200))
    assert "（初赛的名次）" in page and re.search(r"01 号 项目1 第 1 名，96.00 分 第 1 名，94.00 分", page)
    alice.post(address + "/penalty", {**form, "confirmed": "yes"})
    alice.post(address + "/penalty", {**form, "points": "5", "part": "0", "confirmed": "yes"})
    alice.post(address + "/penalty", {**form, "points": "9", "part": "99999", "confirmed": "yes"}, status=200)

    assert db.session.execute(sa.select(Penalty.part_id, Penalty.points)).all() == [(final.part.id, 20_000), (None, 50_000)]
    event = schemes.load(final.event.id)
    taken = [board.outcome.standing(first).penalty for board in (results_of(event, event.stages[0]), results_of(event))]
    assert taken == [20_000, 50_000]
    page = text_of(alice.get(address))
    assert "−2 分 ：超时（初赛 · 路演）" in page and "−5 分 ：超时（整个赛项）" in page


def test_a_locked_semi_final_takes_no_penalty_while_the_final_does(alice, final):
    final.stage.is_ranked, final.part.locked_at = False, NOW
    last = Stage(event_id=final.event.id, name="决赛", position=1)
    db.session.add(last)
    db.session.flush()
    defence = Part(stage_id=last.id, code="defence", name="答辩")
    db.session.add(defence)
    db.session.commit()
    address, form = here(final, f"/entries/{final.entries[0].id}/penalty"), {"points": "1", "penalty_reason": "x", "confirmed": "yes"}

    assert "总评委已锁定成绩" in text_of(alice.post(address, form, follow_redirects=True, status=200))
    alice.post(address, {**form, "part": defence.id})

    assert list(db.session.scalars(sa.select(Penalty.part_id))) == [defence.id]


@pytest.mark.parametrize(("points", "message"), [("0", "大于 0"), ("-1", ""), ("abc", ""), ("101", "不能超过 100"), ("", "请填写扣几分")])
def test_penalty_must_be_a_sensible_number(alice, final, points, message):
    address = here(final, f"/entries/{final.entries[0].id}/penalty")

    page = text_of(alice.post(address, {"points": points, "penalty_reason": "x", "confirmed": "yes"}, status=200))

    assert message in page
    assert db.session.scalar(sa.select(sa.func.count(Penalty.id))) == 0


@pytest.mark.parametrize("theory", [False, True])
def test_nothing_is_ruled_once_the_part_is_locked(alice, final, theory):
    """A part whose figures are imported has no sheets, so nobody ever locks it."""
    final.part.locked_at = NOW
    if theory:
        db.session.add(Part(stage_id=final.stage.id, code="theory", name="理论", kind="theory", position=1))
    db.session.commit()
    address = here(final, f"/entries/{final.entries[0].id}")

    page = alice.post(address + "/penalty", {"points": "1", "penalty_reason": "x", "confirmed": "yes"}, follow_redirects=True, status=200)

    assert "总评委已锁定成绩" in text_of(page)
    assert db.session.scalar(sa.select(sa.func.count(Penalty.id))) == 0
