"""Late marks: what the tablet brings after the world has moved on is kept, and the chief judge decides on it."""

import re
from datetime import timedelta

import pytest

from compete import clock
from compete.audit import wording
from compete.audit.service import Actor
from compete.database import write
from compete.judging import rulings
from compete.marking import late, late_list, locking, refusals, seats, signing
from compete.models import AuditRecord, EntryCode, LateMark, Membership, Release, Sheet, Signature, db
from tests.marking.conftest import FULL
from tests.support import NOW, UNIT, counted_queries, make_people, mark_all

CHIEF = Actor("judge:1", "评委1", "iPad CHIEF")


@pytest.fixture
def tablet(final, sign_in):
    return sign_in(final.judges[1])


@pytest.fixture
def send(final, tablet):
    """What the second judge's tablet hears when it sends marks for an entry."""

    def message(marks, *, entry=0, revision=0, submit=False, status, **more):
        url = f"/judge/api/sheets/{final.entries[entry].id}{'/submit' if submit else ''}?part={final.part.id}"
        return tablet.post(url, json={"revision": revision, "marks": marks, **more}, status=status).json

    return message


@pytest.fixture
def shut(final):
    """Closes the session: the plainest reason to come too late."""
    with write():
        final.session.state = "closed"


def rows():
    return list(db.session.scalars(db.select(LateMark).order_by(LateMark.id).execution_options(populate_existing=True)))


def decide(verb, number=0, reason="与评委核对过", now=NOW):
    with write():
        return verb(rows()[number], reason=reason, actor=CHIEF, now=now)


def lock(final):
    with write():
        boards = locking.boards(final.part.id)
        digest = locking.digest_of(final.part, boards)
        made = locking.lock(final.part, digest=digest, name="评委1", judge_id=final.judges[0].id, actor=CHIEF, now=NOW)
    assert isinstance(made, Signature), made


def test_every_refusal_has_a_fate_and_only_those_of_a_moved_world_reach_the_chief():
    late_ones = {code for code, fate in refusals.FATES.items() if fate == refusals.LATE}
    assert late_ones == {"locked", "already_submitted", "session_closed", "after_deadline", "rubric_changed", "recused", "judge_absent", "foreign", "card_revoked"} | {
        code for code, _ in refusals.ENTRY_OUT.values()
    }
    assert {code: refusals.FATES[code] for code in ("session_waiting", "not_on_stage", "conflict")} == {
        "session_waiting": "wait", "not_on_stage": "wait", "conflict": "ask",
    }  # fmt: skip
    assert [refusals.fate_of(problem()) for problem in (refusals.signed_out, refusals.card_replaced)] == ["stay", "stay"]


def test_what_comes_too_late_is_kept_once_and_the_desk_tells_of_it(final, desk, send, tablet, shut):
    marks = {"c1": 40 * UNIT}
    said = send(marks, status=423, comment="数据扎实", rubric=desk.rubric())
    assert (said["code"], said["fate"], said["late"]["state"], said["late"]["marks"]) == ("session_closed", "late", "waiting", marks)
    assert send(marks, status=423, comment="数据扎实", rubric=desk.rubric())["late"]["id"] == said["late"]["id"]
    [row] = rows()
    assert (row.judge_id, row.code, row.why, row.device, row.state) == (final.judges[1].id, "session_closed", "本场评分已经结束", "其他设备 TEST01", "waiting")
    assert row.message == {"marks": marks, "comment": "数据扎实", "submit": False, "revision": 0, "rubric": desk.rubric()}
    assert desk.sheet() is None
    records = desk.records("late.keep")
    assert [(record.actor, record.after["marks"], record.after["digest"]) for record in records] == [(f"judge:{final.judges[1].id}", marks, row.digest)]
    assert [tuple(line)[::2] for line in wording.of(records).changes(records[0])][2:5] == [("评委", "评委2"), ("评分项1", "40 分"), ("指纹", row.digest[:16])]

    entries = tablet.get("/judge/api/desk").json["sessions"][0]["entries"]
    assert [entry["late"] for entry in entries] == [[said["late"]], [], []]
    assert entries[0]["marks"] == {}


