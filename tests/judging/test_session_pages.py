"""Sessions: entries assigned, opened only when the scheme is whole, closed, opened again; the draw and its screen."""

import hashlib
import json
import re

import pytest
import sqlalchemy as sa

from compete.models import AuditRecord, Draw, Entry, Panel, Presence, Session, Sheet, Slot, db
from tests import support
from tests.support import counted_queries


def url(final, path):
    return f"/contests/{final.contest.id}{path}"


def here(final, path=""):
    return url(final, f"/sessions/{final.session.id}{path}")


def actions():
    return list(db.session.scalars(sa.select(AuditRecord.action).order_by(AuditRecord.number)))


def set_state(final, state):
    db.session.execute(sa.update(Session).where(Session.id == final.session.id).values(state=state))
    db.session.commit()


def state_of(final):
    return db.session.scalar(sa.select(Session.state).where(Session.id == final.session.id))


def begin(final):
    db.session.add(Sheet(part_id=final.part.id, session_id=final.session.id, entry_id=final.entries[0].id,
                         judge_id=final.judges[0].id, state="draft", updated_at=support.NOW))  # fmt: skip
    db.session.commit()


# sessions


def test_new_session_takes_all_approved_entries_that_are_free(alice, final):
    db.session.execute(sa.delete(Slot).where(Slot.entry_id == final.entries[2].id))
    db.session.add(Entry(event_id=final.event.id, number=9, title="未审", title_key="未审", created_at=support.NOW, updated_at=support.NOW))
    db.session.commit()
    form = {"name": "第二场", "part_id": final.part.id, "panel_id": final.panel.id, "starts_at": "2026-11-22T09:30", "deadline": "", "fill": "1"}

    alice.get(url(final, "/sessions/new"))
    alice.post(url(final, "/sessions/new"), form)

    made = db.session.scalars(sa.select(Session).where(Session.name == "第二场")).one()
    assert made.starts_at == support.NOW  # 09:30 in China
    assert [slot.entry_id for slot in made.slots] == [final.entries[2].id]
    assert actions() == ["session.make", "session.assign"]


def test_deadline_must_follow_the_start(alice, final):
    form = {"name": "甲", "part_id": final.part.id, "panel_id": 0, "starts_at": "2026-11-22T09:30", "deadline": "2026-11-22T09:00"}

    page = alice.post(url(final, "/sessions/new"), form, status=200).get_data(as_text=True)

    assert "截止时间应晚于开始时间" in page


def test_edit_keeps_times_as_they_are_shown(alice, final):
    final.session.deadline = support.NOW
    db.session.commit()

    page = alice.get(here(final, "/edit")).get_data(as_text=True)

    assert 'value="2026-11-22T09:30"' in page


def test_panel_stands_once_a_sheet_exists(alice, final):
    begin(final)
    other = Panel(contest_id=final.contest.id, name="别组")
    db.session.add(other)
    db.session.commit()
    form = {"name": "改名", "part_id": final.part.id, "panel_id": other.id, "starts_at": "", "deadline": ""}

    refused = alice.post(here(final, "/edit"), form, status=200).get_data(as_text=True)
    alice.post(here(final, "/edit"), {**form, "panel_id": final.panel.id, "deadline": "2026-11-22T18:00"})

    assert "已有评分表，不能再换环节或评委组" in refused
    kept = db.session.get(Session, final.session.id)
    assert (kept.name, kept.panel_id, kept.deadline.hour) == ("改名", final.panel.id, 10)


def test_entries_are_chosen_and_those_with_sheets_stay(alice, final):
    begin(final)
    first, second, third = (entry.id for entry in final.entries)
    alice.get(here(final, "/entries"))

    alice.post(here(final, "/entries"), {"shown": [first, second, third], "entry": [first, second]})
    assert set(db.session.scalars(sa.select(Slot.entry_id))) == {first, second}

    refused = alice.post(here(final, "/entries"), {"shown": [first, second, third], "entry": [third]}, follow_redirects=True, status=200)
    assert "已有评分表，不能移出本场" in refused.get_data(as_text=True)
    assert set(db.session.scalars(sa.select(Slot.entry_id))) == {first, second}

    alice.post(here(final, "/entries"), {"all": "1"})
    assert set(db.session.scalars(sa.select(Slot.entry_id))) == {first, second, third}


