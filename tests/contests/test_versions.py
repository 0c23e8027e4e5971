"""A frozen scheme: read-only, and the way to a new version."""

import pytest

from compete.contests import editing, schemes
from compete.contests.draft_form import Draft
from compete.models import AuditRecord, Criterion, Mark, Part, Release, SchemeVersion, Sheet, Signature, Tier, db
from compete.results.facts import board, facts_of
from scoring import Facts, compute, sheet_total
from tests import support
from tests.contests.page_form import fields, key_of
from tests.support import NOW


@pytest.fixture
def final(app):
    """Three entries, three judges, all sheets handed in: the scheme is frozen as version 1."""
    return support.make_final(marked=True)


@pytest.fixture
def address(final):
    return f"/contests/{final.contest.id}/events/{final.event.id}"


def opened(client, address):
    return fields(client.get(f"{address}?new=1").text)


def post(client, address, form, what, *, status=200):
    form["do"] = what
    return client.post(address, form, status=status)


def reweigh(form, first="90", second="10"):
    form[f"{key_of(form, 'name', '评分项1')}-weight"] = first
    form[f"{key_of(form, 'name', '评分项2')}-weight"] = second
    return form


def test_a_frozen_scheme_is_read_only_and_says_the_way_out(people, sign_in, address):
    page = sign_in(people.alice).get(address).text
    assert 'id="editor"' not in page
    assert "评分方案已冻结" in page and "建新版本" in page
    assert "首次打分时冻结" in page
    assert "建新版本" not in sign_in(people.carol).get(address).text


@pytest.mark.parametrize("what", ["maximum", "remove", "step"])
def test_the_rubric_is_not_edited_after_the_first_mark(people, sign_in, final, address, what):
    client = sign_in(people.alice)
    form = opened(client, address)
    key = key_of(form, "name", "评分项2")
    if what == "remove":
        form = fields(post(client, address, form, f"remove:{key}").text)
        form[f"{key_of(form, 'name', '评分项1')}-weight"] = "100"
    else:
        form[f"{key}-{what}"] = "100" if what == "maximum" else "1"
    for do in ("save", "compare", "confirm"):
        page = post(client, address, {**form.to_dict(flat=False), "reason": "试试"}, do).text
        assert "不能增删、移动评分项" in page and "在新赛项里重新评分" in page
    assert db.session.query(SchemeVersion).count() == 1


def test_comparison_shows_ranks_awards_and_money_before_anything_changes(people, sign_in, final, address):
    client = sign_in(people.alice)
    form = opened(client, address)
    form[f"{key_of(form, 'name', '二等奖')}-quota"] = "2"
    form[f"{key_of(form, 'name', '三等奖')}-quota"] = "0"
    page = post(client, address, form, "compare").text
    assert "二等奖·名额" in page and "+50,000.00" in page  # the third moves up
    assert "400,000.00" in page and "原 350,000.00 元" in page
    assert db.session.query(Tier).filter_by(name="二等奖").one().count == 1


def test_new_weights_change_totals_scores_and_signatures_at_once(people, sign_in, final, address):
    db.session.add(Signature(scope="session", session_id=final.session.id, judge_id=final.judges[0].id, name="评委1", digest="0" * 64, signed_at=NOW))
    db.session.commit()
    client = sign_in(people.alice)
    form = reweigh(opened(client, address))
    page = post(client, address, form, "compare").text
    assert "评委须重新签名" in page
    form = fields(page, "version")
    form["reason"] = "评委会 11 月 22 日决议：突出创新"
    shown = {row.entry: row.score_text for row in compare_scores(final, form)}
    post(client, address, form, "confirm", status=302)
    event = schemes.load(final.event.id)
    assert (event.scheme_version, [row.weight for row in event.stages[0].parts[0].criteria]) == (2, [900_000, 100_000])
    assert {row.entry: row.score_text for row in board(event).outcome.standings} == shown
    value = schemes.part_value(event.stages[0].parts[0])
    for sheet in db.session.query(Sheet):
        assert sheet.total == sheet_total(value, marks_of(sheet))
    assert db.session.query(Signature).one().void_at is not None
    kept = db.session.query(SchemeVersion).order_by(SchemeVersion.version).all()
    assert [(row.version, row.reason) for row in kept] == [(1, "首次打分时冻结"), (2, "评委会 11 月 22 日决议：突出创新")]
    assert kept[0].document["parts"][0]["criteria"][0]["weight"] == 500_000
    records = [row.action for row in db.session.query(AuditRecord).order_by(AuditRecord.number)]
    assert records[-2:] == ["scheme.freeze", "scheme.change"]


