"""One finished contest with something in every room, a way to visit it as anybody, and what axe-core says of its pages."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface

from compete import clock
from compete.accounts import service as accounts
from compete.audit.service import Actor
from compete.awards import service as awards
from compete.contests import schemes
from compete.database import write
from compete.judging import cards
from compete.live import screens, showings
from compete.models import Membership, Payment, RecheckItem, Sheet, User, db
from compete.prizes import service as prizes
from compete.recheck import sampling as recheck
from compete.results.facts import board
from compete.votes import service as votes
from tests import support
from tests.blind import hall as blind_hall

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"], "resultTypes": ["violations"]}
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

LISTS = {
    "titles": [{"code": "expert", "name": "技术能手", "count": 1}],
    "teams": [{"code": "team", "name": "团体总分", "tiers": [{"code": "group", "name": "优秀组织奖", "count": 1}]}],
    "promotion": {"name": "全国赛", "count": 2},
}


@pytest.fixture
def house(live_server, new_page):
    """A finished contest with a release and payments, and a way to visit it as anybody."""
    with live_server.app.app_context():
        final = support.make_final(marked=True, judges=5)
        people = support.make_people(final.contest)
        now, actor = clock.now(), Actor(f"user:{people.bob.id}", "Bob", "TEST01")
        with write():
            final.part.locked_at = now
            final.event.rules = {**final.event.rules, **LISTS}
        with write():
            assert awards.release(board=board(schemes.load(final.event.id)), notice_days=0, actor=actor, now=now).number == 1
        with write():
            prizes.draft_payees(contest_id=final.contest.id, actor=actor, now=now)
        with write():
            payees = list(db.session.scalars(prizes.payees_of(final.contest.id)).unique())
            payees[0].id_number, payees[0].account, payees[0].bank = "610113197012110004", "6222020000000000123", "工商银行"
            db.session.flush()
            prizes.prepare(payees=payees, contest_id=final.contest.id, user_id=people.bob.id, actor=actor, now=now)
            db.session.execute(sa.update(Payment).values(state="approved"))
        with write():
            screen = screens.make(final.contest.id, name="主屏", actor=actor, now=now)
            screens.direct(screen, scene="ceremony", data={"event": final.event.id}, actor=actor, now=now)
            showings.show_score(final.part.id, final.entries[0].id, actor=actor, now=now)
            poll = votes.make(final.contest, event_id=final.event.id, part_id=None, name="人气奖", most=2, changeable=True, ticketed=False, live=True,
                              actor=actor, now=now)  # fmt: skip
            votes.open_poll(poll, actor=actor, now=now)
            recheck.begin(final.part, actor=actor, now=now)
            link = accounts.password_link(user=people.dan, actor=actor, now=now)
        blind = blind_hall.make(entries=2, judges=2)
        blind_hall.planned(blind)
        blind_hall.seal(blind, 0)
        allround = User(login="frank", name="Frank", created_at=now)
        db.session.add(allround)
        db.session.flush()
        roles = ("organiser", "host", "finance", "supervisor", "coder", "recorder")
        db.session.add_all(Membership(contest_id=final.contest.id, user_id=allround.id, role=role) for role in roles)
        db.session.add(Membership(contest_id=blind.contest.id, user_id=allround.id, role="organiser"))
        db.session.commit()
        people.frank, people.keeper = allround, blind.people.one
        numbers = {"poll": poll.id, "vote": poll.key, "entry": final.entries[0].id, "event": final.event.id, "session": final.session.id, "judge": final.judges[1].id, "payee": payees[1].id, "award": payees[1].award_id,
                   "screen": screen.id}  # fmt: skip
        keys = {name: person.get_id() for name, person in vars(people).items()} | {"judge": final.judges[1].get_id(), "chief": final.judges[0].get_id()}
        numbers |= {"part": final.part.id, "panel": final.panel.id, "sheet": db.session.scalar(sa.select(sa.func.min(Sheet.id))), "link": link,
                    "screen_key": screen.key, "item": db.session.scalar(sa.select(sa.func.min(RecheckItem.id))), "blind": blind.contest.id,
                    "blind_event": blind.event.id, "layer": blind_hall.layer(blind, 0).id}  # fmt: skip
        with write():
            numbers["token"] = cards.issue_card(final.judges[2], actor=actor, now=now).token
        home = f"/contests/{final.contest.id}"
    signer = SecureCookieSessionInterface().get_signing_serializer(live_server.app)

    def visit(who=None, **options):
        page = new_page(**{"viewport": DESKTOP, "touch": False, **options})
        if who:
            cookie = signer.dumps({"_user_id": keys[who], "_fresh": True, "device": "TEST01"})
            page.context.add_cookies([{"name": "compete", "value": cookie, "url": live_server.url}])
        return page

    return SimpleNamespace(visit=visit, home=home, numbers=numbers, contest=final.contest.id)


def findings(page, addresses, expected=200) -> list:
    """What axe objects to on the pages, with the pieces it means; and pages without exactly one h1."""
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), []
    for address in addresses:
        answer = page.goto(address)
        found += [(address, answer.status)] if answer.status != expected else []
        found += [(address, row["id"], node["html"][:160], node.get("failureSummary", "")[-200:]) for row in axe.run(page, options=RULES).response["violations"] for node in row["nodes"][:3]]
        found += [(address, "h1")] if page.locator("h1").count() != 1 else []
    return found
