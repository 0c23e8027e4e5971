"""颁奖: from the lowest prize to the first; at no step does the document hold anything of a later one."""

import json
from datetime import timedelta

import pytest

from compete.awards import service as awards
from compete.contests import schemes
from compete.database import write
from compete.live import ceremony, feed, screens
from compete.models import Release, Screen, db
from compete.results.facts import board
from scoring.problems import Problem
from tests import support
from tests.judging.hall import ACTOR
from tests.live.stage import body, direct, main_screen
from tests.support import NOW


def line(number, tier, place, place_text="", entry=None):
    return {"entry": entry or number, "number": number, "title": f"作品{number:02d}", "organization": f"甲{number:02d}厂", "names": [f"张{number:02d}"],
            "place": place, "place_text": place_text or f"第 {place} 名", "score": f"{100 - number}.00", "tier": tier}  # fmt: skip


def tier(name, vacant=0, prize=100_000_00):
    return {"name": name, "planned": 3, "allotted": 0, "vacant": vacant, "prize_fen": prize}


DOCUMENT = {
    "event": "金成果", "tiers": [tier("一等奖", vacant=1), tier("二等奖"), tier("三等奖", vacant=1)],
    "standings": [line(1, "二等奖", 1), line(2, "二等奖", 2, "并列第 2 名"), line(3, "二等奖", 2, "并列第 2 名"), line(4, "三等奖", 4), line(5, "", 5)],
    "titles": [{"name": "金牌工匠", "prize_fen": 0, "entries": [{"entry": 1, "number": 1, "title": "作品01", "organization": "甲01厂"}]}],
}  # fmt: skip


def phases(pace, document=DOCUMENT):
    return [
        (step["phase"], step.get("group", ""), [winner["number"] for winner in step.get("winners", ())])
        for step in ceremony.steps(document, pace=pace, amounts=True)
    ]  # fmt: skip


def test_prizes_rise_entry_by_entry_and_equals_stand_together():
    assert phases("entry") == [
        ("title", "", []),
        ("group", "三等奖", []), ("entry", "三等奖", [4]), ("list", "三等奖", [4]),
        ("group", "二等奖", []), ("entry", "二等奖", [2, 3]), ("entry", "二等奖", [1]), ("list", "二等奖", [1, 2, 3]),
        ("empty", "一等奖", []),
        ("group", "金牌工匠", []), ("entry", "金牌工匠", [1]),
        ("end", "", []),
    ]  # fmt: skip


def test_groups_at_once_and_only_the_first_prize_singly():
    assert ("entry", "二等奖", [1]) not in phases("group") and ("list", "二等奖", [1, 2, 3]) in phases("group")
    first = {**DOCUMENT, "tiers": [tier("二等奖"), tier("三等奖")]}
    assert ("entry", "二等奖", [1]) in phases("first", first)


def test_amounts_only_where_wished_and_only_where_there_are_any():
    with_money = [step.get("prize") for step in ceremony.steps(DOCUMENT, pace="group", amounts=True)]
    assert "100,000 元" in with_money and ceremony.prize(123_456) == "1,234.56 元"
    assert not any("prize" in step for step in ceremony.steps(DOCUMENT, pace="group", amounts=False))


@pytest.fixture
def released(app):
    final = support.make_final(entries=7, judges=3, marked=True)
    final.tiers[2].count = 4
    final.part.locked_at = NOW
    db.session.commit()
    with write():
        release = awards.release(board=board(schemes.load(final.event.id)), notice_days=0, **ACTOR)
    assert isinstance(release, Release)
    final.release = release
    return final


def move(screen, seen, by=1, after=timedelta(seconds=1)):
    """Pressed so long `after` the screen changed last."""
    with write():
        row = db.session.get(Screen, screen.id)
        return screens.step(row, seen=seen, by=by, actor=ACTOR["actor"], now=row.changed_at + after)


