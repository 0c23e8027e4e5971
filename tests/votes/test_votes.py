"""The public vote: one ballot per device or ticket, exact counts, taken over as the figures of its part."""

import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from compete.audit.service import Actor
from compete.contests import schemes
from compete.database import write
from compete.live import feed, screens, showings
from compete.models import AuditRecord, Ballot, Contest, Entry, Part, Poll, Ruling, Ticket, Vote, db
from compete.office import checks
from compete.results import reading
from compete.setup import limiter
from compete.votes import ballots, service
from scoring import UNIT
from scoring.problems import Problem
from tests.support import NOW, counted_queries

BY = {"actor": Actor("user:1", "Alice", "Mac TEST01"), "now": NOW}


def poll_of(final, part=None, **settings) -> Poll:
    settings = {"name": "人气奖", "most": 2, "changeable": True, "ticketed": False, "live": False} | settings
    with write():
        return service.make(db.session.get(Contest, final.contest.id), event_id=final.event.id, part_id=part and part.id, **BY, **settings)


def opened(final, part=None, **settings) -> Poll:
    poll = poll_of(final, part, **settings)
    with write():
        assert service.open_poll(db.session.get(Poll, poll.id), **BY) is None
    return poll


def vote(poll, who, *entries, **more):
    with write():
        return ballots.cast(db.session.get(Poll, poll.id), who, [entry.id for entry in entries], device="iPhone", source="s", now=NOW, **more)


def close(poll):
    with write():
        assert service.close(db.session.get(Poll, poll.id), **BY) is None


def counted(poll):
    return [(line.choice.number, line.votes, line.place) for line in service.tally(poll).lines]


def test_one_device_has_one_ballot_that_may_change_while_open(final):
    one, two, three = final.entries
    poll = opened(final)
    first = vote(poll, "a", one, two)
    assert vote(poll, "a", one, two) == first  # the same again, as after a lost answer
    again = vote(poll, "a", three)
    assert again.receipt == first.receipt and again.changed_at == NOW
    vote(poll, "b", three, one)
    assert counted(poll) == [(3, 2, 1), (1, 1, 2), (2, 0, 3)] and service.tally(poll).ballots == 2
    assert db.session.scalar(sa.select(sa.func.count(Ballot.id))) == 2
    close(poll)
    assert vote(poll, "c", one).code == vote(poll, "a", one).code == "ballot.closed"
    assert vote(poll, "b", three, one).receipt  # who asks again whether it arrived is told
    told = db.session.scalar(sa.select(AuditRecord).where(AuditRecord.action == "poll.close")).after
    assert told["ballots"] == 2 and told["digest"] == service.digest(poll.id) == service.sealed(poll.id)
    assert sorted(service.list_of(poll.id)) == sorted([(first.receipt, [(3, "项目3")]), (vote(poll, "b", three, one).receipt, [(1, "项目1"), (3, "项目3")])])


def test_a_ballot_changed_behind_the_product_is_found(final):
    one, two, _ = final.entries
    poll = opened(final)
    vote(poll, "a", one)
    close(poll)
    assert list(checks.ballots()) == []
    db.session.execute(sa.update(Vote).values(entry_id=two.id))
    db.session.commit()
    (problem,) = checks.ballots()
    assert (problem.where, problem.code) == ("人气奖", "check.ballots")


def test_the_list_of_ballots_is_given_out_after_the_end(final, people, sign_in):
    poll = opened(final)
    receipt = vote(poll, "a", *final.entries[:2]).receipt
    alice, page = sign_in(people.alice), f"/contests/{final.contest.id}/votes/{poll.id}"
    assert "投票还没有结束" in alice.get(f"{page}/ballots.xlsx", status=200, follow_redirects=True).get_data(as_text=True)
    close(poll)
    assert f"{page}/ballots.xlsx" in alice.get(page).get_data(as_text=True)
    book = load_workbook(BytesIO(alice.get(f"{page}/ballots.xlsx").data))
    assert list(book.active.values) == [("回执", "所选编号", "所选名称"), (receipt, "1、2", "项目1；项目2")]


@pytest.mark.sqlite
def test_what_a_ballot_may_hold(final):
    one, two, three = final.entries
    poll = opened(final, changeable=False)
    assert vote(poll, "a").code == "ballot.empty"
    assert vote(poll, "a", one, two, three).code == "ballot.many"
    final.entries[2].state = "withdrawn"
    db.session.add(Ruling(entry_id=two.id, kind="absence", reason="x", made_by="x", made_at=NOW))
    db.session.commit()
    assert vote(poll, "a", three).code == vote(poll, "a", two).code == "ballot.unknown"
    assert vote(poll, "a", one).receipt and [line[0] for line in counted(poll)] == [1]
    final.entries[2].state = "approved"
    db.session.commit()
    assert vote(poll, "a", three).code == "ballot.twice"
    assert vote(poll_of(final), "a", one).code == "ballot.closed"


@pytest.mark.sqlite
def test_a_blind_event_has_no_public_vote(final):
    poll = poll_of(final)
    final.event.is_blind = True
    db.session.commit()
    assert poll_of(final).code == service.open_poll(poll, **BY).code == "poll.blind"
    db.session.rollback()


