"""The chief sees where the judges differ so much that the rules ask for a re-review."""

import re

import pytest
import sqlalchemy as sa

from compete.models import Entry, EntryCode, Event, Sheet, db
from tests import support
from tests.marking.conftest import FULL
from tests.support import UNIT, counted_queries

LOW = {"c1": 25 * UNIT, "c2": 45 * UNIT}


def page_of(final):
    return f"/contests/{final.contest.id}/review/parts/{final.part.id}"


def shown(client, final):
    """The text of the section, or empty."""
    found = re.search(r'<section class="panel-box" id="spreads">.*?</section>', client.get(page_of(final)).text, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[0])) if found else ""


@pytest.fixture
def chief(final, sign_in):
    return sign_in(final.judges[0])


@pytest.fixture
def apart(final, desk):
    """The first entry's sheets: 85, 85 and 70."""
    for judge, marks in zip(final.judges, (FULL, FULL, LOW), strict=True):
        assert desk.submit(marks, judge=judge).state == "submitted"


def rule(final, *, review=None, alarm=None):
    final.part.panel = {**final.part.panel, "review": review and review * UNIT}
    final.criteria[0].rules = {**(final.criteria[0].rules or {}), "alarm": alarm and alarm * UNIT}
    db.session.execute(sa.update(Event).values(scheme_version=Event.scheme_version + 1))  # as every change of a frozen scheme does
    db.session.commit()


def test_as_much_as_the_panels_limit_asks_for_a_re_review(final, apart, chief):
    assert shown(chief, final) == ""
    rule(final, review=16)
    assert shown(chief, final) == ""
    rule(final, review=15)
    assert "01 项目1：最低 评委3 70，最高 评委1 85，相差 15" in shown(chief, final)


def test_more_than_the_limit_of_a_criterion_asks_too(final, apart, chief):
    rule(final, alarm=15)
    assert shown(chief, final) == ""
    rule(final, alarm=14)
    assert "01 项目1 · 评分项1：最低 评委3 25，最高 评委1 40，相差 15" in shown(chief, final)


def test_a_mark_given_anew_ends_it(final, desk, apart, chief):
    rule(final, review=15)
    assert "相差 15" in shown(chief, final)
    sheet = db.session.scalar(sa.select(Sheet.id).where(Sheet.judge_id == final.judges[2].id))
    chief.post(f"/contests/{final.contest.id}/review/sheets/{sheet}", {"reason": "请复议"})
    assert shown(chief, final) == ""  # not complete
    assert desk.submit({"c1": 30 * UNIT, "c2": 45 * UNIT}, judge=final.judges[2], revision=2).state == "submitted"
    assert shown(chief, final) == ""


def test_a_chief_who_has_not_marked_sees_nothing_of_it(final, desk, chief):
    rule(final, alarm=1)
    desk.submit(FULL)
    desk.submit(LOW, judge=final.judges[2])
    assert shown(chief, final) == ""
    desk.submit(FULL, judge=final.judges[0])
    assert "相差 15" in shown(chief, final)


def test_codes_only_where_judged_blind(final, apart, chief):
    rule(final, review=15)
    final.event.is_blind = True
    db.session.commit()
    assert "第1项 ：" in shown(chief, final) and "项目1" not in shown(chief, final)
    db.session.add(EntryCode(entry_id=final.entries[0].id, layer=1, code="A07"))
    db.session.commit()
    assert "A07 ：" in shown(chief, final)


def test_an_entry_out_of_the_contest_is_not_named(final, apart, chief):
    rule(final, review=15)
    assert "项目1" in shown(chief, final)
    db.session.execute(sa.update(Entry).where(Entry.id == final.entries[0].id).values(state="withdrawn"))
    db.session.commit()
    assert shown(chief, final) == ""


def test_the_page_keeps_its_number_of_queries(app, sign_in):
    counts = {}
    for entries, limits in ((1, {}), (1, {"alarm": 1}), (4, {"alarm": 1}), (4, {"review": 1})):
        final = support.make_final(entries=entries, marked=True)
        rule(final, **limits)
        client = sign_in(final.judges[0])
        with counted_queries() as statements:
            client.get(page_of(final))
        counts[entries, *limits] = len(statements)
    assert counts[1, "alarm"] == counts[4, "alarm"] == counts[1,] + 1 and counts[4, "review"] == counts[1,]
