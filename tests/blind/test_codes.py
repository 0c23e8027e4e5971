"""加密: sealing and opening, order and people, and that a changed table is noticed."""

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from compete.blind import opening, planning, sealing, service
from compete.database import write
from compete.models import AuditRecord, CodeLayer, CodeOpening, CodeTable, Entry, EntryCode, Membership, User, db
from compete.office import checks
from scoring.problems import Problem
from tests import support
from tests.blind import hall
from tests.support import NOW


@pytest.fixture
def final(app):
    return hall.make()


def code_of(found) -> str:
    return found.code if isinstance(found, Problem) else type(found).__name__


def tables(final) -> list[CodeTable]:
    return [state.table for state in service.coding(final.event).layers]


def test_layers_are_drawn_one_upon_the_other_and_judges_get_the_outermost(final):
    hall.planned(final)
    assert code_of(hall.seal(final, 1)) == "codes.order"
    for place in range(3):
        assert code_of(hall.seal(final, place)) == "CodeTable"
    way = sealing.chain(tables(final))
    assert set(way) == {entry.id for entry in final.entries}
    shown = dict(db.session.execute(sa.select(EntryCode.entry_id, EntryCode.code)).all())
    assert shown == {entry: path[-1] for entry, path in way.items()}
    assert all(path[1].startswith("C") and path[2].endswith("工位") and path[3].startswith("Z") for path in way.values())
    told = [row.after for row in db.session.scalars(sa.select(AuditRecord).where(AuditRecord.action == "codes.seal").order_by(AuditRecord.number))]
    assert [row["digest"] for row in told] == [table.digest for table in tables(final)]
    assert not any(code in str(told) for path in way.values() for code in path[1:]), "the trail tells codes"


def test_what_is_stored_tells_nothing(final):
    hall.sealed(final)
    codes = [step for path in sealing.chain(tables(final)).values() for step in path[1:]]
    raw = db.session.execute(sa.text("SELECT content, seed FROM code_table")).all()
    assert len(raw) == 3
    for content, seed in raw:
        assert not any(code.encode() in bytes(content) + bytes(seed) for code in codes)


@pytest.mark.sqlite
@pytest.mark.parametrize("person", ["olga", "two", "sue"])
def test_only_the_keeper_draws(final, person):
    hall.planned(final)
    assert code_of(hall.seal(final, 0, actor=hall.by(getattr(final.people, person)))) == "codes.not_keeper"
    assert db.session.scalar(sa.select(sa.func.count(CodeTable.id))) == 0


@pytest.mark.sqlite
@pytest.mark.parametrize(("person", "code"), [("olga", "codes.keeper"), ("sue", "codes.keeper"), ("two", "codes.same_keeper")])
def test_nobody_keeps_two_layers_or_knows_names(final, person, code):
    other = getattr(final.people, person)
    layers = [planning.LayerPlan("甲", keeper_id=other.id), planning.LayerPlan("乙", keeper_id=final.people.two.id)]
    with write():
        found = planning.plan(final.event, layers, confirmers="any", minutes=10, actor=hall.by(final.people.olga), now=NOW)
    assert code_of(found) == code


@pytest.mark.sqlite
def test_drawing_again_needs_a_reason_and_keeps_the_first_table(final):
    hall.planned(final)
    first = hall.seal(final, 0)
    assert code_of(hall.seal(final, 0)) == "codes.reason"
    second = hall.seal(final, 0, reason="漏了一位", spoken="20261122")
    assert second.digest != first.digest and second.source == "hall"
    hall.seal(final, 1)
    assert code_of(hall.seal(final, 0, reason="再来")) == "codes.order"
    assert db.session.scalar(sa.select(sa.func.count(CodeTable.id)).where(CodeTable.superseded_at.is_not(None))) == 1


@pytest.mark.sqlite
def test_codes_stand_once_there_is_a_sheet(final):
    hall.sealed(final)
    support.mark_all(final)
    db.session.commit()
    assert code_of(hall.seal(final, 2, reason="想换")) == "codes.begun"
    assert code_of(hall.planned(final)) == "codes.begun"