@pytest.mark.sqlite
def test_rules_stand_once_the_vote_began(final):
    poll = poll_of(final)
    with write():
        assert service.change(db.session.get(Poll, poll.id), name="最受欢迎", most=3, **BY) is None
    assert (poll.name, poll.most) == ("最受欢迎", 3)
    with write():
        service.open_poll(db.session.get(Poll, poll.id), **BY)
    assert service.change(poll, most=1, **BY).code == "poll.state"
    assert service.open_poll(poll, **BY).code == "poll.state"  # a second click
    db.session.rollback()


def test_counts_become_the_figures_of_the_part(final):
    part = Part(stage=final.stage, code="vote", name="公众投票", kind="vote", weight=300_000, position=1)
    final.part.weight = 700_000
    final.entries[0].extras = {"工期": "90 天"}
    db.session.add(part)
    db.session.commit()
    poll = opened(final, part)
    for who in "abc":
        vote(poll, who, final.entries[0])
    vote(poll, "d", final.entries[2])
    assert service.take_over(poll, **BY).code == "poll.state"
    close(poll)
    with write():
        assert service.take_over(db.session.get(Poll, poll.id), **BY) == 3
    assert final.entries[0].extras == {"工期": "90 天", "公众投票": "3"} and final.entries[1].extras["公众投票"] == "0"
    event = schemes.load(final.event.id)
    found = reading.figures(event.id, event.stages[0].parts)
    assert [found[entry.id]["vote"] for entry in final.entries] == [3 * UNIT, 0, UNIT]
    assert service.take_over(poll, **BY).code == service.open_poll(poll, **BY).code == "poll.taken"
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditRecord.action == "poll.take")) == 3
    assert isinstance(service.take_over(poll_of(final), **BY), Problem)
    db.session.rollback()


@pytest.mark.sqlite
def test_counting_asks_no_more_for_more_ballots(final):
    poll = opened(final)
    for who in "ab":
        vote(poll, who, final.entries[0])
    with counted_queries() as statements:
        service.tally(poll)
    assert len(statements) <= 3


