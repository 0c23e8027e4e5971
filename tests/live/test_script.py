"""主持词: read from the lowest prize to the first, amounts and names as they are spoken, from a release in force only."""

import io
import re

import pytest
import sqlalchemy as sa
from docx import Document

from compete.awards import service as awards
from compete.contests import schemes
from compete.database import write
from compete.live import script
from compete.models import AuditRecord, Contest, EntryCode, Event, Member, Membership, Release, db
from compete.results.facts import board
from compete.texts import amounts, readings
from tests import support
from tests.judging.hall import ACTOR, text_of, url
from tests.live.stage import on_stage
from tests.live.test_ceremony import DOCUMENT
from tests.support import NOW, counted_queries


@pytest.mark.parametrize(("fen", "words"), [
    (200_000_00, "二十万元"), (20_000_00, "两万元"), (2_000_00, "两千元"), (200_00, "二百元"), (12_000_00, "一万两千元"), (120_000_00, "十二万元"),
    (22_222_00, "两万两千二百二十二元"), (1_020_000_00, "一百零二万元"), (100_000_00, "十万元"), (15_00, "十五元"), (0, "零元"),
    (140_950, "一千四百零九元五角"), (32_504, "三百二十五元零四分"), (16_402_12, "一万六千四百零二元一角二分"), (35, "三角五分"), (5, "五分"),
])  # fmt: skip
def test_amounts_are_read_as_people_say_them(fen, words):
    assert amounts.spoken(fen) == words


@pytest.mark.parametrize("fen", [-1, 10**14, 1.5])
def test_amounts_that_cannot_be_are_mistakes_of_the_caller(fen):
    with pytest.raises(ValueError):
        amounts.spoken(fen)


@pytest.mark.parametrize(("name", "told"), [
    ("单雄信", "Shàn"), ("曾国强", "Zēng"), ("仇英", "Qiú"), ("解晓东", "Xiè"), ("查建国", "Zhā"), ("区建国", "Ōu"), ("翟建国", "Zhái"),
    ("尉迟恭", "Yùchí"), ("万俟强", "Mòqí"), ("欧阳修", ""), ("王芳", ""), ("张建国", ""), ("王翀", "翀 chōng"), ("John", ""), ("", ""),
    ("覃芳", "Qín 或 Tán，请问本人"), ("李茜", "茜 qiàn 或 xī，请问本人"), ("阿依古丽·买买提", ""), ("曾晟", "Zēng；晟 shèng 或 chéng，请问本人"),
    ("任长霞", "Rén；长 cháng 或 zhǎng，请问本人"), ("华罗庚", "Huà"), ("葛优", "Gě"), ("燕青", "Yān"), ("要强", "Yāo"), ("沈从文", ""),
])  # fmt: skip
def test_readings_stand_beside_the_names_that_need_them(name, told):
    assert readings.reading(name) == told


def release(final):
    final.part.locked_at = NOW
    db.session.commit()
    with write():
        made = awards.release(board=board(schemes.load(final.event.id)), notice_days=0, **ACTOR)
    assert isinstance(made, Release)
    return made


@pytest.fixture
def final(app):
    final = support.make_final(entries=4, marked=True)
    final.entries[2].members[0].name = "单雄信"
    db.session.add(Member(entry_id=final.entries[2].id, name="王翀", role="member", position=1))
    db.session.commit()
    return final


@pytest.fixture
def host(final, people, sign_in):
    db.session.add(Membership(contest_id=final.contest.id, user_id=people.dan.id, role="host"))
    db.session.commit()
    return sign_in(people.dan)


@pytest.mark.sqlite
def test_prizes_are_read_from_the_lowest_to_the_first(final):
    made = release(final)
    one = script.awardings(db.session.get(Contest, final.contest.id))[0]
    assert (one.release, one.digest) == (made.number, made.digest)
    assert [section.name for section in one.sections] == ["三等奖", "二等奖", "一等奖"]
    third = one.sections[0]
    assert third.opening == "下面颁发三等奖。获得三等奖的共一项，奖金五万元。"
    assert script.said(third.blocks[0]) == "第 3 名：《项目3》，单位3，完成人：单雄信、王翀。"
    assert third.blocks[0][0].people == [("单雄信", "Shàn"), ("王翀", "翀 chōng")]


