"""Any scheme of the engine: kept in the tables, through the editor, as a version, as a file."""

from dataclasses import fields, replace

import pytest

import scoring
from compete.contests import building, editing, exchange, presets, schemes, service, telling, writing
from compete.contests.draft_form import Draft
from compete.contests.rule_fields import ELSEWHERE, names
from compete.models import Budget, Event, db
from scoring import digest
from tests import support
from tests.contests.page_form import fields as form_fields
from tests.contests.page_form import key_of
from tests.contests.rich import PARTS, SCHEME
from tests.support import NOW


@pytest.fixture
def address(final):
    return f"/contests/{final.contest.id}/events/{final.event.id}"


def keep(contest, scheme: scoring.Scheme) -> Event:
    """A new event with this scheme."""
    event = building.add_event({"name": "另一赛项", "rules": dict(building.RULES)}, contest, 1)
    db.session.flush()
    return change(event.id, scheme)


def change(event_id: int, scheme: scoring.Scheme) -> Event:
    event = schemes.load(event_id)
    writing.write_plan(event, exchange.plan_with(editing.stored_plan(event), scheme))
    db.session.commit()
    return schemes.load(event_id)


def test_a_rich_scheme_is_kept_to_the_last_field(final):
    assert schemes.scheme_of(keep(final.contest, SCHEME)) == SCHEME


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", [scoring.Scheme, scoring.Part, scoring.Panel, scoring.Criterion, scoring.Tier])
def test_every_field_is_kept(final, kind):
    """One field after the other takes its example: whatever the engine learns is kept without a word here."""
    event = keep(final.contest, SCHEME)
    for field in fields(kind):
        if field.name in ("parts", "tiers", "criteria", "children", "panel", "code", "kind") and kind is not scoring.Criterion or field.name in ("children", "code"):
            continue
        reader = scoring.form.records.Reader()
        value = reader.value(field.type, field.metadata["example"], (field.name,), field.metadata, field.default)
        assert reader.problems == [], field.name
        scheme = with_field(kind, field.name, value)
        assert schemes.scheme_of(change(event.id, scheme)) == scheme, field.name


def with_field(kind, name, value) -> scoring.Scheme:
    criterion = scoring.Criterion("a", "甲", weight=scoring.WHOLE)
    part, tier = scoring.Part("p", "环节", criteria=(criterion,)), scoring.Tier("t", "奖", count=1)
    changed = {name: value}
    if kind is scoring.Criterion:
        part = replace(part, criteria=(replace(criterion, **changed),))
    elif kind is scoring.Panel:
        part = replace(part, panel=replace(part.panel, **changed))
    elif kind is scoring.Part:
        part = replace(part, **changed)
    elif kind is scoring.Tier:
        tier = replace(tier, **changed)
    scheme = scoring.Scheme((part,), tiers=(tier,))
    return replace(scheme, **changed) if kind is scoring.Scheme else scheme


def test_the_digest_of_a_plain_scheme_is_what_it_was(final):
    """Schemes frozen before the tables knew further rules keep their digests."""
    document = schemes.scheme_of(schemes.load(final.event.id)).to_json()
    assert document["version"] == 1
    assert set(document["parts"][0]) == {"code", "name", "weight", "kind", "criteria", "panel", "rounding"}
    assert set(document["tiers"][0]) == {"code", "name", "count", "ratio", "rounding_mode", "prize_fen", "minimum_score", "tie", "vacant_allowed"}
    assert digest(schemes.scheme_of(schemes.load(final.event.id))) == "ebee36934f00f62b4ac11cf4243369727271a165afda31e6f128cfd2842736d1"


def test_a_rich_scheme_passes_through_the_editor_unchanged(people, sign_in, final):
    event = keep(final.contest, SCHEME)
    before = editing.stored_plan(event)
    form = form_fields(sign_in(people.alice).get(f"/contests/{final.contest.id}/events/{event.id}").text)
    assert Draft.of_form(form).plan() == before