def test_passing_refusals_conflicts_and_foreign_contests_keep_nothing(final, desk, send, tablet):
    with write():
        final.session.state = "waiting"
    assert send({"c1": UNIT}, status=423)["fate"] == "wait"
    with write():
        final.session.state = "open"
    desk.give({"c1": 2 * UNIT})
    assert send({"c1": UNIT}, status=409)["fate"] == "ask"
    assert send({"c1": 1}, revision=1, status=422)["fate"] == "stay"
    with write():
        final.session.state = "closed"
    assert send({"c1": 1.5}, revision=1, status=400)["fate"] == "stay"
    assert tablet.post(f"/judge/api/sheets/999?part={final.part.id}", json={"revision": 0, "marks": {}}, status=404).json["fate"] == "stay"
    assert rows() == []


def test_what_the_server_holds_already_is_not_late(final, desk, send):
    desk.submit(FULL)
    assert send(FULL, submit=True, revision=1, status=409)["fate"] == "there"
    assert rows() == []
    assert send({"c1": UNIT}, revision=1, status=409)["late"]["state"] == "waiting"


def test_a_copy_of_a_message_taken_long_ago_is_not_late(final, desk, send):
    for revision, marks in enumerate(({"c1": UNIT}, {"c1": 2 * UNIT, "c2": UNIT})):
        send(marks, revision=revision, status=200, client="ab12")
    send(FULL, revision=2, submit=True, status=200, client="ab12")
    assert [send({"c1": UNIT}, revision=revision, status=409, client="ab12")["fate"] for revision in (0, 1)] == ["there", "there"]
    # Another tab of the judge on the same revision, or this one on a revision it never used, has something to say.
    assert send({"c1": UNIT}, revision=0, status=409, client="cd34")["fate"] == "late"
    assert send({"c1": 3 * UNIT}, revision=3, status=409, client="ab12")["fate"] == "late"
    assert (len(rows()), desk.marks()) == (2, FULL)


def test_the_chief_adopts_marks_as_the_judges_own_and_the_trail_says_who_did(final, desk, send, shut):
    send(FULL, submit=True, comment="补交", status=423)
    assert decide(late.accept, reason=" ").code == "late.reason"
    assert decide(late.accept) is None
    sheet = desk.sheet()
    assert (sheet.state, sheet.revision, sheet.comment, desk.marks()) == ("submitted", 1, "补交", FULL)
    record = desk.records("sheet.submit")[-1]
    assert (record.actor, record.actor_name) == ("judge:1", "评委1")
    assert record.reason.endswith("（其他设备 TEST01，本场评分已经结束）：与评委核对过")
    assert [(row.state, row.decided_by, row.reason) for row in rows()] == [("accepted", "评委1", "与评委核对过")]
    assert desk.records("late.accept")[-1].before == {"state": "waiting"}
    assert decide(late.reject).code == "late.decided"
    # The same message once more, as after a lost answer: it is there.
    assert send(FULL, submit=True, comment="补交", revision=0, status=200)["changed"] is False


def test_rejecting_changes_no_sheet_and_the_tablet_hears_why(final, desk, send, tablet, shut):
    send({"c1": UNIT}, status=423)
    assert decide(late.reject, reason="评委本人确认作废") is None
    assert desk.sheet() is None
    [told] = tablet.get("/judge/api/desk").json["sessions"][0]["entries"][0]["late"]
    assert (told["state"], told["reason"]) == ("rejected", "评委本人确认作废")
    assert send({"c1": UNIT}, status=423)["late"]["state"] == "rejected"  # never asked for a second time


@pytest.mark.parametrize("verb", [late.accept, late.reject])
def test_what_one_tab_sent_in_turn_is_one_matter_for_the_chief(final, desk, send, shut, verb):
    """The network went while an attempt was under way: it is repeated as it was before what was touched since goes out."""
    send({"c1": 20 * UNIT, "c2": 10 * UNIT}, status=423, client="ab12", comment="先写的")
    send({"c1": 30 * UNIT}, status=423, client="ab12", submit=True)
    send({"c1": 5 * UNIT}, status=423, client="cd34")
    send({"c2": 7 * UNIT}, status=423, client="ab12", revision=4)  # another time, on what was delivered in between
    assert (len(rows()), late.waiting(final.contest.id), seats.at(final.session)[1].late) == (4, 3, 3)
    [first, other, _] = late_list.listed(final.contest.id, chief_id=None)
    assert ([line[2] for line in first.lines], first.comment, first.closes) == ([30 * UNIT, 10 * UNIT], ("", "先写的"), True)
    assert [line[2] for line in other.lines] == [5 * UNIT]
    assert [(row["marks"], row["comment"]) for row in late.of_judge(desk.judge.id)[final.part.id, final.entries[0].id]] == [
        ({"c2": 7 * UNIT}, False), ({"c1": 5 * UNIT}, False), ({"c1": 30 * UNIT, "c2": 10 * UNIT}, True),
    ]  # fmt: skip
    assert decide(verb, 1) is None
    assert [row.state for row in rows()] == ["accepted" if verb is late.accept else "rejected"] * 2 + ["waiting"] * 2
    assert len(desk.records("late.accept") + desk.records("late.reject")) == 2
    assert desk.marks() == ({"c1": 30 * UNIT, "c2": 10 * UNIT} if verb is late.accept else {})
    assert late.waiting(final.contest.id) == 2


