"""亮出: refused until every sheet is in, numbered and frozen, never at odds with the marks, withdrawn everywhere at once."""

import pytest
import sqlalchemy as sa

from compete.audit.service import digest
from compete.awards import service as awards
from compete.contests import schemes
from compete.database import write
from compete.judging import recusals
from compete.live import showings
from compete.models import AuditRecord, EntryCode, Judge, Part, Penalty, Ruling, Sheet, Showing, db
from compete.results.facts import board
from scoring import UNIT
from scoring.problems import Problem
from tests import support
from tests.judging.hall import ACTOR
from tests.live.stage import body, direct, main_screen, show
from tests.support import NOW

pytestmark = pytest.mark.sqlite


@pytest.fixture
def final(app):
    return support.make_final(entries=4, judges=5, marked=True)


def lift(final, number, units):
    """Another total on the first judge's sheet of the entry, as after a returned sheet."""
    row = db.session.scalar(sa.select(Sheet).where(Sheet.entry_id == final.entries[number - 1].id, Sheet.judge_id == final.judges[0].id))
    row.total += units * schemes.part_value(final.part).denominator
    db.session.commit()


def standings(final, **options):
    with write():
        return showings.show_standings(final.event.id, **options, **ACTOR)


def test_a_score_shows_judge_by_judge_what_was_dropped_and_the_total(final):
    row = show(final, 1)
    told = row.document
    assert [(judge["seat"], judge["mark"], judge["note"], judge["struck"]) for judge in told["judges"]] == [
        (1, "97.00", "", False), (2, "96.00", "", False), (3, "95.00", "去掉最低", True), (4, "98.00", "去掉最高", True), (5, "97.00", "", False),
    ]  # fmt: skip
    assert told["total"] == told["score"] == "96.67" and told["place"] == "第 1 名"
    assert {judge["name"] for judge in told["judges"]} == {""}
    assert told["entry"] == {"number": 1, "title": "项目1", "organization": "单位1"}
    assert row.number == 1 and row.digest == digest(told)
    assert "showing.make" in db.session.scalars(sa.select(AuditRecord.action)).all()


def test_names_of_judges_are_told_only_where_asked_for(final):
    assert [judge["name"] for judge in show(final, 1, names=True).document["judges"]] == [f"评委{n}" for n in range(1, 6)]


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_a_score_with_an_awaited_sheet_is_refused_and_names_who_is_missing(final, state):
    row = db.session.scalar(sa.select(Sheet).where(Sheet.entry_id == final.entries[0].id, Sheet.judge_id == final.judges[2].id))
    row.state = state
    db.session.commit()
    refused = show(final, 1)
    assert isinstance(refused, Problem) and refused.code == "showing.waiting" and "评委3" in refused.message
    assert db.session.scalar(sa.select(sa.func.count(Showing.id))) == 0
    assert isinstance(show(final, 2), Showing)


def test_a_recused_judge_keeps_the_seat_and_is_not_awaited(final):
    db.session.execute(sa.delete(support.Mark))
    db.session.execute(sa.delete(Sheet).where(Sheet.entry_id == final.entries[0].id, Sheet.judge_id == final.judges[1].id))
    recusals.recuse(db.session.get(Judge, final.judges[1].id), final.entries[0], reason="师徒", **ACTOR)
    db.session.commit()
    judges = show(final, 1).document["judges"]
    assert (judges[1]["seat"], judges[1]["mark"], judges[1]["note"]) == (2, "", "回避")


def test_an_absent_entry_has_no_score_to_show(final):
    db.session.add(Ruling(entry_id=final.entries[0].id, kind="absence", reason="未到", made_by="x", made_at=NOW))
    db.session.commit()
    assert show(final, 1).code == "showing.out"


def test_penalties_stand_between_score_and_total(final):
    db.session.add(Penalty(entry_id=final.entries[0].id, points=2 * UNIT, reason="超时", made_by="x", made_at=NOW))
    db.session.commit()
    told = show(final, 1).document
    assert (told["score"], told["penalty"], told["total"]) == ("96.67", "-2", "94.67")
    assert "超时" not in str(told)


def test_the_same_score_again_is_the_showing_that_stands(final):
    first = show(final, 2)
    show(final, 1)
    assert show(final, 2).id == first.id


def test_a_changed_score_must_be_withdrawn_before_it_is_shown_again(final):
    show(final, 1)
    lift(final, 1, -6)
    assert show(final, 1).code == "showing.changed"
    assert standings(final).code == "showing.stale"


def test_a_penalty_after_the_showing_makes_it_stale(final):
    row = show(final, 1)
    assert showings.stale(final.part.id) == []
    db.session.add(Penalty(entry_id=final.entries[0].id, points=2 * UNIT, reason="超时", made_by="x", made_at=NOW))
    db.session.commit()
    assert showings.stale(final.part.id) == [row.number]


def test_a_code_that_was_opened_after_the_showing_is_no_other_score(final):
    final.event.is_blind = True
    db.session.add(EntryCode(entry_id=final.entries[0].id, layer=1, code="K7"))
    db.session.commit()
    row = show(final, 1)
    final.event.unveiled_at = NOW
    db.session.commit()
    assert showings.stale(final.part.id) == [] and show(final, 1).id == row.id
    assert standings(final).document["lines"][0]["entry"]["title"] == "项目1"


