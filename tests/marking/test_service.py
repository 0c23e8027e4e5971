"""Saving, submitting: what is stored, what is refused and in which words."""

from datetime import timedelta

import pytest

from compete.audit import service as audit
from compete.database import write
from compete.judging import service as judging
from compete.models import Entry, Judge, JudgeAbsence, Recusal, Ruling, SchemeVersion, Sheet, db
from tests.marking.conftest import FULL
from tests.support import NOW, UNIT


def test_a_first_mark_makes_a_draft_and_freezes_the_scheme(desk):
    saved = desk.give({"c1": 0})

    assert (saved.state, saved.revision, saved.total, saved.marks) == ("draft", 1, None, {"c1": 0})
    assert desk.marks() == {"c1": 0}
    sheet = desk.sheet()
    assert (sheet.session_id, sheet.state, sheet.total) == (desk.final.session.id, "draft", None)
    db.session.refresh(desk.final.event)
    assert desk.final.event.scheme_version == 1
    assert db.session.scalar(db.select(db.func.count(SchemeVersion.id))) == 1


def test_each_mark_leaves_one_record_that_says_what_changed(desk):
    desk.give({"c1": 10 * UNIT})
    desk.give({"c1": 12 * UNIT, "c2": 30 * UNIT}, revision=1, comment="思路清楚")

    first, second = desk.records()
    assert first.before["marks"] == {"c1": None}
    assert first.after["marks"] == {"c1": 10 * UNIT}
    assert second.before["marks"] == {"c1": 10 * UNIT, "c2": None}
    assert second.after["marks"] == {"c1": 12 * UNIT, "c2": 30 * UNIT}
    assert (second.before["comment"], second.after["comment"]) == ("", "思路清楚")
    assert second.after["total"] == desk.sheet().total
    assert (second.subject, second.subject_id, second.actor) == ("sheet", desk.sheet().id, desk.actor.key)
    assert list(audit.verify(desk.final.contest.id)) == []


