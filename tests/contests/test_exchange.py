"""A scheme as a file: out of one event, into another, with a look at what changes."""

import io
import json

import pytest

from compete.contests import editing, exchange, schemes
from compete.models import SchemeVersion, db
from scoring import form
from tests import support
from tests.contests.page_form import fields
from tests.contests.rich import SCHEME
from tests.contests.test_rules import keep


def receive(client, address, text, *, status=200):
    return client.post(f"{address}/file", {"file": (io.BytesIO(text.encode()), "scheme.json")}, status=status)


@pytest.fixture
def address(final):
    return f"/contests/{final.contest.id}/events/{final.event.id}"


def test_the_file_of_an_event_is_that_of_compete_tally(people, sign_in, final, address):
    answer = sign_in(people.carol).get(f"{address}/file")
    data = json.loads(answer.text)
    assert (data["format"], data["title"]) == (form.FORMAT, "测试竞赛 · 金成果")
    assert data["scheme"]["tiers"][0] == {"code": "first", "name": "一等奖", "count": 1, "prize": 200000}
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_file_fills_the_editor_and_is_saved_from_there(people, sign_in, final):
    client = sign_in(people.alice)
    event = keep(final.contest, schemes.scheme_of(schemes.load(final.event.id)))
    address = f"/contests/{final.contest.id}/events/{event.id}"
    before = editing.stored_plan(schemes.load(event.id))
    page = receive(client, address, exchange.write(PLAIN, title="")).text
    assert "文件已读入，还没有保存" in page and "金牌技工" in page and "去掉最高分" in page
    assert editing.stored_plan(schemes.load(event.id)) == before
    posted = fields(page)
    posted["do"] = "save"
    client.post(address, posted, status=302)
    assert schemes.scheme_of(schemes.load(event.id)) == PLAIN


def test_the_file_of_the_same_scheme_changes_nothing(people, sign_in, final, address):
    client = sign_in(people.alice)
    assert "文件与现在的方案相同" in receive(client, address, client.get(f"{address}/file").text).text


def test_a_frozen_scheme_goes_the_way_of_a_new_version(sign_in, app):
    made = support.make_final(marked=True)
    client = sign_in(support.make_people(made.contest).alice)
    address = f"/contests/{made.contest.id}/events/{made.event.id}"
    data = json.loads(client.get(f"{address}/file").text)
    data["scheme"]["titles"] = [{"code": "expert", "name": "技术能手", "count": 1}]
    page = receive(client, address, json.dumps(data)).text
    posted = fields(page)
    posted["do"] = "compare"
    page = client.post(address, posted, status=200).text
    assert "技术能手" in page
    posted = fields(page, "version")
    posted["reason"], posted["do"] = "增设称号", "confirm"
    client.post(address, posted, status=302)
    kept = db.session.query(SchemeVersion).filter_by(event_id=made.event.id, version=2).one()
    assert kept.document["titles"][0]["name"] == "技术能手"


def test_what_cannot_be_read_is_told_with_its_place(people, sign_in, final, address):
    client = sign_in(people.alice)
    wrong = {"format": form.FORMAT, "version": 1, "scheme": {"parts": [{"code": "a", "name": "甲", "wait": 3}]}}
    receive(client, address, json.dumps(wrong), status=302)
    assert "没有“wait”这个字段" in client.get(address).text


@pytest.mark.parametrize("who,status", [("carol", 403), ("dan", 404)])
def test_only_organisers_bring_files_in(people, sign_in, final, address, who, status):
    receive(sign_in(getattr(people, who)), address, "{}", status=status)


def test_marks_that_tablets_cannot_take_are_refused_before_judging(people, sign_in, final, address):
    from compete.contests.service import readiness

    data = json.loads(sign_in(people.alice).get(f"{address}/file").text)
    data["scheme"]["parts"][0]["criteria"][0] |= {"kind": "deviation", "target": 50, "per": "0.1", "deduct": 1}
    data["scheme"]["parts"][0]["criteria"][1] |= {"kind": "yes_no"}
    found = exchange.read(json.dumps(data).encode())
    event = schemes.load(final.event.id)
    sketch = editing.sketch(exchange.plan_with(editing.stored_plan(event), found.scheme))
    problems = [problem for problem in readiness(sketch) if problem.code.startswith("tablet")]
    assert [(problem.where, "偏差扣分" in problem.message) for problem in problems] == [("路演 · 评分项1", True)]


PLAIN = SCHEME.__class__.from_json(json.loads(json.dumps({
    "format": "scheme", "version": 2,
    "parts": [{"code": "roadshow", "name": "路演", "criteria": [{"code": "c1", "name": "一", "weight": 1_000_000}], "panel": {"rule": "mean", "review": 50_000}}],
    "tiers": [{"code": "first", "name": "一等奖", "count": 1}], "titles": [{"code": "gold", "name": "金牌技工", "count": 2}],
})))  # fmt: skip
