"""Who stands for whom in a rehearsal: the running one of a contest, and the twins of its judges and screens.

A rehearsal keeps in its settings: {"rehearsal": {"key": random text, "judges": {real id: twin's id}}}.
"""

import sqlalchemy as sa

from compete.models import Contest, Judge, Screen, db
from scoring.problems import Problem

# Before the key of a screen: the key of its twin. Whoever opens the screen is shown the twin as long as there is one.
SCREEN = "r_"


def running(contest_id: int) -> Contest | None:
    """The rehearsal of this contest, while there is one."""
    return db.session.scalar(sa.select(Contest).where(Contest.rehearsal_of_id == contest_id))


def judge_of(judge: Judge) -> Judge | None:
    """Who takes this judge's seat while the contest is rehearsed; None when it is not, or when the judge came later."""
    rehearsal = running(judge.contest_id)
    number = rehearsal and rehearsal.settings["rehearsal"]["judges"].get(str(judge.id))
    return db.session.get(Judge, number) if number else None


def opened_by(key):
    """(condition, order) for the screen that a display at this address shows: its own, or that one's twin while there is one."""
    column = Screen.__table__.c.key
    twin = sa.literal(SCREEN) + key
    return sa.and_(column.in_([key, twin]), Screen.__table__.c.removed_at.is_(None)), sa.case((column == key, 1), else_=0)


def key_of(contest: Contest) -> str:
    """A name of this one rehearsal, never used again: under it the tablets keep its marks, apart from all others."""
    return contest.settings["rehearsal"]["key"] if contest.rehearsal_of_id else ""


def in_the_way(contest_id: int, where: str) -> Problem | None:
    """Nothing real is judged while a rehearsal runs: judges would not know which of the two they mark."""
    if running(contest_id) is None:
        return None
    return Problem("rehearsal.running", where, "正在彩排，不能开始正式评分", "请先在“彩排”页结束彩排并清空")