def test_persons_and_teams_bear_no_title_marks():
    group = script.ceremony.Group("一等奖", 0, 0, ({"number": 1, "title": "王芳", "organization": "甲厂", "names": ["王芳"], "place": "第 1 名"},), ())
    assert script.said(script._section(group, {}, "individual").blocks[0]) == "第 1 名：王芳，甲厂。"
    team = group._replace(winners=({"number": 1, "title": "红星队", "organization": "甲厂", "names": ["王芳", "李强"], "place": ""},))
    assert script.said(script._section(team, {}, "team").blocks[0]) == "红星队，甲厂，队员：王芳、李强。"


def test_persons_and_teams_are_counted_as_such():
    people = tuple({"number": n, "title": name, "organization": "甲厂", "names": [name], "place": "并列第 1 名"} for n, name in enumerate(("王芳", "李强"), 1))
    group = script.ceremony.Group("金奖", 10_000_00, 0, people, people)
    section = script._section(group, {}, "individual")
    assert section.opening == "下面颁发金奖。获得金奖的共两名，每名奖金一万元。"
    assert script.said(section.blocks[0], section.unit) == "并列第 1 名，共两名：王芳，甲厂；李强，甲厂。"
    assert "共两支队伍，每支队伍奖金一万元" in script._section(group, {}, "team").opening
    units = tuple({**one, "number": ""} for one in people)
    assert "获得金奖的共两个单位，每个单位奖金一万元" in script._section(group._replace(winners=units), {}, "work").opening


def test_nobody_who_is_absent_is_asked_to_get_ready():
    turns = [script.Turn(n, f"{n:02d} 号", f"《作品{n}》", "甲厂", out) for n, out in ((1, ""), (2, "缺考"), (3, ""))]
    order = script.Order("第一场", "金成果", "路演", "", True, turns)
    assert script.called_out(order, 0).endswith("请 03 号《作品3》做好准备。")
    assert script.called_out(order, 1).endswith("请 03 号《作品3》做好准备。") and script.called_out(order, 2).endswith("请开始。")


def test_ties_and_empty_prizes_are_said():
    found = [script._section(group, {}, "work") for group in script.ceremony.groups(DOCUMENT)]
    second, first = found[1], found[2]
    assert script.said(second.blocks[0]) == "并列第 2 名，共两项：《作品02》，甲02厂，完成人：张02；《作品03》，甲03厂，完成人：张03。"
    assert first.opening == "一等奖空缺。" and first.blocks == []
    assert found[0].closing == "三等奖另有一个名额空缺。"


@pytest.mark.sqlite
def test_before_the_release_the_page_says_what_is_missing_and_tells_nothing(final, host):
    page = host.get(url(final, "/live/script")).text
    assert "还没有有效的发布" in page and "项目1" not in page
    host.get(url(final, "/live/script/awards.docx"), status=302)
    made = release(final)
    assert "项目1" in host.get(url(final, "/live/script")).text
    with write():
        awards.withdraw(row=db.session.get(Release, made.id), reason="更正", **ACTOR)
    assert "项目1" not in host.get(url(final, "/live/script")).text


@pytest.mark.sqlite
def test_page_and_document_say_the_same_with_the_release_at_the_foot(final, host):
    made = release(final)
    page = re.sub("<[^>]+>", "", host.get(url(final, "/live/script")).text)
    answer = host.get(url(final, "/live/script/awards.docx"))
    paper = Document(io.BytesIO(answer.data))
    lines = [paragraph.text for paragraph in paper.paragraphs]
    for line in ("第 3 名：《项目3》，单位3，完成人：单雄信、王翀。", "下面颁发一等奖。获得一等奖的共一项，奖金二十万元。"):
        assert line in lines and line in page
    assert "读音：单雄信（Shàn）、王翀（翀 chōng）" in lines
    assert '<span class="nowrap">单雄信</span>' in host.get(url(final, "/live/script")).text  # no name is broken in two
    seal = paper.sections[0].footer.paragraphs[0].text
    assert f"第 {made.number} 号发布" in seal and made.digest[:16] in seal and made.digest[:16] in page


