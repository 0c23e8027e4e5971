"""亮出: a score or a standing is released for the screens, numbered and frozen; withdrawn only with a reason."""

from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.contests import schemes
from compete.live import figures
from compete.models import Contest, Event, Part, Penalty, Poll, Release, Sheet, Showing, Stage, db
from compete.results.facts import board
from compete.votes import screen as votes
from scoring.problems import Problem

KINDS = {"score": "亮分", "standings": "成绩榜", "vote": "公众投票"}


def show_score(
    part_id: int, entry_id: int, *, names: bool = False, place: bool = True, actor: audit.Actor, now: datetime
) -> Showing | Problem:
    """Freezes what the hall sees of one entry's marks in one part. The same again is the showing that stands already.

    names: judges by name, else 1号评委, 2号评委 …; place: with the place so far among the entries shown.
    Refused while any awaited sheet of the entry is not handed in.
    """
    event, part = _part(part_id)
    if part is None or part.kind in schemes.FIGURE_KINDS:
        return Problem("showing.part", part.name if part else "环节", "没有评委打分，成绩是导入的", "请选择有评委打分的环节")
    found = board(event, _earlier(event, part.stage_id))
    made = figures.score(found, part, entry_id, names=names, shown=entries_shown(part_id) if place else None)
    if isinstance(made, Problem):
        return made
    standing = _in_force("score", Showing.part_id == part_id, Showing.entry_id == entry_id)
    if standing:
        if figures.same_score(standing.document, made):
            return standing
        return Problem("showing.changed", f"第 {standing.number} 次亮出", "之后成绩有变动", "请先撤回那一次并写明原因，再重新亮分")
    return _keep("score", made, event=event, part_id=part_id, entry_id=entry_id, actor=actor, now=now)


def show_standings(
    event_id: int, *, stage_id: int | None = None, part_id: int | None = None, whole: bool = False, actor: audit.Actor, now: datetime
) -> Showing | Problem:
    """Freezes a 成绩榜: the entries whose scores were shown so far (of the stage, the ranked one where none is named, or of
    one of its parts alone), or with `whole` all of the event's release in force."""
    event = schemes.load(event_id)
    if event is None:
        return Problem("showing.event", "赛项", "没有这个赛项", "请刷新页面")
    if whole:
        release = release_of(event_id)
        if release is None:
            return Problem("showing.release", event.name, "还没有有效的发布", "请先在“颁奖”里冻结并发布，或只显示已亮分的对象")
        made = figures.released(release)
    else:
        earlier = _earlier(event, stage_id)
        shown = _shown(event, earlier, part_id)
        if isinstance(shown, Problem):
            return shown
        made = figures.standings(board(event, earlier), part_id, shown)
    if isinstance(made, Problem):
        return made
    return _keep("standings", made, event=event, part_id=part_id, entry_id=None, actor=actor, now=now)


def show_vote(poll: Poll, *, actor: audit.Actor, now: datetime) -> Showing | Problem:
    """Freezes the result of a public vote that has ended. The same again is the showing that stands already."""
    if poll.state != "closed":
        return Problem("showing.vote", poll.name, "投票还没有结束", "请先结束投票，再亮出结果")
    found = votes.service.tally(poll)
    made = {"poll": poll.id, "name": poll.name, "ballots": found.ballots, "lines": votes.lines_of(found), "ballots_digest": votes.service.digest(poll.id)}
    standing = votes.in_force(poll)
    if standing:
        if all(standing.document[name] == value for name, value in made.items()):
            return standing
        return Problem("showing.changed", f"第 {standing.number} 次亮出", "之后票数有变动", "请先撤回那一次并写明原因，再重新亮出")
    return _keep("vote", made, event=poll.event, part_id=poll.part_id, entry_id=None, actor=actor, now=now)


