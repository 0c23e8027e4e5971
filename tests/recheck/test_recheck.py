"""复核: the sample, exact error rates, the demand for everything, corrections only by the chief judge's hand."""

import re
from fractions import Fraction

import pytest
import sqlalchemy as sa

import scoring
from compete.audit.service import Actor
from compete.blind import service as codes
from compete.database import write
from compete.marking import locking
from compete.models import AuditRecord, Contest, Judge, Mark, Membership, Recheck, RecheckItem, Sheet, Signature, User, db
from compete.recheck import corrections, rules, sampling, service
from scoring import UNIT
from scoring.problems import Problem
from tests import support
from tests.support import NOW, counted_queries

RITA, CARL = Actor("user:9", "Rita"), Actor("user:8", "Carl")


@pytest.fixture
def final(app):
    return support.make_final(entries=5, judges=3, marked=True)


def set_rules(final, **more):
    with write():
        chosen = rules.Rules(**{"top": 2, "percent": 400_000, **more})
        assert rules.change(db.session.get(Contest, final.contest.id), chosen, actor=RITA, now=NOW) is None


def begin(final, **more):
    with write():
        return sampling.begin(final.part, **{"spoken": "8246", "actor": RITA, "now": NOW, **more})


def items(row):
    return list(db.session.scalars(sa.select(RecheckItem).where(RecheckItem.recheck_id == row.id).order_by(RecheckItem.position)))


def answer(item, found=None, **more):
    sheet = db.session.get(Sheet, item.sheet_id)
    with write():
        return service.check(db.session.get(RecheckItem, item.id), found=found or {}, seen=sheet.revision, **{"actor": RITA, "now": NOW, **more})


def sign(row, **more):
    with write():
        digest = corrections.digest_of(corrections.pending(row.id))
        return corrections.sign(db.session.get(Recheck, row.id), **{"digest": digest, "name": "Carl", "judge_id": None, "actor": CARL, "now": NOW, **more})


def code_of(found):
    return found.code if isinstance(found, Problem) else type(found).__name__


def test_the_best_always_and_of_the_rest_by_seed(final):
    set_rules(final)
    row = begin(final)
    of = [(item.why, db.session.get(Sheet, item.sheet_id).entry_id) for item in items(row)]
    first, second, *rest = (entry.id for entry in final.entries)
    assert of[:6] == [("top", first)] * 3 + [("top", second)] * 3
    # 40 % of three entries: two of them, the first two of the draw that anybody can repeat.
    numbers = scoring.draw_order("8246", ["03", "04", "05"]).order[:2]
    drawn = [entry.id for number in numbers for entry in final.entries if f"{entry.number:02d}" == number]
    assert of[6:] == [("drawn", entry) for entry in drawn for _ in range(3)] and set(drawn) <= set(rest)
    assert db.session.scalar(sa.select(AuditRecord.after).where(AuditRecord.action == "recheck.begin"))["sample"] == 12


@pytest.mark.sqlite
def test_shares_are_rounded_up_and_rates_are_exact():
    for rest in range(60):
        count = rules.drawn_count(rest, 150_000)
        assert count >= Fraction(15, 100) * rest > count - 1 or rest == count == 0
    assert not rules.exceeds(1, 20, 50_000) and rules.exceeds(2, 39, 50_000) and not rules.exceeds(2, 40, 50_000)
    for wrong, sheets in ((0, 7), (1, 19), (3, 61), (333_333, 6_666_661)):
        assert rules.exceeds(wrong, sheets, 50_000) == (Fraction(wrong, sheets) > Fraction(5, 100))


def test_nothing_is_rechecked_before_all_sheets_are_in(final):
    db.session.execute(sa.update(Sheet).where(Sheet.entry_id == final.entries[4].id, Sheet.judge_id == final.judges[0].id).values(state="returned"))
    db.session.commit()
    assert code_of(begin(final)) == "recheck.missing"


@pytest.mark.sqlite
def test_when_is_a_rule_of_the_contest(final):
    set_rules(final, when="after")
    assert code_of(begin(final)) == "recheck.early"
    set_rules(final, when="before")
    db.session.execute(sa.text("UPDATE part SET locked_at = '2026-11-22 01:00:00'"))
    db.session.commit()
    db.session.expire_all()
    assert code_of(begin(final)) == "recheck.late"