def compare_scores(final, form):
    """The outcome the compare page promises, computed apart from it."""
    event = schemes.load(final.event.id)
    scheme = schemes.scheme_of(editing.sketch(Draft.of_form(form).plan()))
    part = scheme.parts[0]
    entries = []
    for fact in facts_of(event).entries:
        sheets = tuple(sheet._replace(total=sheet_total(part, sheet.marks)) for sheet in fact.sheets["roadshow"])
        entries.append(fact._replace(sheets={"roadshow": sheets}))
    return compute(scheme, Facts(tuple(entries))).standings


def marks_of(sheet):
    rows = db.session.query(Criterion.code, Mark.value).join(Mark, Mark.criterion_id == Criterion.id).filter(Mark.sheet_id == sheet.id)
    return dict(rows.all())


def test_a_version_needs_a_reason_and_a_change(people, sign_in, final, address):
    client = sign_in(people.alice)
    page = post(client, address, {**reweigh(opened(client, address)).to_dict(flat=False), "reason": " "}, "confirm").text
    assert "请写明为什么要改" in page
    page = post(client, address, {**opened(client, address).to_dict(flat=False), "reason": "没有原因"}, "confirm").text
    assert "不需要建新版本" in page
    assert db.session.query(SchemeVersion).count() == 1


def test_weights_of_99_9_make_no_version(people, sign_in, final, address):
    client = sign_in(people.alice)
    page = post(client, address, reweigh(opened(client, address), "89.9"), "compare").text
    assert "权重合计 99.9，还差 0.1" in page and 'name="reason"' not in page


def test_a_released_event_is_changed_only_after_withdrawal(people, sign_in, final, address):
    release = Release(contest_id=final.contest.id, event_id=final.event.id, number=1, document={}, digest="0" * 64, scheme_digest="0" * 64,
                      audit_head="", made_by="Alice", made_at=NOW)  # fmt: skip
    db.session.add(release)
    db.session.commit()
    client = sign_in(people.alice)
    form = reweigh(opened(client, address))
    assert "第 1 号结果已经发布" in post(client, address, form, "compare").text
    release.state = "withdrawn"
    db.session.commit()
    assert "会改变什么" in post(client, address, form, "compare").text


def test_a_locked_part_keeps_its_weights_but_tiers_may_change(people, sign_in, final, address):
    db.session.query(Part).update({"locked_at": NOW, "locked_by": "总评委"})
    db.session.commit()
    client = sign_in(people.alice)
    assert "总评委已锁定并签名" in post(client, address, reweigh(opened(client, address)), "compare").text
    form = opened(client, address)
    form[f"{key_of(form, 'name', '一等奖')}-prize"] = "100000"
    assert "第 2 版会改变什么" in post(client, address, form, "compare").text


def test_of_two_new_versions_the_second_is_told(people, sign_in, final, address):
    client = sign_in(people.alice)
    first, second = reweigh(opened(client, address)), reweigh(opened(client, address), "80", "20")
    post(client, address, {**first.to_dict(flat=False), "reason": "一"}, "confirm", status=302)
    page = post(client, address, {**second.to_dict(flat=False), "reason": "二"}, "confirm").text
    assert "刚才已有人建了第 2 版" in page
    assert db.session.query(SchemeVersion).count() == 2
