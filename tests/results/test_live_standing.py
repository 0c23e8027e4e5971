"""The standing that is kept up to date says after every change what `scoring.compute` says of all facts."""

import json
import random

import pytest
import sqlalchemy as sa

import scoring
from compete import create_app
from compete.audit import service as audit
from compete.contests import schemes
from compete.database import write
from compete.entries import states
from compete.judging import recusals, rulings
from compete.judging import service as judging
from compete.marking import locking
from compete.marking import service as marking
from compete.models import (
    Decision,
    Entry,
    Event,
    Judge,
    JudgeAbsence,
    Part,
    Penalty,
    Recusal,
    Ruling,
    Session,
    Sheet,
    db,
)
from compete.results import facts, live, written
from compete.results import service as decisions
from scoring.problems import Problem
from tests import support
from tests.support import NOW, counted_queries

BY = {"actor": audit.SYSTEM, "now": NOW}
PLACES = {"rounding": {"places": 2, "mode": "half_up"}}


def fresh(standing) -> dict:
    """What it says, asked in a transaction that has seen nothing yet."""
    db.session.rollback()
    found = json.loads(standing.document().raw)
    db.session.rollback()
    return found


def computed(event_id: int) -> list[list]:
    """The rows as `compute` gives them from all facts with all marks."""
    return whole(event_id)["rows"]


def whole(event_id: int) -> dict:
    db.session.rollback()
    found = facts.full_board(schemes.load(event_id))
    standings = found.outcome.standings
    return {
        "rows": [_row(found.labels[standing.entry], standing) for standing in standings],
        "ties": [list(tie) for tie in found.outcome.undecided_ties], "incomplete": sum(standing.status == "incomplete" for standing in standings),
    }  # fmt: skip


def _row(label, standing) -> list:
    place = standing.place if standing.place is None or isinstance(standing.place, int) else f"{standing.place.numerator // 2}.5"
    name = [None, label.code, ""] if label.code else [label.number, label.title, label.organization]
    state = ("undecided" if standing.undecided else "shared" if standing.shared else "") if standing.place is not None else standing.status
    return [
        place, standing.outside_place, standing.entry, *name, standing.score_text, [part.text for part in standing.parts.values()],
        [step.text for step in standing.steps.values()], scoring.format_points(standing.penalty) if standing.fact.penalties else "", state,
    ]  # fmt: skip


