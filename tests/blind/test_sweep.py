"""Invariant 7: until the layers are open, no page, file, title, address or message tells who a blind entry is."""

import itertools
import re

import pytest
import sqlalchemy as sa

from compete.access import POWERS
from compete.blind import opening, service
from compete.database import write
from compete.judging import draws, masks, recusals, rulings
from compete.live import feed, screens, showings
from compete.marking import service as marking
from compete.models import Attachment, AuditRecord, Delegation, EntryCode, RecheckItem, Release, Sheet, db
from compete.recheck import sampling
from scoring import UNIT
from scoring.problems import Problem
from tests.blind import hall
from tests.judging.hall import ACTOR
from tests.support import NOW, words_of

TITLES = ("甲子奇巧阀门", "乙丑灵敏焊钳", "丙寅自动绞车", "丁卯恒温烘箱")
UNITS = ("昆仑精密厂有限公司", "太白重工厂有限公司", "终南电机厂有限公司", "祁连纺机厂有限公司")
PEOPLE = ("欧阳若海", "司马长风", "诸葛听雨", "皇甫望山")
NUMBERS = (73101, 73105, 73109, 73113)
DIVISION = "瀚海分赛区"
SECRETS = (*TITLES, *UNITS, *PEOPLE, *map(str, NUMBERS), DIVISION)
# Where the organiser's own work is about who the entries are: the list, the review, imports, assigning entries to sessions.
OWN_WORK = ("entries.", "judging.session_entries")


@pytest.fixture
def final(app):
    final = hall.make(judges=3)
    division = Delegation(contest_id=final.contest.id, name=DIVISION)
    db.session.add(division)
    db.session.flush()
    for place, entry in enumerate(final.entries):
        entry.title = entry.title_key = TITLES[place]
        entry.number, entry.delegation_id = NUMBERS[place], division.id
        entry.organization.name = entry.organization.key = UNITS[place]
        entry.members[0].name = PEOPLE[place]
    final.event.rules = {**final.event.rules, "minimum_score": 0}
    final.judges[1].organization = final.judges[1].organization_key = "昆仑精密厂"
    final.session.state = "waiting"
    db.session.add(Attachment(entry_id=final.entries[0].id, name=f"{TITLES[0]}.pdf", media_type="application/pdf", size=1, sha256="0" * 64,
                              uploaded_by="x", uploaded_at=NOW))  # fmt: skip
    db.session.commit()
    hall.sealed(final)
    with write():
        recusals.refresh(final.contest.id, **ACTOR)
        draws.make(final.session, seed="8246", method="hall", apart=True, reason="", **ACTOR)
        final.session.state = "open"
    return final


def mark(final, *, entries):
    """The last two have the same marks: a tie to decide."""
    for (place, entry), judge in itertools.product(enumerate(final.entries[:entries]), final.judges):
        with write():
            marking.submit(entry.id, final.part.id, judge_id=judge.id, revision=0, marks={"c1": (40 - min(place, 2)) * UNIT, "c2": (40 + judge.position) * UNIT},
                           actor=hall.Actor(f"judge:{judge.id}", judge.name), now=NOW)  # fmt: skip


def rule(final):
    with write():
        rulings.penalize(final.entries[1], points=2 * UNIT, reason="超时", **ACTOR)
        rulings.rule(final.entries[3], kind="absence", reason="三次点名未到", **ACTOR)


def values_of(final) -> dict[str, list]:
    """What the arguments of routes can be in this contest."""
    entries = [final.entries[0].id, final.entries[3].id]
    return {
        "contest_id": [final.contest.id], "event_id": [final.event.id], "session_id": [final.session.id], "part_id": [final.part.id],
        "entry_id": entries, "judge_id": [final.judges[1].id], "sheet_id": list(db.session.scalars(sa.select(Sheet.id).order_by(Sheet.id).limit(3))),
        "layer_id": [hall.layer(final, 2).id], "panel_id": [final.panel.id], "number": list(db.session.scalars(sa.select(Release.number))),
        "item_id": list(db.session.scalars(sa.select(RecheckItem.id).limit(2))), "attachment_id": list(db.session.scalars(sa.select(Attachment.id))),
    }  # fmt: skip


