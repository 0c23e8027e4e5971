"""Nonsense in every field: whatever is typed into a form or an address, the answer is a page that says so, never a fault of the product.

The forms and the arguments are those of the pages themselves, so a new one is tried without being named here.
"""

from contextlib import suppress
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from compete.models import User, db
from compete.setup import UNKEPT
from tests.browser.every_page import ELSEWHERE
from tests.support import Client, tree_of
from tests.test_doors import doors, world  # noqa: F401 (a fixture)

# Too large for a column, and signs that no table keeps (as a browser would send them); too many digits for Python, whatever the database.
NONSENSE = {"sqlite": ("9" * 5000, "9223372036854775809"), "postgresql": ("9223372036854775809", "1-\x00²甲")}
DAYS = ("0000-00-00", "0001-01-01T00:00", "9999-12-31T23:59")
LEAVING = ("accounts.sign_out", "accounts.sign_out_everywhere")
PEOPLE = ("all", "eve", "card of a judge", "card of the chief", "nobody")


@pytest.fixture
def enter(app, world):  # noqa: F811
    world.people["eve"] = User(login="eve", name="Eve", is_admin=True, created_at=world.people["all"].created_at)
    db.session.add(world.people["eve"])
    db.session.commit()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return lambda name: Client(app, world.people[name])._client


def ask(app, client, method: str, address: str, fields=None):
    db.session.rollback()
    with app.app_context():
        sent = {"query_string": fields} if method == "GET" else {"data": urlencode(fields), "content_type": "application/x-www-form-urlencoded"}
        answer = client.open(address, method=method, **sent)
    db.session.expire_all()
    return answer


def value_of(node):
    if node.tag == "select":
        options = node.findall(".//option")
        return next((one.get("value", "") for one in options if one.get("selected") is not None), options[0].get("value", "") if options else "")
    return (node.text or "") if node.tag == "textarea" else node.get("value") or ("on" if node.get("type") in ("checkbox", "radio") else "")


def forms_of(html: str, address: str):
    """(method, address, [(name, value, whether it is a day or a time)]) of each form and of each link with arguments."""
    tree = tree_of(html)
    named = [node for node in tree.iter() if node.tag in ("input", "select", "textarea", "button") and node.get("name") and node.get("type") != "file"]
    for form in tree.iter("form"):
        inside = set(form.iter())
        fields = [(node.get("name"), value_of(node), node.get("type") in ("date", "datetime-local")) for node in named
                  if node in inside or node.get("form", "") == form.get("id")]  # fmt: skip
        yield form.get("method", "get").upper(), urlsplit(form.get("action") or address).path, fields
    for link in tree.iter("a"):
        found = urlsplit(link.get("href") or "")
        if found.query and not found.netloc and not found.path.startswith("/static"):
            yield "GET", found.path or address, [(name, value, False) for name, value in parse_qsl(found.query)]


def collected(app, world, enter) -> dict:  # noqa: F811
    """{(endpoint, name): (who, method, address, fields)}: every field and every argument once, as the first who has it."""
    found, routes = {}, app.url_map.bind("localhost")
    for who in PEOPLE:
        client = enter(who)
        for endpoint, method, address in doors(app, world.here.ids, only=lambda rule: not rule.endpoint.endswith("static")):
            answer = ask(app, client, "GET", address) if method == "GET" and endpoint not in ELSEWHERE else None
            if answer is None or answer.mimetype != "text/html" or answer.status_code != 200:
                continue
            for sends, path, fields in forms_of(answer.get_data(as_text=True), address):
                with suppress(HTTPException, RequestRedirect):
                    target = routes.match(path, method=sends)[0]
                    for name, *_ in fields if target not in LEAVING else ():
                        if name != "csrf_token":
                            found.setdefault((target, name), (who, sends, path, fields))
    return found


def test_no_nonsense_in_a_field_or_an_argument_is_a_fault(app, world, enter, backend):  # noqa: F811
    wrong, clients, tried = [], {}, collected(app, world, enter)
    assert len(tried) > 250
    for (endpoint, asked), (who, method, path, fields) in tried.items():
        is_day = any(name == asked and day for name, _, day in fields)
        for nonsense in (*NONSENSE[backend], *(DAYS if is_day else ())):
            if who not in clients:
                clients[who] = enter(who)
            answer = ask(app, clients[who], method, path, [(name, nonsense if name == asked else value) for name, value, _ in fields])
            if "/sign-in" in answer.headers.get("Location", ""):
                del clients[who]  # a card was replaced on the way
            if answer.status_code >= 500 or (answer.status_code == 400 and not any(word in answer.get_data(as_text=True) for word in (UNKEPT[0], "填写有误"))):
                wrong.append((endpoint, asked, nonsense[:20], answer.status_code))
    assert wrong == []


def test_the_refusal_says_what_is_wrong_and_nothing_is_kept(app, world, enter):  # noqa: F811
    contest, entry, client = world.here.contest, world.here.ids["entry_id"], enter("all")
    panel = {"name": "新组", "seats-0-judge_id": "9" * 5000, "seats-0-place": "1"}
    for path, fields, said in (("panels/new", panel, UNKEPT[1]), ("entries?event_id=" + "9" * 25, None, UNKEPT[1]),
                               (f"entries/{entry}/state/withdraw", {"reason": "长" * 301}, "理由：")):  # fmt: skip
        answer = ask(app, client, "POST" if fields else "GET", f"/contests/{contest}/{path}", fields)
        assert (answer.status_code, said in answer.get_data(as_text=True)) == (400, True), path
    page = ask(app, client, "POST", f"/contests/{contest}/sessions/{world.here.ids['session_id']}/edit", {"name": "场", "starts_at": "9999-12-31T23:59"})
    assert "年份应在 2000 到 2099 之间" in page.get_data(as_text=True)