class Day:
    """Changes of every kind, drawn by the dice; many are refused, as in life."""

    def __init__(self, final, seed: int):
        self.chance, self.event, self.part, self.session = random.Random(seed), final.event.id, final.part.id, final.session.id
        self.contest = final.contest.id
        self.entries, self.judges = [row.id for row in final.entries], [row.id for row in final.judges]
        self.codes = {row.code: row.maximum // row.step // 8 * row.step for row in final.criteria}

    def step(self) -> None:
        kinds = (self.mark, self.submit, self.give_back, self.penalize, self.recuse, self.rule, self.leave, self.withdraw, self.decide, self.lock)
        verb = self.chance.choices(kinds, weights=(20, 40, 6, 4, 4, 4, 3, 3, 6, 1))[0]
        with write():
            verb()

    def pick(self, model, *conditions):
        rows = db.session.scalars(sa.select(model).where(*conditions).order_by(model.id)).all()
        return self.chance.choice(rows) if rows else None

    def mark(self, verb=marking.save_marks, codes=1):
        entry, judge = self.chance.choice(self.entries), self.chance.choice(self.judges)
        sheet = self.pick(Sheet, Sheet.entry_id == entry, Sheet.judge_id == judge)
        marks = {code: self.chance.randint(6, 8) * step for code, step in self.codes.items() if codes > 1 or self.chance.random() < 0.5}
        verb(entry, self.part, judge_id=judge, revision=sheet.revision if sheet else 0, marks=marks, **BY)

    def submit(self):
        self.mark(marking.submit, len(self.codes))

    def give_back(self):
        sheet = self.pick(Sheet, Sheet.state == "submitted")
        if sheet:
            judging.return_sheet(sheet, "请再看一遍", **BY)

    def penalize(self):
        row = self.pick(Penalty, Penalty.revoked_at.is_(None)) if self.chance.random() < 0.5 else None
        if row:
            rulings.revoke(row, reason="误记", **BY)
        else:
            rulings.penalize(self.pick(Entry), points=5000, reason="超时", **BY)

    def recuse(self):
        row = self.pick(Recusal, Recusal.lifted_at.is_(None)) if self.chance.random() < 0.5 else None
        if row:
            recusals.lift(row, reason="已查明", **BY)
        else:
            recusals.recuse(self.pick(Judge), self.pick(Entry), reason="亲属", **BY)

    def rule(self):
        row = self.pick(Ruling, Ruling.revoked_at.is_(None))
        if row:
            rulings.revoke(row, reason="误记", **BY)
        else:
            rulings.rule(self.pick(Entry), kind="absence", reason="未到", **BY)

    def leave(self):
        row = self.pick(JudgeAbsence, JudgeAbsence.lifted_at.is_(None))
        if row:
            rulings.lift_absence(row, **BY)
        else:
            rulings.mark_absent(db.session.get(Session, self.session), self.pick(Judge), reason="病", **BY)

    def withdraw(self):
        row = self.pick(Entry)
        if row.state == "approved" and self.chance.random() < 0.5:
            states.change(self.contest, [row.id], "withdraw", reason="因故", **BY)
        else:
            states.set_counting(row, not row.in_competition, reason="特邀", **BY)

    def decide(self):
        row = self.pick(Decision, Decision.revoked_at.is_(None))
        if row and self.chance.random() < 0.3:
            decisions.revoke(decision=row, event=db.session.get(Event, self.event), **BY)
            return
        found = facts.board(schemes.load(self.event))
        for tie in decisions.open_ties(found)[:1]:
            decisions.decide(board=found, entries=self.chance.sample(tie, len(tie)), method="lot", reason="抽签", **BY)

    def lock(self):
        part = db.session.get(Part, self.part)
        if part.locked_at:
            locking.unlock(part, reason="更正", **BY)


def made(rules, panel=None) -> object:
    final = support.make_final(entries=6)
    final.event.rules = {**PLACES, **rules}
    final.part.panel = {**final.part.panel, "minimum_judges": 1, **(panel or {})}
    db.session.commit()
    return final


SCHEMES = {
    "by the mean": ({"ties": [{"code": "shared"}]}, None),
    "undecided ties": ({"ties": [{"code": "untrimmed_mean"}]}, None),
    "ties on a criterion": ({"ties": [{"code": "criterion", "argument": "c1"}], "ranking": "mean"}, None),
    "exact scores": ({"ties": [{"code": "shared"}], "rank_by": "exact"}, None),
    "trimmed per criterion": ({"ties": [{"code": "shared"}]}, {"level": "criterion", "rule": "mean"}),
    "the whole field counts": ({"ties": [{"code": "shared"}], "tolerance": 5000}, None),
}


@pytest.mark.sqlite
@pytest.mark.parametrize("name", SCHEMES)
def test_after_every_change_the_standing_is_that_of_compute(app, name):
    final = made(*SCHEMES[name])
    day, quick, slow = Day(final, len(name)), live.Current(final.contest.id, final.event.id), live.Current(final.contest.id, final.event.id)
    for turn in range(24):
        day.step()
        found = fresh(quick)
        expected = whole(day.event)
        assert {name: found[name] for name in expected} == expected
        if turn % 7 == 0:
            assert fresh(slow) == found
    assert quick.rebuilt < 24 and fresh(slow) == fresh(quick)


def test_several_processes_write_and_each_follows(app, final):
    settings = {"DATA": str(app.config["DATA"]), "SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"], "TESTING": True}
    final = made({"ties": [{"code": "untrimmed_mean"}]})
    other = create_app(settings)
    days = Day(final, 1), Day(final, 2)
    here, there = live.Current(days[0].contest, days[0].event), live.Current(days[0].contest, days[0].event)
    chance = random.Random(3)
    for _ in range(14):
        db.session.rollback()
        if chance.random() < 0.5:
            days[0].step()
        else:
            with other.app_context():
                days[1].step()
                found = fresh(there)
            assert found["rows"] == computed(days[0].event)
        if chance.random() < 0.6:
            assert fresh(here)["rows"] == computed(days[0].event)
    with other.app_context():
        last = fresh(there)
        db.session.remove()
        db.engine.dispose()
    assert last == fresh(here)