def test_session_opens_closes_and_opens_again_with_a_reason(alice, final):
    set_state(final, "waiting")
    assert "开始评分" in alice.get(here(final)).get_data(as_text=True)

    alice.post(here(final, "/open"))
    assert state_of(final) == "open"
    alice.post(here(final, "/close"))
    assert state_of(final) == "closed"
    alice.post(here(final, "/reopen"), {"reason": ""})
    assert state_of(final) == "closed"
    alice.post(here(final, "/reopen"), {"reason": "两位评委补交"})

    assert state_of(final) == "open"
    assert actions() == ["session.open", "session.close", "session.reopen"]


def test_before_closing_the_page_says_what_is_still_out(alice, final):
    set_state(final, "open")
    assert "还差 9 张" in alice.get(here(final)).text
    begin(final)
    db.session.add(Presence(judge_id=final.judges[0].id, device="iPad", holds=True, entered_at=support.NOW, last_seen_at=support.NOW, waiting=4))
    db.session.commit()
    left = "还差 9 张（其中 1 张已打了一部分），平板上还有 4 处打分没有送达。"
    page = alice.get(here(final)).text
    assert f"已交 0 张，{left}" in page and f"结束“第一场”？{left}之后不再收分" in page
    set_state(final, "closed")
    assert "还差" not in alice.get(here(final)).text


def test_session_stays_shut_while_weights_do_not_make_up_100(alice, final):
    set_state(final, "waiting")
    final.criteria[0].weight -= 1000
    db.session.commit()

    page = alice.get(here(final)).get_data(as_text=True)
    answer = alice.post(here(final, "/open"), follow_redirects=True, status=200).get_data(as_text=True)

    assert "权重合计 99.9，还差 0.1" in page
    assert "权重合计 99.9，还差 0.1" in answer
    assert state_of(final) == "waiting"


def test_session_without_judges_or_entries_stays_shut(alice, final):
    set_state(final, "waiting")
    db.session.execute(sa.delete(Slot))
    db.session.execute(sa.update(Session).values(panel_id=None))
    db.session.commit()

    page = alice.get(here(final)).get_data(as_text=True)
    alice.post(here(final, "/open"))

    assert "还没有评委" in page
    assert "还没有参赛对象" in page
    assert state_of(final) == "waiting"


def test_session_with_records_is_not_removed(alice, final):
    begin(final)
    alice.post(here(final, "/remove"))
    assert state_of(final) == "open"

    db.session.execute(sa.delete(Sheet))
    db.session.commit()
    alice.post(here(final, "/remove"))
    assert db.session.scalar(sa.select(sa.func.count(Session.id))) == 0


def test_lists_of_sessions_do_not_grow_in_queries(alice, final):
    address = url(final, "/sessions")
    with counted_queries() as few:
        alice.get(address)
    db.session.add_all(Session(contest_id=final.contest.id, part_id=final.part.id, panel_id=final.panel.id, name=f"第{n}场") for n in range(2, 5))
    db.session.commit()
    with counted_queries() as many:
        alice.get(address)

    assert len(many) == len(few) <= 12


@pytest.mark.parametrize("path", ["/open", "/close", "/reopen", "/remove", "/entries", "/draw/make", "/edit"])
def test_supervisor_watches_and_changes_nothing(people, final, sign_in, path):
    carol = sign_in(people.carol)

    carol.get(here(final))
    carol.get(here(final, "/draw"))
    carol.post(here(final, path), {"reason": "x", "seed": "1", "method": "hall"}, status=403)


# the draw


def draw(alice, final, seed="20261122 03 08 17", **more):
    return alice.post(here(final, "/draw/make"), {"method": "hall", "seed": seed, "apart": "y", **more}, status=more.pop("status", 302))


def order(final):
    rows = sa.select(Entry.number).join(Slot, Slot.entry_id == Entry.id).where(Slot.session_id == final.session.id)
    return list(db.session.scalars(rows.order_by(Slot.position)))


def by_hand(seed, numbers, attempt=1):
    """What anyone computes from the printed seed, without this program."""
    keys = {number: hashlib.sha256(f"{seed}:{attempt}:{number:02d}".encode()).hexdigest() for number in numbers}
    return sorted(keys, key=keys.get)


@pytest.mark.parametrize("seed", ["6 4 1", "今晚的云 2026", "a"])
def test_anyone_can_repeat_the_draw_by_hand(alice, final, seed):
    draw(alice, final, seed)

    assert order(final) == by_hand(seed, [1, 2, 3])
    kept = db.session.scalars(sa.select(Draw)).one()
    assert (kept.seed, kept.method, kept.drawn_by) == (seed, "hall", "Alice")
    record = db.session.scalars(sa.select(AuditRecord).where(AuditRecord.action == "draw.make")).one()
    assert record.after["order"] == [f"{number:02d}" for number in order(final)]


