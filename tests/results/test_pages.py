"""The pages of results: who sees them, what they say, what they cost."""

import re

import sqlalchemy as sa

from compete.judging import masks
from compete.models import Decision, Entry, EntryCode, Sheet, db
from tests import support
from tests.support import counted_queries


def url(final, rest=""):
    return f"/contests/{final.contest.id}/results{rest}"


def test_standings_show_places_marks_and_reasons(app, sign_in):
    final = support.make_final(marked=True, judges=5)
    people = support.make_people(final.contest)
    page = sign_in(people.alice).get(url(final)).text
    assert page.index("项目1") < page.index("项目2") < page.index("项目3")
    assert "第 1 名" in page and 'class="num cut"' in page


def test_free_texts_are_escaped(app, sign_in):
    final = support.make_final(marked=True)
    people = support.make_people(final.contest)
    db.session.execute(sa.update(Entry).values(title="<b>x</b>=1+1"))
    db.session.commit()
    page = sign_in(people.alice).get(url(final)).text
    assert "&lt;b&gt;x&lt;/b&gt;=1+1" in page and "<b>x</b>" not in page


def test_explanation_and_charts(app, sign_in):
    final = support.make_final(marked=True, judges=5)
    people = support.make_people(final.contest)
    alice = sign_in(people.alice)
    page = alice.get(url(final, f"/entries/{final.entries[0].id}")).text
    assert "5 位评委" in page and "去掉最高" in page
    assert "评委对比" in alice.get(url(final, f"/{final.event.id}/charts")).text


def test_no_page_of_a_blind_event_shows_a_title_before_there_are_codes(app, sign_in):
    """Codes are drawn late: until then, and for an entry that came after the draw, a word stands in."""
    final = support.make_final(entries=4, marked=True, judges=5)
    people = support.make_people(final.contest)
    final.event.is_blind = True
    first, _, *last = final.entries
    db.session.add(EntryCode(entry_id=first.id, layer=1, code="K17"))
    db.session.execute(sa.update(Sheet).where(Sheet.entry_id.in_([entry.id for entry in last])).values(total=0))
    db.session.commit()
    alice, name = sign_in(people.alice), f"/{final.event.id}"
    pages = {rest: alice.get(url(final, rest)).text for rest in (name, f"{name}/charts", f"{name}/judges", f"{name}/decide")}
    pages |= {"coded": alice.get(url(final, f"/entries/{masks.mask(first.id)}")).text, "uncoded": alice.get(url(final, f"/entries/{masks.mask(last[0].id)}")).text}
    pages["awards"] = alice.get(f"/contests/{final.contest.id}/awards/{final.event.id}").text
    assert {rest for rest, page in pages.items() if re.search(r"项目\d|单位\d", page.replace("评委单位", ""))} == set()
    assert {rest for rest, page in pages.items() if "未编码" not in page} == {f"{name}/judges", "coded"}
    assert "K17" in pages["coded"] and "1 号" not in pages["coded"]


def test_only_those_with_the_power_see_results(app, final, people, sign_in):
    sign_in(people.carol).get(url(final))
    sign_in(people.bob).get(url(final), status=403)
    sign_in(people.dan).get(url(final), status=404)
    sign_in(final.judges[1]).get(url(final), status=403)
    sign_in(people.carol).get(url(final, f"/{final.event.id}/decide"), status=403)


def test_pages_keep_their_number_of_queries(app, sign_in):
    counts = []
    for entries in (1, 3):
        final = support.make_final(entries=entries, marked=True)
        judge = final.judges[0]  # the chief
        client = sign_in(judge)
        with counted_queries() as statements:
            client.get(url(final))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_undecided_tie_asks_for_a_recorded_decision(app, sign_in):
    final = support.make_final(marked=True)
    people = support.make_people(final.contest)
    db.session.execute(sa.update(Sheet).where(Sheet.entry_id != final.entries[2].id).values(total=900_000))
    db.session.commit()
    alice = sign_in(people.alice)
    assert "记录同分决定" in alice.get(url(final)).text
    wrong = alice.post(url(final, f"/{final.event.id}/decide"), {"order": "2 3", "method": "lot", "reason": "抽签"}, status=200)
    assert "与当前成绩不符" in wrong.text
    alice.post(url(final, f"/{final.event.id}/decide"), {"order": "2、1", "method": "lot", "reason": "当众抽签"})
    page = alice.get(url(final)).text
    assert page.index("项目2") < page.index("项目1") and "记录同分决定" not in page
    decision = db.session.scalar(sa.select(Decision))
    alice.post(url(final, f"/{final.event.id}/decisions/{decision.id}/revoke"))
    assert "记录同分决定" in alice.get(url(final)).text
