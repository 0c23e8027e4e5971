"""What tests begin with and look at pages with. A page like one that was found valid is believed, any other is read."""

import pytest
import sqlalchemy as sa

from compete.database import write
from compete.models import Organization, db
from tests import again
from tests.support import check_page, make_final, make_people, proven

PAGE = ('<!DOCTYPE html><html lang="zh-CN"><head><title>{title}</title></head><body><table id="t1"><tr><td id="{id}">{text}</td></tr></table>'
        '<p class="a{more}">{words}</p></body></html>')  # fmt: skip
GOOD = {"title": "成绩", "id": "c1", "text": "一", "more": "", "words": "二"}


def page(**other: str) -> str:
    return PAGE.format(**GOOD | other)


@pytest.fixture(autouse=True)
def one_is_proven():
    proven.clear()
    check_page(page())
    yield
    proven.clear()


def test_a_page_that_differs_in_words_and_values_is_not_read_again():
    check_page(page(title="名次", id="c2", text="3 号", more=" b", words="甲 = 乙；a/b"))
    assert len(proven) == 1


@pytest.mark.parametrize("wrong", [
    {"text": "</td></tr><b>x</b><tr><td>"}, {"words": "a & b&foo;"}, {"words": "<b>a"}, {"words": "a</b>"}, {"words": "\x01"}, {"words": "\ufdd0"},
    {"words": "\U0002ffff"}, {"more": '" class="b'}, {"more": '"title="b'}, {"words": "a < b"}, {"more": '" style="top:0'},
    {"more": '" onclick="go()'}, {"words": "<script>go()</script>"}, {"words": '<script type="module">go()</script>'}, {"id": "t1"}, {"title": "· 赛评"},
    {"words": "<!-- a > b -- c < d --><p>"}, {"more": "&foo;"}, {"words": "<i id='t1'>a</i>"},
])  # fmt: skip
def test_a_page_with_a_mistake_is_refused_after_one_like_it(wrong):
    with pytest.raises(AssertionError):
        check_page(page(**wrong))
    with pytest.raises(AssertionError):
        check_page(page(**wrong))


def everything() -> dict[str, list[tuple]]:
    db.session.rollback()
    return {table.name: [tuple(row) for row in db.session.execute(sa.select(table).order_by(*table.primary_key))] for table in db.metadata.sorted_tables}


def clear_all() -> None:
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        from tests.postgres import empty

        return empty(db.engine)
    db.session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    for table in db.metadata.sorted_tables:
        db.session.execute(table.delete())
    db.session.commit()


@pytest.mark.parametrize("marked", [False, True])
def test_what_is_put_in_again_is_what_was_made(app, marked, monkeypatch):
    monkeypatch.setattr(again, "kept", {})
    found = []
    for make in (make_final.__wrapped__, make_final, make_final):  # by itself, kept, put in
        clear_all()
        db.session.expunge_all()
        final = make(entries=2, marked=marked)
        people = make_people(final.contest)
        assert [row.title for row in final.entries] == ["项目1", "项目2"] and final.event.contest is final.contest
        with write():  # what comes next gets the next number
            db.session.add(Organization(contest_id=final.contest.id, name="新单位", key="新单位"))
            final.contest.settings = {"seen": people.alice.login}
        found.append(everything())
    assert found[0] == found[1] == found[2]
    assert len(again.kept) == 2
    other = make_final(entries=2, marked=marked)
    assert other.contest.id == final.contest.id + 1 and len(everything()["entry"]) == 4
