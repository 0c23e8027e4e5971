"""The page of downloads and the workbooks behind it: who may have them, what they say of themselves, what they cost."""

import io
from urllib.parse import unquote

import openpyxl
import pytest
import sqlalchemy as sa

from compete.access import POWERS
from compete.awards import service as awards
from compete.contests import schemes
from compete.models import EntryCode, Part, Penalty, Recusal, Sheet, db
from compete.results.facts import board
from tests import support
from tests.support import NOW, counted_queries

ALICE = awards.audit.Actor("user:1", "Alice")


def url(final, rest=""):
    return f"/contests/{final.contest.id}/documents{rest}"


def opened(answer):
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return openpyxl.load_workbook(io.BytesIO(answer.data), data_only=True)


def name_of(answer):
    return unquote(answer.headers["Content-Disposition"].split("''")[1])


def texts(sheet):
    return [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None]


def released(final, days=5):
    db.session.execute(sa.update(Part).values(locked_at=NOW))
    row = awards.release(board=board(schemes.load(final.event.id)), notice_days=days, actor=ALICE, now=NOW)
    db.session.commit()
    return row


@pytest.fixture
def marked(app):
    final = support.make_final(entries=4, judges=5, criteria=3, marked=True)
    return final, support.make_people(final.contest)


def test_page_lists_every_workbook_with_its_link(marked, sign_in):
    final, people = marked
    page = sign_in(people.alice).get(url(final)).text
    for word in ("成绩汇总表", "评分表", "空白评分表", "获奖名单", "结果发布之后"):
        assert word in page
    for link in (f"summary?event_id={final.event.id}", f"scoresheets?event_id={final.event.id}", f"blank?session_id={final.session.id}"):
        assert link in page.replace("&amp;", "&")


def test_finance_sees_the_page_without_links_to_judging(marked, sign_in):
    final, people = marked
    page = sign_in(people.bob).get(url(final)).text
    assert "/documents/summary" not in page and "/documents/scoresheets" not in page and "/documents/blank" not in page
    assert "您的身份不能下载" in page


@pytest.mark.parametrize("rest", ["/summary", "/scoresheets", "/blank?session_id=1"])
def test_workbooks_of_judging_are_kept_from_finance_and_strangers(marked, sign_in, rest):
    final, people = marked
    sign_in(people.bob).get(url(final, rest), status=403)
    sign_in(people.dan).get(url(final, rest), status=404)
    sign_in().get(url(final, rest), status=302)
    assert "finance" not in POWERS["judging.watch"] | POWERS["results.view"]


def test_an_event_or_session_of_another_contest_opens_nothing(marked, sign_in):
    final, people = marked
    other = support.make_final()
    client = sign_in(people.alice)
    client.get(url(final, f"/summary?event_id={other.event.id}"), status=404)
    client.get(url(final, f"/blank?session_id={other.session.id}"), status=404)
    client.get(url(final, f"/scoresheets?event_id={final.event.id}&part_id={other.part.id}"), status=404)
    for rest in ("/blank", "/summary", "/scoresheets"):
        client.get(url(final, rest), status=404)


def test_summary_before_release_says_that_it_is_for_checking_only(marked, sign_in):
    final, people = marked
    answer = sign_in(people.carol).get(url(final, f"/summary?event_id={final.event.id}"))
    assert name_of(answer) == "成绩汇总表-测试竞赛-金成果.xlsx"
    sheet = opened(answer).worksheets[0]
    assert "未发布，仅供核对" in sheet.oddFooter.left.text
    assert final.contest.audit_head[:16] in sheet.oddFooter.left.text
    assert {"项目1", "单位4", "一等奖", "评委3"} <= set(texts(sheet))


def test_no_awards_on_paper_while_marks_are_missing(marked, sign_in):
    final, people = marked
    db.session.execute(sa.update(Sheet).where(Sheet.entry_id == final.entries[3].id).values(state="draft"))
    db.session.commit()
    found = texts(opened(sign_in(people.alice).get(url(final, f"/summary?event_id={final.event.id}"))).worksheets[0])
    assert "项目4" in found and not {"一等奖", "二等奖", "三等奖"} & set(found)


def test_summary_of_a_release_carries_its_number_and_digest(marked, sign_in):
    final, people = marked
    row = released(final)
    foot = opened(sign_in(people.alice).get(url(final, f"/summary?event_id={final.event.id}"))).worksheets[0].oddFooter.left.text
    assert "第1号发布（公示中）" in foot and row.digest[:16] in foot


def test_summary_that_differs_from_the_release_does_not_claim_it(marked, sign_in):
    final, people = marked
    row = released(final)
    db.session.add(Penalty(entry_id=final.entries[0].id, points=10_000, reason="超时", made_by="x", made_at=NOW))
    db.session.commit()
    foot = opened(sign_in(people.alice).get(url(final, f"/summary?event_id={final.event.id}"))).worksheets[0].oddFooter.left.text
    assert "第1号发布之后成绩有变动，未发布，仅供核对" in foot and row.digest[:16] not in foot


def test_score_sheets_say_the_same_of_their_release(marked, sign_in):
    final, people = marked
    row = released(final)
    foot = opened(sign_in(people.alice).get(url(final, f"/scoresheets?event_id={final.event.id}"))).worksheets[0].oddFooter.left.text
    assert "第1号发布（公示中）" in foot and row.digest[:16] in foot


