"""The streamed outcome of an event is the one of the small path, entry by entry, on both databases."""

import random

import pytest
import sqlalchemy as sa

import scoring
from compete.contests import schemes
from compete.models import Decision, Entry, Judge, JudgeAbsence, Mark, Panel, Part, Penalty, Recusal, Ruling, Seat, Session, Sheet, Slot, db
from compete.results import columns, facts, streaming
from scoring import UNIT, bulk, sheet_total
from tests import support
from tests.support import NOW

COUNT = 160
CHAIN = [{"code": "untrimmed_mean"}, {"code": "criterion", "argument": "roadshow/c1"}, {"code": "shared"}]


@pytest.fixture
def untidy(app):
    """A field with everything that happens: gaps, recusals, absences, rulings, penalties, two sessions, a theory paper, ties."""
    final = support.make_final(entries=COUNT, judges=5, criteria=3)
    chance = random.Random(3)
    _more(final)
    _mark(final, chance)
    _rule(final, chance)
    db.session.commit()
    return final


def _more(final):
    """A theory paper, a second session with a panel of its own, sheets of a judge who is of no panel."""
    theory = Part(stage=final.stage, code="theory", name="理论", kind="theory", weight=300_000, position=1, panel={})
    final.part.weight = 700_000
    panel = Panel(contest_id=final.contest.id, name="第二组")
    guest = Judge(contest_id=final.contest.id, name="客座", organization_key="", role="judge", position=9)
    db.session.add_all([theory, panel, guest])
    db.session.flush()
    db.session.add_all(Seat(panel_id=panel.id, judge_id=judge.id, position=judge.position) for judge in final.judges[1:4])
    session = Session(contest_id=final.contest.id, part_id=final.part.id, panel_id=panel.id, name="第二场", state="open")
    db.session.add(session)
    db.session.flush()
    for entry in final.entries[120:]:
        db.session.execute(sa.update(Slot).where(Slot.entry_id == entry.id).values(session_id=session.id))
    final.guest, final.second = guest, session
    final.event.rules = {**final.event.rules, "ties": CHAIN}
    for tier in final.tiers:
        tier.count, tier.ratio, tier.tie = None, 1000 * (tier.position + 1), ("all_in", "chain", "all_out")[tier.position]


