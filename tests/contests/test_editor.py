"""The scheme editor before the first mark: rows, sums, refusals with the way out."""

import pytest

from compete.contests import building, editing, presets, schemes, service
from compete.models import AuditRecord, Budget, Criterion, Event, Membership, Part, Tier, db
from scoring import UNIT
from tests.contests.page_form import fields, key_of
from tests.support import NOW, counted_queries


@pytest.fixture
def address(final):
    return f"/contests/{final.contest.id}/events/{final.event.id}"


def opened(client, address):
    return fields(client.get(address).text)


def operate(client, address, form, what):
    form["do"] = what
    return fields(client.post(address, form, status=200).text)


def save(client, address, form, *, status=302):
    form["do"] = "save"
    return client.post(address, form, status=status)


def test_saving_without_a_change_changes_and_records_nothing(people, sign_in, final, address):
    client = sign_in(people.alice)
    before = editing.stored_plan(schemes.load(final.event.id))
    save(client, address, opened(client, address))
    assert editing.stored_plan(schemes.load(final.event.id)) == before
    assert db.session.query(AuditRecord).count() == 0


@pytest.mark.sqlite
@pytest.mark.parametrize("code", sorted(presets.all_presets()))
def test_every_preset_passes_through_the_editor_unchanged(app, people, sign_in, final, code):
    final.event.name = "另一个赛项"
    building.build({"events": presets.all_presets()[code].plan["events"]}, final.contest)
    db.session.commit()
    client = sign_in(people.alice)
    for event in db.session.query(Event).filter(Event.contest_id == final.contest.id, Event.id != final.event.id).all():
        before = editing.stored_plan(schemes.load(event.id))
        place = f"/contests/{final.contest.id}/events/{event.id}"
        save(client, place, opened(client, place))
        assert editing.stored_plan(schemes.load(event.id)) == before


