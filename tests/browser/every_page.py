"""Every page that a GET opens, found from the application's own routes and read by axe-core in light and in dark.

A new page is read without being named here; one that cannot be opened so stands in ELSEWHERE with the reason. Two files of
tests read one half each, so that two browsers share the work.
"""

from playwright.sync_api import Error

from tests.browser.house import RULES, objections

ELSEWHERE = {
    "entries.attachment": "a file of an entrant as it was sent",
    "entries.import_show": "needs a workbook that was uploaded; its preview is driven in tests/browser/test_console.py",
    "phone_vote.ticket": "leads to the ballot, which is read as phone_vote.page",
    "judging.draw_protocol": "of a draw, which this contest did not make",
}
# No pages: modules, documents to download, data that a page asks for.
FILES = {"static", "bootstrap.static", "marking.module", "marking.worker", "screen.module", "contests.event_file", "entries.template",
         "documents.honours", "documents.summary", "documents.scoresheets", "documents.blank", "judging.board_live"}  # fmt: skip
CHIEF = ("review.", "late.")  # pages of the chief judge
BLIND = ("blind.",)  # pages of the coded contest
# axe again in dark: what changes there is colour.
DARK = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


def pages(app, house) -> dict[str, str]:
    """{endpoint: address} of every page."""
    numbers = house.numbers
    names = {"contest_id": house.contest, "number": 1, "roster": "entries", "part": "awards"}
    names |= {f"{name}_id": numbers[name] for name in ("entry", "event", "session", "judge", "payee", "award", "screen", "poll", "part", "sheet", "panel", "item")}
    blind = {"contest_id": numbers["blind"], "event_id": numbers["blind_event"], "layer_id": numbers["layer"]}
    keys = {"screen": numbers["screen_key"], "phone_vote": numbers["vote"]}
    asked = dict.fromkeys(("live.console_order", "live.console_state"), f"?session={numbers['session']}")
    found = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint in ELSEWHERE or rule.endpoint in FILES:
                continue
            slice_name = rule.endpoint.partition(".")[0]
            given = {**names, **(blind if rule.endpoint.startswith(BLIND) else {}), "key": keys.get(slice_name, "")}
            given["token"] = numbers["link"] if slice_name == "accounts" else numbers["token"]
            assert rule.arguments <= given.keys(), f"{rule.endpoint}: what is {rule.arguments - given.keys()}? Give it here, or a reason in ELSEWHERE"
            found[rule.endpoint] = rule.build({name: given[name] for name in rule.arguments})[1] + asked.get(rule.endpoint, "")
    return found


def visitor(endpoint: str) -> str | None:
    if endpoint.startswith(CHIEF) or endpoint == "marking.chief":
        return "chief"
    if endpoint.startswith("marking"):
        return "judge" if endpoint != "marking.card" else None
    other = {"accounts.people": "eve", "accounts.claim": None, "accounts.sign_in": None, "blind.plan": "frank"}
    return other[endpoint] if endpoint in other else "keeper" if endpoint.startswith(BLIND) else "frank"


def objected(app, house, *, half: int) -> list[tuple]:
    """What axe-core objects to on every second page (`half` 0 or 1), and pages that do not open."""
    found, opened = [], {}
    addresses = sorted(pages(app, house).items())
    assert len(addresses) > 80
    for endpoint, address in addresses[half::2]:
        who = visitor(endpoint)
        page = opened.get(who) or opened.setdefault(who, house.visit(who))
        try:
            answer = page.goto(address)
        except Error as reason:
            assert "Download is starting" in str(reason), address
            continue
        if "text/html" not in answer.headers.get("content-type", ""):
            continue  # data or a document
        if answer.status != 200:
            found.append((endpoint, address, who, answer.status))
            continue
        page.wait_for_selector("h1", state="attached")  # the tablet's page is drawn by its modules
        for scheme, rules in (("light", RULES), ("dark", DARK)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour on its way from light to dark
            for row in objections(page, rules):
                found += [(endpoint, scheme, row["id"], node["html"][:160], node.get("failureSummary", "")[-160:]) for node in row["nodes"][:3]]
        page.emulate_media(color_scheme="light")
    return found
