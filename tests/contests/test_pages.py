"""The list of contests, the cover, the overview."""

from compete.contests import progress
from compete.models import AuditRecord, Contest, Membership, db
from tests.support import counted_queries, make_final


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
    answer = sign_in(people.dan).post("/contests/new", {"name": " 春季 比武 ", "level": "市级", "host_main": "市总工会\n\n市人社局\n市总工会"})
    contest = db.session.query(Contest).filter_by(name="春季 比武").one()
    assert answer.location.endswith(f"/contests/{contest.id}")
    assert contest.hosts == {"主办": ["市总工会", "市人社局"], "承办": [], "协办": []}
    assert db.session.query(Membership).filter_by(contest_id=contest.id, user_id=people.dan.id).one().role == "organiser"
    record = db.session.query(AuditRecord).filter_by(chain=contest.id).one()
    assert (record.action, record.after["name"]) == ("contest.create", "春季 比武")


def test_end_before_start_is_told_at_the_field(people, sign_in):
    page = sign_in(people.alice).post(
        "/contests/new", {"name": "甲", "starts_on": "2026-11-22", "ends_on": "2026-11-20"}, status=200
    )
    assert "结束日期早于开始日期" in page.text
    assert db.session.query(Contest).filter_by(name="甲").count() == 0


def test_counts_of_two_contests_stay_apart(app, final):
    other = make_final(entries=2, marked=True)
    found = progress.counts_of([final.contest.id, other.contest.id])
    assert (found[final.contest.id]["entries"], found[final.contest.id]["sheets"]) == (3, 0)
    assert (found[other.contest.id]["entries"], found[other.contest.id]["submitted"], found[other.contest.id]["criteria"]) == (2, 6, 2)