def test_rows_are_added_moved_and_removed_without_scripts(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = opened(client, address)
    part = key_of(form, "name", "路演")
    form = operate(client, address, form, f"add:criterion:{part}")
    new = key_of(form, "code", "c3")
    assert form[f"{new}-weight"] == "0"  # nothing is left of the whole
    form[f"{new}-name"], form[f"{new}-weight"], form[f"{new}-maximum"] = "表达", "10", "10"
    form[f"{key_of(form, 'name', '评分项1')}-weight"] = "40"
    form = operate(client, address, form, f"up:{new}")
    assert save(client, address, form)
    names = [row.name for row in db.session.query(Criterion).filter_by(part_id=final.part.id).order_by(Criterion.position)]
    assert names == ["评分项1", "表达", "评分项2"]
    form = opened(client, address)
    form = operate(client, address, form, f"remove:{key_of(form, 'name', '评分项2')}")
    form[f"{key_of(form, 'name', '表达')}-weight"] = "60"
    save(client, address, form)
    assert [row.code for row in db.session.query(Criterion).order_by(Criterion.position)] == ["c1", "c3"]
    assert service.readiness(schemes.load(final.event.id)) == []


def test_criteria_nest_two_levels_and_keep_their_order(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = opened(client, address)
    top = key_of(form, "name", "评分项1")
    form = operate(client, address, form, f"add:criterion:{top}")
    middle = key_of(form, "code", "c3")
    assert form[f"{middle}-maximum"] == "50"  # all of the upper one
    form[f"{middle}-name"] = "中间"
    form = operate(client, address, form, f"add:criterion:{middle}")
    leaf = key_of(form, "code", "c4")
    form[f"{leaf}-name"] = "末级"
    save(client, address, form)
    value = schemes.part_value(schemes.load(final.event.id).stages[0].parts[0])
    assert value.criteria[0].children[0].children[0].name == "末级"
    assert [item.code for item in value.leaves] == ["c4", "c2"]


def test_a_weight_sum_of_99_9_is_kept_but_judging_stays_closed(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = opened(client, address)
    form[f"{key_of(form, 'name', '评分项1')}-weight"] = "49.9"
    save(client, address, form)
    problems = service.readiness(schemes.load(final.event.id))
    assert [(problem.code, problem.message) for problem in problems] == [("weight_sum", "权重合计 99.9，还差 0.1")]
    assert "权重合计 99.9，还差 0.1" in client.get(f"/contests/{final.contest.id}").text


def test_what_is_not_a_number_stays_in_the_field_with_a_message(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = opened(client, address)
    key = key_of(form, "name", "评分项1")
    form[f"{key}-weight"], form[f"{key}-maximum"], form[f"{key}-step"] = "五十", "50.00001", "0.3"
    page = save(client, address, form, status=200).text
    assert 'value="五十"' in page and "“五十”不是百分数" in page and "小数位数过多" in page
    assert db.session.query(Criterion).filter_by(name="评分项1").one().weight == 500_000
    form[f"{key}-weight"], form[f"{key}-maximum"] = "50", "50"
    page = save(client, address, form, status=200).text
    assert "打分间隔 0.3 不能从 0 走到 50" in page


def test_full_width_figures_are_read_as_a_person_reads_them(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = opened(client, address)
    form[f"{key_of(form, 'name', '评分项1')}-weight"] = "４９．５"
    form[f"{key_of(form, 'name', '评分项2')}-weight"] = "50.5%"
    save(client, address, form)
    assert {row.code: row.weight for row in db.session.query(Criterion)} == {"c1": 495_000, "c2": 505_000}


def test_ratios_above_the_field_are_stopped(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = opened(client, address)
    for name, ratio in (("一等奖", "50"), ("二等奖", "50.01")):
        key = key_of(form, "name", name)
        form[f"{key}-quota"], form[f"{key}-quota_kind"] = ratio, "ratio"
    page = save(client, address, form, status=200).text
    assert "获奖比例合计 100.01%，超过 100%" in page and "请降低各奖项的比例" in page
    form[f"{key}-quota"] = "40"
    page = save(client, address, form, status=200).text
    assert "参赛对象只有 3 个" in page  # 2 + 1 by ratio and 1 by count
    assert db.session.query(Tier).filter(Tier.ratio.is_not(None)).count() == 0


def test_a_budget_exceeded_by_the_tiers_is_stopped_with_the_way_out(people, sign_in, final, address):
    db.session.add(Budget(contest_id=final.contest.id, name="奖金", purpose="prize", amount_fen=35_000_000))
    db.session.commit()
    client = sign_in(people.alice)
    form = opened(client, address)
    key = key_of(form, "name", "三等奖")
    form[f"{key}-prize"] = "50,000.01"
    page = save(client, address, form, status=200).text
    assert "各奖项合计 350,000.01 元，超出预算 0.01 元" in page and "请减少名额或奖金" in page
    form[f"{key}-prize"] = "49999.99"
    save(client, address, form)
    assert db.session.query(Tier).filter_by(name="三等奖").one().prize_fen == 4_999_999


def test_tie_rules_follow_the_criteria_of_the_draft(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = opened(client, address)
    form = operate(client, address, form, "add:tie")
    tie = [name for name in form if name.endswith("-rule") and name.startswith("r")][-1]
    form[tie] = "criterion roadshow/c2"
    form = operate(client, address, form, f"up:{tie.removesuffix('-rule')}")
    save(client, address, form)
    event = schemes.load(final.event.id)
    assert [(rule["code"], rule["argument"]) for rule in event.rules["ties"]] == [("criterion", "roadshow/c2"), ("untrimmed_mean", "")]
    form = opened(client, address)
    form[f"{key_of(form, 'name', '评分项1')}-weight"] = "100"
    form = operate(client, address, form, f"remove:{key_of(form, 'name', '评分项2')}")
    page = save(client, address, form, status=200).text
    assert "所指的评分项已删去" in page and "没有由评委打分的评分项" in page


def test_stages_parts_and_panel_settings_are_kept(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = operate(client, address, opened(client, address), "add:stage")
    stage = [key for key in form.getlist("row") if key[0] == "s"][-1]
    form[f"{stage}-name"] = "海选"
    form.poplist(f"{stage}-is_ranked")
    form = operate(client, address, form, f"up:{stage}")
    part = key_of(form, "name", "路演")
    form[f"{part}-rule"], form[f"{part}-drop_high"], form[f"{part}-minimum_judges"], form[f"{part}-panel_places"] = "trimmed_mean", "2", "7", "3"
    form[f"{part}-speech_minutes"], form[f"{part}-question_minutes"] = "8", ""
    save(client, address, form)
    event = schemes.load(final.event.id)
    assert [(row.name, row.is_ranked, row.position) for row in event.stages] == [("海选", False, 0), ("决赛路演", True, 1)]
    row = db.session.query(Part).one()
    assert (row.panel["drop_high"], row.panel["minimum_judges"], row.panel["rounding"]) == (2, 7, {"places": 3, "mode": "half_up"})
    assert (row.speech_minutes, row.question_minutes) == (8, None)


def test_how_a_part_is_timed_is_kept_and_checked(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = opened(client, address)
    part = key_of(form, "name", "路演")
    form[f"{part}-timing_every"], form[f"{part}-timing_warnings"] = "30", "两分钟"
    page = save(client, address, form, status=200).text
    assert "请填写每次扣多少分" in page and "看不懂这些秒数" in page
    form = opened(client, address)
    for name, value in {"warnings": "30、120", "grace": "10", "every": "30", "points": "0.5", "maximum": "5"}.items():
        form[f"{part}-timing_{name}"] = value
    save(client, address, form)
    row = db.session.query(Part).one()
    assert row.timing == {"warnings": [120, 30], "overtime": {"grace": 10, "every": 30, "points": 5000, "maximum": 50_000}}
    kept = opened(client, address)
    assert kept[f"{part}-timing_warnings"] == "120、30" and kept[f"{part}-timing_maximum"] == "5"
    record = db.session.query(AuditRecord).filter_by(action="scheme.change").order_by(AuditRecord.number.desc()).first()
    assert "超时 10 秒以内不扣，之后每 30 秒扣 0.5 分" in record.after["决赛路演·路演·超时扣分"]
    for name in ("warnings", "grace", "every", "points", "maximum"):
        kept[f"{part}-timing_{name}"] = ""
    save(client, address, kept)
    db.session.expire_all()
    assert db.session.query(Part).one().timing == {}


def test_a_part_with_a_session_is_not_removed(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = opened(client, address)
    form = operate(client, address, form, f"remove:{key_of(form, 'name', '路演')}")
    page = save(client, address, form, status=200).text
    assert "已经安排了场次或有评分记录" in page
    assert db.session.query(Part).count() == 1


def test_the_second_of_two_people_is_told(people, sign_in, final, address):
    client = sign_in(people.alice)
    mine, theirs = opened(client, address), opened(client, address)
    theirs["head-name"] = "金成果（改）"
    save(sign_in(people.eve), address, theirs)
    mine["head-name"] = "银成果"
    page = save(client, address, mine, status=200).text
    assert "别人改过这个方案" in page and "银成果" in page
    assert db.session.query(Event).one().name == "金成果（改）"


def test_what_was_changed_is_recorded_in_words(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = opened(client, address)
    form[f"{key_of(form, 'name', '一等奖')}-prize"] = "150000"
    save(client, address, form)
    record = db.session.query(AuditRecord).one()
    assert record.action == "scheme.change"
    assert (record.before, record.after) == ({"一等奖·奖金（元）": "200,000.00"}, {"一等奖·奖金（元）": "150,000.00"})


def test_who_may_look_and_who_may_edit(people, sign_in, final, address):
    assert 'id="editor"' in sign_in(people.alice).get(address).text
    assert 'id="editor"' not in sign_in(people.carol).get(address).text
    sign_in(people.carol).post(address, {"do": "save"}, status=403)
    sign_in(people.bob).get(address, status=403)
    sign_in(people.bob).post(address, {"do": "save"}, status=403)
    sign_in(people.dan).get(address, status=404)
    other = Event(contest_id=service.create(name="别的", user=None, actor=service.audit.SYSTEM, now=NOW).id, name="别的", rules={})
    db.session.add(other)
    db.session.commit()
    sign_in(people.alice).get(f"/contests/{final.contest.id}/events/{other.id}", status=404)


def test_the_number_of_queries_does_not_grow_with_the_criteria(people, sign_in, final, address):
    client = sign_in(people.alice)
    client.get(address)
    with counted_queries() as few:
        client.get(address)
    for number in range(10):
        db.session.add(Criterion(part_id=final.part.id, code=f"x{number}", name=f"新{number}", weight=0, maximum=UNIT, position=10 + number))
    db.session.commit()
    with counted_queries() as many:
        client.get(address)
    assert len(few) == len(many) <= 12


def test_an_event_is_added_by_copy_and_removed_again(people, sign_in, final):
    client = sign_in(people.alice)
    client.post(f"/contests/{final.contest.id}/events/new", {"name": "金项目", "entry_kind": "team", "source": f"event:{final.event.id}"})
    event = db.session.query(Event).filter_by(name="金项目").one()
    assert (event.position, event.entry_kind, len(event.tiers)) == (1, "team", 3)
    page = client.post(f"/contests/{final.contest.id}/events/new", {"name": "金项目", "entry_kind": "team", "source": ""}, status=200).text
    assert "本竞赛已有同名赛项" in page
    client.post(f"/contests/{final.contest.id}/events/{event.id}/remove")
    assert [row.name for row in db.session.query(Event)] == ["金成果"]
    page = client.post(f"/contests/{final.contest.id}/events/{final.event.id}/remove", status=200, follow_redirects=True).text
    assert "已有 3 个参赛对象，不能删去" in page


def test_a_form_without_its_rows_is_refused(people, sign_in, final, address):
    sign_in(people.alice).post(address, {"do": "save"}, status=400)
    assert db.session.query(Membership).count() > 0 and db.session.query(Criterion).count() == 2


@pytest.mark.parametrize("wrong", [("step", "0"), ("step", ""), ("maximum", "0"), ("maximum", "-3"), ("weight", "１００％％"), ("minimum", "60")])
def test_a_half_filled_row_can_be_worked_on_and_is_refused_only_when_saved(people, sign_in, final, address, wrong):
    client = sign_in(people.alice)
    form = opened(client, address)
    key = key_of(form, "name", "评分项1")
    form[f"{key}-{wrong[0]}"] = wrong[1]
    form = operate(client, address, form, "add:tier")
    assert form[f"{key}-{wrong[0]}"] == wrong[1]
    form = operate(client, address, form, f"remove:{form.getlist('row')[-1]}")
    save(client, address, form, status=200)
    assert db.session.query(AuditRecord).count() == 0


def test_values_that_no_browser_sends_do_no_harm(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = opened(client, address)
    part = key_of(form, "name", "路演")
    form[f"{part}-rule"], form[f"{part}-panel_places"], form["head-places"], form[f"{part}-kind"] = "x", "x", "x", "x"
    form.add("row", "c999999999")
    form.add("row", "../1")
    for what in ("add:part:c1", "up:", "remove:zz", "add", "explode", "save"):
        form["do"] = what
        assert client.post(address, form, status=200)
    assert db.session.query(AuditRecord).count() == 0