def test_too_many_errors_demand_everything(final):
    set_rules(final)
    row = begin(final)
    assert service.progress(row).rate == "—"
    # One wrong of one looked at is no rate of 100 %: the limit counts the sample.
    assert answer(items(row)[0], {"c1": 40 * UNIT}, note="看错") is None
    assert service.progress(row).rate == "至少 8.33%"
    for item in items(row):
        assert answer(item) is None
    assert service.progress(row) == (12, 12, 0, 0, False, "0.00%")
    assert answer(items(row)[0], {"c1": 40 * UNIT}, note="看错") is None
    state = service.progress(row)
    assert state.demanded and state.wrong == 1 and state.rate == "8.33%" and not state.finished
    with write():
        assert sampling.widen(db.session.get(Recheck, row.id), actor=RITA, now=NOW) == 3
        assert code_of(sampling.widen(db.session.get(Recheck, row.id), actor=RITA, now=NOW)) == "recheck.full"
    state = service.progress(row)
    assert (state.total, state.left, state.demanded) == (15, 3, False)


def test_a_correction_waits_for_the_chief_and_is_written_with_its_reason(final):
    set_rules(final)
    row = begin(final)
    first = items(row)[0]
    sheet = db.session.get(Sheet, first.sheet_id)
    before = sheet.total
    assert answer(first, {"c1": 40 * UNIT, "c2": 3 * UNIT}, note="纸上 40") is None
    db.session.refresh(sheet)
    assert sheet.total == before and sheet.revision == 1
    db.session.add(Signature(scope="session", session_id=sheet.session_id, judge_id=sheet.judge_id, name="x", digest="d", signed_at=NOW))
    db.session.commit()
    assert code_of(sign(row, digest="0" * 64)) == "list_changed"
    assert code_of(sign(row, name="")) == "bad_signature"
    made = sign(row)
    assert made.count == 1
    db.session.expire_all()
    marks = dict(db.session.execute(sa.select(Mark.criterion_id, Mark.value).where(Mark.sheet_id == sheet.id)).all())
    assert sorted(marks.values()) == [3 * UNIT, 40 * UNIT]
    assert (sheet.state, sheet.revision, sheet.total) != ("submitted", 1, before) and sheet.revision == 2
    assert db.session.scalar(sa.select(Signature.void_at)) is not None
    told = db.session.scalars(sa.select(AuditRecord).where(AuditRecord.action == "sheet.correct")).one()
    assert told.actor_name == "Carl" and "纸上 40" in told.reason and told.after["marks"] == {"c1": 40 * UNIT, "c2": 3 * UNIT}
    assert code_of(answer(first)) == "recheck.settled" and code_of(sign(row)) == "recheck.nothing"
    assert service.progress(row).wrong == 1


def test_a_locked_part_stays_locked_and_is_signed_anew(final):
    set_rules(final)
    with write():
        locking.lock(final.part, digest=locking.digest_of(final.part, locking.boards(final.part.id)), name="Carl", judge_id=None, actor=CARL, now=NOW)
    row = begin(final)
    assert answer(items(row)[0], {"c1": 40 * UNIT}) is None
    sign(row)
    db.session.expire_all()
    assert final.part.locked_at and set(db.session.scalars(sa.select(Sheet.state))) == {"locked"}
    now_signed = locking.part_signature(final.part.id)
    assert now_signed.digest == locking.digest_of(final.part, locking.boards(final.part.id))
    assert db.session.scalar(sa.select(sa.func.count(Signature.id)).where(Signature.scope == "part", Signature.void_at.is_not(None))) == 1


def test_a_sheet_changed_meanwhile_waits_again(final):
    set_rules(final)
    row = begin(final)
    first, second = items(row)[:2]
    answer(first), answer(second, {"c1": 40 * UNIT})
    db.session.execute(sa.update(Sheet).where(Sheet.id.in_([first.sheet_id, second.sheet_id])).values(revision=7))
    db.session.commit()
    db.session.expire_all()
    assert service.progress(row).checked == 0
    assert code_of(sign(row)) == "recheck.changed"
    with write():
        assert code_of(service.check(db.session.get(RecheckItem, first.id), found={}, seen=1, actor=RITA, now=NOW)) == "recheck.changed"
    assert service.next_open(row.id, 0) == first.id