def submitted(final, entry=0, judge=0, points=7):
    marks = {row.code: row.step * points for row in final.criteria}
    sheet = db.session.scalar(sa.select(Sheet).where(Sheet.entry_id == final.entries[entry].id, Sheet.judge_id == final.judges[judge].id))
    with write():
        found = marking.submit(final.entries[entry].id, final.part.id, judge_id=final.judges[judge].id, revision=sheet.revision if sheet else 0, marks=marks, **BY)
    assert not isinstance(found, Problem), found


@pytest.mark.sqlite
def test_a_sheet_costs_three_questions_and_other_records_one(app):
    final = support.make_final(entries=4)
    standing = live.Current(final.contest.id, final.event.id)
    submitted(final)
    fresh(standing)
    submitted(final, judge=1)
    with counted_queries() as statements:
        fresh(standing)
    assert len(statements) == 3 and standing.rebuilt == 1
    with counted_queries() as statements:
        fresh(standing)
    assert len(statements) == 1
    body = standing.document()
    with write():
        audit.record(contest_id=final.contest.id, action="card.enter", subject="judge", **BY)
        audit.record(contest_id=final.contest.id, action="screen.direct", subject="screen", **BY)
    fresh(standing)
    assert standing.rebuilt == 1 and standing.document() is body
    with write():
        audit.record(contest_id=final.contest.id, action="thing.unheard_of", subject="thing", **BY)
    fresh(standing)
    assert standing.rebuilt == 2


@pytest.mark.sqlite
def test_a_row_is_written_again_only_when_its_entry_changed(app, monkeypatch):
    final = support.make_final(entries=4, marked=True)
    standing = live.Current(final.contest.id, final.event.id)
    fresh(standing)
    rows, figures = [], written.figures
    monkeypatch.setattr(written, "figures", lambda row: rows.append(row.entry) or figures(row))
    first = db.session.scalar(sa.select(Sheet).where(Sheet.entry_id == final.entries[0].id))
    with write():
        judging.return_sheet(first, "重看", **BY)
    assert fresh(standing)["incomplete"] == 1 and rows == [final.entries[0].id]  # the others moved up, that is all


@pytest.mark.sqlite
def test_events_of_other_contests_are_not_there(app, sign_in):
    final, other = support.make_final(), support.make_final()
    people = support.make_people(final.contest)
    assert live.Current(final.contest.id, other.event.id).document() is None
    for event in (other.event.id, 999):
        sign_in(people.alice).get(f"/contests/{final.contest.id}/results/{event}/live", status=404)


@pytest.mark.sqlite
def test_a_failure_in_the_midst_is_mended_by_reading_everything(app, monkeypatch):
    final = support.make_final(entries=3, marked=True)
    standing = live.Current(final.contest.id, final.event.id)
    fresh(standing)
    with write():
        judging.return_sheet(db.session.scalar(sa.select(Sheet)), "重看", **BY)
    with monkeypatch.context() as patch:
        patch.setattr(facts, "again", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fresh(standing)
    assert fresh(standing)["rows"] == computed(final.event.id) and standing.rebuilt == 2


@pytest.mark.sqlite
def test_blind_entries_are_codes_in_the_document_too(app):
    final = support.make_final(entries=3, marked=True)
    final.event.is_blind = True
    db.session.commit()
    text = live.Current(final.contest.id, final.event.id).document().raw.decode()
    rows = json.loads(text)["rows"]
    assert "项目" not in text and "单位1" not in text
    assert all(row[3] is None and row[2] not in [entry.id for entry in final.entries] for row in rows)