@pytest.mark.sqlite
def test_the_running_order_calls_one_and_warns_the_next_and_blind_by_code(final, host):
    final.part.speech_minutes, final.part.question_minutes = 7, 2
    db.session.commit()
    page = text_of(host.get(url(final, "/live/script?part=order")))
    assert "第一个出场：01 号《项目1》，单位1。陈述七分钟，提问两分钟，请开始。请 02 号《项目2》做好准备。" in page
    assert "第四个出场：04 号" in page
    final.event.is_blind = True
    db.session.add_all(EntryCode(entry_id=row.id, layer=1, code=f"K{row.number}") for row in final.entries)
    db.session.commit()
    page = text_of(host.get(url(final, "/live/script?part=order")))
    assert "第一个出场：K1。" in page and "项目1" not in page and "单位1" not in page
    assert Document(io.BytesIO(host.get(url(final, "/live/script/order.docx")).data)).paragraphs[0].text.endswith("评审主持词")


@pytest.mark.sqlite
def test_a_note_on_a_name_stands_before_the_table_and_leaves_no_name_in_the_trail(final, host):
    release(final)
    host.post(url(final, "/live/script/note"), {"name": "单雄信", "text": "Dān"})
    assert "Dān" in host.get(url(final, "/live/script")).text
    row = db.session.scalar(sa.select(AuditRecord).where(AuditRecord.action == "script.note"))
    assert row.after == {"reading": "Dān"} and "单雄信" not in str(row.before)
    host.post(url(final, "/live/script/note"), {"name": "单雄信", "text": ""})
    assert script.notes_of(db.session.get(Contest, final.contest.id)) == {}
    page = host.post(url(final, "/live/script/note"), {"name": " ", "text": "x"}, follow_redirects=True, status=200)
    assert "没有写姓名" in page.text


@pytest.mark.sqlite
def test_organiser_host_and_supervisor_read_it_and_nobody_else(final, people, sign_in):
    for person, status in ((people.alice, 200), (people.carol, 200), (people.bob, 403)):
        sign_in(person).get(url(final, "/live/script"), status=status)
    sign_in(people.carol).post(url(final, "/live/script/note"), {"name": "甲", "text": "jiǎ"}, status=403)


@pytest.mark.sqlite
def test_the_script_asks_the_database_no_more_for_more_entries(app):
    counts = []
    for entries in (1, 3):
        final = support.make_final(entries=entries, marked=True)
        for tier in final.tiers:
            tier.count = 1 if tier is final.tiers[0] or entries == 3 else 0
        release(final)
        with counted_queries() as statements:
            script.awardings(db.session.get(Contest, final.contest.id)), script.orders(db.session.get(Contest, final.contest.id))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6


@pytest.mark.sqlite
def test_persons_in_the_running_order_are_read_aloud_too_and_the_one_on_stage_is_marked(final, host):
    final.event.entry_kind = "individual"
    final.entries[1].title, final.entries[2].title = "仇和", "王芳"
    on_stage(final, 3)
    one = script.orders(db.session.get(Contest, final.contest.id))[0]
    assert [(turn.title, turn.reading, turn.here) for turn in one.turns[1:3]] == [("仇和", "Qiú", False), ("王芳", "", True)]
    page = text_of(host.get(url(final, "/live/script?part=order")))
    assert "仇和 Qiú" in page and "台上 第三个出场：03 号王芳" in page and "到台上这一项" in page
    words = [line.text for line in Document(io.BytesIO(host.get(url(final, "/live/script/order.docx")).data)).paragraphs]
    assert "读音：仇和（Qiú）" in words
    db.session.get(Event, final.event.id).is_blind = True
    db.session.commit()
    assert "仇" not in text_of(host.get(url(final, "/live/script?part=order")))
