"""Every door, tried by people of another contest: no address, no number in an address and none in a form opens or moves what is not theirs.

The routes are found from the application, so a new one is tried without being named here.
"""

import hashlib
from base64 import b64encode
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from compete.access import POWERS
from compete.models import (
    ROLES,
    Attachment,
    Budget,
    CodeOpening,
    CodeTable,
    Contest,
    Decision,
    Import,
    LateMark,
    Membership,
    Penalty,
    Recusal,
    Ruling,
    User,
    db,
)
from compete.rehearsal import belonging
from tests import support
from tests.blind import hall as blind_hall
from tests.furnished import furnish
from tests.support import NOW, words_of

pytestmark = pytest.mark.sqlite
SECRET = "甲戌绝密焊机"  # stands in the names of the other contest's things


def everything(finance: User, name: str) -> SimpleNamespace:
    """A contest with a row of every kind that an address can name: `ids` {argument of a route: number}."""
    final = support.make_final(marked=True, judges=5)
    final.contest.name = final.event.name = name
    for entry in final.entries:
        entry.title = entry.title_key = f"{name}{entry.number}"
    db.session.commit()
    ids = furnish(final, finance)
    entry, judge = final.entries[0].id, final.judges[1].id
    made = {"made_by": "x", "made_at": NOW}
    rows = {
        "recusal": Recusal(entry_id=entry, judge_id=judge, cause="manual", reason="亲属", **made),
        "ruling": Ruling(entry_id=entry, kind="veto", reason="作弊", **made),
        "penalty": Penalty(entry_id=entry, points=10_000, reason="超时", **made),
        "decision": Decision(event_id=final.event.id, entry_ids=[entry], method="vote", reason="合议", **made),
        "late": LateMark(contest_id=final.contest.id, part_id=final.part.id, entry_id=entry, judge_id=judge, message={"marks": {}, "comment": None, "revision": 1, "rubric": "", "submit": False},
                         digest="0" * 64, code="closed", why="已结束", received_at=NOW),  # fmt: skip
        "import": Import(contest_id=final.contest.id, kind="entries", filename=f"{name}.csv", sha256="0" * 64, mapping={"roster": "projects", "columns": {}, "events": {}, "ticks": {}},
                         content={"file": b64encode("编号,项目名称\n1,甲".encode()).decode(), "sheets": [], "rows": [], "problems": [], "digest": ""}, created_by="x", created_at=NOW),  # fmt: skip
        "attachment": Attachment(entry_id=entry, name=f"{name}.pdf", media_type="application/pdf", size=1, sha256="0" * 64, uploaded_by="x", uploaded_at=NOW),
        "budget": Budget(contest_id=final.contest.id, name=name, amount_fen=100),
        "membership": Membership(contest_id=final.contest.id, user_id=finance.id, role="finance"),
    }  # fmt: skip
    db.session.add_all(rows.values())
    db.session.commit()
    ids |= {kind: row.id for kind, row in rows.items()}
    return SimpleNamespace(final=final, contest=final.contest.id, keys=ids,
                           ids={f"{kind}_id": number for kind, number in ids.items()} | {"first_id": entry, "second_id": final.entries[1].id})  # fmt: skip


@pytest.fixture
def world(app):
    """Two contests with everything, a coded third; people of the first: one of each role, one with all, two judges and the chief."""
    people = {name: User(login=name, name=name.title(), created_at=NOW) for name in (*ROLES, "all", "other")}
    db.session.add_all(people.values())
    db.session.commit()
    here, there = everything(people["other"], "本赛"), everything(people["other"], SECRET)
    blind = blind_hall.make(entries=2, judges=2)
    blind.event.name = SECRET
    blind_hall.sealed(blind)
    table = db.session.scalar(sa.select(sa.func.min(CodeTable.id)))
    opening = CodeOpening(table_id=table, asked_by="user:0", asked_name="x", asked_at=NOW, expires_at=NOW)
    db.session.add(opening)
    roles = [(name, name) for name in ROLES] + [("all", role) for role in ROLES]
    db.session.add_all(Membership(contest_id=here.contest, user_id=people[name].id, role=role) for name, role in roles)
    final = here.final
    warden = next(judge for judge in final.judges if judge.position == 4)
    warden.role = "supervisor"
    db.session.commit()
    coded = {"contest_id": blind.contest.id, "event_id": blind.event.id, "layer_id": blind_hall.layer(blind, 0).id, "opening_id": opening.id}
    people |= {"card of a judge": final.judges[1], "card of the chief": final.judges[0], "card of a supervisor": warden, "nobody": None}
    # Numbers of layers and requests are taken from the coded contest for all three.
    for one in (here, there):
        one.ids |= {"contest_id": one.contest, "layer_id": coded["layer_id"], "opening_id": coded["opening_id"], "number": 1}
    return SimpleNamespace(here=here, there=there, coded=coded, people=people)