def test_the_place_so_far_and_the_board_count_only_entries_that_were_shown(final):
    assert show(final, 3).document["place"] == "第 1 名"
    assert show(final, 2).document["place"] == "第 1 名"
    row = standings(final)
    told = row.document
    assert [(line["place_text"], line["entry"]["number"]) for line in told["lines"]] == [("第 1 名", 2), ("第 2 名", 3)]
    assert (told["shown"], told["of"], told["through"]) == (2, 4, 2)
    assert "项目1" not in str(told) and "项目4" not in str(told)


def test_equal_scores_share_their_place_until_the_tie_is_decided(final):
    for judge in final.judges:
        same = db.session.scalar(sa.select(Sheet.total).where(Sheet.entry_id == final.entries[1].id, Sheet.judge_id == judge.id))
        db.session.execute(sa.update(Sheet).where(Sheet.entry_id == final.entries[0].id, Sheet.judge_id == judge.id).values(total=same))
    db.session.commit()
    show(final, 1), show(final, 2)
    assert [line["place_text"] for line in standings(final).document["lines"]] == ["并列第 1 名", "并列第 1 名"]


def test_one_part_of_several_has_a_board_of_its_own(final):
    """Places by the part's score alone, equals share; the event's board waits until every part was shown."""
    theory = Part(stage_id=final.stage.id, code="theory", name="理论", kind="theory", weight=400_000, position=1)
    db.session.add(theory)
    db.session.flush()
    for entry in final.entries:
        entry.extras = {"理论": str(60 + 12 * entry.number)}
    for judge in final.judges:
        same = db.session.scalar(sa.select(Sheet.total).where(Sheet.entry_id == final.entries[2].id, Sheet.judge_id == judge.id))
        db.session.execute(sa.update(Sheet).where(Sheet.entry_id == final.entries[1].id, Sheet.judge_id == judge.id).values(total=same))
    db.session.commit()
    db.session.expire_all()
    told = show(final, 1).document
    assert told["total"] == told["score"] == "96.67" and told["place"] == "第 1 名"
    show(final, 2), show(final, 3)
    lines = standings(final, part_id=final.part.id).document["lines"]
    assert [(line["place_text"], line["entry"]["number"]) for line in lines] == [("第 1 名", 1), ("并列第 2 名", 2), ("并列第 2 名", 3)]
    whole = standings(final).document["lines"]
    assert [line["entry"]["number"] for line in whole] == [3, 2, 1]  # 131.07, 126.27, 125.47 with the theory paper
    assert show(final, 4).document["place"] == "第 4 名"
    assert isinstance(show_part(theory, final.entries[0]), Problem)


def show_part(part, entry):
    with write():
        return showings.show_score(part.id, entry.id, **ACTOR)


def test_nothing_shown_makes_no_board(final):
    assert standings(final).code == "showing.none"
    assert standings(final, whole=True).code == "showing.release"


def test_withdrawing_needs_a_reason_and_takes_the_board_along(final):
    screen, other = main_screen(final), main_screen(final, name="侧屏")
    first, listed = show(final, 1), None
    show(final, 2)
    listed = standings(final)
    assert direct(screen, "score", {"showing": first.id})["total"] == "96.67"
    assert len(direct(other, "standings", {"showing": listed.id})["lines"]) == 2
    with write():
        assert showings.withdraw(first, reason=" ", **ACTOR).code == "showing.reason"
    with write():
        gone = showings.withdraw(db.session.get(Showing, first.id), reason="评委改判", **ACTOR)
    assert [row.number for row in gone] == [1, 3]
    assert body(screen) == body(other) == {"waiting": True}
    assert db.session.scalars(sa.select(AuditRecord.reason).where(AuditRecord.action == "showing.withdraw")).all() == ["评委改判"] * 2
    assert db.session.get(Showing, first.id).document["total"] == "96.67"  # kept
    with write():
        assert showings.withdraw(db.session.get(Showing, first.id), reason="再撤", **ACTOR).code == "showing.state"


def test_a_blind_entry_is_shown_by_its_code_alone(final):
    final.event.is_blind = True
    db.session.add(EntryCode(entry_id=final.entries[0].id, layer=1, code="K7"))
    db.session.commit()
    told = show(final, 1).document
    assert told["entry"] == {"code": "K7"} and "项目1" not in str(told) and "单位1" not in str(told)


def test_the_whole_standing_is_that_of_the_release_and_goes_with_it(final):
    final.part.locked_at = NOW
    db.session.commit()
    with write():
        release = awards.release(board=board(schemes.load(final.event.id)), notice_days=0, **ACTOR)
    row = standings(final, whole=True)
    assert [line["score"] for line in row.document["lines"]] == [line["score"] for line in release.document["standings"]]
    screen = main_screen(final)
    assert direct(screen, "standings", {"showing": row.id})["release"] == {"number": release.number, "digest": release.digest[:16]}
    with write():
        awards.withdraw(row=db.session.get(type(release), release.id), reason="更正", **ACTOR)
    assert body(screen) == {"waiting": True}
