"""A rehearsal is a copy: nothing real is touched while it runs, and nothing of it is left when it was cleared."""

import sqlalchemy as sa

from compete.audit import service as audit
from compete.awards import service as awards
from compete.contests import schemes
from compete.database import write
from compete.judging import sessions
from compete.live import feed, screens
from compete.models import (
    Attachment,
    AuditRecord,
    Contest,
    Criterion,
    Entry,
    EntryCode,
    Event,
    Judge,
    Member,
    Part,
    Podium,
    Release,
    Screen,
    Session,
    Slot,
    Stage,
    db,
)
from compete.rehearsal import belonging, playing, service, trying, twins
from compete.results.facts import board
from scoring.problems import Problem
from tests.rehearsal.conftest import ORGANISER
from tests.support import NOW, counted_queries

BY = {"actor": ORGANISER, "now": NOW}


def everything() -> dict[str, list]:
    """All rows of all tables as the driver gives them, but the end of the contests' trails and the trail itself."""
    db.session.rollback()
    found = {}
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            names = [name for name in table.columns.keys() if name not in ("audit_count", "audit_head")]
            rows = connection.exec_driver_sql(f'SELECT {", ".join(chr(34) + name + chr(34) for name in names)} FROM "{table.name}"')
            found[table.name] = sorted(repr(tuple(row)) for row in rows)
    del found["audit_record"]
    return found


def session_of(rehearsal) -> Session:
    return db.session.scalar(sa.select(Session).where(Session.contest_id == rehearsal.id))


def opened(rehearsal) -> Session:
    with write():
        session = session_of(rehearsal)
        assert sessions.open_session(session, **BY) == []
    return session


def play_all(rehearsal) -> int:
    count = 0
    while turns := playing.next_turns(rehearsal):
        for turn in turns:
            with write():
                assert playing.play(turn, now=NOW) is None
            count += 1
    return count


def test_the_server_keeps_to_what_is_on_stage(waiting, rehearsal):
    session = opened(rehearsal)
    last = db.session.scalars(sa.select(Slot).where(Slot.session_id == session.id).order_by(Slot.position)).all()[-1]
    with write():
        db.session.add(Podium(session_id=session.id, slot_id=last.id, only_current=True))
    assert {turn.entry_id for turn in playing.next_turns(rehearsal)} == {last.entry_id} and play_all(rehearsal) == 3


def trail(contest_id: int) -> list[str]:
    return list(db.session.scalars(sa.select(AuditRecord.action).where(AuditRecord.chain == contest_id).order_by(AuditRecord.number)))


def test_everything_of_the_real_contest_is_the_same_after_a_whole_rehearsal(waiting, people):
    before, records = everything(), trail(waiting.contest.id)
    with write():
        rehearsal = service.start(db.session.get(Contest, waiting.contest.id), **BY)
    number = rehearsal.id
    session = opened(rehearsal)
    assert play_all(rehearsal) == 9
    with write():
        part = db.session.get(Part, session.part_id)
        chief = db.session.scalar(sa.select(Judge).where(Judge.contest_id == number, Judge.role == "chief"))
        part.locked_at, part.locked_by = NOW, chief.name
    with write():
        event = db.session.scalar(sa.select(Event).where(Event.contest_id == number))
        assert isinstance(awards.release(board=board(schemes.load(event.id)), notice_days=5, **BY), Release)
    assert belonging.counts(number)["mark"] == 18
    with write():
        gone = service.clear(db.session.get(Contest, number), **BY)
    assert gone["sheet"] == 9 and gone["release"] == 1 and gone["contest"] == 1
    assert everything() == before
    assert trail(waiting.contest.id) == [*records, "rehearsal.start", "rehearsal.clear"] and trail(number) == []
    assert list(audit.verify(waiting.contest.id)) == []
    told = db.session.scalar(sa.select(AuditRecord).where(AuditRecord.action == "rehearsal.clear"))
    assert told.after["sheets"] == 9 and told.after["rows"] == sum(gone.values())


