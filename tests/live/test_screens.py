"""Screens: addresses, remote control, and that their documents hold nothing that is not released."""

import json

import pytest
import sqlalchemy as sa

from compete.database import write
from compete.judging import draws
from compete.live import feed, screens
from compete.models import AuditRecord, EntryCode, Screen, Session, Sheet, db
from scoring.problems import Problem
from tests import support
from tests.judging.hall import ACTOR, url
from tests.live.stage import body, direct, main_screen, on_stage, show
from tests.support import NOW, counted_queries

EVERY = ("black", "message", "order", "current", "score", "standings", "ceremony", "draw", "vote")


@pytest.fixture
def final(app):
    return support.make_final(marked=True)


def refused(screen, scene, data=None, **options):
    with write():
        made = screens.direct(db.session.get(Screen, screen.id), scene=scene, data=data, **options, **ACTOR)
    assert isinstance(made, Problem), made
    return made.code


def test_a_screen_has_a_key_of_its_own_and_a_name_that_is_free(final):
    first = main_screen(final)
    assert len(first.key) >= 20 and first.session_id == final.session.id
    with write():
        assert screens.make(final.contest.id, name=" 主屏 ", **ACTOR).code == "screen.taken"
        assert screens.make(final.contest.id, name=" ", **ACTOR).code == "screen.name"
        screens.rename(db.session.get(Screen, first.id), name="左屏", **ACTOR)
        other = screens.make(final.contest.id, name="主屏", **ACTOR)
    assert other.key != first.key
    with write():
        screens.remove(db.session.get(Screen, first.id), **ACTOR)
        assert screens.make(final.contest.id, name="左屏", **ACTOR).id != first.id
    assert screens.by_key(first.key) is None
    assert {"screen.make", "screen.rename", "screen.remove"} <= set(db.session.scalars(sa.select(AuditRecord.action)))


@pytest.mark.sqlite
def test_commands_that_cannot_be_shown_are_refused(final):
    screen = main_screen(final)
    assert refused(screen, "fireworks") == refused(screen, "black", theme="pink") == "screen.scene"
    assert refused(screen, "message", {"text": " "}) == refused(screen, "message", {"text": "字" * 501}) == "screen.text"
    assert refused(screen, "message", {"text": "好", "qr": "javascript:alert(1)"}) == "screen.address"
    assert refused(screen, "score", {"showing": 99}) == refused(screen, "standings", {}) == "screen.showing"
    assert refused(screen, "ceremony", {"event": final.event.id}) == "ceremony.release"
    assert refused(screen, "order", session_id=99) == "screen.session"
    assert body(screen) == {}


@pytest.mark.sqlite
def test_a_showing_of_another_contest_is_not_shown(final):
    shown = show(final, 1)
    other = support.make_final()
    assert refused(main_screen(other), "score", {"showing": shown.id}) == "screen.showing"
    assert refused(main_screen(other, name="侧屏"), "order", session_id=final.session.id) == "screen.session"


@pytest.mark.sqlite
def test_the_running_order_tells_who_is_on_stage_and_who_is_next(app):
    final = support.make_final()
    screen = main_screen(final)
    told = direct(screen, "order")
    assert (told["now"], told["next"]) == (None, 1)
    on_stage(final, 2, phase="speech", started_at=NOW, allotted_ms=420_000, ran_ms=1000)
    told = body(screen)
    assert (told["now"], told["next"], [row["title"] for row in told["rows"]]) == (2, 3, ["项目1", "项目2", "项目3"])


@pytest.mark.sqlite
def test_the_entry_on_stage_comes_with_its_clock(app):
    final = support.make_final()
    screen = main_screen(final)
    assert direct(screen, "current")["entry"] is None
    final.part.timing = {"warnings": [120, 30]}
    on_stage(final, 2, phase="speech", started_at=NOW, allotted_ms=420_000, ran_ms=1000)
    told = body(screen)
    assert told["entry"] == {"number": 2, "title": "项目2", "organization": "单位2"} and told["next"]["title"] == "项目3"
    assert told["clock"] == {"phase": "speech", "allotted_ms": 420_000, "ran_ms": 1000, "started_at": int(NOW.timestamp() * 1000), "warnings": (120, 30)}
    final.part.timing = {}
    assert body(screen)["clock"]["warnings"] == (60, 30), "where the contest says nothing the hall is warned when the host is"


def everything(final):
    """The documents of all scenes as text."""
    screen, texts = main_screen(final), {}
    shown = {row.kind: row.id for row in db.session.scalars(sa.select(screens.Showing))}
    data = {"message": {"text": "请安静"}, "score": {"showing": shown.get("score")}, "standings": {"showing": shown.get("standings")}}
    for scene in EVERY:
        with write():
            made = screens.direct(db.session.get(Screen, screen.id), scene=scene, data=data.get(scene), **ACTOR)
        if not isinstance(made, Problem):
            texts[scene] = json.dumps(feed.document(screen.id, NOW), ensure_ascii=False)
    return texts


