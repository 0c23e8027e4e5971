"""The standing over the wire: repeated from memory to those who may see it, and only while nothing changed."""

import pytest
import sqlalchemy as sa

from compete.audit import service as audit
from compete.database import write
from compete.judging import rulings
from compete.live import kept
from compete.models import Entry, Membership, User, db
from tests import support
from tests.results.test_live_standing import BY, computed
from tests.support import NOW, counted_queries


def test_organisers_are_answered_from_memory_until_something_changes(app, sign_in):
    final = support.make_final(entries=9, marked=True)
    people = support.make_people(final.contest)
    alice, url = sign_in(people.alice), f"/contests/{final.contest.id}/results/{final.event.id}/live"
    answer = alice.get(url)
    assert answer.json["rows"] == computed(final.event.id) and answer.headers["Cache-Control"] == "private, no-cache"
    alice.get(url)
    with counted_queries() as statements:
        again = alice.get(url)
    assert len(statements) == 1 and again.data == answer.data
    assert all(again.headers[name] == answer.headers[name] for name in ("ETag", "Content-Security-Policy", "Content-Type", "Cache-Control", "Vary"))
    assert alice.get(url, headers={"If-None-Match": answer.headers["ETag"]}, status=304).data == b""
    packed = alice.get(url, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "br" and packed.headers["ETag"] != answer.headers["ETag"]

    with write():
        rulings.penalize(db.session.get(Entry, final.entries[0].id), points=100_000, reason="超时", **BY)
    assert alice.get(url).json["rows"] == computed(final.event.id) != answer.json["rows"]


def test_who_may_not_see_the_standing_any_more_is_not_shown_it_from_memory(app, sign_in):
    final = support.make_final(entries=3, marked=True)
    people = support.make_people(final.contest)
    alice, url = sign_in(people.alice), f"/contests/{final.contest.id}/results/{final.event.id}/live"
    for _ in range(2):
        alice.get(url)
    sign_in(people.dan).get(url, status=404)
    sign_in().get(url, status=302)
    with write():
        db.session.execute(sa.delete(Membership).where(Membership.user_id == people.alice.id))
        audit.record(contest_id=final.contest.id, action="membership.take", subject="user", **BY)
    alice.get(url, status=404)

    eve = sign_in(people.eve)
    for _ in range(2):
        eve.get(url)
    with write():
        db.session.execute(sa.update(User).where(User.id == people.eve.id).values(disabled_at=NOW))
        audit.record(contest_id=None, action="account.disable", subject="user", **BY)
    eve.get(url, status=302)


@pytest.mark.sqlite
def test_what_is_in_memory_is_bounded_and_nothing_is_answered_without_the_database(app, sign_in, monkeypatch):
    final = support.make_final(entries=3, marked=True)
    people = support.make_people(final.contest)
    alice, url = sign_in(people.alice), f"/contests/{final.contest.id}/results/{final.event.id}/live"
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(6):
        alice.get(f"{url}?{number}")
    front = app.wsgi_app._inner
    assert len(front._answers) == 3
    monkeypatch.setattr(front, "_engine", sa.create_engine("sqlite:////nowhere/at/all.db"))
    with counted_queries() as statements:
        alice.get(f"{url}?5")
    assert len(statements) > 1  # the application was asked
