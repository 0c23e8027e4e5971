"""The judge's seat: which tablet holds it, what the host sees of it, and what a tablet says while it is open."""

from datetime import timedelta

from compete.database import write
from compete.judging import cards
from compete.marking import entrance, seats
from compete.models import AuditRecord, LateMark, Presence, db
from tests.support import NOW, counted_queries


def tell(judge, device, *, at=NOW, **sign):
    with write():
        seats.alive(judge.id, device, seats.Sign(**sign), now=at)


def enter(desk, device):
    with write():
        card = cards.issue_card(desk.judge, actor=desk.actor, now=NOW)
        assert entrance.enter(desk.judge, card.pin, actor=desk.actor._replace(device=device), now=NOW) is None


def seat(final, number=1):
    return seats.at(final.session)[number]


def test_the_newest_tablet_that_comes_in_holds_the_seat_and_the_older_ones_stay_known(final, desk):
    enter(desk, "iPad A")
    tell(desk.judge, "iPad A", waiting=3, battery=80, charging=False, viewing="02")
    enter(desk, "安卓 B")
    now = seat(final)
    assert (now.judge, now.device, now.holds, now.waiting) == ("评委2", "安卓 B", True, 0)
    assert [(row.device, row.waiting, row.battery, row.viewing, row.holds) for row in now.others] == [("iPad A", 3, 80, "02", False)]
    record = desk.records("card.enter")[-1]
    assert (record.before, record.after) == ({"device": "iPad A"}, {"device": "安卓 B"})

    # A tablet that only opens the page does not take the seat, one on which the judge goes on does.
    tell(desk.judge, "iPad C")
    assert seat(final).device == "安卓 B"
    with write():
        seats.take(desk.judge, "iPad A", actor=desk.actor, now=NOW)
        seats.take(desk.judge, "iPad A", actor=desk.actor, now=NOW)
    assert (seat(final).device, seat(final).waiting) == ("iPad A", 3)
    assert [(record.before, record.after) for record in desk.records("seat.take")] == [({"device": "安卓 B"}, {"device": "iPad A"})]


def test_who_signs_out_leaves_the_seat_but_not_the_marks_that_wait(final, desk):
    enter(desk, "iPad A")
    tell(desk.judge, "iPad A", waiting=2)
    with write():
        seats.leave(desk.judge.id, "iPad A", now=NOW)
    assert (seat(final).device, seat(final).holds, seat(final).waiting) == ("iPad A", False, 2)
    tell(desk.judge, "iPad B")
    assert (seat(final).device, [row.device for row in seat(final).others]) == ("iPad B", ["iPad A"])
    tell(desk.judge, "iPad A")
    with write():
        seats.leave(desk.judge.id, "iPad A", now=NOW)
    assert seat(final).others == ()


def test_a_seat_nobody_came_to_is_empty_and_late_marks_are_counted(final):
    db.session.add(LateMark(contest_id=final.contest.id, part_id=final.part.id, entry_id=final.entries[0].id, judge_id=final.judges[0].id,
                            message={}, digest="0", code="locked", why="", received_at=NOW))  # fmt: skip
    db.session.commit()
    assert [(row.judge, row.role, row.device, row.last_seen, row.holds, row.others, row.late) for row in seats.at(final.session)] == [
        ("评委1", "chief", "", None, False, (), 1), ("评委2", "judge", "", None, False, (), 0), ("评委3", "judge", "", None, False, (), 0),
    ]  # fmt: skip


def test_all_seats_are_read_with_the_same_few_queries(final):
    tell(final.judges[0], "iPad A")
    with counted_queries() as one:
        seats.at(final.session)
    for judge in final.judges:
        for device in ("iPad B", "iPad C", "iPad D"):
            tell(judge, device)
    assert final.session.part_id
    with counted_queries() as many:
        assert sum(len(row.others) for row in seats.at(final.session)) == 7
    assert len(one) == len(many) == 3


def test_a_sign_of_life_is_written_only_when_it_tells_something(final, desk):
    tell(desk.judge, "iPad A", waiting=1)

    def worth(seconds, **sign):
        return seats.stale(desk.judge.id, "iPad A", seats.Sign(**sign), now=NOW + timedelta(seconds=seconds))

    assert [worth(15, waiting=1), worth(15, waiting=2), worth(15, waiting=1, viewing="01"), worth(30, waiting=1)] == [False, True, True, True]


def test_the_tablet_says_how_it_is_and_hears_whether_it_holds_the_seat(final, sign_in):
    tablet = sign_in(final.judges[1])
    sign = {"waiting": 2, "refused": 1, "battery": 41, "charging": True, "viewing": "01"}
    assert tablet.post("/judge/api/alive", json=sign, status=200).json == {"holds": True, "device": "其他设备 TEST01"}
    row = db.session.scalar(db.select(Presence))
    assert (row.judge_id, row.device, row.waiting, row.refused, row.battery, row.charging, row.viewing) == (
        final.judges[1].id, "其他设备 TEST01", 2, 1, 41, True, "01",
    )  # fmt: skip

    with write():
        seats.sit(final.judges[1].id, "iPad B", now=NOW)
    assert tablet.post("/judge/api/alive", json={"waiting": 0}, status=200).json == {"holds": False, "device": "iPad B"}
    assert tablet.post("/judge/api/seat", status=200).json == {"holds": True, "device": "其他设备 TEST01"}
    for wrong in ([], {"waiting": -1}, {"battery": 101}, {"viewing": "x" * 41}, {"charging": 1}, {"waiting": True}):
        assert tablet.post("/judge/api/alive", json=wrong, status=400).json["code"] == "malformed"

    tablet.post("/judge/leave", status=200)
    row = db.session.scalar(db.select(Presence).where(Presence.device == "其他设备 TEST01"))
    assert (row.holds, row.left_at is not None) == (False, True)
    assert sign_in().post("/judge/api/alive", json={}, status=401).json["code"] == "signed_out"
    assert db.session.scalar(db.select(db.func.count()).select_from(AuditRecord).where(AuditRecord.action == "seat.take")) == 1