def test_the_editor_offers_every_rule_but_those_of_files():
    for kind in (scoring.Panel, scoring.Part, scoring.Tier, scoring.Team, scoring.Promotion):
        known = {field.name for field in fields(kind)}
        assert set(names(kind)) | set(ELSEWHERE.get(kind, ())) == known, kind
    assert set(ELSEWHERE[scoring.Scheme]) >= {"steps", "titles", "teams", "promotion"}


def test_rules_are_chosen_on_the_page(people, sign_in, final, address):
    client = sign_in(people.alice)
    page = client.get(address).text
    assert "更多规则" in page and "偏离平均分超过此数者按平均分加减此数计" in page
    form = form_fields(page)
    part, tier = key_of(form, "name", "路演"), key_of(form, "name", "一等奖")
    form[f"{part}-panel_clamp"], form[f"{part}-panel_standard"], form[f"{part}-panel_standard_mean"] = "5", "y", "60.5"
    form[f"{part}-panel_judge_rounding"], form[f"{part}-more_multiple"] = "1 floor", "10/3"
    form[f"{tier}-more_per_organization"], form["head-more_ranking"], form["head-more_tolerance"] = "2", "dense", "0.5"
    form["do"] = "add:title"
    form = form_fields(client.post(address, form, status=200).text)
    title = key_of(form, "code", "u1")
    form[f"{title}-name"], form[f"{title}-quota"], form[f"{title}-more_requires"] = "金牌技工", "2", "非一等奖，二等奖"
    form["do"] = "add:team"
    form = form_fields(client.post(address, form, status=200).text)
    form["head-promotes"], form["head-promotion_name"], form["head-promotion_count"] = "y", "全国赛", "2"
    form["do"] = "save"
    client.post(address, form, status=302)
    scheme = schemes.scheme_of(schemes.load(final.event.id))
    panel = scheme.parts[0].panel
    assert (panel.clamp, panel.standard, panel.judge_rounding) == (50_000, scoring.Standard(mean=605_000), scoring.Rounding(1, "floor"))
    assert (scheme.parts[0].multiple, scheme.tiers[0].per_organization, scheme.ranking, scheme.tolerance) == ("10/3", 2, "dense", 5_000)
    assert [(row.name, row.count, row.requires) for row in scheme.titles] == [("金牌技工", 2, ("!first", "second"))]
    assert [row.name for row in scheme.teams] == ["团体总分"] and scheme.promotion == scoring.Promotion("全国赛", count=2)
    page = client.get(address).text
    assert "限差 5" in page and "标准分均值 60.5" in page and "前提 非一等奖、二等奖" in page