def test_score_sheets_hold_marks_comments_and_words(marked, sign_in):
    final, people = marked
    first, second = final.entries[:2]
    judge = final.judges[1]
    pair = sa.and_(Sheet.entry_id == first.id, Sheet.judge_id == judge.id)
    db.session.execute(sa.update(Sheet).where(pair).values(comment="=1+1 思路清楚"))
    db.session.add(Recusal(entry_id=second.id, judge_id=judge.id, cause="manual", reason="同单位", made_by="x", made_at=NOW))
    db.session.commit()
    book = opened(sign_in(people.alice).get(url(final, f"/scoresheets?event_id={final.event.id}")))
    assert book.sheetnames == [f"评委{n}" for n in range(1, 6)]
    found = texts(book["评委2"])
    assert {"=1+1 思路清楚", "项目1", "01", "提交时间：2026年11月22日 09:30"} <= set(found)
    assert found.count("回避") == 4          # three criteria and the total
    marks = dict(db.session.execute(sa.select(support.Criterion.code, support.Mark.value).join(support.Mark).join(Sheet).where(pair)).all())
    column = [cell.value for cell in book["评委2"]["F"] if isinstance(cell.value, int | float)]
    assert [round(value * 10_000) for value in column[:3]] == [marks[f"c{n}"] for n in (1, 2, 3)]


def test_drafts_do_not_show_their_marks(marked, sign_in):
    final, people = marked
    db.session.execute(sa.update(Sheet).where(Sheet.judge_id == final.judges[0].id).values(state="draft", comment="未定"))
    db.session.commit()
    sheet = opened(sign_in(people.alice).get(url(final, f"/scoresheets?event_id={final.event.id}")))["评委1"]
    assert "未提交" in texts(sheet) and "未定" not in texts(sheet)
    numbers = [cell.value for cell in sheet["F"] if isinstance(cell.value, int | float)]
    assert numbers == []


def test_blank_sheets_follow_the_running_order(marked, sign_in):
    final, people = marked
    for slot, position in zip(db.session.scalars(sa.select(support.Slot).order_by(support.Slot.id)).all(), (3, 1, 4, 2), strict=True):
        slot.position = position
    db.session.commit()
    answer = sign_in(people.alice).get(url(final, f"/blank?session_id={final.session.id}"))
    assert name_of(answer) == "空白评分表-测试竞赛-金成果-第一场.xlsx"
    book = opened(answer)
    assert book.sheetnames == [f"评委{n}" for n in range(1, 6)]
    assert [text for text in texts(book["评委1"]) if text.startswith("项目")] == ["项目2", "项目4", "项目1", "项目3"]
    assert len(book["评委1"].row_breaks.brk) == 3


def test_blind_events_print_codes_only(marked, sign_in):
    final, people = marked
    final.event.is_blind = True
    for entry in final.entries:
        db.session.add(EntryCode(entry_id=entry.id, layer=1, code=f"K{entry.number}"))
    db.session.commit()
    client = sign_in(people.alice)
    for rest in (f"/summary?event_id={final.event.id}", f"/scoresheets?event_id={final.event.id}", f"/blank?session_id={final.session.id}"):
        found = [text for sheet in opened(client.get(url(final, rest))).worksheets for text in texts(sheet)]
        assert "K3" in found, rest
        assert not [text for text in found if text.startswith(("项目", "单位1"))], rest


def test_honours_come_from_the_release_in_both_orders(marked, sign_in):
    final, people = marked
    row = released(final, days=0)
    client = sign_in(people.bob)
    answer = client.get(url(final, f"/honours/{row.number}"))
    assert name_of(answer) == "获奖名单-测试竞赛-金成果-第1号.xlsx"
    assert {"项目1", "完成人3"} <= set(texts(opened(answer).worksheets[0]))
    assert "姓氏笔画" in name_of(client.get(url(final, f"/honours/{row.number}?order=strokes")))
    client.get(url(final, f"/honours/{row.number}?order=x"), status=404)
    client.get(url(final, "/honours/9"), status=404)
    assert f"/documents/honours/{row.number}" in client.get(url(final)).text


def test_nothing_to_print_leads_back_with_a_word(app, sign_in):
    final = support.make_final(entries=1)
    people = support.make_people(final.contest)
    final.entries[0].state = "pending"
    db.session.commit()
    client = sign_in(people.alice)
    for rest in (f"/summary?event_id={final.event.id}", f"/scoresheets?event_id={final.event.id}"):
        answer = client.get(url(final, rest), status=302)
        assert answer.location.endswith(url(final))
    assert "还没有可以下载的内容" in client.get(url(final)).text


def test_cost_of_a_whole_final(app, sign_in):
    final = support.make_final(entries=35, judges=9, criteria=6, marked=True)
    people = support.make_people(final.contest)
    client = sign_in(people.alice)
    for rest in (f"/summary?event_id={final.event.id}", f"/scoresheets?event_id={final.event.id}", f"/blank?session_id={final.session.id}"):
        db.session.expunge_all()
        with counted_queries() as statements:
            client.get(url(final, rest))
        assert len(statements) <= 12, (rest, [s[:90] for s in statements])
    with counted_queries() as statements:
        client.get(url(final))
    assert len(statements) <= 12


def test_page_costs_the_same_for_one_and_many(app, sign_in):
    final = support.make_final()
    people = support.make_people(final.contest)
    client, address = sign_in(people.alice), url(final)
    client.get(address)
    with counted_queries() as few:
        client.get(address)
    for n in range(3):
        event = support.Event(contest_id=final.contest.id, name=f"赛项{n}", entry_kind="project", rules={}, position=n + 1)
        stage = support.Stage(event=event, name="决赛", position=0)
        db.session.add(support.Part(stage=stage, code="p", name="路演", panel={}))
    db.session.commit()
    with counted_queries() as many:
        client.get(address)
    assert len(few) == len(many)