def test_the_record_falls_with_the_mark(desk, monkeypatch):
    desk.give({"c1": 10 * UNIT})

    def broken(**_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        desk.give({"c1": 11 * UNIT}, revision=1)

    assert desk.marks() == {"c1": 10 * UNIT}
    assert len(desk.records()) == 1


def test_the_same_content_again_changes_nothing(desk):
    first = desk.give(FULL, comment="好")
    again = desk.give(FULL, comment="好")

    assert again == first._replace(changed=False)
    assert len(desk.records()) == 1


def test_an_old_revision_never_overwrites(desk):
    desk.give({"c1": 10 * UNIT})
    desk.give({"c1": 20 * UNIT}, revision=1)

    refused = desk.give({"c1": 11 * UNIT}, revision=1)

    assert refused.code == "conflict"
    assert desk.marks() == {"c1": 20 * UNIT}
    assert len(desk.records()) == 2


def test_a_mark_can_be_taken_back_and_is_not_zero(desk):
    desk.give(FULL)
    saved = desk.give({"c2": None}, revision=1)

    assert saved.total is None
    assert desk.marks() == {"c1": 40 * UNIT}


def test_submitting_gives_the_total_of_the_engine(desk):
    saved = desk.submit(FULL)

    assert (saved.state, saved.total) == ("submitted", 85 * desk.denominator)
    assert desk.sheet().submitted_at == NOW
    assert [row.after["state"] for row in desk.records("sheet.submit")] == ["submitted"]


def test_a_repeated_delivery_of_the_submission_is_answered_alike(desk):
    first = desk.submit(FULL)
    again = desk.submit(FULL)

    assert again == first._replace(changed=False)
    assert len(desk.records("sheet.submit")) == 1


def test_submitting_a_second_time_is_refused(desk):
    desk.submit(FULL)

    assert desk.submit(FULL, revision=1).code == "already_submitted"
    assert desk.give({"c1": 41 * UNIT}, revision=1).code == "already_submitted"
    assert desk.marks() == FULL


def test_a_returned_sheet_is_entered_again_even_after_the_end(desk):
    desk.submit(FULL)
    with write():
        assert judging.return_sheet(desk.sheet(), "第二项请再看", actor=desk.actor, now=NOW) is None
    desk.final.session.state = "closed"
    db.session.commit()

    changed = desk.give({"c2": 44 * UNIT}, revision=2)
    done = desk.submit({"c1": 40 * UNIT, "c2": 44 * UNIT}, revision=3)

    assert (changed.state, changed.revision) == ("returned", 3)
    assert (done.state, done.revision) == ("submitted", 4)


@pytest.mark.parametrize(
    ("marks", "code"),
    [
        ({"c1": 51 * UNIT}, "out_of_range"),
        ({"c1": -UNIT}, "out_of_range"),
        ({"c1": 20 * UNIT + 1000}, "wrong_step"),
        ({"c9": 20 * UNIT}, "unknown_criterion"),
        ({"c1": 20.5}, "malformed"),
        ({"c1": True}, "malformed"),
        ({"c1": "20"}, "malformed"),
        ([["c1", 20 * UNIT]], "malformed"),
    ],
)
def test_values_that_the_rubric_does_not_allow(desk, marks, code):
    refused = desk.give(marks)

    assert refused.code == code
    assert refused.message
    assert refused.mend
    assert desk.sheet() is None


def test_too_many_decimals_have_words_of_their_own(desk):
    desk.final.criteria[0].step = UNIT // 10
    db.session.commit()

    refused = desk.give({"c1": 20 * UNIT + 50})

    assert (refused.code, refused.message) == ("too_many_decimals", "20.005 分小数位数过多，最多 1 位小数")


def test_missing_marks_stop_the_submission(desk):
    refused = desk.submit({"c1": 40 * UNIT})

    assert (refused.code, refused.where) == ("missing_mark", "路演 · 评分项2")
    assert desk.sheet() is None


def test_a_comment_has_a_length(desk):
    assert desk.give({}, comment="好" * 2001).code == "comment_too_long"


def _absent(final, judge):
    db.session.add(JudgeAbsence(session_id=final.session.id, judge_id=judge.id, reason="请假", made_by="组织者", made_at=NOW))


def _recused(final, judge):
    db.session.add(Recusal(entry_id=final.entries[0].id, judge_id=judge.id, cause="manual", reason="师生关系", made_by="组织者", made_at=NOW))


def _ruling(kind):
    def change(final, judge):
        db.session.add(Ruling(entry_id=final.entries[0].id, kind=kind, reason="理由", made_by="组织者", made_at=NOW))

    return change


def _session(state):
    def change(final, judge):
        final.session.state = state

    return change


def _deadline(final, judge):
    final.session.deadline = NOW - timedelta(minutes=1)


def _locked(final, judge):
    final.part.locked_at = NOW


def _withdrawn(final, judge):
    db.session.get(Entry, final.entries[0].id).state = "withdrawn"


def _revoked(final, judge):
    judge.card_revoked_at = NOW


REFUSALS = [
    (_absent, "judge_absent", "您在本场已记为缺席"),
    (_recused, "recused", "您对这个参赛对象回避（师生关系）"),
    (_ruling("absence"), "entry_absent", "已记为缺考（弃权）"),
    (_ruling("disqualification"), "entry_disqualified", "已被取消资格"),
    (_ruling("veto"), "entry_vetoed", "已被一票否决"),
    (_withdrawn, "entry_withdrawn", "已退赛"),
    (_session("waiting"), "session_waiting", "还没有开始"),
    (_session("closed"), "session_closed", "已经结束"),
    (_deadline, "after_deadline", "已过截止时间 2026年11月22日 09:29"),
    (_locked, "locked", "总评委已锁定本环节"),
    (_revoked, "card_revoked", "这张评委卡已经停用"),
]


@pytest.mark.parametrize(("change", "code", "words"), REFUSALS, ids=[row[1] for row in REFUSALS])
def test_each_refusal_has_its_own_words(desk, change, code, words):
    change(desk.final, desk.judge)
    db.session.commit()

    for verb in (desk.give, desk.submit):
        refused = verb(FULL)
        assert (refused.code, words in refused.message) == (code, True), refused
        assert refused.mend
    assert desk.sheet() is None


def test_a_judge_of_another_panel_is_a_stranger(desk):
    stranger = Judge(contest_id=desk.final.contest.id, name="外人", role="judge")
    db.session.add(stranger)
    db.session.commit()

    assert desk.give(FULL, judge=stranger).code == "foreign"
    assert db.session.scalar(db.select(db.func.count(Sheet.id))) == 0


def test_marks_for_an_older_rubric_are_stopped(desk):
    before = desk.rubric()
    desk.final.criteria[0].maximum = 30 * UNIT
    db.session.commit()

    assert desk.give({"c1": 20 * UNIT}, rubric=before).code == "rubric_changed"
    assert desk.give({"c1": 20 * UNIT}, rubric=desk.rubric()).state == "draft"