def test_a_message_that_came_after_the_chief_looked_is_not_decided_with_it(final, desk, send, shut):
    send(FULL, status=423, client="ab12", submit=True)
    send({"c1": UNIT}, status=423, client="ab12")
    assert decide(late.accept, 0) is None
    assert (desk.marks(), [row.state for row in rows()]) == (FULL, ["accepted", "waiting"])


def test_adopting_on_a_locked_part_unlocks_it_and_voids_the_signatures_in_one_step(final, desk, send):
    mark_all(final)
    db.session.commit()
    with write():
        session = final.session
        listed = signing.own_list(session, desk.judge.id)
        assert isinstance(signing.sign(session, judge=desk.judge, digest=listed.digest, name="评委2", labels={}, actor=desk.actor, now=NOW), Signature)
    lock(final)
    before = desk.marks()
    assert send({"c1": 10 * UNIT}, revision=1, status=423)["code"] == "locked"
    [row] = late_list.listed(final.contest.id, chief_id=final.judges[0].id)
    assert (row.unlocks, row.obstacle, row.lines) == (True, None, [("评分项1", before["c1"], 10 * UNIT)])
    # A released event is not unlocked, and then nothing at all is written.
    with write():
        release = Release(contest_id=final.contest.id, event_id=final.event.id, number=1, document={}, digest="0", scheme_digest="0", audit_head="0", made_by="x", made_at=NOW, state="final")
        db.session.add(release)
    assert late_list.listed(final.contest.id, chief_id=None)[0].obstacle.code == "late.released"
    assert decide(late.accept).code == "part.released"
    assert (desk.marks(), rows()[0].state) == (before, "waiting")
    with write():
        release.state = "withdrawn"

    assert decide(late.accept) is None
    assert (desk.sheet().state, desk.marks()["c1"]) == ("submitted", 10 * UNIT)
    db.session.expire_all()
    assert final.part.locked_at is None
    assert db.session.scalars(db.select(Signature.void_at)).all() == [NOW, NOW]
    assert [record.action for record in db.session.scalars(db.select(AuditRecord).order_by(AuditRecord.number.desc()).limit(3))] == [
        "late.accept", "sheet.submit", "part.unlock",
    ]  # fmt: skip


def test_recused_ruled_and_unfit_marks_cannot_be_adopted(final, desk, send, shut):
    send({"c1": 40 * UNIT}, status=423, rubric="old")
    send({"c1": UNIT, "c2": UNIT}, status=423, entry=1, submit=True)
    with write():
        rulings.rule(final.entries[1], kind="absence", reason="未到场", actor=CHIEF, now=NOW)
        final.criteria[0].maximum = 30 * UNIT
    listed = late_list.listed(final.contest.id, chief_id=None)
    assert [row.obstacle.code for row in listed] == ["late.unfit", "late.ruled"]
    assert [decide(late.accept, number).code for number in (0, 1)] == ["out_of_range", "entry_absent"]
    with write():
        final.criteria[0].maximum = 50 * UNIT
    [changed, _] = late_list.listed(final.contest.id, chief_id=None)
    assert (changed.obstacle, changed.rubric_changed) == (None, True)
    assert decide(late.accept) is None
    assert desk.sheet().state == "returned"


