"""Who stands for whom in a rehearsal: the running one of a contest, and the twins of its judges and screens.

A rehearsal keeps in its settings: {"rehearsal": {"key": random text, "judges": {real id: twin's id}, "screens": the same}}.
"""

import sqlalchemy as sa

from compete.models import Contest, Judge, db
from scoring.problems import Problem


def running(contest_id: int) -> Contest | None:
    """The rehearsal of this contest, while there is one."""
    return db.session.scalar(sa.select(Contest).where(Contest.rehearsal_of_id == contest_id))


def judge_of(judge: Judge) -> Judge | None:
    """Who takes this judge's seat while the contest is rehearsed; None when it is not, or when the judge came later."""
    rehearsal = running(judge.contest_id)
    number = rehearsal and rehearsal.settings["rehearsal"]["judges"].get(str(judge.id))
    return db.session.get(Judge, number) if number else None


def screen_of(contest_id: int, screen_id: int) -> int:
    """The screen whose content this display shows: its own, or that of its twin while the contest is rehearsed."""
    settings = db.session.scalar(sa.select(Contest.settings).where(Contest.rehearsal_of_id == contest_id))
    return settings["rehearsal"]["screens"].get(str(screen_id), screen_id) if settings else screen_id


def key_of(contest: Contest) -> str:
    """A name of this one rehearsal, never used again: under it the tablets keep its marks, apart from all others."""
    return contest.settings["rehearsal"]["key"] if contest.rehearsal_of_id else ""


def in_the_way(contest_id: int, where: str) -> Problem | None:
    """Nothing real is judged while a rehearsal runs: judges would not know which of the two they mark."""
    if running(contest_id) is None:
        return None
    return Problem("rehearsal.running", where, "正在彩排，不能开始正式评分", "请先在“彩排”页结束彩排并清空")