@pytest.mark.sqlite
def test_values_that_the_rubric_forbids_are_no_finding(final):
    set_rules(final)
    row = begin(final)
    assert isinstance(answer(items(row)[0], {"c1": 999 * UNIT}), Problem)
    assert items(row)[0].state == "open"


@pytest.mark.sqlite
def test_the_chief_may_find_that_nothing_was_wrong(final):
    set_rules(final)
    row = begin(final)
    first = items(row)[0]
    answer(first, {"c1": 40 * UNIT})
    with write():
        item = db.session.get(RecheckItem, first.id)
        assert code_of(corrections.dismiss(item, reason=" ", actor=CARL, now=NOW)) == "recheck.reason"
        assert corrections.dismiss(item, reason="复核人看错行", actor=CARL, now=NOW) is None
    assert service.progress(row).wrong == 0 and service.progress(row).checked == 1


@pytest.mark.sqlite
def test_a_new_sample_needs_a_reason_and_keeps_the_old_one(final):
    set_rules(final)
    begin(final)
    assert code_of(begin(final)) == "recheck.reason"
    assert code_of(begin(final, reason="种子报错了", spoken="99")) == "Recheck"
    assert len(service.history(final.part.id)) == 1


@pytest.mark.sqlite
def test_a_release_waits_where_the_contest_says_so(final):
    event = codes.coding(final.event).event
    assert service.unfinished(event) == []
    set_rules(final, required=True)
    assert [problem.code for problem in service.unfinished(event)] == ["release.no_recheck"]
    row = begin(final)
    assert [problem.code for problem in service.unfinished(event)] == ["release.recheck_open"]
    for item in items(row):
        answer(item)
    assert service.unfinished(event) == []
    answer(items(row)[0], {"c1": 40 * UNIT})
    assert [problem.code for problem in service.unfinished(event)] == ["release.recheck_full", "release.recheck_unsigned"]


@pytest.fixture
def crew(final):
    people = {name: User(login=name, name=name.title(), created_at=NOW) for name in ("rita", "carl", "alice")}
    db.session.add_all(people.values())
    db.session.flush()
    for name, role in (("rita", "recorder"), ("carl", "chief"), ("alice", "organiser")):
        db.session.add(Membership(contest_id=final.contest.id, user_id=people[name].id, role=role))
    db.session.commit()
    return people


def as_shown(client, address) -> dict:
    """The marks as the page offers them: those of the system."""
    return dict(re.findall(r'name="(mark-[^"]+)" value="([^"]*)"', client.get(address).text))


def test_the_whole_way_on_the_pages(final, crew, sign_in):
    base = f"/contests/{final.contest.id}/recheck"
    rita, carl, alice = (sign_in(crew[name]) for name in ("rita", "carl", "alice"))
    alice.post(f"{base}/rules", {"top": "2", "percent": "四成", "threshold": "5", "when": "any"}, status=422)
    alice.post(f"{base}/rules", {"top": "2", "percent": "40", "threshold": "5", "when": "any", "required": "y"})
    assert "未抽取" in rita.get(base).text
    part = f"{base}/parts/{final.part.id}"
    rita.get(part)
    rita.post(f"{part}/begin", {"method": "hall", "seed": ""}, status=422)
    rita.post(f"{part}/begin", {"method": "hall", "seed": "8246"})
    first = db.session.scalar(sa.select(RecheckItem.id).order_by(RecheckItem.position).limit(1))
    page = rita.get(f"{base}/items/{first}").text
    assert "系统重算一致" in page
    seen = {"seen": "1"}
    bad = rita.post(f"{base}/items/{first}", {**seen, "wrong": "1", "mark-c1": "九十", "mark-c2": "40"}, status=422).text
    assert 'aria-invalid="true"' in bad and "不是分数" in bad
    same = as_shown(rita, f"{base}/items/{first}")
    assert "相同" in rita.post(f"{base}/items/{first}", {**seen, **same, "wrong": "1"}, status=422).text
    paper = {**seen, "mark-c1": "40", "mark-c2": "40", "note": "纸上 40"}
    assert "不同" in rita.post(f"{base}/items/{first}", {**paper, "right": "1"}, status=422).text
    assert "请刷新页面后再核对" in rita.post(f"{base}/items/{first}", {**paper, "wrong": "1", "seen": "²"}, status=200).text
    rita.post(f"{base}/items/{first}", {**paper, "wrong": "1"})
    for number in db.session.scalars(sa.select(RecheckItem.id).where(RecheckItem.state == "open")).all():
        here = f"{base}/items/{number}"
        rita.post(here, {**seen, **as_shown(rita, here), "right": "1"})
    shown = rita.get(part).text
    assert "须对全部评分表复核" in shown and "签字并更正" not in shown
    assert "复核还没有做完" not in alice.get(f"/contests/{final.contest.id}/awards/{final.event.id}").text
    assert "须全部复核" in alice.get(f"/contests/{final.contest.id}/awards/{final.event.id}").text
    rita.post(f"{part}/full", {})
    rita.post(f"{part}/sign", {}, status=403)
    digest = corrections.digest_of(corrections.pending(service.current(final.part.id).id))
    carl.post(f"{part}/sign", {"digest": digest, "name": "Carl"}, status=422)
    carl.post(f"{part}/sign", {"digest": digest, "name": "Carl", "checked": "y"})
    assert db.session.scalar(sa.select(RecheckItem.state).where(RecheckItem.id == first)) == "corrected"
    report = carl.get(f"{part}/report").text
    assert "8246" in report and "评分项1" in report and "已更正" in report
    assert carl.get(f"{part}/workbook").data[:2] == b"PK"
    rita.get(f"{part}?show=open")
    rita.get(f"/contests/{final.contest.id + 1}/recheck/items/{first}", status=404)


