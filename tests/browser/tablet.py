"""A judge's hands: coming in with the card, marking, handing in; and what the database has of it."""

from compete.models import Criterion, Mark, Sheet, db


def come_in(page, card):
    page.goto(f"/card/{card.token}")
    for digit in card.pin:
        page.tap(f".pin-pad [data-key='{digit}']")
    page.wait_for_url("**/judge/")
    page.wait_for_selector(".rows")


def card_of(page, n):
    return page.locator(".jf-card").nth(n)


def stored(hall, entry=0):
    """(state, {code: units}) of the judge's sheet in the database."""
    with hall.app.app_context():
        sheet = db.session.scalar(db.select(Sheet).where(Sheet.entry_id == hall.entries[entry], Sheet.judge_id == hall.judge))
        if sheet is None:
            return None, {}
        rows = db.session.execute(
            db.select(Criterion.code, Mark.value).join(Mark, Mark.criterion_id == Criterion.id).where(Mark.sheet_id == sheet.id)
        )
        return sheet.state, dict(list(rows))


def delivered(page):
    page.wait_for_selector("[data-delivery].is-good:has-text('已送达')")


def give_all(page):
    """Full marks by the first quick value of each criterion; returns when the server has them."""
    page.wait_for_selector("[data-submit]")
    for n in range(page.locator(".jf-card").count()):
        card_of(page, n).locator(".jf-quick button").first.tap()
    delivered(page)


def hand_in(page):
    page.tap("[data-submit]")
    page.tap("dialog .main-button")
    page.wait_for_selector(".notice.is-good:has-text('已提交')")


def leave(page):
    """Signs out of the tablet from the list."""
    page.tap(".list-foot form button")
    page.tap("dialog .main-button:enabled")
    page.wait_for_selector("text=已退出")


def until(page, true):
    """Returns once `true()`, asked again and again while the page goes on."""
    for _ in range(400):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing after 20 seconds")