def test_a_kind_that_tablets_take_is_chosen_on_the_page(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = form_fields(client.get(address).text)
    form[f"{key_of(form, 'name', '评分项1')}-more_kind"], form["do"] = "yes_no", "save"
    client.post(address, form, status=302)
    event = schemes.load(final.event.id)
    assert [leaf.kind for leaf in schemes.scheme_of(event).parts[0].leaves] == ["yes_no", "points"]
    assert service.readiness(event) == []
    page = client.get(address).text
    assert "是否 · 满分 50" in page  # in the preview of the judges' form


def test_prizes_of_titles_are_planned_against_the_budget(people, sign_in, final, address):
    db.session.add(Budget(contest_id=final.contest.id, name="奖金", amount_fen=35_000_000))
    final.event.rules = {**final.event.rules, "titles": [{"code": "gold", "name": "金牌技工", "count": 2, "prize_fen": 100_00}]}
    db.session.commit()
    client = sign_in(people.alice)
    form = form_fields(client.get(address).text)
    form["do"] = "save"
    assert "超出预算 200.00 元" in client.post(address, form, status=200).text


def test_what_cannot_be_read_stays_in_its_field(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = form_fields(client.get(address).text)
    part = key_of(form, "name", "路演")
    form[f"{part}-panel_clamp"], form[f"{part}-more_multiple"], form["do"] = "五", "3/0", "save"
    page = client.post(address, form, status=200).text
    assert 'value="五"' in page and "不是精确的小数或分数" in page
    assert schemes.scheme_of(schemes.load(final.event.id)).parts[0].panel.clamp is None


def test_a_tampered_document_is_left_out(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = form_fields(client.get(address).text)
    form["head-kept"], form["do"] = '{"rules":{"steps":[{"code":1}],"vacancies":{"first":1}}}', "save"
    client.post(address, form, status=302)
    assert schemes.load(final.event.id).rules.keys() == {"rounding", "rank_by", "ties", "minimum_score"}


def test_vacancies_survive_the_editor_and_stay_out_of_copies(people, sign_in, final, address):
    final.event.rules = {**final.event.rules, "vacancies": {"first": 1}}
    db.session.commit()
    client = sign_in(people.alice)
    form = form_fields(client.get(address).text)
    form["head-places"], form["do"] = "1", "save"
    client.post(address, form, status=302)
    assert schemes.load(final.event.id).rules["vacancies"] == {"first": 1}
    copied = service.create(name="第二届", copied_from=final.contest, user=None, actor=schemes.audit.SYSTEM, now=NOW)
    assert "vacancies" not in copied.events[0].rules


def test_a_problem_stands_at_the_row_it_names():
    plan = {"name": "赛项", "entry_kind": "individual", "is_blind": False, "rules": exchange.rules(SCHEME),
            "stages": [{"id": None, "name": "决赛", "is_ranked": True, "parts": []}], "tiers": [exchange.tier_plan(SCHEME.tiers[0])]}  # fmt: skip
    draft = Draft.of_plan(plan)
    problem = scoring.Problem("x", "金奖", "错", "改")
    told, others = draft.places([problem, scoring.Problem("y", "总分", "错", "改")])
    assert told == {draft.tiers[0].key: [problem]} and [row.where for row in others] == ["总分"]


@pytest.mark.sqlite
@pytest.mark.parametrize("code", sorted(presets.all_presets()))
def test_every_preset_comes_back_from_its_file(final, code):
    for plan in presets.all_presets()[code].plan["events"]:
        building.build({"events": [{**plan, "name": f"{plan['name']}*"}]}, final.contest)
        event = schemes.load(db.session.query(Event.id).filter_by(name=f"{plan['name']}*").scalar())
        scheme = schemes.scheme_of(event)
        received = exchange.read(exchange.write(scheme, title=plan["name"]).encode())
        assert received == exchange.Received(plan["name"], scheme)
        before = editing.stored_plan(event)
        assert exchange.plan_with(before, received.scheme) == before


def test_a_frozen_scheme_is_read_too():
    import json

    scheme = scoring.Scheme((scoring.Part("p", "环节", criteria=(scoring.Criterion("a", "甲", weight=scoring.WHOLE),)),))
    assert exchange.read(json.dumps(scheme.to_json()).encode()) == exchange.Received("", scheme)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b'{"format": "compete-tally", "version": 1}', b'{"format":"scheme","version":9}',
                                     b'{"format":"compete-tally","version":1,"scheme":{"parts":[]}}', b"x" * 2_000_001])  # fmt: skip
def test_what_is_no_scheme_is_refused_in_words(content):
    found = exchange.read(content)
    assert isinstance(found, list) and all(problem.message and problem.mend for problem in found)


def test_rules_are_told_in_words():
    assert telling.told(PARTS[0].panel.standard) == [("标准差", "总体标准差（n）"), ("均值", "60"), ("标准差取值", "15"), ("舍入", "6 位小数 四舍五入")]
    assert telling.steps(SCHEME)[0].words.startswith("规则 ") and "第一轮、第二轮" in telling.steps(SCHEME)[0].words
    assert telling.sentence(SCHEME.tiers[1], ("code", "name"), telling.names_of(SCHEME)).startswith("最低分 60，")


def test_a_new_version_keeps_and_compares_further_rules(sign_in, app):
    made = support.make_final(marked=True)
    client = sign_in(support.make_people(made.contest).alice)
    address = f"/contests/{made.contest.id}/events/{made.event.id}"
    form = form_fields(client.get(f"{address}?new=1").text)
    form[f"{key_of(form, 'name', '路演')}-more_multiple"], form["do"] = "2", "compare"
    page = client.post(address, form, status=200).text
    assert "决赛路演·路演·倍数" in page