@pytest.mark.sqlite
def test_a_chief_with_open_sheets_sees_no_recheck(final, sign_in):
    db.session.execute(sa.update(Sheet).where(Sheet.judge_id == final.judges[0].id, Sheet.entry_id == final.entries[2].id).values(state="draft"))
    db.session.commit()
    chief = db.session.get(Judge, final.judges[0].id)
    for page in ("", f"/parts/{final.part.id}"):
        sign_in(chief).get(f"/contests/{final.contest.id}/recheck{page}", status=302)


@pytest.mark.sqlite
def test_the_list_asks_the_same_for_few_and_many(final, crew, sign_in):
    set_rules(final, top=0, percent=200_000)
    begin(final)
    rita, page = sign_in(crew["rita"]), f"/contests/{final.contest.id}/recheck/parts/{final.part.id}"
    rita.get(page)
    with counted_queries() as few:
        rita.get(page)
    with write():
        sampling.widen(service.current(final.part.id), actor=RITA, now=NOW)
    with counted_queries() as many:
        rita.get(page)
    assert len(many) == len(few) <= 22


@pytest.mark.sqlite
def test_a_sheet_that_leaves_the_panels_mark_to_another_judge_is_looked_through_like_any_other(app, sign_in):
    final = support.make_final(entries=2, judges=3)
    final.criteria[1].rules = {"team": True}
    support.mark_all(final)
    blank = sa.select(Sheet.id).where(Sheet.judge_id != final.judges[0].id)
    db.session.execute(sa.delete(Mark).where(Mark.sheet_id.in_(blank), Mark.criterion_id == final.criteria[1].id))
    db.session.execute(sa.update(Sheet).where(Sheet.id.in_(blank)).values(total=None))
    rita = User(login="rita", name="Rita", created_at=NOW)
    db.session.add(rita)
    db.session.flush()
    db.session.add(Membership(contest_id=final.contest.id, user_id=rita.id, role="organiser"))
    db.session.commit()
    set_rules(final)
    row, client, home = begin(final), sign_in(rita), f"/contests/{final.contest.id}/recheck"
    assert "—" in client.get(f"{home}/parts/{final.part.id}").text
    item = next(item for item in items(row) if db.session.get(Sheet, item.sheet_id).total is None)
    page = client.get(f"{home}/items/{item.id}").text
    given = dict(re.findall(r'name="(mark-\w+)" value="([^"]*)"', page))
    assert given["mark-c2"] == ""
    client.post(f"{home}/items/{item.id}", {**given, "seen": "1", "right": "1"})
    db.session.expire_all()
    assert db.session.get(RecheckItem, item.id).state == "right"
    client.get(f"{home}/parts/{final.part.id}/report")
    client.get(f"{home}/parts/{final.part.id}/workbook")
