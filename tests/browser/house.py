"""One finished contest with something in every room, a way to visit it as anybody, and what axe-core says of its pages."""

from types import SimpleNamespace

import pytest
from flask.sessions import SecureCookieSessionInterface

from compete import clock
from compete.accounts import service as accounts
from compete.audit.service import Actor
from compete.database import write
from compete.models import Membership, User, db
from tests import support
from tests.blind import hall as blind_hall
from tests.furnished import furnish

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"], "resultTypes": ["violations"]}
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def house(live_server, new_page):
    """A finished contest with a release and payments, and a way to visit it as anybody."""
    with live_server.app.app_context():
        final = support.make_final(marked=True, judges=5)
        people = support.make_people(final.contest)
        numbers = furnish(final, people.bob)
        with write():
            now = clock.now()
            numbers["link"] = accounts.password_link(user=people.dan, actor=Actor(f"user:{people.bob.id}", "Bob", "TEST01"), now=now)
        blind = blind_hall.make(entries=2, judges=2)
        blind_hall.planned(blind)
        blind_hall.seal(blind, 0)
        numbers |= {"blind": blind.contest.id, "blind_event": blind.event.id, "layer": blind_hall.layer(blind, 0).id}
        allround = User(login="frank", name="Frank", created_at=now)
        db.session.add(allround)
        db.session.flush()
        roles = ("organiser", "host", "finance", "supervisor", "coder", "recorder")
        db.session.add_all(Membership(contest_id=final.contest.id, user_id=allround.id, role=role) for role in roles)
        db.session.add(Membership(contest_id=blind.contest.id, user_id=allround.id, role="organiser"))
        db.session.commit()
        people.frank, people.keeper = allround, blind.people.one
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


def objections(page, rules=RULES) -> list[dict]:
    """What axe-core objects to on the page as it stands. Half a megabyte of script is given to a document once."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate("async (rules) => (await axe.run(document, rules)).violations", rules)


def findings(page, addresses, expected=200) -> list:
    """What axe objects to on the pages, with the pieces it means; and pages without exactly one h1."""
    found = []
    for address in addresses:
        answer = page.goto(address)
        found += [(address, answer.status)] if answer.status != expected else []
        found += [(address, row["id"], node["html"][:160], node.get("failureSummary", "")[-200:]) for row in objections(page) for node in row["nodes"][:3]]
        found += [(address, "h1")] if page.locator("h1").count() != 1 else []
    return found
