"""A finished contest with something in every room: a release, payees and payments, a screen, a poll, a sample to look through."""

import sqlalchemy as sa

from compete import clock
from compete.audit.service import Actor
from compete.awards import service as awards
from compete.contests import schemes
from compete.database import write
from compete.judging import cards
from compete.live import screens, showings
from compete.models import Payment, RecheckItem, Sheet, User, db
from compete.prizes import service as prizes
from compete.recheck import sampling
from compete.results.facts import board
from compete.votes import service as votes

LISTS = {
    "titles": [{"code": "expert", "name": "技术能手", "count": 1}],
    "teams": [{"code": "team", "name": "团体总分", "tiers": [{"code": "group", "name": "优秀组织奖", "count": 1}]}],
    "promotion": {"name": "全国赛", "count": 2},
}


def furnish(final, finance: User) -> dict:
    """Fills the marked `final`; {what: its number or key} of one thing of each kind."""
    now, actor = clock.now(), Actor(f"user:{finance.id}", finance.name, "TEST01")
    with write():
        final.part.locked_at = now
        final.event.rules = {**final.event.rules, **LISTS}
    with write():
        release = awards.release(board=board(schemes.load(final.event.id)), notice_days=0, actor=actor, now=now)
        assert release.number == 1
    with write():
        prizes.draft_payees(contest_id=final.contest.id, actor=actor, now=now)
    with write():
        payees = list(db.session.scalars(prizes.payees_of(final.contest.id)).unique())
        payees[0].id_number, payees[0].account, payees[0].bank = "610113197012110004", "6222020000000000123", "工商银行"
        db.session.flush()
        prizes.prepare(payees=payees, contest_id=final.contest.id, user_id=finance.id, actor=actor, now=now)
        db.session.execute(sa.update(Payment).where(Payment.payee_id.in_(payee.id for payee in payees)).values(state="approved"))
    with write():
        screen = screens.make(final.contest.id, name="主屏", actor=actor, now=now)
        screens.direct(screen, scene="ceremony", data={"event": final.event.id}, actor=actor, now=now)
        showing = showings.show_score(final.part.id, final.entries[0].id, actor=actor, now=now)
        poll = votes.make(final.contest, event_id=final.event.id, part_id=None, name="人气奖", most=2, changeable=True, ticketed=False, live=True,
                          actor=actor, now=now)  # fmt: skip
        votes.open_poll(poll, actor=actor, now=now)
        sample = sampling.begin(final.part, actor=actor, now=now)
        token = cards.issue_card(final.judges[2], actor=actor, now=now).token
    first_of = {"sheet": sa.select(sa.func.min(Sheet.id)).where(Sheet.part_id == final.part.id),
                "item": sa.select(sa.func.min(RecheckItem.id)).where(RecheckItem.recheck_id == sample.id),
                "payment": sa.select(sa.func.min(Payment.id)).where(Payment.payee_id.in_(payee.id for payee in payees))}  # fmt: skip
    return {
        "contest": final.contest.id, "entry": final.entries[0].id, "event": final.event.id, "part": final.part.id, "session": final.session.id,
        "panel": final.panel.id, "judge": final.judges[1].id, "payee": payees[1].id, "award": payees[1].award_id, "screen": screen.id,
        "showing": showing.id, "poll": poll.id, "vote": poll.key, "screen_key": screen.key, "token": token,
        **{name: db.session.scalar(query) for name, query in first_of.items()},
    }  # fmt: skip