def addresses(app, final) -> dict[str, str]:
    """{address: endpoint} of every page that can be asked for with these arguments."""
    values, found = values_of(final), {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint.endswith("static") or not rule.arguments <= set(values):
                continue
            for given in itertools.product(*(values[name] for name in sorted(rule.arguments))):
                found[rule.build(dict(zip(sorted(rule.arguments), given)))[1]] = rule.endpoint
    event, session = final.event.id, final.session.id
    base = f"/contests/{final.contest.id}"
    with app.test_request_context():
        hidden = masks.mask(final.entries[0].id)
    for rest in (f"/documents/summary?event_id={event}", f"/documents/scoresheets?event_id={event}", f"/documents/blank?session_id={session}",
                 f"/board?session_id={session}", f"/results/entries/{hidden}", f"/sessions/{session}/entries/{hidden}",
                 f"/sessions/{session}/entries/{hidden}/judges/{final.judges[2].id}", f"/board/live?session_id={session}", f"/results/{event}?q={NUMBERS[0]}", f"/entries?q={TITLES[0][:2]}"):  # fmt: skip
        found[base + rest] = app.url_map.bind("").match(base + rest.partition("?")[0])[0]
    return found


def told(text: str) -> set[str]:
    # What the person typed into a search stands in the field again.
    text = re.sub(r'value="[^"]*"', "", text)
    return {word for word in SECRETS if word in text}


def sweep(app, pages, client, role) -> tuple[dict, int]:
    """({address: what it told}, how many pages answered)."""
    leaks, opened = {}, 0
    for address, endpoint in pages.items():
        power = app.view_functions[endpoint].guard
        if (power in POWERS and role not in POWERS[power]) or (role == "organiser" and endpoint.startswith(OWN_WORK)):
            continue
        db.session.rollback()
        with app.app_context():
            answer = client.get(address)
        assert answer.status_code < 500, address
        opened += answer.status_code == 200
        found = told(words_of(answer))
        if found:
            leaks[address] = found
    return leaks, opened


@pytest.mark.sqlite
def test_nobody_is_told_who_a_blind_entry_is(app, final, sign_in):
    mark(final, entries=4)
    rule(final)
    with write():
        assert not isinstance(sampling.begin(final.part, spoken="1", actor=hall.by(final.people.rita), now=NOW), Problem)
    people = final.people
    cast = [("chief", people.carl), ("host", people.hank), ("supervisor", people.sue), ("coder", people.two), ("recorder", people.rita),
            ("judge", final.judges[1]), ("chief", final.judges[0]), ("organiser", people.olga)]  # fmt: skip
    leaks, pages = {}, addresses(app, final)
    for role, person in cast:
        found, opened = sweep(app, pages, sign_in(person)._client, role)
        leaks |= {f"{role} {address}": words for address, words in found.items()}
        assert opened >= {"chief": 25, "supervisor": 25, "organiser": 35}.get(role, 1), (role, opened)
    assert leaks == {}


@pytest.mark.sqlite
def test_addresses_carry_no_number_that_the_list_of_entrants_has_too(final, sign_in):
    mark(final, entries=4)
    olga, base, session = sign_in(final.people.olga), f"/contests/{final.contest.id}", final.session.id
    numbers = {entry.id for entry in final.entries}
    for address in (f"/results/{final.event.id}", f"/awards/{final.event.id}", f"/board?session_id={session}", f"/sessions/{session}"):
        linked = re.findall(r"/entries/([0-9]+|e[0-9a-f]{16})\b", olga.get(base + address).text)
        assert linked and not {int(one) for one in linked if one.isdecimal()} & numbers, address
        assert {masks.unmask(one) for one in linked} <= numbers
    for address in (f"/results/entries/{min(numbers)}", f"/sessions/{session}/entries/{min(numbers)}", "/results/entries/e" + "0" * 16):
        olga.get(base + address, status=404)


@pytest.mark.sqlite
def test_paper_sheets_go_by_codes(final, sign_in):
    mark(final, entries=2)
    rita, judge = sign_in(final.people.rita), final.judges[1].id
    base, session, numbers = f"/contests/{final.contest.id}", final.session.id, {entry.id for entry in final.entries}
    paper = rita.get(f"{base}/paper?session_id={session}&judge={judge}&show=").text
    linked = re.findall(rf"/paper/{session}/{judge}/([0-9]+|e[0-9a-f]{{16}})\b", paper)
    assert linked and {masks.unmask(one) for one in linked} <= numbers
    printed = re.findall(r'paper-code">([^<]+)<', rita.get(f"{base}/paper/{session}/print").text)
    assert printed and {code.split("-", 2)[2] for code in printed} == set(db.session.scalars(sa.select(EntryCode.code).where(EntryCode.layer == 3)))
    assert rita.get(f"{base}/paper/go?code={printed[-1]}", status=302).location.partition("/paper/")[2].rpartition("/")[2].startswith("e")
    rita.get(f"{base}/paper/{session}/{judge}/{min(numbers)}", status=404)


@pytest.mark.sqlite
def test_the_trail_and_the_log_tell_no_name_or_number_beside_a_code(final):
    mark(final, entries=3)
    rule(final)
    judged = ("sheet.", "ruling.", "penalty.", "draw.", "codes.", "recusal.")
    rows = [row for row in db.session.scalars(sa.select(AuditRecord)) if row.action.startswith(judged)]
    assert len(rows) > 8
    assert {row.action: told(str((row.before, row.after, row.reason))) for row in rows if told(str((row.before, row.after, row.reason)))} == {}


@pytest.mark.sqlite
@pytest.mark.parametrize("scene", ["order", "current", "draw", "standings"])
def test_no_screen_tells_who_a_blind_entry_is(final, scene):
    mark(final, entries=4)
    by = {"actor": hall.by(final.people.olga), "now": NOW}
    with write():
        screen = screens.make(final.contest.id, name="主屏", **by)
        assert not isinstance(showings.show_score(final.part.id, final.entries[0].id, **by), Problem)
        standings = showings.show_standings(final.event.id, **by)
        assert not isinstance(standings, Problem)
        data = {"showing": standings.id} if scene == "standings" else {}
        made = screens.direct(screen, scene=scene, data=data, session_id=final.session.id, **by)
        assert not isinstance(made, Problem), made
    shown = str(feed.document(screen.id, NOW))
    codes = set(db.session.scalars(sa.select(EntryCode.code)))
    assert told(shown) == set() and (scene == "current" or [code for code in codes if code in shown])


@pytest.mark.sqlite
def test_names_stand_everywhere_once_all_layers_are_open(app, final, sign_in):
    mark(final, entries=4)
    hall.lock(final)
    hall.open_all(final)
    with write():
        assert opening.reveal(service.coding(final.event), actor=hall.by(final.people.sue), now=NOW) is None
    page = sign_in(final.people.olga).get(f"/contests/{final.contest.id}/results/{final.event.id}").text
    codes = set(db.session.scalars(sa.select(EntryCode.code)))
    assert set(TITLES) <= told(page) and str(NUMBERS[0]) in page and not [code for code in codes if code in page]
    assert TITLES[2] in sign_in(final.people.carl).get(f"/contests/{final.contest.id}/entries").text


@pytest.mark.sqlite
def test_the_running_order_is_drawn_by_codes(final):
    draw = draws.current(final.session.id)
    assert set(draw.result) == set(db.session.scalars(sa.select(EntryCode.code)))
    assert draws.show(draw).is_true
