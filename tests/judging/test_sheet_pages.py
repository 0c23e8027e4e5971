"""One judge's sheet as the organiser sees it, and returning it."""

import sqlalchemy as sa

from compete.models import Mark, Recusal, Sheet, Signature, db
from tests import support
from tests.judging.hall import add_sheet, here, sheet_of, text_of, url
from tests.support import NOW


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
