"""The list of contests, the cover, the overview."""

from compete.contests import progress
from compete.models import AuditRecord, Contest, Draw, Membership, Sheet, db
from tests import support
from tests.support import NOW, counted_queries, make_final


def test_index_shows_only_what_the_person_may_see(people, sign_in, final):
    assert "测试竞赛" in sign_in(people.alice).get("/contests").text
    assert "测试竞赛" not in sign_in(people.dan).get("/contests").text
    assert "测试竞赛" in sign_in(people.eve).get("/contests").text


def test_index_takes_the_same_queries_for_one_contest_and_three(people, sign_in):
    client = sign_in(people.eve)
    client.get("/contests")
    with counted_queries() as one:
        client.get("/contests")
    make_final()
    make_final()
    with counted_queries() as three:
        client.get("/contests")
    assert len(one) == len(three) <= 12


def test_overview_takes_the_same_queries_for_one_event_and_more(people, sign_in, final):
    client = sign_in(people.alice)
    address = f"/contests/{final.contest.id}"
    client.get(address)
    with counted_queries() as one:
        client.get(address)
    from compete.contests import building

    plan = building.plan_of(db.session.get(Contest, final.contest.id))
    for number in (1, 2):
        building.add_event({**plan["events"][0], "name": f"赛项{number}"}, final.contest, number)
    db.session.commit()
    with counted_queries() as three:
        page = client.get(address)
    assert "赛项2" in page.text
    assert len(one) == len(three) <= 12


def test_a_stranger_is_not_told_that_the_contest_exists(people, sign_in, final):
    sign_in(people.dan).get(f"/contests/{final.contest.id}", status=404)


def test_new_contest_makes_its_maker_organiser_and_is_audited(people, sign_in):
    given = {"name": " 春季 比武 ", "level": "市级", "host_main": "市总工会\n\n市人社局\n市总工会"}
    answer = sign_in(people.alice).post("/contests/new?from=empty", given)
    contest = db.session.query(Contest).filter_by(name="春季 比武").one()
    assert answer.location.endswith(f"/contests/{contest.id}")
    assert contest.hosts == {"主办": ["市总工会", "市人社局"], "承办": [], "协办": []}
    assert db.session.query(Membership).filter_by(contest_id=contest.id).one().user_id == people.alice.id
    record = db.session.query(AuditRecord).filter_by(chain=contest.id).one()
    assert (record.action, record.after["name"]) == ("contest.create", "春季 比武")


def test_only_organisers_and_administrators_create(people, sign_in):
    sign_in(people.dan).get("/contests/new", status=403)
    sign_in(people.bob).post("/contests/new?from=empty", {"name": "乙"}, status=403)
    assert "用这个预设" in sign_in(people.eve).get("/contests/new").text


def test_new_from_a_preset_is_filled_in(people, sign_in):
    client = sign_in(people.alice)
    page = client.get("/contests/new?from=preset:anhui-innovation").text
    assert "省劳动竞赛委员会\n省总工会" in page
    client.post("/contests/new?from=preset:anhui-innovation", {"name": "安徽 2026", "level": "省级", "venue": "合肥"})
    contest = db.session.query(Contest).filter_by(name="安徽 2026").one()
    assert [event.name for event in contest.events] == ["金成果", "金项目"]
    assert (contest.preset, contest.venue) == ("anhui-innovation", "合肥")
    assert "1,850,000.00" in client.get(f"/contests/{contest.id}").text


def test_copy_of_anothers_contest_is_not_offered(people, sign_in, final):
    other = make_final()
    page = sign_in(people.alice).get(f"/contests/new?from=copy:{other.contest.id}")
    assert "从哪里开始" in page.text  # as if nothing had been chosen
    page = sign_in(people.alice).get(f"/contests/new?from=copy:{final.contest.id}")
    assert "沿用“测试竞赛”" in page.text


def test_end_before_start_is_told_at_the_field(people, sign_in):
    given = {"name": "甲", "starts_on": "2026-11-22", "ends_on": "2026-11-20"}
    page = sign_in(people.alice).post("/contests/new?from=empty", given, status=200)
    assert "结束日期早于开始日期" in page.text
    assert db.session.query(Contest).filter_by(name="甲").count() == 0


def test_edit_records_only_what_changed(people, sign_in, final):
    client = sign_in(people.alice)
    address = f"/contests/{final.contest.id}/edit"
    assert "省总工会" in client.get(address).text
    client.post(address, {"name": "测试竞赛", "level": "省级", "host_main": "省总工会", "venue": "合肥大剧院"})
    record = db.session.query(AuditRecord).filter_by(chain=final.contest.id, action="contest.change").one()
    assert (record.before, record.after) == ({"venue": ""}, {"venue": "合肥大剧院"})


def test_finance_may_not_edit(people, sign_in, final):
    client = sign_in(people.bob)
    client.get(f"/contests/{final.contest.id}")
    for page in ("edit", "people", "budget"):
        client.get(f"/contests/{final.contest.id}/{page}", status=403)
        sign_in(people.dan).get(f"/contests/{final.contest.id}/{page}", status=404)


def test_archive_moves_the_contest_and_back(people, sign_in, final):
    client = sign_in(people.alice)
    client.post(f"/contests/{final.contest.id}/archive", {"away": "1"})
    assert "测试竞赛" not in client.get("/contests").text
    assert "测试竞赛" in client.get("/contests?archived=1").text
    client.post(f"/contests/{final.contest.id}/archive", {"away": "0"})
    actions = [row.action for row in db.session.query(AuditRecord).filter_by(chain=final.contest.id).order_by(AuditRecord.number)]
    assert actions == ["contest.archive", "contest.restore"]


def test_counts_of_two_contests_stay_apart(app, final):
    other = make_final(entries=2, marked=True)
    found = progress.counts_of([final.contest.id, other.contest.id])
    assert (found[final.contest.id]["entries"], found[final.contest.id]["sheets"]) == (3, 0)
    assert (found[other.contest.id]["entries"], found[other.contest.id]["submitted"], found[other.contest.id]["criteria"]) == (2, 6, 2)


def next_step(client, contest) -> str:
    return client.get(f"/contests/{contest.id}").text.split('id="next-title">', 1)[1].split("<", 1)[0]


def test_the_next_step_follows_the_contest(people, sign_in, final):
    client = sign_in(people.alice)
    assert next_step(client, final.contest) == "还有 1 场没有抽签"
    db.session.add(Draw(session_id=final.session.id, seed="s", items=[], result=[], method="sha256", drawn_by="Alice", drawn_at=NOW))
    final.criteria[0].weight = 499_000
    db.session.commit()
    assert next_step(client, final.contest) == "完善“金成果”的评分方案"
    final.criteria[0].weight = 500_000
    support.mark_all(final)
    db.session.query(Sheet).filter_by(entry_id=final.entries[0].id).update({"state": "returned"})
    db.session.commit()
    assert next_step(client, final.contest) == "评分正在进行"
    db.session.query(Sheet).update({"state": "submitted"})
    db.session.commit()
    assert next_step(client, final.contest) == "核对并锁定成绩"


def test_finance_is_shown_only_what_finance_may_open(people, sign_in, final):
    page = sign_in(people.bob).get(f"/contests/{final.contest.id}").text
    assert f"/contests/{final.contest.id}/events/{final.event.id}" not in page
    assert "没有等您处理的事" in page