def test_layers_open_in_reverse_order_by_two_people_after_the_lock(final):
    hall.sealed(final)
    people = final.people
    assert code_of(hall.ask(final, 2, people.three)) == "codes.unlocked"
    hall.lock(final)
    assert code_of(hall.ask(final, 0, people.one)) == "codes.order"
    assert code_of(hall.ask(final, 2, people.one)) == "codes.no_part"
    asked = hall.ask(final, 2, people.three)
    assert code_of(hall.ask(final, 2, people.sue, ("supervisor",))) == "codes.asked"
    assert code_of(hall.confirm(final, asked, people.three, ("coder",))) == "codes.same_person"
    assert code_of(hall.confirm(final, asked, people.two, ("coder",))) == "codes.no_part"
    assert code_of(hall.confirm(final, asked, people.sue)) == "CodeOpening"
    assert code_of(hall.confirm(final, asked, people.sam)) == "codes.settled"
    assert [state.is_open for state in service.coding(final.event).layers] == [False, False, True]
    both = hall.ask(final, 1, people.sue, ("supervisor",))
    assert code_of(hall.confirm(final, both, people.sam)) == "CodeOpening"
    last = hall.ask(final, 0, people.sam, ("supervisor",))
    assert code_of(hall.confirm(final, last, people.one, ("coder",))) == "CodeOpening"
    found = service.coding(final.event)
    assert found.all_open and found.event.is_veiled
    with write():
        assert reveal(found) is None
    assert not found.event.is_veiled
    said = [row.action for row in db.session.scalars(sa.select(AuditRecord).order_by(AuditRecord.number)) if row.action.startswith("codes.")]
    assert said == ["codes.plan", *["codes.seal"] * 3, *["codes.ask", "codes.open"] * 3, "codes.reveal"]


def reveal(found):
    return opening.reveal(found, actor=hall.by(found.layers[0].layer.keeper), now=NOW)


@pytest.mark.sqlite
def test_two_keepers_do_where_the_plan_says_so(final):
    hall.sealed(final, confirmers="any")
    hall.lock(final)
    asked = hall.ask(final, 2, final.people.three)
    assert code_of(hall.confirm(final, asked, final.people.olga, ("organiser",))) == "codes.no_part"
    assert code_of(hall.confirm(final, asked, final.people.two, ("coder",))) == "CodeOpening"


@pytest.mark.sqlite
def test_a_request_runs_out(final):
    hall.sealed(final)
    hall.lock(final)
    asked = hall.ask(final, 2, final.people.three)
    late = NOW + timedelta(minutes=15)
    assert code_of(hall.confirm(final, asked, final.people.sue, now=late)) == "codes.late"
    again = hall.ask(final, 2, final.people.three, now=late)
    assert code_of(hall.confirm(final, again, final.people.sue, now=late)) == "CodeOpening"


@pytest.mark.sqlite
def test_an_emergency_needs_a_reason_and_two_people_and_shows_no_names_before_the_lock(final):
    hall.sealed(final)
    people = final.people
    assert code_of(hall.ask(final, 2, people.three, emergency=True)) == "codes.reason"
    for place, keeper in ((2, people.three), (1, people.two), (0, people.one)):
        asked = hall.ask(final, place, keeper, emergency=True, reason="选手受伤，须通知单位")
        assert code_of(hall.confirm(final, asked, people.sue)) == "CodeOpening"
    found = service.coding(final.event)
    assert [state.opened.kind for state in found.layers] == ["emergency"] * 3 and found.all_open
    assert code_of(reveal(found)) == "codes.unlocked"
    hall.lock(final)
    assert reveal(service.coding(final.event)) is None


@pytest.mark.sqlite
def test_an_emergency_is_refused_after_the_lock(final):
    hall.sealed(final)
    hall.lock(final)
    assert code_of(hall.ask(final, 2, final.people.three, emergency=True, reason="急")) == "codes.no_emergency"


@pytest.mark.sqlite
def test_a_keeper_hands_over_with_a_reason_but_never_to_one_who_kept_another_layer(final):
    hall.sealed(final)
    give = {"actor": hall.by(final.people.olga), "now": NOW}
    with write():
        row = hall.layer(final, 2)
        assert code_of(planning.hand_over(row, final.people.one.id, reason="换人", **give)) == "codes.same_keeper"
        assert code_of(planning.hand_over(row, final.people.carl.id, reason="换人", **give)) == "codes.keeper"
        new = User(login="four", name="Four", created_at=NOW)
        db.session.add(new)
        db.session.flush()
        db.session.add(Membership(contest_id=final.contest.id, user_id=new.id, role="coder"))
        db.session.flush()
        assert code_of(planning.hand_over(row, new.id, reason=" ", **give)) == "codes.reason"
        assert planning.hand_over(row, new.id, reason="离场", **give) is None
    hall.lock(final)
    assert code_of(hall.ask(final, 2, final.people.three)) == "codes.no_part"
    assert code_of(hall.ask(final, 2, new)) == "CodeOpening"


