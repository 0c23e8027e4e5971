"""A rehearsal in the browser: the real card, the tablet that judges by itself, and nothing left after it was cleared."""

import pytest
import sqlalchemy as sa

from compete.audit.service import SYSTEM
from compete.database import write
from compete.models import Contest, Entry, Event, Session, Sheet, db
from compete.rehearsal import service, twins
from tests.browser.house import objections
from tests.browser.tablet import come_in
from tests.support import NOW

BY = {"actor": SYSTEM, "now": NOW}
KEPT = """async () => {
  const db = await new Promise((resolve) => (indexedDB.open("compete.marks").onsuccess = ({ target }) => resolve(target.result)));
  const stores = ["touches", "sheets", "desks"];
  const change = db.transaction(stores);
  const counts = await Promise.all(stores.map((name) => new Promise((resolve) => (change.objectStore(name).count().onsuccess = ({ target }) => resolve(target.result)))));
  db.close();
  return counts;
}"""


def begin(hall):
    with hall.app.app_context():
        with write():
            real = db.session.get(Session, hall.session)
            real.state = "waiting"
        with write():
            made = service.start(db.session.get(Contest, real.contest_id), **BY)
            db.session.scalar(sa.select(Session).where(Session.contest_id == made.id)).state = "open"
        db.session.remove()
        return made.id


@pytest.mark.sqlite
def test_the_tablet_judges_by_itself_and_keeps_nothing_of_it(hall, new_page):
    rehearsal = begin(hall)
    page = new_page(viewport={"width": 1024, "height": 768})
    come_in(page, hall.card)
    assert page.inner_text(".rehearsal-band strong") == "彩排 · 分数不作数"
    found = objections(page, {"rules": {"color-contrast-enhanced": {"enabled": True}}, "resultTypes": ["violations"]})
    assert [(row["id"], row["nodes"][0]["html"][:120]) for row in found] == []
    page.tap("[data-auto]")
    page.wait_for_selector(".entry-head")
    assert page.evaluate("document.querySelector('.rehearsal-band').getBoundingClientRect().bottom <= document.querySelector('.entry-head').getBoundingClientRect().top + 1")
    page.wait_for_selector(".notice.is-good:has-text('已提交'), .row .is-submitted", state="attached")
    page.wait_for_function("() => document.querySelector('[data-delivery]')?.textContent === '已送达'")
    with hall.app.app_context():
        rows = db.session.execute(sa.select(Event.contest_id, Sheet.state).join(Entry, Entry.id == Sheet.entry_id).join(Event, Event.id == Entry.event_id)).all()
        assert (rehearsal, "submitted") in rows and {contest for contest, _ in rows} == {rehearsal}
        with write():
            service.clear(db.session.get(Contest, rehearsal), **BY)
        db.session.remove()
    page.evaluate("void setTimeout(() => document.dispatchEvent(new Event('visibilitychange')))")  # as when the tablet wakes up; the page goes away
    page.wait_for_url(f"**/card/{hall.card.token}")
    assert page.locator(".rehearsal-band").count() == 0
    assert page.evaluate(KEPT) == [0, 0, 0]
    come_in(page, hall.card)  # the same card leads to the real desk again
    assert page.locator(".rehearsal-band").count() == 0
    with hall.app.app_context():
        assert twins.running(db.session.get(Session, hall.session).contest_id) is None
