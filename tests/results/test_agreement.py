"""评委一致性分析: what the page says, to whom, and what it costs."""

import re

import sqlalchemy as sa

from compete.contests import schemes
from compete.models import Entry, Event, Sheet, db
from compete.results import agreement
from compete.results.facts import even_board
from tests import support
from tests.support import counted_queries


def url(final, rest=""):
    return f"/contests/{final.contest.id}/results/{final.event.id}/judges{rest}"


def raise_marks(final, judge, points):
    rows = sa.update(Sheet).where(Sheet.judge_id == final.judges[judge - 1].id)
    db.session.execute(rows.values(total=Sheet.total + points * schemes.part_value(final.part).denominator))
    db.session.commit()


def analysed(final):
    return agreement.analyse(even_board(schemes.load(final.event.id)), "roadshow")


def test_the_page_tells_a_supervisor_what_stands_out(app, sign_in):
    final = support.make_final(entries=10, judges=3, marked=True)
    people = support.make_people(final.contest)
    raise_marks(final, 3, 20)
    page = sign_in(people.carol).get(url(final)).text
    striking = page[page.index("值得留意"):page.index("一致程度")]
    assert "评委3 平均比其他评委高" in striking and "偏宽" in striking and "3\u00a0位" not in striking
    assert "3 位评委对 10 项排出的名次非常一致（W\u00a0=\u00a01.00），几乎不可能是偶然" in page
    assert "去掉评委3 后，名次和奖项都不变" in page
    assert page.count('class="whisker-row') == 4 and '<circle cx="' in page


def test_only_those_who_may_see_marks(app, final, people, sign_in):
    sign_in(people.alice).get(url(final))
    sign_in(people.carol).get(url(final))
    sign_in(people.bob).get(url(final), status=403)
    sign_in(people.dan).get(url(final), status=404)
    sign_in(final.judges[1]).get(url(final), status=403)


def test_a_chief_with_own_sheets_open_waits(app, final, sign_in):
    sign_in(final.judges[0]).get(url(final), status=302)


def test_without_sheets_the_page_says_what_is_missing(app, final, people, sign_in):
    assert "还没有评委交来评分表" in sign_in(people.alice).get(url(final)).text


def test_one_judge_and_one_entry_give_words(app, sign_in):
    final = support.make_final(entries=1, judges=1, marked=True)
    page = sign_in(support.make_people(final.contest).alice).get(url(final)).text
    assert "只有 1 位评委，谈不上是否一致" in page and "宽严对照" not in page
    assert "去掉评委1 后，1 号没有足够的评委，算不出成绩" in page


def test_judging_that_goes_on_is_said(app, sign_in):
    final = support.make_final(entries=4, marked=True)
    db.session.execute(sa.update(Sheet).where(Sheet.entry_id == final.entries[0].id, Sheet.judge_id == final.judges[1].id).values(state="draft"))
    db.session.commit()
    assert "1 项成绩还不完整" in sign_in(support.make_people(final.contest).alice).get(url(final)).text


def test_a_blind_event_shows_no_names(app, sign_in):
    final = support.make_final(entries=6, judges=2, marked=True)
    people = support.make_people(final.contest)
    db.session.execute(sa.update(Event).values(is_blind=True))
    for number, row in enumerate(final.entries):
        db.session.execute(sa.update(Sheet).where(Sheet.entry_id == row.id, Sheet.judge_id == final.judges[1].id)
                           .values(total=(60 + 5 * number) * schemes.part_value(final.part).denominator))  # fmt: skip
    db.session.commit()
    page = sign_in(people.alice).get(url(final)).text
    assert "看变动的名单" in page and "项目" not in re.sub(r"<title>.*?</title>", "", page[page.index("去掉一位评委会怎样"):])


def test_titles_in_the_lists_are_escaped(app, sign_in):
    final = support.make_final(entries=6, judges=2, marked=True)
    people = support.make_people(final.contest)
    db.session.execute(sa.update(Entry).values(title="<b>x</b>"))
    for number, row in enumerate(final.entries):
        db.session.execute(sa.update(Sheet).where(Sheet.entry_id == row.id, Sheet.judge_id == final.judges[1].id)
                           .values(total=(60 + 5 * number) * schemes.part_value(final.part).denominator))  # fmt: skip
    db.session.commit()
    page = sign_in(people.alice).get(url(final)).text
    assert "&lt;b&gt;x&lt;/b&gt;：第" in page and "<b>x</b>" not in page


def test_an_event_or_part_of_elsewhere(app, sign_in):
    final, other = support.make_final(marked=True), support.make_final(marked=True)
    alice = sign_in(support.make_people(final.contest).alice)
    alice.get(f"/contests/{final.contest.id}/results/{other.event.id}/judges", status=404)
    alice.get(url(final, "?part=nothing"))


def test_the_page_keeps_its_number_of_queries(app, sign_in):
    counts = []
    for entries in (1, 3):
        final = support.make_final(entries=entries, marked=True)
        client = sign_in(final.judges[0])  # the chief, whose sheets are in
        with counted_queries() as statements:
            client.get(url(final))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 14


def test_the_axis_holds_every_range(app):
    final = support.make_final(entries=5, judges=4, marked=True)
    raise_marks(final, 2, 7)
    found = analysed(final)
    for one in found.whiskers:
        places = [float(text.rstrip("%")) for text in (one.low, one.at, one.high)]
        assert places == sorted(places) and 4 <= places[0] and places[2] <= 96
    assert [one.name for one in found.whiskers][-1] == "评委2" and found.whiskers[-1].lean == "high"
    assert [label for _, label in found.ticks] == ["−10", "−5", "0", "+5", "+10"]
    assert [x for x, _ in found.ticks] == ["4.00%", "27.00%", "50.00%", "73.00%", "96.00%"]


def test_drift_follows_the_drawn_order(app):
    final = support.make_final(entries=8, judges=3, marked=True)
    for turn, row in enumerate(reversed(final.entries), 1):
        db.session.execute(sa.update(support.Slot).where(support.Slot.entry_id == row.id).values(position=turn))
    db.session.commit()
    assert "越往后打得越高" in analysed(final).drift.sentence  # entry 1 is the best and comes last


def test_in_a_large_field_one_judge_is_left_out_at_a_time(app, sign_in, monkeypatch):
    monkeypatch.setattr(agreement, "AT_ONCE", 50)
    final = support.make_final(entries=6, judges=3, marked=True)
    alice = sign_in(support.make_people(final.contest).alice)
    page = alice.get(url(final)).text
    assert "去掉评委" not in page and page.count("<option") == 3 and "去掉任何一位评委" not in page
    second = final.judges[1]
    page = alice.get(url(final, f"?part=roadshow&without={second.id}")).text
    assert "去掉评委2 后，名次和奖项都不变" in page and "去掉评委1" not in page and f'<option value="{second.id}" selected>' in page