@pytest.mark.sqlite
def test_crowds_are_shown_and_an_even_stream_is_not(final):
    poll = opened(final)
    db.session.execute(sa.insert(Ballot), [
        {"poll_id": poll.id, "voter": f"v{n}", "receipt": "", "revision": 1, "device": "安卓", "source": f"s{n}", "cast_at": NOW.replace(minute=31 + n // 60, second=n % 60)}
        for n in range(180)
    ])  # fmt: skip
    db.session.commit()
    assert ballots.crowds(poll.id) == []
    db.session.execute(sa.insert(Ballot), [
        {"poll_id": poll.id, "voter": f"x{n}", "receipt": "", "revision": 1, "device": "Windows", "source": "one", "cast_at": NOW.replace(minute=33)}
        for n in range(20)
    ])  # fmt: skip
    db.session.commit()
    assert {(crowd.kind, crowd.device, crowd.ballots) for crowd in ballots.crowds(poll.id)} == {("source", "Windows", 20), ("second", "Windows", 20)}


def test_a_ticket_is_one_ballot_on_any_phone(final, sign_in):
    poll = poll_of(final, ticketed=True, most=1)
    assert service.open_poll(poll, **BY).code == "poll.tickets"
    with write():
        service.make_tickets(db.session.get(Poll, poll.id), 2, **BY)
        assert service.open_poll(db.session.get(Poll, poll.id), **BY) is None
    code = db.session.scalars(sa.select(Ticket)).first().code
    phone, other, page = sign_in(), sign_in(), f"/vote/{poll.key}"
    assert "请用手机相机扫" in phone.get(page).text
    phone.post(page, {"entry": final.entries[0].id}, status=403)
    phone.get(f"{page}/t/nonsense", status=404)
    for each, entry in ((phone, final.entries[0]), (other, final.entries[1])):
        assert each.get(f"{page}/t/{code}", status=302).location == page
        each.post(page, {"entry": entry.id})
    assert counted(poll)[0] == (2, 1, 1) and service.tally(poll).ballots == 1  # the slip went to the neighbour: one ballot, the later choice


@pytest.mark.sqlite
def test_phones_behind_one_router_are_limited_each_for_itself(final, sign_in, monkeypatch):
    """Twenty a minute is a phone's measure: a hall with tickets behind one address votes at once."""
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    poll = poll_of(final, ticketed=True, most=1)
    with write():
        service.make_tickets(db.session.get(Poll, poll.id), 25, **BY)
        service.open_poll(db.session.get(Poll, poll.id), **BY)
    page = f"/vote/{poll.key}"
    for ticket in db.session.scalars(sa.select(Ticket)).all():
        phone = sign_in()
        phone.get(f"{page}/t/{ticket.code}", status=302)
        phone.post(page, {"entry": final.entries[0].id}, status=302)
    assert service.tally(poll).ballots == 25
    for _ in range(19):
        phone.post(page, {"entry": final.entries[0].id}, status=302)
    phone.post(page, {"entry": final.entries[0].id}, status=429)


def test_a_phone_votes_and_keeps_its_receipt(final, sign_in):
    poll = poll_of(final)
    phone, page = sign_in(), f"/vote/{poll.key}"
    assert "还没有开始" in phone.get(page).text
    with write():
        service.open_poll(db.session.get(Poll, poll.id), **BY)
    assert "最多选 2 项" in phone.get(page).text
    for nothing in ({}, {"entry": ["²", "9" * 5000]}):  # digits to the eye, no numbers
        assert "还没有选" in phone.post(page, nothing, status=422).text
    phone.post(page, {"entry": [final.entries[0].id, final.entries[2].id]})
    told = phone.get(page).text
    receipt = db.session.scalar(sa.select(Ballot.receipt))
    assert "已收到" in told and receipt in told and "项目3" in told and "项目2" not in told
    assert "改为这样投" in phone.get(f"{page}?again=1").text
    phone.post(page, {"entry": final.entries[1].id})
    assert counted(poll)[0] == (2, 1, 1)
    row = db.session.scalar(sa.select(Ballot))
    assert len(row.voter) == 64 and row.device == "其他设备"[:16]
    sign_in().get("/vote/unknown", status=404)


@pytest.mark.sqlite
def test_the_pages_of_organiser_and_host(final, people, sign_in):
    alice, home = sign_in(people.alice), f"/contests/{final.contest.id}/votes"
    assert "还没有公众投票" in alice.get(home).text
    new = alice.get(f"{home}/new").text
    assert "人气奖（只公布票数）" in new and "清掉浏览记录就能再投一次" in new
    assert " checked" in next(tag for tag in re.findall(r"<input[^>]*>", new) if 'name="ticketed"' in tag)
    alice.post(f"{home}/new", {"name": "", "subject": f"{final.event.id}:0", "most": "1"}, status=200)
    show = alice.post(f"{home}/new", {"name": "人气", "subject": f"{final.event.id}:0", "most": "1", "ticketed": "y"}).location
    alice.post(f"{show}/open")
    assert "还没有投票券" in alice.get(show).text
    assert alice.post(f"{show}/tickets", {"count": "3"}).location == f"{show}/tickets"
    assert alice.get(f"{show}/tickets").text.count("一券一票") == 3
    alice.post(f"{show}/rules", {"name": "人气", "most": "1", "changeable": "y"})
    alice.post(f"{show}/open")
    assert "挡不住重复投票" in alice.get(show).text
    poll = db.session.scalar(sa.select(Poll))
    vote(poll, "a", final.entries[1])
    assert "投票中" in alice.get(show).text and "<strong>1</strong> 张选票" in alice.get(f"{show}?part=1").get_json()["html"]
    alice.post(f"{show}/close")
    assert "票数计入成绩" not in alice.get(show).text and "投票" in alice.get(home).text
    assert alice.get(f"{show}/counts.xlsx").data[:2] == b"PK"
    sign_in(people.bob).get(home, status=403)
    assert db.session.scalar(sa.select(sa.func.count(Vote.id))) == 1 and db.session.get(Entry, final.entries[1].id)


def test_the_hall_sees_counts_only_when_they_are_shown(final, people, sign_in):
    alice, one = sign_in(people.alice), final.entries[0]
    poll, live = opened(final), opened(final, name="实时", live=True)
    with write():
        screen = screens.make(final.contest.id, name="主屏", **BY)
    for each in (poll, live):
        vote(each, "a", one)
    home = f"/contests/{final.contest.id}/votes"
    alice.post(f"{home}/{live.id}/screen", {"screen": screen.id})
    assert [line["votes"] for line in feed.document(screen.id, NOW)["body"]["lines"]] == [1, 0, 0]
    alice.post(f"{home}/{poll.id}/screen", {"screen": screen.id})
    body = feed.document(screen.id, NOW)["body"]
    assert (body["ballots"], body["lines"], body["state"]) == (1, None, "open") and body["qr"]["path"]
    assert showings.show_vote(poll, **BY).code == "showing.vote"
    close(poll)
    assert feed.document(screen.id, NOW)["body"]["lines"] is None
    alice.post(f"{home}/{poll.id}/reveal")
    body = feed.document(screen.id, NOW)["body"]
    assert [(line["number"], line["votes"]) for line in body["lines"]] == [(1, 1), (2, 0), (3, 0)] and body["shown"]["number"] == 1
    assert body["of"] == 3 and "entry_id" not in body["lines"][0] and "qr" not in body
    with write():
        assert showings.show_vote(db.session.get(Poll, poll.id), **BY).number == 1  # the same again is that one
        service.open_poll(db.session.get(Poll, poll.id), **BY)
    vote(poll, "b", one)
    close(poll)
    assert showings.show_vote(db.session.get(Poll, poll.id), **BY).code == "showing.changed"
    assert "结果已亮出" in alice.get(f"{home}/{poll.id}").text
    assert isinstance(screens.direct(screen, scene="vote", data={"poll": 999}, **BY), Problem)
    db.session.rollback()
