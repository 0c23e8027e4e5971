"""Invariants 2 and 6: only complete, locked outcomes are released, frozen; only a release is public."""

import hashlib

import sqlalchemy as sa

from compete import clock
from compete.audit import service as audit
from compete.models import Award, Budget, Part, Release, Sheet, db
from tests import support
from tests.support import NOW, counted_queries


def finished(**kwargs):
    """A final with every sheet in and the part locked by the chief judge."""
    final = support.make_final(marked=True, **kwargs)
    db.session.execute(sa.update(Part).values(locked_at=NOW, locked_by="总评委"))
    db.session.commit()
    return final, support.make_people(final.contest)


def url(final, rest=""):
    return f"/contests/{final.contest.id}/awards{rest}"


def release(client, final, days=5):
    return client.post(url(final, f"/{final.event.id}/release"), {"notice_days": days}, follow_redirects=True, status=200).text


def test_preview_counts_places_and_money(app, sign_in):
    final, people = finished()
    db.session.add(Budget(contest_id=final.contest.id, name="奖金", amount_fen=40_000_000))
    db.session.commit()
    page = sign_in(people.alice).get(url(final)).text
    assert page.index("项目1") < page.index("项目2") < page.index("项目3")
    assert "350,000.00" in page and "结余 50,000.00 元" in page


def test_release_freezes_numbers_and_is_public(app, sign_in):
    final, people = finished()
    alice = sign_in(people.alice)
    assert "第 1 号发布" in release(alice, final)
    row = db.session.scalar(sa.select(Release))
    assert row.digest == audit.digest(row.document)
    assert [award.prize_fen for award in db.session.scalars(sa.select(Award).order_by(Award.position))] == [20_000_000, 10_000_000, 5_000_000]
    notice = f"/r/{final.contest.id}/1"
    assert "项目1" in sign_in().get(notice).text
    db.session.execute(sa.update(Sheet).values(total=1))
    db.session.execute(sa.text("UPDATE entry SET title = '改名'"))
    db.session.commit()
    after = sign_in().get(notice).text
    assert "项目1" in after and "改名" not in after and row.digest in after


def test_the_frozen_content_comes_to_the_printed_digest(app, sign_in):
    final, people = finished()
    release(sign_in(people.alice), final)
    path = url(final, "/releases/1/frozen.json")
    file = sign_in(people.carol).get(path)
    assert hashlib.sha256(file.data).hexdigest() == db.session.scalar(sa.select(Release.digest))
    sign_in(people.bob).get(path, status=403)


def test_incomplete_or_unlocked_is_not_released(app, sign_in):
    final, people = finished()
    alice = sign_in(people.alice)
    db.session.execute(sa.update(Sheet).where(Sheet.entry_id == final.entries[0].id).values(state="returned"))
    db.session.execute(sa.update(Part).values(locked_at=None))
    db.session.commit()
    page = release(alice, final)
    assert "成绩不完整" in page and "尚未锁定并签字" in page
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Release)) == 0


def test_over_budget_is_stopped_with_the_way_out(app, sign_in):
    final, people = finished()
    db.session.add(Budget(contest_id=final.contest.id, name="奖金", amount_fen=30_000_000))
    db.session.commit()
    page = release(sign_in(people.alice), final)
    assert "超出预算 50000.00 元" in page or "超出预算 50,000.00 元" in page
    assert "追加预算" in page


def test_withdrawn_release_says_why_and_hides_the_list(app, sign_in):
    final, people = finished()
    alice = sign_in(people.alice)
    release(alice, final)
    assert "仍然有效" in release(alice, final)
    alice.post(url(final, "/releases/1/withdraw"), {"reason": "2 号单位名称有误"})
    notice = sign_in().get(f"/r/{final.contest.id}/1").text
    assert "2 号单位名称有误" in notice and "项目1" not in notice
    assert "第 2 号发布" in release(alice, final)


def test_notice_must_end_before_it_is_final(app, sign_in):
    final, people = finished()
    alice = sign_in(people.alice)
    release(alice, final)
    assert "才结束" in alice.post(url(final, "/releases/1/finish"), follow_redirects=True, status=200).text
    db.session.execute(sa.update(Release).values(notice_until=clock.now()))
    db.session.commit()
    alice.post(url(final, "/releases/1/finish"))
    assert db.session.scalar(sa.select(Release.state)) == "final"


def test_vacant_tier_rolls_nothing_up(app, sign_in):
    final, people = finished()
    alice = sign_in(people.alice)
    alice.post(url(final, f"/{final.event.id}/vacancies"), {"tier": "first", "count": 1, "reason": "均未达到水平"})
    release(alice, final)
    tiers = db.session.execute(sa.select(Award.tier_name, Award.place).order_by(Award.position)).all()
    assert tiers == [("二等奖", 1), ("三等奖", 2)]


def test_out_of_competition_is_passed_over(app, sign_in):
    final, people = finished()
    final.entries[0].in_competition = False
    db.session.commit()
    release(sign_in(people.alice), final)
    assert db.session.scalars(sa.select(Award.entry_id).order_by(Award.position)).all() == [final.entries[1].id, final.entries[2].id]


def test_powers(app, sign_in):
    final, people = finished()
    sign_in(people.carol).post(url(final, f"/{final.event.id}/release"), {"notice_days": 5}, status=403)
    sign_in(people.dan).get(url(final), status=404)
    release(sign_in(people.alice), final)
    assert "第 1 号" in sign_in(people.bob).get(url(final, "/releases/1")).text
    sign_in(people.bob).get(url(final), status=302)


def test_pages_keep_their_number_of_queries(app, sign_in):
    counts = []
    for entries in (1, 3):
        final = support.make_final(entries=entries, marked=True)
        client = sign_in(final.judges[0])
        with counted_queries() as statements:
            client.get(url(final))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 13  # one more than an organiser's: is this chief's own work done?
