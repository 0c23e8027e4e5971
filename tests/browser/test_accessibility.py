"""Every room of the house read by axe-core: the pages of one finished contest as organiser, finance, supervisor, judge and public."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface

from compete import clock
from compete.audit.service import Actor
from compete.awards import service as awards
from compete.contests import schemes
from compete.database import write
from compete.live import screens, showings
from compete.models import Payment, db
from compete.prizes import service as prizes
from compete.results.facts import board
from compete.votes import service as votes
from tests import support

pytestmark = pytest.mark.sqlite
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"], "resultTypes": ["violations"]}
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

LISTS = {
    "titles": [{"code": "expert", "name": "技术能手", "count": 1}],
    "teams": [{"code": "team", "name": "团体总分", "tiers": [{"code": "group", "name": "优秀组织奖", "count": 1}]}],
    "promotion": {"name": "全国赛", "count": 2},
}
HOUSE = {
    "alice": ("", "/entries", "/entries/{entry}", "/entries/review", "/imports/new?kind=entries", "/judges", "/panels", "/recusals", "/sessions",
              "/sessions/{session}", "/sessions/{session}/draw", "/board", "/results", "/results/entries/{entry}", "/results/{event}/charts",
              "/undelivered", "/paper?show=all", "/paper/{session}/{judge}/{entry}", "/paper/{session}/print",
              "/awards", "/awards/releases", "/awards/releases/1", "/prizes", "/documents", "/budget", "/people", "/events/{event}",
              "/live/screens", "/live/screens/{screen}", "/live/scores", "/live/showings", "/live/script", "/live/script?part=order",
              "/votes", "/votes/new", "/votes/{poll}", "/rehearsal"),
    "bob": ("/prizes", "/prizes/payees/{payee}", "/prizes/awards/{award}/split"),
    "carol": ("/audit", "/audit/check", "/signed/{session}"),
}  # fmt: skip


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
        numbers = {"poll": poll.id, "vote": poll.key, "entry": final.entries[0].id, "event": final.event.id, "session": final.session.id, "judge": final.judges[1].id, "payee": payees[1].id, "award": payees[1].award_id,
                   "screen": screen.id}  # fmt: skip
        keys = {name: person.get_id() for name, person in vars(people).items()} | {"judge": final.judges[1].get_id(), "chief": final.judges[0].get_id()}
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


def test_pages_of_the_console(house):
    found = []
    for who, rests in HOUSE.items():
        found += findings(house.visit(who), [house.home + rest.format(**house.numbers) for rest in rests])
    assert found == []


def test_pages_of_accounts_judges_and_the_public(house):
    found = findings(house.visit("eve"), ["/people", "/me", "/contests", "/rules"])
    found += findings(house.visit(), ["/sign-in"]) + findings(house.visit(), ["/no-such-page"], expected=404)
    found += findings(house.visit(viewport=PHONE), [f"/r/{house.contest}/1", f"/vote/{house.numbers['vote']}"])
    found += findings(house.visit("judge", viewport={"width": 768, "height": 1024}), ["/judge/"])
    found += findings(house.visit("chief", viewport={"width": 1024, "height": 768}), [f"{house.home}/review", f"{house.home}/review/late"])
    assert found == []


def test_the_scheme_with_everything_unfolded(house):
    """Every rule of the editor, wide and narrow; a file with mistakes and one that changes something."""
    from axe_playwright_python.sync_playwright import Axe

    page = house.visit("alice")
    page.goto(f"{house.home}/events/{house.numbers['event']}?new=1")
    page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
    page.locator("[name$=panel_standard]").first.check()
    page.wait_for_selector("[name$=panel_standard_mean]:visible")
    found = [(row["id"], node["html"][:160]) for row in Axe().run(page, options=RULES).response["violations"] for node in row["nodes"][:3]]
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found == []


def test_dark_and_narrow_console(house):
    page = house.visit("alice", color_scheme="dark")
    addresses = [house.home + rest.format(**house.numbers) for rest in ("/board", "/prizes", "/results/{event}/charts")]
    assert findings(page, addresses) == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 22, 20)"
    page.set_viewport_size(PHONE)
    for rest in HOUSE["alice"][::2] + HOUSE["bob"][::2]:
        page.goto(house.home + rest.format(**house.numbers))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), rest