@pytest.mark.sqlite
def test_no_scene_tells_marks_that_were_not_shown(final):
    """Every sheet of every entry is in; only the first entry's score was released for the screens."""
    show(final, 1)
    on_stage(final, 2)
    texts = everything(final)
    assert {"order", "current", "score", "draw", "black", "message"} <= set(texts)
    hidden = [f"{total // 1_000_000}.{total // 10_000 % 100:02d}" for total in db.session.scalars(
        sa.select(Sheet.total).where(Sheet.entry_id != final.entries[0].id))]  # fmt: skip
    assert hidden and {scene: [mark for mark in hidden if f'"{mark}"' in text] for scene, text in texts.items()} == {scene: [] for scene in texts}
    for text in texts.values():
        assert "评委" not in text.replace("评委组", "") and "完成人" not in text and '"entry_id"' not in text


@pytest.mark.sqlite
def test_a_blind_event_tells_codes_and_never_names_units_or_numbers(final):
    final.event.is_blind = True
    db.session.add_all(EntryCode(entry_id=row.id, layer=1, code=f"K{row.number + 10}") for row in final.entries)
    db.session.commit()
    show(final, 1)
    on_stage(final, 2)
    for scene, text in everything(final).items():
        assert "项目" not in text and "单位" not in text and '"number"' not in text, scene
        assert scene not in ("order", "current") or "K12" in text


@pytest.mark.sqlite
def test_the_draw_is_told_without_names_where_it_is_blind(final):
    final.session.slots[0].position = 0
    db.session.execute(sa.delete(support.Mark))
    db.session.execute(sa.delete(Sheet))
    db.session.commit()
    screen = main_screen(final)
    assert direct(screen, "draw") == {"event": "金成果", "session": "第一场", "count": 3, "draw": None}
    with write():
        draws.make(db.session.get(Session, final.session.id), seed="8848", method="hall", apart=False, reason="", **ACTOR)
    told = body(screen)
    assert told["seed"] == "8848" and sorted(step["item"] for step in told["steps"]) == ["01", "02", "03"]
    assert all(step["title"] == f"项目{int(step['item'])}" for step in told["steps"])
    final.event.is_blind = True
    db.session.commit()
    assert {step["title"] for step in body(screen)["steps"]} == {""}


@pytest.mark.sqlite
def test_one_plan_per_document_however_many_entries(app):
    counts = []
    for entries in (1, 3):
        final = support.make_final(entries=entries, marked=True)
        shown = show(final, 1)
        screen = main_screen(final)
        on_stage(final, 1)
        for scene, data in (("order", None), ("current", None), ("draw", None), ("score", {"showing": shown.id})):
            direct(screen, scene, data)
            db.session.expire_all()
            with counted_queries() as statements:
                body(screen)
            counts.append((scene, len(statements)))
    assert counts[:4] == counts[4:]
    assert max(count for _, count in counts) <= 6


def state(client, screen, **headers):
    return client.get(f"/screen/{screen.key}/state", headers=headers, status=304 if headers else 200)


@pytest.mark.sqlite
def test_a_display_needs_no_sign_in_and_is_answered_304_while_nothing_changes(final, sign_in):
    screen = main_screen(final)
    display = sign_in()
    assert display.get(f"/screen/{screen.key}").headers["X-Frame-Options"] == "SAMEORIGIN"
    answer = state(display, screen)
    assert answer.json == feed.document(screen.id, NOW) and answer.headers["X-Now"].isdecimal()
    tag = answer.headers["ETag"]
    assert state(display, screen, **{"If-None-Match": tag}).data == b""
    direct(screen, "message", {"text": "请入座"})
    assert state(display, screen).json["body"]["text"] == "请入座"
    assert state(display, screen).headers["ETag"] != tag
    display.get("/screen/nothing-here", status=404)
    display.get("/screen/nothing-here/state", status=404)


@pytest.mark.sqlite
def test_that_a_display_is_on_is_noted_now_and_then(final, sign_in):
    screen = main_screen(final)
    assert not screens.is_on(screen, NOW)
    display = sign_in()
    display.post(f"/screen/{screen.key}/alive", status=204)
    first = db.session.get(Screen, screen.id).last_seen_at
    with counted_queries() as statements:
        display.post(f"/screen/{screen.key}/alive", status=204)
    assert not [one for one in statements if one.startswith("UPDATE")]
    row = db.session.get(Screen, screen.id)
    assert row.last_seen_at == first and screens.is_on(row, first) and not screens.is_on(row, first + screens.ON)


@pytest.mark.sqlite
def test_a_qr_code_is_drawn_as_the_path_of_its_modules(final):
    screen = main_screen(final)
    told = direct(screen, "message", {"text": "扫码", "qr": "http://192.168.1.2:8000/r/1/1"})["qr"]
    assert told["size"] == 33 and told["path"].startswith("M2 2h7v1h-7z")
    direct(screen, "black", {"address": "http://192.168.1.2:8000/screen/x"})
    assert feed.document(screen.id, NOW)["invite"]["size"] >= 29
    direct(screen, "order")
    assert feed.document(screen.id, NOW)["invite"]["size"] >= 29  # it stays
    direct(screen, "order", {"address": ""})
    assert "invite" not in feed.document(screen.id, NOW)


def test_a_stranger_finds_no_pages_of_the_contest_by_the_screen(final, sign_in):
    main_screen(final)
    sign_in().get(url(final, "/live"), status=302)