def withdraw(row: Showing, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | list[Showing]:
    """Takes a showing off every screen; standings that contain a withdrawn score go with it. Returns all that went."""
    if not reason.strip():
        return Problem("showing.reason", f"第 {row.number} 次亮出", "没有写撤回的原因", "请写明原因，会留在记录里")
    if row.withdrawn_at is not None:
        return Problem("showing.state", f"第 {row.number} 次亮出", "已经撤回", "请刷新页面")
    gone = [row]
    if row.kind == "score":
        gone += [one for one in _all_in_force("standings", Showing.event_id == row.event_id)
                 if any(line.get("showing") == row.number for line in one.document["lines"])]  # fmt: skip
    for one in gone:
        one.withdrawn_at, one.withdrawn_reason = now, reason.strip()
        audit.record(
            contest_id=one.contest_id, actor=actor, now=now, action="showing.withdraw", subject="showing", subject_id=one.id,
            before={"showing": one.number, "digest": one.digest}, reason=one.withdrawn_reason,
        )  # fmt: skip
    db.session.flush()
    return gone


def as_before(contest_id: int) -> dict[str, bool]:
    """How the contest's last score was shown, for `show_score`: {"names", "place"}; empty before the first."""
    query = sa.select(Showing.document).where(Showing.contest_id == contest_id, Showing.kind == "score").order_by(Showing.number.desc())
    told = db.session.scalar(query.limit(1))
    return {"names": any(judge["name"] for judge in told["judges"]), "place": bool(told["place"])} if told else {}


def listed(contest_id: int, *conditions) -> list[Showing]:
    """Showings of the contest, the newest first, without their documents."""
    query = sa.select(Showing).where(Showing.contest_id == contest_id, *conditions).order_by(Showing.number.desc())
    return list(db.session.scalars(query.options(sa.orm.defer(Showing.document))))


def entries_shown(part_id: int) -> set[int]:
    """Entries whose score in the part stands shown."""
    query = sa.select(Showing.entry_id).where(Showing.part_id == part_id, Showing.kind == "score", Showing.withdrawn_at.is_(None))
    return set(db.session.scalars(query))


def shown_of(part_id: int):
    """A query for (id, entry_id, number, made_at) of the part's scores that stand shown."""
    return sa.select(Showing.id, Showing.entry_id, Showing.number, Showing.made_at).where(
        Showing.part_id == part_id, Showing.kind == "score", Showing.withdrawn_at.is_(None)
    )


def stale(part_id: int) -> list[int]:
    """Numbers of the part's showings that no longer tell what the marks come to: to be withdrawn and shown anew."""
    event, part = _part(part_id)
    rows = _all_in_force("score", Showing.part_id == part_id)
    if event is None or not rows:
        return []
    found = board(event, _earlier(event, part.stage_id))
    return [row.number for row in rows if not figures.still(found, row)]


def doubtful(part_id: int) -> bool:
    """Whether sheets or penalties of entries that stand shown moved since: a cheap question before `stale`."""
    same = sa.and_(Sheet.entry_id == Showing.entry_id, Sheet.part_id == Showing.part_id, Sheet.updated_at > Showing.made_at)
    ruled = sa.and_(Penalty.entry_id == Showing.entry_id, sa.or_(Penalty.made_at > Showing.made_at, Penalty.revoked_at > Showing.made_at))
    moved = sa.or_(sa.exists().where(same), sa.exists().where(ruled))
    shown = sa.select(Showing.id).where(Showing.part_id == part_id, Showing.kind == "score", Showing.withdrawn_at.is_(None), moved)
    return db.session.scalar(shown.limit(1)) is not None


def release_of(event_id: int) -> Release | None:
    """The event's release in force."""
    return db.session.scalar(sa.select(Release).where(Release.event_id == event_id, Release.state != "withdrawn"))


def _part(part_id: int) -> tuple[Event | None, Part | None]:
    event_id = db.session.scalar(sa.select(Stage.event_id).join(Part).where(Part.id == part_id))
    return (schemes.load(event_id), db.session.get(Part, part_id)) if event_id else (None, None)


def _earlier(event: Event, stage_id: int | None) -> Stage | None:
    """The stage, where it is not the one that is ranked in the end."""
    ranked = schemes.ranked_stage(event)
    return next((stage for stage in event.stages if stage.id == stage_id and stage is not ranked), None)


def _shown(event: Event, earlier: Stage | None, part_id: int | None) -> dict[int, Showing] | Problem:
    """{entry: its latest showing}: of the part, or of entries shown in every judged part of the stage."""
    stage = earlier or schemes.ranked_stage(event)
    parts = [part.id for part in (stage.parts if stage else ()) if part.kind not in schemes.FIGURE_KINDS]
    parts = [part for part in parts if part_id in (None, part)]
    found: dict[int, dict[int, Showing]] = {}
    for row in _all_in_force("score", Showing.part_id.in_(parts)):
        found.setdefault(row.entry_id, {})[row.part_id] = row
    whole = {entry: max(rows.values(), key=lambda row: row.number) for entry, rows in found.items() if len(rows) == len(parts)}
    if not whole:
        return Problem("showing.none", event.name, "还没有亮过分", "请先逐项亮分；成绩榜只列已亮分的对象")
    return whole


def _all_in_force(kind: str, *conditions) -> list[Showing]:
    query = sa.select(Showing).where(Showing.kind == kind, Showing.withdrawn_at.is_(None), *conditions)
    return list(db.session.scalars(query.order_by(Showing.number)))


def _in_force(kind: str, *conditions) -> Showing | None:
    return next(reversed(_all_in_force(kind, *conditions)), None)


def _keep(kind: str, document: dict, *, event: Event, part_id, entry_id, actor: audit.Actor, now: datetime) -> Showing:
    # The contest's row is locked first: two showings at once get two numbers.
    contest = db.session.scalar(sa.select(Contest).where(Contest.id == event.contest_id).with_for_update())
    number = 1 + (db.session.scalar(sa.select(sa.func.max(Showing.number)).where(Showing.contest_id == contest.id)) or 0)
    document = {"version": 1, "kind": kind, "number": number, "contest": contest.name, "event": event.name, "made_at": now.isoformat(), **document}
    row = Showing(contest_id=contest.id, number=number, kind=kind, event_id=event.id, part_id=part_id, entry_id=entry_id,
                  document=document, digest=audit.digest(document), made_by=actor.name, made_at=now)  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        contest_id=contest.id, actor=actor, now=now, action="showing.make", subject="showing", subject_id=row.id,
        after={"showing": number, "what": KINDS[kind], "digest": row.digest} | ({"entry_id": entry_id} if entry_id else {}),
    )  # fmt: skip
    return row
