"""Titles, team lists and promotion: in the preview, frozen in a release, on the public page and in the workbook."""

from io import BytesIO

import sqlalchemy as sa
from openpyxl import load_workbook

from compete.models import Award, Budget, Delegation, Entry, EntryCode, Release, Tier, Title, db
from tests.awards.test_release import finished, release, url
from tests.support import counted_queries

RULES = {
    "titles": [{"code": "gold", "name": "金牌技工", "count": 1, "prize_fen": 100_00}, {"code": "silver", "name": "银牌技工", "count": 2, "requires": ["!gold"]}],
    "teams": [{"code": "team", "name": "团体总分", "by": "delegation", "rule": "best", "keep": 2, "tiers": [{"code": "group", "name": "优秀组织奖", "count": 1}]}],
    "promotion": {"name": "全国赛", "count": 2},
}


def with_lists(**kwargs):
    final, people = finished(**kwargs)
    final.event.rules = {**final.event.rules, **RULES}
    teams = [Delegation(contest_id=final.contest.id, name=name) for name in ("皖东代表队", "皖西代表队")]
    db.session.add_all(teams)
    db.session.flush()
    for entry in final.entries:
        entry.delegation_id = teams[entry.number % 2].id
    db.session.commit()
    return final, people


def test_the_preview_shows_every_list(app, sign_in):
    final, people = with_lists(entries=5)
    page = sign_in(people.alice).get(url(final)).text
    assert "金牌技工" in page and page.count("银牌技工") >= 2
    assert "皖东代表队" in page and "优秀组织奖" in page and "晋级全国赛（2）" in page
    assert "350,100.00" in page  # the title's prize is money too


def test_a_release_freezes_the_lists_and_the_public_page_shows_them(app, sign_in):
    final, people = with_lists(entries=5)
    alice = sign_in(people.alice)
    assert "第 1 号发布" in release(alice, final)
    document = db.session.scalar(sa.select(Release)).document
    assert [title["name"] for title in document["titles"]] == ["金牌技工", "银牌技工"]
    assert [row["number"] for row in document["titles"][1]["entries"]] == [2, 3]
    assert [(row["name"], row["place"], row["tier"]) for row in document["teams"][0]["standings"]] == [("皖西代表队", 1, "优秀组织奖"), ("皖东代表队", 2, "")]
    assert [row["number"] for row in document["promotion"]["entries"]] == [1, 2]
    assert document["total_fen"] == 35_010_000
    awards = db.session.execute(sa.select(Award.tier_name, Award.prize_fen).order_by(Award.position)).all()
    assert awards[0] == ("一等奖、金牌技工", 20_010_000) and len(awards) == 3
    assert sorted(db.session.scalars(sa.select(Title.name))) == ["金牌技工", "银牌技工", "银牌技工"]
    notice = sign_in().get(f"/r/{final.contest.id}/1").text
    assert "银牌技工" in notice and "皖西代表队" in notice and "晋级全国赛名单" in notice
    assert "团体总分" in alice.get(url(final, "/releases/1")).text


def test_titles_with_prizes_count_against_the_budget(app, sign_in):
    final, people = with_lists(entries=5)
    db.session.add(Budget(contest_id=final.contest.id, name="奖金", amount_fen=35_000_000))
    db.session.commit()
    assert "超出" in sign_in(people.alice).get(url(final)).text


def test_a_plain_release_says_nothing_of_lists(app, sign_in):
    final, people = finished()
    release(sign_in(people.alice), final)
    assert not {"titles", "teams", "promotion"} & db.session.scalar(sa.select(Release)).document.keys()


def test_a_blind_preview_shows_codes_only(app, sign_in):
    final, people = with_lists(entries=5)
    final.event.is_blind = True
    db.session.add_all(EntryCode(entry_id=entry.id, layer=1, code=f"K{entry.number}7") for entry in final.entries)
    db.session.commit()
    page = sign_in(people.alice).get(url(final)).text
    assert "K17" in page and "项目1" not in page and "皖东代表队" not in page


def test_halves_of_places_are_shown_and_frozen(app, sign_in):
    final, people = finished(entries=3)
    final.event.rules = {**final.event.rules, "ranking": "mean", "ties": [{"code": "shared"}], "tolerance": 1_000_000}
    db.session.execute(sa.update(Tier).values(tie="all_in"))
    db.session.commit()
    client = sign_in(people.alice)
    assert "并列第 2 名" in client.get(f"/contests/{final.contest.id}/results/{final.event.id}").text
    release(client, final)
    assert {line["place"] for line in db.session.scalar(sa.select(Release)).document["standings"]} == {2}


def test_half_a_place_goes_into_the_honours_list(app, sign_in):
    """Two share the first and second place: 1.5 stands before 3 in one tier."""
    final, people = finished(entries=3)
    final.event.rules = {**final.event.rules, "ranking": "mean", "ties": [{"code": "shared"}], "tolerance": 20_000}
    db.session.execute(sa.update(Tier).where(Tier.code == "first").values(count=3))
    db.session.commit()
    client = sign_in(people.alice)
    assert "第 1 号发布" in release(client, final)
    frozen = db.session.scalar(sa.select(Release)).document
    assert [(line["place"], line["place_text"]) for line in frozen["standings"]] == [("1.5", "并列第 1.5 名")] * 2 + [(3, "第 3 名")]
    assert db.session.scalars(sa.select(Award.place).order_by(Award.position)).all() == [1, 1, 3]
    book = client.get(f"/contests/{final.contest.id}/documents/honours/1", status=200).data
    sheet = load_workbook(BytesIO(book)).active
    assert [row[1].value for row in sheet.iter_rows() if row[0].value in (1, 2, 3)] == ["1", "2", "3"]
    assert "并列第 1.5 名" in client.get(url(final, "/releases/1")).text and "项目3" in sign_in().get(f"/r/{final.contest.id}/1").text


def test_an_award_by_another_figure_is_released(app, sign_in):
    """人气奖 by the votes in the entrants' workbook, beside the tiers; whoever misses a least figure is told."""
    final, people = finished(entries=3)
    for entry, votes in zip(final.entries, ("10", "30", "20")):
        entry.extras = {"网络票数": votes}
    final.event.rules = {**final.event.rules, "titles": [{"code": "popular", "name": "人气奖", "count": 1, "figure": "网络票数"}]}
    db.session.execute(sa.update(Tier).where(Tier.code == "first").values(rules={"minimums": [["网络票数", 150_000]]}))
    db.session.commit()
    client = sign_in(people.alice)
    assert "“网络票数”10，低于 15" in client.get(url(final)).text
    assert "第 1 号发布" in release(client, final)
    document = db.session.scalar(sa.select(Release)).document
    assert [line["tier"] for line in document["standings"]] == ["二等奖", "一等奖", "三等奖"]
    assert [row["number"] for row in document["titles"][0]["entries"]] == [2]


def test_queries_do_not_grow_with_entries(app, sign_in):
    final, people = with_lists(entries=5)
    client = sign_in(people.alice)
    client.get(url(final))
    with counted_queries() as some:
        client.get(url(final))
    db.session.execute(sa.update(Entry).where(Entry.number > 2).values(state="withdrawn"))
    db.session.commit()
    with counted_queries() as few:
        client.get(url(final))
    assert len(few) == len(some)