def test_every_table_is_known_to_belong_to_a_contest_or_to_none(app):
    assert {table.name for table in db.metadata.sorted_tables} == set(belonging.ways()) | belonging.COMMON


def test_the_copy_has_what_the_hall_needs_and_no_personal_data(final):
    entry, other, third = final.entries
    leader = entry.members[0]
    leader.phone, leader.id_number, leader.id_key, leader.account, leader.bank = "13900001111", "34010219700101000X", "k", "622202", "工行"
    entry.organization.account, entry.organization.credit_code, entry.summary = "1234", "91340000", "联系电话 13900001111"
    entry.extras = {"备注": "13900001111", "理论": "88"}
    db.session.add(Part(stage=final.stage, code="theory", name="理论", kind="theory", weight=0, position=1))
    db.session.add_all(Attachment(entry_id=entry.id, name=f"{n}.pdf", media_type="application/pdf", size=1, sha256="0" * 64, for_judges=n == 1, uploaded_by="x",
                                  uploaded_at=NOW) for n in (1, 2))  # fmt: skip
    db.session.add(EntryCode(entry_id=entry.id, layer=1, code="K77"))
    final.event.is_blind, final.session.state, final.judges[0].phone = True, "waiting", "13800000000"
    final.event.scheme_version, final.event.frozen_at, other.state = 3, NOW, "pending"
    db.session.execute(sa.delete(Slot).where(Slot.entry_id == other.id))
    db.session.commit()
    with write():
        made = service.start(db.session.get(Contest, final.contest.id), **BY)
    assert made.name == f"彩排 · {final.contest.name}" and trail(made.id) == ["rehearsal.start"]
    event = db.session.scalar(sa.select(Event).where(Event.contest_id == made.id))
    assert (event.scheme_version, event.frozen_at) == (0, None)
    entries = db.session.scalars(sa.select(Entry).where(Entry.event_id == event.id).order_by(Entry.number)).all()
    assert [row.title for row in entries] == [entry.title, third.title]  # an entry neither approved nor in a session stays out
    assert entries[0].extras == {"理论": "88"} and entries[0].summary == "" and entries[0].organization.name == "单位1"
    assert (entries[0].organization.account, entries[0].organization.credit_code) == (None, None)
    member = db.session.scalar(sa.select(Member).where(Member.entry_id == entries[0].id))
    assert member.name == leader.name and {member.phone, member.id_number, member.id_key, member.account, member.bank} == {None}
    assert [row.name for row in entries[0].attachments] == ["1.pdf"]
    codes = db.session.scalars(sa.select(EntryCode.code).join(Entry).where(Entry.event_id == event.id)).all()
    assert sorted(codes) == ["R01", "R02"]  # the real code stays secret
    assert {row.phone for row in db.session.scalars(sa.select(Judge).where(Judge.contest_id == made.id))} == {None}


def test_criteria_keep_their_tree(final):
    final.session.state = "waiting"
    db.session.add(Criterion(part=final.part, parent_id=final.criteria[0].id, code="c1a", name="下级", weight=1_000_000, maximum=500000, position=0))
    db.session.commit()
    with write():
        made = service.start(db.session.get(Contest, final.contest.id), **BY)
    rows = db.session.scalars(sa.select(Criterion).join(Part).join(Stage).join(Event).where(Event.contest_id == made.id)).all()
    by_code = {row.code: row for row in rows}
    assert by_code["c1a"].parent_id == by_code["c1"].id != final.criteria[0].id and by_code["c2"].parent_id is None


def test_real_judging_waits_until_the_rehearsal_is_cleared(waiting, rehearsal):
    with write():
        real = db.session.get(Session, waiting.session.id)
        assert [problem.code for problem in sessions.open_session(real, **BY)] == ["rehearsal.running"]
        real.state = "closed"
    with write():
        assert sessions.reopen(db.session.get(Session, waiting.session.id), reason="x", **BY).code == "rehearsal.running"
        real = db.session.get(Session, waiting.session.id)
        real.state = "waiting"
    assert service.start(db.session.get(Contest, waiting.contest.id), **BY).code == "rehearsal.twice"
    assert service.start(rehearsal, **BY).code == "rehearsal.twice"
    assert service.clear(db.session.get(Contest, waiting.contest.id), **BY).code == "rehearsal.real"
    db.session.rollback()
    with write():
        service.clear(db.session.get(Contest, rehearsal.id), **BY)
    with write():
        assert sessions.open_session(db.session.get(Session, waiting.session.id), **BY) == []
    assert service.start(db.session.get(Contest, waiting.contest.id), **BY).code == "rehearsal.judging"