def test_adopted_marks_that_were_not_handed_in_go_back_to_the_judge_who_hands_them_in_after_the_session(final, desk, send, tablet, shut):
    send({"c1": 40 * UNIT}, status=423)
    [row] = late_list.listed(final.contest.id, chief_id=None)
    assert (row.missing, row.closes, row.waits) == (1, False, False)
    assert decide(late.accept, reason="补录") is None
    assert (desk.sheet().state, desk.marks()) == ("returned", {"c1": 40 * UNIT})
    [row] = late_list.listed(final.contest.id, chief_id=None)
    assert (row.late.state, row.waits) == ("accepted", True)
    told = tablet.get("/judge/api/desk").json["sessions"][0]["entries"][0]
    assert (told["state"], told["revision"]) == ("returned", 1) and told["reason"].endswith("请核对、补完后提交。理由：补录")
    assert send(FULL, submit=True, revision=1, status=200)["state"] == "submitted"
    assert late_list.listed(final.contest.id, chief_id=None)[0].waits is False


def test_the_chief_counts_complete_marks_as_handed_in_and_says_so_in_the_trail(final, desk, send, shut):
    send(FULL, status=423)
    send({"c1": UNIT}, entry=1, status=423)
    assert [(row.missing, row.closes) for row in late_list.listed(final.contest.id, chief_id=None)] == [(0, False), (1, False)]
    with write():
        assert late.accept(rows()[0], reason="评委已离场", hand_in=True, actor=CHIEF, now=NOW) is None
        assert late.accept(rows()[1], reason="评委已离场", hand_in=True, actor=CHIEF, now=NOW).code == "missing_mark"
    assert (desk.sheet().state, desk.marks()) == ("submitted", FULL)
    assert desk.records("sheet.submit")[-1].reason.endswith("，并计为已提交：评委已离场")
    assert rows()[1].state == "waiting"


def test_the_page_offers_what_the_marks_allow(final, desk, send, sign_in, shut):
    page = f"/contests/{final.contest.id}/review/late"
    send(FULL, status=423)
    with write():
        final.session.state = "open"
    desk.submit(FULL, judge=final.judges[0])
    chief = sign_in(final.judges[0])
    form = chief.get(page).text
    assert "各项都已打全" in form and "采纳，计为已提交" in form and "采纳，退回评委提交" in form and "写入评分表" not in form
    number = rows()[0].id
    told = chief.post(f"{page}/{number}", {f"late{number}-reason": "已离场", "verb": "submit"}, follow_redirects=True, status=200).text
    assert "已采纳，写入该评委的评分表" in told and "还没有计入" not in told
    assert desk.sheet().state == "submitted"


@pytest.mark.sqlite
def test_what_was_handed_in_is_adopted_together_with_one_reason(final, desk, send, sign_in, shut, people):
    with write():
        db.session.add(Membership(contest_id=final.contest.id, user_id=people.dan.id, role="chief"))
    chief, page = sign_in(people.dan), f"/contests/{final.contest.id}/review/late"
    send(FULL, submit=True, status=423)
    assert "一并采纳" not in chief.get(page).text
    send(FULL, submit=True, entry=1, status=423)
    send({"c1": UNIT}, entry=2, status=423)
    numbers = re.findall(r'name="late" value="(\d+)"', chief.get(page).text)
    assert numbers == [str(row.id) for row in rows()[:2]]
    assert "aria-invalid" in chief.post(f"{page}/all", {"late": numbers}, status=422).text
    # The third is not fit for it, whoever asks.
    sent = {"late": [*numbers, str(rows()[2].id)], "all-reason": "结束早了"}
    told = chief.post(f"{page}/all", sent, follow_redirects=True, status=200).text
    assert "已采纳 2 份" in told and "另有 1 份" in told
    assert [(row.state, row.reason) for row in rows()] == [("accepted", "结束早了")] * 2 + [("waiting", "")]
    assert [desk.sheet(entry).state for entry in (0, 1)] == ["submitted"] * 2
    sign_in(people.alice).post(f"{page}/all", sent, status=403)


def test_marks_of_an_absent_judge_count_at_once_or_are_not_adopted(final, desk, send):
    with write():
        rulings.mark_absent(final.session, desk.judge, reason="生病", actor=CHIEF, now=NOW)
    send(FULL, status=403)
    send({"c1": UNIT}, entry=1, status=403)
    complete, begun = late_list.listed(final.contest.id, chief_id=None)
    assert (complete.away, complete.obstacle, begun.obstacle.code) == (True, None, "late.absent")
    # A sheet that nobody waits for would count nowhere, and the part could be locked over it.
    assert [decide(late.accept, number).code for number in (0, 1)] == ["judge_absent", "judge_absent"]
    with write():
        assert late.accept(rows()[0], reason="生病前打完", hand_in=True, actor=CHIEF, now=NOW) is None
    assert desk.sheet().state == "submitted"