def test_entries_of_one_organization_do_not_follow_each_other(alice, app, people):
    made = support.make_final(entries=6)
    for entry in made.entries[:3]:
        entry.organization_id = made.entries[0].organization_id
    from compete.models import Membership

    db.session.add(Membership(contest_id=made.contest.id, user_id=people.alice.id, role="organiser"))
    db.session.commit()

    for seed in ("1", "2", "3", "4"):
        draw(alice, made, seed, reason="再来一次")
        units = [number <= 3 for number in order(made)]
        assert not any(one and two for one, two in zip(units, units[1:], strict=False))


def test_second_draw_needs_a_reason_and_keeps_the_first(alice, final):
    draw(alice, final, "first")
    page = draw(alice, final, "second", status=200).get_data(as_text=True)
    assert "重新抽签请写明理由" in page
    assert order(final) == by_hand("first", [1, 2, 3])

    draw(alice, final, "second", reason="种子报错了")

    assert order(final) == by_hand("second", [1, 2, 3])
    first, second = db.session.scalars(sa.select(Draw).order_by(Draw.id)).all()
    assert (first.superseded_at is not None, second.superseded_at, second.reason) == (True, None, "种子报错了")
    old = alice.get(here(final, f"/draw/protocol?draw={first.id}")).get_data(as_text=True)
    assert "已作废" in old


def test_no_draw_after_the_first_mark(alice, final):
    draw(alice, final, "first")
    begin(final)

    page = draw(alice, final, "second", reason="想换", status=200).get_data(as_text=True)

    assert "已经有评委打分，出场顺序不能再变" in page
    assert order(final) == by_hand("first", [1, 2, 3])


def test_seed_of_the_hall_is_required_and_the_systems_is_made(alice, final):
    page = draw(alice, final, "", status=200).get_data(as_text=True)
    assert "请填写现场报出的种子" in page

    draw(alice, final, "", method="system")
    seed = db.session.scalars(sa.select(Draw.seed)).one()
    assert re.fullmatch("[0-9a-f]{12}", seed)
    assert order(final) == by_hand(seed, [1, 2, 3])


def test_protocol_prints_seed_keys_and_how_to_repeat(alice, final):
    alice.get(here(final, "/draw/protocol"), status=302)
    draw(alice, final, "6 4 1")

    page = alice.get(here(final, "/draw/protocol")).get_data(as_text=True)

    key = hashlib.sha256(b"6 4 1:1:02").hexdigest()
    assert "6 4 1" in page
    assert key[:12] in page
    assert "SHA-256" in page


def test_changed_database_is_noticed(alice, final):
    draw(alice, final, "6 4 1")
    kept = db.session.scalars(sa.select(Draw)).one()
    kept.result = kept.result[::-1]
    db.session.commit()

    assert "按种子重算的顺序与记录不一致" in alice.get(here(final, "/draw")).get_data(as_text=True)


def test_screen_waits_then_gets_the_draw_once(alice, people, final, sign_in):
    bob = sign_in(people.bob)
    page = bob.get(here(final, "/draw/screen")).get_data(as_text=True)
    assert '{"draw": null}' in page
    waiting = bob.get(here(final, "/draw/state"))
    assert json.loads(waiting.get_data()) == {"draw": None}
    tag = waiting.headers["ETag"]
    bob.get(here(final, "/draw/state"), headers={"If-None-Match": tag}, status=304)

    draw(alice, final, "6 4 1")
    drawn = json.loads(bob.get(here(final, "/draw/state"), headers={"If-None-Match": tag}).get_data())

    assert [int(step["item"]) for step in drawn["steps"]] == by_hand("6 4 1", [1, 2, 3])
    assert drawn["steps"][0]["title"] == f"项目{int(drawn['steps'][0]['item'])}"


def test_blind_event_shows_no_names(alice, final):
    final.event.is_blind = True
    db.session.commit()
    draw(alice, final, "6 4 1")

    for path in ("/draw", "/draw/screen", "/draw/protocol", "/draw/state", ""):
        page = alice.get(here(final, path)).get_data(as_text=True)
        assert not re.search("项目[123]|单位[123](?!.*评委)", page.replace("评委单位", "")), path