@pytest.mark.sqlite
@pytest.mark.parametrize("pace", ceremony.PACES)
def test_no_step_tells_of_a_later_one(released, pace):
    """At each step every winner who comes later is absent from the whole document, by title, unit, name and score."""
    screen = main_screen(released)
    direct(screen, "ceremony", {"event": released.event.id, "pace": pace, "amounts": True})
    steps = ceremony.of_screen(db.session.get(Screen, screen.id))
    seen: set[int] = set()
    every = {line["number"]: line for line in released.release.document["standings"]}
    for at in range(len(steps)):
        text = json.dumps(feed.document(screen.id, NOW), ensure_ascii=False)
        seen |= {winner["number"] for winner in steps[at].get("winners", ())}
        for number, line in every.items():
            if number not in seen:
                assert not any(word in text for word in (line["title"], *line["names"], line["organization"])), (at, number)
            assert line["score"] not in text
        later = {step["group"] for step in steps[at + 1 :] if "group" in step} - {step.get("group") for step in steps[: at + 1]}
        assert not [name for name in later if name in text], at
        assert str(len(steps)) not in body(screen) and "steps" not in body(screen)
        assert at + 1 == len(steps) or not isinstance(move(screen, at), Problem)
    assert len(seen) == 6 and move(screen, len(steps) - 1).code == "screen.end"


@pytest.mark.sqlite
def test_two_presses_at_once_move_one_step_and_a_step_can_be_taken_back(released):
    screen = main_screen(released)
    direct(screen, "ceremony", {"event": released.event.id})
    assert not isinstance(move(screen, 0), Problem)
    assert move(screen, 0).code == "screen.moved"
    assert body(screen)["group"] == "三等奖"
    assert not isinstance(move(screen, 1, by=-1), Problem)
    assert body(screen)["phase"] == "title" and move(screen, 0, by=-1).code == "screen.end"


@pytest.mark.sqlite
def test_a_double_tap_reveals_nothing_of_the_step_behind(released):
    """The page of the first tap is there before the second comes, and names the new step: so it is told by its haste."""
    screen = main_screen(released)
    direct(screen, "ceremony", {"event": released.event.id})
    move(screen, 0)
    assert move(screen, 1, after=timedelta(milliseconds=250)).code == "screen.soon" and body(screen)["phase"] == "group"
    assert not isinstance(move(screen, 1, by=-1, after=timedelta(milliseconds=250)), Problem)
    move(screen, 0)
    assert not isinstance(move(screen, 1, after=timedelta(seconds=-40)), Problem), "a server's clock that was set back"
    assert body(screen)["phase"] == "entry"


@pytest.mark.sqlite
def test_a_withdrawn_release_empties_the_stage(released):
    screen = main_screen(released)
    direct(screen, "ceremony", {"event": released.event.id})
    move(screen, 0)
    with write():
        awards.withdraw(row=db.session.get(Release, released.release.id), reason="更正", **ACTOR)
    assert body(screen) == {"waiting": True}
    assert move(screen, 1).code == "ceremony.gone"


def put(screen, scene, data=None):
    with write():
        return screens.direct(db.session.get(Screen, screen.id), scene=scene, data=data, **ACTOR)


@pytest.mark.sqlite
def test_a_ceremony_that_another_scene_interrupted_goes_on_where_it_was(released):
    screen = main_screen(released)
    assert put(screen, "ceremony", {"resume": True}).code == "ceremony.held"
    direct(screen, "ceremony", {"event": released.event.id, "amounts": True})
    for at in range(3):
        move(screen, at)
    before = body(screen)
    assert direct(screen, "black") == {} and "二等奖" not in json.dumps(feed.document(screen.id, NOW), ensure_ascii=False)
    direct(screen, "message", {"text": "稍候"})
    assert direct(screen, "ceremony", {"resume": True}) == before
    assert "held" not in db.session.get(Screen, screen.id).data
    # One that was begun anew, or had ended, is not held.
    direct(screen, "black")
    steps = ceremony.steps(released.release.document, pace="entry", amounts=False)
    direct(screen, "ceremony", {"event": released.event.id, "step": len(steps) - 1})
    direct(screen, "black")
    assert put(screen, "ceremony", {"resume": True}).code == "ceremony.held"


@pytest.mark.sqlite
def test_an_interrupted_ceremony_does_not_outlive_its_release(released):
    screen = main_screen(released)
    direct(screen, "ceremony", {"event": released.event.id})
    direct(screen, "black")
    with write():
        awards.withdraw(row=db.session.get(Release, released.release.id), reason="更正", **ACTOR)
    with write():
        assert isinstance(awards.release(board=board(schemes.load(released.event.id)), notice_days=0, **ACTOR), Release)
    assert put(screen, "ceremony", {"resume": True}).code == "ceremony.gone"
    assert body(screen) == {}
