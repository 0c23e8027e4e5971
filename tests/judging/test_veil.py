"""Invariant 7: one judge sees only their own sheets until the reveal, the chief judge too."""

import pytest
import sqlalchemy as sa

from compete.models import JudgeAbsence, Recusal, Sheet, db
from tests import support
from tests.support import NOW

MADE = {"made_by": "x", "made_at": NOW}


@pytest.fixture
def final(app):
    return support.make_final(marked=True)


def pages(final):
    contest, event = f"/contests/{final.contest.id}", final.event.id
    sheet = db.session.scalar(sa.select(Sheet.id).where(Sheet.judge_id == final.judges[1].id))
    return [f"{contest}/results", f"{contest}/results/{event}", f"{contest}/results/{event}/charts", f"{contest}/awards", f"{contest}/board",
            f"{contest}/results/entries/{final.entries[0].id}", f"{contest}/sheets/{sheet}", f"{contest}/documents/summary?event_id={event}",
            f"{contest}/documents/scoresheets?event_id={event}", f"{contest}/sessions/{final.session.id}/entries/{final.entries[0].id}",
            f"{contest}/sessions/{final.session.id}/judges/{final.judges[1].id}"]  # fmt: skip


def open_own_sheet(final):
    """One of the chief's sheets is no longer in."""
    own = sa.update(Sheet).where(Sheet.judge_id == final.judges[0].id, Sheet.entry_id == final.entries[2].id)
    db.session.execute(own.values(state="draft"))
    db.session.commit()


def test_a_chief_with_open_sheets_sees_no_marks_of_others(final, sign_in):
    open_own_sheet(final)
    chief = sign_in(final.judges[0])
    for page in pages(final):
        assert chief.get(page, status=302).location.endswith(f"/contests/{final.contest.id}/review")
    assert "您还有评分表没有提交" in chief.get(f"/contests/{final.contest.id}/review").text


@pytest.mark.parametrize("door", ["/sheets/{}/return", "/review/sheets/{}"])
def test_what_a_chief_may_not_see_yet_the_chief_does_not_return_either(final, sign_in, door):
    open_own_sheet(final)
    chief, home = sign_in(final.judges[0]), f"/contests/{final.contest.id}"
    numbers = {entry.number: db.session.scalar(sa.select(Sheet.id).where(Sheet.judge_id == final.judges[1].id, Sheet.entry_id == entry.id)) for entry in final.entries}
    covered = numbers[3]  # of the entry whose own sheet is still open
    assert "/review" in chief.post(home + door.format(covered), {"reason": "看不见也退"}).location
    assert db.session.get(Sheet, covered).state == "submitted"
    db.session.execute(sa.update(Sheet).where(Sheet.judge_id == final.judges[0].id).values(state="submitted"))
    db.session.commit()
    chief.post(home + door.format(covered), {"reason": "请核对"})
    assert db.session.get(Sheet, covered).state == "returned"


def test_the_veil_lifts_with_the_last_own_sheet(final, sign_in):
    chief = sign_in(final.judges[0])
    for page in pages(final):
        chief.get(page)


@pytest.mark.parametrize("cause", ["recused", "absent"])
def test_sheets_that_are_not_awaited_do_not_keep_the_veil(final, sign_in, cause):
    open_own_sheet(final)
    if cause == "recused":
        db.session.add(Recusal(entry_id=final.entries[2].id, judge_id=final.judges[0].id, cause="manual", reason="亲属", **MADE))
    else:
        db.session.add(JudgeAbsence(session_id=final.session.id, judge_id=final.judges[0].id, reason="病", **MADE))
    db.session.commit()
    sign_in(final.judges[0]).get(pages(final)[0])


def test_organisers_and_supervisors_are_not_veiled(final, sign_in):
    open_own_sheet(final)
    people = support.make_people(final.contest)
    for person in (people.alice, people.carol):
        for page in pages(final):
            sign_in(person).get(page)


def test_every_page_of_results_is_behind_the_veil(app):
    bare = [
        rule.endpoint for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("results.") and "GET" in rule.methods and not hasattr(app.view_functions[rule.endpoint], "reveals")
    ]  # fmt: skip
    assert bare == []
