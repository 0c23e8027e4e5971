"""The draw's rules about who begins: given numbers, and whoever begins another session of the event."""

import hashlib

import pytest
import sqlalchemy as sa

from compete.models import AuditRecord, Draw, Part, Session, Slot, db
from tests import support
from tests.support import counted_queries


def here(final, path="", session=None):
    return f"/contests/{final.contest.id}/sessions/{(session or final.session).id}/draw{path}"


def draw(alice, final, seed="6 4 1", *, session=None, status=302, **more):
    return alice.post(here(final, "/make", session), {"method": "hall", "seed": seed, **more}, status=status)


def first(session):
    return db.session.scalar(sa.select(Draw.result).where(Draw.session_id == session.id, Draw.superseded_at.is_(None)))[0]


def second_session(final):
    """Another part of the same event, its session with the same entries."""
    part = Part(stage=final.stage, code="site", name="现场考察", panel={"rule": "mean"}, position=1)
    db.session.add(part)
    db.session.flush()
    made = Session(contest_id=final.contest.id, part_id=part.id, panel_id=final.panel.id, name="考察场", state="open")
    db.session.add(made)
    db.session.flush()
    db.session.add_all(Slot(session_id=made.id, entry_id=row.id, position=0) for row in final.entries)
    db.session.commit()
    return made


def beginner(seed, attempt, numbers=(1, 2, 3)):
    return min(numbers, key=lambda number: hashlib.sha256(f"{seed}:{attempt}:{number:02d}".encode()).hexdigest())


def test_given_numbers_do_not_begin(alice, final):
    barred = beginner("6 4 1", 1)
    draw(alice, final, not_first=str(barred))
    assert int(first(final.session)) != barred
    page = alice.get(here(final)).text
    assert f"<dt>不排第一</dt><dd>{barred:02d} 号</dd>" in page and "数据库被改动过" not in page
    assert f"不排第一：{barred:02d} 号。" in alice.get(here(final, "/protocol")).text
    record = db.session.scalars(sa.select(AuditRecord).where(AuditRecord.action == "draw.make")).one()
    assert record.after["not_first"] == [f"{barred:02d}"]
    assert f"{barred:02d} 号" in alice.get(f"/contests/{final.contest.id}/audit").text


def test_the_kept_draw_can_be_repeated_with_its_rule(alice, final):
    barred = beginner("6 4 1", 1)
    draw(alice, final, not_first=f"{barred:02d}")
    kept = db.session.scalars(sa.select(Draw)).one()
    assert sorted(kept.items) == [[f"{n:02d}", "", True] if n == barred else [f"{n:02d}", ""] for n in (1, 2, 3)]
    kept.items = [item[:2] for item in kept.items]
    db.session.commit()
    assert "数据库被改动过" in alice.get(here(final)).text  # without the rule the seed gives another order


def test_nobody_is_first_twice(alice, final):
    other = second_session(final)
    draw(alice, final)
    begun = int(first(final.session))
    page = alice.get(here(final, session=other)).text
    assert f"此前排第一的：{begun} 号（第一场）" in page
    assert "在别的场次抽到第一的" not in alice.get(here(final)).text
    seed = next(str(n) for n in range(100) if beginner(n, 1) == begun)
    draw(alice, final, seed, session=other, not_again="y")
    assert int(first(other)) != begun


def test_without_the_rule_chance_decides(alice, final):
    other = second_session(final)
    draw(alice, final)
    begun = int(first(final.session))
    draw(alice, final, next(str(n) for n in range(100) if beginner(n, 1) == begun), session=other)
    assert int(first(other)) == begun


def test_a_superseded_draw_made_nobody_first(alice, final):
    other = second_session(final)
    draw(alice, final, "1")
    draw(alice, final, next(str(n) for n in range(2, 100) if beginner(n, 1) != beginner("1", 1)), reason="种子报错")
    page = alice.get(here(final, session=other)).text
    assert f"此前排第一的：{int(first(final.session))} 号（第一场）" in page


@pytest.mark.parametrize("given, message", [("7", "本场没有 7 号"), ("1、2，3", "所有对象都不得排第一"), ("三号", "请只填编号")])
def test_numbers_that_cannot_be_kept_from_beginning(alice, final, given, message):
    assert message in draw(alice, final, not_first=given, status=200).text
    assert db.session.scalars(sa.select(Draw)).all() == []


def test_the_page_keeps_its_number_of_queries(app, sign_in):
    counts = []
    for entries in (2, 4):
        final = support.make_final(entries=entries)
        second_session(final)
        chief = sign_in(final.judges[0])
        with counted_queries() as statements:
            chief.get(here(final))
        counts.append(len(statements))
    assert counts[0] == counts[1]