def _mark(final, chance):
    part = schemes.part_value(final.part)
    rows = []
    for number, entry in enumerate(final.entries):
        entry.extras = {"理论": str(chance.randrange(120, 200) / 2)} if chance.random() < 0.97 else {}
        panel = final.judges if number < 120 else final.judges[1:4]
        for judge in (*panel, *((final.guest,) if chance.random() < 0.1 else ())):
            if chance.random() < 0.03:
                continue
            marks = {row.code: chance.randrange(12, 16) * row.maximum // 20 // row.step * row.step for row in final.criteria}
            state = chance.choice(("submitted",) * 20 + ("locked", "draft", "returned"))
            sheet = Sheet(part_id=final.part.id, session_id=final.session.id, entry_id=entry.id, judge_id=judge.id, state=state,
                          total=sheet_total(part, marks), updated_at=NOW)  # fmt: skip
            rows.append((sheet, marks))
    db.session.add_all(sheet for sheet, _ in rows)
    db.session.flush()
    db.session.add_all(Mark(sheet_id=sheet.id, criterion_id=row.id, value=marks[row.code]) for sheet, marks in rows for row in final.criteria)
    schemes.freeze(final.event, actor=schemes.audit.SYSTEM, now=NOW)


def _rule(final, chance):
    made = {"made_by": "x", "made_at": NOW}
    for entry in chance.sample(final.entries, 25):
        entry.in_competition = False
    for entry, state in zip(chance.sample(final.entries, 8), ("withdrawn", "disqualified", "pending", "returned") * 2, strict=True):
        entry.state = state
    for entry, kind in zip(chance.sample(final.entries, 9), ("absence", "veto", "disqualification") * 3, strict=True):
        db.session.add(Ruling(entry_id=entry.id, kind=kind, reason="x", **made))
    for entry in chance.sample(final.entries, 40):
        db.session.add(Penalty(entry_id=entry.id, points=chance.randrange(1, 4) * UNIT, reason="超时", **made))
    for entry in chance.sample(final.entries, 40):
        db.session.add(Recusal(entry_id=entry.id, judge_id=chance.choice(final.judges).id, cause="manual", reason="x", **made))
    db.session.add(JudgeAbsence(session_id=final.second.id, judge_id=final.judges[2].id, reason="x", **made))


def same(event_id):
    event = schemes.load(event_id)
    assert streaming.why_not(schemes.scheme_of(event)) == ()
    board, field = facts.board(event), streaming.field(event)
    assert sorted(field.entries.ids.tolist()) == sorted(board.labels)
    tally = field.tally
    for row, entry in enumerate(field.entries.ids.tolist()):
        standing = board.outcome.standing(entry)
        assert field.entries.numbers[row] == board.labels[entry].number
        assert bulk.STATUS[tally.statuses[row]] == standing.status
        assert (tally.places[row] or None, tally.outside[row] or None) == (standing.place, standing.outside_place)
        assert standing.score is None or standing.score == tally.scores[row]
        assert bool(tally.undecided[row]) == standing.undecided
    expected = scoring.allot(field.scheme.tiers, board.outcome.standings, minimum_score=field.scheme.minimum_score)
    assert field.awards.counts == expected.tiers
    return board, field


def test_everything_that_happens_to_a_field(untidy, monkeypatch):
    monkeypatch.setattr(columns, "STEP", 37)
    board, field = same(untidy.event.id)
    seen = {standing.status for standing in board.outcome.standings}
    assert seen >= {"competing", "out_of_competition", "incomplete", "absent", "vetoed", "disqualified", "withdrawn"}
    assert any(standing.is_tied and not standing.shared for standing in board.outcome.standings)


@pytest.mark.parametrize("panel", [{"level": "criterion"}, {"chief": "apart"}, {"rule": "median"}, {"minimum_judges": 5, "below_minimum": "refuse"},
                                   {"rounding": {"places": 1, "mode": "half_even"}}])  # fmt: skip
def test_every_kind_of_panel(untidy, panel):
    untidy.part.panel = {**untidy.part.panel, **panel}
    db.session.commit()
    same(untidy.event.id)


def test_a_decision_parts_a_tie(untidy):
    untidy.event.rules = {**untidy.event.rules, "ties": []}
    db.session.commit()
    event = schemes.load(untidy.event.id)
    tie = facts.board(event).outcome.undecided_ties[0]
    db.session.add(Decision(event_id=event.id, entry_ids=list(tie[::-1]), method="lot", reason="抽签", made_by="x", made_at=NOW))
    db.session.commit()
    board, _ = same(event.id)
    assert tie not in board.outcome.undecided_ties


def test_an_event_without_entries_and_one_without_sheets(app):
    final = support.make_final(entries=3)
    same(final.event.id)
    for slot in final.session.slots:
        db.session.delete(slot)
    db.session.commit()
    same(final.event.id)
    db.session.execute(sa.update(Entry).values(state="pending"))
    db.session.commit()
    _, field = same(final.event.id)
    assert field.tally.places.tolist() == []


def test_progress_reaches_the_end(untidy, monkeypatch):
    monkeypatch.setattr(columns, "STEP", 100)
    told = []
    streaming.field(schemes.load(untidy.event.id), lambda done, total: told.append(done / total))
    assert told == sorted(told) and told[-1] == 1 and len(told) >= 4


def test_what_needs_the_small_path_is_said(app):
    final = support.make_final(entries=2)
    scheme = schemes.scheme_of(schemes.load(final.event.id))
    assert streaming.why_not(scheme) == ()
    time = scoring.Scheme(scheme.parts, ties=(scoring.TieRule("figure_low", "用时"),))
    assert any("用时" in reason for reason in streaming.why_not(time))
    assert streaming.size(schemes.load(final.event.id)) == 2
