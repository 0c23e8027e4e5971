"""A semi-final on stage: its scores and its standing are shown as those of the final, by its own parts alone."""

import pytest
import sqlalchemy as sa

from compete.contests import schemes
from compete.database import write
from compete.live import showings
from compete.models import Decision, Part, Penalty, Ruling, Sheet, Showing, Stage, db
from compete.results.facts import board
from scoring import UNIT
from tests import support
from tests.judging.hall import ACTOR, text_of, url
from tests.live.stage import direct, main_screen, show
from tests.support import NOW, counted_queries

pytestmark = pytest.mark.sqlite
MADE = {"made_by": "x", "made_at": NOW}


@pytest.fixture
def final(app):
    return support.make_final(entries=4, judges=5, marked=True)


@pytest.fixture
def heat(final):
    """The stage that was marked is an earlier one; the final behind it has no sheet yet."""
    final.stage.name, final.stage.is_ranked = "初赛", False
    last = Stage(event_id=final.event.id, name="决赛", position=1)
    db.session.add(last)
    db.session.flush()
    db.session.add(Part(stage_id=last.id, code="defence", name="答辩", panel=final.part.panel))
    final.event.rules = {**final.event.rules, "ties": [{"code": "part", "argument": "defence"}, {"code": "decision"}]}
    db.session.commit()
    db.session.expire_all()
    return final


def standings(heat, **options):
    with write():
        return showings.show_standings(heat.event.id, stage_id=heat.stage.id, **options, **ACTOR)


def test_a_score_tells_its_stage_and_the_place_so_far(heat):
    assert show(heat, 3).document["place"] == "第 1 名"
    told = show(heat, 1).document
    assert (told["stage"], told["part"], told["total"], told["place"]) == ("初赛", "路演", "96.67", "第 1 名")
    assert [judge["note"] for judge in told["judges"]] == ["", "", "去掉最低", "去掉最高", ""]


def test_the_standing_of_the_stage_is_put_on_the_screen_and_is_not_the_finals(heat):
    show(heat, 2), show(heat, 1)
    row = standings(heat)
    assert [(line["place_text"], line["entry"]["number"]) for line in row.document["lines"]] == [("第 1 名", 1), ("第 2 名", 2)]
    assert (row.document["stage"], row.document["shown"], row.document["of"]) == ("初赛", 2, 4)
    told = direct(main_screen(heat), "standings", {"showing": row.id})
    assert told["stage"] == "初赛" and len(told["lines"]) == 2
    with write():
        assert showings.show_standings(heat.event.id, **ACTOR).code == "showing.none"


def test_penalties_of_the_stage_count_and_what_was_ruled_of_the_whole_event_does_not(heat):
    first = heat.entries[0].id
    db.session.add(Penalty(entry_id=first, part_id=heat.part.id, points=2 * UNIT, reason="超时", **MADE))
    db.session.add(Penalty(entry_id=first, points=5 * UNIT, reason="决赛违规", **MADE))
    db.session.commit()
    told = show(heat, 1).document
    assert (told["score"], told["penalty"], told["total"]) == ("96.67", "-2", "94.67")
    db.session.execute(sa.update(Penalty).where(Penalty.part_id.is_not(None)).values(revoked_at=NOW))
    db.session.commit()
    assert showings.stale(heat.part.id) == [1]


def test_equal_scores_share_their_place_for_nobody_decides_here(heat):
    for judge in heat.judges:
        same = db.session.scalar(sa.select(Sheet.total).where(Sheet.entry_id == heat.entries[1].id, Sheet.judge_id == judge.id))
        db.session.execute(sa.update(Sheet).where(Sheet.entry_id == heat.entries[0].id, Sheet.judge_id == judge.id).values(total=same))
    order = [heat.entries[1].id, heat.entries[0].id]
    db.session.add(Decision(event_id=heat.event.id, entry_ids=order, method="lot", reason="决赛抽签", **MADE))
    db.session.commit()
    show(heat, 1), show(heat, 2)
    assert [line["place_text"] for line in standings(heat).document["lines"]] == ["并列第 1 名", "并列第 1 名"]


def test_who_is_absent_is_not_waited_for(heat):
    db.session.add(Ruling(entry_id=heat.entries[3].id, kind="absence", reason="未到", **MADE))
    db.session.commit()
    for number in (1, 2, 3):
        show(heat, number)
    told = standings(heat).document
    assert (told["shown"], told["of"]) == (3, 3)


def test_a_stage_is_read_with_as_few_queries_as_the_final(heat):
    event, first = schemes.load(heat.event.id), heat.entries[0].id
    with counted_queries() as found:
        told = board(event, event.stages[0])
    assert len(found) <= 6 and told.outcome.by_entry[first].score_text == "96.67"


def test_the_page_of_the_stages_session_freezes_its_standing(heat, people, sign_in):
    organiser = sign_in(people.alice)
    for number in (1, 2):
        organiser.post(url(heat, "/live/scores/show"), {"part": heat.part.id, "entry": heat.entries[number - 1].id, "session": heat.session.id})
    assert "只按" not in text_of(organiser.get(url(heat, f"/live/scores?session={heat.session.id}")))
    organiser.post(url(heat, "/live/scores/standings"), {"event": heat.event.id, "part": heat.part.id, "session": heat.session.id, "of": "shown"})
    row = db.session.scalars(sa.select(Showing).where(Showing.kind == "standings")).one()
    assert row.document["stage"] == "初赛" and len(row.document["lines"]) == 2
