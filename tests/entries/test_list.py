"""The list: search, filters, order, totals, few queries."""

import re

from compete.models import db
from tests import support
from tests.support import counted_queries


def titles(page) -> list[str]:
    return re.findall(r'class="entry-title">([^<]+)<', page.get_data(as_text=True))


def test_search_finds_title_organization_member_and_number(final, people, sign_in):
    alice, url = sign_in(people.alice), f"/contests/{final.contest.id}/entries"

    assert titles(alice.get(f"{url}?q=项目2")) == ["项目2"]
    assert titles(alice.get(f"{url}?q=单位3")) == ["项目3"]
    assert titles(alice.get(f"{url}?q=完成人1")) == ["项目1"]
    assert titles(alice.get(f"{url}?q=2")) == ["项目2"] and "没有" in alice.get(f"{url}?q=²").text
    assert titles(alice.get(f"{url}?q=%25")) == []
    assert "没有符合条件的参赛对象" in alice.get(f"{url}?q=不存在").get_data(as_text=True)


def test_chips_filter_by_state_and_the_order_can_be_turned(final, people, sign_in):
    final.entries[1].state = "pending"
    final.entries[2].in_competition = False
    db.session.commit()
    alice, url = sign_in(people.alice), f"/contests/{final.contest.id}/entries"

    assert titles(alice.get(f"{url}?state=pending")) == ["项目2"]
    assert titles(alice.get(f"{url}?state=apart")) == ["项目3"]
    assert titles(alice.get(f"{url}?sort=title&order=desc")) == ["项目3", "项目2", "项目1"]
    assert titles(alice.get(f"{url}?sort=organization")) == ["项目1", "项目2", "项目3"]
    assert "合计 3 项 · 待审核 1 · 已通过 2" in alice.get(url).get_data(as_text=True)


def test_an_empty_list_offers_the_first_step(innovation, alice):
    page = alice.get(f"{innovation.url}/entries").get_data(as_text=True)

    assert "还没有参赛对象" in page and "imports/new?kind=entries" in page


def test_the_list_takes_as_many_queries_for_many_rows_as_for_one(app, sign_in):
    found = []
    for number in (1, 12):
        final = support.make_final(entries=number, judges=1)
        person = support.User(login=f"p{number}", name="甲", created_at=support.NOW)
        db.session.add(person)
        db.session.flush()
        db.session.add(support.Membership(contest_id=final.contest.id, user_id=person.id, role="organiser"))
        db.session.commit()
        client = sign_in(person)
        client.get(f"/contests/{final.contest.id}/entries")
        with counted_queries() as statements:
            client.get(f"/contests/{final.contest.id}/entries")
        found.append(len(statements))

    assert found[0] == found[1] <= 12


def test_the_list_loads_no_sealed_column(final, people, sign_in):
    alice = sign_in(people.alice)
    with counted_queries() as statements:
        alice.get(f"/contests/{final.contest.id}/entries")

    assert not any("member.id_number" in statement or "member.phone" in statement for statement in statements)


def test_supervisors_look_on_and_strangers_see_nothing(final, people, sign_in):
    url = f"/contests/{final.contest.id}/entries"

    page = sign_in(people.carol).get(url).get_data(as_text=True)
    assert "导入名单" not in page and "通过勾选的" not in page
    sign_in(people.carol).post(f"{url}/approve", {}, status=403)
    sign_in(people.bob).get(url, status=403)
    sign_in(people.dan).get(url, status=404)