WORDS = {"roster": "entries", "part": "awards", "verb": "approve", "key": "unknown", "token": "unknown", "code": "unknown", "stamp": "x", "name": "x", "filename": "x"}
VERBS = {"accounts.set_disabled": {"verb": "disable"}}


def doors(app, given: dict, *, only=lambda rule: True):
    """(endpoint, method, address) of every route with these arguments."""
    known = {**WORDS, **given}
    with app.test_request_context():
        found = [
            (rule.endpoint, method, rule.build({name: known[name] for name in rule.arguments} | VERBS.get(rule.endpoint, {}))[1])
            for rule in app.url_map.iter_rules() for method in ("GET", "POST")
            if method in rule.methods and only(rule) and rule.arguments <= known.keys()
        ]  # fmt: skip
    return found


def of_contests(rule) -> bool:
    return "contest_id" in rule.arguments and rule.endpoint != "public.release"


def form_of(ids: dict, user: User) -> dict:
    """A form with whatever a page might ask for: right words, and numbers of these things."""
    numbers = {name.removesuffix("_id"): number for name, number in ids.items()} | ids
    seats = {"seats-0-judge_id": ids["judge_id"], "seats-0-place": 1}
    return {
        **numbers, **seats, "chief": ids["judge_id"], "user_id": user.id, "keeper": user.id, "subject": f"{ids['event_id']}:0", "e-0": ids["event_id"],
        "source": f"event:{ids['event_id']}", "of": "part", "way": "file", "order": "1", "subjects": ids["entry_id"], "shown": ids["entry_id"],
        "name": "新名称", "text": "话", "reason": "查错门", "penalty_reason": "超时", "points": "1", "confirmed": "yes", "method": "system", "limit": "5",
        "kind": "hall", "scene": "score", "role": "judge", "do": "call", "touch": "t1", "seen": "0", "digest": "0" * 64, "agree": "1", "notice_days": "5", "count": "1",
        "amount": "1", "amounts": "1", "purpose": "prize", "most": "1", "settings": "1", "all": "1", "tier": "first", "state": "draft", "organization": "单位", "verb": "accept",
    }  # fmt: skip


def state_of(contest: int) -> str:
    """A digest of every row of a contest."""
    every = hashlib.sha256()
    for table in belonging.tables():
        for row in db.session.execute(sa.select(table).where(belonging.of_contest(table, contest)).order_by(*table.primary_key)):
            every.update(repr((table.name, tuple(row))).encode())
    return every.hexdigest()


def knock(app, client, method: str, address: str, form: dict | None = None):
    db.session.rollback()
    with app.app_context():
        answer = client.open(address, method=method, data=form if method == "POST" else None)
    db.session.expire_all()
    return answer


@pytest.fixture
def untouched(world):
    """Whatever the test does, no row of the other two contests changes."""
    others = (world.there.contest, world.coded["contest_id"])
    before = [state_of(number) for number in others]
    yield
    db.session.expire_all()
    assert [state_of(number) for number in others] == before


@pytest.fixture
def enter(app, world):
    return lambda name: support.Client(app, world.people[name])._client


def test_no_address_of_another_contest_opens_to_anybody(app, world, untouched, enter):
    wrong = []
    for name in ("all", "card of a judge", "card of the chief", "card of a supervisor", "nobody"):
        client, expected = enter(name), 302 if name == "nobody" else 404
        for ids in (world.there.ids, {**world.there.ids, **world.coded}):
            form = form_of(ids, world.people["all"])
            for endpoint, method, address in doors(app, ids, only=of_contests):
                answer = knock(app, client, method, address, form)
                if answer.status_code != expected or (expected == 302 and "/sign-in" not in answer.headers["Location"]):
                    wrong.append((name, endpoint, method, answer.status_code))
    assert wrong == []


