"""The host's console: who may open it, what it shows."""

from tests import support


def give(contest, login: str, role: str):
    from compete.models import Membership, User, db

    row = User(login=login, name=login.title(), created_at=support.NOW)
    db.session.add(row)
    db.session.flush()
    db.session.add(Membership(contest_id=contest.id, user_id=row.id, role=role))
    db.session.commit()
    return row


def test_host_and_organiser_open_the_console(final, people, sign_in):
    url = f"/contests/{final.contest.id}/live"
    host = give(final.contest, "hal", "host")
    for person in (people.alice, host):
        page = sign_in(person).get(url).get_data(as_text=True)
        assert "第一场" in page and f'href="{url}"' in page
    sign_in(people.bob).get(url, status=403)
    sign_in(people.dan).get(url, status=404)