def spoil_content(table):
    pairs = [list(pair) for pair in table.content["pairs"]]
    pairs[0][1], pairs[1][1] = pairs[1][1], pairs[0][1]
    table.content = {**table.content, "pairs": pairs}


def spoil_digest_too(table):
    spoil_content(table)
    table.digest = sealing.digest_of(db.session.get(CodeLayer, table.layer_id), table.seed, table.content)


def spoil_seed(table):
    table.seed = "0" * 32


def spoil_bytes(table):
    db.session.execute(sa.text("UPDATE code_table SET content = seed WHERE id = :id"), {"id": table.id})
    db.session.expire(table)


@pytest.mark.sqlite
@pytest.mark.parametrize("spoil", [spoil_content, spoil_digest_too, spoil_seed, spoil_bytes])
def test_a_changed_table_is_not_opened(final, spoil):
    hall.sealed(final)
    hall.lock(final)
    asked = hall.ask(final, 2, final.people.three)
    assert list(checks.sealed_codes()) == []
    with write():
        spoil(db.session.get(CodeTable, asked.table_id))
    assert code_of(hall.confirm(final, asked, final.people.sue)) == "codes.tampered"
    assert not service.coding(final.event).layers[2].is_open
    assert [problem.code for problem in checks.sealed_codes()] == ["codes.tampered"]
    assert db.session.scalar(sa.select(CodeOpening.state)) == "broken"
    assert db.session.scalar(sa.select(AuditRecord.action).order_by(AuditRecord.id.desc()).limit(1)) == "codes.broken"


def test_codes_swapped_behind_the_tables_are_noticed_before_names_appear(final):
    hall.sealed(final)
    hall.lock(final)
    first, second = db.session.scalars(sa.select(EntryCode).order_by(EntryCode.id).limit(2)).all()
    with write():
        one, two = first.code, second.code
        db.session.execute(sa.update(EntryCode).where(EntryCode.id == first.id).values(code=two))
        db.session.execute(sa.update(EntryCode).where(EntryCode.id == second.id).values(code=one))
    for place, keeper in ((2, final.people.three), (1, final.people.two)):
        assert code_of(hall.confirm(final, hall.ask(final, place, keeper), final.people.sue)) == "CodeOpening"
    assert code_of(hall.confirm(final, hall.ask(final, 0, final.people.one), final.people.sue)) == "codes.swapped"


@pytest.mark.sqlite
def test_every_chain_leads_back_whatever_the_layers(final):
    """A property over many shapes: coding is one to one, opening leads back, one changed code in any table shows."""
    chance = random.Random(20261122)
    for _ in range(12):
        count = chance.randrange(1, 5)
        prefixes = chance.sample("ABCDEFG", count)
        keepers = [None] * count
        layers = [planning.LayerPlan(f"层{n}", prefixes[n], chance.choice((None, 4, 6)), (), keepers[n]) for n in range(count)]
        with write():
            assert code_of(planning.plan(final.event, layers, confirmers="any", minutes=5, actor=hall.by(final.people.olga), now=NOW)) == "CodePlan"
            made = []
            for state in service.coding(final.event).layers:
                state.layer.keeper_id = final.people.one.id
                made.append(sealing.seal(state.layer, spoken=chance.choice(("", "8246")), actor=hall.by(final.people.one), now=NOW))
            way = sealing.chain(made)
            assert set(way) == set(db.session.scalars(sa.select(Entry.id)))
            assert len({path[-1] for path in way.values()}) == len(final.entries)
            assert sealing.swapped(final.event.id, made) is None
            assert all(sealing.untrue(db.session.get(CodeLayer, row.layer_id), row) is None for row in made)
            victim = chance.choice(made)
            spoil_content(victim)
            assert code_of(sealing.untrue(db.session.get(CodeLayer, victim.layer_id), victim)) == "codes.tampered"
            db.session.rollback()