def test_nothing_to_rehearse(final):
    final.session.state = "waiting"
    db.session.execute(sa.delete(Slot))
    db.session.commit()
    found = service.start(db.session.get(Contest, final.contest.id), **BY)
    assert isinstance(found, Problem) and found.code == "rehearsal.nothing"


def test_a_number_used_again_opens_nothing(waiting, rehearsal):
    """SQLite gives the number of a deleted row to the next one: what a tablet still holds must not fit it."""
    judge = twins.judge_of(waiting.judges[1])
    old, key = judge.get_id(), twins.key_of(rehearsal)
    with write():
        service.clear(db.session.get(Contest, rehearsal.id), **BY)
        again = service.start(db.session.get(Contest, waiting.contest.id), **BY)
    assert twins.judge_of(waiting.judges[1]).get_id() != old and twins.key_of(again) != key
    assert all(row.epoch > 100 for row in db.session.scalars(sa.select(Judge).where(Judge.contest_id == again.id)))


def test_the_rubric_of_a_cleared_part_is_forgotten(waiting, rehearsal):
    opened(rehearsal)
    play_all(rehearsal)
    with write():
        service.clear(db.session.get(Contest, rehearsal.id), **BY)
        again = service.start(db.session.get(Contest, waiting.contest.id), **BY)
    opened(again)
    assert play_all(again) == 9


def test_the_check_list_tells_what_was_tried(waiting, rehearsal):
    with counted_queries() as statements:
        tried = trying.of(rehearsal, now=NOW)
    assert len(statements) <= 4
    assert tried.count == (0, 3 + 0 + len(trying.STEPS)) and not any(row.done for row in tried.seats)
    opened(rehearsal)
    play_all(rehearsal)
    tried = trying.of(rehearsal, now=NOW)
    assert {(row.own, row.played, row.done) for row in tried.seats} == {(0, 3, False)}  # a seat is tried by its own tablet
    assert {step.name for step in tried.steps if step.done} == {"开始评分"}
    with write():
        for action in ("screen.step", "part.lock", "rehearsal.paper"):
            audit.record(contest_id=rehearsal.id, action=action, subject="screen", **BY)
    assert {step.name for step in trying.of(rehearsal, now=NOW).steps if step.done} == {"开始评分", "颁奖", "总评委锁定签字", "打印文件"}


def test_a_display_shows_the_rehearsal_while_there_is_one(waiting):
    with write():
        made = screens.make(waiting.contest.id, name="主屏", **BY)
        screens.direct(made, scene="message", data={"text": "正式"}, **BY)
        key, real = made.key, made.id
    with write():
        rehearsal = service.start(db.session.get(Contest, waiting.contest.id), **BY)
        twin = screens.by_key(key)
        screens.direct(db.session.get(Screen, twin), scene="message", data={"text": "试一试"}, **BY)
    told = feed.document(twin, NOW)
    assert twin != real and told["rehearsal"] and told["body"]["text"] == "试一试" and told["contest"].startswith("彩排")
    assert [row.name for row in trying.of(rehearsal, now=NOW).screens] == ["主屏"]
    with write():
        screens.alive(twin, NOW)
    assert [row.seen_at for row in trying.of(rehearsal, now=NOW).screens] == [NOW]
    assert feed.document(real, NOW)["body"]["text"] == "正式" and "rehearsal" not in feed.document(real, NOW)
    with write():
        service.clear(db.session.get(Contest, rehearsal.id), **BY)
    assert screens.by_key(key) == real