def test_numbers_of_another_contest_open_nothing_in_the_own_one(app, world, untouched, enter):
    """As somebody with every role here: each argument of an address in turn is a number of the other contest."""
    told, found, client = [], [], enter("all")
    own, form = world.here.ids, form_of(world.here.ids, world.people["all"])
    for name in sorted(world.there.ids.keys() - {"contest_id", "number"}):
        ids = {**own, name: world.there.ids[name]}
        if name in ("layer_id", "opening_id"):
            ids["event_id"] = own["event_id"]
        for endpoint, method, address in doors(app, ids, only=lambda rule: of_contests(rule) and name in rule.arguments):
            answer = knock(app, client, method, address, form)
            if SECRET in words_of(answer):
                told.append((endpoint, method, name))
            if answer.status_code not in (302, 403, 404) or (method == "GET" and answer.status_code != 404):
                found.append((endpoint, method, name, answer.status_code, answer.headers.get("Location")))
    assert told == []
    assert found == []


def test_forms_with_numbers_of_another_contest_move_nothing_there_and_join_nothing_here(app, world, untouched, enter):
    told, client = [], enter("all")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    form = form_of(world.there.ids, world.people["all"])
    asked = "?" + "&".join(f"{name}={form[name]}" for name in ("event_id", "session_id", "part_id", "session", "judge", "line", "part", "entry", "draw", "without") if name in form)
    for endpoint, method, address in doors(app, world.here.ids, only=of_contests):
        answer = knock(app, client, method, address + asked, form)
        if SECRET in words_of(answer) or answer.status_code >= 500:
            told.append((endpoint, method, answer.status_code))
    assert told == []
    assert strays(world.here.contest) == []


def strays(contest: int) -> list[str]:
    """Columns of the contest's rows that point at a row of another contest."""
    found = []
    for table in belonging.tables():
        for key in table.foreign_keys:
            target = key.column.table
            if target.name in belonging.COMMON or target.name == belonging.CONTEST:
                continue
            own = sa.select(key.column).where(belonging.of_contest(target, contest))
            away = sa.select(sa.func.count()).select_from(table).where(belonging.of_contest(table, contest), key.parent.is_not(None), key.parent.not_in(own))
            if db.session.scalar(away):
                found.append(f"{table.name}.{key.parent.name}")
    return found


def test_a_role_opens_what_its_powers_say_and_nothing_else(app, world, untouched, enter):
    wrong, before = [], state_of(world.here.contest)
    form = form_of(world.here.ids, world.people["all"])
    for role in (*ROLES, "judge"):
        client = enter(role if role in ROLES else "card of a judge")
        for endpoint, method, address in doors(app, world.here.ids, only=of_contests):
            if role in POWERS[app.view_functions[endpoint].guard]:
                continue
            answer = knock(app, client, method, address, form)
            if answer.status_code != 403:
                wrong.append((role, endpoint, method, answer.status_code))
    assert wrong == []
    assert state_of(world.here.contest) == before


def test_a_judge_writes_into_no_sheet_of_others(app, world, untouched, enter):
    before, there = state_of(world.here.contest), world.there
    message = {"revision": 0, "marks": {"c1": 0, "c2": 0}, "client": "t1", "comment": None, "digest": "0" * 64, "name": "x", "drawing": "M0 0"}
    client, wrong = enter("card of a judge"), []
    for path in (f"sheets/{there.ids['entry_id']}?part={there.ids['part_id']}", f"sheets/{there.ids['entry_id']}?part={world.here.ids['part_id']}",
                 f"sheets/{there.ids['entry_id']}/submit?part={there.ids['part_id']}", f"sessions/{there.ids['session_id']}/sign"):  # fmt: skip
        db.session.rollback()
        with app.app_context():
            answer = client.post(f"/judge/api/{path}", json=message)
        wrong += [(path, answer.status_code)] if answer.status_code < 400 or answer.status_code >= 500 or SECRET in words_of(answer) else []
    assert wrong == []
    assert knock(app, client, "GET", f"/judge/api/sessions/{there.ids['session_id']}/list").status_code == 404
    assert state_of(world.here.contest) == before


def test_without_a_form_token_nothing_is_taken(app, world, untouched, enter):
    """Signed in with every power, from a page of somebody else: no POST does anything, whatever it carries."""
    app.config["WTF_CSRF_ENABLED"] = True
    before, wrong = state_of(world.here.contest), []
    form = form_of(world.here.ids, world.people["all"])
    for name in ("all", "card of a judge"):
        client = enter(name)
        for endpoint, method, address in doors(app, {**world.here.ids, "user_id": world.people["other"].id}):
            if method == "POST" and knock(app, client, method, address, form).status_code not in (400, 401, 403, 409):
                wrong.append((name, endpoint))
    assert wrong == []
    assert state_of(world.here.contest) == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Contest)) == 3
