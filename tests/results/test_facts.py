"""From tables to facts: the five kinds of nothing stay apart, and the number of queries does not grow."""

import sqlalchemy as sa

from compete.contests import schemes
from compete.models import Decision, Entry, Judge, JudgeAbsence, Part, Penalty, Recusal, Ruling, Sheet, Stage, db
from compete.results.facts import board, facts_of
from scoring import PenaltyFact
from tests import support
from tests.support import NOW, counted_queries

MADE = {"made_by": "x", "made_at": NOW}


def states(final):
    found = facts_of(schemes.load(final.event.id))
    return {fact.number: (fact.status, [sheet.state for sheet in fact.sheets["roadshow"]]) for fact in found.entries}


def test_missing_recused_absent_and_zero_are_different(app):
    final = support.make_final(marked=True)
    first, second, third = final.entries
    db.session.execute(sa.delete(support.Mark))
    db.session.execute(sa.update(Sheet).values(total=0))
    db.session.execute(sa.update(Sheet).where(Sheet.entry_id == first.id, Sheet.judge_id == final.judges[0].id).values(state="returned"))
    db.session.execute(sa.delete(Sheet).where(Sheet.entry_id == first.id, Sheet.judge_id == final.judges[1].id))
    db.session.add(Recusal(entry_id=second.id, judge_id=final.judges[2].id, cause="manual", reason="亲属", **MADE))
    db.session.execute(sa.delete(Sheet).where(Sheet.entry_id == second.id, Sheet.judge_id == final.judges[0].id))
    db.session.add(JudgeAbsence(session_id=final.session.id, judge_id=final.judges[0].id, reason="病", **MADE))
    db.session.add(Ruling(entry_id=third.id, kind="absence", reason="未到", **MADE))
    db.session.commit()

    assert states(final) == {
        "1": ("competing", ["absent", "missing", "submitted"]),
        "2": ("competing", ["absent", "submitted", "recused"]),
        "3": ("absent", ["submitted", "submitted", "submitted"]),
    }
    outcome = board(schemes.load(final.event.id)).outcome
    assert outcome.incomplete
    assert outcome.standing(second.id).score == 0
    assert outcome.standing(first.id).score is None


def test_penalties_and_decisions_are_facts(app):
    final = support.make_final(marked=True)
    db.session.add(Penalty(entry_id=final.entries[0].id, points=15000, reason="超时", **MADE))
    order = [final.entries[1].id, final.entries[0].id]
    db.session.add(Decision(event_id=final.event.id, entry_ids=order, method="lot", reason="抽签\n当众", **MADE))
    db.session.commit()
    facts = facts_of(schemes.load(final.event.id))
    assert facts.entries[0].penalties == (PenaltyFact(15000, "超时"),)
    assert [(decision.entries, decision.reason) for decision in facts.decisions] == [(tuple(order), "抽签\n当众")]


def test_a_penalty_of_another_stage_stays_there(app):
    final = support.make_final(marked=True)
    early = Stage(event_id=final.event.id, name="初赛", position=-1, is_ranked=False)
    db.session.add(early)
    db.session.flush()
    heat = Part(stage_id=early.id, code="heat", name="初评")
    db.session.add(heat)
    db.session.flush()
    for part, reason in ((heat.id, "初赛超时"), (final.part.id, "决赛超时")):
        db.session.add(Penalty(entry_id=final.entries[0].id, part_id=part, points=15000, reason=reason, **MADE))
    db.session.commit()
    db.session.expunge_all()
    facts = facts_of(schemes.load(final.event.id))
    assert facts.entries[0].penalties == (PenaltyFact(15000, "决赛超时", "roadshow"),)


def test_same_queries_for_one_and_many_entries(app):
    final = support.make_final(entries=1, marked=True)
    with counted_queries() as few:
        board(schemes.load(final.event.id))
    db.session.expunge_all()
    other = support.make_final(entries=12, judges=7, criteria=6, marked=True)
    db.session.expunge_all()
    with counted_queries() as many:
        board(schemes.load(other.event.id))
    assert len(few) == len(many) <= 8


def test_a_replaced_judge_still_counts(app):
    final = support.make_final(marked=True)
    db.session.execute(sa.delete(support.Seat).where(support.Seat.judge_id == final.judges[2].id))
    late = Judge(contest_id=final.contest.id, name="替补", position=9)
    db.session.add(late)
    db.session.flush()
    db.session.add(support.Seat(panel_id=final.panel.id, judge_id=late.id, position=9))
    db.session.commit()
    assert [state for state in states(final)["1"][1]] == ["submitted", "submitted", "missing", "submitted"]


def test_tie_rule_over_a_criterion_reads_the_marks_of_tied_entries(app):
    final = support.make_final(entries=2, judges=1, marked=True)
    one, two = final.entries
    final.event.rules = {**final.event.rules, "ties": [{"code": "criterion", "argument": "roadshow/c1"}]}
    given = {one.id: (400_000, 400_000), two.id: (410_000, 390_000)}
    for sheet in db.session.scalars(sa.select(Sheet)).all():
        for criterion, value in zip(final.criteria, given[sheet.entry_id], strict=True):
            row = sa.update(support.Mark).where(support.Mark.sheet_id == sheet.id, support.Mark.criterion_id == criterion.id)
            db.session.execute(row.values(value=value))
        sheet.total = support.sheet_total(schemes.part_value(final.part), dict(zip(("c1", "c2"), given[sheet.entry_id], strict=True)))
    db.session.commit()
    outcome = board(schemes.load(final.event.id)).outcome
    assert [(standing.entry, standing.score_text) for standing in outcome.standings] == [(two.id, "80.00"), (one.id, "80.00")]
    assert outcome.undecided_ties == ()


def test_entries_never_let_in_have_no_standing(app):
    final = support.make_final(marked=True)
    db.session.get(Entry, final.entries[0].id).state = "pending"
    db.session.commit()
    assert list(states(final)) == ["2", "3"]
