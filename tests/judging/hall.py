"""What the tests of the organiser's pages share: addresses, texts, sheets, a session with a cell of every state."""

import re

import sqlalchemy as sa

from compete.contests import schemes
from compete.judging import board, recusals
from compete.models import JudgeAbsence, Ruling, Sheet, db
from tests.support import NOW

ACTOR = {"actor": schemes.audit.SYSTEM, "now": NOW}


def url(final, path):
    return f"/contests/{final.contest.id}{path}"


def here(final, path=""):
    return url(final, f"/sessions/{final.session.id}{path}")


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def sheet_of(final, entry, judge):
    return db.session.scalars(
        sa.select(Sheet).where(Sheet.entry_id == final.entries[entry].id, Sheet.judge_id == final.judges[judge].id)
    ).one_or_none()


def add_sheet(final, entry, judge, state, **more):
    row = Sheet(part_id=final.part.id, session_id=final.session.id, entry_id=final.entries[entry].id,
                judge_id=final.judges[judge].id, state=state, updated_at=NOW, **more)  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def mixed(final):
    """A session with a cell of every state."""
    one, two, three = final.judges
    points = board.part_of(final.part.id).denominator
    add_sheet(final, 0, 0, "submitted", total=90 * points)
    add_sheet(final, 0, 1, "draft")
    add_sheet(final, 1, 0, "returned", return_reason="再看第二项", returned_at=NOW)
    add_sheet(final, 1, 1, "locked", total=85 * points)
    recusals.recuse(one, final.entries[2], reason="师徒", **ACTOR)
    db.session.add(JudgeAbsence(session_id=final.session.id, judge_id=three.id, reason="生病", made_by="x", made_at=NOW))
    db.session.add(Ruling(entry_id=final.entries[2].id, kind="absence", reason="未到", made_by="x", made_at=NOW))
    db.session.commit()