def test_the_page_shows_before_and_after_and_decides(final, desk, send, sign_in, shut):
    page = f"/contests/{final.contest.id}/review/late"
    chief = sign_in(final.judges[0])
    assert "没有迟到打分" in chief.get(page).text
    send({"c1": 40 * UNIT}, status=423)
    with write():
        final.session.state = "open"
    # A chief who still owes the own sheet of this entry sees no marks of others.
    assert "提交后才能看这份打分" in chief.get(page).text and "40" not in chief.get(page).text.split("评分表现在")[1]
    chief.post(f"{page}/{rows()[0].id}", {f"late{rows()[0].id}-reason": "x", "verb": "accept"})
    assert rows()[0].state == "waiting"
    desk.submit(FULL, judge=final.judges[0])
    shown = chief.get(page).text
    assert "评委2 → 01 项目1" in shown and "本场评分已经结束" in shown and "平板 其他设备 TEST01" in shown
    assert "1 份迟到打分等您处理" in chief.get(f"/contests/{final.contest.id}/review").text
    assert "本环节有 1 份迟到打分等您处理" in chief.get(f"/contests/{final.contest.id}/review/parts/{final.part.id}").text
    late_id = rows()[0].id
    assert 'aria-invalid="true"' in chief.post(f"{page}/{late_id}", {"verb": "accept"}, status=422).text
    assert "还差 1 项" in shown and "采纳，退回评委补完" in shown and "计为已提交" not in shown.split("<form")[-1]
    told = chief.post(f"{page}/{late_id}", {f"late{late_id}-reason": "核对过", "verb": "accept"}, follow_redirects=True, status=200).text
    assert "已采纳，评分表已退回评委，评委提交之后才计入" in told and "还没有计入" in told and "等 评委2 在平板上提交" in told
    assert (rows()[0].state, desk.marks()) == ("accepted", {"c1": 40 * UNIT})
    sign_in(make_people(final.contest).alice).get(page, status=403)


def test_blind_entries_are_listed_by_code_with_the_same_queries_for_more(final, send, sign_in, shut):
    with write():
        final.event.is_blind = True
        db.session.add(EntryCode(entry_id=final.entries[0].id, layer=1, code="A07"))
    send({"c1": UNIT}, status=423)
    chief = sign_in(final.judges[0])
    page = f"/contests/{final.contest.id}/review/late"
    with counted_queries() as one:
        chief.get(page)
    send({"c1": UNIT}, status=423, entry=1)
    send({"c1": UNIT}, status=423, entry=2)
    with counted_queries() as many:
        shown = chief.get(page).text
    assert len(one) == len(many)
    assert "A07" in shown and [secret for secret in ("项目1", "项目2", "单位1") if secret in shown] == []


def test_a_deadline_that_passed_and_an_absent_judge_are_late_too(final, desk, send):
    with write():
        final.session.deadline = clock.now() - timedelta(days=1)
    assert send({"c1": UNIT}, status=423)["late"]["state"] == "waiting"
    with write():
        final.session.deadline = None
        rulings.mark_absent(final.session, desk.judge, reason="生病", actor=CHIEF, now=NOW)
    assert send({"c1": 2 * UNIT}, status=403)["late"]["why"] == "您在本场已记为缺席，不能打分"
    assert db.session.scalar(db.select(Sheet)) is None


def test_marks_under_a_card_that_was_revoked_reach_the_chief_by_hand_and_can_be_adopted(final, desk, tablet):
    with write():
        desk.judge.card_revoked_at = NOW
    url = f"/judge/api/sheets/{final.entries[0].id}?part={final.part.id}"
    assert "fate" not in tablet.post(url, json={"revision": 0, "marks": FULL}, status=401).json  # stays on the tablet
    with write():
        sent = {"marks": FULL, "revision": 0}
        said = late.fate(refusals.card_revoked(), final.entries[0].id, final.part.id, judge=desk.judge, sent=sent, submit=True, actor=CHIEF, now=NOW)
    assert said["late"]["state"] == "waiting"
    assert decide(late.accept) is None
    assert (desk.sheet().state, desk.marks()) == ("submitted", FULL)
